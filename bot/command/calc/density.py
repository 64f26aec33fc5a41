"""``calc density``: a density as observed to the density at the base."""

from typing import Any, Final

import numpy as np

from bot.command.calc.flag import API, EDITION, PRESSURE, RD, TEMP, Command, Flag, Kind, Line
from bot.command.calc.gravity import KG_M3, UNITS, Gravity, of_density, stated
from bot.command.calc.oil import (
    BASES,
    check_conditions,
    check_density,
    kpa,
    rounded_inputs,
    source_of,
    tables,
    temp_c,
)
from bot.command.calc.rounding import to
from bot.command.calc.rows import Bools, Rows
from domain.farm import Floats, Ints
from domain.metering.hydrometer import glass_factor
from domain.metering.scale import api_of_density
from domain.metering.table import DENSITY_TABLES, Base, Table

_AGREES: Final = 1e-9
"""How near the density found must come back to the observed one: otherwise there is none."""


def compute(rows: Rows) -> dict[str, Any]:
    """The density at the base for every row, by table and edition at a time."""
    out: dict[str, Any] = {name: np.full(rows.n, "", dtype=object) for name in _WORDS}
    out |= {name: np.full(rows.n, np.nan) for name in _NUMBERS}
    temp, pressure = rows.numbers("temp"), rows.numbers("pressure", 0.0)
    gravity, glass = stated(rows), rows.truths("hydrometer")
    for table, at in tables(rows, DENSITY_TABLES):
        found = _steps(rows, at, table, gravity.at(at), temp[at], pressure[at], glass[at])
        for name, column in found.items():
            out[name][at] = column
    return out


def _steps(
    rows: Rows, at: Ints, table: Table, observed: Gravity, temp: Floats, pressure: Floats, glass: Bools
) -> dict[str, Any]:
    """One table's rows."""
    if rows.rounded:
        temp, pressure = rounded_inputs(table, temp, pressure)
        observed = observed.rounded()
    t, p = temp_c(table, temp), kpa(table, pressure)
    hyc = np.where(glass, glass_factor(t, table.base), 1.0)
    seen = observed.kg_m3(table.edition)
    found = table.density_at_base(seen * hyc, t, pressure_kpa=p)
    check_conditions(rows, at, table, temp, pressure)
    f = table.factors(found, t, pressure_kpa=p)
    check_density(rows, at, table, observed, table.own_density(found), observed=True)
    misses = ~(np.abs(found * f.vcf - seen * hyc) <= _AGREES * seen)
    rows.reject(at, misses, lambda k: f"density {observed.told(k)}: no density at {BASES[table.base]} leads to it")
    at60 = found if table.fahrenheit else found * table.factors(found, np.asarray(Base.F60.value)).ctl
    stated_so = np.where(observed.unit == KG_M3, found, of_density(at60, observed.unit, table.edition))
    api, rd = api_of_density(at60, table.edition), at60 / table.water_kg_m3
    if rows.rounded:
        stated_so = Gravity(stated_so, observed.unit).rounded().value
        found, api, rd = to(found, 10.0), to(api, 10.0), to(rd, 1e4)
    return {
        "table": table.name,
        "edition": table.edition.value,
        "source": source_of(table),
        "base": BASES[table.base],
        "temp_unit": "°F" if table.fahrenheit else "°C",
        "pressure_unit": "psi" if table.fahrenheit else "kPa",
        "unit": np.array([UNITS[u] for u in observed.unit], dtype=object),
        "observed": observed.value,
        "temp": temp,
        "pressure": pressure,
        "observed_kg_m3": seen,
        "hyc": hyc,
        "density_kg_m3": found,
        "api": api,
        "rd": rd,
        "density": stated_so,
    }


_WORDS: Final = ("table", "edition", "source", "base", "temp_unit", "pressure_unit", "unit")
_NUMBERS: Final = (
    *("observed", "temp", "pressure", "observed_kg_m3", "hyc"),
    *("density_kg_m3", "api", "rd", "density"),
)

COMMAND: Final = Command(
    name="density",
    purpose="density at the base from the density as observed (tables 5, 23, 53, 59)",
    notes=(
        "Observed value and result stand in the same unit: kg/m³, or °API, or relative density; the last two are at\n"
        "60 °F whatever the table. In a batch the column `density` is renamed `observed`, so that `density` is the result."
    ),
    flags=(
        Flag(name="table", kind=Kind.WORD, help=" ".join(DENSITY_TABLES)),
        EDITION,
        Flag(
            name="density",
            aliases=("observed", "observed_density"),
            help="as observed at --temp: kg/m³, or °API, or relative, see --api, --rd",
        ),
        API,
        RD,
        TEMP,
        PRESSURE,
        Flag(
            name="hydrometer",
            kind=Kind.SWITCH,
            aliases=("glass", "hyc"),
            help="read on a glass hydrometer made for the base: multiply by HYC first, as the printed 1980 tables do",
        ),
    ),
    compute=compute,
    appended=lambda _, __: ("density",),
    needs=("density", "density_kg_m3"),
    lines=(
        Line(key="table", symbol="table", source="{source}, base {base}"),
        Line(key="observed", symbol="observed", unit="{unit} at {temp} {temp_unit}"),
        Line(key="pressure", symbol="P", unit="{pressure_unit}"),
        Line(key="observed_kg_m3", symbol="ρ observed", unit="kg/m³"),
        Line(key="hyc", symbol="HYC", source="glass hydrometer; 1 without --hydrometer"),
        Line(key="density_kg_m3", symbol="ρ", unit="kg/m³ at {base}", source="ρ·VCF = ρ observed·HYC"),
        Line(key="api", symbol="API", unit="°API at 60 °F"),
        Line(key="rd", symbol="RD", unit="60/60 °F"),
        Line(key="density", symbol="density", unit="{unit}"),
    ),
    renamed={"density": "observed"},
)
