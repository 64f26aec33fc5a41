"""Who is it? A bearer token becomes a person in a chat, or a problem; every refusal is told to the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from bot.api.keyring import Keyring
from bot.api.problem import Problem, problem
from bot.api.quota import Quota
from bot.api.refusals import Refusals
from bot.api.token import Token
from domain.people import Chat, Person, Roster

GET_ONE = "`xiaoliuzi token DIR create` makes one; send it as 'Authorization: Bearer xlz_…'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A token that was accepted, and whom it stands for."""

    token: Token
    person: Person
    chat: Chat


class Gate:
    """The only way in; the same for HTTP, MCP and stdio."""

    def __init__(
        self,
        keyring: Keyring,
        roster: Roster,
        quota: Quota,
        refusals: Refusals,
        now: Callable[[], datetime],
    ) -> None:
        self._keyring, self._roster, self._quota = keyring, roster, quota
        self.refusals, self._now = refusals, now

    async def admit(self, token: str | None, what: str) -> Access | Problem:
        """The access that this token gives now. what: a fixed name of what is asked, for the record. Raises StoreError."""
        found = self._keyring.find(token) if token else None
        refused = _missing() if not token else self._refused(found)
        if refused is not None:
            await self.refusals.tell(refused.code, what, found)
            return refused
        assert found is not None
        wait_s = self._quota.take(found.id, self._now())
        if wait_s is not None:
            await self.refusals.tell("quota", what, found)
            return _too_many(wait_s)
        return Access(token=found, person=self._roster.people[found.person], chat=self._roster.chats[found.chat])

    def _refused(self, token: Token | None) -> Problem | None:
        """Why this token opens nothing: it is none, or its time or its person's place in the chat is over."""
        if token is None:
            return _unauthorized("unknown_token", "nobody has this token")
        if token.revoked_at is not None:
            return _unauthorized("revoked", f"token {token.id} was revoked")
        if token.expires_at <= self._now():
            return _unauthorized("expired", f"token {token.id} has expired")
        chat = self._roster.chats.get(token.chat)
        if token.person not in self._roster.people or chat is None or token.person not in chat.members:
            return _unauthorized("unbound", f"the person of token {token.id} is no member of its chat any more")
        return None


def bearer(header: str) -> str | None:
    """The token of an Authorization header; None where there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _missing() -> Problem:
    return _unauthorized("no_token", "a token is needed")


def _unauthorized(code: str, detail: str) -> Problem:
    return problem(HTTPStatus.UNAUTHORIZED, code, place="header Authorization", detail=detail, remedy=GET_ONE)


def _too_many(wait_s: int) -> Problem:
    return problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "quota",
        place="",
        detail="this token has asked too often",
        remedy=f"ask again in {wait_s} s, or raise per_minute or per_day under [api]",
        retry_after_s=wait_s,
    )
