"""Density of a liquid at a temperature, one number at a time.

The independent twin of the bot's own implementation: written from the sources, not from
the bot, in scalar floats. Must know nothing of tanks.
"""

from __future__ import annotations

import math
from functools import cache

from depot.goods import ExpansionLaw, Good


class OutOfRangeError(ValueError):
    """A temperature or density outside the range of its expansion law."""


def alpha15_per_c(density15_kg_m3: float, law: ExpansionLaw) -> float:
    """Thermal expansion of a petroleum product at 15 °C, 1/K.

    Source: API 2540:1980 metric tables 54B and 54D (the base of GB/T 1885-1998 60B, 60D),
    constants as printed in "TankMaster, Inventory Calculations".
    """
    rho = density15_kg_m3
    if law == "lube":
        return 0.6278 / rho
    if rho <= 770.25:
        return 346.42278 / rho**2 + 0.43884 / rho
    if rho <= 787.75:
        return -0.00336312 + 2680.3206 / rho**2
    if rho <= 838.75:
        return 594.5418 / rho**2
    return 186.9696 / rho**2 + 0.48618 / rho


def vcf15(density15_kg_m3: float, temp_c: float, law: ExpansionLaw) -> float:
    """Volume at 15 °C divided by volume at temp_c, dimensionless. Source: API 2540:1980."""
    x = alpha15_per_c(density15_kg_m3, law) * (temp_c - 15.0)
    return math.exp(-x * (1.0 + 0.8 * x))


@cache
def density15_from_20(density20_kg_m3: float, law: ExpansionLaw) -> float:
    """Density at 15 °C of an oil known at 20 °C, kg/m³, by fixed-point iteration."""
    rho15 = density20_kg_m3
    for _ in range(60):
        following = density20_kg_m3 / vcf15(rho15, 20.0, law)
        if abs(following - rho15) < 1e-10:
            return following
        rho15 = following
    return rho15


def vcf20(density20_kg_m3: float, temp_c: float, law: ExpansionLaw) -> float:
    """Volume at 20 °C divided by volume at temp_c, dimensionless.

    Source: GB/T 1885-1998 tables 60B and 60D by way of ISO 91-2 (54 at t over 54 at 20 °C);
    checked against printed table values in tests.
    """
    rho15 = density15_from_20(density20_kg_m3, law)
    return vcf15(rho15, temp_c, law) / vcf15(rho15, 20.0, law)


def vcf_bitumen15(density15_kg_m3: float, temp_c: float) -> float:
    """Bitumen's volume at 15 °C divided by volume at temp_c. Source: ASTM D4311, 15 °C base."""
    if density15_kg_m3 >= 966.0:
        return 1.0094684142 - 6.33413410744e-4 * temp_c + 1.45710416212e-7 * temp_c**2
    return 1.0108020095 - 7.2343515319e-4 * temp_c + 2.1996598346e-7 * temp_c**2


def density_kg_m3(good: Good, temp_c: float) -> float:
    """True density (in vacuum) of the good at temp_c, kg/m³. Raises OutOfRangeError."""
    if not good.min_c <= temp_c <= good.max_c:
        raise OutOfRangeError(f"{good.code!r} at {temp_c} °C: allowed {good.min_c}…{good.max_c} °C")
    base = good.density_base_kg_m3
    match good.law:
        case "linear":
            return base + good.slope_kg_m3_per_c * (temp_c - good.base_c)
        case "bitumen":
            return base * vcf_bitumen15(base, temp_c)
        case "oil" | "lube":
            return base * vcf20(base, temp_c, good.law)


def water_density_kg_m3(temp_c: float) -> float:
    """Free water under oil, kg/m³, 0…60 °C: a cubic within 0.04 kg/m³ of the IAPWS values."""
    x = temp_c - 4.0
    return 999.950 - 6.64748e-3 * x - 6.79222e-3 * x**2 + 2.81133e-5 * x**3
