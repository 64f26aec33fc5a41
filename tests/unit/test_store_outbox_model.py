"""Random lives of many debts: the outbox on disk says at every step what a plain dictionary says."""

import os
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.delivery import DeliveryState
from domain.notice import Priority
from store.ledger import Ledger
from tests.fakes.memory_stage import NOW, happened, owing

KEYS = [f"k{i}" for i in range(8)]
CHANGES = int(os.environ.get("STORE_CHANGES", "2000"))  # 10000 takes about a minute
OUTCOMES = ["sent", "postponed", "rejected", "unknown", "dropped"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """What the model knows of one debt."""

    order: int
    priority: Priority
    state: DeliveryState = DeliveryState.PLANNED
    attempts: int = 0
    resend: bool = False
    due_at: datetime = NOW


def doubted(line, at, *, cut=False):
    again = line.priority <= Priority.LIFT and (cut or not line.resend)
    state = DeliveryState.PLANNED if again else DeliveryState.UNKNOWN
    return replace(line, state=state, resend=line.resend or again, due_at=at)


class Model:
    """The policy of domain/delivery.py on a dictionary."""

    def __init__(self):
        self.lines = {}
        self.events = 0

    def commit(self, key, priority):
        self.events += 1
        self.lines.setdefault(key, Line(order=self.events, priority=priority, due_at=NOW))

    def lease(self, key):
        line = self.lines[key]
        self.lines[key] = replace(line, state=DeliveryState.LEASED, attempts=line.attempts + 1)

    def settle(self, key, outcome, at):
        line = self.lines[key]
        match outcome:
            case "postponed":
                self.lines[key] = replace(line, state=DeliveryState.PLANNED, due_at=at)
            case "unknown":
                self.lines[key] = doubted(line, at)
            case _:
                self.lines[key] = replace(line, state=DeliveryState(outcome))

    def recover(self, at):
        for key in self.in_state(DeliveryState.LEASED):
            self.lines[key] = doubted(self.lines[key], at, cut=True)

    def in_state(self, state):
        return [key for key, line in self.lines.items() if line.state is state]

    def due(self, now):
        waiting = [k for k in self.in_state(DeliveryState.PLANNED) if self.lines[k].due_at <= now]
        return sorted(waiting, key=lambda k: (self.lines[k].priority, self.lines[k].order))


def settle(ledger, key, outcome, at):
    match outcome:
        case "sent":
            ledger.sent(key, f"ref-{key}", at)
        case "postponed":
            ledger.postponed(key, at, "later", at)
        case "rejected":
            ledger.rejected(key, "no", at)
        case "unknown":
            ledger.unknown(key, "time-out", at)
        case "dropped":
            ledger.dropped(key, "not wanted", at)


def same(ledger, model, now):
    assert [o.debt.key for o in ledger.due(now, 10_000)] == model.due(now)
    held = {k: ledger.debt(k) for k in model.lines}
    assert {k: (o.state, o.attempts, o.resend) for k, o in held.items()} == {
        k: (line.state, line.attempts, line.resend) for k, line in model.lines.items()
    }


class OutboxLife(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.ledger, self.model, self.now = Ledger.open(":memory:"), Model(), NOW

    def teardown(self):
        self.ledger.close()

    @rule(key=st.sampled_from(KEYS), priority=st.sampled_from(Priority))
    def owe(self, key, priority):
        self.ledger.commit(events=[happened(1)], debts=[owing(key, priority=priority)], now=NOW)
        self.model.commit(key, priority)

    @rule(data=st.data())
    def lease(self, data):
        due = self.model.due(self.now)
        if due:
            key = data.draw(st.sampled_from(due))
            assert self.ledger.lease([key], self.now) == [key]
            self.model.lease(key)

    @rule(data=st.data(), outcome=st.sampled_from(OUTCOMES), wait_s=st.integers(0, 60))
    def settle(self, data, outcome, wait_s):
        leased = self.model.in_state(DeliveryState.LEASED)
        if leased:
            key, at = data.draw(st.sampled_from(leased)), self.now + timedelta(seconds=wait_s)
            settle(self.ledger, key, outcome, at)
            self.model.settle(key, outcome, at)

    @rule(step_s=st.integers(1, 30))
    def wait(self, step_s):
        self.now += timedelta(seconds=step_s)

    @rule()
    def restart(self):
        self.ledger.recover(self.now)
        self.model.recover(self.now)

    @invariant()
    def agrees(self):
        same(self.ledger, self.model, self.now)

    @invariant()
    def the_chain_holds(self):
        assert [r.length for r in self.ledger.verify()] == ([self.model.events] if self.model.events else [])


OutboxLife.TestCase.settings = settings(max_examples=10, stateful_step_count=25, deadline=None)
test_any_life_of_debts_agrees_with_the_policy = OutboxLife.TestCase


def test_thousands_of_changes_on_the_same_rows_leave_the_right_state(tmp_path):
    """DuckDB may update a row with a key by taking it out and in: long sequences are where that would show."""
    chance = random.Random(20260312)
    ledger, model, now = Ledger.open(tmp_path / "ledger.duckdb"), Model(), NOW
    done = 0
    for n in range(CHANGES // 20):
        model_keys = [f"k{n}-{i}" for i in range(4)]
        ledger.commit(events=[happened(n)], debts=[owing(k, priority=Priority(n % 6)) for k in model_keys], now=now)
        for key in model_keys:
            model.commit(key, Priority(n % 6))
        done += 4
    while done < CHANGES:
        now += timedelta(seconds=1)
        due = model.due(now)
        batch = chance.sample(due, min(len(due), 200))
        assert ledger.lease(batch, now) == batch
        for key in batch:
            model.lease(key)
            outcome = chance.choices(OUTCOMES, weights=[1, 12, 1, 4, 1])[0]
            settle(ledger, key, outcome, now)
            model.settle(key, outcome, now)
        done += 2 * len(batch)
        if done % 1000 < 2 * len(batch):
            ledger.checkpoint()
    assert done >= CHANGES
    same(ledger, model, now)
    ledger.close()
    again = Ledger.open(tmp_path / "ledger.duckdb")
    same(again, model, now)
    again.close()
