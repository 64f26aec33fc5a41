"""A calibration certificate (容量检定证书) in the parts in which it is printed, and how long it is valid.

Upright tanks in China: a main table by the dm or cm, decimals for cm and mm that hold for one shell course each
(小数表), an irregular bottom (底量表), the widening under the liquid's weight (静压力修正表, for relative density 1).
``composition`` sums them into the rows that are read between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from domain.farm import Ints
from domain.tank import Tank

CM_MM, DM_MM = 10, 100  # the two spacings of a main table

_CHINA: Final = timezone(timedelta(hours=8))
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER: Final = np.iinfo(np.int64).max


class Row(NamedTuple):
    """A printed line: level above the datum plate and volume there."""

    level_mm: float
    volume_m3: float


class HydrostaticRow(StrEnum):
    """Which line of the hydrostatic table counts for a level between two lines. Below the first line: nothing."""

    PREVIOUS = "previous"  # the one at or below: as most sheets take it, and it never counts too much
    NEAREST = "nearest"  # from half way up the upper one
    LINEAR = "linear"  # a straight line between the two


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Decimals of one shell course, for levels from_mm < level ≤ to_mm, added to the main row below.

    cm_m3: at 10, 20 … 90 mm above it, empty where the main table has a row for every cm; mm_m3: at 1, 2 … 9 mm
    above the cm, empty where volumes are read by a straight line within the cm.
    """

    from_mm: float
    to_mm: float
    cm_m3: tuple[float, ...] = ()
    mm_m3: tuple[float, ...] = ()

    def at(self, above_mm: int) -> float:
        """Volume in m³ of above_mm, 1…99, above a main row."""
        cm, mm = divmod(above_mm, CM_MM)
        return (self.cm_m3[cm - 1] if cm else 0.0) + (self.mm_m3[mm - 1] if mm else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The parts, each strictly rising in level, the main table not empty.

    rounding_m3: one of the last printed digit, e.g. 0.001 for whole litres. includes_relative_density: see
    ``CapacityTable``.
    """

    main: tuple[Row, ...]
    bottom: tuple[Row, ...] = ()
    courses: tuple[Course, ...] = ()
    hydrostatic: tuple[Row, ...] = ()
    hydrostatic_row: HydrostaticRow = HydrostaticRow.PREVIOUS
    includes_relative_density: float = 0.0
    rounding_m3: float = 0.001

    @property
    def step_mm(self) -> int:
        """How far the decimals reach above a main row: 100 or 10 mm; 0 without decimals."""
        if not self.courses:
            return 0
        return DM_MM if any(course.cm_m3 for course in self.courses) else CM_MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What keeps the parts from making one table: in which part and at which level, and what to look at.

    part: main, bottom, course (level_mm is where it begins) or hydrostatic.
    """

    part: str
    level_mm: float
    wrong: str
    instead: str


def valid_until_us(tanks: Sequence[Tank]) -> Ints:
    """When each tank's calibration ends, µs since 1970 UTC, shape (n,): the end of its last day in China (UTC+8).

    Far in the future where no end is stated: ``check`` has told of it.
    """
    return np.array([_end_us(tank.calibrated_until) for tank in tanks], dtype=np.int64)


def _end_us(last_day: date | None) -> int:
    if last_day is None:
        return int(_NEVER)
    midnight = datetime(last_day.year, last_day.month, last_day.day, tzinfo=_CHINA) + timedelta(days=1)
    return (midnight - _EPOCH) // timedelta(microseconds=1)
