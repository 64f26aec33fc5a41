"""How a good's volume follows its temperature: VCF to the good's reference temperature, as columns.

Knows goods only: no tank, no reading, no mass. One curve serves all methods, so that a farm of mixed goods is one
pass of arithmetic: p = c0 + x·(c1 + x·c2) with x = t - origin; VCF = exp(p) for the oil tables, p for the others.
Factors are never rounded: the printed tables' 4 decimals are for people looking things up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from domain.errors import Unmeasurable
from domain.farm import Floats
from domain.good import Correction, Good

_LIQUIDS = (300.0, 3000.0)  # kg/m³; what is outside was written in another unit

# Valid ranges: density at 15 °C in kg/m³ (API 2540:1980 tables 54A/B/D; ASTM D4311 columns A and B together) and
# temperature in °C (GB/T 1885-1998 tables 60A/B/D; ASTM D4311-04 §1.2). LINEAR has its good's band only.
_RANGES: dict[Correction, tuple[float, float, float, float]] = {
    Correction.T60A: (610.5, 1075.0, -18.0, 150.0),
    Correction.T60B: (653.0, 1075.0, -18.0, 150.0),
    Correction.T60D: (800.0, 1164.0, -18.0, 150.0),
    Correction.BITUMEN: (850.0, _LIQUIDS[1], -25.0, 275.0),
    Correction.LINEAR: (*_LIQUIDS, -np.inf, np.inf),
}

# ASTM D4311 table 1, base 15 °C: 1 as a polynomial of t in °C. Five independent public transcriptions agree.
_D4311_A = (1.0094684142, -6.33413410744e-4, 1.45710416212e-7)  # density at 15 °C from 966 kg/m³
_D4311_B = (1.0108020095, -7.2343515319e-4, 2.1996598346e-7)  # 850 to 965 kg/m³

_STEPS = 20  # each gains a digit or more: α·|t - 15| < 0.2 over the whole range


class _Terms(NamedTuple):
    origin_c: float
    c0: float
    c1: float
    c2: float
    exponential: bool
    low_c: float
    high_c: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """VCF over temperature for n goods, arrays of shape (n,). low_c, high_c: the inclusive range where it holds."""

    origin_c: Floats
    c0: Floats
    c1: Floats
    c2: Floats
    exponential: NDArray[np.bool_]
    low_c: Floats
    high_c: Floats

    @classmethod
    def of(cls, goods: Sequence[Good]) -> Self:
        """The curves of these goods, in their order; each good is solved once.

        Raises Unmeasurable where a good's density lies outside its method's table.
        """
        terms = {good: _terms(good) for good in set(goods)}
        rows = np.array([terms[good] for good in goods], dtype=np.float64).reshape(-1, len(_Terms._fields))
        columns = dict(zip(_Terms._fields, rows.T.copy(), strict=True))
        return cls(exponential=columns.pop("exponential").astype(np.bool_), **columns)

    def covers(self, temp_c: Floats) -> NDArray[np.bool_]:
        """Where the curve holds at temp_c of shape (..., n); False for NaN."""
        return (temp_c >= self.low_c) & (temp_c <= self.high_c)

    def at(self, temp_c: Floats) -> tuple[Floats, Floats]:
        """VCF, and its relative slope d ln VCF/dt per °C, both of temp_c's shape (..., n). NaN gives NaN.

        Ask ``covers`` first: outside the range the figures are extrapolated and mean nothing.
        """
        x = temp_c - self.origin_c
        p = self.c0 + x * (self.c1 + x * self.c2)
        slope = self.c1 + 2.0 * x * self.c2
        vcf = np.where(self.exponential, np.exp(np.where(self.exponential, p, 0.0)), p)
        return vcf, slope / np.where(self.exponential, 1.0, p)


def alpha15_per_c(correction: Correction, density15_kg_m3: float) -> float:
    """Thermal expansion at 15 °C per °C, tables 54A/B/D. Source: API 2540:1980 metric.

    The product groups' printed limits (…770.0, 770.5…787.5, 788.0…838.5, 839.0…) leave gaps of 0.5 kg/m³: there the
    border lies where the neighbours' α meet (770.36, 787.52), or nearest to it (838.5), so that nothing jumps.
    """
    rho = density15_kg_m3
    match correction:
        case Correction.T60A:
            return 613.97226 / rho**2
        case Correction.T60D:
            return 0.6278 / rho
        case Correction.T60B if rho <= 770.36:  # gasoline
            return 346.42278 / rho**2 + 0.43884 / rho
        case Correction.T60B if rho <= 787.52:  # between gasoline and jet
            return -0.00336312 + 2680.3206 / rho**2
        case Correction.T60B if rho <= 838.5:  # jet
            return 594.5418 / rho**2
        case Correction.T60B:  # fuel oil
            return 186.9696 / rho**2 + 0.48618 / rho
    raise AssertionError(f"{correction!r} is not an oil table")


def density15_kg_m3(correction: Correction, density_kg_m3: float, temp_c: float) -> float:
    """Density at 15 °C of an oil that has density_kg_m3 in vacuum at temp_c, to machine precision, by iteration.

    Solves rho15 · VCF54(rho15, t) = rho. With t = 20 this is the way from the certificate's rho20 to tables 60A/B/D
    (ISO 91-2 = GB/T 1885-1998). A glass hydrometer's reading must be corrected for its glass before.
    """
    density15 = density_kg_m3
    for _ in range(_STEPS):
        x = alpha15_per_c(correction, density15) * (temp_c - 15.0)
        density15 = density_kg_m3 / exp(-x * (1.0 + 0.8 * x))
    return density15


def _terms(good: Good) -> _Terms:
    low, high, low_c, high_c = _RANGES[good.correction]
    _demand(good, good.density_kg_m3, f"at {good.ref_temp_c:g} °C", *_LIQUIDS)
    band_low_c, band_high_c = good.temp_band_c
    match good.correction:
        case Correction.LINEAR:
            density15, polynomial = _linear(good)
            for temp_c in good.temp_band_c:  # a slope in another unit would give a negative mass somewhere
                _demand(good, density15 - good.slope_kg_m3_c * (temp_c - 15.0), f"at {temp_c:g} °C", 1.0, high)
        case Correction.BITUMEN:
            density15, polynomial = _bitumen(good)
        case _:
            density15, polynomial = _oil(good)
    _demand(good, density15, f"at 15 °C in table {good.correction.value}", low, high)
    return _Terms(*polynomial, max(low_c, band_low_c), min(high_c, band_high_c))


def _demand(good: Good, density_kg_m3: float, where: str, low: float, high: float) -> None:
    if not low <= density_kg_m3 <= high:
        raise Unmeasurable(
            f"good {good.code!r}: density {density_kg_m3:g} kg/m³ {where}, allowed {low:g}…{high:g} kg/m³"
        )


def _oil(good: Good) -> tuple[float, tuple[float, float, float, float, bool]]:
    """VCF(t) = VCF54(rho15, t)/VCF54(rho15, ref), written as one exponential in t - 15."""
    density15 = density15_kg_m3(good.correction, good.density_kg_m3, good.ref_temp_c)
    alpha = alpha15_per_c(good.correction, density15)
    x = alpha * (good.ref_temp_c - 15.0)
    return density15, (15.0, x * (1.0 + 0.8 * x), -alpha, -0.8 * alpha**2, True)


def _linear(good: Good) -> tuple[float, tuple[float, float, float, float, bool]]:
    """rho(t)/rho(ref) with the certificate's slope."""
    density15 = good.density_kg_m3 - good.slope_kg_m3_c * (15.0 - good.ref_temp_c)
    return density15, (good.ref_temp_c, 1.0, -good.slope_kg_m3_c / good.density_kg_m3, 0.0, False)


def _bitumen(good: Good) -> tuple[float, tuple[float, float, float, float, bool]]:
    """ASTM D4311 to 15 °C; for another reference temperature divided by its own value there."""
    density15 = good.density_kg_m3 / np.polynomial.Polynomial(_D4311_A)(good.ref_temp_c)
    column = _D4311_A if density15 >= 966.0 else _D4311_B
    at_ref = np.polynomial.Polynomial(column)(good.ref_temp_c)
    c0, c1, c2 = (c / at_ref for c in column)
    return density15, (0.0, c0, c1, c2, False)
