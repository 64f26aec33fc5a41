"""How a tank's liquid follows the weather, or its heating coil."""

from __future__ import annotations

import math

from depot.tank import TankState
from depot.world import TankSpec

HEAT_LOSS_W_M2_K = 6.0
"""Bare painted steel in light wind, over the wetted surface."""

HEAT_CAPACITY_J_KG_K = 2100.0
"""Typical of light oils and alcohols; what matters is the order, days to weeks."""

COIL_TIME_S = 3600.0
COIL_CYCLE_S = 3.0 * 3600.0
COIL_SWING_C = 0.2
"""A steam valve hunts slowly about its set point."""


def time_constant_s(spec: TankSpec, state: TankState, level_mm: float) -> float:
    """Seconds in which an unheated liquid closes 63 % of its gap to the weather."""
    surface_m2 = max(spec.shape.surface_m2(max(level_mm, 200.0)), 1.0)
    mass_kg = max(state.liquid_kg + state.free_water_kg, 1000.0)
    return mass_kg * HEAT_CAPACITY_J_KG_K / (HEAT_LOSS_W_M2_K * surface_m2)


def drawn_to_c(spec: TankSpec, *, ambient_c: float, ambient_mean_c: float, epoch_s: float) -> float:
    """The temperature towards which the liquid goes.

    Unheated: its starting temperature moved by the weather's departure from the mean (sun and
    receipts keep each tank a little off the air). Heated: the set point with a slow cycle.
    """
    if spec.heated_to_c is None:
        return spec.temp_c + (ambient_c - ambient_mean_c)
    # The tank's name shifts the cycle, else all coils of a site would breathe together.
    phase = 2.0 * math.pi * (sum(spec.id.encode()) % 97) / 97.0
    return spec.heated_to_c + COIL_SWING_C * math.sin(2.0 * math.pi * epoch_s / COIL_CYCLE_S + phase)


def warm(state: TankState, *, towards_c: float, time_s: float, dt_s: float) -> None:
    """Let dt_s pass. Exact for a constant target, so the step may be long."""
    state.temp_c += (towards_c - state.temp_c) * -math.expm1(-dt_s / time_s)


def mix_in(state: TankState, *, added_kg: float, added_c: float) -> None:
    """The temperature after a warmer or colder parcel has come in; call before adding it."""
    total_kg = state.liquid_kg + added_kg
    if total_kg > 0.0:
        state.temp_c += (added_c - state.temp_c) * added_kg / total_kg
