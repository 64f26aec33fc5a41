"""How a price changed: against what counted when the day began, or the publication before it, with both moments."""

from datetime import datetime, timedelta

from domain.contract import Contract
from domain.event import Json, stamp
from domain.position import GoodPrice, PriceStanding
from skills.ports import View


def change(price: GoodPrice, before: GoodPrice | None, named: Json) -> Json | None:
    """Against what counted before the day or span began; None where either is unknown or today's is not fresh."""
    if before is None or before.cny_t is None or price.cny_t is None or price.standing is not PriceStanding.FRESH:
        return None
    step = price.cny_t - before.cny_t
    return {
        "from": str(before.cny_t),
        "cny_t": str(step),
        "ratio": str(step / before.cny_t) if before.cny_t > 0 else None,
        "from_at": stamp(before.published_at) if before.published_at is not None else None,
        **named,
    }


def last_quote(
    view: View, contract: Contract, good: str, price: GoodPrice, before: GoodPrice, start: datetime
) -> Json | None:
    """The change since the publication before, where the day or span saw no other; since its first, where none was older."""
    if price.published_at is None:
        return None
    if before.cny_t is not None and before.published_at == price.published_at:
        found, of = view.prices(contract.id, price.published_at - timedelta(seconds=1)).get(good), "quote"
    elif before.cny_t is None:
        found, of = _first(view, contract, good, start), "first"
    else:
        return None
    if found is None or found.published_at == price.published_at:
        return {"of": "only"}
    step = change(price, found, {"of": of, "since": stamp(start)})
    return step or {"of": "only"}


def _first(view: View, contract: Contract, good: str, start: datetime) -> GoodPrice:
    """The first publication after ``start``, to the minute; it is known that nothing counted before."""
    low, high = start, view.now
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        known = view.prices(contract.id, middle)[good].cny_t is not None
        low, high = (low, middle) if known else (middle, high)
    return view.prices(contract.id, high)[good]
