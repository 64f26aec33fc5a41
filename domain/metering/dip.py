"""A hand dip: the same chain for one tank, with whatever the gauger measured beside the level."""

from dataclasses import dataclass, replace
from math import nan

import numpy as np

from domain.errors import Unmeasurable
from domain.farm import Farm, Quality
from domain.good import Good
from domain.metering.inventory import Inventory, measure
from domain.metering.plant import Plant
from domain.metering.procedure import STANDARD, Procedure
from domain.tank import DensityFrom, Tank, TankIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Dip:
    """What was measured: mm above the datum plate, °C, kPa gauge; NaN for what was not.

    observed_kg_m3: density in vacuum at tank temperature, used instead of the certificate's. taken_at_us since 1970.
    """

    level_mm: float
    temp_c: float
    water_mm: float = 0.0
    air_c: float = nan
    observed_kg_m3: float = nan
    p3_kpa: float = nan
    taken_at_us: int = 0


def measure_one(tank: Tank, good: Good, dip: Dip, procedure: Procedure = STANDARD) -> Inventory:
    """The chain for one tank, columns of shape (1,). Raises Unmeasurable where a column would say NaN."""
    if np.isfinite(dip.observed_kg_m3):
        tank = replace(tank, density_from=DensityFrom.ONLINE)
    plant = Plant.of(TankIndex((tank,)), {tank.good: good}, procedure)
    farm = replace(
        Farm.unread(plant.index),
        level_mm=np.array([dip.level_mm]),
        water_mm=np.array([dip.water_mm]),
        temp_c=np.array([dip.temp_c]),
        density_kg_m3=np.array([dip.observed_kg_m3]),
        air_c=np.array([dip.air_c]),
        p3_kpa=np.array([dip.p3_kpa]),
        taken_at_us=np.array([dip.taken_at_us]),
        quality=np.zeros(1, dtype=np.uint32),
    )
    inventory = measure(farm, plant)
    if inventory.quality[0]:
        raise Unmeasurable(_why(tank, dip, plant, Quality(int(inventory.quality[0]))))
    return inventory


def _why(tank: Tank, dip: Dip, plant: Plant, quality: Quality) -> str:
    allowed = (
        f"allowed {plant.capacity.start_mm[0]:g}…{plant.capacity.end_mm[0]:g} mm "
        f"and {plant.curve.low_c[0]:g}…{plant.curve.high_c[0]:g} °C"
    )
    if tank.roof is not None:
        allowed += f", not {tank.roof.critical_from_mm:g}…{tank.roof.critical_to_mm:g} mm (critical zone)"
    return (
        f"tank {tank.id!r}: level {dip.level_mm:g} mm, water {dip.water_mm:g} mm, temperature {dip.temp_c:g} °C: "
        f"{quality.name}; {allowed}"
    )
