"""Proves the batches of a series anew: every digest from the rows that are stored, linked to the one before."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from store.columns import Columns, picked
from store.seal import FIRST, seal

CHUNK_ROWS = 500_000  # about 50 MB of columns at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What the series says of one batch. into_batch: the minute rows that replaced its own; None where it is whole."""

    batch: int
    rows: int
    sha256: bytes
    into_batch: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesReport:
    """What was proved. broken_at None: every batch that still has its rows gives its digest.

    batches, rows: how many were there and how many rows were hashed. thinned: batches whose rows are gone, so that
    only a seal kept elsewhere speaks for them. head: the last digest, in hex.
    """

    batches: int
    rows: int
    thinned: int
    head: str
    broken_at: int | None
    why: str | None


def proved(
    batches: Iterable[Batch], rows_of: Callable[[int, int], Columns], tank_ids: Mapping[int, str], strays: int
) -> SeriesReport:
    """Check the batches, given in order. rows_of: all rows of the batches from the first to the last number.

    strays: rows that belong to none of these batches.
    """
    count = rows = thinned = 0
    previous, broken_at, why = FIRST, None, None
    for chunk in _chunks(batches):
        columns = rows_of(chunk[0].batch, chunk[-1].batch)
        columns = picked(columns, np.argsort(columns["batch"], kind="stable"))
        for batch in chunk:
            if why is None:
                why = _fault(batch, count + 1, columns, previous, tank_ids)
                broken_at = batch.batch if why is not None else None
            count, previous = count + 1, batch.sha256
            thinned += batch.into_batch is not None
            rows += batch.rows if batch.into_batch is None else 0
    if why is None and strays:
        broken_at, why = count, f"{strays} rows belong to no batch that was sealed"
    head = previous.hex()
    return SeriesReport(batches=count, rows=rows, thinned=thinned, head=head, broken_at=broken_at, why=why)


def _chunks(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    chunk: list[Batch] = []
    rows = 0
    for batch in batches:
        chunk.append(batch)
        rows += batch.rows if batch.into_batch is None else 0
        if rows >= CHUNK_ROWS:
            yield chunk
            chunk, rows = [], 0
    if chunk:
        yield chunk


def _fault(batch: Batch, number: int, columns: Columns, previous: bytes, tank_ids: Mapping[int, str]) -> str | None:
    """What is wrong with this batch; None if its rows give its digest."""
    if batch.batch != number:
        return f"batch {number} is missing"
    if batch.into_batch is not None:
        return None
    first, end = np.searchsorted(columns["batch"], [batch.batch, batch.batch + 1])
    if end - first != batch.rows:
        return f"{end - first} rows are stored, {batch.rows} were sealed"
    rows = {name: column[first:end] for name, column in columns.items()}
    unnamed = sorted(set(rows["tank_no"].tolist()) - set(tank_ids))
    if unnamed:
        return f"tanks without a name: {unnamed}"
    if seal(previous, rows, tank_ids) != batch.sha256:
        return "its rows do not give the digest that was sealed"
    return None
