"""What the oil tables' subcommands share: which table a row means, its own units, and the limits it must stay in."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from bot.command.calc.gravity import KG_M3, Gravity
from bot.command.calc.rounding import to
from bot.command.calc.rows import Rows, quoted, shown
from domain.errors import Unmeasurable
from domain.farm import Floats, Ints
from domain.good import Edition
from domain.metering.equation import METRIC_1980
from domain.metering.scale import celsius, fahrenheit
from domain.metering.table import ALPHA_60F, Base, Table

PSI_KPA: Final = 6.894757
BASES: Final = {Base.F60: "60 °F", Base.C15: "15 °C", Base.C20: "20 °C"}

_HAIR: Final = 1e-9  # 230e-6 per °F times 1.8 is not 414e-6 per °C to the last bit
_BY_DENSITY_BELOW: Final = 0.1  # a table C's "density" this small is its α


def source_of(table: Table) -> str:
    """The document that a gauger would quote for the table."""
    if table.edition is Edition.Y2004:
        return "API MPMS 11.1-2004"
    return "GB/T 1885-1998 (API 2540:1980)" if table.base is Base.C20 else "API 2540:1980"


def tables(rows: Rows, names: Sequence[str], *, optional: bool = False) -> list[tuple[Table, Ints]]:
    """The tables that rows mean, each with its rows; a problem where a name or an edition does not exist.

    optional: rows without a table are left out.
    """
    found = []
    for (name, edition), at in rows.grouped(zip(rows.words("table"), rows.words("edition"), strict=True)).items():
        if optional and not name:
            continue
        table = _named(name, edition, names)
        if isinstance(table, Table):
            found.append((table, at))
        else:
            rows.mark(at, table)
    return found


def _named(name: str, edition: str, names: Sequence[str]) -> Table | str:
    """The table, or what is wrong with its name."""
    upper = name.upper()
    if upper not in names:
        seen = f"table {quoted(name)}" if name else "table is missing"
        return f"{seen}, allowed {', '.join(names)}"
    default = Edition.Y1980 if upper.startswith(("59", "60")) else Edition.Y2004
    year = edition.removesuffix(".0") or default.value
    if year not in (Edition.Y1980.value, Edition.Y2004.value):
        return f"edition {quoted(edition)}, allowed 2004, 1980"
    try:
        return Table.named(upper, Edition(year))
    except Unmeasurable as e:
        return str(e)


def temp_c(table: Table, temp: Floats) -> Floats:
    """Temperatures in the table's own unit as °C."""
    return np.asarray(celsius(temp)) if table.fahrenheit else temp


def kpa(table: Table, pressure: Floats) -> Floats:
    """Gauge pressures in the table's own unit as kPa; below 0 counts as 0."""
    return np.maximum(pressure, 0.0) * (PSI_KPA if table.fahrenheit else 1.0)


def own_alpha(table: Table, alpha: Floats) -> Floats:
    """α in the table's own degrees as the equation behind it wants it."""
    return alpha if table.fahrenheit else alpha / table.equation.per_c


def at_base(table: Table, gravity: Gravity, alpha: Floats | None) -> Floats:
    """Densities at the table's base in kg/m³; what was stated as °API or relative density holds at 60 °F."""
    density = gravity.kg_m3(table.edition)
    if table.fahrenheit or not gravity.unit.any():
        return density
    moved = table.density_at_base(density, np.asarray(Base.F60.value), alpha=alpha)
    return np.where(gravity.unit == KG_M3, density, moved)


def rounded_inputs(table: Table, temp: Floats, pressure: Floats) -> tuple[Floats, Floats]:
    """Temperature and pressure to the increments of MPMS 11.1-2004 §11.1.5.4."""
    return (to(temp, 10.0), to(pressure, 1.0)) if table.fahrenheit else (to(temp, 20.0), to(pressure, 0.2))


def check_density(
    rows: Rows, at: Ints, table: Table, gravity: Gravity, own_kg_m3: Floats, *, observed: bool = False
) -> None:
    """A problem for densities outside the edition's limits, which stand at the base of its equation."""
    limits = table.limits
    base = "15 °C" if table.equation is METRIC_1980 else "60 °F"
    allowed = f"allowed {shown(limits.low_kg_m3)}…{shown(limits.high_kg_m3)} kg/m³"

    def why(k: int) -> str:
        own = f"{shown(float(own_kg_m3[k]))} kg/m³ at {base}"
        if observed:
            own = f"{gravity.told(k)} observed, which leads to {own}"
        elif gravity.unit[k] != KG_M3 or BASES[table.base] != base:
            own = f"{gravity.told(k)}, which is {own}"
        return f"density {own}, {allowed} in table {table.name} ({table.edition})"

    rows.reject(at, ~((own_kg_m3 >= limits.low_kg_m3) & (own_kg_m3 <= limits.high_kg_m3)), why)


def check_conditions(rows: Rows, at: Ints, table: Table, temp: Floats, pressure: Floats) -> None:
    """A problem for temperatures and pressures, in the table's own units, outside the edition's limits."""
    limits = table.limits
    t = temp_c(table, temp)
    low, high = (fahrenheit(c) if table.fahrenheit else c for c in (limits.low_c, limits.high_c))
    degree, unit = ("°F", "psi") if table.fahrenheit else ("°C", "kPa")
    most = round(limits.high_kpa / PSI_KPA) if table.fahrenheit else limits.high_kpa
    where = f"in table {table.name} ({table.edition})"
    rows.reject(
        at,
        ~((t >= limits.low_c) & (t <= limits.high_c)),
        lambda k: f"temp {shown(float(temp[k]))} {degree}, allowed {shown(low)}…{shown(high)} {degree} {where}",
    )
    rows.reject(
        at,
        ~(pressure <= most),
        lambda k: f"pressure {shown(float(pressure[k]))} {unit}, allowed up to {shown(most)} {unit} {where}",
    )


def alphas(rows: Rows, at: Ints, table: Table, alpha: Floats, gravity: Gravity) -> tuple[Floats, Gravity]:
    """α for a table C in its own degrees, and the densities beside it: a tiny density is α where none is given."""
    in_density = np.isnan(alpha) & (gravity.value < _BY_DENSITY_BELOW) & (gravity.unit == KG_M3)
    alpha = np.where(in_density, gravity.value, alpha)
    scale, degree = (1.0, "°F") if table.fahrenheit else (1.8, "°C")
    low, high = (round(limit * scale, 9) for limit in ALPHA_60F)
    rows.reject(at, np.isnan(alpha), lambda _: f"alpha is missing: table {table.name} takes α per {degree}")
    rows.reject(
        at,
        ~((alpha >= low * (1.0 - _HAIR)) & (alpha <= high * (1.0 + _HAIR))),
        lambda k: f"alpha {shown(float(alpha[k]))} per {degree}, allowed {shown(low)}…{shown(high)} per {degree}",
    )
    return alpha, Gravity(np.where(in_density, np.nan, gravity.value), gravity.unit)
