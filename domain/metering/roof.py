"""What a floating roof does to the level: it sinks in until it has displaced its own weight of liquid, weighed in air."""

from typing import Any


def deduction_m3(mass_kg: Any, density_air_kg_m3: Any, ctl: Any = 1.0) -> Any:
    """FRC: the volume at tank temperature that a table without roof counts too much, m³, negative.

    density_air_kg_m3: of the liquid in air at the base; ctl to tank temperature. Source: API MPMS 12.1.1; the density
    must be the one in air: annex C.2's -4269.89 bbl comes out with no other.
    """
    return -mass_kg / (density_air_kg_m3 * ctl)


def adjustment_m3(mass_kg: Any, density_air_kg_m3: Any, table_density_air_kg_m3: Any, ctl: Any = 1.0) -> Any:
    """FRA: what must be added where the table deducts the roof at its own density in air, m³, of either sign.

    Positive where the liquid is denser than the table's: the roof then sinks in less than was deducted.
    """
    return mass_kg / table_density_air_kg_m3 + deduction_m3(mass_kg, density_air_kg_m3, ctl)
