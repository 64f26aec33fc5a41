"""Who reads along in the groups: somebody unknown, or nobody knows, and the group is told nothing about money any more.

Alarms still go there, without those figures: an owed notice is never lost. The security contact and the lender's own chats
are told once, and again when all is known. What holds is an event, so that a restart changes nothing.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping

from bot.addresses import Addresses
from bot.clock import Clock
from bot.judging import Judging
from bot.ports import Channel
from bot.refusing import NO_TENANT, banks_of
from bot.words import Words
from domain.deed.fold import UNVERIFIED, VERIFIED
from domain.delivery import Debt
from domain.errors import SourceAbsent, SourceUnavailable
from domain.event import Event, Json, stamp
from domain.message import Address, Crowd, Inbound
from domain.notice import Priority, notice_key
from domain.people import Audience, Chat

log = logging.getLogger(__name__)

STEP_S = 600.0
TRIES = 3
"""So many looks that fail in a row, half an hour, are as bad as a stranger."""


class Membership:
    """Looks after every group that a platform can tell about."""

    def __init__(
        self, *, judging: Judging, addresses: Addresses, channels: Mapping[str, Channel], words: Words, clock: Clock
    ) -> None:
        self._judging = judging
        self._house = judging.house
        self._addresses = addresses
        self._channels = channels
        self._words = words
        self._clock = clock
        self._failed: dict[str, int] = {}
        self._locks = defaultdict[str, asyncio.Lock](asyncio.Lock)  # two looks must not each decide on what was before
        self._begun = defaultdict[str, int](int)
        self._came: set[str] = set()  # chats to which somebody has come since they were last known to be all right

    async def step(self) -> None:
        """Look into every group. Raises StoreError."""
        for chat in list(self._house.workspace.roster.chats.values()):
            await self.look(chat)

    async def heard(self, inbound: Inbound) -> None:
        """Somebody has come or gone: look at once."""
        chat = self._addresses.chat(inbound)
        if chat is not None:
            await self.look(chat, changed=inbound.kind == "joined")

    async def look(self, chat: Chat, *, changed: bool = False) -> None:
        """Ask the platform. changed: somebody has come, so that not knowing is no longer what was known.

        One look after another. One that was overtaken while it asked may find fault, but clears nobody.
        """
        address = self._addresses.of_chat(chat.id)
        if not _is_group(address):
            return
        self._begun[chat.id] += 1
        look = self._begun[chat.id]
        if changed:
            self._came.add(chat.id)
        async with self._locks[chat.id]:
            await self._ask(chat, address, look)

    async def _ask(self, chat: Chat, address: Address, look: int) -> None:
        """look: the number of this look; a higher one has begun since where somebody may have come in between."""
        channel = self._channels[address.platform]
        mine = self._bound(chat, address.platform)
        try:
            crowd = await channel.crowd(address, sorted(mine))
        except SourceAbsent:
            await self._fall(chat, "unknown", None, len(mine))
            return
        except SourceUnavailable:
            self._failed[chat.id] = self._failed.get(chat.id, 0) + 1
            log.info("membership.unseen chat=%s times=%d", chat.id, self._failed[chat.id])
            if chat.id in self._came or self._failed[chat.id] >= TRIES:
                await self._fall(chat, "unknown", None, len(mine))
            return
        self._failed.pop(chat.id, None)
        why = _trouble(crowd, mine)
        if why is not None:
            await self._fall(chat, why, crowd.members, len(mine))
        elif look == self._begun[chat.id]:
            self._came.discard(chat.id)
            await self._rise(chat, crowd.members, len(mine))

    def _bound(self, chat: Chat, platform: str) -> frozenset[str]:
        addresses = self._addresses.of_people(platform)
        return frozenset(addresses[m].id for m in chat.members if m in addresses)

    async def _fall(self, chat: Chat, why: str, members: int | None, bound: int) -> None:
        if chat.id in self._house.deeds.unverified:
            return
        body: Json = {"chat": chat.id, "why": why, "members": members, "bound": bound}
        await self._tell(UNVERIFIED, chat, body)
        log.warning("membership.unverified chat=%s why=%s", chat.id, why)

    async def _rise(self, chat: Chat, members: int, bound: int) -> None:
        if chat.id not in self._house.deeds.unverified:
            return
        await self._tell(VERIFIED, chat, {"chat": chat.id, "members": members, "bound": bound})
        log.info("membership.verified chat=%s", chat.id)

    async def _tell(self, kind: str, chat: Chat, body: Json) -> None:
        now = self._clock.now()
        tenant = self._tenant(chat)
        event = Event(tenant=tenant, kind=kind, v=1, occurred_at=now, actor="system", body=body)
        facts = {**body, "name": chat.name, "verified": kind == VERIFIED, "at": stamp(now)}
        await self._judging.record([event], self._debts(chat, event, facts))

    def _debts(self, chat: Chat, event: Event, facts: Json) -> list[Debt]:
        """The contact in private where that is possible, and the lenders' own chats."""
        roster = self._house.workspace.roster
        contact = self._house.workspace.settings.questions.security_contact
        chats = roster.chats.values()
        alone = [c for c in chats if c.audience is Audience.PRIVATE and c.members == (contact,)][:1]
        banks = [b for contract in chat.contracts for b in banks_of(contract, chats)]
        found = {c.id: c for c in (*alone, *banks)}
        return [
            Debt(
                key=notice_key(event.kind, chat.id, to.id, stamp(event.occurred_at)),
                tenant=event.tenant,
                chat=to.id,
                priority=Priority.TASK,
                message=self._words.told("membership", facts, _named(contact, to, alone)),
                template="told_membership",
            )
            for to in found.values()
        ]

    def _tenant(self, chat: Chat) -> str:
        contracts = self._house.workspace.contracts
        return contracts[chat.contracts[0]].lender if chat.contracts else NO_TENANT


def _named(contact: str | None, to: Chat, alone: list[Chat]) -> tuple[str, ...]:
    """Whoever cannot be told in private is called in the lender's own chat."""
    return (contact,) if contact is not None and contact in to.members and not alone else ()


def _is_group(address: Address) -> bool:
    """A private chat has its person's own, positive id."""
    return address.id.startswith("-")


def _trouble(crowd: Crowd, bound: frozenset[str]) -> str | None:
    """Why not everybody there is known."""
    if crowd.admins - bound:
        return "stranger"
    return "more" if crowd.members > len(crowd.present) else None
