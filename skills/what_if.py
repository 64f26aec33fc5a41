"""如果…会怎样: under another price, with goods in, out or swapped, a tank gone, money repaid; how far prices may fall."""

from collections.abc import Mapping
from decimal import Decimal

from domain.contract import Contract, Field, Line
from domain.event import Json
from domain.position import Position
from domain.what_if import fall_of, revalued, uniform_fall
from skills.pool import NO_POSITION, as_of, stood
from skills.ports import View
from skills.scope import PARTIES, asked, ids, not_found, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.supposed import FIGURES, Supposed, cny_t
from skills.worth import worth

DISTANCE = frozenset({Field.VALUE, Field.LINE})


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Each visible contract before and after the change, or how far prices may fall where none is given."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    stands = [(c, p) for c in contracts if (p := stood(view, c)) is not None]
    if not stands:
        return NO_POSITION
    for name in ("good", "tank"):
        held = {i.holding.good if name == "good" else i.holding.tank_id for _, p in stands for i in p.items}
        said = ids(arguments, name) + (ids(arguments, "priced") if name == "good" else ())
        if set(said) - held:
            return not_found(name)
    limits = arguments.get("how", "limit") == "limit" and not {"tank", *FIGURES} & set(arguments)
    supposed = None if limits else Supposed.of(arguments)
    if not limits and supposed is None:
        return Answer(status=Status.CLARIFY, kind="clarify", facts={"about": "skill", "options": [], "tanks": []})
    needs = DISTANCE if supposed is None else supposed.needs()
    open_here = [(c, p) for c, p in stands if view.may(c.id) >= needs]
    if not open_here:
        granted = frozenset[Field]().union(*(view.may(c.id) for c, _ in stands))
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": sorted(needs - granted or needs)})
    goods = ids(arguments, "good")
    blocks = [
        _limits(c, p, goods) if supposed is None else _changed(c, p, supposed, view.may(c.id)) for c, p in open_here
    ]
    return _answer(view, arguments, tuple(c for c, _ in open_here), blocks)


def _answer(view: View, arguments: Mapping[str, str], contracts: tuple[Contract, ...], blocks: list[Json]) -> Answer:
    facts: Json = {
        "contracts": blocks,
        "asked": {name: list(ids(arguments, name)) for name in ("good", "tank", "how", *FIGURES)},
        "withheld": withheld(view, contracts, (Field.LINE, Field.LTV)) if "after" in blocks[0] else [],
    }
    fresh = all(b["complete"] for b in blocks)
    figures = tuple(
        Figure(name=f"{b['contract']}.value_if_cny", value=b["after"]["value_cny"], unit="CNY", as_of=b["as_of"])
        for b in blocks
        if "after" in b
    )
    return Answer(status=Status.OK if fresh else Status.STALE, kind="what_if", facts=facts, figures=figures)


def _changed(contract: Contract, position: Position, supposed: Supposed, may: frozenset[Field]) -> Json:
    change = supposed.change(position)
    facts = {**_basis(contract, position), "parts": supposed.parts(position)}
    if change is None:
        return {**facts, "impossible": True, **_why_not(position, supposed)}
    after = revalued(contract, position, change)
    return {
        **facts,
        "before": _worth(contract, position, may),
        "after": _worth(contract, after, may),
        "change_cny": str(after.recognised - position.recognised),
        "capped_more": after.capped_off > position.capped_off,
    }


def _worth(contract: Contract, position: Position, may: frozenset[Field]) -> Json:
    """The recognised value alone: what is not counted now would not be counted then."""
    keys = ("value_cny", "breached", "ltv", "ltv_lines", "coverage")
    facts = {k: v for k, v in worth(contract, position, may).items() if k in keys}
    if "ltv" in facts:
        facts["ltv"] = str(position.ltv) if position.ltv is not None else None
    if "coverage" in facts:
        facts["coverage"] = str(position.coverage) if position.coverage is not None else None
    if Field.LINE in may:
        lines = {x: str(position.line_values[x]) for x in Line}
        facts["lines_cny"] = {x.value: v for x, v in lines.items()}
        if position.breached is not None:
            facts["gap_cny"] = str(position.line_values[position.breached] - position.recognised)
    return facts


def _why_not(position: Position, supposed: Supposed) -> Json:
    """Goods that no tank counts for, all of theirs being silent or barred; goods without the price that is supposed to move."""
    counted = {i.holding.good for i in position.items if i.counted}
    per_tonne = supposed.price_to is not None or supposed.price_by is not None
    unpriced = [g for g in supposed.priced if g not in cny_t(position)] if per_tonne else []
    return {
        "uncounted": [g for g, _ in supposed.moved if g not in counted],
        "unpriced": unpriced,
        "below_nothing": per_tonne and not supposed.moved and not unpriced,
    }


def _limits(contract: Contract, position: Position, goods: tuple[str, ...]) -> Json:
    now = cny_t(position)
    rows: list[Json] = []
    for line in Line:
        limit = position.line_values[line]
        if goods:
            falls = [_fall(g, fall_of(contract, position, g, limit), now.get(g)) for g in goods]
        else:
            falls = [_fall(None, uniform_fall(contract, position, limit), None)]
        rows.append({"line": line.value, "line_cny": str(limit), "falls": falls})
    return {**_basis(contract, position), "value_cny": str(position.recognised), "limits": rows}


def _fall(good: str | None, fall: Decimal | None, now: Decimal | None) -> Json:
    """to_cny_t: the price at which that line is met; None where the fall is of all goods, or the price not known."""
    to = str(now * (1 - fall)) if fall is not None and now is not None else None
    return {"good": good, "fall": None if fall is None else str(fall), "to_cny_t": to}


def _basis(contract: Contract, position: Position) -> Json:
    return {"contract": contract.id, "complete": position.complete(), "as_of": as_of(position)}


SKILL = Skill(
    name="what_if",
    command="whatif",
    purpose="如果跌价、提货、补货、换货、还款或少一罐会怎样,最多还能跌多少",
    examples=(
        "如果甲醇再跌5%会怎样",
        "甲醇再跌一成会不会破线",
        "如果再跌5%会怎样",
        "要是涨百分之三货值会是多少",
        "再跌5%会破线吗",
        "再提500吨甲醇会怎样",
        "再提500吨甲醇会不会破线",
        "补入1000吨甲醇会怎样",
        "把T-107拉空会怎样",
        "如果T-107不算进去会怎样",
        "如果还款500万会怎样",
        "还300万元质押率到多少",
        "还款500万会不会破线",
        "换入300吨柴油换出500吨甲醇会怎样",
        "换出500吨甲醇换入300吨柴油会破线吗",
        "如果T-107全拉走质押率到多少",
        "最多还能跌多少",
        "甲醇最多还能跌多少",
        "还能跌多少才破线",
        "货价最多还能跌多少",
    ),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="tank", kind="tank", about="罐号"),
        Parameter(name="percent", kind="percent", about="涨跌幅,如 跌5%"),
        Parameter(name="price_to", kind="money", about="一种货每吨跌到或涨到多少元,如 2200元", plain=True),
        Parameter(name="price_fall", kind="money", about="每吨跌多少元,如 120元", plain=True),
        Parameter(name="price_rise", kind="money", about="每吨涨多少元,如 120元", plain=True),
        Parameter(name="priced", kind="good", about="涨跌的品种,只在同时进出货时填,不填则全部货价"),
        Parameter(name="mass", kind="mass", about="进出吨数,如 提500吨;换货如 换入300吨柴油换出500吨甲醇"),
        Parameter(name="money", kind="money", about="还款金额,如 还款500万"),
        Parameter(
            name="how",
            kind="choice",
            about="不算、拉空或没了某罐;最多还能跌",
            choices=(
                (
                    "gone",
                    (
                        "不算",
                        "全拉走",
                        "拉空",
                        "抽空",
                        "倒空",
                        "提空",
                        "清空",
                        "放空",
                        "抽干",
                        "放干",
                        "一滴不剩",
                        "拿掉",
                        "没了",
                        "丢了",
                        "没有了",
                    ),
                ),
                (
                    "limit",
                    (
                        "还能跌",
                        "能跌",
                        "跌到多少钱",
                        "跌到多少元",
                        "跌到什么价",
                        "跌到几块",
                        "跌多少会",
                        "跌多少才",
                        "跌多少就",
                    ),
                ),
            ),
        ),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("如果", "假如"),
    answers=("q_whatif",),
)
