"""``calc air``: what air carries: table 56 between mass in vacuum and in air, table 8 in pounds per gallon."""

from typing import Any, Final

import numpy as np

from bot.command.calc.flag import API, RD, Command, Flag, Kind, Line, Names
from bot.command.calc.gravity import Gravity, stated
from bot.command.calc.rounding import to
from bot.command.calc.rows import Bools, Rows, quoted
from domain.farm import Floats, Ints
from domain.good import Edition
from domain.metering.air import LB_GAL, Buoyancy, in_air

LIQUIDS: Final = (300.0, 3000.0)  # kg/m³; what is outside was written in another unit


def compute(rows: Rows) -> dict[str, Any]:
    """Factor and densities for every row; masses where one is given."""
    density = base_density(rows)
    carried = by_rule(rows, density)
    vacuum, air = rows.numbers("mass_vacuum", np.nan), rows.numbers("mass_air", np.nan)
    for name, mass in (("mass_vacuum", vacuum), ("mass_air", air)):
        rows.within(name, mass, "kg", 0.0, np.inf)
    both = ~np.isnan(vacuum) & ~np.isnan(air)
    rows.refuse(both, "mass_vacuum and mass_air are both given: one follows from the other")
    factor = carried / density
    pounds = carried * LB_GAL
    if rows.rounded:
        carried, pounds = to(carried, 10.0), to(pounds, 1e3)
    found: dict[str, Any] = {
        "density_kg_m3": density,
        "factor": to(factor, 1e5) if rows.rounded else factor,
        "density_air": carried,
        "lb_per_gal": pounds,
    }
    if rows.asked("mass_vacuum"):
        found["mass_air"] = np.where(np.isnan(vacuum), air, vacuum * factor)
    if rows.asked("mass_air"):
        found["mass_vacuum"] = np.where(np.isnan(air), vacuum, air / factor)
    return found


def editions(rows: Rows) -> list[tuple[Edition, Ints]]:
    """The rows of each edition, which decides on the water of relative density; a problem for unknown ones."""
    found = []
    for (word,), at in rows.grouped(zip(rows.words("edition"), strict=True)).items():
        year = word.removesuffix(".0") or Edition.Y2004.value
        if year in (Edition.Y2004.value, Edition.Y1980.value):
            found.append((Edition(year), at))
        else:
            rows.mark(at, f"edition {quoted(word)}, allowed 2004, 1980")
    return found


def base_density(rows: Rows) -> Floats:
    """Densities at the base in kg/m³, in vacuum; a problem outside 300…3000 kg/m³."""
    gravity = stated(rows)
    return in_kg_m3(rows, gravity.rounded() if rows.rounded else gravity)


def in_kg_m3(rows: Rows, gravity: Gravity) -> Floats:
    """A stated density by each row's edition, inside what a liquid can have."""
    density = np.full(rows.n, np.nan)
    for edition, at in editions(rows):
        density[at] = gravity.at(at).kg_m3(edition)
    check_liquid(rows, "density", density)
    return density


def check_liquid(rows: Rows, name: str, density: Floats) -> None:
    """A problem for what no liquid weighs."""
    rows.within(name, density, "kg/m³", *LIQUIDS)


def by_rule(rows: Rows, density: Floats, *, gb: Bools | None = None) -> Floats:
    """Densities in air by each row's rule; where it names none, by table 56, or by GB's where ``gb``."""
    found = np.full(rows.n, np.nan)
    chinese = np.zeros(rows.n, dtype=np.bool_) if gb is None else gb
    for (word,), at in rows.grouped(zip(rows.words("buoyancy"), strict=True)).items():
        if not word:
            found[at] = np.where(chinese[at], in_air(density[at], Buoyancy.GB), in_air(density[at], Buoyancy.ASTM56))
        elif word.lower() in set(Buoyancy):
            found[at] = in_air(density[at], Buoyancy(word.lower()))
        else:
            rows.mark(at, f"buoyancy {quoted(word)}, allowed gb, astm56")
    return found


def _appended(columns: Names, given: Names) -> tuple[str, ...]:
    """Masses where one was given; the one that stands in the file alone is not written again."""
    vacuum, air = ("mass_vacuum" in columns or "mass_vacuum" in given), ("mass_air" in columns or "mass_air" in given)
    masses = [name for name, other in (("mass_air", vacuum), ("mass_vacuum", air)) if other]
    return ("factor", "density_air", "lb_per_gal", *masses)


BUOYANCY_HELP: Final = "gb (ρ - 1.1 kg/m³, GB/T 19779) or astm56 (ASTM D1250-80 table 56)"
WATER_EDITION: Final = Flag(
    name="edition", kind=Kind.WORD, help="whose water °API and relative density refer to [2004]"
)

COMMAND: Final = Command(
    name="air",
    purpose="mass in vacuum to mass in air and back (table 56), pounds per gallon (table 8)",
    notes="lb_per_gal is table 8 where the density is the one at 60 °F.",
    flags=(
        Flag(name="density", help="at the base, in vacuum: kg/m³, or °API, or relative, see --api, --rd"),
        API,
        RD,
        WATER_EDITION,
        Flag(name="buoyancy", kind=Kind.WORD, help=BUOYANCY_HELP + " [astm56]"),
        Flag(name="mass_vacuum", help="mass in vacuum, kg"),
        Flag(name="mass_air", help="mass in air, kg, to be turned into mass in vacuum"),
    ),
    compute=compute,
    appended=_appended,
    needs=("factor", "density_air", "lb_per_gal"),
    lines=(
        Line(key="density_kg_m3", symbol="ρ", unit="kg/m³ in vacuum"),
        Line(key="factor", symbol="factor", source="vacuum to air; table 56: (1 - 1.22/ρ)/(1 - 1.22/8100)"),
        Line(key="density_air", symbol="ρ air", unit="kg/m³ in air"),
        Line(key="lb_per_gal", symbol="table 8", unit="lb/US gal in air"),
        Line(key="mass_vacuum", symbol="m vacuum", unit="kg"),
        Line(key="mass_air", symbol="m air", unit="kg"),
    ),
)
