"""What a gauge shows at a moment: the only thing that the register maps may know of a tank."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One tank's gauge. Levels in mm, °C, kg/m³ at tank temperature, kPa above air; None where it cannot say."""

    level_mm: float | None
    water_mm: float | None
    temp_c: float | None
    density_kg_m3: float | None
    p1_kpa: float | None = None
    p3_kpa: float | None = None
    searching_water: bool = False
    fault: bool = False


FAULTED = Reading(level_mm=None, water_mm=None, temp_c=None, density_kg_m3=None, fault=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """The truth that a gauge looks at. sloshing_mm is the height of waves from a pump.

    p1_kpa, p3_kpa: None on a tank without pressure transmitters.
    """

    level_mm: float
    water_mm: float
    temp_c: float
    density_kg_m3: float
    sloshing_mm: float
    p1_kpa: float | None = None
    p3_kpa: float | None = None
