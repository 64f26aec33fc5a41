"""Batches of readings in the tables: adding, finding what is new, thinning, listing. One caller's transaction each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from store.columns import Columns, plain, registrable
from store.database import as_json, rows
from store.moments import from_micros, stored
from store.proof import Batch
from store.queries import queries
from store.seal import Sealed, seal

SQL = queries("series/readings.sql")
THIN_ROWS = 500_000  # rows thinned in one transaction
PAGE = 20_000  # batches listed at once


def add(
    run: DuckDBPyConnection,
    columns: Columns,
    *,
    batch: int,
    previous: bytes,
    tank_ids: Mapping[int, str],
    source: str,
    minutes: bool,
) -> Sealed:
    """Write one batch after the digest ``previous``: full readings, or minute rows. Raises ValueError for no rows."""
    count = len(columns["tank_no"])
    if count == 0:
        raise ValueError("no readings: a batch needs at least one row")
    digest = seal(previous, columns, tank_ids)
    first_at, last_at = (from_micros(int(end)) for end in (columns["taken_at"].min(), columns["taken_at"].max()))
    line = {"batch": batch, "source": source, "row_count": count, "sha256": digest}
    run.execute(SQL["add_batch"], {**line, "first_at": stored(first_at), "last_at": stored(last_at)})
    run.register("incoming", registrable(columns))
    run.execute(SQL["add_minutes" if minutes else "add_readings"], {"batch": batch})
    run.unregister("incoming")
    return Sealed(batch=batch, rows=count, first_at=first_at, last_at=last_at, sha256=digest.hex())


def offer(run: DuckDBPyConnection, columns: Columns, lines: NDArray[np.int64]) -> None:
    """Lay the rows of an imported block out as ``incoming``, each with its place, and remember what they offer."""
    run.register("incoming", {**registrable(columns), "line": lines, "place": np.arange(len(lines))})
    run.execute(SQL["offer"])


def repeated(run: DuckDBPyConnection) -> list[tuple[int, int, bool]]:
    """Of the rows laid out, those that an earlier line of the file has: place, that line, whether it says the same."""
    found = run.execute(SQL["repeated"]).fetchall()
    return sorted((int(place), int(line), bool(same)) for place, line, same in found)


def met(run: DuckDBPyConnection, first_at: datetime, last_at: datetime) -> tuple[NDArray[np.int64], Columns]:
    """What is here of the tanks and times laid out, each word beside the place of the row that meets it."""
    found = run.execute(SQL["met"], {"first_at": stored(first_at), "last_at": stored(last_at)}).fetchnumpy()
    return np.asarray(found["place"], dtype=np.int64), plain(found)


def thinned_away(run: DuckDBPyConnection, first_at: datetime, last_at: datetime) -> NDArray[np.int64]:
    """The places of rows laid out that were here, and were thinned into a minute row."""
    span = {"first_at": stored(first_at), "last_at": stored(last_at)}
    return np.asarray(run.execute(SQL["thinned_away"], span).fetchnumpy()["place"], dtype=np.int64)


def thinnable(run: DuckDBPyConnection, before: datetime, source: str) -> tuple[list[int], int]:
    """The oldest batches to be thinned next, and how many rows they have; none when the source is done."""
    given = {"source": source, "before": stored(before), "at_most": THIN_ROWS}
    found = rows(run.execute(SQL["thinnable"], given))
    return [row["batch"] for row in found], sum(row["row_count"] for row in found)


def minute_rows(run: DuckDBPyConnection, batches: Sequence[int]) -> Columns:
    """What these batches become: one row per tank and minute."""
    return plain(run.execute(SQL["thin"], _span(batches)).fetchnumpy())


def replace_by(run: DuckDBPyConnection, batches: Sequence[int], sealed: Sealed | None) -> None:
    """Forget the full rows of these batches in favour of ``sealed``; with None, remember that nothing could be spared."""
    span = _span(batches)
    if sealed is None:
        run.execute(SQL["mark_thinned"], {"batches": span["batches"], "into_batch": None})
        return
    run.execute(SQL["forget"], span)
    run.execute(SQL["mark_thinned"], {"batches": span["batches"], "into_batch": sealed.batch})
    run.execute(SQL["mark_thinned"], {"batches": as_json([sealed.batch]), "into_batch": None})


def listed(cursor: DuckDBPyConnection) -> Iterator[Batch]:
    """Every batch in order, page by page: the cursor is free for other questions in between."""
    after = 0
    while page := cursor.execute(SQL["sealed"], {"after": after, "limit": PAGE}).fetchall():
        for batch, count, sha256, into_batch in page:
            yield Batch(batch=batch, rows=count, sha256=sha256, into_batch=into_batch)
        after = page[-1][0]


def rows_of(cursor: DuckDBPyConnection, first: int, last: int) -> Columns:
    """All rows of these batches, with the batch of each."""
    found = cursor.execute(SQL["rows_of"], {"first": first, "last": last}).fetchnumpy()
    return {**plain(found), "batch": found["batch"]}


def strays(cursor: DuckDBPyConnection) -> int:
    """How many rows belong to no batch that still has rows of its own."""
    return sum(int(n) for (n,) in cursor.execute(SQL["strays"]).fetchall())


def _span(batches: Sequence[int]) -> dict[str, object]:
    return {"batches": as_json(list(batches)), "first": min(batches), "last": max(batches)}
