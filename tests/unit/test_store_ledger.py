"""One commit is one transaction: events, debts and marks together, once."""

from datetime import timedelta

import pytest

from domain.delivery import DeliveryState
from domain.errors import StoreError, StoreLocked
from domain.event import Event
from store.ledger import Ledger
from tests.fakes.memory_stage import NOW, happened, owing


@pytest.fixture
def ledger():
    opened = Ledger.open(":memory:")
    yield opened
    opened.close()


def numbers(recorded):
    return [r.event.body["n"] for r in recorded]


def test_events_and_debts_are_there_together(ledger):
    done = ledger.commit(events=[happened(1)], debts=[owing("a"), owing("b")], now=NOW)
    assert (done.new_debts, done.repeated) == (["a", "b"], False)
    assert [o.debt for o in ledger.due(NOW, 10)] == [owing("a"), owing("b")]


def test_a_debt_owed_again_is_owed_once(ledger):
    ledger.commit(events=[], debts=[owing("a")], now=NOW)
    done = ledger.commit(events=[happened(1)], debts=[owing("b"), owing("a"), owing("b")], now=NOW)
    assert done.new_debts == ["b"]
    assert [o.debt.key for o in ledger.open_debts()] == ["a", "b"]


def test_a_debt_that_was_sent_is_not_owed_again(ledger):
    ledger.commit(events=[], debts=[owing("a")], now=NOW)
    ledger.lease(["a"], NOW)
    ledger.sent("a", "tg:1", NOW)
    assert ledger.commit(events=[], debts=[owing("a")], now=NOW).new_debts == []
    assert ledger.due(NOW, 10) == []


def test_a_platform_event_handled_before_changes_nothing(ledger):
    ledger.commit(events=[happened(1)], debts=[owing("a")], seen=[("telegram", "7")], now=NOW)
    again = ledger.commit(events=[happened(2)], debts=[owing("b")], seen=[("telegram", "7")], dropped=["a"], now=NOW)
    assert (again.repeated, again.recorded, again.new_debts) == (True, [], [])
    assert numbers(ledger.events()) == [1]
    assert ledger.debt("a").state is DeliveryState.PLANNED


def test_one_known_mark_among_new_ones_makes_the_whole_commit_a_repeat(ledger):
    ledger.commit(events=[], seen=[("telegram", "7")], now=NOW)
    assert ledger.commit(events=[happened(1)], seen=[("telegram", "8"), ("telegram", "7")], now=NOW).repeated
    assert not ledger.commit(events=[happened(1)], seen=[("telegram", "8")], now=NOW).repeated


def test_the_same_event_id_on_another_platform_is_another_event(ledger):
    ledger.commit(events=[], seen=[("telegram", "7")], now=NOW)
    assert not ledger.commit(events=[happened(1)], seen=[("console", "7"), ("console", "7")], now=NOW).repeated


def test_a_commit_that_fails_leaves_no_event_no_debt_no_mark(ledger):
    broken = Event(tenant="bank_a", kind="person.refused", v=1, occurred_at=NOW, actor="x", body={"x": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        ledger.commit(events=[happened(1), broken], debts=[owing("a")], seen=[("telegram", "7")], now=NOW)
    with pytest.raises(StoreError, match="never owed"):
        ledger.commit(events=[happened(1)], debts=[owing("a")], dropped=["x"], seen=[("telegram", "7")], now=NOW)
    assert (list(ledger.events()), ledger.open_debts(), ledger.head("bank_a")[0]) == ([], [], 0)
    assert ledger.commit(events=[happened(1)], seen=[("telegram", "7")], now=NOW).recorded[0].seq == 1


def test_what_an_event_makes_pointless_is_dropped_unless_it_has_left(ledger):
    ledger.commit(events=[], debts=[owing("planned"), owing("under-way")], now=NOW)
    ledger.lease(["under-way"], NOW)
    ledger.commit(events=[happened(1)], dropped=["planned", "under-way"], now=NOW)
    assert ledger.debt("planned").state is DeliveryState.DROPPED
    assert ledger.debt("under-way").state is DeliveryState.LEASED


def test_events_can_be_asked_for_by_tenant_kind_place_and_time(ledger):
    later = NOW + timedelta(minutes=5)
    ledger.commit(events=[happened(1), happened(2, kind="chat.moved"), happened(3, tenant="bank_b")], now=NOW)
    ledger.commit(events=[happened(4)], now=later)
    assert numbers(ledger.events(tenant="bank_a")) == [1, 2, 4]
    assert numbers(ledger.events(kinds={"chat.moved"})) == [2]
    assert numbers(ledger.events(kinds=[])) == []
    assert numbers(ledger.events(tenant="bank_a", after=1)) == [2, 4]
    assert numbers(ledger.events(since=later)) == [4]


def test_events_come_in_the_order_of_recording_over_all_tenants(ledger):
    for n, tenant in enumerate(["b", "a", "b", "a"], 1):
        ledger.commit(events=[happened(n, tenant=tenant)], now=NOW + timedelta(seconds=n))
    assert numbers(ledger.events()) == [1, 2, 3, 4]


def test_events_read_before_a_commit_do_not_see_it(ledger):
    ledger.commit(events=[happened(n) for n in range(1, 4)], now=NOW)
    reading = ledger.events()
    first = next(reading)
    ledger.commit(events=[happened(4)], now=NOW)
    ledger.checkpoint()
    assert numbers([first, *reading]) == [1, 2, 3]


def test_a_closed_ledger_says_so(ledger):
    ledger.close()
    with pytest.raises(StoreError):
        ledger.commit(events=[happened(1)], now=NOW)


def test_one_process_opens_a_file_once(tmp_path):
    first = Ledger.open(tmp_path / "ledger.duckdb")
    with pytest.raises(StoreLocked, match="open in this process already"):
        Ledger.open(tmp_path / "x" / ".." / "ledger.duckdb")
    first.close()
    Ledger.open(tmp_path / "ledger.duckdb").close()


def test_a_checkpoint_empties_the_log(tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.duckdb")
    ledger.commit(events=[happened(1)], now=NOW)
    assert ledger.log_bytes() > 0
    ledger.checkpoint()
    assert ledger.log_bytes() == 0
    ledger.close()
