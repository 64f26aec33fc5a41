"""The mask of an alarm: for a while, by somebody, for a reason; only over a yellow one, and never over what is new."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.alarm import LONGEST_SHELF, REMIND_S, Alarm, escalate, fold, observe, remind, shelve, unshelve
from domain.contract import Severity
from domain.errors import AlarmError
from domain.finding import Finding, Standing
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, NOW

HOUR = timedelta(hours=1)


def yellow() -> Alarm:
    """An alarm that waits for three people."""
    return replace(alarms.value_below_line().alarm, severity=Severity.YELLOW)


def shelved(alarm: Alarm, hours: float = 2) -> Alarm:
    return fold(alarm, shelve(alarm, "wang", until=NOW + hours * HOUR, why="在核实", now=NOW))


def test_it_says_until_when_by_whom_and_why() -> None:
    shelf = shelved(yellow()).shelf
    assert shelf is not None
    assert (shelf.until, shelf.by, shelf.why) == (NOW + 2 * HOUR, "wang", "在核实")


@pytest.mark.parametrize("until", [NOW, NOW - HOUR, NOW + LONGEST_SHELF + timedelta(seconds=1)])
def test_it_lies_ahead_and_within_its_limit(until: datetime) -> None:
    with pytest.raises(AlarmError):
        shelve(yellow(), "wang", until=until, why="", now=NOW)


def test_a_graver_or_closed_alarm_gets_none_and_a_shorter_one_changes_nothing() -> None:
    graver = [replace(yellow(), severity=s) for s in (Severity.ORANGE, Severity.RED)]
    for alarm in (*graver, replace(yellow(), closed_at=NOW), shelved(yellow(), 3)):
        assert shelve(alarm, "wang", until=NOW + HOUR, why="", now=NOW) == []


def test_only_the_first_reminder_comes_through_because_it_escalates() -> None:
    alarm, late = shelved(yellow(), 4), NOW + HOUR
    first = remind(alarm, now=late)
    assert first[0].body["escalated_to"]
    after = fold(alarm, first)
    again = late + timedelta(seconds=REMIND_S[Severity.YELLOW])
    assert remind(after, now=again) == []
    assert remind(replace(after, shelf=None), now=again) != [], "it would have come without the shelf"


def test_it_ends_by_itself_once() -> None:
    alarm = shelved(yellow())
    assert unshelve(alarm, now=NOW + 2 * HOUR - timedelta(seconds=1)) == []
    events = unshelve(alarm, now=NOW + 2 * HOUR)
    assert [e.kind for e in events] == ["alarm.unshelved"]
    assert unshelve(fold(alarm, events), now=NOW + 3 * HOUR) == []


@pytest.mark.parametrize(("severity", "stays"), [(Severity.RED, False), (Severity.YELLOW, True)])
def test_it_does_not_outlast_a_worse_breach_but_an_easier_one(severity: Severity, stays: bool) -> None:
    alarm = shelved(yellow())
    found = Finding(
        rule=alarm.rule, contract_id=alarm.contract_id, kind=alarm.kind, subject=alarm.subject, severity=severity,
        standing=Standing.BREACH, data_at=NOW, facts=alarm.facts,
    )  # fmt: skip
    after = fold(alarm, observe(alarm, found, CONTRACT, number=alarm.id, recovery={}, now=NOW + HOUR))
    assert after.severity is severity
    assert (after.shelf is not None) is stays


def test_those_above_are_asked_at_once_and_nobody_where_the_contract_names_none() -> None:
    alarm = yellow()
    (event,) = escalate(alarm, "chen", now=NOW)
    assert (event.actor, event.body["escalated_to"]) == ("chen", ["wang", "zhou", "lin"])
    assert fold(alarm, [event]).reminders == 1
    alone = replace(alarm, parties=tuple(replace(p, escalate_to=()) for p in alarm.parties))
    assert escalate(alone, "chen", now=NOW) == []
