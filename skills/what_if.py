"""如果…会怎样: under another price, with goods in, out or swapped, a tank gone, money repaid; how far prices may fall."""

from collections.abc import Mapping
from decimal import Decimal

from domain.contract import Contract, Field, Line
from domain.event import Json
from domain.position import Position
from domain.top_up import brought
from domain.what_if import Change, fall_of, revalued, spread, swapped, uniform_fall
from skills.pool import NO_POSITION, as_of, stood
from skills.ports import View
from skills.scope import PARTIES, asked, ids, not_found, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.worth import worth

PARTIAL = frozenset({Field.VALUE, Field.QUANTITY})
"""What one good or tank changes tells how much of it there is."""
DISTANCE = frozenset({Field.VALUE, Field.LINE})
REPAID = frozenset({Field.VALUE, Field.LINE, Field.EXPOSURE})
"""By how much a repayment moves a line tells what is owed."""


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
        if set(ids(arguments, name)) - held:
            return not_found(name)
    if not _clear(arguments):
        return Answer(status=Status.CLARIFY, kind="clarify", facts={"about": "skill", "options": [], "tanks": []})
    limits = arguments.get("how", "limit") == "limit" and not {"percent", "mass", "money"} & set(arguments)
    needs = DISTANCE if limits else _needs(arguments)
    open_here = [(c, p) for c, p in stands if view.may(c.id) >= needs]
    if not open_here:
        granted = frozenset[Field]().union(*(view.may(c.id) for c, _ in stands))
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": sorted(needs - granted or needs)})
    make = _limits if limits else _changed
    blocks = [make(view, c, p, arguments) for c, p in open_here]
    return _answer(view, arguments, tuple(c for c, _ in open_here), blocks)


def _answer(view: View, arguments: Mapping[str, str], contracts: tuple[Contract, ...], blocks: list[Json]) -> Answer:
    facts: Json = {
        "contracts": blocks,
        "asked": {name: list(ids(arguments, name)) for name in ("good", "tank", "percent", "mass", "money", "how")},
        "withheld": withheld(view, contracts, (Field.LINE, Field.LTV)) if "after" in blocks[0] else [],
    }
    fresh = all(b["complete"] for b in blocks)
    figures = tuple(
        Figure(name=f"{b['contract']}.value_if_cny", value=b["after"]["value_cny"], unit="CNY", as_of=b["as_of"])
        for b in blocks
        if "after" in b
    )
    return Answer(status=Status.OK if fresh else Status.STALE, kind="what_if", facts=facts, figures=figures)


def _clear(arguments: Mapping[str, str]) -> bool:
    """One change, and what it is about: a mass needs its one good, a loss its tanks; prices may fall all together.

    A swap is two masses, one in and one out, with their goods in the same order.
    """
    figures = [n for n in ("percent", "mass", "money", "how") if n in arguments]
    if figures == ["mass"] and len(ids(arguments, "mass")) == 2:
        first, second = (int(kg) for kg in ids(arguments, "mass"))
        return first * second < 0 and len(ids(arguments, "good")) == 2 and "tank" not in arguments
    single = len(figures) <= 1 and all(len(ids(arguments, n)) == 1 for n in figures)
    if "money" in arguments:
        return single and not {"good", "tank"} & set(arguments)
    if "mass" in arguments:
        return single and len(ids(arguments, "good")) == 1 and "tank" not in arguments
    if "percent" in arguments:
        return single and "tank" not in arguments and Decimal(arguments["percent"]) >= -100
    return single and ((arguments.get("how") == "gone") == ("tank" in arguments))


def _needs(arguments: Mapping[str, str]) -> frozenset[Field]:
    if "money" in arguments:
        return REPAID
    uniform = "percent" in arguments and "good" not in arguments
    return frozenset({Field.VALUE}) if uniform else PARTIAL


def _changed(view: View, contract: Contract, position: Position, arguments: Mapping[str, str]) -> Json:
    may = view.may(contract.id)
    change = _change(position, arguments)
    facts = _basis(contract, position)
    if change is None:
        return {**facts, "impossible": True, "uncounted": _uncounted(position, ids(arguments, "good"))}
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
    return facts


def _change(position: Position, arguments: Mapping[str, str]) -> Change | None:
    """None where more should leave than there is, or no tank counts that a good could leave or enter."""
    goods = ids(arguments, "good")
    if "percent" in arguments:
        factor = 1 + Decimal(arguments["percent"]) / 100
        return Change(price_factor=dict.fromkeys(goods, factor)) if goods else Change(every_price=factor)
    if "money" in arguments:
        return Change(repaid=Decimal(arguments["money"]))
    if "mass" in arguments:
        try:
            return _moved(position, goods, [int(kg) for kg in ids(arguments, "mass")])
        except ValueError:
            return None
    return Change(gone=frozenset(ids(arguments, "tank")))


def _moved(position: Position, goods: tuple[str, ...], kg: list[int]) -> Change:
    """Goods in or out, or one for the other. Raises ValueError where more should leave than there is."""
    if len(kg) == 2:
        pairs = list(zip(goods, kg, strict=True))
        (out, gone), (into, came) = sorted(pairs, key=lambda pair: pair[1])
        return swapped(position, out=(out, -gone), into=(into, came))
    if kg[0] > 0:
        return brought(position, {goods[0]: kg[0]})
    return Change(moved_kg=spread(position, goods[0], -kg[0], out=True))


def _uncounted(position: Position, goods: tuple[str, ...]) -> list[str]:
    """Those of the goods that no tank counts for: all of theirs are silent or barred."""
    counted = {i.holding.good for i in position.items if i.counted}
    return [g for g in goods if g not in counted]


def _limits(_view: View, contract: Contract, position: Position, arguments: Mapping[str, str]) -> Json:
    goods = ids(arguments, "good")
    rows: list[Json] = []
    for line in Line:
        limit = position.line_values[line]
        if goods:
            falls = [{"good": g, "fall": _ratio(fall_of(contract, position, g, limit))} for g in goods]
        else:
            falls = [{"good": None, "fall": _ratio(uniform_fall(contract, position, limit))}]
        rows.append({"line": line.value, "line_cny": str(limit), "falls": falls})
    return {**_basis(contract, position), "value_cny": str(position.recognised), "limits": rows}


def _ratio(fall: Decimal | None) -> str | None:
    return None if fall is None else str(fall)


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
        Parameter(name="mass", kind="mass", about="进出吨数,如 提500吨;换货如 换入300吨柴油换出500吨甲醇"),
        Parameter(name="money", kind="money", about="还款金额,如 还款500万"),
        Parameter(
            name="how",
            kind="choice",
            about="不算或拉空某罐;最多还能跌",
            choices=(("gone", ("不算", "拉空", "全拉走")), ("limit", ("还能跌", "能跌"))),
        ),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("如果", "假如"),
    answers=("q_whatif",),
)
