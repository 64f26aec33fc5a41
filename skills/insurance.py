"""保险买到什么时候: the policies that the contract's file records. What it does not record is said so, never 'none'."""

from collections.abc import Mapping
from datetime import date

from domain.calendar import CHINA
from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.insurance import Policy, insured_cny
from skills.ports import View
from skills.scope import PARTIES, among_lenders, asked, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status

SOON_DAYS = 30
"""A policy that ends so soon is said to; a choice of ours, no contract's."""
MOST = 4
UNRECORDED = frozenset({"holder"})
"""Wanted at times, and in no contract file."""
WANTS = (
    ("expiry", ("到期", "到什么时候", "过期", "期限")),
    ("status", ("投保", "买了没有", "有没有保险")),
    ("sum_insured", ("保额", "保多少")),
    ("insurer", ("哪家保险公司", "谁保的")),
    ("beneficiary", ("受益人",)),
    ("coverage", ("险种", "保哪些", "赔不赔")),
    ("renewal", ("续保",)),
    ("policy_no", ("保单号",)),
    ("holder", ("保单在谁手里", "保单原件")),
)


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One block per visible contract. NO_DATA where no file records a policy."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    today = view.now.astimezone(CHINA).date()
    blocks = [_block(view, c, today) for c in contracts]
    recorded = any(b["recorded"] for b in blocks)
    want = arguments.get("want", "")
    return Answer(
        status=Status.OK if recorded and want not in UNRECORDED else Status.NO_DATA,
        kind="insurance",
        facts={
            "contracts": blocks,
            "want": want,
            "at": stamp(view.now),
            "withheld": withheld(view, contracts, (Field.VALUE,)) if recorded else [],
        },
        figures=tuple(f for b in blocks for f in _figures(b, stamp(view.now))),
    )


def _block(view: View, contract: Contract, today: date) -> Json:
    policies = sorted(contract.insurance, key=lambda p: p.until)
    facts: Json = {
        "contract": contract.id,
        "recorded": bool(policies),
        "in_force": any(p.in_force(today) for p in policies),
        "clause": contract.clauses.get("insurance"),
        "rows": [_row(view, contract, p, today) for p in policies[-MOST:]],
        "renewed": len(policies) > 1 and policies[-1].effective_from > today,
    }
    return facts | _against_value(view, contract, today)


def _row(view: View, contract: Contract, policy: Policy, today: date) -> Json:
    left = policy.days_left(today)
    own = {"sum_cny": str(policy.sum_insured_cny)} if Field.VALUE in view.may(contract.id) else {}
    return {
        "kind": policy.kind.value,
        "insurer": policy.insurer,
        "no": policy.policy_no if among_lenders(view) else policy.policy_no[-4:],
        "tail": not among_lenders(view),
        "from": policy.effective_from.isoformat(),
        "until": policy.until.isoformat(),
        "days": left,
        "begun": policy.effective_from <= today,
        "over": left < 0,
        "soon": 0 <= left <= SOON_DAYS,
        "beneficiary": policy.beneficiary,
        "covers": list(policy.covers),
        **own,
    }


def _against_value(view: View, contract: Contract, today: date) -> Json:
    """What is insured today against what the goods are worth; the last-known value, as goods that are not seen burn too."""
    position, insured = view.position(contract.id), insured_cny(contract.insurance, today)
    if position is None or insured is None or Field.VALUE not in view.may(contract.id):
        return {"short_cny": None, "value_cny": None, "insured_cny": None}
    short = position.last_known - insured
    return {
        "insured_cny": str(insured),
        "value_cny": str(position.last_known),
        "short_cny": str(short) if short > 0 else None,
        "complete": position.complete(),
    }


def _figures(block: Json, as_of: str) -> list[Figure]:
    found = []
    for row in block["rows"]:
        name = f"{block['contract']}.policy_{row['no'][-4:]}"
        found.append(Figure(name=f"{name}.days_left", value=str(row["days"]), unit="d", as_of=as_of))
        if "sum_cny" in row:
            found.append(Figure(name=f"{name}.sum_insured_cny", value=row["sum_cny"], unit="CNY", as_of=as_of))
    return found


SKILL = Skill(
    name="q_insurance",
    command="insurance",
    purpose="质物保险:谁保、保额、到期、第一受益人",
    examples=("货的保险买到什么时候", "保额多少够不够", "第一受益人是谁", "保险是哪家的"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="want", kind="choice", about="想知道什么", choices=WANTS),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("保险", "保单"),
)
