"""``rules.quantity_drop`` over many moments: which tanks may have lost too much, papers apart and papers considered."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

import numpy as np

from domain.case.terms import NoticeSource
from domain.contract import Contract, Tolerances
from domain.farm import Floats, Ints
from domain.movement import Direction, WorkOrder
from domain.stock import Flags
from rules.quantity_drop import EVERY_US, HOLD, Memory

MICRO = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The samples of the rule's memory and of the moments after it: at_us (s,), mass_kg and level_mm (s, n).

    first, count (m,): at each moment the window holds the samples first … count − 1.
    """

    at_us: Ints
    mass_kg: Floats
    level_mm: Floats
    first: Ints
    count: Ints

    @classmethod
    def of(cls, memory: Memory, now_us: Ints, mass_kg: Floats, level_mm: Floats, *, window_s: float) -> Self:
        """memory: before the first moment. now_us (m,) as the rule reads its clock, mass_kg and level_mm (m, n)."""
        n, before = mass_kg.shape[1], len(memory.at_us)
        kept = _samples(now_us, int(memory.at_us[-1]) if before else None)
        at = np.concatenate([memory.at_us, now_us[kept]])
        flags = np.zeros(len(now_us), dtype=np.int64)
        flags[kept] = 1
        return cls(
            at_us=at,
            mass_kg=np.concatenate([memory.mass_kg.reshape(-1, n), mass_kg[kept]]),
            level_mm=np.concatenate([memory.level_mm.reshape(-1, n), level_mm[kept]]),
            first=np.maximum(np.searchsorted(at, now_us - int(window_s * MICRO)) - 1, 0),
            count=before + np.cumsum(flags),
        )

    def memory(self, i: int, before: Memory) -> Memory:
        """The rule's memory after a moment at which nothing was told."""
        span = slice(int(self.first[i]), int(self.count[i]))
        return Memory(
            at_us=self.at_us[span],
            mass_kg=self.mass_kg[span],
            level_mm=self.level_mm[span],
            accepted_us=before.accepted_us,
            told=before.told,
        )

    def best(self, rows: Ints) -> Floats:
        """The largest mass of these tanks in the window at each moment (m, k); −inf where none was known."""
        mass = self.mass_kg[:, rows]
        mass = np.where(np.isfinite(mass), mass, -np.inf)
        out = np.empty((len(self.first), len(rows)))
        level = np.frexp((self.count - self.first).astype(np.float64))[1] - 1  # windows of 2 ** level samples and more
        for k in range(int(level.max(initial=0)) + 1):
            at = np.flatnonzero(level == k)
            out[at] = np.maximum(mass[self.first[at]], mass[self.count[at] - 2**k])
            if len(mass) > 2**k:
                mass = np.concatenate([np.maximum(mass[: -(2**k)], mass[2**k :]), mass[-(2**k) :]])
        return out

    def since(self, i: int, row: int) -> datetime:
        """The time of the sample in which a tank's largest mass of the window last stood."""
        mass = self.mass_kg[int(self.first[i]) : int(self.count[i]), row]
        mass = np.where(np.isfinite(mass), mass, -np.inf)
        last = np.flatnonzero(mass == mass.max())[-1]
        return datetime.fromtimestamp(int(self.at_us[int(self.first[i]) + int(last)]) / 1e6, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """All (m, k) of m moments, k tanks. suspect: beyond the limit and what orders allow. plain: nothing is explained."""

    tanks: tuple[str, ...]
    lost_kg: Floats
    limit_kg: Floats
    suspect: Flags
    plain: Flags

    def news(self, span: slice, told: Mapping[str, bool]) -> Flags:
        """At which of these moments the rule may tell something new. told: by tank, whether an alarm of it is active."""
        out = np.zeros(len(self.lost_kg[span]), dtype=bool)
        for k, tank in enumerate(self.tanks):
            if tank not in told:
                out |= self.suspect[span, k]
            elif told[tank]:
                out |= ~(self.plain[span, k] & (self.lost_kg[span, k] > self.limit_kg[span, k] * HOLD))
            else:
                out |= True
        return out


def _samples(now_us: Ints, last_us: int | None) -> Ints:
    """The moments that become samples: EVERY_US apart."""
    if (last_us is None or now_us[0] - last_us >= EVERY_US) and np.all(np.diff(now_us) >= EVERY_US):
        return np.arange(len(now_us))
    kept = []
    for i, us in enumerate(now_us.tolist()):
        if last_us is None or us - last_us >= EVERY_US:
            kept.append(i)
            last_us = us
    return np.array(kept, dtype=np.int64)


def limits_kg(best: Floats, tolerances: Tolerances) -> Floats:
    """The rule's limit for a tank of which nothing is told yet."""
    return np.asarray(np.maximum(tolerances.static_t * 1000, tolerances.static_ratio * best))


def outward_kg(
    orders: Iterable[WorkOrder],
    contract: Contract,
    *,
    since: datetime | None = None,
    noticed: Container[tuple[str, str]] | None = None,
) -> float:
    """The kg that a tank's outflow orders allow at least: those still open, and those closed at ``since`` or later.

    noticed: orders (number, tank) with a sealed notice, where the depot's notices are of now: no other order lets cargo
    out of the depot then. None: nothing is heard of notices. Feed of a plant, and an outflow where notices are
    registered, count for nothing here: the rule itself must look.
    """
    terms = contract.release
    registered = terms is not None and terms.notice is NoticeSource.REGISTERED
    counting = {Direction.TRANSFER_OUT, *([] if registered else [Direction.OUT])}
    covering = (o for o in orders if o.closed_at is None or (since is not None and o.closed_at >= since))
    return float(sum(o.planned_kg for o in covering if o.direction in counting and _let_out(o, noticed)))


def _let_out(order: WorkOrder, noticed: Container[tuple[str, str]] | None) -> bool:
    return order.direction is not Direction.OUT or noticed is None or (order.no, order.tank_id) in noticed


def unordered(orders: Iterable[WorkOrder], oldest_us: Ints, epoch: datetime) -> Flags:
    """At which moments (m,) none of a tank's orders can cover a loss: all were closed before the window's oldest sample.

    oldest_us (m,): of that sample, in µs since epoch.
    """
    out = np.ones(len(oldest_us), dtype=bool)
    for order in orders:
        if order.direction.leaves:
            closed = order.closed_at
            out &= False if closed is None else (closed - epoch) // timedelta(microseconds=1) < oldest_us
    return out
