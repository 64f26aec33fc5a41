"""A density as people state it: kg/m³, °API or relative density, one of three columns or one column and its unit."""

from math import nan
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from bot.command.calc.rounding import to
from bot.command.calc.rows import NO, YES, Rows, quoted, shown
from domain.farm import Floats, Ints
from domain.good import Edition
from domain.metering.scale import WATER_KG_M3, api_of_density, density_of_api

KG_M3, API, RD = 0, 1, 2
UNITS: Final = ("kg/m³", "°API", "(60/60)")
NAMES: Final = ("density", "api", "rd")
_STEPS: Final = (10.0, 10.0, 10_000.0)  # 0.1 kg/m³, 0.1 °API, 0.0001: MPMS 11.1-2004 §11.1.5.4


class Gravity(NamedTuple):
    """Values and in which of UNITS each stands; NaN where none was given."""

    value: Floats
    unit: NDArray[np.int64]

    def at(self, rows: Ints) -> Self:
        """Those of some rows."""
        return type(self)(self.value[rows], self.unit[rows])

    def rounded(self) -> Self:
        """To the increments of the standard."""
        return type(self)(np.choose(self.unit, [to(self.value, step) for step in _STEPS]), self.unit)

    def kg_m3(self, edition: Edition) -> Floats:
        """Densities in kg/m³, at 60 °F where the value is °API or relative."""
        if not self.unit.any():
            return self.value
        by_unit = [self.value, density_of_api(self.value, edition), self.value * WATER_KG_M3[edition]]
        return np.choose(self.unit, by_unit)

    def told(self, k: int) -> str:
        """One of them for a message."""
        return f"{shown(float(self.value[k]))} {UNITS[int(self.unit[k])]}"


def of_density(density_kg_m3: Floats, unit: NDArray[np.int64], edition: Edition) -> Floats:
    """Densities at 60 °F in kg/m³ in other units; those in kg/m³ stay."""
    by_unit = [density_kg_m3, api_of_density(density_kg_m3, edition), density_kg_m3 / WATER_KG_M3[edition]]
    return np.choose(unit, by_unit)


def stated(rows: Rows, *, required: bool = True) -> Gravity:
    """Every row's density. A problem where two are given, or none though one is required."""
    match [name for name in NAMES if name in rows.cells]:
        case []:
            return _typed(rows, required=required)
        case [name]:
            bare = _bare(rows)
            unit = (bare[0] if len(bare) == 1 else KG_M3) if name == "density" else NAMES.index(name)
            return Gravity(rows.numbers(name, None if required else nan), np.full(rows.n, unit))
        case names:
            columns = [rows.cells[name] if name in names else [""] * rows.n for name in NAMES]
            bare = _bare(rows)
            found = [
                _row(rows, i, cells, bare, required=required) for i, cells in enumerate(zip(*columns, strict=True))
            ]
            return Gravity(np.array([v for v, _ in found]), np.array([u for _, u in found], dtype=np.int64))


def _bare(rows: Rows) -> list[int]:
    """Units that the command line names for a density that stands elsewhere."""
    return [unit for unit in (API, RD) if rows.given.get(NAMES[unit]) == ""]


def _typed(rows: Rows, *, required: bool) -> Gravity:
    """What the command line alone says, for all rows."""
    one = Rows(n=1, cells={}, given=rows.given)
    cells = tuple(rows.given.get(name, "") for name in NAMES)
    value, unit = _row(one, 0, cells, _bare(rows), required=required)
    for why in one.problems.values():
        rows.mark(rows.every(), why)
    return Gravity(np.full(rows.n, value), np.full(rows.n, unit))


def _row(rows: Rows, i: int, cells: tuple[str, ...], bare: list[int], *, required: bool) -> tuple[float, int]:
    """Value and unit of one row: a density in the unit that a true °API or RD column says, or one of those alone."""
    if cells[KG_M3]:
        units = [unit for unit in (API, RD) if cells[unit].lower() in YES] or bare
        others = [unit for unit in (API, RD) if cells[unit].lower() not in YES | NO]
        if others or len(units) > 1:
            also = " and ".join(f"{NAMES[u]} {quoted(cells[u])}" if cells[u] else NAMES[u] for u in others or units)
            rows.problems.setdefault(i, f"density {quoted(cells[KG_M3])} is given twice: also {also}")
        unit = units[0] if units else KG_M3
        return rows.number(i, "density", cells[KG_M3], None), unit
    alone = [
        unit for unit in (API, RD) if cells[unit] and (cells[unit].lower() not in YES | NO or _digits(cells[unit]))
    ]
    if len(alone) > 1:
        rows.problems.setdefault(i, f"density is given twice: api {quoted(cells[API])} and rd {quoted(cells[RD])}")
    if alone:
        return rows.number(i, NAMES[alone[0]], cells[alone[0]], None), alone[0]
    return rows.number(i, "density", "", None if required else nan), KG_M3


def _digits(cell: str) -> bool:
    """Whether a word for yes or no is a number as well."""
    return cell in {"0", "1"}
