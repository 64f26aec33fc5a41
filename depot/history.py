"""What the gauges have shown, and showing it again as a forger would."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from depot.reading import Reading

KEEP_ROWS = 7200
"""Two hours of seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A recorded stretch shown over and over: at t stands what stood a whole number of windows ago.

    A poller whose interval divides window_us therefore gets its own old readings back, to the
    digit. times_us rise; with_temp replays the temperature too.
    """

    times_us: tuple[int, ...]
    levels_mm: tuple[float, ...]
    temps_c: tuple[float, ...]
    window_us: int
    with_temp: bool

    def at(self, now_us: int) -> tuple[float, float]:
        """Level and temperature to show now, mm and °C."""
        since_us = max(now_us - self.times_us[-1], 0)
        windows = -(-since_us // self.window_us)
        i = _nearest(self.times_us, now_us - windows * self.window_us)
        return self.levels_mm[i], self.temps_c[i]


class History:
    """The last shown levels and temperatures of every tank, a row per second, in a ring."""

    def __init__(self, tanks: tuple[str, ...], *, keep_rows: int = KEEP_ROWS) -> None:
        self._column = {tank: i for i, tank in enumerate(tanks)}
        self._times_us = np.zeros(keep_rows, dtype=np.int64)
        self._rows = np.full((keep_rows, len(tanks), 2), np.nan)
        self._count = 0

    def add(self, readings: Mapping[str, Reading], now_us: int) -> None:
        i = self._count % len(self._rows)
        self._times_us[i] = now_us
        for tank, reading in readings.items():
            self._rows[i, self._column[tank]] = (_nan(reading.level_mm), _nan(reading.temp_c))
        self._count += 1

    def replay(self, tank: str, *, seconds: int, with_temp: bool) -> Replay | None:
        """The tank's last `seconds`, or less if less is recorded; None if that is under ten seconds.

        Less is cut to whole tens of seconds, so that usual poll intervals divide it.
        """
        kept = min(self._count, len(self._rows))
        order = np.arange(self._count - kept, self._count) % len(self._rows)
        order = order[~np.isnan(self._rows[order, self._column[tank]]).any(axis=1)]
        if len(order) == 0:
            return None
        times_us = self._times_us[order]
        window_s = min(seconds, int(times_us[-1] - times_us[0]) // 10_000_000 * 10)
        if window_s < 10:
            return None
        values = self._rows[order, self._column[tank]]
        return Replay(
            times_us=tuple(times_us.tolist()),
            levels_mm=tuple(values[:, 0].tolist()),
            temps_c=tuple(values[:, 1].tolist()),
            window_us=window_s * 1_000_000,
            with_temp=with_temp,
        )


def _nearest(times_us: tuple[int, ...], wanted_us: int) -> int:
    i = bisect_left(times_us, wanted_us)
    if i == 0:
        return 0
    if i == len(times_us):
        return i - 1
    return i if times_us[i] - wanted_us < wanted_us - times_us[i - 1] else i - 1


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
