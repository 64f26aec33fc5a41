"""Double pledge (一货多押): more is pledged in a tank than is there, or one receipt is in pledge with two lenders.

Told to each lender by its own figures alone (``domain/encumbrance.py``). A tank that is being worked in, or whose gauge
is not fresh, is not judged by its kilograms: what stands of it stands. A number in two hands needs no gauge.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.alarm import Alarm
from domain.contract import AlertKind, Severity
from domain.encumbrance import Check, Encumbered
from domain.event import Json, stamp
from domain.finding import Finding, Standing
from domain.position import Freshness, Item
from domain.scene import Scene
from rules.book_gap import worked_in

NAME = "dup_pledge/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """told: tanks that an open alarm speaks of."""

    told: frozenset[str] = frozenset()


def recall(alarms: Iterable[Alarm]) -> Memory:
    """After a restart, what an open alarm says stands until it adds up again."""
    told = (a.subject for a in alarms if a.kind is AlertKind.DUP_PLEDGE and a.condition == "active")
    return Memory(told=frozenset(told))


def judge(scene: Scene, memory: Memory) -> tuple[list[Finding], Memory]:
    """One finding per tank whose claims do not add up; unknown for a told tank while that cannot be judged."""
    items = {i.holding.tank_id: i for i in scene.position.items}
    found = [f for e in scene.encumbered if (f := _judged(scene, e, items.get(e.tank_id), memory)) is not None]
    return found, Memory(told=frozenset(f.subject for f in found))


def _judged(scene: Scene, e: Encumbered, item: Item | None, memory: Memory) -> Finding | None:
    if item is None:
        return None
    told = e.tank_id in memory.told
    check = e.edge if told else e.check
    if check is Check.SAME_NUMBER:
        return _finding(scene, e, item, check, Standing.BREACH)
    if not _measured(scene, item):
        return _finding(scene, e, item, check, Standing.UNKNOWN) if told else None
    return _finding(scene, e, item, check, Standing.BREACH) if check is not None else None


def _measured(scene: Scene, item: Item) -> bool:
    """The tank's mass is of now, and book and receipts have had the time to follow it."""
    papers = scene.papers.get(item.holding.site_id)
    still = papers is None or not worked_in(scene, papers, item.holding)
    return still and item.holding.freshness is Freshness.FRESH


def _finding(scene: Scene, e: Encumbered, item: Item, check: Check | None, standing: Standing) -> Finding:
    held = item.holding
    facts: Json = {
        "tank": e.tank_id,
        "site": held.site_id,
        "good": held.good,
        "check": check.value if check is not None else None,
        "own_kg": e.own_kg,
        "physical_kg": e.physical_kg,
        "over_kg": e.over_kg,
        "receipts": list(e.numbers),
        "taken_at": stamp(held.taken_at) if held.taken_at is not None else None,
    }
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.DUP_PLEDGE,
        subject=e.tank_id,
        severity=Severity.RED,
        standing=standing,
        data_at=scene.now if check is Check.SAME_NUMBER else held.taken_at or scene.now,
        facts=facts,
    )
