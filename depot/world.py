"""The farm as written down: sites, tanks, owners, opening books, prices and the day's plan.

Plain values without behaviour. Loading them from files is `load.py`; what moves is elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from depot.goods import Good
from depot.shapes import Shape

Direction = Literal["in", "out", "transfer", "process"]
ShapeKind = Literal["vertical", "table", "horizontal", "sphere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSpec:
    """One depot. Grids are what a gauge can show, noises one standard deviation."""

    id: str
    name: str
    unit_id: int
    level_grid_mm: float
    level_noise_mm: float
    temp_grid_c: float
    temp_noise_c: float
    ambient_mean_c: float
    daily_swing_c: float
    front_swing_c: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TankSpec:
    """One tank as built and as filled at the start. heel_kg and surplus_kg are in air.

    p1_mm: where the lower pressure transmitter sits; a tank with one has another in its vapour space. None: neither.
    """

    id: str
    site: str
    good: Good
    shape_kind: ShapeKind
    shape: Shape
    max_fill_mm: float
    heel_mm: float
    heel_kg: int
    surplus_kg: int
    roof: str
    roof_mass_kg: float
    critical_zone_mm: tuple[float, float] | None
    insulated: bool
    heated_to_c: float | None
    shell_alpha_per_c: float
    pump_max_t_h: float
    density_gauge: bool
    temp_c: float
    water_mm: float
    p1_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """An owner's cargo in a tank, kg in air: mass_kg above the heel, heel_kg below it."""

    site: str
    tank: str
    good: str
    owner: str
    mass_kg: int
    heel_kg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One price line, CNY per tonne."""

    ref: str
    good: str
    provider: str
    region: str
    basis: str
    unit: str
    currency: str
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMove:
    """A legitimate movement of the ordinary day, repeated at every_min minutes."""

    tank: str
    direction: Direction
    to_tank: str | None
    mass_t: float
    rate_t_h: float
    kind: str
    after_min: float
    every_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PastMove:
    """A movement closed before the start, which the opening books already contain."""

    tank: str
    direction: Direction
    mass_t: float
    rate_t_h: float
    kind: str
    hours_ago: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """The ordinary day: what has happened, what will, and under which contract."""

    contract_ref: str
    release_valid_h: float
    movements: tuple[PlannedMove, ...]
    history: tuple[PastMove, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything at the start, by id; tank ids are unique over all sites."""

    goods: dict[str, Good]
    sites: dict[str, SiteSpec]
    tanks: dict[str, TankSpec]
    owners: dict[str, str]
    holdings: tuple[Holding, ...]
    quotes: tuple[Quote, ...]
    background: Background

    def tanks_of(self, site: str) -> tuple[TankSpec, ...]:
        """The site's tanks in file order, which is also their order in the register map."""
        return tuple(tank for tank in self.tanks.values() if tank.site == site)
