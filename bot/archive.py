"""The recorded past of a contract for questions: its course, levels, what work orders moved. Reads, never writes.

Called in a skill's own thread; every call is one or a few queries of the series.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from bot.house import House
from bot.memory import Memory
from bot.tank_past import Bounds, level_ranges, paper_moves, weighed
from domain.change import Weighed
from domain.contract import Contract
from domain.course import CoursePoint, CourseSum
from domain.farm import Quality
from domain.movement import Direction, WorkOrder
from domain.own_orders import Owners
from skills.ports import LevelRange, Moved, PaperMoves, Proof

MOST_LEVELS = 600


class Archive:
    """What the series keeps of a workspace."""

    def __init__(self, house: House, memory: Memory) -> None:
        self._house = house
        self._memory = memory

    def of(self, contract: Contract, now: datetime) -> "Recorded":
        """The past of one contract, as it is known at ``now``."""
        return Recorded(self._house, self._memory, contract, now)

    def proof(self, contract: Contract) -> Proof:
        """What the newest figures can be held against."""
        newest = self._memory.look(lambda series: series.newest())
        seq, head = self._memory.head(contract.lender)
        return Proof(
            batch=newest.batch if newest is not None else None,
            rows=newest.rows if newest is not None else 0,
            taken_at=newest.last_at if newest is not None else None,
            sha256=newest.sha256 if newest is not None else None,
            seq=seq,
            head=head,
        )


class Recorded:
    """One contract's past. The caller has made sure that the contract may be seen."""

    def __init__(self, house: House, memory: Memory, contract: Contract, now: datetime) -> None:
        self._house = house
        self._memory = memory
        self._contract = contract
        self._now = now

    def begins(self) -> datetime | None:
        """When the contract's course begins."""
        return self._memory.look(lambda series: series.course_begins(self._contract.id))

    def points(self, start: datetime, end: datetime) -> Sequence[CoursePoint]:
        """Its standing with start < at ≤ end."""
        return self._memory.look(lambda series: series.course(self._contract.id, start, end))

    def sums(
        self,
        start: datetime,
        end: datetime,
        *,
        tanks: Collection[str] | None = None,
        goods: Collection[str] | None = None,
        sites: Collection[str] | None = None,
    ) -> Sequence[CourseSum]:
        """Some of its tanks in sum at each of these points."""
        given = {"tanks": tanks, "goods": goods, "sites": sites}
        return self._memory.look(lambda series: series.course_sums(self._contract.id, start, end, **given))

    def levels(self, tank_id: str, start: datetime, end: datetime) -> Sequence[tuple[datetime, float]]:
        """Good readings of a tank's level in mm: the first of all, and the last of each of some hundred equal spans."""
        if tank_id not in self._contract.tank_ids():
            raise KeyError(tank_id)
        index = self._house.workspace.index
        window = self._memory.look(lambda series: series.window(index, [tank_id], start, end, known=self._now))
        good = np.flatnonzero((window.quality == Quality.GOOD) & np.isfinite(window.level_mm))
        taken, level = window.taken_at_us[good], window.level_mm[good]
        span = max(1, int((end - start).total_seconds() * 1e6 / MOST_LEVELS))
        told = np.diff(taken // span, append=np.int64(-1)) != 0
        told[:1] = True  # else what a tank lost within its first span of record would not be seen
        return [(datetime.fromtimestamp(int(taken[n]) / 1e6, UTC), float(level[n])) for n in np.flatnonzero(told)]

    def moved(self, start: datetime, end: datetime) -> Moved:
        """What work orders moved, by what is known now of each end."""
        tanks = frozenset(self._contract.tank_ids())
        sites = sorted({t.site_id for t in self._house.workspace.index.tanks if t.id in tanks})
        before = {(o.no, o.tank_id): o.done_kg for o in self._orders(sites, start, start)}
        owners = Owners.of(self._contract, self._house.books, self._house.ledger)
        told = self._orders(sites, end, start)
        done = [(o, max(0, o.done_kg - before.get((o.no, o.tank_id), 0))) for o in owners.mine(told)]
        spoken = [self._heard(site, end) for site in sites]
        as_of = None if None in spoken or not spoken else min(t for t in spoken if t is not None)
        net: dict[str, int] = {}
        for order, kg in done:
            net[order.tank_id] = net.get(order.tank_id, 0) + (-kg if order.direction.leaves else kg)
        return Moved(
            in_kg=sum(kg for o, kg in done if o.direction is Direction.IN),
            out_kg=sum(kg for o, kg in done if o.direction is Direction.OUT),
            net_kg=net,
            as_of=as_of,
            stale=as_of is None or (end - as_of).total_seconds() > self._contract.staleness.feed_s,
            unowned=sum(o.done_kg > before.get((o.no, o.tank_id), 0) for o in owners.unowned(told)),
        )

    def orders(self, start: datetime, end: datetime) -> PaperMoves:
        """The same, order by order."""
        return paper_moves(self._house, self._memory, self._contract, Bounds(start=start, end=end, now=self._now))

    def weighed(self, start: datetime, end: datetime, tanks: Collection[str]) -> Mapping[str, Sequence[Weighed]]:
        """The pledge's kg in some of its tanks over time."""
        bounds = Bounds(start=start, end=end, now=self._now)
        mine = [t for t in self._contract.tank_ids() if t in tanks]
        return weighed(self._house, self._memory, self._contract, mine, bounds)

    def level_ranges(self, start: datetime, end: datetime) -> Mapping[str, LevelRange]:
        """How far each of its tanks' levels went up and down."""
        bounds = Bounds(start=start, end=end, now=self._now)
        return level_ranges(self._house, self._memory, self._contract.tank_ids(), bounds)

    def _orders(self, sites: Sequence[str], at: datetime, since: datetime) -> Sequence[WorkOrder]:
        """Orders opened by ``at`` and open at ``since`` or later, as they were told by ``at``."""
        return self._memory.look(lambda s: s.all_workorders_as_of(sites, valid=at, known=at, since=since))

    def _heard(self, site: str, at: datetime) -> datetime | None:
        return self._memory.look(lambda series: series.workorders_heard(site, valid=at, known=at))
