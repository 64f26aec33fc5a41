"""How much one token may ask: so many requests a minute, so many a day. In memory: a restart begins anew."""

from collections import Counter
from datetime import datetime

MINUTE_S, DAY_S = 60, 86_400


class Quota:
    """Counts per token in whole minutes and whole UTC days."""

    def __init__(self, *, per_minute: int, per_day: int) -> None:
        self._most = {MINUTE_S: per_minute, DAY_S: per_day}
        self._period: dict[int, int] = {}
        self._used: dict[int, Counter[str]] = {MINUTE_S: Counter(), DAY_S: Counter()}

    def take(self, token: str, now: datetime) -> int | None:
        """Count one request; None where it may pass, else the seconds until the next one may. What is refused is not counted."""
        at = int(now.timestamp())
        for length, used in self._used.items():
            if self._period.get(length) != at // length:
                self._period[length] = at // length
                used.clear()
        waits = [length - at % length for length, used in self._used.items() if used[token] >= self._most[length]]
        if waits:
            return max(waits)
        for used in self._used.values():
            used[token] += 1
        return None
