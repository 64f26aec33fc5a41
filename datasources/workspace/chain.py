"""Checks of what a tank brings to the static chain: floating roof, shell, pipework, and whose density is believed."""

from collections.abc import Mapping

import numpy as np

from datasources.workspace.goods import GoodPart
from datasources.workspace.part import Sheet
from datasources.workspace.registers import expand
from datasources.workspace.sites import SiteFile
from datasources.workspace.tanks import RoofPart, Tables, TankPart, build_tank
from domain.errors import Unmeasurable
from domain.metering.capacity import Capacity
from domain.tank import DensityFrom, Shape

BUOYANCY_KG_M3 = 1.1  # GB/T 19779: density in air = density in vacuum - 1.1
SENSORS = {DensityFrom.ONLINE: ("density",), DensityFrom.HYDROSTATIC: ("p1", "p3")}


def check_chain(sheet: Sheet[SiteFile], tables: Tables, goods: Mapping[str, GoodPart]) -> None:
    """Every tank of a file. ``goods``: the sound ones of goods.yaml, by code."""
    fitted = {(place.tank, place.point.quantity) for g in sheet.part.gateways for place in expand(g)}
    for tank in sheet.part.tanks:
        capacity = _capacity(tank, tables)
        _check_shell(sheet, tank)
        _check_density(sheet, tank, {q for t, q in fitted if t == tank.id})
        if tank.roof is not None:
            _check_roof(sheet, tank, tank.roof, capacity, goods.get(tank.good))
        if capacity is not None and tank.pipework_m3 > 0.1 * capacity.volume(capacity.end_mm).item():
            wrong = f"{tank.pipework_m3:g} m³ of lines are more than a tenth of the tank"
            instead = "write only what stays full and is counted with this tank, in m³"
            sheet.warn(tank, "pipework_m3", wrong=wrong, instead=instead)


def _capacity(tank: TankPart, tables: Tables) -> Capacity | None:
    try:
        return Capacity.of([build_tank(tank.model_copy(update={"roof": None}), "", tables)])
    except Unmeasurable:
        return None  # its measures or its table have been told before


def _check_shell(sheet: Sheet[SiteFile], tank: TankPart) -> None:
    if tank.shell_volume_per_c is None:
        return
    if "alpha_per_c" in tank.node.entries:
        wrong = "the shell has both alpha_per_c and shell_volume_per_c"
        remedy = "keep the one that the certificate's formula uses: 1 + 2·α·Δt, or 1 + 0.000036·Δt"
        sheet.error(tank, "shell_volume_per_c", wrong=wrong, instead=remedy)
    elif not 1e-5 <= tank.shell_volume_per_c <= 6e-5:
        wrong = f"{tank.shell_volume_per_c:g} per °C is unusual for steel"
        sheet.warn(tank, "shell_volume_per_c", wrong=wrong, instead="check it: 0.000024 or 0.000036 are usual")


def _check_density(sheet: Sheet[SiteFile], tank: TankPart, fitted: set[str]) -> None:
    lacking = [s for s in SENSORS.get(tank.density_from, ()) if s not in fitted and "gateways" not in sheet.broken]
    if lacking:
        named = " and ".join(lacking)
        wrong = f"no register gives the {named} of tank {tank.id!r}"
        remedy = f"add {named} to a map of this tank, or write density_from: certificate"
        sheet.error(tank, "density_from", wrong=wrong, instead=remedy)
    if tank.density_from is DensityFrom.HYDROSTATIC and tank.roof is not None:
        wrong = "the lower transmitter also carries the floating roof's weight"
        sheet.error(tank, "density_from", wrong=wrong, instead="write density_from: certificate, or online")
    if tank.density_from is DensityFrom.HYDROSTATIC and tank.p1_mm is None:
        remedy = "write the height of the lower pressure transmitter above the datum plate, mm"
        sheet.error(tank, "p1_mm", wrong="is missing for density_from: hydrostatic", instead=remedy)
    if tank.p1_mm is not None and tank.p1_mm >= tank.max_level_mm:
        wrong = f"{tank.p1_mm:g} mm is not below max_level_mm {tank.max_level_mm:g}"
        sheet.error(tank, "p1_mm", wrong=wrong, instead="write the transmitter's height above the datum plate, mm")


def _check_roof(
    sheet: Sheet[SiteFile], tank: TankPart, roof: RoofPart, capacity: Capacity | None, good: GoodPart | None
) -> None:
    if (roof.mass_kg is None) == (roof.mass_t is None):
        wrong = "has no mass" if roof.mass_kg is None else "has its mass twice"
        sheet.error(roof, "mass_kg", wrong=wrong, instead="write mass_kg or mass_t from the certificate")
    if tank.shape not in (None, Shape.VERTICAL):
        sheet.error(tank, "roof", wrong=f"a {tank.shape} tank has no floating roof", instead="delete it")
    elif roof.critical_from_mm >= roof.critical_to_mm:
        wrong = f"{roof.critical_from_mm:g} mm is not below critical_to_mm {roof.critical_to_mm:g}"
        sheet.error(roof, "critical_from_mm", wrong=wrong, instead="write where 非计量区 begins and where it ends")
    elif capacity is not None:
        _check_zone(sheet, tank, roof, capacity, good)


def _check_zone(
    sheet: Sheet[SiteFile], tank: TankPart, roof: RoofPart, capacity: Capacity, good: GoodPart | None
) -> None:
    """The zone lies inside the table, and holds what the roof displaces.

    A roof begins to float when it has displaced its own weight: over less than that volume the liquid would become
    less as its level rises. That is no measurement but a slip in the mass or the zone, hence an error. A table that
    deducts the roof (FRA) rises by what is left and shows nothing.
    """
    start_mm, end_mm = capacity.start_mm.item(), min(capacity.end_mm.item(), tank.max_level_mm)
    if roof.critical_from_mm < start_mm or roof.critical_to_mm > end_mm:
        wrong = f"the zone {roof.critical_from_mm:g}–{roof.critical_to_mm:g} mm leaves {start_mm:g}–{end_mm:g} mm"
        remedy = "write levels above the datum plate, inside the table and below max_level_mm"
        sheet.error(roof, "critical_to_mm", wrong=wrong, instead=remedy)
        return
    if tank.heel_mm < roof.critical_to_mm:
        wrong = f"between heel_mm {tank.heel_mm:g} and {roof.critical_to_mm:g} mm the roof lets nothing be measured"
        sheet.warn(tank, "heel_mm", wrong=wrong, instead=f"write heel_mm: {roof.critical_to_mm:g}, if no lower is used")
    if good is None or roof.kg is None or roof.table_density_air_kg_m3 is not None:
        return
    held_m3 = float(np.ptp(capacity.volume(np.array([[roof.critical_from_mm], [roof.critical_to_mm]]))))
    displaced_m3 = roof.kg / (good.density_band_kg_m3[0] - BUOYANCY_KG_M3)
    if held_m3 < displaced_m3:
        wrong = f"the zone holds {held_m3:.1f} m³, the roof displaces up to {displaced_m3:.1f} m³ of {good.code!r}"
        remedy = "check the roof's mass and the zone on the certificate, and the lower end of the good's density band"
        sheet.error(roof, "critical_to_mm", wrong=wrong, instead=remedy)
