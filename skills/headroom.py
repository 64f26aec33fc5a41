"""还能提多少货: what could leave without a line or a cap being passed. A figure; only the lender's paper releases."""

from collections.abc import Mapping
from decimal import Decimal

from domain.case.check import reserved, unreserved
from domain.contract import Contract, Field
from domain.event import Json
from domain.headroom import Headroom, headroom
from domain.what_if import Change, revalued
from skills.asked_release import Asked, held_against, of_tanks
from skills.intake import INWARD, intake
from skills.pool import NO_POSITION, as_of, stood
from skills.ports import View
from skills.scope import PARTIES, asked, ids, not_found, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status

TOP = 4
"""So many goods are named."""
NEEDS = frozenset({Field.VALUE, Field.LINE})
"""A headroom tells the distance to a line; a good's tonnes tell its quantity as well, a repayment what is owed."""

UNPAPERED = tuple(
    lacks + paper
    for lacks in ("没有", "没", "无", "没收到", "没拿到", "没见到", "不凭", "不用")
    for paper in (
        "通知",
        "提货通知",
        "提货单",
        "书面通知",
        "放货通知",
        "提货通知书",
        "单子",
        "放货单",
        "出库通知",
        "提单",
    )
)
"""Words of somebody who asks whether goods may leave without the lender's paper."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Headroom per visible contract, and per good where quantities are open here; of an amount whether it is within.

    Without the lender's paper nothing may leave, whatever there is: then no tonnes are told.
    """
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    if arguments.get("paper") == "none":
        clauses = [c.clauses.get("release") for c in contracts]
        return Answer(status=Status.OK, kind="no_notice", facts={"clause": clauses[0] if len(clauses) == 1 else None})
    goods, tanks = ids(arguments, "good"), ids(arguments, "tank")
    held = [i.holding for c in contracts if (p := view.position(c.id)) for i in p.items]
    if goods and not any(h.good in goods for h in held):
        return not_found("good")
    if arguments.get("way") == "in":
        return intake(view, contracts, tuple(goods or dict.fromkeys(h.good for h in held if h.tank_id in tanks)))
    if set(tanks) - {h.tank_id for h in held}:
        return not_found("tank")
    repaid = Decimal(arguments["repaid"]) if "repaid" in arguments else None
    if tanks and ({h.good for h in held if h.tank_id in tanks}.issuperset(goods)):
        goods = ()
    if tanks and (goods or "money" in arguments):
        return Answer(status=Status.CLARIFY, kind="clarify", facts={"about": "place", "options": [], "tanks": []})
    if not any(view.may(c.id) >= NEEDS for c in contracts):
        granted = frozenset[Field]().union(*(view.may(c.id) for c in contracts))
        closed = sorted(f.value for f in NEEDS - granted or NEEDS)
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": closed})
    asked_for = Asked.of(arguments.get("mass"), arguments.get("money"), goods)
    # yes or no to a good's tonnes would tell how many there are
    tonnes = bool(tanks) or (asked_for is not None and (asked_for.kg is not None or bool(goods)))
    needs = NEEDS | ({Field.QUANTITY} if tonnes else set()) | ({Field.EXPOSURE} if repaid is not None else set())
    if not any(view.may(c.id) >= needs for c in contracts):
        granted = frozenset[Field]().union(*(view.may(c.id) for c in contracts))
        hidden = sorted(f.value for f in needs - granted or needs - NEEDS)
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": hidden})
    found = [block(view, c, goods, asked_for, tanks, repaid) for c in contracts if view.may(c.id) >= needs]
    found = [b for b in found if not tanks or b.get("tanks") != []]
    blocks = [b for b in found if asked_for is None or b.get("ask") is not None] or found
    known = [b for b in blocks if b["known"]]
    if not known:
        return NO_POSITION
    facts: Json = {"contracts": blocks, "withheld": withheld(view, contracts, (Field.QUANTITY,))}
    fresh = all(b["complete"] for b in blocks)
    return Answer(
        status=Status.OK if fresh else Status.STALE,
        kind="headroom",
        facts=facts,
        figures=tuple(
            Figure(name=f"{b['contract']}.headroom_cny", value=b["value_cny"], unit="CNY", as_of=b["as_of"])
            for b in known
        ),
    )


def block(
    view: View,
    contract: Contract,
    goods: tuple[str, ...],
    asked_for: Asked | None = None,
    tanks: tuple[str, ...] = (),
    repaid: Decimal | None = None,
) -> Json:
    """One contract's headroom, less what notices in force let out already; a key that is not there is withheld.

    tanks: each of them by itself. repaid: CNY that would be paid back before.
    """
    position = stood(view, contract)
    if position is None:
        return {"contract": contract.id, "known": False, "complete": False}
    cases = view.cases(contract.id)
    free = unreserved(contract, position, cases)
    free = revalued(contract, free, Change(repaid=repaid)) if repaid is not None else free
    room = headroom(contract, free, blocked=view.red(contract.id))
    facts: Json = {
        "contract": contract.id,
        "known": True,
        "complete": position.complete(),
        "as_of": as_of(position),
        "floor_cny": str(room.floor_cny),
        "value_cny": str(room.value_cny),
        "blocked": room.blocked,
        "repaid_cny": str(repaid) if repaid is not None else None,
        "ask": held_against(contract, free, room, asked_for) if asked_for is not None and not tanks else None,
    }
    if tanks:
        facts["tanks"] = of_tanks(contract, free, room, tanks, asked_for)
    if Field.QUANTITY in view.may(contract.id):
        facts["goods"] = _rows(room, goods)
        facts["reserved_kg"] = sum(reserved(cases).values())
    return facts


def _rows(room: Headroom, goods: tuple[str, ...]) -> list[Json]:
    chosen = [g for g in room.goods if g.kg and (not goods or g.good in goods)]
    return [{"good": g.good, "kg": g.kg, "capped": g.capped} for g in chosen[:TOP]]


SKILL = Skill(
    name="headroom",
    command="headroom",
    purpose="不破线还能提多少货",
    examples=(
        "还能提多少货",
        "现在最多还能提多少甲醇",
        "甲醇还能提多少吨",
        "可提货额度还有多少",
        "最多能提多少货",
        "能提多少柴油",
        "还有多少提货额度",
        "可以解押多少货",
        "还能放多少货出去",
        "恒运池还能提多少",
        "能不能放300吨甲醇",
        "T-112还能提多少",
        "还款1000万能放多少甲醇",
        "还能再进多少甲醇不超上限",
    ),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="tank", kind="tank", about="只从这个罐提"),
        Parameter(name="mass", kind="mass", about="想提的吨数,如 300吨", plain=True),
        Parameter(name="money", kind="money", about="想提的货值,如 500万", plain=True),
        Parameter(name="repaid", kind="money", about="先还款多少再提,如 还款1000万", plain=True),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
        Parameter(name="way", kind="choice", about="in:不是提货,而是还能进多少不超占比上限", choices=(("in", INWARD),)),
        Parameter(name="paper", kind="choice", about="没有提货通知", choices=(("none", UNPAPERED),)),
    ),
    aliases=("可提", "提货额度"),
    answers=("q_max_release",),
)
