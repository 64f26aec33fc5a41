"""The chain of volumes: from what the table says to the net standard volume, in the order of the plant's procedure."""

from typing import NamedTuple

import numpy as np

from domain.farm import Floats
from domain.metering.block import Block
from domain.metering.capacity import Capacities
from domain.metering.density import Density
from domain.metering.plant import Plant
from domain.metering.procedure import Taken, WallDensity
from domain.metering.roof import adjustment_m3, deduction_m3
from domain.metering.shell import shell_factor, shell_power, shell_temp_c


class Volumes(NamedTuple):
    """All in m³ but the factors; roof as it is added. shell_power: d ln CTSh/d ln(size), by which warmth widens it."""

    tov: Floats
    liquid: Floats
    ctsh: Floats
    shell_power: Floats
    roof: Floats
    gov: Floats
    vcf: Floats
    gsv: Floats
    nsv: Floats


def volumes(r: Block, p: Plant, *, table: Capacities, water_m3: Floats, temp_c: Floats, density: Density) -> Volumes:
    """Every step of one block. A measured density holds at the tank's own pressure: CPL is for the certificate's."""
    order, csw = p.procedure, 1.0 - p.water_cut
    vcf = density.ctl
    if p.pressurised.any():
        vcf = vcf * p.curve.cpl(temp_c, np.where(p.pressurised & ~density.measured, r.p3_kpa, 0.0))
    tov = table.volume_m3
    if p.capacity.hydrostatic_m3.size:
        at_tank = vcf if order.wall_density is WallDensity.OBSERVED else 1.0
        tov = tov + table.hydrostatic_m3 * (density.base_kg_m3 * at_tank / 1000.0 - p.wall_included)
    power = p.shell.power
    if np.isnan(power).any():
        power = np.where(np.isnan(power), shell_power(r.level_mm, table.slope_m3_mm, tov), power)
    air_c = np.where(np.isnan(r.air_c), temp_c, r.air_c)
    strain = p.shell.per_c * (shell_temp_c(temp_c, air_c, insulated=p.shell.insulated) - p.shell.ref_c)
    ctsh = shell_factor(strain, power, second=p.shell.second)
    liquid = tov - water_m3 if order.free_water is Taken.GROSS else tov
    roof = _roof_m3(r, p, density, vcf)
    gov = liquid * ctsh + roof + p.pipework_m3
    if order.sediment_water is Taken.GROSS:
        gov = gov * csw
    gsv = gov * vcf
    nsv = gsv * csw if order.sediment_water is Taken.NET else gsv
    if order.free_water is Taken.NET:
        nsv = np.maximum(nsv - water_m3, 0.0)
    return Volumes(tov, liquid, ctsh, power, roof, gov, vcf, gsv, nsv)


def heel_kg(p: Plant, tov_m3: Floats, water_m3: Floats, kg_m3: Floats, air_kg_m3: Floats) -> Floats:
    """What of the mass in air lies below the heel level: water counts there as it does in the whole."""
    under_m3 = np.minimum(tov_m3, p.heel_m3)
    match p.procedure.free_water:
        case Taken.GROSS:
            return np.maximum(under_m3 - water_m3, 0.0) * kg_m3
        case Taken.NET:
            return np.maximum(under_m3 * kg_m3 - water_m3 * air_kg_m3, 0.0)
        case Taken.NOT:
            return under_m3 * kg_m3


def _roof_m3(r: Block, p: Plant, density: Density, vcf: Floats) -> Floats:
    """What floating roofs add at tank temperature; nothing on the legs; 0 for tanks without."""
    roofs = p.roofs
    if not roofs.mass_kg.any():
        return 0.0 * vcf
    cut = deduction_m3(roofs.mass_kg, density.air_kg_m3, vcf)
    moved = adjustment_m3(roofs.mass_kg, density.air_kg_m3, roofs.table_kg_m3, vcf)
    afloat = np.where(np.isnan(roofs.table_kg_m3), cut, moved)
    return np.where(r.level_mm >= roofs.to_mm, afloat, 0.0 * vcf)
