"""All tokens of a workspace: recalled from the ledger, found in constant time, given out and taken back."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from bot.api.token import TOKEN_EVENTS, Secret, Token, digest_of, folded, made, parts, revoked
from bot.memory import Memory
from datasources.workspace import Workspace
from domain.deed.rights import takes_part
from domain.event import Event, Json, stamp
from domain.people import Audience

LONGEST_DAYS = 3650
NAME_CHARS = 60
_NOBODY = digest_of("")
"""What an unknown id is compared with, so that it takes as long as a wrong secret."""


class Keyring:
    """The tokens now in memory; ``take`` follows what was committed."""

    def __init__(self, tokens: Mapping[str, Token]) -> None:
        self._tokens = dict(tokens)

    @classmethod
    async def recalled(cls, memory: Memory) -> Self:
        """As the ledger's events tell. Raises StoreError."""
        events = await memory.ledger(lambda book: [r.event for r in book.events(kinds=TOKEN_EVENTS)])
        return cls(folded({}, events))

    def take(self, events: Iterable[Event]) -> None:
        """What was committed about tokens."""
        self._tokens = folded(self._tokens, events)

    def all(self) -> tuple[Token, ...]:
        """Every token ever given out, oldest first."""
        return tuple(self._tokens.values())

    def get(self, ident: str) -> Token | None:
        """The token of this id."""
        return self._tokens.get(ident)

    def find(self, text: str) -> Token | None:
        """The token whose text this is, be it still valid or not; None for any other text."""
        found = parts(text)
        if found is None:
            return None
        token = self._tokens.get(found[0])
        same = hmac.compare_digest(digest_of(found[1]), token.digest if token is not None else _NOBODY)
        return token if same else None


def managed(
    workspace: Workspace, keyring: Keyring, request: Mapping[str, Any], now: datetime
) -> tuple[Json, list[Event]]:
    """{'do': 'create' | 'list' | 'revoke', …} → what to show, and the events to commit. A mistake is {'error'}."""
    match request.get("do"):
        case "create":
            made = issued(workspace, request, now)
            if not isinstance(made, Secret):
                return {"error": made}, []
            body = made.event.body
            return {"token": made.text, "id": body["token"], "expires_at": body["expires_at"]}, [made.event]
        case "revoke":
            event = withdrawn(keyring, str(request.get("id") or ""), now)
            return ({"error": event}, []) if isinstance(event, str) else ({"revoked": event.body["token"]}, [event])
        case "list":
            return {"tokens": listed(keyring, now)}, []
        case other:
            return {"error": f"no {other!r}: write create, list or revoke"}, []


def issued(workspace: Workspace, request: Mapping[str, object], now: datetime) -> Secret | str:
    """A new token for {'person', 'chat', 'name', 'days'}, or what is wrong with the wish and what to write instead."""
    roster = workspace.roster
    person, chat = roster.people.get(str(request.get("person"))), roster.chats.get(str(request.get("chat")))
    name, days = str(request.get("name") or "").strip(), request.get("days")
    if person is None:
        return f"no person {request.get('person')!r} in people.yaml; write one of {', '.join(roster.people)}"
    if chat is None:
        return f"no chat {request.get('chat')!r} in people.yaml; write one of {', '.join(roster.chats)}"
    if person.id not in chat.members:
        return f"{person.id!r} is no member of {chat.id!r}; write one of {', '.join(chat.members)}"
    mine = [c for i in chat.contracts if takes_part(person, c := workspace.contracts[i])]
    if not mine or chat.audience is Audience.OPERATORS:
        return f"{person.id!r} may see no contract in {chat.id!r}; write a chat that is bound to one of theirs"
    if not name or len(name) > NAME_CHARS or not name.isprintable():
        return f"name {name[:NAME_CHARS]!r}: write what the token is for, at most {NAME_CHARS} characters"
    if not isinstance(days, int) or not 1 <= days <= LONGEST_DAYS:
        return f"days {days!r}: write a whole number from 1 to {LONGEST_DAYS}"
    return made(
        tenant=mine[0].lender,
        name=name,
        person=person.id,
        chat=chat.id,
        now=now,
        expires_at=now + timedelta(days=days),
    )


def withdrawn(keyring: Keyring, ident: str, now: datetime) -> Event | str:
    """The event that ends a token, or why there is none."""
    token = keyring.get(ident)
    if token is None:
        known = ", ".join(t.id for t in keyring.all() if t.revoked_at is None) or "none"
        return f"no token {ident!r}; there are: {known}"
    if token.revoked_at is not None:
        return f"token {ident!r} was revoked at {stamp(token.revoked_at)}"
    return revoked(token, now)


def listed(keyring: Keyring, now: datetime) -> list[Json]:
    """Every token without its digest, for people."""
    return [
        {
            "id": t.id,
            "name": t.name,
            "person": t.person,
            "chat": t.chat,
            "created_at": stamp(t.created_at),
            "expires_at": stamp(t.expires_at),
            "state": "revoked" if t.revoked_at is not None else "expired" if t.expires_at <= now else "valid",
        }
        for t in keyring.all()
    ]
