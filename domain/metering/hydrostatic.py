"""Density from the weight of the column: two pressures and a level (混合式计量, HTMS)."""

from typing import Final

import numpy as np

from domain.farm import Floats

GRAVITY_M_S2: Final = 9.80665
"""Standard gravity; local gravity lies within 0.3 % of it, which a site's own value takes out."""
SHALLOWEST_MM: Final = 2000.0
"""Under less liquid above the transmitter its zero and the level's millimetres drown the density: no figure."""


def density(p1_kpa: Floats, p3_kpa: Floats, column_mm: Floats, gravity_m_s2: float = GRAVITY_M_S2) -> Floats:
    """Density as observed in kg/m³: (P1 - P3)/(g·h), gauge pressures in kPa, column_mm of liquid above P1.

    NaN where a value is NaN or the column is shallower than 2 m. Source: ISO 15169, API MPMS 3.6.
    """
    deep = np.where(column_mm >= SHALLOWEST_MM, column_mm, np.nan)
    return (p1_kpa - p3_kpa) * 1e6 / (gravity_m_s2 * deep)
