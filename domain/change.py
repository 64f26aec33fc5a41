"""How a tank's mass went over a span: what it gained and lost beyond noise, and when it last moved. Pure arithmetic.

A gauge's figure is never quite still. A rise or fall counts once it is wider than the tolerance, whole and from where
it began, however slowly it came about; smaller ups and downs are nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

Weighed = tuple[datetime, int]
"""When, and kg in air."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Of one tank, kg in air between its first and last known figure. rose_kg, fell_kg ≥ 0: what it gained and lost.

    moved_at: when the last movement had all but ended; None: it did not move.
    """

    start: Weighed
    end: Weighed
    rose_kg: int
    fell_kg: int
    moved_at: datetime | None

    @property
    def net_kg(self) -> int:
        """The last figure less the first."""
        return self.end[1] - self.start[1]

    @property
    def moved(self) -> bool:
        """It gained or lost more than the tolerance at some time."""
        return self.moved_at is not None


def changed(weighed: Sequence[Weighed], tolerance_kg: float) -> Change | None:
    """The change over these figures, oldest first; None for fewer than two."""
    if len(weighed) < 2:
        return None
    turns = _turns(weighed, tolerance_kg)
    steps = [b[1] - a[1] for a, b in pairwise(turns)]
    return Change(
        start=weighed[0],
        end=weighed[-1],
        rose_kg=sum(s for s in steps if s > 0),
        fell_kg=-sum(s for s in steps if s < 0),
        moved_at=_settled(weighed, turns, tolerance_kg / 4) if steps else None,
    )


def _turns(weighed: Sequence[Weighed], tolerance_kg: float) -> list[Weighed]:
    """Where a movement begins or ends: extremes between which more than the tolerance lies, in the order of time."""
    low = high = weighed[0]
    turns: list[Weighed] = []
    direction = 0
    for point in weighed[1:]:
        low, high = min(low, point, key=_mass), max(high, point, key=_mass)
        if direction >= 0 and high[1] - point[1] > tolerance_kg:
            turns.append(high)
            direction, low, high = -1, point, point
        elif direction <= 0 and point[1] - low[1] > tolerance_kg:
            turns.append(low)
            direction, low, high = 1, point, point
    if direction:
        turns.append(high if direction > 0 else low)
    return turns


def _settled(weighed: Sequence[Weighed], turns: Sequence[Weighed], near_kg: float) -> datetime:
    """When the last movement had come near to where it ended: what follows is noise."""
    began, end = turns[-2], turns[-1]
    return next(at for at, kg in weighed if at > began[0] and abs(kg - end[1]) <= near_kg)


def _mass(point: Weighed) -> int:
    return point[1]
