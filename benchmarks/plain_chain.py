"""The static chain of API MPMS 12.1.1 and GB/T 19779 for one reading, line by line as it stands in the standard.

The other half of ``benchmarks.plain``. What does not change between two readings is worked out once a tank, as any
careful engineer would.
"""

from bisect import bisect_right
from math import acos, isnan, log, nan, pi, sqrt
from typing import NamedTuple

from benchmarks import plain
from domain.good import Correction, Good
from domain.metering.procedure import STANDARD, Procedure
from domain.tank import DensityFrom, Shape, Tank

BASED = {"60": 20.0, "54": 15.0, "6": plain.F60_C, "24": plain.F60_C}


class Reading(NamedTuple):
    """mm, °C, kg/m³ and kPa gauge; NaN for what was not measured."""

    level_mm: float
    temp_c: float
    water_mm: float = 0.0
    air_c: float = nan
    observed_kg_m3: float = nan
    p1_kpa: float = nan
    p3_kpa: float = nan


class Line(NamedTuple):
    """The chain's columns, named as those of an Inventory."""

    tov_m3: float
    water_m3: float
    ctsh: float
    roof_m3: float
    gov_m3: float
    vcf: float
    gsv_m3: float
    nsv_m3: float
    density_kg_m3: float
    mass_vacuum_kg: float
    mass_air_kg: float
    heel_kg: float
    pipework_kg: float
    deliverable_kg: float
    u_mass_kg: float
    u_gauge_kg: float
    u_temp_kg: float
    u_density_kg: float
    u_table_kg: float
    u_sediment_kg: float


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
        return plain.density_at_base(self.name, self.edition, observed, t, 0.0, self.alpha)

    def slope(self, t: float) -> float:
        """d ln CTL/dt per °C, from a small step."""
        return (log(self.ctl(t + 0.01)[0]) - log(self.ctl(t - 0.01)[0])) / 0.02


class Chain:
    """One tank and its good."""

    def __init__(self, tank: Tank, good: Good, procedure: Procedure = STANDARD) -> None:
        """What does not change between two readings."""
        self.tank, self.good, self.order = tank, good, procedure
        self.body, self.liquid = Body(tank), Liquid(good)
        self.heel_m3 = self.body.at(tank.heel_mm)[0] if tank.heel_mm else 0.0
        self.cut = 0.0 if procedure.sediment_water == "not" else good.sediment_water_percent / 100.0
        self.upright = self.body.shape in (None, Shape.VERTICAL)

    def in_air(self, rho: float) -> float:
        """kg/m³ in air."""
        if self.good.correction is Correction.BULK:
            return rho
        return rho - 1.1 if self.order.buoyancy == "gb" else rho * (1.0 - 1.22 / rho) / (1.0 - 1.22 / 8100.0)

    def shell(self, r: Reading, volume: float, slope: float) -> tuple[float, float]:
        """CTSh, and how fast it follows the liquid's temperature, per °C."""
        tank = self.tank
        if not self.order.shell:
            return 1.0, 0.0
        bare = not tank.insulated and not isnan(r.air_c)
        dt = ((7.0 * r.temp_c + r.air_c) / 8.0 if bare else r.temp_c) - tank.ref_temp_c
        if tank.shell_volume_per_c is not None:
            return 1.0 + tank.shell_volume_per_c * dt, tank.shell_volume_per_c
        if self.upright:
            return 1.0 + 2.0 * tank.alpha_per_c * dt + tank.alpha_per_c**2 * dt**2, 2.0 * tank.alpha_per_c
        power = min(max(3.0 - r.level_mm * slope / volume, 1.0), 3.0) if volume > 0.0 else 1.0
        return 1.0 + power * tank.alpha_per_c * dt, power * tank.alpha_per_c

    def density(self, r: Reading, ctl: float) -> tuple[float, float, float]:
        """Density at the base, its standard uncertainty, CTL to there."""
        tank, observed, u = self.tank, nan, self.good.density_u_kg_m3
        if tank.density_from is DensityFrom.ONLINE:
            observed, u = r.observed_kg_m3, 1.0
        elif tank.density_from is DensityFrom.HYDROSTATIC and tank.p1_mm is not None:
            h = r.level_mm - tank.p1_mm
            if h >= 2000.0:
                observed, u = (r.p1_kpa - r.p3_kpa) * 1e3 / (self.order.gravity_m_s2 * h / 1000.0), 3.0
        if isnan(observed):
            return self.liquid.rho, self.good.density_u_kg_m3, ctl
        base = self.liquid.base_of(observed, r.temp_c)
        return base, u, observed / base

    def roof(self, r: Reading, air: float, vcf: float) -> float:
        """What a floating roof adds, m³."""
        roof = self.tank.roof
        if roof is None or r.level_mm < roof.critical_to_mm:
            return 0.0
        if roof.table_density_air_kg_m3 is None:
            return -roof.mass_kg / (air * vcf)
        return roof.mass_kg / roof.table_density_air_kg_m3 - roof.mass_kg / (air * vcf)

    def measure(self, r: Reading) -> Line:
        """The whole chain, TOV to both masses, with the parts of the uncertainty."""
        tank, order, csw = self.tank, self.order, 1.0 - self.cut
        volume, slope, wall = self.body.at(r.level_mm)
        water = self.body.at(r.water_mm)[0] if r.water_mm > 0.0 else 0.0
        expected, cpl = self.liquid.ctl(r.temp_c, r.p3_kpa if tank.pressurised and r.p3_kpa > 0.0 else 0.0)
        base, u_density, ctl = self.density(r, expected)
        air, vcf = self.in_air(base), ctl * cpl
        at_wall = base * vcf / 1000.0 if order.wall_density == "observed" else base / 1000.0
        tov = volume + wall * (at_wall - (tank.table.includes_relative_density if tank.table else 0.0))
        ctsh, shell_per_c = self.shell(r, tov, slope)
        roof = self.roof(r, air, vcf)
        liquid = tov - water if order.free_water == "gross" else tov
        gov = liquid * ctsh + roof + tank.pipework_m3
        if order.sediment_water == "gross":
            gov *= csw
        gsv = gov * vcf
        nsv = gsv * csw if order.sediment_water == "net" else gsv
        if order.free_water == "net":
            nsv = max(nsv - water, 0.0)
        mass, per_m3 = nsv * air, ctsh * vcf * csw * air
        under = min(tov, self.heel_m3)
        heel = max((under - water) * per_m3 if order.free_water == "gross" else under * per_m3, 0.0)
        if order.free_water == "net":
            heel = max(heel - water * air, 0.0)
        lines = tank.pipework_m3 * vcf * csw * air
        stock = liquid * per_m3 + lines
        u = (
            slope * per_m3 * tank.gauge_u_mm,
            stock * abs(self.liquid.slope(r.temp_c) + shell_per_c) * tank.temp_u_c,
            stock * (1.0 + self.liquid.yields * (1.0 - expected)) / air * u_density,
            stock * tank.table_u,
            stock * (self.good.sediment_water_u_percent / 100.0 if order.sediment_water != "not" else 0.0) / csw,
        )
        return Line(
            tov, water, ctsh, roof, gov, vcf, gsv, nsv, base, nsv * base, mass, heel, lines,
            max(mass - heel - lines, 0.0), sqrt(sum(part * part for part in u)), *u,
        )  # fmt: skip
