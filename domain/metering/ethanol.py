"""Ethanol and water (白酒基酒): density, strength and temperature by the general formula of OIML R22:1975."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.farm import Floats

LIMITS_C: Final = (-20.0, 40.0)
ETHANOL20_KG_M3: Final = 789.24
"""Density of pure ethanol at 20 °C by which OIML R22 turns shares by mass into shares by volume."""

_A: Final = (
    998.20123,
    -192.9769495,
    389.1238958,
    -1668.103923,
    13522.15441,
    -88292.78388,
    306287.4042,
    -613838.1234,
    747017.2998,
    -547846.1354,
    223446.0334,
    -39032.85426,
)
_B: Final = (-0.20618513, -0.0052682542, 3.6130013e-5, -3.8957702e-7, 7.169354e-9, -9.9739231e-11)
_C: Final = (
    (
        0.1693443461530087,
        -10.46914743455169,
        71.96353469546523,
        -704.7478054272792,
        3924.090430035045,
        -12101.64659068747,
        22486.46550400788,
        -26055.62982188164,
        18523.73922069467,
        -7420.201433430137,
        1285.617841998974,
    ),
    (
        -0.01193013005057010,
        0.2517399633803461,
        -2.170575700536993,
        13.53034988843029,
        -50.29988758547014,
        109.6355666577570,
        -142.2753946421155,
        108.0435942856230,
        -44.14153236817392,
        7.442971530188783,
    ),
    (
        -6.802995733503803e-4,
        1.876837790289664e-2,
        -0.2002561813734156,
        1.022992966719220,
        -2.895696483903638,
        4.810060584300675,
        -4.672147440794683,
        2.458043105903461,
        -0.5411227621436812,
    ),
    (4.075376675622027e-6, -8.763058573471110e-6, 6.515031360099368e-6, -1.515784836987210e-6),
    (-2.788074354782409e-8, 1.345612883493354e-8),
)
"""Coefficients of R22:1975 §4; two independent public transcriptions agree in all 54."""
_HALVINGS = 60


class Strength(NamedTuple):
    """How strong: share of ethanol by mass, 0…1, and percent by volume at 20 °C (%vol, 度)."""

    mass_fraction: Floats
    abv_percent: Floats


def density(mass_fraction: Floats, temp_c: Floats) -> Floats:
    """Density in kg/m³ of a mixture with this share of ethanol by mass, 0…1, at -20…40 °C."""
    x = np.asarray(temp_c, dtype=np.float64) - 20.0
    c = coefficients(mass_fraction)
    total = np.zeros(np.broadcast(x, c[0]).shape)
    for term in reversed(c):
        total = total * x + term
    return total


def coefficients(mass_fraction: Floats) -> tuple[Floats, ...]:
    """The density as a polynomial of (t - 20 °C) for one strength: seven terms from the constant one."""
    p = np.asarray(mass_fraction, dtype=np.float64)
    terms = [_polynomial(_A, p)]
    for k, b in enumerate(_B):
        terms.append(b + p * _polynomial(_C[k], p) if k < len(_C) else b + 0.0 * p)
    return tuple(terms)


def of_abv(abv_percent: Floats) -> Strength:
    """The strength of a mixture with this percent by volume at 20 °C, 0…100: q = ρ20(p)·p/789.24."""
    asked = np.asarray(abv_percent, dtype=np.float64)
    p = _bisect(lambda p: _polynomial(_A, p) * p / ETHANOL20_KG_M3 * 100.0 < asked, asked)
    return Strength(p, asked)


def of_mass_fraction(mass_fraction: Floats) -> Strength:
    """The strength of a mixture with this share by mass, 0…1."""
    p = np.asarray(mass_fraction, dtype=np.float64)
    return Strength(p, _polynomial(_A, p) * p / ETHANOL20_KG_M3 * 100.0)


def of_density(density_kg_m3: Floats, temp_c: Floats) -> Strength:
    """The strength of a mixture of this density in vacuum at temp_c; 0 or 1 where it lies beyond water or ethanol."""
    seen, t = np.broadcast_arrays(np.asarray(density_kg_m3, dtype=np.float64), np.asarray(temp_c, dtype=np.float64))
    return of_mass_fraction(_bisect(lambda p: density(p, t) > seen, np.where(np.isnan(t), np.nan, seen)))


def _bisect(rises: Callable[[Floats], NDArray[np.bool_]], like: Floats) -> Floats:
    """The share at which ``rises`` turns False, to the last bit: density falls and volume share rises with it."""
    low, high = np.zeros_like(like), np.ones_like(like)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        up = rises(middle)
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return np.where(np.isnan(like), np.nan, high)


def _polynomial(c: tuple[float, ...], p: Floats) -> Floats:
    total = np.full_like(p, c[-1])
    for coefficient in reversed(c[:-1]):
        total = total * p + coefficient
    return total
