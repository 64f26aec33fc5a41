"""The rows that are computed at once: cells of a file over defaults from the command line, and what is wrong with them.

A single call is one row without a file, so that a batch and a single call cannot differ.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from domain.farm import Floats, Ints

Bools = NDArray[np.bool_]
YES = frozenset({"1", "true", "t", "yes", "y", "on", "x", "是"})
NO = frozenset({"", "0", "false", "f", "no", "n", "off", "否"})
_LONGEST_SHOWN = 40


def quoted(cell: str) -> str:
    """A person's cell inside a message, cut where it is long."""
    return repr(cell if len(cell) <= _LONGEST_SHOWN else cell[:_LONGEST_SHOWN] + "…")


def shown(value: float) -> str:
    """A number inside a message, to ten digits, so that one just beyond a limit does not look like the limit."""
    return f"{value:.10g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """n rows. cells: a column per parameter of the file, stripped; given: the command line's texts, for all rows.

    problems: row → the first thing wrong with it; such a row gets no number at all.
    """

    n: int
    cells: Mapping[str, Sequence[str]]
    given: Mapping[str, str]
    rounded: bool = False
    problems: dict[int, str] = field(default_factory=dict)

    def asked(self, name: str) -> bool:
        """Whether there is such a column or flag."""
        return name in self.cells or name in self.given

    def words(self, name: str, default: str = "") -> Sequence[str]:
        """Texts of a column; the flag's or the default where there is no column."""
        return self.cells.get(name) or [self.given.get(name, default)] * self.n

    def numbers(self, name: str, default: float | None = None) -> Floats:
        """A column of finite numbers. NaN with a problem where one cannot be read, or is missing and has no default.

        An empty cell of a quantity that has a default is a flag not given.
        """
        cells = self.cells.get(name)
        if cells is None:
            text = self.given.get(name)
            if text is None and default is not None:
                return np.full(self.n, default)
            cells = ["" if text is None else text] * self.n
        return self._parsed(name, cells, default)

    def truths(self, name: str) -> Bools:
        """A column of switches; unknown words are a problem."""
        found = np.zeros(self.n, dtype=np.bool_)
        for (cell,), at in self.grouped(zip(self.words(name), strict=True)).items():
            found[at] = cell.lower() in YES
            if cell.lower() not in YES | NO:
                self.mark(at, f"{name} {quoted(cell)} is neither yes nor no")
        return found

    def reject(self, at: Ints, bad: Bools, why: Callable[[int], str]) -> None:
        """Note a problem for rows ``at`` where ``bad``; why: from the place in ``at``. The first problem stays."""
        for k in np.flatnonzero(bad).tolist():
            row = int(at[k])
            if row not in self.problems:
                self.problems[row] = why(k)

    def mark(self, at: Ints, why: str) -> None:
        """Note the same problem for all these rows."""
        for row in at.tolist():
            self.problems.setdefault(row, why)

    def refuse(self, bad: Bools, why: str) -> None:
        """Note the same problem for every row that is bad."""
        self.reject(self.every(), bad, lambda _: why)

    def within(self, name: str, seen: Floats, unit: str, low: Floats | float, high: Floats | float) -> None:
        """A problem for what lies outside low…high; NaN, which is not given, does not."""
        lows, highs = np.broadcast_to(low, (self.n,)), np.broadcast_to(high, (self.n,))

        def why(k: int) -> str:
            allowed = f"{shown(float(lows[k]))}…{shown(float(highs[k]))}"
            return f"{name} {shown(float(seen[k]))} {unit}".rstrip() + f", allowed {allowed} {unit}".rstrip()

        self.reject(self.every(), (seen < lows) | (seen > highs), why)

    def every(self) -> Ints:
        """The places of all rows."""
        return np.arange(self.n)

    def grouped(self, keys: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Ints]:
        """Places of the rows with the same key, for formulas that differ by key."""
        found: dict[tuple[str, ...], list[int]] = {}
        for i, key in enumerate(keys):
            found.setdefault(key, []).append(i)
        return {key: np.array(rows, dtype=np.int64) for key, rows in found.items()}

    def _parsed(self, name: str, cells: Sequence[str], default: float | None) -> Floats:
        try:
            values = np.array(list(map(float, cells)), dtype=np.float64)
        except ValueError:
            values = np.full(self.n, nan)
        if np.isfinite(values).all() and "_" not in "".join(cells):  # float() takes 1_000 for a thousand
            return values
        return np.array([self.number(i, name, cell, default) for i, cell in enumerate(cells)], dtype=np.float64)

    def number(self, i: int, name: str, cell: str, default: float | None) -> float:
        """The finite number in row i's cell, or its default where it is empty; NaN with a problem otherwise."""
        if not cell and default is not None:
            return default
        if not cell:
            self.problems.setdefault(i, f"{name} is missing")
            return nan
        try:
            value = nan if "_" in cell else float(cell)
        except ValueError:
            value = nan
        if not isfinite(value):
            self.problems.setdefault(i, f"{name} {quoted(cell)} is no finite number")
            return nan
        return value
