"""Mass in vacuum and mass in air: what air carries of the liquid and of the weights."""

from enum import StrEnum
from typing import Any, Final

DEDUCTED_KG_M3: Final = 1.1
"""GB/T 19779-2005 §10 with GB/T 1885-1998: mass in air = V20·(ρ20 - 1.1 kg/m³)."""
AIR_KG_M3: Final = 1.22
BRASS_KG_M3: Final = 8100.0
"""ASTM D1250-80 tables 56 and 57: air, and the weights of the balance."""
LB_GAL: Final = 0.0083454044520
"""Pounds per US gallon of 1 kg/m³: 3.785411784e-3 m³ / 0.45359237 kg."""


class Buoyancy(StrEnum):
    """By which rule mass in vacuum becomes mass in air."""

    GB = "gb"
    ASTM56 = "astm56"


def in_air(density_kg_m3: Any, buoyancy: Buoyancy) -> Any:
    """What a cubic metre at the base temperature weighs in air, kg/m³; goods that are weighed, as grain: see ``Good``."""
    if buoyancy is Buoyancy.GB:
        return density_kg_m3 - DEDUCTED_KG_M3
    return density_kg_m3 * vacuum_to_air(density_kg_m3)


def vacuum_to_air(density_kg_m3: Any) -> Any:
    """Table 56: (1 - 1.22/ρ)/(1 - 1.22/8100), dimensionless; equals ρ - 1.07…1.11, so the rule of GB holds to 0.004 %."""
    return (1.0 - AIR_KG_M3 / density_kg_m3) / (1.0 - AIR_KG_M3 / BRASS_KG_M3)


def pounds_per_gallon(density_kg_m3: Any) -> Any:
    """Table 8: pounds in air per US gallon at 60 °F, from the density there in vacuum, kg/m³."""
    return density_kg_m3 * vacuum_to_air(density_kg_m3) * LB_GAL
