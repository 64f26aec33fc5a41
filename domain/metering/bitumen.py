"""Bitumen by ASTM D4311: a factor to 15 °C or 60 °F that is a parabola of the temperature, in two density columns."""

from typing import Final

import numpy as np

from domain.farm import Floats

LIMITS_C: Final = (-25.0, 275.0)
LIGHTEST_KG_M3: Final = 850.0
BORDER_KG_M3: Final = 966.0  # at 15 °C; at 60 °F relative density 0.967
BORDER_RD: Final = 0.967

HEAVY_15C: Final = (1.0094684142, -6.33413410744e-4, 1.45710416212e-7)
LIGHT_15C: Final = (1.0108020095, -7.2343515319e-4, 2.1996598346e-7)
"""D4311 table 1, base 15 °C, 1 as a polynomial of t in °C. Five independent public transcriptions agree."""
HEAVY_60F: Final = (1.0211326242, -3.548988118e-4, 4.49881e-8)
LIGHT_60F: Final = (1.02413769, -4.0641418e-4, 6.79176e-8)
"""Base 60 °F, t in °F. One public transcription; each is 1.0000 at 60 °F."""


def vcf_15c(density15_kg_m3: Floats, temp_c: Floats) -> Floats:
    """Factor from temp_c to 15 °C, dimensionless. Holds from 850 kg/m³ at 15 °C and inside -25…275 °C."""
    return _pick(np.asarray(density15_kg_m3) >= BORDER_KG_M3, HEAVY_15C, LIGHT_15C, temp_c)


def vcf_60f(relative_density: Floats, temp_f: Floats) -> Floats:
    """Factor from temp_f to 60 °F, dimensionless, of a relative density 60/60."""
    return _pick(np.asarray(relative_density) >= BORDER_RD, HEAVY_60F, LIGHT_60F, temp_f)


def density15(density_kg_m3: Floats, temp_c: Floats) -> Floats:
    """Density at 15 °C of bitumen that has this one at temp_c, kg/m³: the heavy column where it leads above its border."""
    heavy = density_kg_m3 / _polynomial(HEAVY_15C, temp_c)
    return np.where(heavy >= BORDER_KG_M3, heavy, density_kg_m3 / _polynomial(LIGHT_15C, temp_c))


def _pick(heavy: object, if_heavy: tuple[float, ...], if_light: tuple[float, ...], t: Floats) -> Floats:
    return np.where(np.asarray(heavy), _polynomial(if_heavy, t), _polynomial(if_light, t))


def _polynomial(c: tuple[float, ...], t: Floats) -> Floats:
    return c[0] + t * (c[1] + t * c[2])
