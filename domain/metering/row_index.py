"""Finds which row of its own capacity table each tank's height falls in, for all tanks in a few passes over a column.

Every table is cut into equal buckets, no wider than its closest rows lie apart: a bucket then holds at most one row,
and one comparison with that row's level decides. Knows levels only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from domain.farm import Floats, Ints

MOST_BUCKETS = 32_768  # of one table, 256 kB: 1 mm rows up to 32 m; finer tables take a comparison more here and there


@dataclass(frozen=True, slots=True, kw_only=True)
class RowIndex:
    """Rows of n tables joined end to end, each closed by a row at infinity, and the buckets that lead to them.

    level_mm: all rows. first, last: where a table's own rows lie in it, shape (n,). A height h of table t lies in
    bucket ⌊h · per_mm[t] + shift[t]⌋; floor: the last row sure to be at or below all heights of a bucket.
    steps: the most rows that any bucket holds.
    """

    level_mm: Floats
    first: Ints
    last: Ints
    per_mm: Floats
    shift: Floats
    floor: Ints
    steps: int

    @classmethod
    def of(cls, tables: Sequence[Floats]) -> Self:
        """An index over tables of at least two finite, strictly rising levels in mm each."""
        buckets = np.array([_buckets(levels) for levels in tables], dtype=np.int64)
        starts = np.array([levels[0] for levels in tables], dtype=np.float64)
        ends = np.array([levels[-1] for levels in tables], dtype=np.float64)
        per_mm = buckets / (ends - starts)
        # A spare bucket on either side, so that no rounding of a bucket's number leads into the neighbour's.
        before = np.cumsum(buckets + 3) - (buckets + 3)
        shift = before + 1.0 - starts * per_mm
        sizes = np.array([levels.size for levels in tables], dtype=np.int64)
        last = np.cumsum(sizes + 1) - 2
        first = last - sizes + 1

        floor = np.zeros(int(np.sum(buckets + 3)), dtype=np.int64)
        steps = 1
        for i, levels in enumerate(tables):
            own = slice(int(before[i]), int(before[i] + buckets[i] + 3))
            bucket = (levels[1:] * per_mm[i] + shift[i]).astype(np.int64)
            floor[own] = first[i] + np.searchsorted(bucket, np.arange(own.start, own.stop))
            steps = max(steps, int(np.max(np.bincount(bucket - own.start))))
        return cls(
            level_mm=np.concatenate([np.append(levels, np.inf) for levels in tables]) if tables else np.empty(0),
            first=first,
            last=last,
            per_mm=per_mm,
            shift=shift,
            floor=floor,
            steps=steps,
        )

    def row(self, height_mm: Floats) -> Ints:
        """The row at or below each height of shape (..., n), all within their tables: neither NaN nor outside.

        The bucket is only a guess; levels are compared as they are, so that one tank alone and the same tank among
        others agree to the bit.
        """
        bucket = height_mm * self.per_mm
        bucket += self.shift
        row = self.floor.take(bucket.astype(np.int64))
        above_mm = self.level_mm[1:]
        for _ in range(self.steps):
            row += above_mm.take(row) <= height_mm
        return row


def _buckets(levels: Floats) -> int:
    closest = float(np.min(np.diff(levels)))
    return int(min((levels[-1] - levels[0]) // closest + 1, MOST_BUCKETS))
