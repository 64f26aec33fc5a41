"""``[metering]`` of ``xiaoliuzi.toml``: in which order and by which rules the workspace measures."""

from typing import Annotated

from datasources.workspace.number import real
from datasources.workspace.part import Part
from datasources.workspace.word import Flag, names_of, one_of
from domain.metering.air import Buoyancy
from domain.metering.procedure import STANDARD, Procedure, Taken, WallDensity


class MeteringPart(Part):
    """[metering]."""

    free_water: Annotated[Taken, one_of(names_of(Taken))] = STANDARD.free_water
    sediment_water: Annotated[Taken, one_of(names_of(Taken))] = STANDARD.sediment_water
    shell: Flag = STANDARD.shell
    buoyancy: Annotated[Buoyancy, one_of(names_of(Buoyancy))] = STANDARD.buoyancy
    wall_density: Annotated[WallDensity, one_of(names_of(WallDensity))] = STANDARD.wall_density
    gravity_m_s2: Annotated[float, real(low=9.76, high=9.84, unit="m/s²")] = STANDARD.gravity_m_s2


def build_procedure(part: MeteringPart | None) -> Procedure:
    """The procedure, each default of API MPMS 12.1.1 and GB/T 19779 where nothing else is written."""
    if part is None:
        return STANDARD
    return Procedure(
        free_water=part.free_water,
        sediment_water=part.sediment_water,
        shell=part.shell,
        buoyancy=part.buoyancy,
        wall_density=part.wall_density,
        gravity_m_s2=part.gravity_m_s2,
    )
