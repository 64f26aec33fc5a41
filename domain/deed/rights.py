"""Who may press what, by role, organisation and chat. Pure; identity is the platform's, never the text's."""

from collections.abc import Mapping

from domain.contract import Contract
from domain.deed.deed import Deed
from domain.people import LENDER_ROLES, Audience, Chat, Person, Role

PARTIES = LENDER_ROLES | {Role.BORROWER, Role.DEPOT, Role.SUPERVISOR}
ROLES: Mapping[Deed, frozenset[Role]] = {
    Deed.DISPUTE: frozenset({Role.BORROWER, Role.DEPOT, Role.SUPERVISOR}) | LENDER_ROLES,
    Deed.COMMIT: frozenset({Role.BORROWER, Role.DEPOT, Role.SUPERVISOR}),
    Deed.DONE: frozenset({Role.BORROWER, Role.DEPOT, Role.SUPERVISOR}),
    Deed.SNOOZE: LENDER_ROLES,
    Deed.ESCALATE: LENDER_ROLES | {Role.SUPERVISOR},
    Deed.WORKS: frozenset({Role.DEPOT, Role.SUPERVISOR}),
    Deed.SUBSCRIBE: PARTIES,
    Deed.TELL: PARTIES | {Role.INSPECTOR},
}
"""Which roles a deed is open to."""
OWN_WORD = frozenset({Deed.SUBSCRIBE})
"""Only the very person who said it may press."""
DEPUTISED = frozenset({Deed.DISPUTE})
"""Besides the person who said it, their deputy, or the one whose deputy they are."""


def may_do(
    deed: Deed, person: Person, asker: Person, chat: Chat, contract: Contract, *, witnessed: bool = False
) -> bool:
    """Whether this person may press what ``asker`` has said: one's own word, a principal's, or a colleague's.

    witnessed: only whoever was there can say it, as an arrival.
    """
    if contract.id not in chat.contracts or person.id not in chat.members or chat.audience is Audience.OPERATORS:
        return False
    if person.role not in ROLES[deed] or not takes_part(person, contract):
        return False
    if deed in OWN_WORD or witnessed:
        return person.id == asker.id
    if deed in DEPUTISED:
        return person.id in (asker.id, asker.deputy) or person.deputy == asker.id
    return person.org == asker.org


def takes_part(person: Person, contract: Contract) -> bool:
    """The person's organisation is a party of this contract, in a role that fits."""
    if person.role in LENDER_ROLES:
        return person.org == contract.lender
    if person.role is Role.BORROWER:
        return person.org == contract.borrower
    if person.role is Role.DEPOT:
        return person.org in contract.depots
    return person.role in (Role.SUPERVISOR, Role.INSPECTOR) and person.org == contract.supervisor
