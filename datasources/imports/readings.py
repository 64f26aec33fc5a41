"""Rows of gauge history as Readings, judged as a poll would be: what cannot be believed is NaN *and* a quality bit.

A row is bad when it cannot be placed (tank, times) or read (a cell that is no number). A value that is blank, not
finite or outside what the tank or its good can show makes the reading unusable, not the row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from datasources.gauges.points import BELIEVABLE
from datasources.imports.cells import EPOCH, Odd, looked_up, micros, numbers
from datasources.imports.problem import RowProblem, Wrong
from datasources.imports.sheet import Block, Columns
from domain.farm import Bits, Floats, Ints, Quality, Readings
from domain.good import Good
from domain.tank import TankIndex

COLUMNS = Columns(
    required=("tank", "taken_at", "level_mm", "water_mm", "temp_c"),
    optional=("received_at", "density_kg_m3", "air_c", "p1_kpa", "p3_kpa", "quality"),
)
NEEDED = ("level_mm", "water_mm", "temp_c")
ASIDE: Mapping[str, tuple[float, float]] = {
    "air_c": BELIEVABLE["air"], "p1_kpa": BELIEVABLE["p1"], "p3_kpa": BELIEVABLE["p3"],
}  # fmt: skip
"""Sensors other than the level's: what they cannot show is NaN without a bit, as in a poll."""
BELOW_DATUM_MM, ABOVE_FULL = -50.0, 1.1
"""What a tank can show at all: a little below its plate, and a tenth above its safe filling height."""
FIRST_US = 631_152_000_000_000
"""1990-01-01: anything before is Excel's zero or a clock that was never set."""
NAMES = {bit.name: bit.value for bit in Quality if bit.name}
IN_FUTURE = Wrong(wrong="lies in the future", instead="correct the time, or its offset")
TOO_OLD = Wrong(wrong="lies before 1990", instead="correct the time; 1900-01-00 is Excel's zero")
BEFORE_TAKEN = Wrong(wrong="is before taken_at", instead="write when the reading arrived, or leave the column away")
Spoilt = dict[int, list[tuple[str, Wrong]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRows:
    """The good rows of a block with the line of each, and every problem; ``bad`` rows have at least one."""

    readings: Readings
    lines: Ints
    problems: tuple[RowProblem, ...]
    bad: int


class ReadingRows:
    """Reads the blocks of one file of readings."""

    def __init__(self, index: TankIndex, goods: Mapping[str, Good], *, now: datetime, zone: tzinfo | None) -> None:
        """now: when the import began; it is received_at where the file has none. zone: of times without an offset."""
        self._index = index
        self._bands = _bands(index, goods)
        self._now_us = (now - EPOCH) // datetime.resolution
        self._zone = zone

    def read(self, block: Block) -> ReadRows:
        """The readings of a block."""
        spoilt: Spoilt = {}
        rows, odd = looked_up(block.cells["tank"], self._index.row, self._unknown)
        _add(spoilt, "tank", odd)
        taken, received = self._times(block, spoilt)
        values, quality = self._values(block, rows, spoilt)
        lines = np.asarray(block.lines, dtype=np.int64)
        good = np.ones(len(rows), dtype=bool)
        good[list(spoilt)] = False
        kept: dict[str, Floats] = {name: column[good] for name, column in values.items()}
        readings = Readings(
            rows=rows[good],
            taken_at_us=taken[good],
            received_at_us=received[good],
            status=np.zeros(int(good.sum()), dtype=np.int64),
            quality=quality[good],
            **kept,
        )
        found = [wrong.at(int(lines[i]), column) for i, several in spoilt.items() for column, wrong in several]
        problems = sorted([*block.problems, *found], key=lambda problem: problem.line)
        return ReadRows(
            readings=readings, lines=lines[good], problems=tuple(problems), bad=len(block.problems) + len(spoilt)
        )

    def _unknown(self, name: str) -> Wrong:
        if not name:
            return Wrong(wrong="blank", instead="write the tank's id")
        as_number = (
            " (Excel may have made a number of the id)" if name.replace(".", "").replace("E+", "").isdigit() else ""
        )
        known = ", ".join(list(self._index.row)[:5])
        return Wrong(
            wrong=f"no tank {name[:40]!r} in the workspace{as_number}",
            instead=f"write one of its {len(self._index)} ids, such as {known}",
        )

    def _times(self, block: Block, spoilt: Spoilt) -> tuple[Ints, Ints]:
        taken, odd = micros(block.cells["taken_at"], self._zone)
        _add(spoilt, "taken_at", odd)
        self._within(taken, odd, "taken_at", spoilt)
        if "received_at" not in block.cells:
            return taken, np.full(len(taken), self._now_us, dtype=np.int64)
        received, late = micros(block.cells["received_at"], self._zone)
        _add(spoilt, "received_at", late)
        self._within(received, late, "received_at", spoilt)
        early = set(np.flatnonzero(received < taken).tolist()) - late.keys() - odd.keys()
        _add(spoilt, "received_at", dict.fromkeys(sorted(early), BEFORE_TAKEN))
        return taken, received

    def _within(self, us: Ints, unread: Odd, column: str, spoilt: Spoilt) -> None:
        """Mark times after the import's, or long before any gauge."""
        for outside, why in ((us > self._now_us, IN_FUTURE), (us < FIRST_US, TOO_OLD)):
            _add(spoilt, column, {i: why for i in np.flatnonzero(outside).tolist() if i not in unread})

    def _values(self, block: Block, rows: Ints, spoilt: Spoilt) -> tuple[dict[str, Floats], Bits]:
        """Every quantity, and the bits of the reading."""
        said = _said(block.cells.get("quality"), len(rows), spoilt)
        quality = said.copy()
        values: dict[str, Floats] = {}
        for name in (*NEEDED, "density_kg_m3", *ASIDE):
            if name not in block.cells:
                if name == "density_kg_m3":
                    values[name] = np.full(len(rows), np.nan)
                continue
            value, blank, odd = numbers(block.cells[name])
            _add(spoilt, name, odd)
            if name in ASIDE:
                low, high = ASIDE[name]
                values[name] = np.where((value >= low) & (value <= high), value, np.nan)
                continue
            values[name], bits = self._believed(name, value, blank, rows)
            explained = blank & (said != 0)  # the file says itself why there is no value
            quality |= np.where(explained, np.uint32(0), bits)
        return values, quality

    def _believed(self, name: str, value: Floats, blank: NDArray[np.bool_], rows: Ints) -> tuple[Floats, Bits]:
        low, high = self._bands[name]
        outside = (value < low[rows]) | (value > high[rows])
        missing = Quality.MISSING if name in NEEDED else Quality.GOOD
        bits = np.where(np.isnan(value), np.uint32(Quality.NOT_FINITE), np.uint32(0))
        bits = np.where(blank, np.uint32(missing), bits)
        bits = np.where(outside, np.uint32(Quality.OUT_OF_RANGE), bits)
        return np.where(outside, np.nan, value), bits


def _bands(index: TankIndex, goods: Mapping[str, Good]) -> dict[str, tuple[Floats, Floats]]:
    """Lowest and highest believable value of every tank, arrays of shape (n,)."""
    full = np.array([tank.max_level_mm * ABOVE_FULL for tank in index.tanks])
    height = (np.full(len(index), BELOW_DATUM_MM), full)
    temp = np.array([goods[tank.good].temp_band_c for tank in index.tanks]).reshape(-1, 2)
    density = np.array([goods[tank.good].density_band_kg_m3 for tank in index.tanks]).reshape(-1, 2)
    return {
        "level_mm": height,
        "water_mm": height,
        "temp_c": (temp[:, 0], temp[:, 1]),
        "density_kg_m3": (density[:, 0], density[:, 1]),
    }


def _said(cells: Sequence[str] | None, count: int, spoilt: Spoilt) -> Bits:
    """The file's own quality: 0, 'good', blank, or names of bits joined by '|'."""
    if cells is None:
        return np.zeros(count, dtype=np.uint32)
    known = {cell: _bits(cell) for cell in dict.fromkeys(cells)}
    _add(spoilt, "quality", {i: w for i, cell in enumerate(cells) if isinstance(w := known[cell], Wrong)})
    return np.array([0 if isinstance(b := known[cell], Wrong) else b for cell in cells], dtype=np.uint32)


def _bits(cell: str) -> int | Wrong:
    names = [name.strip().upper() for name in cell.split("|")]
    if names in (["0"], [""]):
        return 0
    if unknown := [name for name in names if name not in {*NAMES, "GOOD"}]:
        wrong = f"{unknown[0][:40]!r} is no quality (a number such as OPC's 192 means other things elsewhere)"
        return Wrong(wrong=wrong, instead=f"write good, or of {', '.join(NAMES)} those that apply, joined by |")
    return sum({NAMES.get(name, 0) for name in names})


def _add(spoilt: Spoilt, column: str, odd: Odd) -> None:
    for i, wrong in odd.items():
        spoilt.setdefault(i, []).append((column, wrong))
