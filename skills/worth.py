"""What a pledge is worth now, how far from its lines, and which goods make it up: only what a chat may see."""

from decimal import Decimal

from domain.contract import Contract, Field, Line
from domain.event import Json
from domain.money import ZERO, total
from domain.position import Position

TOP = 4
"""So many goods are named; the rest is summed."""


def worth(contract: Contract, position: Position, may: frozenset[Field]) -> Json:
    """The facts of a contract's value; a key that is not there is withheld, None is unknown."""
    facts: Json = {}
    if Field.VALUE in may:
        facts["value_cny"] = str(position.recognised) if any(i.counted for i in position.items) else None
        facts["last_known_cny"] = str(position.last_known)
        facts["capped_cny"] = str(position.capped_off)
    if Field.LINE in may:
        facts["breached"] = position.breached or "none"
    # A line that only missing data crosses is no breach: then the distances are those of the last-known value.
    whole = all(i.counted or i.barred for i in position.items)
    value = position.recognised if whole else position.last_known
    facts["of_last_known"] = not whole
    if {Field.VALUE, Field.LINE} <= may:
        facts["lines"] = _lines(position, value)
    if Field.LTV in may:
        terms = contract.lines
        facts["ltv"] = str(position.exposure / value) if value > 0 else None
        facts["ltv_lines"] = {x.value: str(terms.ltv_of(x)) for x in Line}
        if terms.coverage is not None:
            facts["coverage"] = str(value / position.exposure) if position.exposure > 0 else None
            facts["coverage_lines"] = {x.value: str(terms.coverage_of(x)) for x in Line}
    if {Field.VALUE, Field.QUANTITY} <= may:
        facts["top"] = _top(position)
    return facts


def _lines(position: Position, value: Decimal) -> Json:
    """The nearest line below the value and the nearest above it, with the distance to each."""
    below = next((x for x in Line if value >= position.line_values[x]), None)
    above = next((x for x in reversed(Line) if value < position.line_values[x]), None)
    near = [str(position.line_values[x]) for x in (below, above) if x is not None]
    return {
        "below": _distance(position, below, value),
        "above": _distance(position, above, value),
        "of_cny": str(value),
        "near_cny": near,
    }


def _distance(position: Position, line: Line | None, value: Decimal) -> Json | None:
    if line is None:
        return None
    limit = position.line_values[line]
    return {
        "line": line.value,
        "line_cny": str(limit),
        "gap_cny": str(abs(value - limit)),
        "ratio": str(1 - limit / value) if value > 0 else None,
    }


def _top(position: Position) -> Json:
    """The goods that make up the value, largest first; only what is counted. A good without a price has no value."""
    rows: dict[str, tuple[int, Decimal]] = {}
    for i in position.items:
        if i.counted and i.eligible_kg:
            kg, cny = rows.get(i.holding.good, (0, ZERO))
            rows[i.holding.good] = (kg + i.eligible_kg, cny + i.value_cny)
    unpriced = {i.holding.good for i in position.items if i.price.cny_t is None}
    whole = total(cny for _, cny in rows.values())
    order = sorted(rows, key=lambda g: -rows[g][1])
    rest = order[TOP:] if len(order) > TOP + 1 else []
    return {
        "rows": [
            {
                "good": g,
                "kg": rows[g][0],
                "value_cny": str(rows[g][1]) if g not in unpriced else None,
                "ratio": str(rows[g][1] / whole) if whole and g not in unpriced else None,
            }
            for g in order[: len(order) - len(rest)]
        ],
        "rest": {"n": len(rest), "value_cny": str(total(rows[g][1] for g in rest))} if rest else None,
    }
