"""A tank as its calibration certificate describes it, and a fixed order of tanks for columns."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.ownership.allocation import ShareMethod


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
    """Certificate rows, strictly rising: level in mm above the datum plate, volume in m³ at that level.

    hydrostatic_m3: what the shell widens under a liquid of relative density 1 at the same levels (静压力修正), never
    falling; empty for a certificate without it. includes_relative_density: the relative density whose widening
    ``volume_m3`` already contains; only the difference to it is added.
    """

    level_mm: tuple[float, ...]
    volume_m3: tuple[float, ...]
    hydrostatic_m3: tuple[float, ...] = ()
    includes_relative_density: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Roof:
    """A floating roof (浮顶): its mass, and the critical zone (非计量区) in which the liquid carries it only in part.

    Levels in mm above the datum plate: at or below ``critical_from_mm`` it stands on its legs and displaces nothing;
    at or above ``critical_to_mm`` it floats. table_density_air_kg_m3: the density in air, at tank temperature, for
    which the table already deducts the floating roof (FRA); None where the table deducts nothing (FRC).
    """

    mass_kg: float
    critical_from_mm: float
    critical_to_mm: float
    table_density_air_kg_m3: float | None = None


class DensityFrom(StrEnum):
    """Whose density turns a tank's volume into mass."""

    CERTIFICATE = "certificate"  # the good's, from the batch certificate
    ONLINE = "online"  # the gauge's own sensor, at tank temperature
    HYDROSTATIC = "hydrostatic"  # (P1 - P3)/(g·(level - height of P1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank:
    """One calibrated tank. Ids are unique in the workspace and never reused.

    heel_mm: level below which nothing can be pumped out. max_level_mm: safe filling height.
    insulated: the shell follows the liquid; otherwise TSh = (7·TL + TA)/8 (API MPMS 12.1.1).
    alpha_per_c: linear expansion of the shell from the certificate; ref_temp_c: the certificate's temperature.
    shell_volume_per_c: where the certificate gives CTSh = 1 + this·(TSh - ref) instead (e.g. 3.6e-5); None for alpha.
    pipework_m3: lines kept full of the same good and counted with the tank. reference_height_mm: from the datum plate
    to the reference point (参照高度), for dips by ullage. p1_mm: height of the lower pressure transmitter.
    pressurised: the vapour pressure squeezes the liquid noticeably, CPL is applied (spheres, bullets).
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
    shell_volume_per_c: float | None = None
    roof: Roof | None = None
    pipework_m3: float = 0.0
    reference_height_mm: float | None = None
    density_from: DensityFrom = DensityFrom.CERTIFICATE
    p1_mm: float | None = None
    pressurised: bool = False
    max_rate_t_h: float = 1200.0
    table_u: float = 0.001
    gauge_u_mm: float = 1.5
    temp_u_c: float = 0.25
    certificate_no: str | None = None
    calibrated_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A depot's place: who runs it and which tanks stand there. share_method: from which batches owners withdraw."""

    id: str
    name: str
    depot: str
    tank_ids: tuple[str, ...]
    share_method: ShareMethod = ShareMethod.PRO_RATA


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
