"""The published oil tables by name: which group, which base temperature, which edition, and inside which limits.

Tables 6, 24, 54, 60 turn a density at the base into a factor; 5, 23, 53, 59 a density as observed into one at the
base. Factors are never rounded here unless ``rounded`` is asked for.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Self

import numpy as np

from domain.errors import Unmeasurable
from domain.farm import Floats
from domain.good import Edition
from domain.metering.equation import API_1980, API_2004, METRIC_1980, Equation, Group
from domain.metering.scale import WATER_KG_M3


class Base(Enum):
    """A base temperature in °C, and the two tables of each edition that refer to it."""

    F60 = (60.0 - 32.0) / 1.8
    C15 = 15.0
    C20 = 20.0


_BASES = {
    "6": Base.F60,
    "24": Base.F60,
    "54": Base.C15,
    "60": Base.C20,
    "5": Base.F60,
    "23": Base.F60,
    "53": Base.C15,
    "59": Base.C20,
}
FACTOR_TABLES = tuple(
    f"{no}{group}" for no in ("6", "24", "54", "60") for group in "ABCD" if (no, group) != ("60", "C")
)
DENSITY_TABLES = tuple(f"{no}{group}" for no in ("5", "23", "53", "59") for group in "ABD")


class Limits(NamedTuple):
    """Inclusive limits of an edition: density at its own base in kg/m³, temperature in °C, pressure in kPa (gauge)."""

    low_kg_m3: float
    high_kg_m3: float
    low_c: float
    high_c: float
    high_kpa: float


_LIMITS_2004 = (-50.0, 150.0, 1500.0 * 6.894757)
_LIMITS_1980 = (-18.0, 150.0, 1500.0 * 6.894757)
# MPMS 11.1-2004 table 1, density at 60 °F; API 2540:1980 by way of GB/T 1885-1998, density at 15 °C.
_DENSITIES: dict[tuple[Edition, Group], tuple[float, float]] = {
    (Edition.Y2004, Group.A): (610.6, 1163.5),
    (Edition.Y2004, Group.B): (610.6, 1163.5),
    (Edition.Y2004, Group.C): (470.4, 1201.8),
    (Edition.Y2004, Group.D): (800.9, 1163.5),
    (Edition.Y1980, Group.A): (610.5, 1075.0),
    (Edition.Y1980, Group.B): (653.0, 1075.0),
    (Edition.Y1980, Group.C): (470.4, 1201.8),
    (Edition.Y1980, Group.D): (800.0, 1164.0),
}
_LIGHTEST_6B = 652.5  # table 6B of 1980 ends at 85 °API, 24B at relative density 0.6535
# α of group C: 230e-6…930e-6 per °F in 2004, table 6C of 1980 prints 270e-6…930e-6, 54C the same per °C: 486e-6…1674e-6.
ALPHA_60F = (230e-6, 930e-6)


class Factors(NamedTuple):
    """A factor with the steps by which a gauger checks it, named as the standard does; all broadcast together.

    vcf = ctl·cpl, from the table's base. alpha60 in the equation's own 1/° (per °F at 60 °F, per °C at 15 °C); tstar in
    the same degrees; rhostar in kg/m³; fp per pressure unit of the equation (1e-5/psi, 1/kPa).
    """

    vcf: Floats
    ctl: Floats
    cpl: Floats
    alpha: Floats
    tstar: Floats
    rhostar: Floats
    fp: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of one edition."""

    name: str
    group: Group
    base: Base
    edition: Edition

    @classmethod
    def named(cls, name: str, edition: Edition) -> Self:
        """The table of this name, e.g. "60B". Raises Unmeasurable for one that does not exist."""
        upper = name.strip().upper()
        if upper not in FACTOR_TABLES + DENSITY_TABLES:
            raise Unmeasurable(f"table {name!r}: there are {', '.join(FACTOR_TABLES + DENSITY_TABLES)}")
        return cls(name=upper, group=Group(upper[-1]), base=_BASES[upper[:-1]], edition=edition)

    @property
    def equation(self) -> Equation:
        """Behind the table: 60 °F and 2004 have their own; the metric tables of 1980 stand on 15 °C."""
        if self.edition is Edition.Y2004:
            return API_2004
        return API_1980 if self.base is Base.F60 else METRIC_1980

    @property
    def fahrenheit(self) -> bool:
        """Whether the printed table has °F, psi and α per °F."""
        return self.base is Base.F60

    @property
    def water_kg_m3(self) -> float:
        """What relative density 60/60 refers to in this edition."""
        return WATER_KG_M3[self.edition]

    @property
    def limits(self) -> Limits:
        """Inside which the edition was fitted; densities at the equation's base (60 °F or 15 °C)."""
        low_c, high_c, high_kpa = _LIMITS_2004 if self.edition is Edition.Y2004 else _LIMITS_1980
        low, high = _DENSITIES[self.edition, self.group]
        if self.edition is Edition.Y1980 and self.base is Base.F60 and self.group is Group.B:
            low = _LIGHTEST_6B
        return Limits(low, high, low_c, high_c, high_kpa)

    def own_density(self, density_kg_m3: Floats, alpha: Floats | None = None) -> Floats:
        """Density at the equation's base of a density at the table's base."""
        if self.base.value == self.equation.base_c:
            return np.asarray(density_kg_m3, dtype=np.float64)
        return self.equation.density_at_base(self.group, density_kg_m3, np.asarray(self.base.value), alpha=alpha)

    def factors(
        self,
        density_kg_m3: Floats,
        temp_c: Floats,
        *,
        pressure_kpa: Floats | float = 0.0,
        alpha: Floats | None = None,
    ) -> Factors:
        """CTL and CPL from temp_c and gauge pressure to the table's base, from the density there in kg/m³.

        alpha: for group C, in the equation's own 1/°. Pressures below 0 count as 0. Nothing is checked: ask ``problem``.
        """
        eq = self.equation
        own = self.own_density(density_kg_m3, alpha)
        e = eq.expansion(self.group, own, alpha)
        log_ctl = eq.log_ctl(eq.warmth(np.asarray(temp_c, dtype=np.float64)), e.alpha)
        if self.base.value != eq.base_c:
            log_ctl = log_ctl - eq.log_ctl(eq.warmth(np.asarray(self.base.value)), e.alpha)
        ctl = np.exp(log_ctl)
        fp = eq.compressibility(temp_c, e.density_kg_m3)
        cpl = 1.0 / (1.0 - fp * np.maximum(pressure_kpa, 0.0) / eq.pressure_unit_kpa)
        return Factors(ctl * cpl, ctl, cpl, e.alpha, eq.degrees(temp_c), e.density_kg_m3, fp)

    def density_at_base(
        self,
        density_kg_m3: Floats,
        temp_c: Floats,
        *,
        pressure_kpa: Floats | float = 0.0,
        alpha: Floats | None = None,
    ) -> Floats:
        """Density at the table's base of a liquid observed at temp_c and gauge pressure, in kg/m³, in vacuum.

        A reading on glass must be corrected first: ``hydrometer.glass_factor``.
        """
        eq = self.equation
        pressed = np.maximum(pressure_kpa, 0.0) / eq.pressure_unit_kpa
        pressure = pressed if np.any(pressed > 0.0) else None
        own = eq.density_at_base(self.group, density_kg_m3, temp_c, pressure=pressure, alpha=alpha)
        if self.base.value == eq.base_c:
            return own
        e = eq.expansion(self.group, own, alpha)
        return own * np.exp(eq.log_ctl(eq.warmth(np.asarray(self.base.value)), e.alpha))
