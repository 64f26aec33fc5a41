"""What is in a tank, and the level that follows from it.

The state is TRUE MASS and temperature; level is always a consequence. All masses here are
in vacuum; commercial weight in air is mass × good.air_factor.
"""

from __future__ import annotations

from dataclasses import dataclass

from depot.density import density_kg_m3, water_density_kg_m3
from depot.shapes import SHELL_REFERENCE_C
from depot.world import TankSpec

MIXING_CONTRACTION = 0.12
"""Water and a light alcohol shrink by 0.12 × w × (1 − w) of their volume, w the mass share of
water: methanol with 5 % water is about 804 kg/m³ at 20 °C, where ideal mixing gives 800."""

WATER_MAX_C = 60.0
"""Above this no free water is simulated; the density cubic ends here."""


@dataclass(slots=True, kw_only=True)
class TankState:
    """Contents of one tank: product, water dissolved in it, free water below it, kg and °C."""

    product_kg: float
    dissolved_water_kg: float
    free_water_kg: float
    temp_c: float

    @property
    def liquid_kg(self) -> float:
        """What stands above the free water: product with whatever is dissolved in it."""
        return self.product_kg + self.dissolved_water_kg


def strain(spec: TankSpec, temp_c: float, ambient_c: float) -> float:
    """Linear growth of the shell. TSh = (7 liquid + air) / 8, or the liquid's if insulated.

    Source: API MPMS 12.1.1; strain² is its CTSh.
    """
    shell_c = temp_c if spec.insulated else (7.0 * temp_c + ambient_c) / 8.0
    return 1.0 + spec.shell_alpha_per_c * (shell_c - SHELL_REFERENCE_C)


def liquid_density_kg_m3(spec: TankSpec, state: TankState) -> float:
    """Density of the liquid above the free water at its temperature, kg/m³."""
    pure = density_kg_m3(spec.good, state.temp_c)
    if state.dissolved_water_kg <= 0.0:
        return pure
    share = state.dissolved_water_kg / state.liquid_kg
    water = water_density_kg_m3(min(state.temp_c, WATER_MAX_C))
    ideal_m3_per_kg = (1.0 - share) / pure + share / water
    return 1.0 / (ideal_m3_per_kg * (1.0 - MIXING_CONTRACTION * share * (1.0 - share)))


def free_water_m3(state: TankState) -> float:
    return state.free_water_kg / water_density_kg_m3(min(state.temp_c, WATER_MAX_C))


def level_mm(spec: TankSpec, state: TankState, ambient_c: float) -> float:
    """Height of the liquid above the datum plate, mm, with a floating roof's displacement."""
    grown = strain(spec, state.temp_c, ambient_c)
    density = liquid_density_kg_m3(spec, state)
    volume_m3 = free_water_m3(state) + state.liquid_kg / density
    bare = spec.shape.level_mm(volume_m3, strain=grown)
    if spec.critical_zone_mm is None:
        return bare
    afloat = spec.shape.level_mm(volume_m3 + spec.roof_mass_kg / density, strain=grown)
    low, high = spec.critical_zone_mm
    # Between its legs and free floating, the roof is carried partly by the liquid.
    share = min(max((afloat - low) / (high - low), 0.0), 1.0)
    return bare + share * (afloat - bare)


def water_level_mm(spec: TankSpec, state: TankState, ambient_c: float) -> float:
    """Height of the oil–water interface above the datum plate, mm; 0 without free water."""
    if state.free_water_kg <= 0.0:
        return 0.0
    grown = strain(spec, state.temp_c, ambient_c)
    return max(0.0, spec.shape.level_mm(free_water_m3(state), strain=grown))


def set_level(spec: TankSpec, state: TankState, *, wanted_mm: float, ambient_c: float) -> None:
    """Change the liquid's mass, not its make-up, so that it stands at wanted_mm (≥ 0)."""
    share = state.dissolved_water_kg / state.liquid_kg if state.liquid_kg > 0.0 else 0.0
    low = 0.0
    high = 1.3 * spec.shape.volume_m3(spec.shape.full_mm, strain=1.0) * 1300.0
    for _ in range(80):
        middle = (low + high) / 2.0
        state.product_kg, state.dissolved_water_kg = middle * (1.0 - share), middle * share
        below = level_mm(spec, state, ambient_c) < wanted_mm
        low, high = (middle, high) if below else (low, middle)


def opening_state(spec: TankSpec, booked_air_kg: int, ambient_c: float) -> TankState:
    """The tank at the start. booked_air_kg: all owners' deliverable mass, heel excluded."""
    air_kg = booked_air_kg + spec.heel_kg + spec.surplus_kg
    grown = strain(spec, spec.temp_c, ambient_c)
    water_m3 = spec.shape.volume_m3(spec.water_mm, strain=grown) if spec.water_mm > 0.0 else 0.0
    return TankState(
        product_kg=air_kg / spec.good.air_factor,
        dissolved_water_kg=0.0,
        free_water_kg=water_m3 * water_density_kg_m3(min(spec.temp_c, WATER_MAX_C)),
        temp_c=spec.temp_c,
    )
