"""Rows of the pledge for people: one of a tank, and sums over several. Shows the pledge's part, never another owner's cargo."""

from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.money import ZERO
from domain.position import Freshness, Item
from skills.chosen import Row
from skills.ports import Reading, Stand
from skills.price_note import price_note
from skills.scope import among_lenders


def rows_of(view: Stand, contracts: tuple[Contract, ...]) -> list[Row]:
    """A row for every tank of these contracts that has been valued."""
    positions = [(c, view.position(c.id)) for c in contracts]
    return [(c, i) for c, p in positions if p is not None for i in p.items]


def tank_row(view: Stand, contract: Contract, i: Item) -> Json:
    """One tank: kg, mm, °C and CNY as far as they may be seen. part: others own cargo in it, and of it all the lender hears the sum."""
    held, may = i.holding, view.may(contract.id)
    reading = view.reading(held.tank_id)
    facts: Json = {
        "tank": held.tank_id,
        "site": held.site_id,
        "good": held.good,
        "freshness": held.freshness.value,
        "taken_at": stamp(held.taken_at) if held.taken_at is not None else None,
        "age_s": round((view.now - held.taken_at).total_seconds()) if held.taken_at is not None else None,
        "why": list(reading.why),
        "why_not": i.why_not,
    }
    if Field.QUANTITY in may:
        facts |= {
            "kg": held.physical_kg,
            "level_mm": reading.level_mm,
            "water_mm": reading.water_mm,
            "temp_c": reading.temp_c,
            **({"pledged_kg": held.pledged_kg} if held.pledged_kg is not None else {}),
            **({"part": _part(view, reading)} if held.share != 1 else {}),
        }
    return facts | _worth(i, may, names=among_lenders(view))


def _part(view: Stand, reading: Reading) -> Json:
    """The whole tank's mass, where it is measured now and only the lender's people read along."""
    return {"whole_kg": reading.mass_kg if among_lenders(view) and reading.chain is not None else None}


def _worth(i: Item, may: frozenset[Field], *, names: bool) -> Json:
    """Recognised where it counts, as last known where it does not. Beside a public price it tells the tonnes too."""
    if not {Field.VALUE, Field.QUANTITY} <= may:
        return {}
    value = i.value_cny if i.counted else i.last_known_cny
    known = i.price.cny_t is not None and i.holding.physical_kg is not None and not i.barred
    return {"value_cny": str(value) if known else None, "counted": i.counted, "price": price_note(i.price, names=names)}


def total_of(view: Stand, rows: list[Row]) -> Json:
    """Sums over what may be seen of every row; the value counts recognised cargo only, before caps."""
    may = frozenset(Field).intersection(*(view.may(c.id) for c, _ in rows))
    facts: Json = {
        "tanks": len(rows),
        "blind": sum(i.holding.freshness is not Freshness.FRESH for _, i in rows),
        "unmeasured": sum(i.holding.physical_kg is None for _, i in rows),
    }
    if Field.QUANTITY in may:
        facts["kg"] = sum(i.holding.physical_kg or 0 for _, i in rows)
    if {Field.VALUE, Field.QUANTITY} <= may:
        facts["value_cny"] = str(sum((i.value_cny for _, i in rows if i.counted), ZERO))
    return facts


def as_of(rows: list[Row]) -> str | None:
    """When the newest of them was read."""
    taken = [i.holding.taken_at for _, i in rows if i.holding.taken_at is not None]
    return stamp(max(taken)) if taken else None
