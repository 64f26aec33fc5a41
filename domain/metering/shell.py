"""How a tank's shell widens with warmth (CTSh)."""

import numpy as np
from numpy.typing import NDArray

from domain.farm import Floats


def shell_temp_c(liquid_c: Floats, air_c: Floats, *, insulated: NDArray[np.bool_]) -> Floats:
    """Temperature of the shell: the liquid's when insulated, else (7·TL + TA)/8. Source: API MPMS 12.1.1."""
    return np.where(insulated, liquid_c, (7.0 * liquid_c + air_c) / 8.0)


def shell_factor(strain: Floats, power: Floats, *, second: Floats | float) -> Floats:
    """CTSh, dimensionless, from the strain α·(TSh - TShref): 1 + power·strain + second·strain².

    Upright cylinders: power 2, second 1 (API MPMS 12.1.1). Others: ``shell_power`` and 0, first order in the strain as
    in IP PMP 11. A certificate's own volume coefficient: power 1, second 0, strain = coefficient·(TSh - TShref).
    """
    return 1.0 + strain * (power + second * strain)


def shell_power(height_mm: Floats, slope_m3_mm: Floats, volume_m3: Floats) -> Floats:
    """How much faster than its size a body's partial volume grows at a fixed level: 1 (a film) to 3 (full).

    Bodies of one form obey V(size, h) = size³·v(h/size), whence d ln V/d ln size = 3 - h·V'(h)/V; for a sphere that
    is 3r/(3r - h).
    """
    filling = np.divide(height_mm * slope_m3_mm, volume_m3, out=np.full_like(volume_m3, 2.0), where=volume_m3 > 0.0)
    return np.clip(3.0 - filling, 1.0, 3.0)
