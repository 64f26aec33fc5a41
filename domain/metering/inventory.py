"""What a reading means in tonnes: the static chain of API MPMS 12.1.1 and GB/T 19779, line by line, as columns.

TOV = table(level) + hydrostatic term; GOV = (TOV - FW)·CTSh ± roof + pipework; GSV = GOV·CTL·CPL; NSV = GSV·(1 - S&W);
mass = NSV·ρ. One implementation: a hand dip is a farm of one tank. Reads no clock, knows no owner and no price.
"""

from dataclasses import dataclass, fields

import numpy as np

from domain.farm import Bits, Farm, Floats
from domain.metering import density as densities
from domain.metering.block import Block
from domain.metering.capacity import Capacities
from domain.metering.plant import Plant
from domain.metering.quality import judged as quality_of
from domain.metering.quality import remarks
from domain.metering.uncertainty import uncertainty
from domain.metering.volumes import heel_kg, volumes

BLOCK = 16_384
"""Readings measured at once: a block's columns stay in the processor's second cache."""


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
        return _measured(Block.of(farm, slice(None)), plant)
    blocks = [_measured(Block.of(farm, slice(i, i + lines)), plant) for i in range(0, shape[0], lines)]
    return Inventory(**{f.name: np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(Inventory)})


def _measured(r: Block, p: Plant) -> Inventory:
    """The chain for one block."""
    if p.weighed.any():  # grain needs no temperature
        r = r._replace(temp_c=np.where(p.weighed & np.isnan(r.temp_c), p.shell.ref_c, r.temp_c))
    table = p.capacity.look_up(r.level_mm)
    water_m3 = np.where(r.water_mm <= 0.0, 0.0, p.capacity.volume(r.water_mm))
    quality = quality_of(r, p, table.volume_m3, water_m3)
    known, temp_c = quality == 0, r.temp_c
    if not known.all():
        temp_c, water_m3 = np.where(known, temp_c, np.nan), np.where(known, water_m3, np.nan)
        r = r._replace(level_mm=np.where(known, r.level_mm, np.nan))
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
    v = volumes(r, p, table=table, water_m3=water_m3, temp_c=temp_c, density=density)

    net = 1.0 - p.water_cut
    kg_m3 = v.ctsh * v.vcf * net * density.air_kg_m3
    mass_air_kg = v.nsv * density.air_kg_m3
    below_kg = heel_kg(p, v.tov, water_m3, kg_m3, density.air_kg_m3)
    pipework_kg = p.pipework_m3 * net * density.air_kg_m3 * v.vcf
    doubt = uncertainty(
        p.doubt,
        slope_kg_mm=table.slope_m3_mm * kg_m3,
        liquid_kg=v.liquid * kg_m3 + pipework_kg,
        per_c=np.where(density.measured, 0.0, ctl_slope) + v.shell_power * p.shell.per_c,
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
        heel_kg=below_kg,
        pipework_kg=pipework_kg,
        deliverable_kg=np.maximum(mass_air_kg - below_kg - pipework_kg, 0.0),
        **doubt._asdict(),
        online_gap_kg_m3=density.online_gap,
        hydrostatic_gap_kg_m3=density.hydrostatic_gap,
        quality=quality,
        remarks=remarks(r, p, density.missing),
    )
