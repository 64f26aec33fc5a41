"""Book against gauges (账实): a pledged tank that holds less, or more, than the depot's book says, and stays so.

A tank that is being worked in is not judged: its book follows later; nor is one whose site's work orders are not known
to be of now. Judged is the pledge's own part of the tank; how
much others own there is told to nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from domain.alarm import Alarm
from domain.contract import AlertKind, Severity
from domain.event import Json, stamp
from domain.finding import Finding, Standing
from domain.money import ZERO, worth
from domain.ownership.tolerance import allowed_kg
from domain.position import Freshness, Holding, Item
from domain.scene import DepotPapers, Scene

NAME = "book_gap/1"
RETURNS_WITHIN = 0.8
"""An open alarm returns only once the gap is so small a part of what is allowed: a gap on the edge does not flutter."""


AN_OPERATION = timedelta(hours=48)
"""An order explains a gap for so long after it was opened: one that is never closed must not hide a loss for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """since: tanks whose gap is too wide, and from when without a break. told: those that an open alarm speaks of."""

    since: dict[str, datetime] = field(default_factory=dict)
    told: frozenset[str] = frozenset()


def recall(alarms: Iterable[Alarm]) -> Memory:
    """After a restart, what an open alarm says stands until the gap has closed; new gaps wait from the beginning."""
    return Memory(told=frozenset(a.subject for a in alarms if a.kind is AlertKind.BOOK_GAP and a.condition == "active"))


def judge(scene: Scene, memory: Memory) -> tuple[list[Finding], Memory]:
    """One finding per tank whose gap has lasted; unknown for a told tank while it cannot be judged."""
    wait = timedelta(seconds=scene.contract.tolerances.book_confirm_s)
    findings: list[Finding] = []
    since: dict[str, datetime] = {}
    told: set[str] = set()
    for item in scene.position.items:
        tank_id = item.holding.tank_id
        was_told = tank_id in memory.told
        gap = _gap_kg(scene, item.holding)
        if gap is None:
            if was_told:
                told.add(tank_id)
                findings.append(_finding(scene, item, 0, scene.now, Standing.UNKNOWN))
            continue
        allowed = _allowed_kg(scene, item.holding, short=gap < 0)
        if abs(gap) <= (allowed * RETURNS_WITHIN if was_told else allowed):
            continue
        since[tank_id] = memory.since.get(tank_id, scene.now)
        if was_told or scene.now - since[tank_id] >= wait:
            told.add(tank_id)
            findings.append(_finding(scene, item, gap, since[tank_id], Standing.BREACH))
    return findings, Memory(since=since, told=frozenset(told))


def _allowed_kg(scene: Scene, holding: Holding, *, short: bool) -> float:
    """The tolerance of this tank's part; wider where less is there, by what the good may lose by itself."""
    return allowed_kg(
        scene.contract.tolerances,
        holding.good,
        holding.book_kg or 0,
        u_kg=holding.u_kg,
        short=short,
        stock_taken_at=holding.stock_taken_at,
        now=scene.now,
    )


def _gap_kg(scene: Scene, holding: Holding) -> int | None:
    """Physical minus book; None where either, or the work orders, are unknown or old, or the tank is being worked in."""
    if holding.book_kg is None or holding.physical_kg is None or holding.freshness is not Freshness.FRESH:
        return None
    papers = scene.papers.get(holding.site_id)
    if scene.position.book_stale or papers is None or not _of_now(scene, papers) or worked_in(scene, papers, holding):
        return None
    return holding.physical_kg - holding.book_kg


def _of_now(scene: Scene, papers: DepotPapers) -> bool:
    """Whether the site's work orders were told lately: else nobody can say that none is running."""
    told = papers.work_orders_as_of
    return told is not None and (scene.now - told).total_seconds() <= scene.contract.staleness.feed_s


def worked_in(scene: Scene, papers: DepotPapers, holding: Holding) -> bool:
    """Whether a work order is open on the tank, or closed so lately that its book and its gauge may not agree yet."""
    settle = timedelta(seconds=scene.contract.tolerances.window_s)
    mine = [o for o in papers.work_orders if o.tank_id == holding.tank_id]
    running = any(o.closed_at is None and scene.now - o.opened_at < AN_OPERATION for o in mine)
    return running or any(o.closed_at is not None and scene.now - o.closed_at < settle for o in mine)


def _finding(scene: Scene, item: Item, gap_kg: int, since: datetime, standing: Standing) -> Finding:
    held = item.holding
    price = item.price.cny_t
    facts: Json = {
        "tank": held.tank_id,
        "site": held.site_id,
        "good": held.good,
        "book_kg": held.book_kg,
        "physical_kg": held.physical_kg,
        "short": gap_kg <= 0,
        "gap_kg": abs(gap_kg),
        "gap_ratio": str(Decimal(abs(gap_kg)) / held.book_kg) if held.book_kg else None,
        "tolerance_kg": round(_allowed_kg(scene, held, short=gap_kg <= 0)),
        "since": stamp(since),
        "taken_at": stamp(held.taken_at) if held.taken_at is not None else None,
        "value_cny": str(worth(abs(gap_kg), max(price, ZERO), item.haircut)) if price is not None else None,
        "lower_of_book": scene.contract.quantity_rule == "lower_of_book",
    }
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.BOOK_GAP,
        subject=held.tank_id,
        severity=Severity.ORANGE if gap_kg <= 0 else Severity.YELLOW,
        standing=standing,
        data_at=held.taken_at or scene.now,
        facts=facts,
        site=held.site_id,
    )
