"""``calc vcf``: the factor from observed temperature and pressure to the base, with every step of the standard."""

from typing import Any, Final

import numpy as np

from bot.command.calc.flag import API, EDITION, PRESSURE, RD, TEMP, Command, Flag, Kind, Line
from bot.command.calc.gravity import Gravity, stated
from bot.command.calc.oil import (
    BASES,
    alphas,
    at_base,
    check_conditions,
    check_density,
    kpa,
    own_alpha,
    rounded_inputs,
    source_of,
    tables,
    temp_c,
)
from bot.command.calc.rounding import to
from bot.command.calc.rows import Rows
from domain.farm import Floats, Ints
from domain.good import Edition
from domain.metering.equation import METRIC_1980, Group
from domain.metering.table import FACTOR_TABLES, Table

_ANY_KG_M3: Final = 800.0  # stands where a table C needs no density; nothing that depends on it is shown


def compute(rows: Rows) -> dict[str, Any]:
    """All steps for every row, by table and edition at a time."""
    out: dict[str, Any] = {name: np.full(rows.n, "", dtype=object) for name in _WORDS}
    out |= {name: np.full(rows.n, np.nan) for name in _NUMBERS}
    temp, pressure, alpha = rows.numbers("temp"), rows.numbers("pressure", 0.0), rows.numbers("alpha", np.nan)
    gravity = stated(rows, required=False)
    for table, at in tables(rows, FACTOR_TABLES):
        found = _steps(rows, at, table, gravity.at(at), temp[at], pressure[at], alpha[at])
        for name, column in (found | _names(table)).items():
            out[name][at] = column
    return out


def _steps(
    rows: Rows, at: Ints, table: Table, gravity: Gravity, temp: Floats, pressure: Floats, alpha: Floats
) -> dict[str, Floats]:
    """One table's rows."""
    if rows.rounded:
        temp, pressure = rounded_inputs(table, temp, pressure)
    given: Floats | None = None
    if table.group is Group.C:
        alpha, gravity = alphas(rows, at, table, alpha, gravity)
        given = own_alpha(table, alpha)
    if rows.rounded:
        gravity = gravity.rounded()
    density = at_base(table, gravity, given)
    optional = np.isnan(density) & (table.group is Group.C) & (pressure <= 0.0)
    rows.reject(at, np.isnan(density) & ~optional, lambda _: _missing(table))
    own = table.own_density(np.where(optional, _ANY_KG_M3, density), given)
    own = np.where(optional, table.limits.low_kg_m3, own)
    check_density(rows, at, table, gravity, own)
    check_conditions(rows, at, table, temp, pressure)
    f = table.factors(
        np.where(optional, _ANY_KG_M3, density), temp_c(table, temp), pressure_kpa=kpa(table, pressure), alpha=given
    )
    scale = 1.0 if table.equation is METRIC_1980 else 1e5
    ctpl = to(f.ctl * f.cpl, 1e5)
    vcf = f.vcf
    if rows.rounded:
        vcf = ctpl if table.edition is Edition.Y2004 else to(vcf, 1e4)
    return {
        "temp": temp,
        "pressure": pressure,
        "density_kg_m3": density,
        "tstar": f.tstar,
        "rhostar": np.where(optional, np.nan, f.rhostar),
        "alpha15" if table.equation is METRIC_1980 else "alpha60": f.alpha,
        "fp": np.where(optional, np.nan, f.fp * scale),
        "ctl": f.ctl,
        "cpl": f.cpl,
        "ctpl": ctpl,
        "vcf": vcf,
    }


def _missing(table: Table) -> str:
    if table.group is Group.C:
        return f"density is missing: under pressure table {table.name} needs it beside alpha"
    return "density is missing: give density, api or rd"


def _names(table: Table) -> dict[str, str]:
    metric = table.equation is METRIC_1980
    return {
        "table": table.name,
        "edition": table.edition.value,
        "source": source_of(table),
        "base": BASES[table.base],
        "temp_unit": "°F" if table.fahrenheit else "°C",
        "pressure_unit": "psi" if table.fahrenheit else "kPa",
        "equation_unit": "°C" if metric else "°F",
        "fp_unit": "1/kPa" if metric else "1e-5/psi",
    }


_WORDS: Final = ("table", "edition", "source", "base", "temp_unit", "pressure_unit", "equation_unit", "fp_unit")
_NUMBERS: Final = (
    *("temp", "pressure", "density_kg_m3", "tstar", "rhostar", "alpha60", "alpha15"),
    *("fp", "ctl", "cpl", "ctpl", "vcf"),
)

COMMAND: Final = Command(
    name="vcf",
    purpose="factor from the observed temperature and pressure to the base (tables 6, 24, 54, 60)",
    notes=(
        "--density is at the table's base. Tables C take --alpha instead (a --density below 0.1 is read as α) and need a\n"
        "density only under pressure. vcf = ctl·cpl, unrounded; ctpl is the same to 5 decimals, as 2004 ends."
    ),
    flags=(
        Flag(name="table", kind=Kind.WORD, help=" ".join(FACTOR_TABLES)),
        EDITION,
        Flag(name="density", help="at the table's base: kg/m³, or °API, or relative, see --api, --rd"),
        API,
        RD,
        Flag(
            name="alpha",
            aliases=("alpha60", "alpha15"),
            help="expansion for tables C, per degree of the table: 230e-6…930e-6 per °F (6C, 24C), "
            "414e-6…1674e-6 per °C (54C)",
        ),
        TEMP,
        PRESSURE,
    ),
    compute=compute,
    appended=lambda _, __: ("vcf",),
    needs=("vcf", "ctl", "cpl", "ctpl"),
    lines=(
        Line(key="table", symbol="table", source="{source}, base {base}"),
        Line(key="density_kg_m3", symbol="ρ", unit="kg/m³ at {base}"),
        Line(key="temp", symbol="t", unit="{temp_unit}"),
        Line(key="pressure", symbol="P", unit="{pressure_unit}"),
        Line(key="tstar", symbol="t*", unit="{equation_unit}", source="on the scale of the equation"),
        Line(key="rhostar", symbol="ρ*", unit="kg/m³", source="at the base of the equation"),
        Line(key="alpha60", symbol="α60", unit="1/°F"),
        Line(key="alpha15", symbol="α15", unit="1/°C"),
        Line(key="fp", symbol="Fp", unit="{fp_unit}"),
        Line(key="ctl", symbol="CTL", source="exp{{-α·Δt·[1 + 0.8·α·(Δt + δ)]}} to the base"),
        Line(key="cpl", symbol="CPL", source="1/(1 - F·P)"),
        Line(key="ctpl", symbol="CTPL", source="CTL·CPL to 5 decimals"),
        Line(key="vcf", symbol="VCF", source="CTL·CPL"),
    ),
)
