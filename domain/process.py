"""生产: a raw good becomes another within the pledge, and in which band an honest plant's yield lies. Arithmetic only.

Product follows its feed by an unknown time between none and the plant's lag. Nobody says which, so what was fed for
the product of a window is known to a least and a most, and only what lies outside both is told.
"""

from dataclasses import dataclass

import numpy as np

from domain.farm import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """What a contract says of one plant. Yields in kg of output per kg of input, both in air.

    window_s: the span that is judged at a time; lag_s: the longest time from feed to product in its tank;
    min_input_kg: below so much feed within the window nothing is judged.
    """

    input_good: str
    input_tanks: tuple[str, ...]
    output_good: str
    output_tanks: tuple[str, ...]
    least_yield: float
    most_yield: float
    window_s: float
    min_input_kg: float
    lag_s: float

    @property
    def id(self) -> str:
        """Its name within its contract."""
        return f"{self.input_good}>{self.output_good}"


AT, FED_LOW, FED_HIGH, MADE_LOW, MADE_HIGH = range(5)
"""Rows of a track, an array of shape (5, m): time in µs, then running sums in kg, each with its bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Feed and product of one window, kg. The bounds differ by the lag and by orders still under way."""

    since_us: int
    fed_least_kg: float
    fed_most_kg: float
    made_least_kg: float
    made_most_kg: float


def balance(process: Process, track: Floats) -> Balance | None:
    """Feed and product of the window that ends with the track; None while the track is no longer than the lag.

    track: shape (5, m), times rising. The window begins one lag after the track does, or later, so that the feed of
    its first product is in the track too. Between two points, and across a gap, sums run straight.
    """
    at = track[AT]
    lag_us, end = process.lag_s * 1e6, float(at[-1]) if at.size else 0.0
    start = max(end - process.window_s * 1e6, float(at[0]) + lag_us) if at.size else 0.0
    if start >= end:
        return None
    delays = _corners(at, start, end, lag_us)
    least = np.interp(end - delays, at, track[FED_LOW]) - np.interp(start - delays, at, track[FED_HIGH])
    most = np.interp(end - delays, at, track[FED_HIGH]) - np.interp(start - delays, at, track[FED_LOW])
    return Balance(
        since_us=round(start),
        fed_least_kg=float(least.min()),
        fed_most_kg=float(most.max()),
        made_least_kg=float(track[MADE_LOW, -1] - np.interp(start, at, track[MADE_HIGH])),
        made_most_kg=float(track[MADE_HIGH, -1] - np.interp(start, at, track[MADE_LOW])),
    )


def missing_kg(process: Process, found: Balance) -> float:
    """Product below the band, kg; 0 or less within it, or where too little was fed to be judged."""
    judged = found.fed_least_kg >= process.min_input_kg
    return process.least_yield * found.fed_least_kg - found.made_most_kg if judged else 0.0


def surplus_kg(process: Process, found: Balance) -> float:
    """Product above the band, kg; 0 or less within it, or where too little was made to be judged."""
    judged = found.made_least_kg >= process.least_yield * process.min_input_kg
    return found.made_least_kg - process.most_yield * max(found.fed_most_kg, 0.0) if judged else 0.0


def _corners(at: Floats, start: float, end: float, lag_us: float) -> Floats:
    """Every delay at which a window shifted by it could hold its least or most: sums run straight in between."""
    delays = np.concatenate((end - at, start - at, np.array([0.0, lag_us])))
    return np.unique(delays[(delays >= 0.0) & (delays <= lag_us)])
