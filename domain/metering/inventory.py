"""What a reading means in tonnes: the static chain of API MPMS 12.1.1 and GB/T 19779, line by line, as columns.

TOV = table(level) + hydrostatic term; GOV = (TOV - FW)·CTSh ± roof + pipework; GSV = GOV·CTL·CPL; NSV = GSV·(1 - S&W);
mass = NSV·ρ. One implementation: a hand dip is a farm of one tank. Reads no clock, knows no owner and no price.
"""

from dataclasses import dataclass, fields
from enum import IntFlag
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from domain.farm import Bits, Farm, Floats, Ints, Quality
from domain.metering import density as densities
from domain.metering.capacity import Capacities
from domain.metering.plant import Plant
from domain.metering.procedure import Taken, WallDensity
from domain.metering.roof import adjustment_m3, deduction_m3
from domain.metering.shell import shell_factor, shell_power, shell_temp_c
from domain.metering.uncertainty import uncertainty

BLOCK = 16_384
"""Readings measured at once: a block's columns stay in the processor's second cache."""


class Remark(IntFlag):
    """What must be told beside a good figure; never a reason to withhold it."""

    NONE = 0
    CERTIFICATE_EXPIRED = 1  # the tank's calibration had ended when the reading was taken
    AIR_UNKNOWN = 2  # a shell without insulation was taken to be as warm as the liquid
    DENSITY_FROM_CERTIFICATE = 4  # the measured density that should count was not there
    OVERFILLED = 8  # above the safe filling height


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What is in every tank: columns of the Farm's shape, NaN exactly where ``quality`` has a bit (but for the gaps).

    tov_m3 total observed with the hydrostatic term, water_m3 free water, ctsh shell factor, roof_m3 what a floating
    roof adds (negative: displaces), gov_m3 gross observed with the pipework, vcf = CTL·CPL to the good's base
    temperature, gsv_m3 and nsv_m3 there, density_kg_m3 there in vacuum. heel_kg: the part of mass_air_kg below the heel
    level; pipework_kg the part in the lines; deliverable_kg what can be pumped out of the tank.
    u_mass_kg: standard uncertainty (k = 1) of mass_air_kg, with the parts of level gauge, temperature, density,
    capacity table, sediment and water. online_gap_kg_m3, hydrostatic_gap_kg_m3: observed density minus the
    certificate's at tank temperature; NaN also where nothing observes it. remarks: see ``Remark``.
    """

    tov_m3: Floats
    water_m3: Floats
    ctsh: Floats
    roof_m3: Floats
    gov_m3: Floats
    vcf: Floats
    gsv_m3: Floats
    nsv_m3: Floats
    density_kg_m3: Floats
    mass_vacuum_kg: Floats
    mass_air_kg: Floats
    heel_kg: Floats
    pipework_kg: Floats
    deliverable_kg: Floats
    u_mass_kg: Floats
    u_gauge_kg: Floats
    u_temp_kg: Floats
    u_density_kg: Floats
    u_table_kg: Floats
    u_sediment_kg: Floats
    online_gap_kg_m3: Floats
    hydrostatic_gap_kg_m3: Floats
    quality: Bits
    remarks: Bits


def measure(farm: Farm, plant: Plant) -> Inventory:
    """What the Farm's readings mean. Columns may carry leading axes (time) before the tanks' own.

    A row that the Farm calls bad stays bad in every column; added here are OUTSIDE_TABLE, OUT_OF_RANGE (temperature
    beyond the curve, more water than liquid), CRITICAL_ZONE (the roof is half afloat) and NOT_FINITE (unknown with no
    bit). Water at or below 0 mm is no water. Air that is unknown is taken to be as warm as the liquid.
    """
    assert farm.index == plant.index, "a farm is measured by the plant of its own tanks"
    shape = farm.level_mm.shape
    lines = max(1, BLOCK // max(1, len(plant.index)))
    if len(shape) == 1 or shape[0] <= lines:
        return _measured(_Reading.of(farm, slice(None)), plant)
    blocks = [_measured(_Reading.of(farm, slice(i, i + lines)), plant) for i in range(0, shape[0], lines)]
    return Inventory(**{f.name: np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(Inventory)})


class _Reading(NamedTuple):
    """The Farm's columns of one block."""

    level_mm: Floats
    water_mm: Floats
    temp_c: Floats
    density_kg_m3: Floats
    air_c: Floats
    p1_kpa: Floats
    p3_kpa: Floats
    taken_at_us: Ints
    quality: Bits

    @classmethod
    def of(cls, farm: Farm, rows: slice) -> Self:
        """Some lines of the Farm, each column in full shape."""
        shape = farm.level_mm.shape
        return cls(*(np.broadcast_to(getattr(farm, name), shape)[rows] for name in cls._fields))


class _Volumes(NamedTuple):
    """The chain from the table to the net standard volume; shell_power: d ln CTSh/d ln(size)."""

    tov: Floats
    liquid: Floats
    ctsh: Floats
    shell_power: Floats
    roof: Floats
    gov: Floats
    vcf: Floats
    gsv: Floats
    nsv: Floats


def _measured(r: _Reading, p: Plant) -> Inventory:
    """The chain for one block."""
    table = p.capacity.look_up(r.level_mm)
    water_m3 = np.where(r.water_mm <= 0.0, 0.0, p.capacity.volume(r.water_mm))
    quality = _judged(r, p, table.volume_m3, water_m3)
    known, temp_c = quality == 0, r.temp_c
    if not known.all():
        temp_c, water_m3 = np.where(known, temp_c, np.nan), np.where(known, water_m3, np.nan)
        table = Capacities(*(np.where(known, column, np.nan) for column in table))
    ctl, ctl_slope = p.curve.at(temp_c)
    density = densities.judged(
        p,
        level_mm=r.level_mm,
        temp_c=temp_c,
        ctl=ctl,
        online_kg_m3=r.density_kg_m3,
        p1_kpa=r.p1_kpa,
        p3_kpa=r.p3_kpa,
    )
    v = _volumes(r, p, table, water_m3, temp_c, density)

    net = 1.0 - p.water_cut
    kg_m3 = v.ctsh * v.vcf * net * density.air_kg_m3
    mass_air_kg = v.nsv * density.air_kg_m3
    heel_kg = _heel_kg(p, v.tov, water_m3, kg_m3, density.air_kg_m3)
    pipework_kg = p.pipework_m3 * net * density.air_kg_m3 * v.vcf
    doubt = uncertainty(
        p.doubt,
        slope_kg_mm=table.slope_m3_mm * kg_m3,
        liquid_kg=v.liquid * kg_m3 + pipework_kg,
        per_c=ctl_slope + v.shell_power * p.shell.per_c,
        per_kg_m3=(1.0 + p.curve.yields * (1.0 - ctl)) / density.air_kg_m3,
        u_density_kg_m3=density.u_kg_m3,
        net=net,
    )
    return Inventory(
        tov_m3=v.tov,
        water_m3=water_m3,
        ctsh=v.ctsh,
        roof_m3=v.roof,
        gov_m3=v.gov,
        vcf=v.vcf,
        gsv_m3=v.gsv,
        nsv_m3=v.nsv,
        density_kg_m3=np.where(known, density.base_kg_m3, np.nan),
        mass_vacuum_kg=v.nsv * density.base_kg_m3,
        mass_air_kg=mass_air_kg,
        heel_kg=heel_kg,
        pipework_kg=pipework_kg,
        deliverable_kg=np.maximum(mass_air_kg - heel_kg - pipework_kg, 0.0),
        **doubt._asdict(),
        online_gap_kg_m3=density.online_gap,
        hydrostatic_gap_kg_m3=density.hydrostatic_gap,
        quality=quality,
        remarks=_remarks(r, p, density.missing),
    )


def _volumes(
    r: _Reading, p: Plant, table: Capacities, water_m3: Floats, temp_c: Floats, density: densities.Density
) -> _Volumes:
    """From the table's volume to NSV, in the order of the plant's procedure."""
    order, csw = p.procedure, 1.0 - p.water_cut
    vcf = density.ctl
    if p.pressurised.any():
        vcf = vcf * p.curve.cpl(temp_c, np.where(p.pressurised, r.p3_kpa, 0.0))
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
    return _Volumes(tov, liquid, ctsh, power, roof, gov, vcf, gsv, nsv)


def _heel_kg(p: Plant, tov_m3: Floats, water_m3: Floats, kg_m3: Floats, air_kg_m3: Floats) -> Floats:
    """What of the mass lies below the heel level: water counts there as it does in the whole."""
    under_m3 = np.minimum(tov_m3, p.heel_m3)
    match p.procedure.free_water:
        case Taken.GROSS:
            return np.maximum(under_m3 - water_m3, 0.0) * kg_m3
        case Taken.NET:
            return np.maximum(under_m3 * kg_m3 - water_m3 * air_kg_m3, 0.0)
        case Taken.NOT:
            return under_m3 * kg_m3


def _roof_m3(r: _Reading, p: Plant, density: densities.Density, vcf: Floats) -> Floats:
    """What floating roofs add at tank temperature; nothing on the legs; 0 for tanks without."""
    roofs = p.roofs
    if not roofs.mass_kg.any():
        return 0.0 * vcf
    cut = deduction_m3(roofs.mass_kg, density.air_kg_m3, vcf)
    moved = adjustment_m3(roofs.mass_kg, density.air_kg_m3, roofs.table_kg_m3, vcf)
    afloat = np.where(np.isnan(roofs.table_kg_m3), cut, moved)
    return np.where(r.level_mm >= roofs.to_mm, afloat, 0.0 * vcf)


def _judged(r: _Reading, p: Plant, tov_m3: Floats, water_m3: Floats) -> Bits:
    """The Farm's bits and those that only the tank and the good can tell."""
    fine = p.curve.covers(r.temp_c) & (water_m3 <= tov_m3) & (r.water_mm > -np.inf)
    fine &= (r.level_mm <= p.roofs.from_mm) | (r.level_mm >= p.roofs.to_mm)
    if fine.all():
        return r.quality
    unknown = ~(np.isfinite(r.level_mm) & np.isfinite(r.water_mm) & np.isfinite(r.temp_c))
    untabled = ~unknown & np.isnan(tov_m3 + water_m3)
    beyond = ~unknown & (~p.curve.covers(r.temp_c) | (water_m3 > tov_m3))
    between = ~unknown & (r.level_mm > p.roofs.from_mm) & (r.level_mm < p.roofs.to_mm)
    quality = r.quality | _bit(untabled, Quality.OUTSIDE_TABLE) | _bit(beyond, Quality.OUT_OF_RANGE)
    quality |= _bit(between, Quality.CRITICAL_ZONE)
    return quality | _bit(unknown & (quality == 0), Quality.NOT_FINITE)


def _remarks(r: _Reading, p: Plant, density_missing: NDArray[np.bool_]) -> Bits:
    found = _bit(r.taken_at_us >= p.valid_until_us, Remark.CERTIFICATE_EXPIRED)
    found = found | _bit(np.isnan(r.air_c) & ~p.shell.insulated, Remark.AIR_UNKNOWN)
    found = found | _bit(r.level_mm > p.max_level_mm, Remark.OVERFILLED)
    return found | _bit(density_missing, Remark.DENSITY_FROM_CERTIFICATE)


def _bit(where: NDArray[np.bool_], flag: IntFlag) -> Bits:
    return np.multiply(where, np.uint32(flag), dtype=np.uint32)
