"""What the pressure transmitters of a tank have before them, kPa above the air outside.

P1 sits low on the shell and feels the liquid above it and the vapour above that; P3 sits on the roof.
"""

from __future__ import annotations

from depot.density import water_density_kg_m3
from depot.tank import WATER_MAX_C, TankState, level_mm, liquid_density_kg_m3, water_level_mm
from depot.world import TankSpec

GRAVITY_M_S2 = 9.80665
"""Standard gravity (CGPM 1901); the sites lie within 0.2 % of it."""

VENT_KPA = 0.2
"""At this much the breather valve lets vapour out, or air in."""


def vapour_kpa(warming: float) -> float:
    """P3: a fixed roof breathes out while the air warms (1: at its fastest) and in while it cools (−1)."""
    return VENT_KPA * warming


def lower_kpa(spec: TankSpec, state: TankState, *, ambient_c: float, vapour: float) -> float:
    """P1: the columns of product and free water above the transmitter, on top of the vapour's pressure."""
    assert spec.p1_mm is not None, f"{spec.id} has no transmitter"
    level = level_mm(spec, state, ambient_c)
    water = min(water_level_mm(spec, state, ambient_c), level)
    product_mm = max(level - max(spec.p1_mm, water), 0.0)
    water_mm = max(water - spec.p1_mm, 0.0)
    water_density = water_density_kg_m3(min(state.temp_c, WATER_MAX_C))
    column_kg_m2 = (product_mm * liquid_density_kg_m3(spec, state) + water_mm * water_density) / 1000.0
    return vapour + GRAVITY_M_S2 * column_kg_m2 / 1000.0
