"""还能再进多少甲醇不超上限: how much of a good may still come in and all of it count; room in the tanks is another matter."""

from domain.contract import Contract, Field
from domain.event import Json
from domain.position import Position
from domain.top_up import room_for
from domain.what_if import by_value
from skills.pool import NO_POSITION, as_of, stood
from skills.ports import View
from skills.skill import Answer, Figure, Status

NEEDS = frozenset({Field.VALUE, Field.QUANTITY})
"""What fits below a share of the whole tells how much there is, and what it is worth."""
TOP = 4
"""So many goods are named where none was."""
INWARD = tuple(
    may + again + way
    for may in ("能", "可以")
    for again in ("", "再")
    for way in ("进", "入", "收", "补", "存", "卸", "装进", "接")
)
"""Words of somebody who asks what may come in, not what may leave."""


def intake(view: View, contracts: tuple[Contract, ...], goods: tuple[str, ...]) -> Answer:
    """Per visible contract the room that the caps leave for each named good, else for the largest ones."""
    open_here = [c for c in contracts if view.may(c.id) >= NEEDS]
    if not open_here:
        granted = frozenset[Field]().union(*(view.may(c.id) for c in contracts))
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": sorted(NEEDS - granted or NEEDS)})
    blocks = [_block(c, p, goods) for c in open_here if (p := stood(view, c)) is not None]
    blocks = [b for b in blocks if b["rows"]]
    if not blocks:
        return NO_POSITION
    return Answer(
        status=Status.OK if all(b["complete"] for b in blocks) else Status.STALE,
        kind="intake",
        facts={"contracts": blocks},
        figures=tuple(
            Figure(name=f"{b['contract']}.{r['good']}.room_kg", value=str(r["kg"]), unit="kg", as_of=b["as_of"])
            for b in blocks
            for r in b["rows"]
            if r["kg"] is not None
        ),
    )


def _block(contract: Contract, position: Position, goods: tuple[str, ...]) -> Json:
    held = {i.holding.good for i in position.items}
    chosen = [g for g in goods if g in held] if goods else by_value(position)[:TOP]
    rows = [_row(contract, position, g) for g in chosen]
    return {"contract": contract.id, "complete": position.complete(), "as_of": as_of(position), "rows": rows}


def _row(contract: Contract, position: Position, good: str) -> Json:
    """kg None without a cap that would ever cut; taken False where no tank of the good counts."""
    try:
        kg = room_for(contract, position, good)
    except ValueError:
        return {"good": good, "kg": None, "taken": False, "eligible": good in contract.goods}
    return {"good": good, "kg": kg, "taken": True, "eligible": good in contract.goods}
