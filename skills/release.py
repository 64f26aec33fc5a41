"""申请提货: what the borrower asks to take out. It only proposes; a press files it, the lender decides."""

from collections.abc import Mapping

from domain.case.case import CaseKind
from skills.cargo_lines import Unclear, clauses_of, lines_of
from skills.ports import View
from skills.proposing import FILERS, forms, proposed, unclear
from skills.skill import Answer, Parameter, Request, Skill

OPENINGS = ("申请提货", "提货申请", "申请出库")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The request with what the bot finds about it, or what is still unclear."""
    lines = lines_of(view, clauses_of(arguments.get("text", "")))
    if isinstance(lines, Unclear):
        return unclear(CaseKind.RELEASE, lines)
    return proposed(
        view, CaseKind.RELEASE, lambda contract: Request(contract_id=contract, kind=CaseKind.RELEASE, out=lines)
    )


SKILL = Skill(
    name="release",
    command="release",
    purpose="申请提货(提交后由资金方决定)",
    examples=(
        "申请提货 T-107 柴油 500吨",
        "申请提货 甲醇 500吨 T-112",
        "申请提货:T-107 柴油 500吨,T-112 甲醇 300.5吨",
        "提货申请 T-107 柴油 1,200吨",
        "申请出库 T-107 500吨",
    ),
    roles=FILERS,
    run=run,
    parameters=(Parameter(name="text", kind="text", required=True, about="罐号、品种、吨数"),),
    aliases=("提货", "申请提货"),
    reads=forms(OPENINGS),
    answers=("a_release_request",),
)
