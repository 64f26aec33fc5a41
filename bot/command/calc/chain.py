"""Hand dips of one tank through the metering chain, with what lies between its columns and what a ticket names."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from bot.command.calc.rows import Bools, Rows, shown
from domain.errors import Unmeasurable
from domain.farm import Farm, Floats, Ints
from domain.good import Good
from domain.metering.dip import Dip, measure_one
from domain.metering.hydrometer import glass_factor
from domain.metering.inventory import Inventory, measure
from domain.metering.plant import Plant
from domain.metering.procedure import Procedure
from domain.metering.quality import Remark
from domain.metering.shell import shell_temp_c
from domain.metering.table import FACTOR_TABLES, Base, Table
from domain.tank import Tank, TankIndex

WORDS: Final = ("tank", "tank_name", "site", "good", "density_from", "calibrated_until", "printed_at", "remarks")
OWN: Final = (
    "level_mm",
    "water_mm",
    "temp_c",
    "shell_c",
    "table_m3",
    "hydrostatic_m3",
    "sw_percent",
    "observed_kg_m3",
    "hyc",
)
OF_CHAIN: Final = tuple(f.name for f in fields(Inventory) if f.name not in ("quality", "remarks"))
COLUMNS: Final = ("level_mm", "table_m3", "hydrostatic_m3", *OF_CHAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dips:
    """What gaugers measured, columns of all rows; NaN for what they did not."""

    level_mm: Floats
    ullage_mm: Floats
    water_mm: Floats
    temp_c: Floats
    air_c: Floats
    density_kg_m3: Floats
    observed_kg_m3: Floats
    glass: Bools
    sediment_percent: Floats
    p3_kpa: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What dips of one tank share: the tank and its good, as the dips change them, and the order of the chain."""

    tank: Tank
    good: Good
    site: str
    procedure: Procedure


def measured(rows: Rows, at: Ints, case: Case, dips: Dips, now: datetime) -> dict[str, Any]:
    """All columns of one case's rows ``at``, of their length: one plant, a farm with a line per dip.

    now: when certificates are judged. What cannot be measured becomes a problem of its row.
    """
    tank = case.tank
    try:
        plant = Plant.of(TankIndex((tank,)), {tank.good: case.good}, case.procedure)
    except Unmeasurable as e:
        rows.mark(at, str(e))
        return {}
    level = _level(rows, at, tank, dips)
    hyc = np.where(dips.glass[at], glass_factor(dips.temp_c[at], _base(case.good)), 1.0)
    observed = dips.observed_kg_m3[at] * hyc
    columns: dict[str, Any] = {
        "level_mm": level,
        "water_mm": dips.water_mm[at],
        "temp_c": dips.temp_c[at],
        "density_kg_m3": observed,
        "air_c": dips.air_c[at],
        "p3_kpa": dips.p3_kpa[at],
        "taken_at_us": np.full(at.size, int(now.timestamp() * 1e6)),
        "quality": np.zeros(at.size, dtype=np.uint32),
    }
    lines: dict[str, Any] = {name: column[:, None] for name, column in columns.items()}
    farm = replace(Farm.unread(plant.index), **lines)
    found = measure(farm, plant)
    _tell_problems(rows, at, case, columns, found)
    return _steps(case, plant, dips, at, columns, found) | _words(case, found, now)


def _level(rows: Rows, at: Ints, tank: Tank, dips: Dips) -> Floats:
    """Levels above the datum plate: as dipped, or the reference height less the ullage."""
    ullage, height = dips.ullage_mm[at], tank.reference_height_mm
    rows.reject(
        at,
        ~np.isnan(ullage) & (height is None),
        lambda _: f"ullage: tank {tank.id!r} has no reference_height_mm in the workspace; give level",
    )
    return np.where(np.isnan(ullage), dips.level_mm[at], (np.nan if height is None else height) - ullage)


def _base(good: Good) -> Base:
    """For which temperature the hydrometer of a good's table is made."""
    if good.correction.value in FACTOR_TABLES and Table.named(good.correction.value, good.edition).fahrenheit:
        return Base.F60
    return Base.C15 if good.ref_temp_c == Base.C15.value else Base.C20


def _tell_problems(rows: Rows, at: Ints, case: Case, columns: dict[str, Any], found: Inventory) -> None:
    """What the chain says of a dip that it cannot measure."""
    names = ("level_mm", "water_mm", "temp_c", "air_c", "p3_kpa")
    missing = (found.remarks[:, 0] & Remark.DENSITY_FROM_CERTIFICATE > 0) & ~np.isnan(columns["density_kg_m3"])
    rows.reject(
        at, missing, lambda k: f"observed_density {shown(float(columns['density_kg_m3'][k]))} kg/m³ leads to no density"
    )
    for k in np.flatnonzero(found.quality[:, 0]).tolist():
        measured: dict[str, Any] = {name: float(columns[name][k]) for name in names}
        dip = Dip(**measured, observed_kg_m3=float(columns["density_kg_m3"][k]))
        try:
            measure_one(case.tank, case.good, dip, case.procedure)
        except Unmeasurable as e:
            rows.problems.setdefault(int(at[k]), str(e))


def _steps(case: Case, plant: Plant, dips: Dips, at: Ints, columns: dict[str, Any], found: Inventory) -> dict[str, Any]:
    """All of the inventory, and what lies between its columns."""
    chained = {name: getattr(found, name)[:, 0] for name in OF_CHAIN}
    table = plant.capacity.volume(columns["level_mm"][:, None])[:, 0]
    temp, air = columns["temp_c"], np.where(np.isnan(columns["air_c"]), columns["temp_c"], columns["air_c"])
    return {
        "level_mm": columns["level_mm"],
        "water_mm": columns["water_mm"],
        "temp_c": temp,
        "shell_c": shell_temp_c(temp, air, insulated=plant.shell.insulated),
        "table_m3": table,
        "hydrostatic_m3": chained["tov_m3"] - table,
        "sw_percent": np.full(at.size, case.good.sediment_water_percent),
        "observed_kg_m3": dips.observed_kg_m3[at],
        "hyc": np.where(np.isnan(dips.observed_kg_m3[at]), np.nan, columns["density_kg_m3"] / dips.observed_kg_m3[at]),
        **chained,
    }


def _words(case: Case, found: Inventory, now: datetime) -> dict[str, Any]:
    """What a ticket names beside its figures."""
    until = case.tank.calibrated_until
    return {
        "tank": case.tank.id,
        "tank_name": case.tank.name,
        "site": case.site,
        "good": case.good.name,
        "density_from": case.tank.density_from.value,
        "calibrated_until": "" if until is None else until.isoformat(),
        "printed_at": now.isoformat(timespec="seconds"),
        "remarks": np.array([_told(int(bits)) for bits in found.remarks[:, 0]], dtype=object),
    }


def _told(bits: int) -> str:
    """The remarks' names, one word in a column."""
    return "|".join(remark.name for remark in Remark if remark & bits and remark.name)
