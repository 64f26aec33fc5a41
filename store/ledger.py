"""The ledger: what happened (one hash chain per tenant) and what is owed for it, committed together or not at all.

Threads: everything that writes (``commit``, the outbox's changes, ``checkpoint``) belongs to one writer thread; calls
that read may come from any thread while it commits. Synchronous: the bot keeps it off its event loop.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Self

from duckdb import DuckDBPyConnection

from domain.delivery import Debt
from domain.event import GENESIS, Event, Recorded, current, parse
from store.chain import SQL, ChainReport, Head, append, heads, link, proved
from store.database import Database, as_json, rows
from store.files import Files
from store.moments import stored, stored_or_none
from store.outbox import Outbox
from store.pictures import Pictures

BATCH = 2000  # rows fetched at once while streaming


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What one commit wrote. new_debts: keys not owed before. repeated: handled earlier, so nothing was written."""

    recorded: list[Recorded]
    new_debts: list[str]
    repeated: bool


class Ledger(Outbox, Files, Pictures):
    """One open ledger file: its chains, and by inheritance its outbox, the workspace's files and pictures."""

    def __init__(self, database: Database) -> None:
        """Takes the file over; ``close`` closes it. Use ``open``."""
        super().__init__(database)
        self._committing = threading.Lock()
        with database.reading() as cursor:
            self._heads = heads(cursor)

    @classmethod
    def open(cls, path: Path | str, *, memory_limit: str = "512MB") -> Self:
        """Open or create the file. Raises StoreLocked, StoreBroken (newer or not ours), StoreFull, StoreError."""
        return cls(Database.open(path, "ledger", memory_limit=memory_limit))

    def close(self) -> None:
        """Close the file; no call may follow."""
        self._db.close()

    def checkpoint(self) -> None:
        """Move the log into the file; commits wait meanwhile, so call it when nothing is owed."""
        self._db.checkpoint()

    def log_bytes(self) -> int:
        """How much the next ``checkpoint`` has to move."""
        return self._db.log_bytes()

    def commit(
        self,
        *,
        events: Sequence[Event],
        debts: Sequence[Debt] = (),
        seen: Sequence[tuple[str, str]] = (),
        dropped: Sequence[str] = (),
        now: datetime,
    ) -> Committed:
        """One transaction: events at the end of their chains, debts owed, (platform, event id) marked as handled.

        If any mark was there before, the whole commit is a repeat and writes nothing. dropped: keys of debts that
        these events make pointless; those that have left already stay. An event is never recorded before its
        predecessor. Raises StoreFull or StoreError with nothing committed, ValueError for an event of no known schema.
        """
        marks = list(dict.fromkeys(seen))
        tenant = next(chain((e.tenant for e in events), (d.tenant for d in debts)), "")
        with self._committing:
            with self._db.transaction() as run:
                if marks and self._handled(run, marks):
                    return Committed(recorded=[], new_debts=[], repeated=True)
                recorded = link(events, self._heads, now)
                append(run, recorded)
                new_debts = self._owe(run, debts, now)
                self._drop(run, dropped, now)
                self._mark(run, marks, tenant, now)
            ends = {r.event.tenant: Head(seq=r.seq, hash=r.hash, recorded_at=r.recorded_at) for r in recorded}
            self._heads = {**self._heads, **ends}
        return Committed(recorded=recorded, new_debts=new_debts, repeated=False)

    def events(
        self,
        *,
        tenant: str | None = None,
        kinds: Collection[str] | None = None,
        after: int = 0,
        since: datetime | None = None,
    ) -> Iterator[Recorded]:
        """Events in the order of recording, each chain in its own order; the event in today's schema.

        after: only seqs above it. since: only what was recorded then or later. The texts stay as they were written.
        Sees what was committed before the first event is taken. Raises StoreBroken for what this program cannot read.
        """
        given = {
            "tenant": tenant,
            "kinds": None if kinds is None else list(kinds),
            "after": after,
            "since": stored_or_none(since),
        }
        with self._db.reading() as cursor:
            cursor.execute(SQL["texts"], given)
            while texts := cursor.fetchmany(BATCH):
                for (text,) in texts:
                    recorded = parse(text)
                    yield replace(recorded, event=current(recorded.event))

    def tenants(self) -> list[str]:
        """Every tenant that has a chain."""
        return sorted(self._heads)

    def head(self, tenant: str) -> tuple[int, str]:
        """Seq and hash of the tenant's last event; 0 and 64 zeros before the first."""
        end = self._heads.get(tenant)
        return (end.seq, end.hash) if end is not None else (0, GENESIS)

    def last_recorded_at(self) -> datetime | None:
        """When anything was last recorded: the floor of the clock."""
        return max((end.recorded_at for end in self._heads.values()), default=None)

    def verify(self) -> list[ChainReport]:
        """Prove every chain anew from its texts: hashes, gaps, order, and the columns against the texts."""
        with self._db.reading() as cursor:
            cursor.execute(SQL["everything"])
            return list(proved(_streamed(cursor)))

    @staticmethod
    def _handled(run: DuckDBPyConnection, marks: Sequence[tuple[str, str]]) -> bool:
        return bool(run.execute(SQL["seen"], {"rows": _pairs(marks)}).fetchall())

    @staticmethod
    def _mark(run: DuckDBPyConnection, marks: Sequence[tuple[str, str]], tenant: str, now: datetime) -> None:
        """tenant: whose events the marks came with; '' where a stranger's doing concerned nobody."""
        if marks:
            run.execute(SQL["mark"], {"rows": _pairs(marks), "tenant": tenant, "seen_at": stored(now)})


def _pairs(marks: Sequence[tuple[str, str]]) -> str:
    return as_json([{"platform": platform, "event_id": event_id} for platform, event_id in marks])


def _streamed(cursor: DuckDBPyConnection) -> Iterator[dict[str, object]]:
    while found := rows(cursor, BATCH):
        yield from found
