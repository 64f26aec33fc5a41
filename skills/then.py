"""昨天17点的货值: what a contract was worth at a past moment, by what was known then, under the terms then in force."""

from collections.abc import Mapping
from datetime import datetime

from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.money import fen
from domain.position import Position
from skills.ports import View
from skills.scope import PARTIES, asked, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import span_of
from skills.worth import worth


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One block per visible contract that there was. NO_DATA for a time that is not over, or before the first record."""
    span = span_of(arguments.get("time", ""))
    if span is None:
        return Answer(status=Status.CLARIFY, kind="then_when", facts={"about": "time"})
    if span.end > view.now:
        return Answer(status=Status.CLARIFY, kind="then_when", facts={"about": "future"})
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    if not any(Field.VALUE in view.may(c.id) for c in contracts):
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.VALUE.value]})
    return _answer(view, tuple(c for c in contracts if Field.VALUE in view.may(c.id)), span.end)


def _answer(view: View, contracts: tuple[Contract, ...], at: datetime) -> Answer:
    then = view.then(at)
    if then is None:
        return Answer(status=Status.NO_DATA, kind="then_when", facts={"about": "before", "at": stamp(at)})
    blocks = [
        _block(then.contracts[c.id], then.positions[c.id], view.may(c.id)) for c in contracts if c.id in then.positions
    ]
    facts: Json = {
        "at": stamp(at),
        "of_then": then.of_then,
        "terms": then.terms[:12],
        "contracts": blocks,
        "withheld": withheld(view, contracts, (Field.LINE, Field.LTV)),
    }
    known = [b for b in blocks if b["known"]]
    return Answer(
        status=Status.OK if known else Status.NO_DATA,
        kind="then",
        facts=facts,
        figures=tuple(
            Figure(name=f"{b['contract']}.value_cny", value=b["value_cny"], unit="CNY", as_of=stamp(at))
            for b in known
            if b["value_cny"] is not None
        ),
    )


def _block(contract: Contract, position: Position, may: frozenset[Field]) -> Json:
    """The facts of the value as in the answer about now; a key that is not there is withheld."""
    facts: Json = {"contract": contract.id, "known": position.known and bool(position.items)}
    if not facts["known"]:
        return facts
    facts |= worth(contract, position, may)
    facts["complete"] = position.complete()
    facts["fresh_ratio"] = str(position.fresh_ratio)
    if Field.EXPOSURE in may:
        facts["exposure_cny"] = str(fen(position.exposure))
    return facts


SKILL = Skill(
    name="then",
    command="then",
    purpose="过去某一时点的货值(按当时所知、当时条款)",
    examples=(
        "昨天17点货值多少",
        "3月11日15:00的货值",
        "上周五下午4点恒运池货值多少",
        "上月底货值多少",
        "昨天的质押率",
    ),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="time", kind="time", required=True, about="时间,如 昨天17点"),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("当时", "历史货值"),
    answers=("q_value", "q_ltv"),
    suits=lambda _, slots: slots.get("time", "now") not in ("now", "today"),
)
