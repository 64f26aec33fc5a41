"""How the goods of many tanks follow their temperature: VCF to each good's base temperature, as columns.

Knows goods only: no tank, no reading, no mass. One curve serves all methods, so that a farm of mixed goods is one
pass of arithmetic: p = c0 + x·(c1 + x·(c2 + …)) with x = t - origin; VCF = exp(p) for the oil tables, p for the
others. Factors are never rounded: the printed tables' 4 decimals are for people looking things up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from domain.errors import Unmeasurable
from domain.farm import Floats, Ints
from domain.good import Correction, Good
from domain.metering import bitumen, ethanol
from domain.metering.scale import ipts68_c
from domain.metering.table import Table

_LIQUIDS = (300.0, 3000.0)  # kg/m³; what is outside was written in another unit
_ANYWHERE = (-np.inf, np.inf)
_SAME_C = 0.01  # 15.56 is written for 60 °F; to another base a factor is off by 1e-5 and less


class _Terms(NamedTuple):
    """One good's curve: where x begins, the polynomial, how VCF's logarithm follows density's (b·(1 - VCF))."""

    origin_c: float
    polynomial: tuple[float, ...]
    exponential: bool
    its90: bool
    limits_c: tuple[float, float]
    yields: float
    squeeze: tuple[float, float] = (-np.inf, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """VCF over temperature for n goods, arrays of shape (n,). low_c, high_c: the inclusive range where it holds.

    coefficients: as many arrays as the longest polynomial has terms. its90: which curves stand on the scale of 1968.
    yields: b in d ln VCF/d ln ρ ≈ b·(1 - VCF), by which an uncertain density makes VCF uncertain. squeeze: ln F =
    squeeze[0] + squeeze[1]·t in 1/kPa; -inf for goods without a published compressibility.
    """

    goods: tuple[Good, ...]
    origin_c: Floats
    coefficients: tuple[Floats, ...]
    exponential: NDArray[np.bool_]
    its90: NDArray[np.bool_]
    low_c: Floats
    high_c: Floats
    yields: Floats
    squeeze: tuple[Floats, Floats]
    inverters: Mapping[Good, Ints]

    @classmethod
    def of(cls, goods: Sequence[Good]) -> Self:
        """The curves of these goods, in their order; each good is solved once.

        Raises Unmeasurable where a good's density lies outside its method's table.
        """
        solved = {good: _terms(good) for good in dict.fromkeys(goods)}
        terms = [solved[good] for good in goods]
        longest = max((len(t.polynomial) for t in terms), default=1)
        padded = np.zeros((len(terms), longest))
        for row, t in enumerate(terms):
            padded[row, : len(t.polynomial)] = t.polynomial
        limits = np.array([t.limits_c for t in terms], dtype=np.float64).reshape(-1, 2)
        squeeze = np.array([t.squeeze for t in terms], dtype=np.float64).reshape(-1, 2)
        return cls(
            goods=tuple(goods),
            origin_c=np.array([t.origin_c for t in terms], dtype=np.float64),
            coefficients=tuple(column.copy() for column in padded.T),
            exponential=np.array([t.exponential for t in terms], dtype=np.bool_),
            its90=np.array([t.its90 for t in terms], dtype=np.bool_),
            low_c=limits[:, 0].copy(),
            high_c=limits[:, 1].copy(),
            yields=np.array([t.yields for t in terms], dtype=np.float64),
            squeeze=(squeeze[:, 0].copy(), squeeze[:, 1].copy()),
            inverters={good: _rows(goods, good) for good in solved},
        )

    def covers(self, temp_c: Floats) -> NDArray[np.bool_]:
        """Where the curve holds at temp_c of shape (..., n); False for NaN."""
        return (temp_c >= self.low_c) & (temp_c <= self.high_c)

    def at(self, temp_c: Floats) -> tuple[Floats, Floats]:
        """VCF, and its relative slope d ln VCF/dt per °C, both of temp_c's shape (..., n). NaN gives NaN.

        Ask ``covers`` first: outside the range the figures are extrapolated and mean nothing.
        """
        x = self._fitted(temp_c) - self.origin_c
        p, slope = self.coefficients[-1] + 0.0 * x, np.zeros_like(x)
        for coefficient in reversed(self.coefficients[:-1]):
            slope = slope * x + p
            p = p * x + coefficient
        if self.exponential.all():
            return np.exp(p), slope
        vcf = np.where(self.exponential, np.exp(np.where(self.exponential, p, 0.0)), p)
        return vcf, slope / np.where(self.exponential, 1.0, p)

    def cpl(self, temp_c: Floats, pressure_kpa: Floats) -> Floats:
        """CPL at a gauge pressure; 1 at or below 0, where it is unknown, and for goods without compressibility."""
        factor = np.exp(self.squeeze[0] + self.squeeze[1] * self._fitted(temp_c))
        return 1.0 / (1.0 - factor * np.where(pressure_kpa > 0.0, pressure_kpa, 0.0))

    def density_at_base(self, density_kg_m3: Floats, temp_c: Floats) -> Floats:
        """Density at each good's base of what was observed at temp_c, both of shape (..., n), in vacuum, kg/m³."""
        found = np.full(np.broadcast(density_kg_m3, temp_c).shape, np.nan)
        for good, rows in self.inverters.items():
            seen = density_kg_m3[..., rows]
            if not np.isnan(seen).all():  # most goods have no sensor anywhere, and some methods search long for nothing
                found[..., rows] = density_at_base(good, seen, temp_c[..., rows])
        return found

    def _fitted(self, temp_c: Floats) -> Floats:
        """Temperatures on the scale on which each curve was fitted."""
        if not self.its90.any():
            return temp_c
        fitted: Floats = ipts68_c(temp_c)
        return fitted if self.its90.all() else np.where(self.its90, fitted, temp_c)


def density_at_base(good: Good, density_kg_m3: Floats, temp_c: Floats) -> Floats:
    """Density at the good's base temperature of a batch of it that has this one at temp_c, in vacuum, kg/m³."""
    match good.correction:
        case Correction.LINEAR:
            return density_kg_m3 + good.slope_kg_m3_c * (temp_c - good.ref_temp_c)
        case Correction.BITUMEN:
            density15 = bitumen.density15(density_kg_m3, temp_c)
            if good.ref_temp_c == 15.0:  # where the formula itself says 0.9999999977
                return density15
            return density15 * bitumen.vcf_15c(density15, np.asarray(good.ref_temp_c))
        case Correction.ETHANOL:
            return ethanol.density(ethanol.of_density(density_kg_m3, temp_c).mass_fraction, np.asarray(20.0))
        case Correction.BULK:
            return density_kg_m3 + 0.0 * temp_c
        case _:
            table = Table.named(good.correction.value, good.edition)
            return table.density_at_base(density_kg_m3, temp_c, alpha=_alpha(good, table))


def _terms(good: Good) -> _Terms:
    _demand(good, good.density_kg_m3, f"at {good.ref_temp_c:g} °C", *_LIQUIDS)
    match good.correction:
        case Correction.LINEAR:
            terms = _linear(good)
        case Correction.BITUMEN:
            terms = _bitumen(good)
        case Correction.ETHANOL:
            terms = _ethanol(good)
        case Correction.BULK:
            terms = _Terms(0.0, (1.0,), exponential=False, its90=False, limits_c=_ANYWHERE, yields=0.0)
        case _:
            terms = _oil(good, Table.named(good.correction.value, good.edition))
    (low, high), (band_low, band_high) = terms.limits_c, good.temp_band_c
    return terms._replace(limits_c=(max(low, band_low), min(high, band_high)))


def _demand(good: Good, density_kg_m3: float, where: str, low: float, high: float) -> None:
    if not low <= density_kg_m3 <= high:
        raise Unmeasurable(
            f"good {good.code!r}: density {density_kg_m3:g} kg/m³ {where}, allowed {low:g}…{high:g} kg/m³"
        )


def _demand_base(good: Good, base_c: float) -> None:
    if not abs(good.ref_temp_c - base_c) <= _SAME_C:
        raise Unmeasurable(
            f"good {good.code!r}: density at {good.ref_temp_c:g} °C, but {good.correction.value} goes to {base_c:.4g} °C; "
            f"allowed {_SAME_C:g} °C apart"
        )


def _alpha(good: Good, table: Table) -> Floats | None:
    """The stated α in the degrees of the table's equation; None for a table that has its own."""
    return np.asarray(good.alpha_per_c / table.equation.per_c) if good.correction.value.endswith("C") else None


def _oil(good: Good, table: Table) -> _Terms:
    """VCF(t) = CTL(t)/CTL(base), written as one exponential in t - origin."""
    _demand_base(good, table.base.value)
    eq, limits = table.equation, table.limits
    alpha = _alpha(good, table)
    own = table.own_density(np.asarray(good.density_kg_m3), alpha)
    _demand(good, float(own), f"at {eq.base_c:g} °C in table {table.name}", limits.low_kg_m3, limits.high_kg_m3)
    e = eq.expansion(table.group, own, alpha)
    a = float(e.alpha) * eq.per_c  # per °C, so that x may stay in °C
    at_base = (
        float(eq.log_ctl(eq.warmth(np.asarray(table.base.value)), e.alpha)) if table.base.value != eq.base_c else 0
    )
    scale, f0, f1, f2, f3 = eq.compress
    rho2 = float(e.density_kg_m3) ** 2
    return _Terms(
        origin_c=(eq.origin - eq.offset) / eq.per_c,
        polynomial=(-at_base, -a * (1.0 + 0.8 * float(e.alpha) * eq.delta), -0.8 * a * a),
        exponential=True,
        its90=eq.its90,
        limits_c=(limits.low_c, limits.high_c),
        yields=float(e.elasticity),
        squeeze=(
            float(np.log(scale / eq.pressure_unit_kpa)) + f0 + f1 * eq.offset + (f2 + f3 * eq.offset) / rho2,
            (f1 + f3 / rho2) * eq.per_c,
        ),
    )


def _linear(good: Good) -> _Terms:
    """rho(t)/rho(ref) with the certificate's slope."""
    for temp_c in good.temp_band_c:  # a slope in another unit would give a negative mass somewhere
        density = good.density_kg_m3 - good.slope_kg_m3_c * (temp_c - good.ref_temp_c)
        _demand(good, density, f"at {temp_c:g} °C", 1.0, _LIQUIDS[1])
    polynomial = (1.0, -good.slope_kg_m3_c / good.density_kg_m3)
    return _Terms(good.ref_temp_c, polynomial, exponential=False, its90=False, limits_c=_ANYWHERE, yields=1.0)


def _bitumen(good: Good) -> _Terms:
    """ASTM D4311 to 15 °C; for another reference temperature divided by its own value there."""
    density15 = float(bitumen.density15(np.asarray(good.density_kg_m3), np.asarray(good.ref_temp_c)))
    _demand(good, density15, "at 15 °C in table D4311", bitumen.LIGHTEST_KG_M3, _LIQUIDS[1])
    column = bitumen.HEAVY_15C if density15 >= bitumen.BORDER_KG_M3 else bitumen.LIGHT_15C
    at_ref = 1.0 if good.ref_temp_c == 15.0 else float(np.polynomial.Polynomial(column)(good.ref_temp_c))
    polynomial = tuple(c / at_ref for c in column)
    return _Terms(0.0, polynomial, exponential=False, its90=False, limits_c=bitumen.LIMITS_C, yields=0.0)


def _ethanol(good: Good) -> _Terms:
    """OIML R22 for one strength, divided by its density at 20 °C."""
    _demand_base(good, 20.0)
    strength = ethanol.of_abv(np.asarray(good.abv_percent))
    terms = [float(c) for c in ethanol.coefficients(strength.mass_fraction)]
    if abs(terms[0] - good.density_kg_m3) > _R22_AGREES_KG_M3:
        raise Unmeasurable(
            f"good {good.code!r}: {good.abv_percent:g} %vol is {terms[0]:.2f} kg/m³ at 20 °C (OIML R22), "
            f"the certificate says {good.density_kg_m3:g}; allowed {_R22_AGREES_KG_M3:g} kg/m³ apart"
        )
    polynomial = tuple(c / terms[0] for c in terms)
    return _Terms(20.0, polynomial, exponential=False, its90=False, limits_c=ethanol.LIMITS_C, yields=0.0)


_R22_AGREES_KG_M3 = 2.0  # what sugars and esters of a spirit may move it; a strength in % by mass moves it by 20


def _rows(goods: Sequence[Good], good: Good) -> Ints:
    return np.array([i for i, g in enumerate(goods) if g == good], dtype=np.int64)
