"""A token of the interface: a machine speaks as one person in one chat, and sees what that person sees there.

The secret is 256 random bits and is shown once; what is kept is its SHA-256, which cannot be guessed back. A token's
life is events in its lender's chain: token.created, token.revoked. Knows no HTTP.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.event import Event, parse_stamp, stamp

PREFIX = "xlz"
TOKEN_EVENTS = frozenset({"token.created", "token.revoked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token as its events tell it. person and chat are ids of the workspace; digest: hex SHA-256 of the secret."""

    id: str
    tenant: str
    name: str
    person: str
    chat: str
    digest: str = field(repr=False)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A new token's text, to be shown once, and the event that keeps its digest."""

    text: str = field(repr=False)
    event: Event


def made(*, tenant: str, name: str, person: str, chat: str, now: datetime, expires_at: datetime) -> Secret:
    """A new token of this lender."""
    ident, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    body = {
        "token": ident,
        "name": name,
        "person": person,
        "chat": chat,
        "digest": digest_of(secret),
        "expires_at": stamp(expires_at),
    }
    event = Event(tenant=tenant, kind="token.created", v=1, occurred_at=now, actor="system", body=body)
    return Secret(text=f"{PREFIX}_{ident}_{secret}", event=event)


def revoked(token: Token, now: datetime) -> Event:
    """The end of a token."""
    body = {"token": token.id}
    return Event(tenant=token.tenant, kind="token.revoked", v=1, occurred_at=now, actor="system", body=body)


def folded(tokens: Mapping[str, Token], events: Iterable[Event]) -> dict[str, Token]:
    """Tokens by id after these events; events of other kinds are left out."""
    after = dict(tokens)
    for event in events:
        body = event.body
        if event.kind == "token.created":
            after[body["token"]] = Token(
                id=body["token"],
                tenant=event.tenant,
                name=body["name"],
                person=body["person"],
                chat=body["chat"],
                digest=body["digest"],
                created_at=event.occurred_at,
                expires_at=parse_stamp(body["expires_at"]),
            )
        elif event.kind == "token.revoked" and body["token"] in after:
            after[body["token"]] = replace(after[body["token"]], revoked_at=event.occurred_at)
    return after


def digest_of(secret: str) -> str:
    """Hex SHA-256; enough for 256 random bits, which nobody can search."""
    return hashlib.sha256(secret.encode()).hexdigest()


def parts(text: str) -> tuple[str, str] | None:
    """The id and the secret that a token's text holds; None for anything that is none."""
    prefix, _, rest = text.partition("_")
    ident, _, secret = rest.partition("_")
    fits = text.isascii() and len(text) <= 100
    return (ident, secret) if fits and prefix == PREFIX and ident and secret else None
