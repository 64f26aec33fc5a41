"""A tank as its calibration certificate describes it, and a fixed order of tanks for columns."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Shape(StrEnum):
    """Analytic bodies; a capacity table replaces them where the certificate gives one."""

    VERTICAL = "vertical"
    HORIZONTAL = "horizontal"
    SPHERE = "sphere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Inner measures in metres: ``height_m`` of the shell (vertical), ``length_m`` of a horizontal cylinder."""

    shape: Shape
    diameter_m: float
    height_m: float = 0.0
    length_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityTable:
    """Certificate rows, strictly rising: level in mm above the datum plate, volume in m³ at that level."""

    level_mm: tuple[float, ...]
    volume_m3: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank:
    """One calibrated tank. Ids are unique in the workspace and never reused.

    heel_mm: level below which nothing can be pumped out. max_level_mm: safe filling height.
    insulated: the shell follows the liquid; otherwise TSh = (7·TL + TA)/8 (API MPMS 12.1.1).
    alpha_per_c: linear expansion of the shell from the certificate; ref_temp_c: the certificate's temperature.
    max_rate_t_h: the fastest honest movement; a faster change needs confirmation before it is believed.
    table_u: relative standard uncertainty of the table. gauge_u_mm, temp_u_c: of the installed instruments.
    """

    id: str
    site_id: str
    name: str
    good: str
    aliases: tuple[str, ...] = ()
    geometry: Geometry | None = None
    table: CapacityTable | None = None
    heel_mm: float
    max_level_mm: float
    insulated: bool = False
    alpha_per_c: float = 1.2e-5
    ref_temp_c: float = 20.0
    max_rate_t_h: float = 1200.0
    table_u: float = 0.001
    gauge_u_mm: float = 1.5
    temp_u_c: float = 0.25
    calibrated_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A depot's place: who runs it and which tanks stand there."""

    id: str
    name: str
    depot: str
    tank_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TankIndex:
    """The order of tanks in every column. ``row`` gives a tank's place."""

    tanks: tuple[Tank, ...]
    row: dict[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "row", {tank.id: i for i, tank in enumerate(self.tanks)})

    def __len__(self) -> int:
        return len(self.tanks)

    def rows(self, tank_ids: Iterable[str]) -> list[int]:
        """Places of these tanks, in the order given. Raises KeyError for an unknown id."""
        return [self.row[tank_id] for tank_id in tank_ids]
