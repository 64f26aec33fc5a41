"""仓单: which receipts are pledged, which end soon, and what became of one. An unknown number and another's are alike."""

import re
from collections.abc import Mapping

from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.receipt.receipt import Standing
from skills import tanks
from skills.past import CHINA
from skills.ports import View
from skills.receipts_wanted import TICK, WHICH, Wanted
from skills.scope import PARTIES, asked, ids, not_found
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import span_of

MOST = 8
"""So many receipts are told one by one; the rest is counted."""
UNKNOWN = not_found("receipt")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The receipts in pledge, the one that ends first first; or those of the states, and of the time, that are named."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    span = span_of(arguments["time"]) if "time" in arguments else None
    if "time" in arguments and span is None:
        return Answer(status=Status.CLARIFY, kind="then_when", facts={"about": "time"})
    wanted = Wanted.of(ids(arguments, "which"), span)
    goods = ids(arguments, "good")
    of = tuple(c for c in contracts if c.receipts is not None)
    held = [(c, s) for c in of for s in view.receipts(c.id) if not goods or s.receipt.good in goods]
    rows = [(c, s) for c, s in held if wanted.holds(s, c.receipt_notice_days, view.now)]
    rows.sort(key=lambda r: wanted.order(r[1]))
    facts: Json = {
        "pools": len(of),
        "which": list(wanted.which),
        "start": stamp(span.start) if span is not None else None,
        "end": stamp(span.end) if span is not None else None,
        "last": (span.end - TICK).astimezone(CHINA).date().isoformat() if span is not None else None,
        "days": max((c.receipt_notice_days for c in of), default=0),
        "total": len(rows),
        "expired": sum(s.receipt.expired(view.now) for _, s in rows if s.state.live),
        "rows": [_row(view, c, s) for c, s in rows[:MOST]],
        "more": max(0, len(rows) - MOST),
        "contracts": [c.id for c in contracts],
        "at": stamp(view.now),
    }
    if rows and all(Field.QUANTITY in view.may(c.id) and s.state.live for c, s in rows):
        facts["kg"] = sum(s.left_kg for _, s in rows)
    count = Figure(name="receipts", value=str(len(rows)), unit="1", as_of=stamp(view.now))
    return Answer(status=Status.OK, kind="receipts", facts=facts, figures=(count,))


def one(view: View, arguments: Mapping[str, str]) -> Answer:
    """One receipt by its number, whatever became of it. A tank that is called so is shown as the tank."""
    if view.denied:
        return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={})
    wanted = _plain(arguments.get("receipt", ""))
    if not wanted:
        return run(view, {})
    rows = [(c, s) for c in view.contracts() for s in view.receipts(c.id) if _plain(s.receipt.no) == wanted]
    if not rows:
        tank = next((t for c in view.contracts() for t in c.tank_ids() if _plain(t) == wanted), None)
        return tanks.run(view, {"tank": tank}) if tank is not None else UNKNOWN
    facts: Json = {"rows": [_detail(view, c, s) for c, s in rows], "at": stamp(view.now)}
    return Answer(status=Status.OK, kind="receipt", facts=facts)


def _row(view: View, contract: Contract, standing: Standing) -> Json:
    receipt, may = standing.receipt, view.may(contract.id)
    parts = standing.pledged if standing.state.live else receipt.parts
    return {
        "no": receipt.no,
        "contract": contract.id,
        "state": standing.state.value,
        "good": receipt.good,
        "tanks": list(parts),
        "expires_on": receipt.expires_on.isoformat() if receipt.expires_on is not None else None,
        "expired": receipt.expired(view.now) and not standing.state.over,
        "split_from": receipt.split_from,
        "changed_at": stamp(standing.changed_at) if standing.changed_at is not None else None,
        "pledged_at": stamp(standing.pledged_at) if standing.pledged_at is not None else None,
        **({"kg": sum(parts.values())} if Field.QUANTITY in may else {}),
    }


def _detail(view: View, contract: Contract, standing: Standing) -> Json:
    receipt = standing.receipt
    parts = standing.pledged if standing.state.live else receipt.parts
    quantity = Field.QUANTITY in view.may(contract.id)
    mine = view.receipts(contract.id)
    return {
        **_row(view, contract, standing),
        "issued_on": receipt.issued_on.isoformat(),
        "split_into": [s.receipt.no for s in mine if s.receipt.split_from == receipt.no],
        **({"parts": [{"tank": t, "kg": kg} for t, kg in parts.items()], "issued_kg": receipt.kg} if quantity else {}),
    }


def _plain(number: str) -> str:
    return re.sub(r"[-_\s]", "", number).upper()


RECEIPTS = Skill(
    name="receipts",
    command="receipts",
    purpose="在押仓单有哪些、哪些快到期",
    examples=(
        "有哪些仓单",
        "在押仓单有哪些",
        "仓单清单",
        "现在有几张仓单在押",
        "恒运池的仓单列一下",
        "甲醇的仓单有哪些",
        "哪些仓单快到期",
        "有没有快到期的仓单",
        "有仓单要到期吗",
        "仓单有没有过期的",
        "仓单都在有效期内吗",
        "仓单情况",
        "这个月有哪些仓单要到期",
        "本周注销的仓单有哪些",
        "已注销的仓单有哪些",
    ),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
        Parameter(name="time", kind="time", about="哪段时间到期、入池、解押或注销,如 这个月", ahead=True),
        Parameter(name="which", kind="choice", about="只看哪些;默认在押的", choices=WHICH, many=True),
    ),
    aliases=("仓单",),
    answers=("q_receipt",),
)

RECEIPT = Skill(
    name="receipt",
    command="receipt",
    purpose="一张仓单的状态(后跟仓单号)",
    examples=(
        "仓单 CD-0087 什么状态",
        "CD-0087 什么状态",
        "仓单CD-0091还在押吗",
        "CD-0087什么时候到期?",
        "查一下仓单 CD-0094",
    ),
    roles=PARTIES,
    run=one,
    parameters=(Parameter(name="receipt", kind="receipt", about="仓单号"),),
    aliases=("仓单号",),
    answers=("q_receipt",),
    suits=lambda _, slots: "receipt_id" in slots,
)
