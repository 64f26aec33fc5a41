"""Which readings mean no number, and what must be told beside those that do."""

from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from domain.farm import Bits, Floats, Quality
from domain.metering.block import Block
from domain.metering.plant import Plant


class Remark(IntFlag):
    """What must be told beside a good figure; never a reason to withhold it."""

    NONE = 0
    CERTIFICATE_EXPIRED = 1  # the tank's calibration had ended when the reading was taken
    AIR_UNKNOWN = 2  # a shell without insulation was taken to be as warm as the liquid
    DENSITY_FROM_CERTIFICATE = 4  # the measured density that should count was not there
    OVERFILLED = 8  # above the safe filling height


def judged(r: Block, p: Plant, tov_m3: Floats, water_m3: Floats) -> Bits:
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


def remarks(r: Block, p: Plant, density_missing: NDArray[np.bool_]) -> Bits:
    """What is to be told of each reading, good or bad."""
    found = _bit(r.taken_at_us >= p.valid_until_us, Remark.CERTIFICATE_EXPIRED)
    found = found | _bit(np.isnan(r.air_c) & ~p.shell.insulated, Remark.AIR_UNKNOWN)
    found = found | _bit(r.level_mm > p.max_level_mm, Remark.OVERFILLED)
    return found | _bit(density_missing, Remark.DENSITY_FROM_CERTIFICATE)


def _bit(where: NDArray[np.bool_], flag: IntFlag) -> Bits:
    return np.multiply(where, np.uint32(flag), dtype=np.uint32)
