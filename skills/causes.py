"""Why a contract's value changed between two positions, as facts: the exact split, for those who may see quantities."""

from collections.abc import Mapping
from decimal import Decimal

from domain.attribution import attribute
from domain.contract import Field
from domain.event import Json
from domain.position import Position
from skills.ports import Moved

PARTS = ("price", "booked", "unbooked", "eligibility", "haircut", "caps")
MOST = 2
"""So many goods and tanks are named as the largest causes."""
LEAST_CNY = Decimal(10_000)
"""A smaller effect is named by nobody: gauges alone differ by so much."""


def causes(before: Position, after: Position, moved: Moved, may: frozenset[Field]) -> Json | None:
    """The parts add up to the change to the fen; None where value or quantity may not be seen, or either is unknown.

    unsure: the papers do not reach to the end, so that what is unbooked may only be not yet told.
    """
    if not {Field.VALUE, Field.QUANTITY} <= may or not (before.known and after.known):
        return None
    split = attribute(before, after, booked_kg=moved.net_kg)
    goods = _largest(split.by_good)
    good_of = {i.holding.tank_id: i.holding.good for i in after.items}
    tanks = _largest(split.by_tank)
    return {
        "change_cny": str(split.change),
        "parts": {f"{p}_cny": str(getattr(split, p)) for p in PARTS if getattr(split, p)},
        "goods": [{"good": g, "effect_cny": str(v)} for g, v in goods],
        "tanks": [{"tank": t, "good": good_of[t], "effect_cny": str(v)} for t, v in tanks],
        "unsure": moved.stale,
    }


def _largest(effects: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
    worth_telling = ((of, cny) for of, cny in effects.items() if abs(cny) >= LEAST_CNY)
    return sorted(worth_telling, key=lambda kv: (-abs(kv[1]), kv[0]))[:MOST]
