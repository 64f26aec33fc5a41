"""货还在不在: whether the cargo is there, as far as gauges, alarms and the book can tell. Never 在 on stale data."""

from enum import StrEnum
from typing import Any

from domain.alarm import Alarm
from domain.contract import AlertKind, Contract, Field
from domain.event import Json, stamp
from domain.position import Freshness, Item, Position

NAMED = 3
"""So many tanks or sites are named one by one; the rest is counted."""


class Presence(StrEnum):
    """The answer's first word."""

    PRESENT = "present"  # every pledged tank is fresh, nothing is missing
    GONE = "gone"  # every pledged tank is fresh and empty
    REDUCED = "reduced"  # an open alarm says that cargo left a tank, or a plant made too little; to be verified
    SHORT = "short"  # fresh gauges show less than the book
    PARTIAL = "partial"  # some tanks cannot be seen
    UNKNOWN = "unknown"  # no tank can be seen


def presence(
    contract: Contract, position: Position, alarms: tuple[Alarm, ...], *, may: frozenset[Field], book_current: bool
) -> Json:
    """Facts of the first line. book_current: the depot's papers are new enough to be held against the gauges."""
    drops = [a for a in alarms if a.kind is AlertKind.QTY_DROP]
    plants = [a for a in alarms if a.kind is AlertKind.YIELD_GAP and a.facts["short"]]
    blind = [i for i in position.items if i.holding.freshness is not Freshness.FRESH]
    missing = shortfalls(contract, position) if book_current and not position.book_stale else {}
    return {
        "state": _state(position, blind, [*drops, *plants], missing).value,
        "tanks": len(position.items),
        "seen": len(position.items) - len(blind),
        "blind": _blind(position, blind),
        "drops": [_drop(a, may) for a in drops[:NAMED]],
        "drops_more": max(0, len(drops) - NAMED),
        "plants": [_plant(a, may) for a in plants],
        "short": _short(missing, may),
    }


def _state(position: Position, blind: list[Item], drops: list[Alarm], missing: dict[str, int]) -> Presence:
    if drops:
        return Presence.REDUCED
    if blind or not position.items:
        return Presence.PARTIAL if len(blind) < len(position.items) else Presence.UNKNOWN
    if missing:
        return Presence.SHORT
    empty = all((i.holding.physical_kg or 0) <= i.holding.heel_kg for i in position.items)
    return Presence.GONE if empty else Presence.PRESENT


def shortfalls(contract: Contract, position: Position) -> dict[str, int]:
    """Kg by tank that fresh gauges show less than the book, where it is more than tolerance and gauges' doubt."""
    missing: dict[str, int] = {}
    for i in position.items:
        held = i.holding
        if held.book_kg is None or held.physical_kg is None or held.freshness is not Freshness.FRESH:
            continue
        tolerance = max(contract.tolerances.static_t * 1000, contract.tolerances.static_ratio * held.book_kg)
        if held.book_kg - held.physical_kg > tolerance + 2 * held.u_kg:
            missing[held.tank_id] = held.book_kg - held.physical_kg
    return missing


def _short(missing: dict[str, int], may: frozenset[Field]) -> Json | None:
    if not missing:
        return None
    tanks = sorted(missing, key=lambda t: -missing[t])
    facts: Json = {"tanks": tanks[:NAMED], "more": max(0, len(tanks) - NAMED)}
    return {**facts, "kg": sum(missing.values())} if Field.QUANTITY in may else facts


def _drop(alarm: Alarm, may: frozenset[Field]) -> Json:
    facts: Json = {"tank": alarm.subject, "check": alarm.facts["check"], "since": alarm.facts["since"]}
    return {**facts, "lost_kg": alarm.facts["lost_kg"]} if Field.QUANTITY in may else facts


def _plant(alarm: Alarm, may: frozenset[Field]) -> Json:
    facts: Json = {key: alarm.facts[key] for key in ("input", "output", "since")}
    return {**facts, "gap_kg": alarm.facts["gap_kg"]} if Field.QUANTITY in may else facts


def _blind(position: Position, blind: list[Item]) -> Json:
    """Who cannot be seen and since when; a site of which no tank can be seen is named as the site."""
    pledged: dict[str, int] = {}
    for i in position.items:
        pledged[i.holding.site_id] = pledged.get(i.holding.site_id, 0) + 1
    by_site: dict[str, list[Item]] = {}
    for i in blind:
        by_site.setdefault(i.holding.site_id, []).append(i)
    parts: list[dict[str, Any]] = []
    for site, items in by_site.items():
        if len(items) == pledged[site] and len(items) > 1:
            parts.append({"site": site, "n": len(items), "since": _since(items)})
        else:
            parts.extend({"tank": i.holding.tank_id, "n": 1, "since": _since([i])} for i in items)
    return {"parts": parts[:NAMED], "more": sum(p["n"] for p in parts[NAMED:])}


def _since(items: list[Item]) -> str | None:
    """The oldest of their newest good readings; None where one of them never had any."""
    times = [i.holding.taken_at for i in items]
    known = [t for t in times if t is not None]
    return stamp(min(known)) if len(known) == len(times) else None
