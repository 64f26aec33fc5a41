"""What is owed goes out once, in order of urgency; what is uncertain follows the stated policy and is counted."""

from datetime import timedelta

import pytest

from domain.delivery import DeliveryState, Timing
from domain.errors import StoreError
from domain.notice import Priority
from store.debts import Outcome
from store.ledger import Ledger
from tests.fakes.memory_stage import NOW, owing

LATER = NOW + timedelta(seconds=30)


@pytest.fixture
def ledger():
    opened = Ledger.open(":memory:")
    yield opened
    opened.close()


def owe(ledger, *debts):
    ledger.commit(events=[], debts=debts, now=NOW)


def under_way(ledger, *debts):
    owe(ledger, *debts)
    ledger.lease([d.key for d in debts], LATER)


def outcomes(ledger, key):
    return [(a.attempt, a.outcome) for a in ledger.attempts(key)]


def test_the_urgent_goes_first_then_the_old(ledger):
    owe(ledger, owing("answer", priority=Priority.ANSWER), owing("lift", priority=Priority.LIFT))
    owe(ledger, owing("breach-1"), owing("breach-2"))
    assert [o.debt.key for o in ledger.due(NOW, 3)] == ["breach-1", "breach-2", "lift"]


def test_what_is_under_way_is_not_due_and_cannot_be_leased_twice(ledger):
    owe(ledger, owing("a"), owing("b"))
    assert ledger.lease(["a"], LATER) == ["a"]
    assert [o.debt.key for o in ledger.due(NOW, 10)] == ["b"]
    assert ledger.lease(["b", "a"], LATER) == ["b"]
    assert [o.state for o in ledger.open_debts()] == [DeliveryState.LEASED, DeliveryState.LEASED]


def test_a_sent_message_keeps_its_reference_and_its_times(ledger):
    timing = Timing(taken_at=NOW - timedelta(seconds=9), received_at=NOW - timedelta(seconds=8), judged_at=NOW)
    under_way(ledger, owing("a", timing=timing))
    ledger.sent("a", "tg:77", LATER)
    done = ledger.debt("a")
    assert (done.state, done.ref, done.sent_at, done.attempts) == (DeliveryState.SENT, "tg:77", LATER, 1)
    assert done.debt == owing("a", timing=timing)
    assert ledger.ref_of("a") == "tg:77"
    assert outcomes(ledger, "a") == [(1, Outcome.SENT)]


def test_a_throttled_message_comes_back_when_its_time_has_come(ledger):
    under_way(ledger, owing("a"))
    ledger.postponed("a", LATER, "throttled 30 s", NOW)
    assert ledger.due(NOW, 10) == []
    (again,) = ledger.due(LATER, 10)
    assert (again.attempts, again.resend, again.why) == (1, False, "throttled 30 s")


def test_a_rejected_message_is_never_tried_again(ledger):
    under_way(ledger, owing("a"))
    ledger.rejected("a", "bot was kicked", LATER)
    assert ledger.due(LATER, 10) == []
    assert (ledger.debt("a").state, ledger.debt("a").why) == (DeliveryState.REJECTED, "bot was kicked")


@pytest.mark.parametrize("priority", [Priority.BREACH, Priority.ESCALATION, Priority.LIFT])
def test_an_uncertain_duty_goes_out_once_more_marked_and_then_never(ledger, priority):
    under_way(ledger, owing("a", priority=priority))
    assert ledger.unknown("a", "read time-out", NOW) is DeliveryState.PLANNED
    (again,) = ledger.due(NOW, 10)
    assert again.resend
    ledger.lease(["a"], LATER)
    assert ledger.unknown("a", "read time-out", NOW) is DeliveryState.UNKNOWN
    assert ledger.open_debts() == []
    assert outcomes(ledger, "a") == [(1, Outcome.UNKNOWN), (2, Outcome.UNKNOWN)]


@pytest.mark.parametrize("priority", [Priority.TASK, Priority.ANSWER, Priority.REPORT])
def test_an_uncertain_courtesy_is_closed(ledger, priority):
    under_way(ledger, owing("a", priority=priority))
    assert ledger.unknown("a", "read time-out", NOW) is DeliveryState.UNKNOWN
    assert ledger.due(LATER, 10) == []


def test_the_mark_of_a_resend_survives_a_throttle(ledger):
    under_way(ledger, owing("a"))
    ledger.unknown("a", "read time-out", NOW)
    ledger.lease(["a"], LATER)
    ledger.postponed("a", LATER, "throttled", NOW)
    assert ledger.due(LATER, 10)[0].resend


def test_a_restart_treats_what_was_under_way_as_unknown(ledger):
    under_way(ledger, owing("duty"), owing("answer", priority=Priority.ANSWER))
    owe(ledger, owing("waiting"))
    recovered = {o.debt.key: (o.state, o.resend) for o in ledger.recover(LATER)}
    assert recovered == {"duty": (DeliveryState.PLANNED, True), "answer": (DeliveryState.UNKNOWN, False)}
    assert [o.debt.key for o in ledger.due(LATER, 10)] == ["duty", "waiting"]
    assert ledger.recover(LATER) == []


def test_a_duty_that_crashes_cut_short_twice_goes_out_again_marked(ledger):
    owe(ledger, owing("duty"))
    for _ in range(3):
        assert ledger.lease(["duty"], LATER) == ["duty"]
        [owed] = ledger.recover(LATER)
        assert (owed.state, owed.resend) == (DeliveryState.PLANNED, True)
    ledger.lease(["duty"], LATER)
    ledger.sent("duty", "tg:9", LATER)
    assert ledger.open_debts() == []


def test_only_what_is_under_way_can_be_settled(ledger):
    owe(ledger, owing("a"))
    with pytest.raises(StoreError, match="'a' is planned, leased is needed"):
        ledger.sent("a", "tg:1", NOW)
    with pytest.raises(StoreError, match="'b' was never owed"):
        ledger.rejected("b", "why", NOW)
    assert ledger.debt("a").state is DeliveryState.PLANNED
    assert ledger.attempts() == []


def test_what_nobody_wants_any_more_is_dropped_with_the_reason(ledger):
    owe(ledger, owing("a"))
    ledger.dropped("a", "coalesced", NOW)
    assert (ledger.debt("a").state, ledger.debt("a").why) == (DeliveryState.DROPPED, "coalesced")
    assert outcomes(ledger, "a") == [(0, Outcome.DROPPED)]
    with pytest.raises(StoreError, match="'a' is dropped"):
        ledger.dropped("a", "again", NOW)


def test_a_thread_hangs_on_the_first_message_that_arrived_in_that_chat(ledger):
    under_way(ledger, owing("lost"), owing("first"), owing("second"), owing("elsewhere", chat="bank"))
    ledger.rejected("lost", "no", NOW)
    ledger.sent("second", "tg:2", NOW)
    ledger.sent("first", "tg:1", LATER)
    assert ledger.message_ref("bank_a", "AL-1", "project") == "tg:1"
    assert ledger.message_ref("bank_a", "AL-1", "bank") is None
    assert ledger.message_ref("bank_b", "AL-1", "project") is None


def test_a_reply_finds_its_alarm_in_its_own_chat_only(ledger):
    under_way(ledger, owing("a", thread="AL-7"), owing("b", thread=None))
    ledger.sent("a", "tg:1", NOW)
    ledger.sent("b", "tg:2", NOW)
    assert ledger.thread_of("project", "tg:1") == "AL-7"
    assert ledger.thread_of("project", "tg:2") is None
    assert ledger.thread_of("bank", "tg:1") is None


def test_every_state_is_counted(ledger):
    under_way(ledger, owing("a"), owing("b"))
    ledger.sent("a", "tg:1", NOW)
    assert ledger.counts() == {
        **dict.fromkeys(DeliveryState, 0),
        DeliveryState.SENT: 1,
        DeliveryState.LEASED: 1,
    }


def test_the_stages_of_the_minute_are_kept_for_what_was_sent_since(ledger):
    timing = Timing(taken_at=NOW - timedelta(seconds=5), received_at=NOW - timedelta(seconds=4), judged_at=NOW)
    under_way(ledger, owing("a", timing=timing), owing("b"), owing("c"))
    ledger.sent("a", "tg:1", LATER)
    ledger.sent("b", "tg:2", NOW)
    (stages,) = ledger.latencies(since=LATER)
    assert (stages.key, stages.taken_at, stages.received_at) == ("a", timing.taken_at, timing.received_at)
    assert (stages.judged_at, stages.committed_at, stages.sent_at) == (NOW, NOW, LATER)
    assert [s.key for s in ledger.latencies(since=NOW)] == ["b", "a"]
