"""What the three requests share: how they begin, who may make them, and the proposal that waits for a press."""

import re
from collections.abc import Callable, Mapping, Sequence

from domain.case.card import check_seen
from domain.case.case import CaseKind, CaseLine
from domain.case.check import Ask
from domain.case.fold import lines_json
from domain.case.terms import ReleaseTerms
from domain.contract import Contract
from domain.event import Json
from domain.money import ZERO
from domain.people import Audience, Role
from skills.cargo_lines import Unclear, clauses_of
from skills.pool import NO_POSITION
from skills.ports import View
from skills.skill import Answer, Request, Status
from skills.understanding.changes import supposed

FILERS = frozenset({Role.BORROWER, Role.RELATIONSHIP_MANAGER})
"""Who may ask for goods to move: the borrower, and the lender's relationship manager on the borrower's behalf."""
KEPT_MINUTES = 10
"""A proposal that nobody pressed is forgotten after so long."""

Reads = Callable[[str], Mapping[str, str] | None]
_ASKS = re.compile(r"[?？]|吗|呢|多少|怎么|什么|能不能|行不行|可不可以|能否|条件|流程")


def forms(openings: Sequence[str]) -> Reads:
    """Reads a sentence that begins with one of these words and goes on with figures; a question is none."""

    def reads(text: str) -> Mapping[str, str] | None:
        said = "\n".join(clauses_of(text))
        opening = next((o for o in openings if said.startswith(o)), None)
        if opening is None or _ASKS.search(text) or supposed(said):
            return None
        rest = said.removeprefix(opening).strip()
        alone = not rest and "申请" in opening
        return {"text": rest} if alone or any(c.isdigit() for c in rest) else None

    return reads


def proposed(view: View, kind: CaseKind, make: Callable[[str], Request]) -> Answer:
    """The request with what the bot finds about it; make: the request of a contract."""
    if view.denied:
        return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={})
    if view.chat is None or view.chat.audience is not Audience.PROJECT:
        return unclear(kind, Unclear(about="chat"))
    fits = [c for c in view.contracts() if _fits(c, make(c.id))]
    if len(fits) != 1:
        return unclear(kind, Unclear(about="projects" if fits or len(view.contracts()) > 1 else "no_terms"))
    contract = fits[0]
    if (missing := _missing(kind, contract.release)) is not None:
        return unclear(kind, Unclear(about=missing))
    return _proposal(view, contract, make(contract.id))


def _fits(contract: Contract, request: Request) -> bool:
    lines: tuple[CaseLine, ...] = (*request.out, *request.into)
    return set(contract.tank_ids()) >= {x.tank_id for x in lines}


def _missing(kind: CaseKind, terms: ReleaseTerms | None) -> str | None:
    if terms is None:
        return "no_terms"
    return "no_swap" if kind is CaseKind.SWAP and terms.swap is None else None


def _proposal(view: View, contract: Contract, request: Request) -> Answer:
    """The proposal: the request as understood, and of its check what everybody in the chat may see."""
    ask = Ask(kind=request.kind, out=request.out, into=request.into, cash_cny=request.cash_cny or ZERO)
    check = view.checked(contract.id, ask)
    if check is None:
        return NO_POSITION
    may = view.may(contract.id)
    facts: Json = {
        "contract": contract.id,
        "kind": request.kind.value,
        "out": lines_json(request.out),
        "into": lines_json(request.into),
        "cash_cny": str(request.cash_cny) if request.cash_cny is not None else None,
        "check": check_seen(check, may),
        "minutes": KEPT_MINUTES,
    }
    return Answer(
        status=Status.OK if check["complete"] else Status.STALE, kind="case_request", facts=facts, request=request
    )


def unclear(kind: CaseKind, what: Unclear) -> Answer:
    """Why this is no request yet, and how one is written."""
    facts = {"kind": kind.value, "about": what.about, "tanks": list(what.tanks), "good": what.good}
    return Answer(status=Status.CLARIFY, kind="case_unclear", facts=facts)
