"""The hash chain: what is recorded stays, in its place, and every change to it shows."""

from datetime import datetime, timedelta

import duckdb
import pytest

from domain.event import GENESIS, parse
from store.ledger import Ledger
from tests.fakes.memory_stage import NOW, happened


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.duckdb"


@pytest.fixture
def ledger(path):
    opened = Ledger.open(path)
    yield opened
    opened.close()


def spoiled(path, statement, *values):
    """What verify says after somebody has written to the closed file."""
    ledger = Ledger.open(path)
    for n in range(1, 6):
        ledger.commit(events=[happened(n)], now=NOW + timedelta(seconds=n))
    ledger.close()
    with duckdb.connect(str(path)) as forger:
        forger.execute(statement, list(values))
    ledger = Ledger.open(path)
    report = ledger.verify()[0]
    ledger.close()
    return report


def test_each_tenant_has_its_own_chain_from_one(ledger):
    ledger.commit(events=[happened(1), happened(2, tenant="bank_b"), happened(3)], now=NOW)
    assert [(r.event.tenant, r.seq) for r in ledger.events()] == [("bank_a", 1), ("bank_a", 2), ("bank_b", 1)]
    assert ledger.tenants() == ["bank_a", "bank_b"]


def test_every_event_names_the_hash_before_it(ledger):
    recorded = ledger.commit(events=[happened(n) for n in (1, 2, 3)], now=NOW).recorded
    assert [r.previous for r in recorded] == [GENESIS, recorded[0].hash, recorded[1].hash]
    assert ledger.head("bank_a") == (3, recorded[2].hash)
    assert ledger.head("nobody") == (0, GENESIS)


def test_the_text_is_kept_verbatim(ledger):
    committed = ledger.commit(events=[happened(1)], now=NOW).recorded
    assert list(ledger.events()) == committed
    assert parse(committed[0].canonical) == committed[0]


def test_recorded_time_never_goes_back_though_the_clock_does(ledger):
    ledger.commit(events=[happened(1)], now=NOW)
    ledger.commit(events=[happened(2)], now=NOW - timedelta(hours=1))
    assert [r.recorded_at for r in ledger.events()] == [NOW, NOW]
    assert ledger.last_recorded_at() == NOW


def test_an_event_of_no_known_schema_is_refused_with_everything_beside_it(ledger):
    with pytest.raises(ValueError, match=r"event 'alarm\.invented' v1"):
        ledger.commit(events=[happened(1), happened(2, kind="alarm.invented")], now=NOW)
    assert list(ledger.events()) == []
    assert ledger.head("bank_a") == (0, GENESIS)


def test_a_naive_time_is_refused(ledger):
    with pytest.raises(ValueError, match="naive"):
        ledger.commit(events=[happened(1)], now=datetime(2026, 3, 12, 6, 32))  # noqa: DTZ001
    assert list(ledger.events()) == []


def test_an_untouched_chain_verifies_with_its_head(ledger):
    recorded = ledger.commit(events=[happened(n) for n in range(1, 4)], now=NOW).recorded
    (report,) = ledger.verify()
    assert (report.tenant, report.length, report.head) == ("bank_a", 3, recorded[-1].hash)
    assert (report.broken_at, report.why) == (None, None)


def test_a_changed_figure_breaks_the_chain_at_its_event(path):
    report = spoiled(path, "UPDATE events SET canonical = replace(canonical, '\"n\":3', '\"n\":4') WHERE seq = 3")
    assert (report.broken_at, report.length) == (3, 5)
    assert "hash" in report.why


def test_a_changed_figure_with_its_hash_made_good_breaks_the_next_link(path):
    forged = """UPDATE events
        SET canonical = replace(canonical, '"n":3', '"n":4'), hash = sha256(replace(canonical, '"n":3', '"n":4'))
        WHERE seq = 3"""
    report = spoiled(path, forged)
    assert report.broken_at == 4
    assert "does not name the hash of the event before it" in report.why


def test_a_deleted_event_shows_as_a_gap(path):
    report = spoiled(path, "DELETE FROM events WHERE seq = 2")
    assert (report.broken_at, report.why) == (3, "event 2 is missing: the next one is 3")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "alarm.closed"),
        ("v", 2),
        ("actor", "somebody else"),
        ("occurred_at", datetime(2020, 1, 1)),  # noqa: DTZ001
        ("recorded_at", datetime(2020, 1, 1)),  # noqa: DTZ001
        ("previous", "0" * 64),
    ],
)
def test_a_column_that_says_something_else_than_the_text_shows(path, column, value):
    report = spoiled(path, f"UPDATE events SET {column} = ? WHERE seq = 3", value)
    assert report.broken_at == 3
    assert column in report.why


def test_a_text_that_is_no_event_shows(path):
    report = spoiled(path, "UPDATE events SET canonical = 'gone', hash = sha256('gone') WHERE seq = 1")
    assert (report.broken_at, report.length) == (1, 5)


def test_a_chain_that_lost_its_end_has_another_head_than_the_bank_was_told(path):
    ledger = Ledger.open(path)
    told = ledger.commit(events=[happened(n) for n in range(1, 4)], now=NOW).recorded[-1].hash
    ledger.close()
    with duckdb.connect(str(path)) as forger:
        forger.execute("DELETE FROM events WHERE seq = 3")
    ledger = Ledger.open(path)
    assert ledger.verify()[0].broken_at is None
    assert ledger.verify()[0].head != told
    ledger.close()
