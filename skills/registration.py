"""中登登记了没有: the entry that the contract's file records. Nothing is looked up at the registry, and that is said."""

from collections.abc import Mapping
from datetime import date

from domain.calendar import CHINA
from domain.contract import Contract
from domain.event import Json, stamp
from skills.ports import View
from skills.scope import PARTIES, asked
from skills.skill import Answer, Figure, Parameter, Skill, Status

SOON_DAYS = 90
"""A registration that ends so soon is said to; a choice of ours: a renewal must be filed before the last day."""
MOST = 3
UNRECORDED = frozenset({"prior", "amount", "tanks"})
"""Wanted at times, and in no contract file."""
WANTS = (
    ("status", ("登记了没有", "登记没有", "做登记了吗")),
    ("expiry", ("到期", "期限", "失效")),
    ("number", ("登记编号", "证明编号", "登记号")),
    ("date", ("哪天登记的", "什么时候登记的")),
    ("amendment", ("变更",)),
    ("renewal", ("展期",)),
    ("prior", ("在先登记", "查重", "别家登记")),
    ("amount", ("登记金额",)),
    ("tanks", ("登记了哪些罐",)),
)


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One block per visible contract. NO_DATA where no file records an entry, or not what is wanted of it."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    today = view.now.astimezone(CHINA).date()
    blocks = [_block(c, today) for c in contracts]
    want, recorded = arguments.get("want", ""), any(b["recorded"] for b in blocks)
    return Answer(
        status=Status.OK if recorded and want not in UNRECORDED else Status.NO_DATA,
        kind="registration",
        facts={"contracts": blocks, "want": want, "at": stamp(view.now)},
        figures=tuple(
            Figure(
                name=f"{b['contract']}.registration.days_left", value=str(b["days"]), unit="d", as_of=stamp(view.now)
            )
            for b in blocks
            if b.get("days") is not None
        ),
    )


def _block(contract: Contract, today: date) -> Json:
    entry = contract.registration
    facts: Json = {
        "contract": contract.id,
        "recorded": entry is not None,
        "clause": contract.clauses.get("registration"),
    }
    if entry is None:
        return facts
    changes = sorted(entry.amendments, key=lambda a: a.registered_on, reverse=True)
    days = (entry.until - today).days if entry.until is not None else None
    return facts | {
        "state": "expired" if entry.expired(today) and entry.state == "registered" else entry.state.value,
        "number": entry.number,
        "registered_on": entry.registered_on.isoformat() if entry.registered_on is not None else None,
        "until": entry.until.isoformat() if entry.until is not None else None,
        "days": days,
        "soon": days is not None and 0 <= days <= SOON_DAYS,
        "amendments": [{"no": a.no, "on": a.registered_on.isoformat(), "about": a.about} for a in changes[:MOST]],
        "more": max(0, len(changes) - MOST),
    }


SKILL = Skill(
    name="q_registration",
    command="registration",
    purpose="中登网登记:编号、日期、到期、变更",
    examples=("中登那边登记了没有", "中登登记什么时候到期", "登记编号是多少", "登记有没有变更过"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="want", kind="choice", about="想知道什么", choices=WANTS),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("中登", "登记"),
)
