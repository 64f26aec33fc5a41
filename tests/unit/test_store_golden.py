"""Events once written are read for ever: tests/data/events/golden.jsonl holds every (kind, v) ever shipped, verbatim.

Lines are only ever added. A new kind or version: record one, append its canonical text; an old one needs its upcast.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from domain.alarm import Answer, Condition, fold
from domain.contract import Severity
from domain.event import CURRENT, canonical, current, parse
from store.chain import append
from store.database import Database
from store.ledger import Ledger

GOLDEN = Path(__file__).parents[1] / "data" / "events" / "golden.jsonl"
LINES = GOLDEN.read_text("utf-8").splitlines()


@pytest.fixture
def ledger():
    """A ledger that was written when these events were new."""
    database = Database.open(":memory:", "ledger", memory_limit="512MB")
    with database.transaction() as run:
        append(run, [parse(line) for line in LINES])
    opened = Ledger(database)
    yield opened
    opened.close()


def test_every_kind_and_version_ever_shipped_is_here():
    shipped = {(r.event.kind, r.event.v) for r in map(parse, LINES)}
    assert set(CURRENT.items()) <= shipped


@pytest.mark.parametrize("line", LINES, ids=lambda line: json.loads(line)["kind"])
def test_a_shipped_event_reads_as_one_of_today(line):
    recorded = parse(line)
    assert canonical(json.loads(line)) == line
    assert current(recorded.event).v == CURRENT[recorded.event.kind]


def test_a_ledger_of_shipped_events_still_verifies_and_keeps_the_texts(ledger):
    chains = {r.tenant: r.length for r in ledger.verify() if r.broken_at is None}
    assert chains == Counter(parse(line).event.tenant for line in LINES)
    assert sorted(r.canonical for r in ledger.events()) == sorted(LINES)


def test_the_shipped_alarm_folds_to_what_it_was(ledger):
    events = [r.event for r in ledger.events(tenant="jia") if r.event.kind.startswith("alarm.")]
    assert [e.kind.removeprefix("alarm.") for e in events] == [
        "raised", "changed", "reminded", "acknowledged", "returned", "renewed", "closed",
    ]  # fmt: skip
    answered, returned, renewed, closed = (fold(None, events[:n]) for n in (4, 5, 6, 7))
    assert answered.severity is Severity.ORANGE
    assert [(p.person, p.answer) for p in answered.parties] == [
        ("zhao", None), ("li", Answer.ARRANGED), ("chen", None),
    ]  # fmt: skip
    assert (returned.condition, returned.open) == (Condition.RETURNED, True)
    assert (renewed.condition, renewed.occurrence, renewed.severity) == (Condition.ACTIVE, 2, Severity.YELLOW)
    assert [p.person for p in renewed.waiting()] == ["zhao", "li"]
    assert (closed.open, closed.revision, closed.facts["value_cny"]) == (False, 7, "990000.00")
