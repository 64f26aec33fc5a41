"""敞口多少: what is owed and of what it is made up, as of when, from where, and which control line the lender has noticed."""

from collections.abc import Mapping

from domain.account import exposure_at
from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.money import fen
from domain.position import control_notice
from skills.ports import View
from skills.scope import PARTIES, asked, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status

PARTS = ("principal", "accrued_interest", "fees_due", "cash_margin")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One block per visible contract whose exposure is open here. STALE where a balance is older than its limit."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    shown = tuple(c for c in contracts if Field.EXPOSURE in view.may(c.id))
    if not shown:
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": [Field.EXPOSURE.value]})
    blocks = [block(view, c) for c in shown]
    return Answer(
        status=Status.STALE if any(b["stale"] for b in blocks) else Status.OK,
        kind="exposure",
        facts={"contracts": blocks, "withheld": withheld(view, contracts, (Field.EXPOSURE, Field.CASH))},
        figures=tuple(
            Figure(name=f"{b['contract']}.{name}", value=b[name], unit="CNY", as_of=b["as_of"])
            for b in blocks
            for name in ("exposure_cny", *PARTS)
            if name in b
        ),
    )


def block(view: View, contract: Contract) -> Json:
    """One contract's exposure now. The parts tell the margin, so they need cash to be open, and so does what was paid."""
    owed, may = exposure_at(contract, view.now), view.may(contract.id)
    age_s = (view.now - owed.as_of).total_seconds()
    facts: Json = {
        "contract": contract.id,
        "exposure_cny": str(fen(owed.amount)),
        "basis": owed.basis.value,
        "as_of": stamp(owed.as_of),
        "age_s": round(age_s),
        "source": owed.source,
        "stale": age_s > owed.stale_after_s,
        "paid_since_cny": str(owed.paid_since) if owed.paid_since and Field.CASH in may else None,
        "notice": _notice(view, contract) if Field.LINE in may else None,
    }
    if Field.CASH in may:
        facts |= {name: str(fen(getattr(owed, name))) for name in PARTS}
    return facts


def _notice(view: View, contract: Contract) -> Json | None:
    """The control-line notice in force."""
    notice = control_notice(contract, view.now)
    if notice is None:
        return None
    return {"no": notice.no, "amount_cny": str(notice.amount), "from": stamp(notice.effective_from)}


SKILL = Skill(
    name="exposure",
    command="exposure",
    purpose="敞口多少:本金、利息、费用、保证金",
    examples=(
        "敞口多少",
        "现在敞口是多少",
        "恒运池敞口多少",
        "贷款余额多少",
        "本金多少",
        "本金利息保证金各多少",
        "利息多少",
        "应计利息有多少",
        "保证金有多少",
        "保证金余额多少",
        "本金还有多少",
        "敞口明细",
        "敞口构成",
        "还欠多少钱",
        "贷款还欠多少",
    ),
    roles=PARTIES,
    run=run,
    parameters=(Parameter(name="contract", kind="contract", about="项目,默认本群全部"),),
    aliases=("敞口", "贷款"),
    answers=("q_loan",),
)
