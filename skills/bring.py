"""补货: what the borrower will bring, in goods or in money. The case then shows what has come and what is missing."""

import re
from collections.abc import Mapping

from domain.case.case import CaseKind, CaseLine
from skills.cargo_lines import Unclear, cash_of, clauses_of, lines_of
from skills.ports import View
from skills.proposing import FILERS, forms, proposed, unclear
from skills.skill import Answer, Parameter, Request, Skill

ASKED = ("申请补货", "补货申请")
TOLD = ("补货",)
MONEY = ("申请补保证金", "申请还款", "补保证金申请")
_PLACE = re.compile(r"[a-z]{1,4} ?[-_]? ?\d|\d(?:号|#)?罐|到|入|进")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The top-up with what it comes to, or what is still unclear."""
    clauses = clauses_of(arguments.get("text", ""))
    cash = cash_of(clauses)
    if isinstance(cash, Unclear):
        return unclear(CaseKind.TOP_UP, cash)
    goods = any("吨" in c for c in clauses)
    into: tuple[CaseLine, ...] | Unclear = lines_of(view, clauses) if goods or cash is None else ()
    if isinstance(into, Unclear):
        return unclear(CaseKind.TOP_UP, into)
    lines = into
    return proposed(
        view,
        CaseKind.TOP_UP,
        lambda contract: Request(contract_id=contract, kind=CaseKind.TOP_UP, into=lines, cash_cny=cash),
    )


def reads(text: str) -> Mapping[str, str] | None:
    """补货 alone asks how much is needed; with a mass and a place it says what will come."""
    if (asked := forms(ASKED)(text)) is not None:
        return asked
    if (money := forms(MONEY)(text)) is not None:
        return {"text": f"保证金 {money['text']}"}
    told = forms(TOLD)(text)
    return told if told is not None and "吨" in text and _PLACE.search(told["text"]) else None


SKILL = Skill(
    name="bring",
    command="bring",
    purpose="登记补货或补保证金,跟踪已补/尚缺",
    examples=(
        "补货 2300吨柴油到T-107",
        "申请补货 T-112 甲醇 800吨",
        "补货:T-107 柴油 1000吨,T-112 甲醇 800吨",
        "申请补保证金 200万",
        "申请补货 T-107 柴油 500吨,保证金 100万",
    ),
    roles=FILERS,
    run=run,
    parameters=(Parameter(name="text", kind="text", required=True, about="罐号、品种、吨数,或金额"),),
    aliases=("登记补货", "申请补货"),
    reads=reads,
)
