"""A tank loses more than the tolerance without a work order, or without a release notice where it leaves the depot.

Which notices count is the contract's choice: those that the depot holds, or only those that two people of the lender
have registered (``domain.case.cover``). Mass is compared, not level, so that a cooling night is no outflow. Where the
depot's papers are stale, the outflow is 无法核对 (cannot be checked), never 未授权.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from domain.alarm import Alarm
from domain.case.cover import Cover, by_paper, covered, registered_only
from domain.contract import AlertKind, Severity
from domain.event import Json, stamp
from domain.farm import Farm, Floats, Ints
from domain.finding import Finding, Standing
from domain.money import whole_kg, worth
from domain.movement import Direction, WorkOrder
from domain.scene import DepotPapers, Scene
from domain.stock import Stock

NAME = "quantity_drop/1"
HOLD = 0.8
"""A loss that was told stays told until it is below so much of the tolerance: noise on the limit is no news."""
EVERY_US = 5_000_000
"""Samples of the window are kept so far apart; the newest reading is always judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The window: ``at_us`` (m,), ``mass_kg`` and ``level_mm`` (m, n) in index order. accepted_us: per tank id, the
    time of a person's close, before which nothing is held against the tank any more. told: tanks with a finding now.
    """

    at_us: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    mass_kg: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    level_mm: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    accepted_us: dict[str, int] = field(default_factory=dict)
    told: frozenset[str] = frozenset()


def recall(alarms: Iterable[Alarm]) -> Memory:
    """After a restart, tanks whose case a person has closed start afresh from that close."""
    mine = [a for a in alarms if a.kind is AlertKind.QTY_DROP]
    return Memory(
        accepted_us={a.subject: int(a.closed_at.timestamp() * 1e6) for a in mine if a.closed_at is not None},
        told=frozenset(a.subject for a in mine if a.open and a.condition == "active"),
    )


def accept(memory: Memory, tank_id: str, now: datetime) -> Memory:
    """A person has closed this tank's case: its mass now is its new start."""
    return replace(memory, accepted_us={**memory.accepted_us, tank_id: int(now.timestamp() * 1e6)})


def judge(scene: Scene, memory: Memory) -> tuple[list[Finding], Memory]:
    """Findings about unexplained losses of the contract's tanks."""
    window_s = scene.contract.tolerances.window_s
    memory = sampled(memory, stock=scene.stock, farm=scene.farm, now=scene.now, window_s=window_s)
    rows = np.array(scene.stock.index.rows(t for t in scene.contract.tank_ids() if t in scene.stock.index.row))
    if rows.size == 0 or len(memory.at_us) == 0:
        return [], memory
    best, best_at = _references(scene, memory, rows)
    lost = best - scene.stock.mass_kg[rows]
    limit = _limit(scene, best)
    told = np.array([scene.stock.index.tanks[r].id in memory.told for r in rows])
    limit = np.where(told, limit * HOLD, limit)
    suspects = np.flatnonzero(lost > limit)
    judged = [_finding(scene, memory, int(rows[k]), int(best_at[k]), float(lost[k]), float(limit[k])) for k in suspects]
    findings = [f for f in judged if f is not None]
    return findings, replace(memory, told=frozenset(f.subject for f in findings))


def sampled(memory: Memory, *, stock: Stock, farm: Farm, now: datetime, window_s: float) -> Memory:
    """The window with the mass believed at ``now``, thinned; one older sample stays, so that a gap has a before.

    Also rebuilds the memory after a restart, from readings of the series in the order in which they were taken.
    """
    now_us = int(now.timestamp() * 1e6)
    n = len(stock.index)
    at, mass, level = memory.at_us, memory.mass_kg.reshape(-1, n), memory.level_mm.reshape(-1, n)
    if len(at) == 0 or now_us - at[-1] >= EVERY_US:
        at = np.append(at, now_us)
        mass = np.vstack([mass, stock.mass_kg])
        level = np.vstack([level, farm.level_mm])
    first = max(0, int(np.searchsorted(at, now_us - int(window_s * 1e6))) - 1)
    return replace(memory, at_us=at[first:], mass_kg=mass[first:], level_mm=level[first:])


def came_back(scene: Scene, memory: Memory, tank_id: str) -> bool:
    """By its lowest mass in the window a loss would still be told: that none is, is because it rose, by more than noise."""
    row = scene.stock.index.row.get(tank_id)
    if row is None or len(memory.at_us) == 0:
        return False
    best, _ = _references(scene, memory, np.array([row]))
    limit = float(_limit(scene, best)[0])
    mass = memory.mass_kg[memory.at_us >= memory.accepted_us.get(tank_id, 0), row]
    lowest = float(np.min(mass, where=np.isfinite(mass), initial=np.inf))
    rose = float(scene.stock.mass_kg[row]) - lowest > limit * (1 - HOLD)
    return rose and float(best[0]) - lowest > limit * HOLD


def _limit(scene: Scene, best: Floats) -> Floats:
    """The kg beyond which a loss from these masses is told."""
    tolerances = scene.contract.tolerances
    return np.maximum(tolerances.static_t * 1000, tolerances.static_ratio * best)


def _references(scene: Scene, memory: Memory, rows: Ints) -> tuple[Floats, Ints]:
    """The largest believed mass of each tank in the window, and the sample in which it last stood."""
    accepted = np.array([memory.accepted_us.get(scene.stock.index.tanks[r].id, 0) for r in rows])
    mass = np.where(memory.at_us[:, None] >= accepted[None, :], memory.mass_kg[:, rows], -np.inf)
    mass = np.where(np.isfinite(mass), mass, -np.inf)
    best = mass.max(axis=0)
    newest_best = len(memory.at_us) - 1 - np.argmax((mass == best)[::-1], axis=0)
    return best, newest_best


def _finding(scene: Scene, memory: Memory, row: int, sample: int, lost: float, limit: float) -> Finding | None:
    """The finding of one suspect tank, or None where papers explain the loss."""
    tank = scene.stock.index.tanks[row]
    since = datetime.fromtimestamp(int(memory.at_us[sample]) / 1e6, UTC)
    papers = scene.papers.get(tank.site_id, DepotPapers())
    orders = [o for o in papers.work_orders if o.tank_id == tank.id and covers(o, since)]
    check, explained = papers_say(scene, papers, orders, tank.id)
    unexplained = lost - explained
    if unexplained <= limit:
        return None
    if check == "ok":
        check = "over_lift"
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.QTY_DROP,
        subject=tank.id,
        severity=Severity.ORANGE,
        standing=Standing.BREACH,
        data_at=datetime.fromtimestamp(int(scene.stock.taken_at_us[row]) / 1e6, UTC),
        facts=_facts(scene, memory, row, sample, unexplained, limit, check, orders),
        site=tank.site_id,
    )


def covers(order: WorkOrder, since: datetime) -> bool:
    """An outflow order that was open at some time since."""
    return order.direction.leaves and (order.closed_at is None or order.closed_at >= since)


def papers_say(scene: Scene, papers: DepotPapers, orders: list[WorkOrder], tank_id: str) -> tuple[str, float]:
    """How the papers stand to the loss, and the kg that they allow.

    Feed of a plant leaves the tank like a transfer, where the contract says that the tank feeds one: what becomes of
    it is judged by ``yield_band``. Elsewhere such an order explains nothing.
    """
    if _stale(scene, papers.work_orders_as_of):
        return "cannot_check", 0.0
    if not orders:
        return "no_work_order", 0.0
    outward = [o for o in orders if o.direction is Direction.OUT]
    feeds = any(tank_id in p.input_tanks for p in scene.contract.process)
    within = {Direction.TRANSFER_OUT, *([Direction.PROCESS_OUT] if feeds else [])}
    moved = float(sum(o.planned_kg for o in orders if o.direction in within))
    cover = _registered(scene, outward, tank_id)
    others = [o for o in outward if o.no not in cover.orders]
    if others and _stale(scene, papers.releases_as_of) and _paper_counts(scene, tank_id):
        return "cannot_check", moved + cover.kg + float(sum(o.planned_kg for o in others))
    noticed = [o for o in others if by_paper(scene.contract, o, papers.releases)]
    allowed = moved + cover.kg + float(sum(o.planned_kg for o in noticed))
    if len(noticed) < len(others):
        return "no_release", allowed
    strange = any(o.direction is Direction.PROCESS_OUT for o in orders) and not feeds
    return ("no_process" if strange else "ok"), allowed


def _registered(scene: Scene, outward: list[WorkOrder], tank_id: str) -> Cover:
    """What the notices that two people of the lender registered let out of this tank."""
    terms = scene.contract.release
    if terms is None or not registered_only(scene.contract):
        return Cover(orders=frozenset(), kg=0.0)
    return covered(scene.cases, outward, tank_id, terms.lift_ratio)


def _paper_counts(scene: Scene, tank_id: str) -> bool:
    """Whether the depot's notices could explain an outflow of this tank at all: else their age is no excuse."""
    if not registered_only(scene.contract):
        return True
    return any(i.holding.tank_id == tank_id and i.holding.share < 1 for i in scene.position.items)


def _stale(scene: Scene, as_of: datetime | None) -> bool:
    limit = timedelta(seconds=scene.contract.staleness.feed_s)
    return as_of is None or scene.now - as_of > limit


def _facts(
    scene: Scene,
    memory: Memory,
    row: int,
    sample: int,
    lost: float,
    limit: float,
    check: str,
    orders: list[WorkOrder],
) -> Json:
    tank = scene.stock.index.tanks[row]
    minutes = (scene.now.timestamp() * 1e6 - int(memory.at_us[sample])) / 6e7
    kg = whole_kg(lost)
    price, good = scene.prices.get(tank.good), scene.contract.goods.get(tank.good)
    value = worth(kg, price.cny_t, good.haircut) if price and price.cny_t and price.cny_t > 0 and good else None
    papers = scene.papers.get(tank.site_id, DepotPapers())
    return {
        "tank": tank.id,
        "site": tank.site_id,
        "good": tank.good,
        "lost_kg": kg,
        "from_mm": _number(memory.level_mm[sample, row]),
        "to_mm": _number(scene.farm.level_mm[row]),
        "since": stamp(datetime.fromtimestamp(int(memory.at_us[sample]) / 1e6, UTC)),
        "minutes": round(minutes, 1),
        "rate_t_h": round(lost / 1000 / minutes * 60, 1) if minutes >= 0.5 else None,
        "tolerance_kg": whole_kg(limit),
        "check": check,
        "work_orders": [o.no for o in orders],
        "feed_as_of": stamp(papers.work_orders_as_of) if papers.work_orders_as_of is not None else None,
        "value_cny": str(value) if value is not None else None,
        "gained": _gained(scene, memory, sample, tank.good, lost),
    }


def _gained(scene: Scene, memory: Memory, sample: int, good: str, lost: float) -> list[str]:
    """Tanks of the contract with the same good that gained as much, within a fifth: a transfer without its order."""
    gain = scene.stock.mass_kg - memory.mass_kg[sample]
    index = scene.stock.index
    rows = [index.row[t] for t in scene.contract.tank_ids() if t in index.row]
    return [index.tanks[r].id for r in rows if index.tanks[r].good == good and abs(gain[r] - lost) <= 0.2 * lost]


def _number(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None
