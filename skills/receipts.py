"""仓单: which receipts are pledged, which end soon, and what became of one. An unknown number and another's are alike."""

import re
from collections.abc import Mapping, Sequence

from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.receipt.receipt import Standing
from skills import tanks
from skills.ports import View
from skills.scope import PARTIES, asked, ids, not_found
from skills.skill import Answer, Figure, Parameter, Skill, Status

MOST = 8
"""So many receipts are told one by one; the rest is counted."""
UNKNOWN = not_found("receipt")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The receipts in pledge, the one that ends first first; with ``which: soon`` only those near their end."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    goods = ids(arguments, "good")
    of = tuple(c for c in contracts if c.receipts is not None)
    soon = arguments.get("which") == "soon"
    rows = [(c, s) for c in of for s in view.receipts(c.id) if s.state.live and _wanted(view, c, s, goods, soon=soon)]
    rows.sort(key=lambda r: (r[1].receipt.expires_on is None, r[1].receipt.expires_on, r[1].receipt.no))
    facts: Json = {
        "pools": len(of),
        "soon": soon,
        "days": max((c.receipt_notice_days for c in of), default=0),
        "total": len(rows),
        "expired": sum(s.receipt.expired(view.now) for _, s in rows),
        "rows": [_row(view, c, s) for c, s in rows[:MOST]],
        "more": max(0, len(rows) - MOST),
        "contracts": [c.id for c in contracts],
        "at": stamp(view.now),
    }
    if rows and all(Field.QUANTITY in view.may(c.id) for c, _ in rows):
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


def _wanted(view: View, contract: Contract, standing: Standing, goods: Sequence[str], *, soon: bool) -> bool:
    if goods and standing.receipt.good not in goods:
        return False
    return not soon or standing.receipt.ends_within(contract.receipt_notice_days, view.now)


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
    ),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
        Parameter(
            name="which",
            kind="choice",
            about="快到期:只看临近到期和已过期的",
            choices=(("soon", ("快到期", "要到期", "将到期", "临期", "过期")),),
        ),
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
