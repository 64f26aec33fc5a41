"""An alarm's life: raised, told, answered by the right person only, reminded, returned, closed; a fold of events."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarm import Alarm, Answer, Condition, acknowledge, close, fold, observe, remind
from domain.contract import AlertKind, Field, Severity
from domain.errors import AlarmError
from domain.event import Event, canonical
from domain.finding import Finding, Standing
from domain.notice import Priority, disclosed, owed
from tests.fakes.pledge import NOW, ROSTER, contract

M = timedelta(minutes=1)


def finding(
    severity: Severity = Severity.ORANGE, kind: AlertKind = AlertKind.VALUE_BELOW_LINE, **facts: str
) -> Finding:
    return Finding(
        rule="value_line/1",
        contract_id="C-1",
        kind=kind,
        subject="T-1" if kind is AlertKind.QTY_DROP else "pool",
        severity=severity,
        standing=Standing.BREACH,
        data_at=NOW,
        facts=dict(facts),
    )


def step(alarm: Alarm | None, found: Finding | None, now=NOW) -> tuple[Alarm, list[Event]]:
    events = observe(alarm, found, contract(), number="AL-20260312-01", recovery={"cause": "price"}, now=now)
    return (fold(alarm, events) if events or alarm is None else alarm), events


def raised(kind: AlertKind = AlertKind.VALUE_BELOW_LINE) -> Alarm:
    return step(None, finding(kind=kind))[0]


def test_a_breach_raises_one_alarm_with_the_obliged_people() -> None:
    alarm = raised()
    assert (alarm.id, alarm.severity, alarm.condition) == ("AL-20260312-01", Severity.ORANGE, Condition.ACTIVE)
    assert [p.person for p in alarm.waiting()] == ["zhao", "li"]
    assert alarm.parties[1].ack_due == NOW + 10 * M


def test_the_same_breach_again_is_no_news() -> None:
    assert step(raised(), finding(gap="other"))[1] == []


def test_a_worse_line_is_told_again_and_old_answers_do_not_count() -> None:
    alarm = fold(raised(), acknowledge(raised(), "zhao", Answer.ACK, ROSTER, via="press", now=NOW))
    worse, events = step(alarm, finding(Severity.RED))
    assert [e.kind for e in events] == ["alarm.changed"]
    assert {p.person for p in worse.waiting()} == {"zhao", "li"}
    assert (worse.told, worse.told_as) == (worse.revision, "changed")


def test_an_eased_alarm_keeps_the_answers_given_to_the_worse_one() -> None:
    alarm = fold(raised(), acknowledge(raised(), "zhao", Answer.ACK, ROSTER, via="press", now=NOW))
    eased, _ = step(alarm, finding(Severity.YELLOW))
    assert [p.person for p in eased.waiting()] == ["li"]


def test_data_that_cannot_tell_neither_raises_nor_returns() -> None:
    unknown = Finding(**{**{f: getattr(finding(), f) for f in Finding.__slots__}, "standing": Standing.UNKNOWN})
    assert observe(None, unknown, contract(), number="x", recovery={}, now=NOW) == []
    assert observe(raised(), unknown, contract(), number="x", recovery={}, now=NOW) == []


def test_only_the_obliged_or_their_deputies_may_answer() -> None:
    with pytest.raises(AlarmError, match="not obliged"):
        acknowledge(raised(), "chen", Answer.ACK, ROSTER, via="press", now=NOW)
    events = acknowledge(raised(), "qian", Answer.ARRANGED, ROSTER, via="reply", now=NOW)
    answered = next(p for p in fold(raised(), events).parties if p.person == "li")
    assert (answered.answer, answered.answered_by) == (Answer.ARRANGED, "qian")


def test_a_second_tap_changes_nothing() -> None:
    alarm = fold(raised(), acknowledge(raised(), "zhao", Answer.ACK, ROSTER, via="press", now=NOW))
    assert acknowledge(alarm, "zhao", Answer.ACK, ROSTER, via="press", now=NOW + M) == []


def test_an_answered_alarm_closes_when_it_returns() -> None:
    alarm = raised()
    for person in ("zhao", "li"):
        alarm = fold(alarm, acknowledge(alarm, person, Answer.ACK, ROSTER, via="press", now=NOW))
    alarm, events = step(alarm, None, NOW + M)
    assert [e.kind for e in events] == ["alarm.returned", "alarm.closed"]
    assert not alarm.open


def test_a_returned_alarm_stays_open_until_everybody_has_answered() -> None:
    alarm, events = step(raised(), None, NOW + M)
    assert [e.kind for e in events] == ["alarm.returned"]
    alarm = fold(alarm, acknowledge(alarm, "zhao", Answer.ACK, ROSTER, via="press", now=NOW + 2 * M))
    assert alarm.open
    events = acknowledge(alarm, "li", Answer.ACK, ROSTER, via="press", now=NOW + 3 * M)
    assert [e.kind for e in events] == ["alarm.acknowledged", "alarm.closed"]


def test_a_breach_of_a_returned_alarm_renews_it_under_its_number() -> None:
    alarm, _ = step(raised(), None, NOW + M)
    alarm, events = step(alarm, finding(), NOW + 2 * M)
    assert [e.kind for e in events] == ["alarm.renewed"]
    assert (alarm.id, alarm.occurrence, alarm.condition) == ("AL-20260312-01", 2, Condition.ACTIVE)


def test_a_movement_case_waits_for_a_person_to_close_it() -> None:
    alarm = raised(AlertKind.QTY_DROP)
    alarm = fold(alarm, acknowledge(alarm, "li", Answer.ACK, ROSTER, via="press", now=NOW))
    alarm, events = step(alarm, None, NOW + M)
    assert [e.kind for e in events] == ["alarm.returned"]
    alarm = fold(alarm, close(alarm, "chen", "found", now=NOW + 2 * M))
    assert not alarm.open
    assert close(alarm, "chen", "found", now=NOW + 3 * M) == []


def test_a_reminder_comes_when_the_time_has_passed_and_then_in_the_severitys_pace() -> None:
    alarm = raised()
    assert remind(alarm, now=NOW + 9 * M) == []
    first = remind(alarm, now=NOW + 10 * M)
    assert first[0].body["persons"] == ["li"]
    alarm = fold(alarm, first)
    assert remind(alarm, now=NOW + 39 * M) == []
    second = remind(alarm, now=NOW + 40 * M)
    assert (second[0].body["persons"], second[0].body["n"]) == (["zhao", "li"], 2)
    assert second[0].body["escalated_to"] == ["wang"]


def test_no_reminder_after_the_answers() -> None:
    alarm = raised()
    for person in ("zhao", "li"):
        alarm = fold(alarm, acknowledge(alarm, person, Answer.DISPUTE, ROSTER, via="press", now=NOW))
    assert remind(alarm, now=NOW + 600 * M) == []


def test_each_chat_is_told_with_its_own_mentions() -> None:
    alarm, events = step(None, finding())
    notices = owed(events[0], alarm, contract(), ROSTER)
    assert {n.chat: n.mentions for n in notices} == {"jia-bank": ("chen",), "pool": ("zhao", "li")}
    assert {n.priority for n in notices} == {Priority.BREACH}
    assert len({n.key for n in notices}) == 2


def test_a_group_sees_what_every_member_may_see() -> None:
    assert disclosed(contract(), ROSTER.chats["jia-bank"], ROSTER) == frozenset(Field)
    assert disclosed(contract(), ROSTER.chats["pool"], ROSTER) == {Field.VALUE, Field.QUANTITY, Field.LINE}


def test_nobody_is_mentioned_when_an_alarm_was_answered_or_closed() -> None:
    alarm = raised()
    events = acknowledge(alarm, "zhao", Answer.ACK, ROSTER, via="press", now=NOW)
    assert all(n.mentions == () for n in owed(events[0], fold(alarm, events), contract(), ROSTER))


ACTIONS = ["breach", "red", "yellow", "clear", "zhao", "li", "qian", "chen", "remind", "close"]


@given(
    kind=st.sampled_from([AlertKind.VALUE_BELOW_LINE, AlertKind.QTY_DROP]),
    script=st.lists(st.sampled_from(ACTIONS), max_size=30),
)
def test_any_life_folds_and_keeps_its_promises(kind: AlertKind, script: list[str]) -> None:
    alarm: Alarm | None = None
    log: list[Event] = []
    now = NOW
    for action in script:
        now += 7 * M
        events = _act(alarm, action, kind, now)
        was = alarm
        if events:
            log += events
            alarm = fold(alarm, events)
        if alarm is None:
            continue
        assert fold(None, log) == alarm
        assert [e.body["revision"] for e in log] == list(range(1, len(log) + 1))
        assert all(canonical(e.body) for e in log)
        if not alarm.open and kind is AlertKind.VALUE_BELOW_LINE and log[-1].actor == "system":
            assert alarm.condition is Condition.RETURNED
            assert not alarm.waiting()
        if not alarm.open:
            if was is not None and was.open and kind is AlertKind.QTY_DROP:
                assert log[-1].actor == "chen"
            alarm, log = None, []


def _act(alarm: Alarm | None, action: str, kind: AlertKind, now) -> list[Event]:
    severity = {"breach": Severity.ORANGE, "red": Severity.RED, "yellow": Severity.YELLOW}.get(action)
    if severity is not None or action == "clear":
        found = finding(severity, kind) if severity is not None else None
        return observe(alarm, found, contract(), number="AL-1", recovery={}, now=now)
    if alarm is None:
        return []
    if action == "remind":
        return remind(alarm, now=now)
    if action == "close":
        return close(alarm, "chen", "x", now=now)
    try:
        return acknowledge(alarm, action, Answer.ACK, ROSTER, via="press", now=now)
    except AlarmError:
        return []
