"""The digest of one batch of readings, linked to the digest of the batch before: the last one vouches for all.

sha256 over: the previous digest (32 bytes, zeros before the first), a line of canonical JSON with the number of rows
and the tanks as [[number, id], …] ending in a newline, then every column of ``store.columns.DTYPES`` in that order,
little-endian, the rows sorted by all columns in that order (floats by their bits; NaN is 0x7ff8000000000000).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from domain.event import canonical
from store.columns import DTYPES, Columns

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
    order = np.lexsort([columns[name].view(f"i{columns[name].itemsize}") for name in reversed(list(DTYPES))])
    tanks = [[int(no), tank_ids[int(no)]] for no in np.unique(columns["tank_no"])]
    digest = hashlib.sha256(previous)
    digest.update(canonical({"rows": len(order), "tanks": tanks}).encode() + b"\n")
    for name, dtype in DTYPES.items():
        digest.update(columns[name][order].astype(dtype).tobytes())
    return digest.digest()
