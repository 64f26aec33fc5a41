"""The digest of one batch of readings, linked to the digest of the batch before: the last one vouches for all.

sha256 over: the previous digest (32 bytes, zeros before the first), a line of canonical JSON with the number of rows
and the tanks as [[number, id], …] ending in a newline, then every column of ``store.columns.DTYPES`` in that order,
little-endian, the rows sorted by all these columns in that order (floats by their bits; NaN is 0x7ff8000000000000).

A column of ``store.columns.OPTIONAL`` takes part, here and in the sorting, only if one of the batch's rows has a number
in it; a line with its name goes before its numbers. So a batch sealed before the column existed keeps its digest, and
whoever writes a number into such a column afterwards breaks it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from domain.event import canonical
from store.columns import DTYPES, OPTIONAL, Columns

FIRST = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One batch as it was written: its number, its rows, when the first and the last were taken, its digest in hex."""

    batch: int
    rows: int
    first_at: datetime
    last_at: datetime
    sha256: str


def seal(previous: bytes, columns: Columns, tank_ids: Mapping[int, str]) -> bytes:
    """The digest of these rows after ``previous``, whatever order the rows come in."""
    present = [name for name in DTYPES if name not in OPTIONAL or not np.isnan(columns[name]).all()]
    order = np.lexsort([columns[name].view(f"i{columns[name].itemsize}") for name in reversed(present)])
    tanks = [[int(no), tank_ids[int(no)]] for no in np.unique(columns["tank_no"])]
    digest = hashlib.sha256(previous)
    digest.update(canonical({"rows": len(order), "tanks": tanks}).encode() + b"\n")
    for name in present:
        if name in OPTIONAL:
            digest.update(name.encode() + b"\n")
        digest.update(columns[name][order].astype(DTYPES[name]).tobytes())
    return digest.digest()
