"""A cure period that passes with the breach still standing is told once, to the lender, with whom it asks to decide."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.words import Words
from datasources.calendars import published
from domain.alarm import Alarm, Answer, Condition, acknowledge, fold, lapse, observe
from domain.contract import AlertKind, Contract, CureTerm, Severity
from domain.event import parse_stamp
from domain.notice import owed
from rules import value_line
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, NOW, ROSTER, Labels, only
from tests.data.words.snapshots import assert_snapshot

WORDS = Words(Labels())
TERMS: Contract = replace(
    CONTRACT,
    calendar=published(),
    cure={
        Severity.YELLOW: CureTerm(working_days=3, at=time(17, 0)),
        Severity.ORANGE: CureTerm(working_days=1, at=time(12, 0)),
    },
)


def raised(terms: Contract = TERMS) -> Alarm:
    """Below the control line on 12 March 2026, 14:32; due on the 13th at 12:00."""
    findings, _ = value_line.judge(replace(alarms.value_scene(), contract=terms), value_line.Memory())
    finding = only(findings, AlertKind.VALUE_BELOW_LINE)
    return fold(None, observe(None, finding, terms, number="AL-20260312-07", recovery={}, now=NOW))


def due(alarm: Alarm) -> datetime:
    return parse_stamp(alarm.facts["cure"]["by"])


def test_it_lapses_at_its_end_and_once() -> None:
    alarm = raised()
    assert lapse(alarm, now=due(alarm) - timedelta(seconds=1)) == []
    (event,) = lapse(alarm, now=due(alarm))
    assert (event.kind, event.body["persons"]) == ("alarm.lapsed", ["zhao"])
    after = fold(alarm, [event])
    assert (after.lapsed, after.revision, after.told) == (due(alarm), 2, 1)
    assert lapse(after, now=due(alarm) + timedelta(days=9)) == []


def test_without_a_deadline_or_once_the_value_is_back_nothing_lapses() -> None:
    plain = raised(CONTRACT)
    assert lapse(plain, now=NOW + timedelta(days=99)) == []
    back = replace(raised(), condition=Condition.RETURNED)
    assert lapse(back, now=NOW + timedelta(days=99)) == []


def test_a_promise_is_no_top_up() -> None:
    alarm = raised()
    said = acknowledge(alarm, "zhao", Answer.ARRANGED, ROSTER, via="press", now=NOW)
    assert len(lapse(fold(alarm, said), now=due(alarm))) == 1


def test_only_the_lender_reads_it() -> None:
    alarm = raised()
    (event,) = lapse(alarm, now=due(alarm))
    (notice,) = owed(event, fold(alarm, [event]), TERMS, ROSTER)
    assert (notice.chat, notice.mentions) == ("bank", ("wang", "chen"))
    message = WORDS.notice(notice, fold(alarm, [event]), TERMS, ROSTER, now=event.occurred_at)
    assert_snapshot("lapsed.bank", message)
