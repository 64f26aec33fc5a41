"""Tanks, goods and readings for ``benchmarks.measure``: everything fitted that a mass can depend on."""

from dataclasses import replace

import numpy as np

from benchmarks.plain_chain import Reading
from benchmarks.year import INDEX, TANKS
from domain.farm import Farm
from domain.good import Correction, Edition, Good
from domain.tank import CapacityTable, Roof, Tank, TankIndex

RNG = np.random.default_rng(11)
GOODS = {
    good.code: good
    for good in (
        Good(code="diesel", name="0#柴油", correction=Correction.T60B, density_kg_m3=835.6),
        Good(
            code="crude",
            name="原油",
            correction=Correction.T60A,
            density_kg_m3=870.0,
            sediment_water_percent=0.4,
            sediment_water_u_percent=0.05,
        ),
        Good(code="jet", name="航煤", correction=Correction.T60B, density_kg_m3=795.0, edition=Edition.Y2004),
        Good(code="METHANOL", name="甲醇", correction=Correction.LINEAR, density_kg_m3=791.01, slope_kg_m3_c=0.95),
    )
}
LEVELS = tuple(float(mm) for mm in range(0, 19_001, 10))
TABLE = CapacityTable(
    level_mm=LEVELS,
    volume_m3=tuple(0.7068 * mm + 0.02 * (mm // 2000) for mm in LEVELS),
    hydrostatic_m3=tuple(2.5e-8 * mm * mm for mm in LEVELS),
)


def a_tank(n: int, good: str, **more: object) -> Tank:
    """An upright tank with a table in cm, a hydrostatic term and a heel."""
    return Tank(
        **{
            "id": f"T-{n:02d}",
            "site_id": "bench",
            "name": f"T-{n:02d}",
            "good": good,
            "table": TABLE,
            "heel_mm": 300.0,
            "max_level_mm": 18_000.0,
            "pipework_m3": 5.0,
            **more,
        }  # type: ignore[arg-type]
    )


def farm(tanks: int, **more: object) -> TankIndex:
    """Diesel and crude under both kinds of roof and under none."""
    roofs = (
        None,
        Roof(mass_kg=90_000.0, critical_from_mm=1500.0, critical_to_mm=1900.0),
        Roof(mass_kg=90_000.0, critical_from_mm=1500.0, critical_to_mm=1900.0, table_density_air_kg_m3=830.0),
    )
    return TankIndex(tuple(a_tank(n, ("diesel", "crude")[n % 2], roof=roofs[n % 3], **more) for n in range(tanks)))


def polls(index: TankIndex, lines: int) -> Farm:
    """So many polls in which every level, temperature and density differs."""
    shape = (lines, len(index))
    temp = RNG.uniform(-5.0, 45.0, shape)
    columns = {
        "level_mm": RNG.uniform(2000.0, 18_000.0, shape),
        "water_mm": RNG.uniform(0.0, 250.0, shape),
        "temp_c": temp,
        "density_kg_m3": RNG.uniform(848.0, 856.0, shape) - 0.7 * (temp - 20.0),
        "air_c": RNG.uniform(-15.0, 38.0, shape),
        "p1_kpa": np.full(shape, np.nan),
        "p3_kpa": np.full(shape, np.nan),
    }
    whole = {name: np.zeros(shape, dtype=np.int64) for name in ("taken_at_us", "received_at_us", "status")}
    return replace(Farm.unread(index), **columns, **whole, quality=np.zeros(shape, dtype=np.uint32))


def at(farm_: Farm, line: int, tank: int = 0) -> Reading:
    """One reading of a farm as the plain twin takes it."""
    names = ("level_mm", "temp_c", "water_mm", "air_c", "density_kg_m3", "p1_kpa", "p3_kpa")
    return Reading(*(float(getattr(farm_, name)[line, tank]) for name in names))


def of_the_year() -> TankIndex:
    """The tanks of ``benchmarks.year`` as real ones: tables in cm, roofs, four goods."""
    shaped = farm(TANKS).tanks
    goods = tuple(GOODS)
    return TankIndex(
        tuple(
            replace(
                tank, id=INDEX.tanks[n].id, good=goods[n % 4], roof=tank.roof if goods[n % 4] != "METHANOL" else None
            )
            for n, tank in enumerate(shaped)
        )
    )
