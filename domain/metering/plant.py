"""All that does not change between two polls: what certificates say of tanks and goods, as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from domain.errors import Unmeasurable
from domain.farm import Floats, Ints
from domain.good import Correction, Good
from domain.metering.air import in_air
from domain.metering.capacity import Capacity, upright
from domain.metering.certificate import valid_until_us
from domain.metering.curve import Curve
from domain.metering.procedure import STANDARD, Procedure, Taken
from domain.tank import DensityFrom, Tank, TankIndex

Flags = NDArray[np.bool_]


class Shell(NamedTuple):
    """CTSh's constants, shape (n,): power is NaN where it follows the level (spheres, horizontal cylinders)."""

    per_c: Floats
    power: Floats
    second: Floats
    ref_c: Floats
    insulated: Flags


class Roofs(NamedTuple):
    """Floating roofs, shape (n,): mass 0 and no zone where there is none; table_kg_m3 in air, NaN for FRC."""

    mass_kg: Floats
    from_mm: Floats
    to_mm: Floats
    table_kg_m3: Floats


class Doubt(NamedTuple):
    """Standard uncertainties (k = 1), shape (n,): gauge mm, temperature °C, the others as the chain multiplies them."""

    gauge_mm: Floats
    temp_c: Floats
    table: Floats
    density_kg_m3: Floats
    sediment: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Constants of every tank and its good, arrays of shape (n,). Built once: it solves densities and joins tables.

    density_kg_m3 at each good's base in vacuum, air_kg_m3 what a cubic metre weighs in air. water_cut: sediment and
    water as a share of the volume. p1_mm: NaN without a pressure transmitter. valid_until_us: end of the calibration.
    """

    index: TankIndex
    procedure: Procedure
    capacity: Capacity
    curve: Curve
    density_kg_m3: Floats
    air_kg_m3: Floats
    water_cut: Floats
    heel_m3: Floats
    pipework_m3: Floats
    max_level_mm: Floats
    shell: Shell
    roofs: Roofs
    doubt: Doubt
    wall_included: Floats
    p1_mm: Floats
    online: Flags
    hydrostatic: Flags
    pressurised: Flags
    weighed: Flags
    valid_until_us: Ints

    @classmethod
    def of(cls, index: TankIndex, goods: Mapping[str, Good], procedure: Procedure = STANDARD) -> Self:
        """Constants for these tanks; goods by code.

        Raises Unmeasurable where a table, a heel or a density cannot be used, KeyError for a good that is not there.
        """
        tanks = index.tanks
        capacity = Capacity.of(tanks)
        stored = [goods[tank.good] for tank in tanks]
        density = _floats([good.density_kg_m3 * good.packing_factor for good in stored])
        weighed = _flags([good.correction is Correction.BULK for good in stored])
        return cls(
            index=index,
            procedure=procedure,
            capacity=capacity,
            curve=Curve.of(stored),
            density_kg_m3=density,
            air_kg_m3=np.where(weighed, density, in_air(density, procedure.buoyancy)),
            water_cut=_cut([good.sediment_water_percent for good in stored], procedure),
            heel_m3=_heel_m3(capacity, tanks),
            pipework_m3=_floats([tank.pipework_m3 for tank in tanks]),
            max_level_mm=_floats([tank.max_level_mm for tank in tanks]),
            shell=_shell(tanks, procedure),
            roofs=_roofs(tanks),
            doubt=_doubt(tanks, stored, procedure),
            wall_included=_floats([tank.table.includes_relative_density if tank.table else 0.0 for tank in tanks]),
            p1_mm=_floats([np.nan if tank.p1_mm is None else tank.p1_mm for tank in tanks]),
            online=_flags([tank.density_from is DensityFrom.ONLINE for tank in tanks]),
            hydrostatic=_flags([tank.density_from is DensityFrom.HYDROSTATIC for tank in tanks]),
            pressurised=_flags([tank.pressurised for tank in tanks]),
            weighed=weighed,
            valid_until_us=valid_until_us(tanks),
        )


def _floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float64)


def _flags(values: Sequence[bool]) -> Flags:
    return np.array(values, dtype=np.bool_)


def _shell(tanks: Sequence[Tank], procedure: Procedure) -> Shell:
    stated = [tank.shell_volume_per_c for tank in tanks]
    linear = _flags([c is not None for c in stated])
    standing = _flags([upright(tank) for tank in tanks])
    per_c = _floats([tank.alpha_per_c if c is None else c for tank, c in zip(tanks, stated, strict=True)])
    return Shell(
        per_c=per_c if procedure.shell else np.zeros_like(per_c),
        power=np.where(linear, 1.0, np.where(standing, 2.0, np.nan)),
        second=np.where(standing & ~linear, 1.0, 0.0),
        ref_c=_floats([tank.ref_temp_c for tank in tanks]),
        insulated=_flags([tank.insulated for tank in tanks]),
    )


def _roofs(tanks: Sequence[Tank]) -> Roofs:
    roofs = [tank.roof for tank in tanks]
    return Roofs(
        mass_kg=_floats([r.mass_kg if r else 0.0 for r in roofs]),
        from_mm=_floats([r.critical_from_mm if r else np.inf for r in roofs]),
        to_mm=_floats([r.critical_to_mm if r else np.inf for r in roofs]),
        table_kg_m3=_floats([r.table_density_air_kg_m3 or np.nan if r else np.nan for r in roofs]),
    )


def _doubt(tanks: Sequence[Tank], stored: Sequence[Good], procedure: Procedure) -> Doubt:
    return Doubt(
        gauge_mm=_floats([tank.gauge_u_mm for tank in tanks]),
        temp_c=_floats([tank.temp_u_c for tank in tanks]),
        table=_floats([tank.table_u for tank in tanks]),
        density_kg_m3=_floats([good.density_u_kg_m3 for good in stored]),
        sediment=_cut([good.sediment_water_u_percent for good in stored], procedure),
    )


def _cut(percents: Sequence[float], procedure: Procedure) -> Floats:
    """Sediment and water as a share; none where the procedure does not take it off."""
    share = _floats(percents) / 100.0
    return np.zeros_like(share) if procedure.sediment_water is Taken.NOT else share


def _heel_m3(capacity: Capacity, tanks: Sequence[Tank]) -> Floats:
    """Volume below each heel level; 0 for none. Raises Unmeasurable for a heel that the table does not reach."""
    heel_mm = _floats([tank.heel_mm for tank in tanks])
    heel_m3 = np.where(heel_mm == 0.0, 0.0, capacity.volume(heel_mm))
    for row in np.flatnonzero(np.isnan(heel_m3)).tolist():
        raise Unmeasurable(
            f"tank {tanks[row].id!r}: heel level {heel_mm[row]:g} mm, "
            f"allowed 0 or {capacity.start_mm[row]:g}…{capacity.end_mm[row]:g} mm"
        )
    return heel_m3
