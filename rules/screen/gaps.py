"""``rules.book_gap`` over many moments: how far book and gauge lie apart, and when that would be told."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import numpy as np

from domain.contract import Severity
from domain.farm import Floats, Ints
from domain.movement import WorkOrder
from domain.stock import Flags
from rules.book_gap import AN_OPERATION, RETURNS_WITHIN

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """gap_kg physical minus book, allowed_kg, and whether the tank can be judged: all (m, k) of m moments, k tanks."""

    tanks: tuple[str, ...]
    gap_kg: Ints
    allowed_kg: Floats
    judged: Flags

    def near(self) -> list[int]:
        """The tanks whose gap is ever so wide that an alarm about it would stand; the others need no second look."""
        wide = self.judged & (np.abs(self.gap_kg) > self.allowed_kg * RETURNS_WITHIN)
        return [int(k) for k in np.flatnonzero(wide.any(axis=0))]

    def part(self, span: slice) -> Self:
        """The same of some of the moments."""
        return type(self)(
            gap_kg=self.gap_kg[span], allowed_kg=self.allowed_kg[span], judged=self.judged[span], tanks=self.tanks
        )

    def wide(self, k: int, *, told: bool) -> Flags:
        """Where the gap of one tank is too wide to be silent about."""
        allowed = self.allowed_kg[:, k] * RETURNS_WITHIN if told else self.allowed_kg[:, k]
        return np.asarray(self.judged[:, k] & (np.abs(self.gap_kg[:, k]) > allowed))

    def severity(self, k: int) -> Ints:
        """As the rule would tell of it."""
        return np.where(self.gap_kg[:, k] <= 0, int(Severity.ORANGE), int(Severity.YELLOW))


def worked_in(orders: Iterable[WorkOrder], us: Ints, epoch: datetime, window_s: float) -> Flags:
    """At which of these moments (m,) a tank with these orders is being worked in, or was so lately. us: since epoch."""
    out = np.zeros(len(us), dtype=bool)
    for order in orders:
        begun = (
            order.opened_at + AN_OPERATION if order.closed_at is None else order.closed_at + timedelta(seconds=window_s)
        )
        out |= us < (begun - epoch) // MICROSECOND
    return out


def since_us(wide: Flags, us: Ints, before_us: int | None) -> Ints:
    """Since when the gap has been wide without a break, where it is (m,). before_us: if it was so before the first."""
    places = np.arange(len(us))
    narrow = np.maximum.accumulate(np.where(wide, -1, places))
    began = us[np.minimum(narrow + 1, len(us) - 1)]
    return began if before_us is None else np.where(narrow < 0, before_us, began)


def news(gaps: Gaps, us: Ints, since: Mapping[str, int], told: Mapping[str, int | None], wait_us: int) -> Flags:
    """At which moments (m,) the rule would tell something new.

    since: µs by tank whose gap is wide already. told: by tank that an open alarm speaks of, its severity; None where
    that alarm is not active.
    """
    out = np.zeros(len(us), dtype=bool)
    near = set(gaps.near())
    for k, tank in enumerate(gaps.tanks):
        if tank in told:
            out |= gaps.judged[:, k] & (~gaps.wide(k, told=True) | (gaps.severity(k) != (told[tank] or 0)))
        elif k in near:
            wide = gaps.wide(k, told=False)
            out |= wide & (us - since_us(wide, us, since.get(tank)) >= wait_us)
    return out


def kept(gaps: Gaps, us: Ints, since: Mapping[str, int], told: Container[str]) -> dict[str, int]:
    """The rule's memory after the last of these moments: since when each gap has been wide that still is."""
    out = {}
    for k in gaps.near():
        tank = gaps.tanks[k]
        wide = gaps.wide(k, told=tank in told)
        if wide[-1]:
            out[tank] = int(since_us(wide, us, since.get(tank))[-1])
    return out
