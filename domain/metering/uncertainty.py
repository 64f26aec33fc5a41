"""How sure a mass is: standard uncertainties (k = 1) of its inputs, carried through the chain by their exact slopes."""

from typing import NamedTuple

import numpy as np

from domain.farm import Floats
from domain.metering.plant import Doubt


class Uncertainty(NamedTuple):
    """Of the mass in air, kg: whole, and the part of each input; the whole is the root of the sum of their squares."""

    u_mass_kg: Floats
    u_gauge_kg: Floats
    u_temp_kg: Floats
    u_density_kg: Floats
    u_table_kg: Floats
    u_sediment_kg: Floats


def uncertainty(
    doubt: Doubt,
    *,
    slope_kg_mm: Floats,
    liquid_kg: Floats,
    per_c: Floats,
    per_kg_m3: Floats,
    u_density_kg_m3: Floats,
    net: Floats,
) -> Uncertainty:
    """All parts in kg. slope_kg_mm: mass per mm of level; per_c and per_kg_m3: d ln m/dt and d ln m/dρ.

    The inputs are taken to be independent, so that no part ever lessens another: the whole never shrinks when one of
    them grows. The shell follows the liquid. Left out: the height of free water, and the roof's own mass.
    """
    gauge = slope_kg_mm * doubt.gauge_mm
    temp = liquid_kg * np.abs(per_c) * doubt.temp_c
    density = liquid_kg * per_kg_m3 * u_density_kg_m3
    table = liquid_kg * doubt.table
    sediment = liquid_kg * (doubt.sediment / net)
    whole = np.sqrt(gauge * gauge + temp * temp + density * density + table * table + sediment * sediment)
    return Uncertainty(whole, gauge, temp, density, table, sediment)
