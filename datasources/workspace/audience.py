"""Checks that no chat tells its contracts' figures to people who are no party to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from datasources.workspace.contracts import ContractFile
from datasources.workspace.part import Sheet
from datasources.workspace.people import ChatPart, PeopleFile, PersonPart
from datasources.workspace.problem import suggestion
from domain.people import LENDER_ROLES, Audience, Role

PARTY_KEYS = {"id", "lender", "borrower", "depots", "supervisor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """The organisations of one contract and what each may be in it."""

    lender: str | None
    roles: Mapping[str, frozenset[Role]]

    @classmethod
    def of(cls, contract: ContractFile) -> "Parties":
        """The parties as written; an absent one is left out."""
        roles: dict[str, frozenset[Role]] = defaultdict(frozenset)
        if contract.lender is not None:
            roles[contract.lender] |= LENDER_ROLES | {Role.INSPECTOR}
        if contract.borrower is not None:
            roles[contract.borrower] |= {Role.BORROWER}
        for depot in contract.depots:
            roles[depot] |= {Role.DEPOT}
        if contract.supervisor is not None:
            roles[contract.supervisor] |= {Role.SUPERVISOR, Role.INSPECTOR}
        return cls(lender=contract.lender, roles=dict(roles))


def check_audiences(
    people: Sheet[PeopleFile], contracts: list[Sheet[ContractFile]], *, declared: set[str] | None
) -> None:
    """Every chat against the parties of its contracts. ``declared``: contract ids, None if a file is unreadable."""
    sound = [sheet.part for sheet in contracts if not sheet.broken & PARTY_KEYS]
    parties = {contract.id: Parties.of(contract) for contract in sound if contract.id is not None}
    by_id = {p.id: p for p in people.part.people}
    for person in people.part.people:
        _check_role(people, person, parties.values(), complete=len(sound) == len(contracts) and declared is not None)
    for chat in people.part.chats:
        _check_contracts(people, chat, declared, parties)
        for i, member in enumerate(chat.members):
            if member in by_id:
                _check_member(people, chat, i, by_id[member], parties)


def check_parties(sheet: Sheet[ContractFile], orgs: set[str], people: Sheet[PeopleFile]) -> None:
    """The contract's organisations are known, each has two people to reach, and the lender has a chat of its own."""
    contract = sheet.part
    named = [("lender", contract.lender), ("borrower", contract.borrower), ("supervisor", contract.supervisor)]
    places = [((key,), org) for key, org in named if org is not None]
    for at, org in [*places, *((("depots", i), d) for i, d in enumerate(contract.depots))]:
        staff = [p.id for p in people.part.people if p.org == org]
        if org not in orgs:
            remedy = suggestion(org, orgs, add="add it under organisations in people.yaml")
            sheet.error(contract, *at, wrong=f"organisation {org!r} is unknown", instead=remedy)
        elif len(staff) < 2:
            wrong = f"{org!r} has {len(staff)} person(s) in people.yaml"
            sheet.warn(contract, *at, wrong=wrong, instead="add a second one, so that a holiday does not silence them")
    banks = [c for c in people.part.chats if c.audience is Audience.BANK and contract.id in c.contracts]
    if contract.id is not None and not banks:
        wrong = f"the lender has no chat of its own for {contract.id!r}"
        sheet.error(
            contract, "lender", wrong=wrong, instead="add a chat with audience: bank and this contract to people.yaml"
        )


def _check_role(people: Sheet[PeopleFile], person: PersonPart, parties: Iterable[Parties], *, complete: bool) -> None:
    allowed = frozenset({Role.OPERATOR}).union(*(p.roles.get(person.org, frozenset()) for p in parties))
    stranger = len(allowed) == 1
    if person.role in allowed or (stranger and person.role not in LENDER_ROLES) or not complete:
        return
    wrong = f"{person.role} does not fit: {person.org!r} is " + (
        "no party to any contract" if stranger else "another party"
    )
    names = sorted(str(role) for role in allowed)
    people.error(person, "role", wrong=wrong, instead=f"write one of {', '.join(names)}, or correct org")


def _check_contracts(
    people: Sheet[PeopleFile], chat: ChatPart, declared: set[str] | None, parties: Mapping[str, Parties]
) -> None:
    for i, contract in enumerate(chat.contracts):
        if declared is not None and contract not in declared:
            remedy = suggestion(contract, declared, add="add its file to contracts/")
            people.error(chat, "contracts", i, wrong=f"contract {contract!r} is unknown", instead=remedy)
    lenders = sorted({p.lender for c in chat.contracts if (p := parties.get(c)) is not None and p.lender is not None})
    if len(lenders) > 1 and chat.audience is not Audience.PRIVATE:
        wrong = f"contracts of different lenders meet here: {', '.join(lenders)}"
        people.error(chat, "contracts", wrong=wrong, instead="make one chat for each lender; each sees only its own")
    if not chat.contracts and chat.audience in (Audience.BANK, Audience.PROJECT):
        people.error(chat, "contracts", wrong="is bound to no contract", instead="write contracts: [the contract's id]")


def _check_member(
    people: Sheet[PeopleFile], chat: ChatPart, i: int, person: PersonPart, parties: Mapping[str, Parties]
) -> None:
    if chat.audience is Audience.OPERATORS:
        return
    for contract in chat.contracts:
        known = parties.get(contract)
        if known is None or person.org in (known.lender, None):
            continue
        if chat.audience is Audience.BANK:
            wrong = f"{person.id!r} of {person.org!r} would read what only the lender {known.lender!r} may read"
            people.error(chat, "members", i, wrong=wrong, instead="take the person out, or choose audience: project")
        elif person.org not in known.roles:
            who = "another lender's person" if person.role in LENDER_ROLES else "no party"
            wrong = f"{person.id!r} of {person.org!r} is {who} to contract {contract!r} and would see its figures"
            people.error(
                chat, "members", i, wrong=wrong, instead="take the person out, or correct the contract's parties"
            )
