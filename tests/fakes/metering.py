"""Tanks, goods and farms for the tests of the metering chain, and what Hypothesis may draw of them."""

import csv
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from domain.farm import Farm
from domain.good import Correction, Edition, Good
from domain.metering.air import Buoyancy
from domain.metering.inventory import Inventory, measure
from domain.metering.plant import Plant
from domain.metering.procedure import STANDARD, Procedure, Taken, WallDensity
from domain.tank import CapacityTable, DensityFrom, Geometry, Roof, Shape, Tank, TankIndex

with (Path(__file__).parents[1] / "data" / "measurement_points.csv").open(encoding="utf-8") as file:
    POINTS = {
        row["id"]: pytest.approx(float(row["published"]), rel=0, abs=float(row["tolerance"]))
        for row in csv.DictReader(file)
    }

COLUMNS = tuple(f.name for f in fields(Inventory))
GAPS = ("online_gap_kg_m3", "hydrostatic_gap_kg_m3")
FIGURES = tuple(name for name in COLUMNS if name not in (*GAPS, "quality", "remarks"))

GOODS = {
    good.code: good
    for good in (
        Good(code="diesel", name="0#柴油", correction=Correction.T60B, density_kg_m3=835.6),
        Good(code="gasoline", name="92#汽油", correction=Correction.T60B, density_kg_m3=735.0, edition=Edition.Y2004),
        Good(
            code="crude",
            name="原油",
            correction=Correction.T60A,
            density_kg_m3=870.0,
            sediment_water_percent=0.8,
            sediment_water_u_percent=0.05,
        ),
        Good(code="lube", name="基础油", correction=Correction.T60D, density_kg_m3=880.0),
        Good(code="fuel", name="燃料油", correction=Correction.T54B, density_kg_m3=985.0, ref_temp_c=15.0),
        Good(code="export", name="出口原油", correction=Correction.T6A, density_kg_m3=850.0, ref_temp_c=15.5556),
        Good(code="bitumen", name="70#沥青", correction=Correction.BITUMEN, density_kg_m3=1030.0, ref_temp_c=15.0),
        Good(code="methanol", name="甲醇", correction=Correction.LINEAR, density_kg_m3=791.0, slope_kg_m3_c=0.946),
        Good(
            code="special",
            name="特种油",
            correction=Correction.T54C,
            density_kg_m3=800.0,
            ref_temp_c=15.0,
            alpha_per_c=1.1e-3,
        ),
        Good(code="maize", name="玉米", correction=Correction.BULK, density_kg_m3=720.0, packing_factor=1.015),
        Good(code="spirit", name="基酒", correction=Correction.ETHANOL, density_kg_m3=897.65, abv_percent=65.0),
    )
}
TABLE = CapacityTable(level_mm=(100.0, 1000.0, 1100.0, 9000.0), volume_m3=(70.0, 700.0, 770.5, 6350.0))
PRESSED = replace(TABLE, hydrostatic_m3=(0.0, 0.1, 0.12, 3.3), includes_relative_density=0.2)
BODIES: tuple[Geometry | CapacityTable, ...] = (
    Geometry(shape=Shape.VERTICAL, diameter_m=30.0, height_m=18.0),
    Geometry(shape=Shape.HORIZONTAL, diameter_m=3.0, length_m=12.0),
    Geometry(shape=Shape.SPHERE, diameter_m=15.0),
    TABLE,
    PRESSED,
)
ROOFS = (
    Roof(mass_kg=60_000.0, critical_from_mm=1500.0, critical_to_mm=1800.0),
    Roof(mass_kg=60_000.0, critical_from_mm=1500.0, critical_to_mm=1800.0, table_density_air_kg_m3=820.0),
)


def a_tank(body: Geometry | CapacityTable = BODIES[0], good: str = "diesel", **more: Any) -> Tank:
    """A tank with this body, named T-1."""
    return Tank(
        **{
            "id": "T-1",
            "site_id": "s1",
            "name": "1号罐",
            "good": good,
            "geometry": body if isinstance(body, Geometry) else None,
            "table": body if isinstance(body, CapacityTable) else None,
            "heel_mm": 200.0,
            "max_level_mm": 10_000.0,
            **more,
        }
    )


def a_farm(tanks: Any, quality: Any = 0, taken_at_us: int = 0, **columns: Any) -> Farm:
    """Good readings of these tanks; a value for all or one each. Water 0 mm and 20 °C if not told otherwise."""
    farm = Farm.unread(TankIndex(tuple(tanks)))
    n = len(farm.index)
    full = {"water_mm": 0.0, "temp_c": 20.0, **columns}
    return replace(
        farm,
        **{name: np.zeros(n) + np.asarray(value, dtype=np.float64) for name, value in full.items()},
        taken_at_us=np.full(n, taken_at_us, dtype=np.int64),
        quality=np.zeros(n, dtype=np.uint32) + np.asarray(quality, dtype=np.uint32),
    )


def measured(tanks: Any, procedure: Procedure = STANDARD, goods: dict[str, Good] = GOODS, **reading: Any) -> Inventory:
    """The chain for these tanks and readings."""
    farm = a_farm(tanks, **reading)
    return measure(farm, Plant.of(farm.index, goods, procedure))


procedures = st.builds(
    Procedure,
    free_water=st.sampled_from(Taken),
    sediment_water=st.sampled_from(Taken),
    shell=st.booleans(),
    buoyancy=st.sampled_from(Buoyancy),
    wall_density=st.sampled_from(WallDensity),
    gravity_m_s2=st.sampled_from([9.80665, 9.79]),
)


@st.composite
def tanks(draw: st.DrawFn, roofed: bool = True) -> Tank:
    """Any tank the chain knows: body, good, shell, roof, lines, source of density."""
    body = draw(st.sampled_from(BODIES))
    roof = draw(st.sampled_from([None, *ROOFS])) if roofed and body in (BODIES[0], TABLE, PRESSED) else None
    return a_tank(
        body,
        draw(st.sampled_from(list(GOODS))),
        insulated=draw(st.booleans()),
        shell_volume_per_c=draw(st.sampled_from([None, 3.6e-5])),
        ref_temp_c=draw(st.sampled_from([15.0, 20.0])),
        pipework_m3=draw(st.sampled_from([0.0, 7.5])),
        density_from=draw(st.sampled_from([DensityFrom.CERTIFICATE, DensityFrom.CERTIFICATE, *DensityFrom])),
        p1_mm=draw(st.sampled_from([None, 250.0])),
        pressurised=draw(st.booleans()),
        roof=roof,
        gauge_u_mm=draw(st.floats(0.0, 5.0)),
        temp_u_c=draw(st.floats(0.0, 2.0)),
        table_u=draw(st.floats(0.0, 0.01)),
    )
