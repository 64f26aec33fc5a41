"""The hash chains of the ledger: linking new events on, and proving every link anew. One chain per tenant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from duckdb import DuckDBPyConnection

from domain.errors import StoreBroken
from domain.event import CURRENT, GENESIS, Event, Recorded, parse, record
from store.database import as_json, rows
from store.moments import aware, stored
from store.queries import queries

SQL = queries("ledger/chain.sql")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a chain stands: its last seq and hash, and when that event was recorded."""

    seq: int
    hash: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What was proved of one tenant's chain. broken_at None: every link holds, and ``head`` may be quoted.

    length: events in the file. broken_at: the first seq that does not hold, with ``why``.
    """

    tenant: str
    length: int
    head: str
    broken_at: int | None
    why: str | None


def heads(run: DuckDBPyConnection) -> dict[str, Head]:
    """The head of every chain in the file."""
    return {
        row["tenant"]: Head(seq=row["seq"], hash=row["hash"], recorded_at=aware(row["recorded_at"]))
        for row in rows(run.execute(SQL["heads"]))
    }


def link(events: Iterable[Event], ends: Mapping[str, Head], now: datetime) -> list[Recorded]:
    """The events in their places after ``ends``, never recorded before their predecessor.

    Raises ValueError for an event whose kind and version are not today's: it could never be read again.
    """
    ends, recorded = dict(ends), []
    for event in events:
        if CURRENT.get(event.kind) != event.v:
            raise ValueError(f"event {event.kind!r} v{event.v}: today's schema is v{CURRENT.get(event.kind)}")
        end = ends.get(event.tenant, Head(seq=0, hash=GENESIS, recorded_at=now))
        new = record(event, seq=end.seq + 1, previous=end.hash, recorded_at=max(now, end.recorded_at))
        ends[event.tenant] = Head(seq=new.seq, hash=new.hash, recorded_at=new.recorded_at)
        recorded.append(new)
    return recorded


def append(run: DuckDBPyConnection, recorded: Sequence[Recorded]) -> None:
    """Write linked events, inside the caller's transaction."""
    if recorded:
        run.execute(SQL["append"], {"rows": as_json([_columns(r) for r in recorded])})


def proved(found: Iterable[Row]) -> Iterator[ChainReport]:
    """One report per tenant from all rows of the ledger in the order of tenant and seq."""
    for tenant, chain in groupby(found, key=lambda row: str(row["tenant"])):
        yield _proved(tenant, chain)


def _proved(tenant: str, chain: Iterable[Row]) -> ChainReport:
    length, broken_at, why, head = 0, None, None, GENESIS
    last: Recorded | None = None
    for row in chain:
        length += 1
        if why is not None:
            continue
        why = _fault(row, last)
        if why is not None:
            broken_at = int(row["seq"])
            continue
        last = parse(row["canonical"])
        head = last.hash
    return ChainReport(tenant=tenant, length=length, head=head, broken_at=broken_at, why=why)


def _fault(row: Row, last: Recorded | None) -> str | None:
    """What is wrong with this row after ``last``; None if every part of it holds."""
    seq, previous = (last.seq + 1, last.hash) if last is not None else (1, GENESIS)
    if row["seq"] != seq:
        return f"event {seq} is missing: the next one is {row['seq']}"
    try:
        said = parse(row["canonical"])
    except StoreBroken as e:
        return str(e)
    if said.hash != row["hash"]:
        return "the text does not give the hash that was kept"
    if said.previous != previous:
        return "it does not name the hash of the event before it"
    differing = sorted(name for name, value in _columns(said).items() if row[name] != value)
    if differing:
        return f"columns say something else than the text: {differing}"
    if last is not None and said.recorded_at < last.recorded_at:
        return "recorded before the event before it"
    return None


def _columns(recorded: Recorded) -> dict[str, object]:
    event = recorded.event
    return {
        "tenant": event.tenant,
        "seq": recorded.seq,
        "kind": event.kind,
        "v": event.v,
        "occurred_at": stored(event.occurred_at),
        "recorded_at": stored(recorded.recorded_at),
        "actor": event.actor,
        "previous": recorded.previous,
        "hash": recorded.hash,
        "canonical": recorded.canonical,
    }
