"""``calc roof``: the volume that a floating roof takes up, or the difference to what the table deducts already."""

from typing import Any, Final, NamedTuple

import numpy as np

from bot.command.calc.air import BUOYANCY_HELP, by_rule, check_liquid, editions
from bot.command.calc.flag import API, EDITION, RD, TEMP, Command, Flag, Kind, Line
from bot.command.calc.gravity import KG_M3, Gravity, stated
from bot.command.calc.oil import at_base, check_conditions, check_density, rounded_inputs, tables, temp_c
from bot.command.calc.rounding import to
from bot.command.calc.rows import Bools, Rows, shown
from domain.farm import Floats, Ints
from domain.good import Edition
from domain.metering.air import LB_GAL, Buoyancy
from domain.metering.air import in_air as in_air_of
from domain.metering.roof import adjustment_m3, deduction_m3
from domain.metering.scale import density_of_api
from domain.metering.table import FACTOR_TABLES, Base, Table

LB_KG: Final = 0.45359237
BBL_M3: Final = 0.158987294928
_CTL: Final = (0.5, 1.5)
_TABLES: Final = tuple(name for name in FACTOR_TABLES if not name.endswith("C"))


class _Liquid(NamedTuple):
    """What the roof floats in: density at the base in kg/m³, ctl, whether °F tables, whether tables 60 are meant."""

    base: Floats
    ctl: Floats
    fahrenheit: Bools
    gb: Bools


def compute(rows: Rows) -> dict[str, Any]:
    """Volume at tank temperature for every row, negative where the roof displaces more than the table deducts."""
    mass = _mass(rows)
    direct = rows.numbers("density_air", np.nan)
    gravity = stated(rows, required=False)
    gravity = gravity.rounded() if rows.rounded else gravity
    none = np.isnan(direct) & np.isnan(gravity.value)
    rows.refuse(none, "density is missing: give density_air, or density, api or rd at the base")
    liquid = _liquid(rows, gravity, direct)
    carried = by_rule(rows, liquid.base, gb=liquid.gb)
    in_air = np.where(np.isnan(direct), _printed(rows, carried, liquid.fahrenheit), direct)
    check_liquid(rows, "density_air", in_air)
    table_air = _table_density(rows)
    frc = np.isnan(table_air)
    volume = np.where(frc, deduction_m3(mass, in_air, liquid.ctl), adjustment_m3(mass, in_air, table_air, liquid.ctl))
    found = {
        "mass_kg": mass,
        "density_air": in_air,
        "lb_per_gal": in_air * LB_GAL,
        "ctl": liquid.ctl,
        "method": np.where(frc, "FRC", "FRA"),
        "volume_m3": volume,
        "volume_bbl": volume / BBL_M3,
    }
    if not frc.all():
        found |= {"table_density_air": table_air, "table_volume_m3": mass / table_air}
    return found


def _mass(rows: Rows) -> Floats:
    """Mass of the roof in kg."""
    kg, pounds = rows.numbers("mass", np.nan), rows.numbers("pounds", np.nan)
    rows.refuse(np.isnan(kg) & np.isnan(pounds), "mass is missing: give mass (kg) or pounds")
    rows.refuse(~np.isnan(kg) & ~np.isnan(pounds), "mass and pounds are both given: one says it")
    mass = np.where(np.isnan(kg), pounds * LB_KG, kg)
    rows.reject(rows.every(), mass <= 0.0, lambda k: f"mass {shown(float(mass[k]))} kg, allowed above 0")
    return mass


def _liquid(rows: Rows, gravity: Gravity, direct: Floats) -> _Liquid:
    """Row by row from its table, or without one."""
    ctl, temp = rows.numbers("ctl", np.nan), rows.numbers("temp", np.nan)
    found = _Liquid(np.full(rows.n, np.nan), ctl, gravity.unit != KG_M3, np.zeros(rows.n, dtype=np.bool_))
    untabled = np.array([not word for word in rows.words("table")], dtype=np.bool_)
    for edition, of_edition in editions(rows):
        at = of_edition[untabled[of_edition]]
        found.base[at] = gravity.at(at).kg_m3(edition)
    lacks = untabled & np.isnan(ctl) & np.isnan(direct)
    rows.refuse(lacks, "ctl is missing: give it, or table and temp")
    ctl[untabled & np.isnan(ctl)] = 1.0
    for table, at in tables(rows, _TABLES, optional=True):
        found.base[at] = at_base(table, gravity.at(at), None)
        found.fahrenheit[at] |= table.fahrenheit
        found.gb[at] = table.base is Base.C20
        wanted = at[np.isnan(ctl[at])]
        ctl[wanted] = _ctl(rows, wanted, table, gravity, found.base, temp)
    rows.within("ctl", ctl, "", *_CTL)
    return found


def _ctl(rows: Rows, at: Ints, table: Table, gravity: Gravity, base: Floats, temp: Floats) -> Floats:
    """CTL of some rows by their table, to its printed decimals where asked."""
    rho, t = base[at], temp[at]
    if rows.rounded:
        t, _ = rounded_inputs(table, t, t)
    rows.reject(at, np.isnan(t), lambda _: f"temp is missing: table {table.name} needs it for ctl")
    rows.reject(
        at, np.isnan(rho), lambda _: f"density is missing: table {table.name} needs the one at the base for ctl"
    )
    check_density(rows, at, table, gravity.at(at), table.own_density(rho))
    check_conditions(rows, at, table, t, np.zeros_like(t))
    ctl = table.factors(rho, temp_c(table, t)).ctl
    return to(ctl, 1e5 if table.edition is Edition.Y2004 else 1e4) if rows.rounded else ctl


def _table_density(rows: Rows) -> Floats:
    """The density in air for which the table deducts the roof, kg/m³; NaN where it deducts none."""
    direct, api = rows.numbers("table_density_air", np.nan), rows.numbers("table_api", np.nan)
    both = ~np.isnan(direct) & ~np.isnan(api)
    rows.refuse(both, "table_density_air and table_api are both given: one says it")
    of_api = np.full(rows.n, np.nan)
    api = to(api, 10.0) if rows.rounded else api
    for edition, at in editions(rows):
        of_api[at] = in_air_of(density_of_api(api[at], edition), Buoyancy.ASTM56)
    of_api = _printed(rows, of_api, np.ones(rows.n, dtype=np.bool_))
    found = np.where(np.isnan(direct), of_api, direct)
    check_liquid(rows, "table_density_air", found)
    return found


def _printed(rows: Rows, in_air: Floats, fahrenheit: Bools) -> Floats:
    """A density in air as tables print it: 0.001 lb/gal, or 0.1 kg/m³."""
    if not rows.rounded:
        return in_air
    return np.where(fahrenheit, to(in_air * LB_GAL, 1e3) / LB_GAL, to(in_air, 10.0))


COMMAND: Final = Command(
    name="roof",
    purpose="what a floating roof displaces: FRC, or FRA where the table deducts it already",
    notes=(
        "The liquid's density in air, or at the base (then --buoyancy); the way to tank temperature by --table and --temp,\n"
        "or --ctl (1 where --density-air is the one at tank temperature). FRC is negative: it is added to the volume."
    ),
    flags=(
        Flag(name="mass", help="of the roof, kg"),
        Flag(name="pounds", aliases=("lb",), help="of the roof, lb, instead of kg"),
        Flag(name="density_air", help="of the liquid in air, kg/m³"),
        Flag(name="density", help="of the liquid at the base, in vacuum: kg/m³, or °API, or relative"),
        API,
        RD,
        Flag(name="buoyancy", kind=Kind.WORD, help=BUOYANCY_HELP + " [astm56; tables 60: gb]"),
        Flag(name="table", kind=Kind.WORD, help=" ".join(_TABLES)),
        EDITION,
        TEMP,
        Flag(name="ctl", help="the factor itself, from tank temperature to the base, instead of table and temp"),
        Flag(name="table_density_air", help="for which the tank's table deducts the roof, kg/m³ in air: FRA"),
        Flag(name="table_api", help="the same as °API at 60 °F"),
    ),
    compute=compute,
    appended=lambda _, __: ("volume_m3", "volume_bbl"),
    needs=("volume_m3", "volume_bbl", "density_air", "ctl"),
    lines=(
        Line(key="mass_kg", symbol="m roof", unit="kg"),
        Line(key="density_air", symbol="ρ air", unit="kg/m³ in air"),
        Line(key="lb_per_gal", symbol="ρ air", unit="lb/US gal in air"),
        Line(key="ctl", symbol="CTL"),
        Line(key="table_density_air", symbol="ρ air of the table", unit="kg/m³ in air"),
        Line(key="table_volume_m3", symbol="deducted by the table", unit="m³"),
        Line(
            key="method",
            symbol="method",
            source="FRC: -m/(ρ air·CTL); FRA: m/ρ air of the table + FRC; API MPMS 12.1.1",
        ),
        Line(key="volume_m3", symbol="V roof", unit="m³"),
        Line(key="volume_bbl", symbol="V roof", unit="bbl"),
    ),
)
