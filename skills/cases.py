"""在办提货/换货/补货: the cases that are open, or one of them by its number, as this chat may read it."""

import re
from collections.abc import Mapping

from domain.case.case import Case
from domain.case.notice import card_body
from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.people import Audience
from skills.alarms import promise_shown
from skills.ports import View
from skills.scope import PARTIES, asked, partial
from skills.skill import Answer, Figure, Parameter, Skill, Status

MOST = 8
"""So many cases are told one by one; the rest is counted."""
NUMBER = re.compile(r"(?<![A-Za-z0-9])(?:RC|SW|TU)-\d{8}-\d{2,4}(?!\d)", re.IGNORECASE)
"""A case's number as ``domain.case.acts.PREFIX`` makes it."""
_ASKS = re.compile(r"[?？]|[吗呢]$|到哪|怎么|什么|进度|状态|详情|^查")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Open cases, the oldest first. None open is an answer (OK), not missing data."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    rows = [(c, x) for c in contracts for x in _told(view, c) if x.open]
    rows.sort(key=lambda r: r[1].filed_at)
    facts: Json = {
        "total": len(rows),
        "rows": [_body(view, c, x) for c, x in rows[:MOST]],
        "more": max(0, len(rows) - MOST),
        "contracts": [c.id for c in contracts],
        "at": stamp(view.now),
    }
    count = Figure(name="open_cases", value=str(len(rows)), unit="1", as_of=stamp(view.now))
    return Answer(status=Status.OK, kind="cases", facts=facts, figures=(count,))


def one(view: View, arguments: Mapping[str, str]) -> Answer:
    """One case by its number, open or ended."""
    if view.denied:
        return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={})
    number = NUMBER.search(arguments.get("case", ""))
    if number is None:
        return Answer(status=Status.CLARIFY, kind="case", facts={"case": None})
    wanted = number[0].upper()
    found = ((c, x) for c in view.contracts() for x in _told(view, c) if x.id == wanted)
    contract, case = next(found, (None, None))
    if contract is None or case is None:
        return Answer(status=Status.NO_DATA, kind="not_found", facts={"what": "case"})
    promises = [promise_shown(view, p) for p in view.promises(contract.id) if p.case_id == case.id]
    facts = _body(view, contract, case) | {"now": stamp(view.now), "promises": promises}
    return Answer(status=Status.OK, kind="case", facts=facts)


def reads(text: str) -> Mapping[str, str] | None:
    """RC-20260312-01 到哪一步了: a case's number, alone or with a question."""
    number = NUMBER.search(text)
    if number is None or text.lstrip().startswith(("/", "／")):
        return None
    alone = not text.replace(number[0], "").strip(" 。.!?")
    return {"case": number[0].upper()} if alone or _ASKS.search(text) else None


def _told(view: View, contract: Contract) -> list[Case]:
    """Cases with a card in this chat; all of them where everybody may read quantities."""
    chat = view.chat
    if chat is None or chat.audience is Audience.BANK or Field.QUANTITY in view.may(contract.id):
        return list(view.cases(contract.id))
    heard = view.heard_in()
    return [x for x in view.cases(contract.id) if heard & {x.chat, *x.asked}]


def _body(view: View, contract: Contract, case: Case) -> Json:
    """What the case's card says in this chat."""
    chat = view.chat
    bank = chat is not None and chat.audience is Audience.BANK
    only = None if bank or chat is None else chat.id
    return card_body(case, contract, view.may(contract.id), only, strangers=partial(view))


CASES = Skill(
    name="cases",
    command="cases",
    purpose="在办的提货、换货、补货",
    examples=(
        "在办提货",
        "有哪些在办的提货",
        "在办的换货和补货",
        "提货申请办到哪一步了",
        "换货办到哪一步了",
        "补货登记办到哪一步了",
        "有没有没办完的提货",
        "提货申请有哪些没办完",
        "在办的提货换货补货",
        "现在有几笔在办的提货",
        "有几笔提货在办",
        "我的提货申请怎么样了",
        "提货进度",
        "换货进度",
        "补货进度",
        "提货办好了吗",
        "恒运池有哪些在办的提货",
    ),
    roles=PARTIES,
    run=run,
    parameters=(Parameter(name="contract", kind="contract", about="项目,默认本群全部"),),
    aliases=("在办",),
)

CASE = Skill(
    name="case",
    command="case",
    purpose="一笔提货、换货或补货的进度(按编号)",
    examples=(
        "RC-20260312-01",
        "RC-20260312-01 到哪一步了",
        "SW-20260312-02 什么情况",
        "TU-20260312-01 进度",
        "查 RC-20260312-01",
    ),
    roles=PARTIES,
    run=one,
    parameters=(Parameter(name="case", kind="text", required=True, about="编号,如 RC-20260312-01"),),
    aliases=("进度",),
    reads=reads,
)
