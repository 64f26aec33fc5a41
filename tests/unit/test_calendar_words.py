"""The deadline as people read it: borrower and bank alike, in the alert and in its reminder; nobody else."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.wording.figures import mdahm
from bot.words import Words
from datasources.calendars import published
from domain.alarm import Alarm, fold, observe, remind
from domain.calendar import WorkingCalendar
from domain.contract import AlertKind, Contract, CureTerm, Severity
from domain.event import Event
from domain.notice import owed
from rules import value_line
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, NOW, ROSTER, Labels, only

WORDS = Words(Labels())
TERMS = {
    Severity.YELLOW: CureTerm(working_days=3, at=time(17, 0)),
    Severity.ORANGE: CureTerm(working_days=1, at=time(12, 0)),
}
SHORT = WorkingCalendar(first=date(2026, 1, 1), last=date(2026, 3, 12), holidays=frozenset(), workdays=frozenset())


def told(terms: Contract) -> tuple[Alarm, list[Event]]:
    """The alert of 12 March 2026, 14:32: below the control line."""
    findings, _ = value_line.judge(replace(alarms.value_scene(), contract=terms), value_line.Memory())
    finding = only(findings, AlertKind.VALUE_BELOW_LINE)
    events = observe(None, finding, terms, number="AL-20260312-07", recovery={}, now=NOW)
    return fold(None, events), events


def texts(event: Event, alarm: Alarm, terms: Contract) -> dict[str, str]:
    notices = owed(event, alarm, terms, ROSTER)
    return {n.chat: WORDS.notice(n, alarm, terms, ROSTER, now=event.occurred_at).text for n in notices}


def with_cure(calendar: WorkingCalendar) -> Contract:
    return replace(CONTRACT, calendar=calendar, cure=TERMS)


def test_borrower_and_bank_read_the_deadline() -> None:
    terms = with_cure(published())
    alarm, events = told(terms)
    read = texts(events[0], alarm, terms)
    assert set(read) == {"bank", "group"}
    assert all("\n请于 3月13日(周五)12:00 前补足。\n" in text for text in read.values())


def test_without_cure_the_words_are_those_of_before() -> None:
    alarm, events = told(CONTRACT)
    stated = with_cure(published())
    later, again = told(stated)
    plain, dated = texts(events[0], alarm, CONTRACT), texts(again[0], later, stated)
    assert {chat: text.replace("请于 3月13日(周五)12:00 前补足。\n", "") for chat, text in dated.items()} == plain


def test_a_deadline_beyond_the_published_calendar_says_so() -> None:
    terms = with_cure(SHORT)
    alarm, events = told(terms)
    sentence = "请于 3月13日(周五)12:00 前补足(按周末推算,节假日安排未公布)。"
    assert all(sentence in text for text in texts(events[0], alarm, terms).values())


@pytest.mark.parametrize(
    ("hours", "sentence"), [(1, "请于 3月13日(周五)12:00 前补足。"), (24, "补足期限 3月13日(周五)12:00 已过。")]
)
def test_a_reminder_says_the_same_deadline(hours: int, sentence: str) -> None:
    terms = with_cure(published())
    alarm, _ = told(terms)
    reminder = remind(alarm, now=NOW + timedelta(hours=hours))
    read = texts(reminder[0], fold(alarm, reminder), terms)
    assert read
    assert all(sentence in text for text in read.values())


def test_who_need_not_top_up_is_given_no_deadline() -> None:
    """The same alert in a group in which only the depot is obliged."""
    duties = tuple(replace(r, duties=tuple(d for d in r.duties if d.act != "top_up")) for r in CONTRACT.duties)
    terms = replace(with_cure(published()), duties=duties)
    alarm, events = told(terms)
    read = texts(events[0], alarm, terms)
    assert "补足。" in read["bank"]
    assert "补足。" not in read["group"]


def test_a_deadline_is_written_with_its_weekday() -> None:
    """Message M6."""
    assert mdahm("2026-03-16T09:00:00Z") == "3月16日(周一)17:00"
    assert mdahm(None) == "未知"
