"""One row of the outbox: its values, what an attempt makes of it, and the policy of doubt. Knows no loop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from duckdb import DuckDBPyConnection

from domain.delivery import Debt, DeliveryState, Owed, Timing
from domain.errors import StoreError
from domain.notice import Priority
from store.database import rows
from store.letters import read, written
from store.moments import aware, aware_or_none, stored, stored_or_none
from store.queries import queries

SQL = queries("ledger/outbox.sql")
Row = Mapping[str, Any]


class Outcome(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    POSTPONED = "postponed"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One line of the log. ``attempt`` counts from 1; 0 for a debt dropped before it was tried."""

    key: str
    attempt: int
    outcome: Outcome
    settled_at: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """The stages of the minute of one sent message; a time is None where no data stood behind it."""

    key: str
    tenant: str
    chat: str
    priority: Priority
    template: str
    attempts: int
    resend: bool
    taken_at: datetime | None
    received_at: datetime | None
    judged_at: datetime | None
    committed_at: datetime
    sent_at: datetime


def held(run: DuckDBPyConnection, key: str, *allowed: DeliveryState) -> Owed:
    """The debt, in one of these states. Raises StoreError for any other state and for a key never owed."""
    found = rows(run.execute(SQL["one"], {"key": key}))
    if not found:
        raise StoreError(f"debt {key!r} was never owed")
    owed = owed_of(found[0])
    if owed.state not in allowed:
        raise StoreError(f"debt {key!r} is {owed.state}, {' or '.join(allowed)} is needed to settle it")
    return owed


def write(
    run: DuckDBPyConnection,
    owed: Owed,
    outcome: Outcome,
    state: DeliveryState,
    *,
    at: datetime | None,
    why: str | None = None,
    ref: str | None = None,
    due_at: datetime | None = None,
    resend: bool = False,
) -> None:
    """Settle one attempt: its line in the log, and the debt's new state. resend: from now on; never taken back."""
    debt = owed.debt
    line = {"tenant": debt.tenant, "key": debt.key, "attempt": owed.attempts, "outcome": outcome.value}
    run.execute(SQL["log_attempt"], {**line, "settled_at": stored_or_none(at), "why": why})
    change = {
        "key": debt.key,
        "state": state.value,
        "resend": owed.resend or resend,
        "due_at": stored(due_at if due_at is not None else owed.due_at),
        "sent_at": stored_or_none(at) if state is DeliveryState.SENT else None,
        "ref": ref,
        "why": why,
    }
    run.execute(SQL["settle"], change)


def doubt(run: DuckDBPyConnection, owed: Owed, why: str, at: datetime, *, cut: bool = False) -> DeliveryState:
    """It may have arrived: once more, marked, where it must arrive and the platform was in doubt once; else closed.

    cut: our own process ended before the platform could answer. That says nothing of the platform, so it does not
    use up the one repeat: what must arrive goes out again, marked, however often the process is killed.
    """
    again = owed.debt.must_arrive and (cut or not owed.resend)
    state = DeliveryState.PLANNED if again else DeliveryState.UNKNOWN
    write(run, owed, Outcome.UNKNOWN, state, at=at, why=why, due_at=at, resend=again)
    return state


def columns_of(debt: Debt) -> dict[str, object]:
    """What a new row holds of the debt itself."""
    return {
        "key": debt.key,
        "tenant": debt.tenant,
        "chat": debt.chat,
        "priority": int(debt.priority),
        "template": debt.template,
        "thread": debt.thread,
        "revision": debt.revision,
        "edit_of": debt.edit_of,
        "message": written(debt.message),
        "taken_at": stored_or_none(debt.timing.taken_at),
        "received_at": stored_or_none(debt.timing.received_at),
        "judged_at": stored_or_none(debt.timing.judged_at),
    }


def owed_of(row: Row) -> Owed:
    """The debt of a row of the outbox as it stands."""
    timing = Timing(
        taken_at=aware_or_none(row["taken_at"]),
        received_at=aware_or_none(row["received_at"]),
        judged_at=aware_or_none(row["judged_at"]),
    )
    debt = Debt(
        key=row["key"],
        tenant=row["tenant"],
        chat=row["chat"],
        priority=Priority(row["priority"]),
        message=read(row["message"]),
        template=row["template"],
        thread=row["thread"],
        revision=row["revision"],
        edit_of=row["edit_of"],
        timing=timing,
    )
    return Owed(
        debt=debt,
        seq=row["seq"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        resend=row["resend"],
        due_at=aware(row["due_at"]),
        committed_at=aware(row["committed_at"]),
        sent_at=aware_or_none(row["sent_at"]),
        ref=row["ref"],
        why=row["why"],
    )


def attempt_of(row: Row) -> Attempt:
    """One line of the log."""
    return Attempt(
        key=row["key"],
        attempt=row["attempt"],
        outcome=Outcome(row["outcome"]),
        settled_at=aware_or_none(row["settled_at"]),
        why=row["why"],
    )


def latency_of(row: Row) -> Latency:
    """The stages of one sent message."""
    return Latency(
        key=row["key"],
        tenant=row["tenant"],
        chat=row["chat"],
        priority=Priority(row["priority"]),
        template=row["template"],
        attempts=row["attempts"],
        resend=row["resend"],
        taken_at=aware_or_none(row["taken_at"]),
        received_at=aware_or_none(row["received_at"]),
        judged_at=aware_or_none(row["judged_at"]),
        committed_at=aware(row["committed_at"]),
        sent_at=aware(row["sent_at"]),
    )
