"""Time of the farm: whole microseconds since 1970 UTC, and how they are written."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

US_PER_S = 1_000_000
CHINA = timedelta(hours=8)


def steady_clock() -> Callable[[], int]:
    """A clock that starts at the wall time and then only runs forward, in µs."""
    wall_us, start_ns = time.time_ns() // 1000, time.monotonic_ns()
    return lambda: wall_us + (time.monotonic_ns() - start_ns) // 1000


def moment(epoch_us: int) -> datetime:
    return datetime.fromtimestamp(epoch_us // US_PER_S, UTC) + timedelta(microseconds=epoch_us % US_PER_S)


def iso(epoch_us: int) -> str:
    """ISO-8601 in UTC with milliseconds and a Z."""
    return moment(epoch_us).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_day(epoch_us: int) -> str:
    """MMDD in China, as order numbers carry it."""
    return (moment(epoch_us) + CHINA).strftime("%m%d")


def local_time(epoch_us: int) -> str:
    """HHMMSS in China."""
    return (moment(epoch_us) + CHINA).strftime("%H%M%S")
