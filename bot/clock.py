"""The process's time: ``now()`` never falls below the last recorded moment, whatever the machine's clock does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TOLERATED = timedelta(seconds=1)
"""A smaller step back is jitter of NTP and not told."""


def wall() -> datetime:
    """The machine's own time, aware UTC."""
    return datetime.now(UTC)


class Clock:
    """Time for everything that is recorded. Time-outs use the event loop's monotonic clock instead."""

    def __init__(self, source: Callable[[], datetime] = wall, *, floor: datetime | None = None) -> None:
        """source: the machine's time. floor: the last recorded moment, below which ``now`` never falls."""
        self._source = source
        self._last = floor if floor is not None else datetime.min.replace(tzinfo=UTC)
        self._behind_told = False

    def now(self) -> datetime:
        """The current time, or the last one given while the machine's clock is behind it."""
        self._last = max(self._last, self._source())
        return self._last

    def now_us(self) -> int:
        """``now`` in µs since 1970."""
        moment = self.now()
        return int(moment.timestamp()) * 1_000_000 + moment.microsecond

    def stepped_back(self) -> timedelta | None:
        """How far the machine's clock has fallen behind, once per fall; None otherwise."""
        behind = self._last - self._source()
        if behind <= TOLERATED:
            self._behind_told = False
            return None
        if self._behind_told:
            return None
        self._behind_told = True
        return behind
