"""1500吨甲醇值多少钱: what so many tonnes of a good are worth at the price that counts now, before and after the haircut."""

from collections.abc import Mapping
from decimal import Decimal

from domain.contract import Contract, Field
from domain.event import Json
from domain.money import fen
from domain.position import Item, Position, PriceStanding
from skills.pool import as_of
from skills.ports import View
from skills.scope import PARTIES, asked, ids, not_found
from skills.skill import Answer, Figure, Parameter, Skill, Status


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Per visible contract that has the good. CLARIFY without one good and one mass; NO_DATA without its price."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    goods, masses = ids(arguments, "good"), ids(arguments, "mass")
    if len(goods) != 1 or len(masses) != 1:
        return Answer(status=Status.CLARIFY, kind="clarify", facts={"about": "amount", "options": [], "tanks": []})
    good, kg = goods[0], abs(int(Decimal(masses[0])))
    open_here = [c for c in contracts if Field.VALUE in view.may(c.id)]
    if not open_here:
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.VALUE.value]})
    blocks = [b for c in open_here if (p := view.position(c.id)) and (b := _block(c, p, good, kg)) is not None]
    if not blocks:
        return not_found("good")
    priced = [b for b in blocks if b["cny_t"] is not None]
    fresh = all(b["fresh"] for b in priced)
    return Answer(
        status=Status.NO_DATA if not priced else Status.OK if fresh else Status.STALE,
        kind="goods_worth",
        facts={"contracts": blocks, "good": good, "kg": kg},
        figures=tuple(
            Figure(name=f"{b['contract']}.{good}.{name}", value=b[name], unit="CNY", as_of=b["as_of"])
            for b in priced
            for name in ("market_cny", "counted_cny")
        ),
    )


def _block(contract: Contract, position: Position, good: str, kg: int) -> Json | None:
    """None where the contract's tanks hold none of it. counted_cny: None for a good that the contract does not take."""
    items = [i for i in position.items if i.holding.good == good]
    if not items:
        return None
    one = next((i for i in items if i.counted), items[0])
    facts: Json = {"contract": contract.id, "as_of": as_of(position), "cny_t": None, "eligible": good in contract.goods}
    if one.price.cny_t is None:
        return facts
    market = one.price.cny_t * kg / 1000
    return facts | {
        "cny_t": str(one.price.cny_t),
        "fresh": one.price.standing is PriceStanding.FRESH,
        "market_cny": str(fen(market)),
        "haircut": str(one.haircut),
        "counted_cny": str(_counted(market, one)),
    }


def _counted(market: Decimal, one: Item) -> Decimal:
    """After the haircut, before any cap."""
    return fen(market * (1 - one.haircut))


SKILL = Skill(
    name="goods_worth",
    command="worth",
    purpose="多少吨某种货现在值多少钱",
    examples=("1500吨甲醇值多少钱", "300吨柴油值多少钱", "500吨沥青值多少钱"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="mass", kind="mass", about="吨数,如 1500吨", plain=True),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("折值",),
    answers=("q_value",),
    suits=lambda _, slots: "amount_t" in slots,
)
