"""Every refusal becomes an event, and no flood of them fills the ledger: the first at once, then one a minute with its count."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.api.token import Token
from bot.watching import HOUSE
from domain.event import Event, Json

EVERY = timedelta(minutes=1)
KEPT = 1000
"""Different refusals counted within a minute; what goes beyond is counted together."""

Commit = Callable[[list[Event]], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """What is counted together. token None: nobody whom we know."""

    tenant: str
    token: str | None
    person: str | None
    chat: str | None
    why: str
    what: str


class Refusals:
    """Tells the ledger who was refused what."""

    def __init__(self, commit: Commit, now: Callable[[], datetime]) -> None:
        """commit: writes events; now: aware UTC."""
        self._commit, self._now = commit, now
        self._told: dict[_Key, datetime] = {}
        self._since: dict[_Key, int] = {}

    async def tell(self, why: str, what: str, token: Token | None = None) -> None:
        """Somebody was refused: ``why`` is the problem's code, ``what`` the place that was asked. Raises StoreError."""
        who = (token.id, token.person, token.chat) if token is not None else (None, None, None)
        tenant = token.tenant if token is not None else HOUSE
        key = _Key(tenant=tenant, token=who[0], person=who[1], chat=who[2], why=why, what=what)
        if key not in self._told and len(self._told) >= KEPT:
            key = _Key(tenant=HOUSE, token=None, person=None, chat=None, why="many", what="")
        if key in self._told:
            self._since[key] = self._since.get(key, 0) + 1
            return
        self._told[key] = self._now()
        await self._commit([self._event(key, 1)])

    async def step(self) -> None:
        """Tell what was counted for a minute. The count of a minute in which the bot ends is lost, its first is not."""
        now = self._now()
        due = [k for k, at in self._told.items() if now - at >= EVERY]
        events = [self._event(k, self._since.pop(k)) for k in due if k in self._since]
        for key in due:
            del self._told[key]
        if events:
            await self._commit(events)

    def _event(self, key: _Key, count: int) -> Event:
        body: Json = {
            "token": key.token,
            "person": key.person,
            "chat": key.chat,
            "why": key.why,
            "what": key.what,
            "count": count,
        }
        actor = key.person or "system"
        return Event(tenant=key.tenant, kind="api.refused", v=1, occurred_at=self._now(), actor=actor, body=body)
