"""The process's time: ``now()`` never falls below the last recorded moment, whatever the machine's clock does.

While the machine's clock is behind, our time goes on by the monotonic clock, so that readings, reminders and ages do
not stand still until it has caught up.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TOLERATED = timedelta(seconds=1)
"""A smaller step back is jitter of NTP and not told."""


def wall() -> datetime:
    """The machine's own time, aware UTC."""
    return datetime.now(UTC)


class Clock:
    """Time for everything that is recorded. Time-outs use the event loop's monotonic clock instead."""

    def __init__(
        self,
        source: Callable[[], datetime] = wall,
        *,
        floor: datetime | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """source: the machine's time. floor: the last recorded moment, below which ``now`` never falls."""
        self._source = source
        self._monotonic_s = monotonic_s
        self._last = floor if floor is not None else datetime.min.replace(tzinfo=UTC)
        self._last_s = monotonic_s()
        self._behind_told = False

    def now(self) -> datetime:
        """The machine's time; while that is behind the last time given, the last one and what has passed since."""
        machine, passed_s = self._source(), self._monotonic_s()
        if machine >= self._last:
            self._last = machine
        else:
            self._last += timedelta(seconds=max(0.0, passed_s - self._last_s))
        self._last_s = passed_s
        return self._last

    def now_us(self) -> int:
        """``now`` in µs since 1970."""
        moment = self.now()
        return int(moment.timestamp()) * 1_000_000 + moment.microsecond

    def stepped_back(self) -> timedelta | None:
        """How far the machine's clock has fallen behind, once per fall; None otherwise."""
        behind = self.now() - self._source()
        if behind <= TOLERATED:
            self._behind_told = False
            return None
        if self._behind_told:
            return None
        self._behind_told = True
        return behind
