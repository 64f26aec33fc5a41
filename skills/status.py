"""The canonical question 货还在不在?现在大概多少货值?: there or not, what it is worth, how far from the lines."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from domain.contract import Contract, Field, Severity
from domain.event import Json, stamp
from domain.position import Item, Position, PriceStanding
from skills.ports import View
from skills.presence import Presence, presence
from skills.scope import PARTIES, among_lenders, asked, partial, withheld
from skills.skill import Answer, AnswerButton, Figure, Parameter, Skill, Status
from skills.standing import WANTS, standing
from skills.worth import worth

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Beijing time; no daylight saving since 1991, so that no time zone database is needed."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One block per visible contract. STALE unless every position is complete."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    if (want := arguments.get("want")) in WANTS:
        return standing(view, contracts, want, arguments.get("line", ""))
    blocks = [block(view, c) for c in contracts]
    facts: Json = {
        "contracts": blocks,
        "withheld": withheld(view, contracts, (Field.VALUE, Field.QUANTITY, Field.LINE, Field.LTV)),
    }
    known = [b for b in blocks if b["known"]]
    status = Status.OK if all(b["complete"] for b in blocks) else Status.STALE
    return Answer(
        status=status if known else Status.NO_DATA,
        kind="status",
        facts=facts,
        figures=tuple(f for b in known for f in _figures(b)),
        buttons=_buttons(contracts, blocks),
    )


def block(view: View, contract: Contract) -> Json:
    """All that this chat may know of one contract now. A key that is not there is withheld; None is unknown."""
    position, may, alarms = view.position(contract.id), view.may(contract.id), view.alarms(contract.id)
    counts = {s.name.lower(): sum(a.severity is s for a in alarms) for s in Severity}
    facts: Json = {"contract": contract.id, "alarms": {"total": len(alarms), **counts, "partial": partial(view)}}
    if position is None or not position.items:
        return {**facts, "known": False, "complete": False}
    midnight = view.now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    moved = view.movements(contract.id, midnight)
    there = presence(contract, position, alarms, may=may, book_current=not moved.stale)
    complete = position.complete()
    quiet = complete and not alarms and there["state"] == Presence.PRESENT
    lines = Field.LINE in may  # else "normal" would tell how they stand
    normal = quiet and lines and position.breached is None
    facts |= {"known": True, "complete": complete, "normal": normal, "quiet": quiet and not lines}
    facts |= {"presence": there, "stale": _stale(position, may)}
    facts |= _freshness(position, may, view.now)
    if Field.QUANTITY in may:
        facts["kg"] = sum(i.holding.physical_kg or 0 for i in position.items)
        facts["unmeasured"] = sum(i.holding.physical_kg is None for i in position.items)
        facts["moved"] = {
            "in_kg": moved.in_kg,
            "out_kg": moved.out_kg,
            "as_of": stamp(moved.as_of) if moved.as_of is not None else None,
            "stale": moved.stale,
            "unowned": moved.unowned,
        }
        if among_lenders(view):
            facts["moved"]["unnoticed_kg"] = moved.out_kg - moved.out_noticed_kg
    return facts | worth(contract, position, may)


def _freshness(position: Position, may: frozenset[Field], now: datetime) -> Json:
    """Of when the data is: its own time, not the time of the question."""
    taken = [i.holding.taken_at for i in position.items if i.holding.taken_at is not None]
    facts: Json = {
        "as_of": stamp(max(taken)) if taken else None,
        "oldest_s": round((now - min(taken)).total_seconds()) if taken else None,
        "goods": len({i.holding.good for i in position.items}),
    }
    return {**facts, "fresh_ratio": str(position.fresh_ratio)} if Field.VALUE in may else facts


def _stale(position: Position, may: frozenset[Field]) -> Json:
    """What besides the gauges is not of now: prices, balances, the depot's book."""
    old = {i.holding.good: i for i in position.items if i.price.standing is PriceStanding.STALE and i.eligible_kg}
    none = {i.holding.good for i in position.items if i.price.standing is PriceStanding.MISSING and i.eligible_kg}
    made = [i for i in position.items if i.price.cny_t is not None and i.eligible_kg]
    exposed = bool(may & {Field.EXPOSURE, Field.LTV, Field.LINE}) and position.exposure_stale
    return {
        "prices": [{"good": g, "published_at": _published(i)} for g, i in sorted(old.items())],
        "unpriced": sorted(none),
        "fallback": sorted({i.holding.good for i in made if i.price.origin and i.price.origin.instead_of}),
        "short": sorted({i.holding.good for i in made if i.price.origin and i.price.origin.short}),
        "manual": sorted({i.holding.good for i in made if i.price.origin and i.price.origin.manual}),
        "quarantined": sorted({i.holding.good for i in position.items if i.price.quarantined is not None}),
        "exposure_as_of": stamp(position.exposure_as_of) if exposed else None,
        "book": position.book_stale,
    }


def _published(i: Item) -> str | None:
    return stamp(i.price.published_at) if i.price.published_at is not None else None


def _figures(facts: Json) -> list[Figure]:
    """The block's main figures, for machines."""
    as_of, where = facts["as_of"], facts["contract"]
    units = (("value_cny", "CNY"), ("last_known_cny", "CNY"), ("fresh_ratio", "1"), ("ltv", "1"), ("kg", "kg"))
    found = [(name, facts[name], unit) for name, unit in units if facts.get(name) is not None]
    near = (facts.get("lines", {}).get(side) for side in ("below", "above"))
    found += [(f"{row['line']}_line_cny", row["line_cny"], "CNY") for row in near if row is not None]
    return [Figure(name=f"{where}.{n}", value=str(v), unit=unit, as_of=as_of) for n, v, unit in found]


def _buttons(contracts: tuple[Contract, ...], blocks: list[Json]) -> tuple[AnswerButton, ...]:
    here = {"contract": contracts[0].id} if len(contracts) == 1 else {}
    offers = [
        AnswerButton(label="tanks", skill="tanks", arguments=here),
        AnswerButton(label="sites", skill="tanks", arguments={**here, "by": "site"}),
    ]
    if any(b["alarms"]["total"] for b in blocks):
        offers.append(AnswerButton(label="alarms", skill="alarms", arguments=here))
    return tuple(offers)


SKILL = Skill(
    name="status",
    command="status",
    purpose="货还在不在、现在多少货值、离各线多远",
    examples=(
        "货还在不在?现在大概多少货值?",
        "恒运池现在总货值多少",
        "货还在吗",
        "现在货值多少",
        "这个项目一共还有多少吨货",
        "这批货现在值多少钱",
        "货有没有少",
        "货少了没有",
        "货没变少吧",
        "货没少吧",
        "总体情况怎么样",
        "库存货值多少",
        "恒运池有多少吨",
        "货都还在罐里吧",
        "库存还有多少",
        "目前认可货值是多少",
        "在押货值多少亿",
        "货值还够不够",
        "报一下货值",
        "恒运池什么情况",
        "恒运池怎么样",
        "货物情况",
        "项目现在怎么样",
        "货值情况汇总",
        "池子里还有多少货,值多少",
        "货没丢吧",
        "货没问题吧",
        "货还安全吗",
        "货值现在是几个亿",
        "估一下这池货值多少钱",
        "现在质押货值多少",
        "还有货吗",
        "货够不够",
        "货在库里没动吧,值多少",
        "离监管线还差多少",
        "监管线以上还有多少余量",
        "离补货线还有多远",
    ),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(
            name="want",
            kind="choice",
            about="只问一项:ltv 质押率,coverage 覆盖率,gap 离线还有多远",
            choices=(("coverage", ("覆盖率", "覆盖倍数", "覆盖比", "覆盖多少")), ("ltv", ()), ("gap", ())),
        ),
        Parameter(
            name="line",
            kind="choice",
            about="离哪条线",
            choices=(("warn", ()), ("control", ()), ("disposal", ())),
        ),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("货值", "状态", "货"),
    answers=("q_status", "q_value", "q_quantity", "q_ltv", "q_gap"),
    suits=lambda intent, slots: intent != "q_gap" or "want" not in slots,
    brings={"q_ltv": {"want": "ltv"}, "q_gap": {"want": "gap"}},
)
