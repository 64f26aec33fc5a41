"""How an oil's volume follows temperature and pressure: the three equations that stand behind all API tables.

Each is native at one base temperature and in its own degrees: exp{-α·dt·[1 + 0.8·α·(dt + δ)]}. Everything here
broadcasts: a scalar and a column give the same bits. Which table is asked for, and its other bases: ``table``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from domain.farm import Floats
from domain.metering.scale import ipts68_c

STEPS = 8
"""Of Newton's method, always as many: how often one row is refined must not depend on its neighbours."""

_GENTLE = 0.4
"""The slope is never taken for less: hot light ends under pressure would throw the first step out of the world."""
_FIRM = 0.5
"""No liquid is squeezed by more: a step that went astray must come back and not end in NaN."""


class Group(StrEnum):
    """Whose expansion: A crude oils, B refined products, C a liquid whose α is given, D lubricating oils."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Coefficients(NamedTuple):
    """α = (K0/ρ + K1)/ρ + K2 between the borders in kg/m³ (one less than there are K)."""

    k0: Floats
    k1: Floats
    k2: Floats
    borders: Floats


def _of(*rows: tuple[float, float, float], borders: tuple[float, ...] = ()) -> Coefficients:
    k0, k1, k2 = np.array(rows, dtype=np.float64).T
    return Coefficients(k0, k1, k2, np.array(borders, dtype=np.float64))


class Expansion(NamedTuple):
    """α in the equation's own 1/°, the density ρ* at which it was taken, and d ln α/d ln ρ with its sign turned."""

    alpha: Floats
    density_kg_m3: Floats
    elasticity: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One published equation.

    base_c: its base temperature as people state it, °C. origin: the same in its own degrees and scale; per_c, offset:
    from °C to those degrees. delta: shift of the base between the scales of 1968 and 1990, 0 for none.
    pressure_unit_kpa, compress: F = scale·exp(a + b·t + (c + d·t)/ρ²) per unit of pressure, t in own degrees.
    """

    base_c: float
    origin: float
    per_c: float
    offset: float
    its90: bool
    delta: float
    groups: Mapping[Group, Coefficients]
    pressure_unit_kpa: float
    compress: tuple[float, float, float, float, float]

    def warmth(self, temp_c: Floats) -> Floats:
        """dt: temperature above the base, in the equation's own degrees and scale."""
        return self.degrees(temp_c) - self.origin

    def degrees(self, temp_c: Floats) -> Floats:
        """A temperature in the equation's own degrees and scale."""
        return (ipts68_c(temp_c) if self.its90 else temp_c) * self.per_c + self.offset

    def expansion(self, group: Group, density_kg_m3: Floats, alpha: Floats | None = None) -> Expansion:
        """α for liquids of this density at the base; given for group C, in 1/° of the equation."""
        rho = np.asarray(density_kg_m3, dtype=np.float64)
        if group is Group.C:
            given = np.asarray(alpha, dtype=np.float64)
            return Expansion(given, self._shifted(rho, given, np.zeros_like(given)), np.zeros_like(given))
        k = self.groups[group]
        part = np.searchsorted(k.borders, rho, side="right")
        k0, k1, k2 = k.k0[part], k.k1[part], k.k2[part]
        elasticity = (2.0 * k0 + k1 * rho) / (k0 + (k1 + k2 * rho) * rho)
        first = (k0 / rho + k1) / rho + k2
        if not self.delta:
            return Expansion(first, rho, elasticity)
        star = self._shifted(rho, first, elasticity)
        return Expansion((k0 / star + k1) / star + k2, star, elasticity)

    def log_ctl(self, dt: Floats, alpha: Floats) -> Floats:
        """ln CTL, of temperatures ``dt`` above the base."""
        return -alpha * dt * (1.0 + 0.8 * alpha * (dt + self.delta))

    def compressibility(self, temp_c: Floats, density_kg_m3: Floats) -> Floats:
        """F per unit of pressure; density: ρ* where the equation has one. Source: MPMS 11.2.1, 11.2.1M, 11.1-2004."""
        scale, a, b, c, d = self.compress
        t = self.degrees(temp_c)
        return scale * np.exp(a + b * t + (c + d * t) / (density_kg_m3 * density_kg_m3))

    def density_at_base(
        self,
        group: Group,
        density_kg_m3: Floats,
        temp_c: Floats,
        *,
        pressure: Floats | None = None,
        alpha: Floats | None = None,
    ) -> Floats:
        """Density at the base of a liquid that has this one at temp_c and gauge pressure (own unit), to the last bits.

        Newton's method on ln ρ. The fixed point ρ ← ρ_t/CTL(ρ), often seen, stalls between gasoline and jet fuel,
        where α falls with the eighth power of the density.
        """
        dt = self.warmth(temp_c)
        target = np.log(density_kg_m3 + 0.0)  # a copy: numpy's logarithm of a column read backwards ends in other bits
        log_rho = target + np.zeros_like(dt)
        for _ in range(STEPS):
            e = self.expansion(group, np.exp(log_rho), alpha)
            miss = log_rho + self.log_ctl(dt, e.alpha) - target
            slope = 1.0 + e.elasticity * e.alpha * dt * (1.0 + 1.6 * e.alpha * (dt + self.delta))
            if pressure is not None:
                squeezed = np.minimum(self.compressibility(temp_c, e.density_kg_m3) * pressure, _FIRM)
                miss = miss - np.log1p(-squeezed)
                slope = slope - squeezed / (1.0 - squeezed) * self._stiffening(temp_c, e.density_kg_m3)
            log_rho = log_rho - miss / np.maximum(slope, _GENTLE)
        return np.exp(log_rho)

    def _stiffening(self, temp_c: Floats, density_kg_m3: Floats) -> Floats:
        """d ln F/d ln ρ with its sign turned."""
        _, _, _, c, d = self.compress
        return 2.0 * (c + d * self.degrees(temp_c)) / (density_kg_m3 * density_kg_m3)

    def _shifted(self, rho: Floats, alpha: Floats, elasticity: Floats) -> Floats:
        """ρ*, the density at 60 °F of 1968. Source: MPMS 11.1-2004 §11.1.6.1 step 5."""
        if not self.delta:
            return rho
        a = self.delta / 2.0 * alpha
        return rho * (1.0 + np.expm1(a * (1.0 + 0.8 * a)) / (1.0 + a * (1.0 + 1.6 * a) * elasticity))


# The same coefficients at 60 °F in both editions; borders where the neighbours' α meet (1980 prints 37.0|37.1, 48.0
# and 52.0 °API, which lie within 0.1 of them).
_AT_60F = {
    Group.A: _of((341.0957, 0.0, 0.0)),
    Group.B: _of(
        (192.4571, 0.2438, 0.0),  # gasoline
        (1489.0670, 0.0, -0.00186840),  # between gasoline and jet fuel
        (330.3010, 0.0, 0.0),  # jet fuel, kerosene
        (103.8720, 0.2701, 0.0),  # fuel oil, diesel
        borders=(770.3520, 787.5195, 838.3127),
    ),
    Group.D: _of((0.0, 0.34878, 0.0)),
}
# The printed limits (…770.0, 770.5…787.5, 788.0…838.5, 839.0…) leave gaps of 0.5 kg/m³: there the border lies where
# the neighbours' α meet, or nearest to it (838.5), so that nothing jumps by more than the tables' last digit.
_AT_15C = {
    Group.A: _of((613.97226, 0.0, 0.0)),
    Group.B: _of(
        (346.42278, 0.43884, 0.0),
        (2680.3206, 0.0, -0.00336312),
        (594.5418, 0.0, 0.0),
        (186.9696, 0.48618, 0.0),
        borders=(770.3554167398, 787.5224490723, 838.5000001),  # 838.5 itself is jet fuel
    ),
    Group.D: _of((0.0, 0.6278, 0.0)),
}
_PSI_KPA = 6.894757
_COMPRESS_60F = (1e-5, -1.9947, 0.00013427, 793920.0, 2326.0)
_COMPRESS_15C = (1e-6, -1.6208, 0.00021592, 870960.0, 4209.2)

API_2004 = Equation(
    base_c=(60.0 - 32.0) / 1.8,
    origin=60.0068749,
    per_c=1.8,
    offset=32.0,
    its90=True,
    delta=0.01374979547,
    groups=_AT_60F,
    pressure_unit_kpa=_PSI_KPA,
    compress=_COMPRESS_60F,
)
"""API MPMS 11.1-2004 §11.1.6, ASTM D1250-04…-19: 60 °F, densities and temperatures of today's scale."""

API_1980 = Equation(
    base_c=(60.0 - 32.0) / 1.8,
    origin=60.0,
    per_c=1.8,
    offset=32.0,
    its90=False,
    delta=0.0,
    groups=_AT_60F,
    pressure_unit_kpa=_PSI_KPA,
    compress=_COMPRESS_60F,
)
"""API 2540:1980, tables 5, 6, 23, 24; pressure by MPMS 11.2.1."""

METRIC_1980 = Equation(
    base_c=15.0,
    origin=15.0,
    per_c=1.0,
    offset=0.0,
    its90=False,
    delta=0.0,
    groups=_AT_15C,
    pressure_unit_kpa=1.0,
    compress=_COMPRESS_15C,
)
"""API 2540:1980, tables 53 and 54, and through them GB/T 1885-1998 = ISO 91-2; pressure by MPMS 11.2.1M."""
