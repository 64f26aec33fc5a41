"""换货: what comes in for what goes out. What comes must come first; it only proposes."""

import re
from collections.abc import Mapping

from domain.case.case import CaseKind
from skills.cargo_lines import Unclear, clauses_of, lines_of
from skills.ports import View
from skills.proposing import FILERS, forms, proposed, unclear
from skills.skill import Answer, Parameter, Request, Skill

OPENINGS = ("申请换货", "换货申请", "换货")
_WAY = re.compile("(换入|换出)")
_PLACE = re.compile(r"^(?!到|进|入)从?(?:[a-z]{1,4} ?-? ?\d|\d{1,4}(?:号|#))(?!.*吨)")
"""A tank that stands before its word: T-112换出500吨甲醇."""


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """The swap with what the bot finds about it, or what is still unclear."""
    sides = sorted_out(clauses_of(arguments.get("text", "")))
    into, out = (lines_of(view, sides[way]) for way in ("换入", "换出"))
    for lines in (into, out):
        if isinstance(lines, Unclear):
            return unclear(CaseKind.SWAP, lines)
    assert not isinstance(into, Unclear)
    assert not isinstance(out, Unclear)
    return proposed(
        view, CaseKind.SWAP, lambda contract: Request(contract_id=contract, kind=CaseKind.SWAP, into=into, out=out)
    )


def sorted_out(clauses: list[str]) -> dict[str, list[str]]:
    """The clauses on each side; what follows 换入 or 换出 belongs to it until the other word comes."""
    sides: dict[str, list[str]] = {"换入": [], "换出": []}
    way = ""
    for clause in clauses:
        place = ""
        for n, part in enumerate(_WAY.split(clause)):
            if part in sides:
                way = part
            elif n == 0 and _PLACE.search(part) and _WAY.search(clause):
                place = part.strip()
            elif way and part.strip():
                sides[way].append(f"{place} {part.strip()}".strip())
                place = ""
    return sides


SKILL = Skill(
    name="swap",
    command="swap",
    purpose="申请换货:先入后出(提交后由资金方决定)",
    examples=(
        "换货:换入 T-107 柴油 300吨 换出 T-112 甲醇 500吨",
        "换货 换出 T-112 甲醇 500吨,换入 T-107 柴油 300吨",
        "申请换货:换入 T-107 300吨,换出 T-112 500吨",
        "换货申请 换入 T-107 柴油 300吨 换出 T-112 甲醇 500吨",
        "申请换货 换出 T-112 甲醇 500吨 换入 T-107 柴油 300吨",
    ),
    roles=FILERS,
    run=run,
    parameters=(Parameter(name="text", kind="text", required=True, about="换入与换出的罐号、品种、吨数"),),
    aliases=("换货",),
    reads=forms(OPENINGS),
    answers=("a_swap_request",),
)
