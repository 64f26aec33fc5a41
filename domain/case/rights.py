"""Who may do what to a case: by the role of the person, their organisation, and the chat they do it in. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from domain.case.case import Case, CaseLine
from domain.contract import Contract
from domain.people import LENDER_ROLES, Audience, Chat, Person, Role
from domain.tank import Site, TankIndex


class CaseAct(StrEnum):
    """What a person may do to a filed case."""

    PAID = "paid"  # the lender has the money
    SIGN = "sign"  # a person of the lender registers the sealed notice
    COUNTERSIGN = "countersign"  # a second one confirms it
    VERIFY = "verify"  # the depot has held the paper against it
    DECLINE = "decline"  # the depot will not let the goods go
    REFUSE = "refuse"  # the lender says no, before a notice is in force
    WITHDRAW = "withdraw"  # the borrower takes the request back, before that
    REVOKE = "revoke"  # the lender takes a notice in force back
    ACCEPT = "accept"  # the lender takes what was brought into the pledge


LENDER_ACTS = frozenset(
    {CaseAct.PAID, CaseAct.SIGN, CaseAct.COUNTERSIGN, CaseAct.REFUSE, CaseAct.REVOKE, CaseAct.ACCEPT}
)
DEPOT_ACTS = frozenset({CaseAct.VERIFY, CaseAct.DECLINE})


def may(act: CaseAct, person: Person, chat: Chat, contract: Contract, case: Case, depots: frozenset[str]) -> bool:
    """Whether this person may do this to this case in this chat. depots: organisations at whose sites its goods lie.

    chat: as its membership stands now; what is the lender's to decide is decided among its own people only.
    """
    if contract.id not in chat.contracts or person.id not in chat.members:
        return False
    if act in LENDER_ACTS:
        return chat.audience is Audience.BANK and chat.verified and _of_lender(person, contract)
    if act in DEPOT_ACTS:
        return person.role is Role.DEPOT and person.org in depots & set(contract.depots)
    return person.id == case.by or _of_borrower(person, contract)


def may_file(person: Person, chat: Chat, contract: Contract) -> bool:
    """The borrower asks; the lender's relationship manager may ask on the borrower's behalf."""
    if contract.id not in chat.contracts or person.id not in chat.members:
        return False
    manages = person.role is Role.RELATIONSHIP_MANAGER and _of_lender(person, contract)
    return _of_borrower(person, contract) or manages


def depots_of(lines: Iterable[CaseLine], index: TankIndex, sites: Mapping[str, Site]) -> frozenset[str]:
    """The organisations that run the sites where these lines lie."""
    known = (index.row[x.tank_id] for x in lines if x.tank_id in index.row)  # a tank may have left the workspace
    return frozenset(sites[index.tanks[row].site_id].depot for row in known)


def _of_lender(person: Person, contract: Contract) -> bool:
    return person.role in LENDER_ROLES and person.org == contract.lender


def _of_borrower(person: Person, contract: Contract) -> bool:
    return person.role is Role.BORROWER and person.org == contract.borrower
