"""换货行不行: what would come in, held against what would go out. An answer by the contract's rules, never a permission."""

from collections.abc import Mapping

from domain.case.card import check_seen
from domain.case.case import CaseKind
from domain.case.check import Ask, unreserved
from domain.contract import Contract, Field
from domain.event import Json
from domain.headroom import floor_of
from skills.pool import NO_POSITION, as_of, stood
from skills.ports import View
from skills.scope import PARTIES, asked
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.swap_sides import Side, Sides, sides_of, sized

NEEDS = frozenset({Field.VALUE, Field.LINE, Field.QUANTITY})
"""Yes or no to a swap tells the distance to a line and how much there is."""
SAID_APART = frozenset({"stale", "receipt"})
"""Findings that decide nothing here: old data is said with the answer, receipts are named in the request."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Yes or no per visible contract, or what is still missing; of several contracts those whose goods are named."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    open_here = [c for c in contracts if view.may(c.id) >= NEEDS]
    if not open_here:
        granted = frozenset[Field]().union(*(view.may(c.id) for c in contracts))
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": sorted(NEEDS - granted or NEEDS)})
    found = [block(view, c, arguments) for c in open_here]
    if not any(b["known"] for b in found):
        return NO_POSITION
    blocks = [b for b in found if "not_pledged" not in b.get("problems", ())] or found
    asking = all(b.get("verdict") == "ask" for b in blocks)
    fresh = all(b["complete"] for b in blocks)
    return Answer(
        status=Status.CLARIFY if asking else Status.OK if fresh else Status.STALE,
        kind="swap_check",
        facts={"contracts": blocks},
        figures=tuple(f for b in blocks for f in _figures(b)),
    )


def block(view: View, contract: Contract, arguments: Mapping[str, str]) -> Json:
    """One contract's verdict: 'yes', 'no', 'ask' (``missing``), or 'lender'; ``problems`` in the order of their weight."""
    position = stood(view, contract)
    if position is None:
        return {"contract": contract.id, "known": False, "complete": False}
    sides = sides_of(view, contract, position, arguments)
    facts: Json = {
        "contract": contract.id,
        "known": True,
        "complete": position.complete(),
        "as_of": as_of(position),
        "clause": contract.clauses.get("swap"),
        "receipts": contract.receipts is not None,
        "into": _side(sides.into),
        "out": _side(sides.out),
        "worked": None,
        "goods": list(contract.goods),
    }
    barred = _barred(contract, sides, arguments)
    if barred:
        return facts | {"verdict": "no", "problems": barred}
    wrong = [s for s in (sides.into, sides.out) if s.wrong_tank]
    if wrong:
        # heard wrong as likely as said wrong: nobody is refused for it
        return facts | {"verdict": "ask", "missing": ["tank"], "tanks": [_held(s) for s in wrong]}
    if sides.missing:
        return facts | {"verdict": "ask", "missing": list(sides.missing)}
    return facts | _weighed(view, contract, sides)


def _barred(contract: Contract, sides: Sides, arguments: Mapping[str, str]) -> list[str]:
    """What no amount of goods would change."""
    if contract.release is None or contract.release.swap is None:
        return ["no_swap"]
    found = {
        "order": arguments.get("order") == "out_first",
        "not_eligible": sides.into.named and sides.into.good not in contract.goods,
        "not_pledged": sides.out.named and not sides.out.held and not sides.out.wrong_tank,
    }
    return [name for name, yes in found.items() if yes]


def _weighed(view: View, contract: Contract, sides: Sides) -> Json:
    """The swap as a request would be checked; an amount that was not told is the least in, or the most out."""
    position = stood(view, contract)
    assert position is not None
    free = unreserved(contract, position, view.cases(contract.id))
    full = sized(view, contract, free, sides)
    facts: Json = {"into": _side(full.into), "out": _side(full.out), "worked": full.worked}
    if full.missing:
        return facts | {"verdict": "ask", "missing": list(full.missing), "each_kg": full.each_kg}
    if full.problem is not None:
        return facts | {"verdict": "no", "problems": [full.problem], "held_kg": full.held_kg}
    ask = Ask(kind=CaseKind.SWAP, out=full.out_lines, into=full.in_lines)
    check = view.checked(contract.id, ask)
    assert check is not None
    seen = check_seen(check, view.may(contract.id))
    problems = [p for p in seen["problems"] if p not in SAID_APART]
    line = max(position.line_values, key=lambda x: position.line_values[x]).value
    keys = ("value_cny", "after_cny", "in_cny", "out_cny", "ratio", "ratio_needed")
    return {
        **facts,
        **{k: seen[k] for k in keys},
        **full.gaps(seen, floor_of(position)),
        "line": line,
        "floor_cny": str(floor_of(position)),
        "problems": problems,
        "verdict": "lender" if problems == ["lender"] else "no" if problems else "yes",
    }


def _side(side: Side) -> Json:
    return {"good": side.good, "said": side.said, "tank": side.tank, "kg": side.kg}


def _held(side: Side) -> Json:
    return {"tank": side.tank, "holds": side.holds}


def _figures(facts: Json) -> list[Figure]:
    units = (("ratio", "1"), ("in_cny", "CNY"), ("out_cny", "CNY"), ("after_cny", "CNY"))
    return [
        Figure(name=f"{facts['contract']}.swap_{name}", value=facts[name], unit=unit, as_of=facts["as_of"])
        for name, unit in units
        if facts.get(name) is not None
    ]


SKILL = Skill(
    name="q_swap_check",
    command="swapcheck",
    purpose="这样换货行不行:换入够不够、破不破线、超不超上限",
    examples=(
        "换入300吨柴油换出500吨甲醇行不行",
        "用乙二醇换出来800吨甲醇行不行",
        "柴油换甲醇可以吗",
        "先出后进行不行",
    ),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="good_in", kind="good", about="换入品种"),
        Parameter(name="good_out", kind="good", about="换出品种"),
        Parameter(name="tank_in", kind="tank", about="换入罐号"),
        Parameter(name="tank_out", kind="tank", about="换出罐号"),
        Parameter(name="mass_in", kind="mass", about="换入吨数", plain=True),
        Parameter(name="mass_out", kind="mass", about="换出吨数", plain=True),
        Parameter(name="money_in", kind="money", about="换入货值,折后", plain=True),
        Parameter(name="money_out", kind="money", about="换出货值,折后", plain=True),
        Parameter(
            name="order",
            kind="choice",
            about="先出后进",
            choices=(("out_first", ("先出后进", "先出后入", "先走后进", "先出再进")),),
        ),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("换货测算",),
)
