"""The static chain of API MPMS 12.1.1 and GB/T 19779 for one reading, line by line as it stands in the standard.

The other half of ``benchmarks.plain``. What does not change between two readings is worked out once a tank, as any
careful engineer would.
"""

from math import isnan, nan, sqrt
from typing import NamedTuple

from benchmarks.plain_tank import Body, Liquid
from domain.good import Correction, Good
from domain.metering.procedure import STANDARD, Procedure
from domain.tank import DensityFrom, Shape, Tank


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

    def density(self, r: Reading, ctl: float) -> tuple[float, float, float, bool]:
        """Density at the base, its standard uncertainty, CTL to there, and whether it was observed."""
        tank, observed, u = self.tank, nan, self.good.density_u_kg_m3
        if tank.density_from is DensityFrom.ONLINE:
            observed, u = r.observed_kg_m3, 1.0
        elif tank.density_from is DensityFrom.HYDROSTATIC and tank.p1_mm is not None:
            h = r.level_mm - tank.p1_mm
            if h >= 2000.0:
                observed, u = (r.p1_kpa - r.p3_kpa) * 1e3 / (self.order.gravity_m_s2 * h / 1000.0), 3.0
        if isnan(observed):
            return self.liquid.rho, self.good.density_u_kg_m3, ctl, False
        base = self.liquid.base_of(observed, r.temp_c)
        return base, u, observed / base, True

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
        base, u_density, ctl, observed = self.density(r, expected)
        air, vcf = self.in_air(base), ctl if observed else ctl * cpl
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
            stock * abs((0.0 if observed else self.liquid.slope(r.temp_c)) + shell_per_c) * tank.temp_u_c,
            stock * (1.0 + self.liquid.yields * (1.0 - expected)) / air * u_density,
            stock * tank.table_u,
            stock * (self.good.sediment_water_u_percent / 100.0 if order.sediment_water != "not" else 0.0) / csw,
        )
        return Line(
            tov, water, ctsh, roof, gov, vcf, gsv, nsv, base, nsv * base, mass, heel, lines,
            max(mass - heel - lines, 0.0), sqrt(sum(part * part for part in u)), *u,
        )  # fmt: skip
