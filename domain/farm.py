"""What the gauges say, as columns aligned to a TankIndex. Unknown is NaN *and* a quality bit, neither alone."""

from dataclasses import dataclass, field, replace
from enum import IntFlag
from typing import Self

import numpy as np
from numpy.typing import NDArray

from domain.tank import TankIndex

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bits = NDArray[np.uint32]


class Quality(IntFlag):
    """Why a reading cannot be used. GOOD is no bit at all; the words for people live with the messages."""

    GOOD = 0
    MISSING = 1  # never read, no connection, or no answer in time
    REFUSED = 2  # the device answered with an exception (illegal address, device failure …)
    FAIL_VALUE = 4  # the register holds the value by which the device says "failed"
    NOT_FINITE = 8  # NaN or infinity
    OUT_OF_RANGE = 16  # outside the tank's or the good's believable band
    BUSY = 32  # a servo gauge in water search, density scan, freeze, …: not a product level
    DEVICE = 64  # the status register reports an error or an invalid level
    OLD = 128  # older than the point's maximum age
    FROZEN = 256  # no register of the gateway has changed for longer than it is allowed to
    OUTSIDE_TABLE = 512  # level below the table's start or above its end
    JUMPED = 1024  # the change is faster than any pump; waits for a second reading that agrees
    MALFORMED = 2048  # the reply was too short or could not be decoded
    CRITICAL_ZONE = 4096  # the floating roof is afloat only in part: no volume can be told


def _not_fitted() -> Floats:
    """NaN for every row, as numpy broadcasts it."""
    return np.array(np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One poll of some tanks: arrays of shape (k,), where ``rows`` are places in the TankIndex.

    level_mm and water_mm above the datum plate, temp_c of the liquid, density_kg_m3 as observed by the gauge,
    taken_at_us and received_at_us in µs since 1970 UTC, status as the device gave it. air_c of the air around the
    tank; p1_kpa of the lower pressure transmitter and p3_kpa of the vapour space, both gauge pressure. NaN with no bit
    where the gauge has no density, air or pressure; the last three may be left out by a source that never has them.
    """

    rows: Ints
    level_mm: Floats
    water_mm: Floats
    temp_c: Floats
    density_kg_m3: Floats
    air_c: Floats = field(default_factory=_not_fitted)
    p1_kpa: Floats = field(default_factory=_not_fitted)
    p3_kpa: Floats = field(default_factory=_not_fitted)
    taken_at_us: Ints
    received_at_us: Ints
    status: Ints
    quality: Bits

    def __post_init__(self) -> None:
        for name in ("air_c", "p1_kpa", "p3_kpa"):
            object.__setattr__(self, name, np.broadcast_to(getattr(self, name), self.rows.shape))


@dataclass(frozen=True, slots=True, kw_only=True)
class Farm:
    """The newest reading of every tank: arrays of shape (n,) in the order of ``index``."""

    index: TankIndex
    level_mm: Floats
    water_mm: Floats
    temp_c: Floats
    density_kg_m3: Floats
    air_c: Floats
    p1_kpa: Floats
    p3_kpa: Floats
    taken_at_us: Ints
    received_at_us: Ints
    status: Ints
    quality: Bits

    @classmethod
    def unread(cls, index: TankIndex) -> Self:
        """A farm of which nothing is known yet: every value NaN, every tank MISSING, times 0."""
        n = len(index)
        return cls(
            index=index,
            level_mm=np.full(n, np.nan),
            water_mm=np.full(n, np.nan),
            temp_c=np.full(n, np.nan),
            density_kg_m3=np.full(n, np.nan),
            air_c=np.full(n, np.nan),
            p1_kpa=np.full(n, np.nan),
            p3_kpa=np.full(n, np.nan),
            taken_at_us=np.zeros(n, dtype=np.int64),
            received_at_us=np.zeros(n, dtype=np.int64),
            status=np.zeros(n, dtype=np.int64),
            quality=np.full(n, Quality.MISSING, dtype=np.uint32),
        )

    def updated(self, readings: Readings) -> Self:
        """This farm with newer rows put in; a row that is older than what is held changes nothing."""
        newer = readings.taken_at_us >= self.taken_at_us[readings.rows]
        rows = readings.rows[newer]
        columns = {}
        for name in COLUMNS:
            column = getattr(self, name).copy()
            column[rows] = getattr(readings, name)[newer]
            columns[name] = column
        return replace(self, **columns)


COLUMNS = (
    "level_mm",
    "water_mm",
    "temp_c",
    "density_kg_m3",
    "air_c",
    "p1_kpa",
    "p3_kpa",
    "taken_at_us",
    "received_at_us",
    "status",
    "quality",
)
