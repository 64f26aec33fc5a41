"""What a tank holds at a level and how its good follows temperature, one value at a time, for ``plain_chain``."""

from bisect import bisect_right
from math import acos, log, pi, sqrt

from benchmarks import plain
from domain.good import Correction, Good
from domain.tank import Shape, Tank

BASED = {"60", "54", "6", "24"}


class Body:
    """A capacity table or a geometer's body."""

    def __init__(self, tank: Tank) -> None:
        """Rows as lists, for ``bisect``."""
        self.shape = None if tank.table or not tank.geometry else tank.geometry.shape
        g = tank.geometry
        if tank.table:
            self.level, self.volume = list(tank.table.level_mm), list(tank.table.volume_m3)
        elif g and self.shape is Shape.VERTICAL:
            self.level = [0.0, g.height_m * 1000.0]
            self.volume = [0.0, pi / 4.0 * g.diameter_m**2 * g.height_m]
        elif g:
            self.r, self.length = g.diameter_m * 500.0, g.length_m
        self.wall = list(tank.table.hydrostatic_m3) if tank.table else []

    def at(self, h: float) -> tuple[float, float, float]:
        """Volume m³, slope m³/mm, hydrostatic term m³ at h mm."""
        if self.shape is Shape.SPHERE:
            return pi * h**2 * (3.0 * self.r - h) / 3e9, pi * h * (2.0 * self.r - h) / 1e9, 0.0
        if self.shape is Shape.HORIZONTAL:
            r, chord = self.r, sqrt(2.0 * self.r * h - h * h)
            return (
                (r * r * acos((r - h) / r) - (r - h) * chord) * self.length / 1e6,
                2.0 * chord * self.length / 1e6,
                0.0,
            )
        i = min(bisect_right(self.level, h), len(self.level) - 1) - 1
        width, over = self.level[i + 1] - self.level[i], h - self.level[i]
        slope = (self.volume[i + 1] - self.volume[i]) / width
        wall = self.wall[i] + (self.wall[i + 1] - self.wall[i]) / width * over if self.wall else 0.0
        return self.volume[i] + slope * over, slope, wall


class Liquid:
    """A good: CTL from its base, and its density from an observed one."""

    def __init__(self, good: Good) -> None:
        """Solves the good's own density once."""
        self.good, self.name, self.edition = good, str(good.correction), str(good.edition)
        self.rho = good.density_kg_m3 * good.packing_factor
        self.yields = 0.0
        if good.correction is Correction.LINEAR:
            self.yields = 1.0
        elif good.correction is Correction.ETHANOL:
            self.share = plain.r22_share(good.abv_percent)
        elif self.name[:-1] in BASED:
            self.steps, own_c, base_c = plain.formula(self.name, self.edition)
            per_c = 1.8 if own_c == plain.F60_C else 1.0
            self.alpha = good.alpha_per_c / per_c if self.name.endswith("C") else None
            self.own = plain.own_density(self.name, self.edition, self.rho, self.alpha)
            self.at_base = self.steps(self.name[-1], self.own, base_c, 0.0, self.alpha).ctl if own_c != base_c else 1.0
            self.yields = self._yields(self.own)

    def _yields(self, rho: float) -> float:
        """-d ln α/d ln ρ."""
        if self.alpha is not None:
            return 0.0
        rows = (plain.AT_15C if self.steps is plain.metric_1980 else plain.AT_60F)[self.name[-1]]
        k0, k1, k2 = plain.coefficients(rows, rho)
        return (2.0 * k0 + k1 * rho) / (k0 + k1 * rho + k2 * rho * rho)

    def ctl(self, t: float, p_kpa: float = 0.0) -> tuple[float, float]:
        """CTL and CPL from t °C and a gauge pressure to the good's base."""
        g = self.good
        if g.correction is Correction.LINEAR:
            return (g.density_kg_m3 - g.slope_kg_m3_c * (t - g.ref_temp_c)) / g.density_kg_m3, 1.0
        if g.correction is Correction.BITUMEN:
            at_ref = 1.0 if g.ref_temp_c == 15.0 else plain.bitumen_15c(g.density_kg_m3, g.ref_temp_c)
            return plain.bitumen_15c(g.density_kg_m3, t) / at_ref, 1.0
        if g.correction is Correction.BULK:
            return 1.0, 1.0
        if g.correction is Correction.ETHANOL:
            return plain.r22(self.share, t) / plain.r22(self.share, 20.0), 1.0
        found = self.steps(self.name[-1], self.own, t, p_kpa, self.alpha)
        return found.ctl / self.at_base, found.cpl

    def base_of(self, observed: float, t: float) -> float:
        """Density at the base of what was observed at t °C."""
        g = self.good
        if g.correction is Correction.LINEAR:
            return observed + g.slope_kg_m3_c * (t - g.ref_temp_c)
        if g.correction is Correction.BITUMEN:
            heavy = observed / plain.bitumen_15c(1000.0, t)
            rho15 = heavy if heavy >= 966.0 else observed / plain.bitumen_15c(900.0, t)
            return rho15 if g.ref_temp_c == 15.0 else rho15 * plain.bitumen_15c(rho15, g.ref_temp_c)
        if g.correction is Correction.ETHANOL:
            return plain.r22(plain.r22_share_of(observed, t), 20.0)
        if g.correction is Correction.BULK:
            return observed
        return plain.density_at_base(self.name, self.edition, observed, t, 0.0, self.alpha)

    def slope(self, t: float) -> float:
        """d ln CTL/dt per °C, from a small step."""
        return (log(self.ctl(t + 0.01)[0]) - log(self.ctl(t - 0.01)[0])) / 0.02
