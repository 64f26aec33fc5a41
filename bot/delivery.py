"""Delivers the outbox: most urgent first, inside each platform's pace, one message at a time per chat.

lease → send → settle, each committed. A slow chat holds up nobody else. The outcome decides (chatops.md 4):
sent · throttled and not sent: later · moved: the chat's address changes · rejected: told to the operators ·
unknown: once more, marked 补发, where a contract demands the message; closed as unknown otherwise.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.addresses import Addresses
from bot.channels.pacing import Pacer
from bot.clock import Clock
from bot.memory import Memory
from bot.ports import Channel
from bot.words import Words
from domain.delivery import Owed
from domain.message import Address, Moved, NotSent, OutMessage, Rejected, SendResult, Sent, Throttled, Unknown

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses after a message that certainly did not leave."""

OnOutcome = Callable[[Owed, SendResult], Awaitable[None]]


class Postman:
    """The only one who speaks to a channel's ``send``."""

    def __init__(
        self,
        memory: Memory,
        channels: Mapping[str, Channel],
        addresses: Addresses,
        clock: Clock,
        words: Words,
        *,
        on_outcome: OnOutcome,
    ) -> None:
        """on_outcome: told of rejected, moved and unknown messages, after they were settled."""
        self._memory = memory
        self._channels = channels
        self._addresses = addresses
        self._clock = clock
        self._words = words
        self._on_outcome = on_outcome
        self._pacers = {name: Pacer(channel.caps) for name, channel in channels.items()}
        self._busy: dict[str, asyncio.Task[None]] = {}
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Deliver for ever: at once when something new is owed, otherwise as soon as the pace allows."""
        while True:
            self.wake.clear()
            pause = await self.step()
            try:
                await asyncio.wait_for(self.wake.wait(), timeout=pause)
            except TimeoutError:
                continue

    async def step(self) -> float:
        """Start what may go out now; seconds until the next look is worth while."""
        for chat in [c for c, task in self._busy.items() if task.done()]:
            self._busy.pop(chat).result()
        now = self._clock.now()
        pause = 0.5
        for owed in await self._memory.ledger(lambda book: book.due(now, 200)):
            chat = owed.debt.chat
            if chat in self._busy:
                continue
            wait = self._wait_s(owed)
            if wait > 0:
                pause = min(pause, wait)
                continue
            self._taken(owed)
            self._busy[chat] = asyncio.create_task(self._deliver(owed), name=f"deliver-{chat}")
            self._busy[chat].add_done_callback(lambda _: self.wake.set())
        return pause

    async def drained(self) -> None:
        """Wait for the messages that are under way."""
        await asyncio.gather(*self._busy.values())

    def _wait_s(self, owed: Owed) -> float:
        """Seconds until the platform's pace lets this chat have a message of this priority."""
        address = self._addresses.of_chat(owed.debt.chat)
        clock = asyncio.get_running_loop().time()
        pacer = self._pacers[address.platform]
        return pacer.next_at(address.id, clock, priority=int(owed.debt.priority)) - clock

    def _taken(self, owed: Owed) -> None:
        """The platform's pace counts this message from now on."""
        address = self._addresses.of_chat(owed.debt.chat)
        self._pacers[address.platform].record(address.id, asyncio.get_running_loop().time())

    async def _deliver(self, owed: Owed) -> None:
        debt = owed.debt
        address = self._addresses.of_chat(debt.chat)
        message = await self._ready(owed)
        if message is None:
            return
        until = self._clock.now() + LEASE
        await self._memory.ledger(lambda book: book.lease([debt.key], until))
        people = self._addresses.of_people(address.platform)
        try:
            result = await self._channels[address.platform].send(address, message, people)
        except ValueError as e:  # a bug of ours: one bad message must not stop all the others
            log.exception("delivery.impossible key=%s", debt.key)
            result = Rejected(why=str(e))
        await self._settle(owed, address, result)

    async def _ready(self, owed: Owed) -> OutMessage | None:
        """The message with its thread, its earlier self if it edits, and its mark if it goes out again."""
        debt, message = owed.debt, owed.debt.message
        if debt.edit_of is not None:
            earlier = debt.edit_of
            ref = await self._memory.ledger(lambda book: book.ref_of(earlier))
            if ref is not None:
                return replace(message, edits=ref)
        if debt.thread is not None:
            thread, tenant = debt.thread, debt.tenant
            ref = await self._memory.ledger(lambda book: book.message_ref(tenant, thread, debt.chat))
            message = replace(message, reply_to=ref)
        if owed.resend:
            mark = self._words.line("resent", thread=debt.thread or "")
            message = replace(message, spans=(mark, "\n", *message.spans))
        return message

    async def _settle(self, owed: Owed, address: Address, result: SendResult) -> None:
        key, now = owed.debt.key, self._clock.now()
        match result:
            case Sent(ref=ref):
                await self._memory.ledger(lambda book: book.sent(key, ref, now))
            case Throttled(after_s=after_s):
                clock = asyncio.get_running_loop().time()
                self._pacers[address.platform].blocked_until(address.id, clock + after_s)
                later = now + timedelta(seconds=after_s)
                await self._memory.ledger(lambda book: book.postponed(key, later, f"throttled {after_s} s"))
            case NotSent(why=why):
                later = self._later(owed, now)
                await self._memory.ledger(lambda book: book.postponed(key, later, why))
                log.warning("delivery.not_sent chat=%s why=%s", owed.debt.chat, why)
            case Moved(address=new):
                self._addresses.move(owed.debt.chat, new)
                await self._memory.ledger(lambda book: book.postponed(key, now, "chat moved"))
                await self._on_outcome(owed, result)
            case Rejected(why=why):
                await self._memory.ledger(lambda book: book.rejected(key, why, now))
                log.error("delivery.rejected chat=%s why=%s", owed.debt.chat, why)
                await self._on_outcome(owed, result)
            case Unknown(why=why):
                await self._memory.ledger(lambda book: book.unknown(key, why, now))
                log.warning("delivery.unknown chat=%s why=%s", owed.debt.chat, why)
                await self._on_outcome(owed, result)

    @staticmethod
    def _later(owed: Owed, now: datetime) -> datetime:
        return now + timedelta(seconds=RETRY_S[min(owed.attempts, len(RETRY_S) - 1)])
