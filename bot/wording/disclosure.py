"""Which figures of an alarm a chat may read. What is not listed here is never shown: a new fact waits for its line.

A figure that tells another one needs both: a gap beside a value tells the line, a tank's value beside a public price
tells its tonnes.
"""

from collections.abc import Mapping
from typing import Any

from domain.contract import AlertKind, Field
from domain.event import Json

Needs = Mapping[str, frozenset[Field]]


def _needs(*fields: Field) -> frozenset[Field]:
    return frozenset(fields)


OPEN = _needs()
VALUE, QUANTITY, LINE = _needs(Field.VALUE), _needs(Field.QUANTITY), _needs(Field.LINE)
LTV, EXPOSURE, CASH = _needs(Field.LTV), _needs(Field.EXPOSURE), _needs(Field.CASH)
DISTANCE = VALUE | LINE
WORTH = VALUE | QUANTITY

_POOL: Needs = {
    "pool_cny": VALUE,
    "ltv": LTV,
    "lines_cny": LINE,
    "lines_cny.*": LINE,
    "breached": LINE,
}

_VALUE: Needs = {
    "line": OPEN,
    "value_cny": VALUE,
    "last_known_cny": VALUE,
    "line_cny": LINE,
    "lines_cny": LINE,
    "lines_cny.*": LINE,
    "gap_cny": DISTANCE,
    "gap_ratio": DISTANCE,
    "exposure_cny": EXPOSURE,
    "exposure_stale": OPEN,
    "ltv": LTV,
    "lines_ltv": LTV,
    "lines_ltv.*": LTV,
    "coverage": LTV,
    "lines_coverage": LTV,
    "lines_coverage.*": LTV,
    "fresh_ratio": VALUE,
    "oldest_at": OPEN,
    "next_line": OPEN,
    "drop_to_next": DISTANCE,
    "top_up": OPEN,
    "top_up.target": OPEN,
    "top_up.target_cny": LINE,
    "top_up.goods_cny": DISTANCE,
    "top_up.cash_cny": CASH,
    "top_up.example": DISTANCE,
    "top_up.example.good": DISTANCE,
    "top_up.example.tonnes": DISTANCE,
    "top_up.mix": DISTANCE,
    "top_up.mix.*": DISTANCE,
    "change": OPEN,
    "change.since": OPEN,
    "change.ltv_before": LTV,
    "change.coverage_before": LTV,
    "change.line_before": OPEN,
    **{
        f"change.{part}_cny": VALUE
        for part in ("total", "price", "booked", "unbooked", "eligibility", "haircut", "caps")
    },
    "change.goods": OPEN,
    "change.goods.good": OPEN,
    "change.goods.from": VALUE,
    "change.goods.to": VALUE,
    "change.goods.effect_cny": WORTH,
    "change.tanks": OPEN,
    "change.tanks.tank": OPEN,
    "change.tanks.good": OPEN,
    "change.tanks.kg": QUANTITY,
    "change.tanks.effect_cny": WORTH,
    "change.tanks.work_orders": OPEN,
    "silent": OPEN,
    "stale_prices": OPEN,
}

NEEDS: Mapping[AlertKind, Needs] = {
    AlertKind.VALUE_BELOW_LINE: _VALUE,
    AlertKind.BLIND_BREACH: _VALUE,
    AlertKind.QTY_DROP: {
        "tank": OPEN,
        "site": OPEN,
        "good": OPEN,
        "lost_kg": QUANTITY,
        "from_mm": QUANTITY,
        "to_mm": QUANTITY,
        "since": OPEN,
        "minutes": OPEN,
        "rate_t_h": QUANTITY,
        "tolerance_kg": QUANTITY,
        "check": OPEN,
        "work_orders": OPEN,
        "feed_as_of": OPEN,
        "value_cny": WORTH,
        "gained": OPEN,
    },
    AlertKind.SENSOR_OFFLINE: {
        "site": OPEN,
        "group": OPEN,
        "tanks": OPEN,
        "tanks.tank": OPEN,
        "tanks.good": OPEN,
        "tanks.last_good_at": OPEN,
        "tanks.mass_kg": QUANTITY,
        "tanks.why": OPEN,
        "since": OPEN,
        "value_cny": WORTH,
        "value_ratio": VALUE,
        "exclude_s": OPEN,
    },
    AlertKind.BOOK_GAP: {
        "tank": OPEN,
        "site": OPEN,
        "good": OPEN,
        "short": OPEN,
        "book_kg": QUANTITY,
        "physical_kg": QUANTITY,
        "gap_kg": QUANTITY,
        "gap_ratio": QUANTITY,
        "tolerance_kg": QUANTITY,
        "since": OPEN,
        "taken_at": OPEN,
        "value_cny": WORTH,
        "lower_of_book": OPEN,
    },
    AlertKind.YIELD_GAP: {
        "site": OPEN,
        "input": OPEN,
        "output": OPEN,
        "input_tanks": OPEN,
        "output_tanks": OPEN,
        "short": OPEN,
        "fed_kg": QUANTITY,
        "made_kg": QUANTITY,
        "due_least_kg": QUANTITY,
        "due_most_kg": QUANTITY,
        "gap_kg": QUANTITY,
        "least_yield": OPEN,
        "most_yield": OPEN,
        "since": OPEN,
        "minutes": OPEN,
        "value_cny": WORTH,
    },
    AlertKind.LIFT: {
        "case": OPEN,
        "check": OPEN,
        "tank": OPEN,
        "site": OPEN,
        "good": OPEN,
        "notice_no": OPEN,
        "valid_until": OPEN,
        "stage": OPEN,
        "reason": OPEN,
        "orders": OPEN,
        "noticed_kg": QUANTITY,
        "lifted_kg": QUANTITY,
        "over_kg": QUANTITY,
    },
    AlertKind.DUP_PLEDGE: {
        "tank": OPEN,
        "site": OPEN,
        "good": OPEN,
        "check": OPEN,
        "own_kg": QUANTITY,
        "physical_kg": QUANTITY,
        "over_kg": QUANTITY,
        "receipts": OPEN,
        "taken_at": OPEN,
    },
    AlertKind.RECEIPT_EXPIRING: {
        "days": OPEN,
        "receipts": OPEN,
        "receipts.no": OPEN,
        "receipts.good": OPEN,
        "receipts.kg": QUANTITY,
        "receipts.expires_on": OPEN,
        "receipts.expired": OPEN,
        "others": OPEN,
        "value_cny": WORTH,
        "ltv": LTV,
        "ltv_after": LTV,
        "value_after_cny": VALUE,
        "line_after": LINE,
    },
    AlertKind.PRICE_STALE: {
        **_POOL,
        "goods": OPEN,
        "goods.good": OPEN,
        "goods.published_at": OPEN,
        "goods.standing": OPEN,
        "goods.source": OPEN,
        "stale_haircut": OPEN,
        "value_cny": WORTH,
    },
    AlertKind.PRICE_CRASH: {
        **_POOL,
        "goods": OPEN,
        "goods.good": OPEN,
        "goods.from": OPEN,
        "goods.to": OPEN,
        "goods.fall": OPEN,
        "goods.limit": OPEN,
        "goods.effect_cny": WORTH,
        "goods.source": OPEN,
        "seen_at": OPEN,
        "effect_cny": WORTH,
    },
    AlertKind.PRICE_OUTLIER: {
        **_POOL,
        "good": OPEN,
        "from": OPEN,
        "to": OPEN,
        "quoted": OPEN,
        "quoted_in": OPEN,
        "published_at": OPEN,
        "source": OPEN,
        "limit": OPEN,
        "value_if_cny": VALUE,
        "ltv_if": LTV,
        "line_if": LINE,
    },
}
"""Per kind, the dotted path of every fact that may be shown and the fields that all readers must be granted."""


def seen_only(facts: Json, kind: AlertKind, seen: frozenset[Field]) -> Json:
    """The facts that may be read where ``seen`` is granted to everybody; all others are not there at all."""
    kept: Json = _kept(facts, NEEDS[kind], seen, "")
    return kept


def _kept(value: Any, needs: Needs, seen: frozenset[Field], path: str) -> Any:
    if isinstance(value, Mapping):
        inside = {k: (f"{path}{k}", v) for k, v in value.items()}
        return {
            k: _kept(v, needs, seen, f"{name}.") for k, (name, v) in inside.items() if _granted(name, path, needs, seen)
        }
    if isinstance(value, list):
        return [_kept(v, needs, seen, path) for v in value]
    return value


def _granted(name: str, path: str, needs: Needs, seen: frozenset[Field]) -> bool:
    needed = needs.get(name, needs.get(f"{path}*"))
    return needed is not None and needed <= seen
