"""要补多少货、多少钱: what restores the line that the contract names, in goods through the caps and in money."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from domain.alarm import Alarm
from domain.contract import AlertKind, Contract, Field, Line
from domain.event import Json
from domain.money import ZERO
from domain.position import Position
from domain.top_up import TopUp, alone, call_amount, mass_worth, progress, target_line, target_value, top_up
from domain.what_if import as_last_known, priced
from skills.offer import offered_cny
from skills.pool import NO_POSITION, as_of, stood
from skills.ports import View
from skills.scope import PARTIES, asked, ids, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status

TOP = 4
"""So many goods are named."""
DISTANCE = frozenset({Field.VALUE, Field.LINE})


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """What is missing per visible contract; nothing of it where the lines are not open here."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    if not any(Field.LINE in view.may(c.id) for c in contracts):
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.LINE.value]})
    offer = Decimal(arguments["money"]) if "money" in arguments else None
    worth = Decimal(arguments["worth"]) if "worth" in arguments else None
    line = Line(arguments["line"]) if "line" in arguments else None
    goods = ids(arguments, "good")
    if (goods or worth is not None) and not any(view.may(c.id) >= DISTANCE for c in contracts):
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.VALUE.value]})
    blocks = [block(view, c, offer, goods, line=line, worth=worth) for c in contracts if Field.LINE in view.may(c.id)]
    known = [b for b in blocks if b["known"]]
    if not known:
        return NO_POSITION
    called = any(b["needed"] for b in known)
    facts: Json = {
        "contracts": blocks,
        "withheld": withheld(view, contracts, (Field.VALUE, Field.CASH)) if called else [],
    }
    return Answer(
        status=Status.OK if all(b["complete"] for b in blocks) else Status.STALE,
        kind="top_up",
        facts=facts,
        figures=tuple(
            Figure(name=f"{b['contract']}.top_up_{n}", value=b[n], unit="CNY", as_of=b["as_of"])
            for b in known
            for n in ("goods_cny", "cash_cny")
            if b.get(n) is not None
        ),
    )


def block(
    view: View,
    contract: Contract,
    offer: Decimal | None = None,
    goods: tuple[str, ...] = (),
    *,
    line: Line | None = None,
    worth: Decimal | None = None,
) -> Json:
    """One contract's need; a key that is not there is withheld. offer: money that somebody would bring instead of goods.

    goods: those that somebody would bring. line: up to which, instead of what the contract wants. worth: CNY of goods.
    """
    position, may = stood(view, contract), view.may(contract.id)
    if position is None:
        return {"contract": contract.id, "known": False, "complete": False}
    agreed = contract
    if line is not None:
        contract = replace(contract, lines=replace(contract.lines, restore_target=line))
    # What only missing data takes below the target is restored by data, never by goods or money.
    seen = position.last_known == position.recognised
    known = as_last_known(contract, position)
    need = top_up(contract, known)
    facts: Json = {
        "contract": contract.id,
        "known": True,
        "complete": position.complete(),
        "as_of": as_of(position),
        "target": target_line(contract, position) or "initial",
        "needed": need is not None,
        "blind": need is None and position.recognised < target_value(contract, position, position.exposure),
        "of_last_known": not seen,
    }
    if need is not None:
        facts |= _need(contract, known, need, may, takers=frozenset(priced(position)))
        if not seen and Field.VALUE in may:
            facts["unseen_cny"] = str(position.last_known - position.recognised)
        if goods and may >= DISTANCE:
            facts["wanted"] = (
                [] if worth is not None else _wanted(contract, known, goods, takers=frozenset(priced(position)))
            )
        if offer is not None:
            facts["offer"] = _offered(contract, need, offer) if Field.CASH in may else None
    if line is not None and may >= DISTANCE:
        facts |= _beside(agreed, contract, position, known)
    if worth is not None and may >= DISTANCE:
        facts["worth"] = _worth(contract, known, worth, goods, takers=frozenset(priced(position)))
    came = _came(view, contract, position)
    return facts | ({"came_cny": came} if came is not None and may >= DISTANCE | {Field.QUANTITY} else {})


def _need(
    contract: Contract, position: Position, need: TopUp, may: frozenset[Field], *, takers: frozenset[str]
) -> Json:
    """takers: goods with a tank in which more of them would count now; no other is advised."""
    facts: Json = {"target_cny": str(need.target)}
    if may >= DISTANCE:
        facts["goods_cny"] = str(need.goods_cny)
        facts["call_cny"] = str(call_amount(contract, need.goods_cny))
        rows = [g for g in alone(contract, position) if g.good in takers]
        mix = need.mix if takers.issuperset(g.good for g in need.mix) else ()
        facts["taken"] = bool(rows)
        facts["alone"] = [{"good": g.good, "kg": g.kg} for g in rows if g.kg is not None][:TOP]
        facts["shut"] = [g.good for g in rows if g.kg is None][:TOP]
        facts["mix"] = [{"good": g.good, "kg": g.kg} for g in mix] if len(mix) > 1 else []
    if Field.CASH in may:
        facts["cash_cny"] = str(need.cash_cny) if need.cash_cny is not None else None
    return facts


def _beside(agreed: Contract, asked_of: Contract, position: Position, known: Position) -> Json:
    """How far above the line that was asked of, and what the contract itself would have restored, where that is more."""
    facts: Json = {}
    target = target_value(asked_of, position, position.exposure)
    if position.recognised >= target:
        facts |= {"target_cny": str(target), "over_cny": str(position.recognised - target)}
    due = target_value(agreed, position, position.exposure)
    if due > max(target, known.recognised):
        facts["due"] = {
            "target": target_line(agreed, position) or "initial",
            "target_cny": str(due),
            "goods_cny": str(due - known.recognised),
        }
    return facts


def _worth(
    contract: Contract, position: Position, value: Decimal, goods: tuple[str, ...], *, takers: frozenset[str]
) -> Json:
    """How much of each named good counts for so many CNY, and what is missing then; kg as in ``_wanted``."""
    missing = target_value(contract, position, position.exposure) - position.recognised
    mine = [g for g in goods if g in contract.goods] or list(goods)
    rows: list[Json] = []
    for good in mine:
        taken = good in takers and good in priced(position)
        kg = mass_worth(contract, position, good, value) if taken else None
        rows.append({"good": good, "kg": kg, "eligible": good in contract.goods, "taken": taken})
    short = max(missing - value, ZERO)
    return {"cny": str(value), "goods": rows, "needed_cny": str(max(missing, ZERO)), "short_cny": str(short)}


def _wanted(contract: Contract, position: Position, goods: tuple[str, ...], *, takers: frozenset[str]) -> list[Json]:
    """How much of each named good by itself; kg None where its cap is reached first, not told where it cannot be brought."""
    rows = {g.good: g.kg for g in alone(contract, position) if g.good in takers}
    mine = [g for g in goods if g in contract.goods] or list(goods)
    return [{"good": g, "kg": rows.get(g), "eligible": g in contract.goods, "taken": g in rows} for g in mine]


def _offered(contract: Contract, need: TopUp, offer: Decimal) -> Json:
    """Whether the money is enough, and the ways that the contract names; it takes none of them for granted."""
    needed = need.cash_cny
    return {
        "cny": str(offer),
        "enough": needed is not None and offer >= needed,
        "needed_cny": str(needed) if needed is not None else None,
        "short_cny": str(needed - offer) if needed is not None and offer < needed else None,
        "methods": [m.value for m in contract.cure_methods],
    }


def _came(view: View, contract: Contract, position: Position) -> str | None:
    """What has come since the open alarm about the value, in CNY; None without such an alarm."""
    alarm = _open(view.alarms(contract.id))
    if alarm is None:
        return None
    return str(progress(contract, position, view.arrived(contract.id, alarm.raised_at)).came_cny)


def _open(alarms: tuple[Alarm, ...]) -> Alarm | None:
    return next((a for a in alarms if a.kind is AlertKind.VALUE_BELOW_LINE), None)


def _reads(text: str) -> Mapping[str, str] | None:
    offer = offered_cny(text)
    return {"money": f"{offer:f}"} if offer is not None else None


SKILL = Skill(
    name="top_up",
    command="topup",
    purpose="要补多少货或多少钱",
    examples=(
        "要补多少货",
        "要补多少货才能回到补货线以上",
        "补货要补多少",
        "要补多少钱",
        "需要补多少保证金",
        "还差多少货值",
        "缺口多少",
        "要还多少钱才够",
        "还要补多少",
        "补货还缺多少",
        "还差多少没补",
        "恒运池要补多少货",
        "补到监管线要多少货",
        "补421万货是多少吨沥青",
    ),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="good", kind="good", about="想补的品种"),
        Parameter(name="money", kind="money", about="想用来代替补货的款,如 3500万", plain=True),
        Parameter(name="worth", kind="money", about="想补的货值多少,如 补421万货", plain=True),
        Parameter(
            name="line",
            kind="choice",
            about="只问补到哪条线,不填按合同约定",
            choices=(
                ("warn", ("补货线", "预警线", "警戒线")),
                ("control", ("监管线", "控货线", "控制线")),
                ("disposal", ("处置线", "平仓线")),
            ),
        ),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("补货", "缺口"),
    answers=("q_gap",),
    reads=_reads,
)
