"""In which order and by which rules a workspace measures: what trade practice leaves to the contract, with one default."""

from dataclasses import dataclass
from enum import StrEnum

from domain.metering.air import Buoyancy
from domain.metering.hydrostatic import GRAVITY_M_S2


class Taken(StrEnum):
    """Where a deduction is made."""

    NOT = "not"
    GROSS = "gross"  # from the gross observed volume
    NET = "net"  # from the gross standard volume


class WallDensity(StrEnum):
    """At which relative density a certificate's hydrostatic correction is taken."""

    OBSERVED = "observed"  # at tank temperature: what presses on the wall
    STANDARD = "standard"  # at the base temperature, as some depots' worked examples do


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """The default is the chain of API MPMS 12.1.1 and GB/T 19779-2005.

    free_water: GROSS takes it from TOV before CTSh, NET (uncorrected) from GSV. sediment_water: NET is GSV × CSW, GROSS
    takes it from GOV. shell: whether CTSh is applied at all. buoyancy: by which rule mass in air is told.
    """

    free_water: Taken = Taken.GROSS
    sediment_water: Taken = Taken.NET
    shell: bool = True
    buoyancy: Buoyancy = Buoyancy.GB
    wall_density: WallDensity = WallDensity.OBSERVED
    gravity_m_s2: float = GRAVITY_M_S2


STANDARD = Procedure()
