"""Who takes part: organisations, people with their role and deputy, and the chats in which they meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is to a contract."""

    RELATIONSHIP_MANAGER = "relationship_manager"
    RISK_OFFICER = "risk_officer"
    POST_LOAN_OFFICER = "post_loan_officer"
    DUTY_OFFICER = "duty_officer"
    BORROWER = "borrower"
    DEPOT = "depot"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"
    OPERATOR = "operator"  # runs this program; sees its health, no cargo and no money


LENDER_ROLES = frozenset({Role.RELATIONSHIP_MANAGER, Role.RISK_OFFICER, Role.POST_LOAN_OFFICER, Role.DUTY_OFFICER})


class Audience(StrEnum):
    """Who reads along in a chat."""

    BANK = "bank"  # people of one lender only
    PROJECT = "project"  # lender, borrower, depots, supervisor together
    PRIVATE = "private"  # one person
    OPERATORS = "operators"  # the program's own health


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A lender, borrower, depot or supervisor. ``short`` is how the group calls it, for example 恒运."""

    id: str
    name: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person. Identity in a chat is the platform's user id, never the text of a message."""

    id: str
    name: str
    org: str
    role: Role
    telegram_id: int | None = None
    deputy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A group or private chat bound to contracts and an audience. ``members`` are person ids.

    verified: nobody else is known or feared to read along.
    """

    id: str
    name: str
    audience: Audience
    contracts: tuple[str, ...]
    members: tuple[str, ...]
    telegram_chat_id: int | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Everybody and every chat of a workspace, by id."""

    organisations: Mapping[str, Organisation]
    people: Mapping[str, Person]
    chats: Mapping[str, Chat]

    def named(self, person_id: str) -> str:
        """Organisation and name as the group says it, for example 港储一库李主管."""
        person = self.people[person_id]
        return f"{self.organisations[person.org].short}{person.name}"

    def deputy_of(self, person_id: str) -> str | None:
        """Who answers in this person's place; None for nobody, and for somebody whom the workspace no longer has."""
        person = self.people.get(person_id)
        return person.deputy if person is not None else None

    def by_telegram(self, user_id: int) -> Person | None:
        """The person bound to this Telegram user, or None for a stranger."""
        return next((p for p in self.people.values() if p.telegram_id == user_id), None)
