"""``tanks`` of a ``sites/*.yaml``: each as its calibration certificate describes it, and what it becomes."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from datasources.workspace.number import Metres, Millimetres, real
from datasources.workspace.part import Part
from datasources.workspace.table import Use
from datasources.workspace.word import Day, Flag, Label, RelativePath, Text, names_of, one_of
from domain.metering.certificate import HydrostaticRow
from domain.tank import CapacityTable, DensityFrom, Geometry, Roof, Shape, Tank

Tables = Mapping[Use, CapacityTable | None]


class RoofPart(Part):
    """A floating roof (浮顶). Mass 0: the table deducts it in full for its own good, and only the zone matters."""

    mass_kg: Annotated[float, real(low=0, high=5_000_000, unit="kg")] | None = None
    mass_t: Annotated[float, real(low=0, high=5_000, unit="t")] | None = None
    critical_from_mm: Millimetres = Field(description="where the roof stands on its legs (非计量区起点), mm")
    critical_to_mm: Millimetres = Field(description="from where on it floats (非计量区终点), mm")
    table_density_air_kg_m3: Annotated[float, real(low=300, high=2000, unit="kg/m³")] | None = None

    @property
    def kg(self) -> float | None:
        """Its mass in kg however it is written; None if it is not."""
        return self.mass_t * 1000.0 if self.mass_kg is None and self.mass_t is not None else self.mass_kg


class TankPart(Part):
    """One tank: a shape with its measures, or a capacity table, or both."""

    id: Label = Field(description="the depot's own number, e.g. T-107; unique in the workspace, never reused")
    name: Text | None = None
    good: Label = Field(description="a code of goods.yaml")
    aliases: tuple[Text, ...] = ()
    shape: Annotated[Shape, one_of(names_of(Shape))] | None = None
    diameter_m: Metres | None = None
    height_m: Metres | None = None
    length_m: Metres | None = None
    table: RelativePath | None = None
    hydrostatic_row: Annotated[HydrostaticRow, one_of(names_of(HydrostaticRow))] | None = None
    includes_relative_density: Annotated[float, real(low=0.3, high=3, unit="relative density")] | None = None
    heel_mm: Millimetres = Field(description="the level below which nothing can be pumped out (罐底量), mm")
    max_level_mm: Millimetres = Field(description="the safe filling height (安全高度), mm")
    reference_height_mm: Millimetres | None = None
    insulated: Flag = False
    alpha_per_c: Annotated[float, real(low=0, high=5e-5, unit="1/°C")] = 1.2e-5
    shell_volume_per_c: Annotated[float, real(low=0, above=0, high=2e-4, unit="1/°C")] | None = None
    ref_temp_c: Annotated[float, real(low=-10, high=50, unit="°C")] = 20.0
    roof: RoofPart | None = None
    pipework_m3: Annotated[float, real(low=0, high=20_000, unit="m³")] = 0.0
    density_from: Annotated[DensityFrom, one_of(names_of(DensityFrom))] = DensityFrom.CERTIFICATE
    p1_mm: Millimetres | None = None
    pressurised: Flag = False
    max_rate_t_h: Annotated[float, real(low=0, above=0, high=100_000, unit="t/h")] = 1200.0
    table_u: Annotated[float, real(low=0, high=0.05)] = 0.001
    gauge_u_mm: Annotated[float, real(low=0, high=100, unit="mm")] = 1.5
    temp_u_c: Annotated[float, real(low=0, high=20, unit="°C")] = 0.25
    calibrated_until: Day | None = None
    certificate_no: Text | None = None  # for whoever compares the file with the paper

    @property
    def use(self) -> Use | None:
        """Which table the tank reads and how; None without one."""
        if self.table is None:
            return None
        row = self.hydrostatic_row or HydrostaticRow.PREVIOUS
        return Use(self.table, row, self.includes_relative_density or 0.0)

    def rows(self, tables: Tables) -> CapacityTable | None:
        """Its table's rows; None without a table, or with one that cannot be used."""
        return tables.get(self.use) if self.use is not None else None


def build_tank(tank: TankPart, site_id: str, tables: Tables) -> Tank:
    """The tank as columns and answers use it."""
    geometry = None
    if tank.shape is not None and tank.diameter_m is not None:
        geometry = Geometry(
            shape=tank.shape,
            diameter_m=tank.diameter_m,
            height_m=tank.height_m or 0.0,
            length_m=tank.length_m or 0.0,
        )
    return Tank(
        id=tank.id,
        site_id=site_id,
        name=tank.name or tank.id,
        good=tank.good,
        aliases=tuple(tank.aliases),
        geometry=geometry,
        table=tank.rows(tables),
        heel_mm=tank.heel_mm,
        max_level_mm=tank.max_level_mm,
        insulated=tank.insulated,
        alpha_per_c=tank.alpha_per_c,
        ref_temp_c=tank.ref_temp_c,
        shell_volume_per_c=tank.shell_volume_per_c,
        roof=_roof(tank.roof) if tank.roof is not None else None,
        pipework_m3=tank.pipework_m3,
        reference_height_mm=tank.reference_height_mm,
        density_from=tank.density_from,
        p1_mm=tank.p1_mm,
        pressurised=tank.pressurised,
        max_rate_t_h=tank.max_rate_t_h,
        table_u=tank.table_u,
        gauge_u_mm=tank.gauge_u_mm,
        temp_u_c=tank.temp_u_c,
        certificate_no=tank.certificate_no,
        calibrated_until=tank.calibrated_until,
    )


def _roof(part: RoofPart) -> Roof:
    assert part.kg is not None, "check has asked for the roof's mass before"
    return Roof(
        mass_kg=part.kg,
        critical_from_mm=part.critical_from_mm,
        critical_to_mm=part.critical_to_mm,
        table_density_air_kg_m3=part.table_density_air_kg_m3,
    )
