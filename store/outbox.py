"""The outbox: what is owed to people, what is under way, what became of it. It lives in the ledger's file.

A debt goes planned → leased → sent, rejected, unknown or dropped, or back to planned (see ``domain.delivery``). Each
attempt leaves one line in ``attempts`` for ever, so that repeats and doubles can be counted. Every call that changes
something is one transaction, made in the ledger's writer thread; reading calls may come from any thread.
"""

from collections.abc import Sequence
from datetime import datetime

from duckdb import DuckDBPyConnection

from domain.delivery import Debt, DeliveryState, Owed
from store.database import Database, as_json, rows
from store.debts import SQL, Attempt, Latency, Outcome, attempt_of, columns_of, doubt, held, latency_of, owed_of, write
from store.moments import stored

SUPERSEDED = "superseded"
CUT_SHORT = "cut short by a restart"


class Outbox:
    """The debts of one ledger file."""

    def __init__(self, database: Database) -> None:
        """The file is shared with whatever else the ledger keeps."""
        self._db = database
        with database.reading() as cursor:
            self._last_seq = max(int(seq) for (seq,) in cursor.execute(SQL["newest_seq"]).fetchall())

    def due(self, now: datetime, limit: int) -> list[Owed]:
        """At most ``limit`` planned debts that may go out now, the most urgent and then the oldest first."""
        return self._owed("due", now=stored(now), limit=limit)

    def open_debts(self) -> list[Owed]:
        """Everything planned or under way, the most urgent first."""
        return self._owed("open")

    def debt(self, key: str) -> Owed | None:
        """One debt as it stands; None for a key never owed."""
        return next(iter(self._owed("one", key=key)), None)

    def lease(self, keys: Sequence[str], until: datetime) -> list[str]:
        """Planned debts go under way; returns the keys that did. Whoever leases settles, at the latest ``until``."""
        with self._db.transaction() as run:
            taken = run.execute(SQL["lease"], {"keys": list(keys), "until": stored(until)}).fetchall()
        leased = {key for (key,) in taken}
        return [key for key in keys if key in leased]

    def sent(self, key: str, ref: str, at: datetime) -> None:
        """The platform has it and calls it ``ref``. Raises StoreError if the debt is not under way."""
        with self._db.transaction() as run:
            owed = held(run, key, DeliveryState.LEASED)
            write(run, owed, Outcome.SENT, DeliveryState.SENT, at=at, ref=ref)

    def postponed(self, key: str, until: datetime, why: str, at: datetime | None = None) -> None:
        """It did not leave (throttled, not sent): planned again for ``until``. at: when that was known."""
        with self._db.transaction() as run:
            owed = held(run, key, DeliveryState.LEASED)
            write(run, owed, Outcome.POSTPONED, DeliveryState.PLANNED, at=at, why=why, due_at=until)

    def rejected(self, key: str, why: str, at: datetime) -> None:
        """The platform will never take it. Raises StoreError if the debt is not under way."""
        with self._db.transaction() as run:
            owed = held(run, key, DeliveryState.LEASED)
            write(run, owed, Outcome.REJECTED, DeliveryState.REJECTED, at=at, why=why)

    def unknown(self, key: str, why: str, at: datetime) -> DeliveryState:
        """It may or may not have arrived: PLANNED once more as a resend where it must arrive, else UNKNOWN for good."""
        with self._db.transaction() as run:
            return doubt(run, held(run, key, DeliveryState.LEASED), why, at)

    def dropped(self, key: str, why: str, at: datetime | None = None) -> None:
        """It is not wanted any more and has not arrived. Raises StoreError if it is settled already."""
        with self._db.transaction() as run:
            owed = held(run, key, DeliveryState.PLANNED, DeliveryState.LEASED)
            write(run, owed, Outcome.DROPPED, DeliveryState.DROPPED, at=at, why=why)

    def recover(self, now: datetime) -> list[Owed]:
        """At start: what was under way when the process ended may have arrived, so it is unknown. As it stands now."""
        with self._db.transaction() as run:
            interrupted = [owed_of(row) for row in rows(run.execute(SQL["leased"]))]
            for owed in interrupted:
                doubt(run, owed, CUT_SHORT, now, cut=True)
            return [held(run, owed.debt.key, *DeliveryState) for owed in interrupted]

    def message_ref(self, tenant: str, thread: str, chat: str) -> str | None:
        """The platform's reference of the first message of an alarm that arrived in this chat."""
        return self._text("first_ref", tenant=tenant, thread=thread, chat=chat)

    def ref_of(self, key: str) -> str | None:
        """The platform's reference of this debt's message; None until it has arrived."""
        return self._text("ref", key=key)

    def thread_of(self, chat: str, ref: str) -> str | None:
        """The alarm that the message ``ref`` of this chat belongs to; None for any other message."""
        return self._text("thread", chat=chat, ref=ref)

    def counts(self) -> dict[DeliveryState, int]:
        """How many debts stand in each state, every state named."""
        with self._db.reading() as cursor:
            found = {DeliveryState(state): int(n) for state, n in cursor.execute(SQL["counts"]).fetchall()}
        return {state: found.get(state, 0) for state in DeliveryState}

    def attempts(self, key: str | None = None) -> list[Attempt]:
        """The log of one debt in order, or of all."""
        with self._db.reading() as cursor:
            return [attempt_of(row) for row in rows(cursor.execute(SQL["attempts"], {"key": key}))]

    def latencies(self, since: datetime) -> list[Latency]:
        """The stages of every message sent since then, in the order of sending."""
        with self._db.reading() as cursor:
            return [latency_of(row) for row in rows(cursor.execute(SQL["latencies"], {"since": stored(since)}))]

    def _owe(self, run: DuckDBPyConnection, debts: Sequence[Debt], now: datetime) -> list[str]:
        """Add debts inside the caller's transaction; the keys that are new, in the order given."""
        wanted: dict[str, Debt] = {}
        for debt in debts:
            wanted.setdefault(debt.key, debt)
        before = run.execute(SQL["owed_before"], {"keys": as_json(list(wanted))}).fetchall() if wanted else []
        old = {key for (key,) in before}
        new = [debt for debt in wanted.values() if debt.key not in old]
        if new:
            lines = [{**columns_of(debt), "seq": self._last_seq + i} for i, debt in enumerate(new, 1)]
            run.execute(SQL["owe"], {"rows": as_json(lines), "committed_at": stored(now)})
            self._last_seq += len(new)  # a rollback leaves a gap; the order is all that counts
        return [debt.key for debt in new]

    @staticmethod
    def _drop(run: DuckDBPyConnection, keys: Sequence[str], now: datetime) -> None:
        """Drop those still planned, inside the caller's transaction; what has left cannot be called back."""
        for key in keys:
            owed = held(run, key, *DeliveryState)
            if owed.state is DeliveryState.PLANNED:
                write(run, owed, Outcome.DROPPED, DeliveryState.DROPPED, at=now, why=SUPERSEDED)

    def _owed(self, query: str, **given: object) -> list[Owed]:
        with self._db.reading() as cursor:
            return [owed_of(row) for row in rows(cursor.execute(SQL[query], given))]

    def _text(self, query: str, **given: str) -> str | None:
        with self._db.reading() as cursor:
            found = cursor.execute(SQL[query], given).fetchone()
        return str(found[0]) if found is not None and found[0] is not None else None
