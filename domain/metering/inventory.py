"""The metering chain as columns: level → TOV → GOV → GSV → NSV → mass, each tank with its uncertainty.

TOV by the capacity table; minus free water; times CTSh = GOV; times VCF = GSV at the good's reference temperature;
less sediment and water = NSV; times density = mass (GB/T 19779-2005, API MPMS 12.1.1). Knows no history, owner or
price. The certificate's density is used; a gauge's own stays in the Farm, for rules that compare the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from domain.metering.capacity import Capacity, shell_factor, shell_power, shell_temp_c, upright
from domain.metering.curve import Curve
from domain.errors import Unmeasurable
from domain.farm import Bits, Farm, Floats, Quality
from domain.good import Good
from domain.tank import Tank, TankIndex

# Buoyancy of air as 容量计重 takes it: mass in air = V20·(ρ20 - 1.1 kg/m³), GB/T 19779-2005 §10 with GB/T 1885-1998.
# ASTM D1250-80 table 56, (1 - 1.22/ρ)/(1 - 1.22/8100), is ρ - 1.07…1.11: the rule is good to 0.004 %.
BUOYANCY_KG_M3 = 1.1

# Sediment and suspended water as a share of GSV: goods carry no laboratory figure yet.
SEDIMENT_WATER_RATIO = 0.0

# Certificate density: the hydrometer's reproducibility of 1.2 kg/m³ (GB/T 2013-2010) is 2.83 standard deviations,
# 0.42; the rest is for a batch that differs from its sample.
DENSITY_U_KG_M3 = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """All that does not change between two polls: constants of every tank and its good, arrays of shape (n,)."""

    index: TankIndex
    capacity: Capacity
    curve: Curve
    density_kg_m3: Floats
    heel_m3: Floats
    insulated: NDArray[np.bool_]
    upright: NDArray[np.bool_]
    alpha_per_c: Floats
    shell_ref_c: Floats
    gauge_u_mm: Floats
    temp_u_c: Floats
    table_u: Floats
    density_u_kg_m3: Floats

    @classmethod
    def of(cls, index: TankIndex, goods: Mapping[str, Good], *, density_u_kg_m3: float = DENSITY_U_KG_M3) -> Self:
        """Constants for these tanks; goods by code. Solves ρ20 → ρ15 and joins the tables, so build it once.

        Raises Unmeasurable where a table, a heel or a density cannot be used, KeyError for a good that is not there.
        """
        tanks = index.tanks
        capacity = Capacity.of(tanks)
        stored = [goods[tank.good] for tank in tanks]

        def column(name: str) -> Floats:
            return np.array([getattr(tank, name) for tank in tanks], dtype=np.float64)

        return cls(
            index=index,
            capacity=capacity,
            curve=Curve.of(stored),
            density_kg_m3=np.array([good.density_kg_m3 for good in stored], dtype=np.float64),
            heel_m3=_heel_m3(capacity, tanks),
            insulated=np.array([tank.insulated for tank in tanks], dtype=np.bool_),
            upright=np.array([upright(tank) for tank in tanks], dtype=np.bool_),
            alpha_per_c=column("alpha_per_c"),
            shell_ref_c=column("ref_temp_c"),
            gauge_u_mm=column("gauge_u_mm"),
            temp_u_c=column("temp_u_c"),
            table_u=column("table_u"),
            density_u_kg_m3=np.full(len(tanks), density_u_kg_m3),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What is in every tank: columns of the Farm's shape, NaN exactly where ``quality`` has a bit.

    tov_m3 total observed, water_m3 free water, ctsh shell factor, gov_m3 gross observed, vcf liquid factor,
    gsv_m3 and nsv_m3 at the good's reference temperature. u_mass_kg: standard uncertainty (k = 1) of mass_air_kg.
    heel_kg: the part of mass_air_kg below the tank's heel level.
    """

    tov_m3: Floats
    water_m3: Floats
    ctsh: Floats
    gov_m3: Floats
    vcf: Floats
    gsv_m3: Floats
    nsv_m3: Floats
    mass_vacuum_kg: Floats
    mass_air_kg: Floats
    u_mass_kg: Floats
    heel_kg: Floats
    quality: Bits


def measure(farm: Farm, plant: Plant, *, ambient_c: Floats | float | None = None) -> Inventory:
    """What the Farm's readings mean. Columns may carry leading axes (time) before the tanks' own.

    ambient_c: air temperature for shells without insulation; None = the liquid's. A row that the Farm calls bad stays
    bad in every column; added here are OUTSIDE_TABLE, OUT_OF_RANGE (temperature beyond the curve, more water than
    liquid) and NOT_FINITE (unknown with no bit). Water at or below 0 mm is no water.
    """
    assert farm.index == plant.index, "a farm is measured by the plant of its own tanks"
    volume, slope = plant.capacity.read(np.stack((farm.level_mm, farm.water_mm)))
    water = np.where(farm.water_mm <= 0.0, 0.0, volume[1])
    air = farm.temp_c if ambient_c is None else np.where(plant.insulated, farm.temp_c, ambient_c)
    quality = _judged(farm, plant, tov_m3=volume[0], water_m3=water, air_c=air)

    columns = np.stack((farm.level_mm, volume[0], slope[0], water, farm.temp_c, air))
    level_mm, tov_m3, slope_m3_mm, water_m3, temp_c, air_c = np.where(quality == 0, columns, np.nan)
    shell_c = shell_temp_c(temp_c, air_c, insulated=plant.insulated)
    power = np.where(plant.upright, 2.0, shell_power(level_mm, slope_m3_mm, tov_m3))
    ctsh = shell_factor(plant.alpha_per_c * (shell_c - plant.shell_ref_c), power, upright=plant.upright)
    vcf, vcf_slope = plant.curve.at(temp_c)

    density_air = plant.density_kg_m3 - BUOYANCY_KG_M3
    net = 1.0 - SEDIMENT_WATER_RATIO
    liquid_m3 = tov_m3 - water_m3
    gov_m3 = liquid_m3 * ctsh
    gsv_m3 = gov_m3 * vcf
    nsv_m3 = gsv_m3 * net
    heel_m3 = np.maximum(np.minimum(tov_m3, plant.heel_m3) - water_m3, 0.0)
    relative_u = _relative_u(plant, per_c=vcf_slope + power * plant.alpha_per_c)
    u_m3 = np.hypot(slope_m3_mm * plant.gauge_u_mm, liquid_m3 * relative_u)
    return Inventory(
        tov_m3=tov_m3,
        water_m3=water_m3,
        ctsh=ctsh,
        gov_m3=gov_m3,
        vcf=vcf,
        gsv_m3=gsv_m3,
        nsv_m3=nsv_m3,
        mass_vacuum_kg=nsv_m3 * plant.density_kg_m3,
        mass_air_kg=nsv_m3 * density_air,
        u_mass_kg=u_m3 * ctsh * vcf * net * density_air,
        heel_kg=heel_m3 * ctsh * vcf * net * density_air,
        quality=quality,
    )


def measure_one(
    tank: Tank, good: Good, *, level_mm: float, water_mm: float, temp_c: float, ambient_c: float | None = None
) -> Inventory:
    """A hand dip: the same chain for one tank, columns of shape (1,). Raises Unmeasurable where a column says NaN."""
    plant = Plant.of(TankIndex((tank,)), {tank.good: good})
    farm = replace(
        Farm.unread(plant.index),
        level_mm=np.array([level_mm]),
        water_mm=np.array([water_mm]),
        temp_c=np.array([temp_c]),
        quality=np.zeros(1, dtype=np.uint32),
    )
    inventory = measure(farm, plant, ambient_c=ambient_c)
    if inventory.quality[0]:
        raise Unmeasurable(
            f"tank {tank.id!r}: level {level_mm:g} mm, water {water_mm:g} mm, temperature {temp_c:g} °C: "
            f"{Quality(int(inventory.quality[0])).name}; allowed {plant.capacity.start_mm[0]:g}…"
            f"{plant.capacity.end_mm[0]:g} mm and {plant.curve.low_c[0]:g}…{plant.curve.high_c[0]:g} °C"
        )
    return inventory


def _relative_u(plant: Plant, *, per_c: Floats) -> Floats:
    """Relative standard uncertainty of mass but for the gauge's: root sum of squares, sensitivities analytic.

    per_c: d ln(VCF·CTSh)/dt, the shell taken to follow the liquid. Density: 1/(ρ - 1.1); its way through VCF is under
    a tenth of that and left out, as is the water cut's height.
    """
    density = plant.density_u_kg_m3 / (plant.density_kg_m3 - BUOYANCY_KG_M3)
    return np.sqrt((per_c * plant.temp_u_c) ** 2 + density**2 + plant.table_u**2)


def _judged(farm: Farm, plant: Plant, *, tov_m3: Floats, water_m3: Floats, air_c: Floats) -> Bits:
    """The Farm's bits and those that only the tank and the good can tell."""
    unknown = ~np.isfinite(np.stack((farm.level_mm, farm.water_mm, farm.temp_c, air_c))).all(axis=0)
    untabled = ~unknown & np.isnan(tov_m3 + water_m3)
    beyond = ~unknown & (~plant.curve.covers(farm.temp_c) | (water_m3 > tov_m3))
    quality = farm.quality | np.where(untabled, np.uint32(Quality.OUTSIDE_TABLE), np.uint32(0))
    quality |= np.where(beyond, np.uint32(Quality.OUT_OF_RANGE), np.uint32(0))
    return quality | np.where(unknown & (quality == 0), np.uint32(Quality.NOT_FINITE), np.uint32(0))


def _heel_m3(capacity: Capacity, tanks: tuple[Tank, ...]) -> Floats:
    """Volume below each heel level; 0 for none. Raises Unmeasurable for a heel that the table does not reach."""
    heel_mm = np.array([tank.heel_mm for tank in tanks], dtype=np.float64)
    heel_m3 = np.where(heel_mm == 0.0, 0.0, capacity.read(heel_mm)[0])
    for row in np.flatnonzero(np.isnan(heel_m3)):
        raise Unmeasurable(
            f"tank {tanks[row].id!r}: heel level {heel_mm[row]:g} mm, "
            f"allowed 0 or {capacity.start_mm[row]:g}…{capacity.end_mm[row]:g} mm"
        )
    return heel_m3
