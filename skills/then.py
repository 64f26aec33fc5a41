"""昨天17点的货值: what a contract was worth at a past moment, by what was known then, under the terms then in force."""

from collections.abc import Mapping
from datetime import datetime

from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.money import fen
from domain.position import Position
from skills.past import moment, past, stood_at, told_of
from skills.ports import View
from skills.scope import PARTIES, asked, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.worth import worth


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One block per visible contract that there was. Before the first record: NO_DATA, with that record."""
    at = moment(view, arguments.get("time", ""))
    if isinstance(at, Answer):
        return at
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    wanted = _NEEDS[arguments.get("want", "")]
    open_here = tuple(c for c in contracts if wanted | {Field.VALUE} <= view.may(c.id))
    if not open_here:
        granted = frozenset[Field]().union(*(view.may(c.id) for c in contracts))
        hidden = sorted(wanted - granted) or [Field.VALUE]
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [f.value for f in hidden]})
    return _answer(view, open_here, at)


def _answer(view: View, contracts: tuple[Contract, ...], at: datetime) -> Answer:
    found = stood_at(view, contracts, at)
    if isinstance(found, Answer):
        return found
    then, stood = found
    blocks = [
        _block(then.contracts[c.id], then.positions[c.id], view.may(c.id)) for c in contracts if c.id in then.positions
    ]
    facts: Json = {
        **told_of(stood, at, then),
        "terms": then.terms[:12],
        "contracts": blocks,
        "withheld": withheld(view, contracts, (Field.LINE, Field.LTV)),
    }
    known = [b for b in blocks if b["known"]]
    whole = Status.OK if all(b["complete"] for b in known) else Status.STALE
    return Answer(
        status=whole if known and stood == at else Status.NO_DATA,
        kind="then",
        facts=facts,
        figures=tuple(
            Figure(name=f"{b['contract']}.value_cny", value=b["value_cny"], unit="CNY", as_of=stamp(at))
            for b in known
            if b["value_cny"] is not None and stood == at
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


_NEEDS: Mapping[str, frozenset[Field]] = {
    "": frozenset({Field.VALUE}),
    "ltv": frozenset({Field.LTV}),
    "gap": frozenset({Field.LINE}),
    "exposure": frozenset({Field.EXPOSURE}),
}
"""What the question is about: withheld, it is refused, and not answered with something else."""
_WANTED: Mapping[str, tuple[str | None, ...]] = {"q_gap": (None,), "q_loan": ("exposure",)}
"""What of an intent is answered: of what is owed the exposure, and none of its parts."""
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
        Parameter(
            name="want",
            kind="choice",
            about="只问一项:ltv 质押率,gap 离线还有多远,exposure 敞口",
            choices=(("ltv", ()), ("gap", ()), ("exposure", ())),
        ),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("当时", "历史货值"),
    answers=("q_value", "q_ltv", "q_status", "q_gap", "q_loan"),
    brings={"q_ltv": {"want": "ltv"}, "q_gap": {"want": "gap"}, "q_loan": {"want": "exposure"}},
    suits=lambda intent, slots: past(slots) and slots.get("want") in _WANTED.get(intent, (None, slots.get("want"))),
)
