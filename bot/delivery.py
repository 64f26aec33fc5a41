"""Delivers the outbox: most urgent first, inside each platform's pace, one message at a time per chat.

lease → send → settle, each committed. A slow chat holds up nobody else. The outcome decides (docs/pledge.md):
sent · throttled and not sent: later · moved: the chat's address changes · rejected: told to the operators ·
unknown: once more, marked 补发, where a contract demands the message; closed as unknown otherwise.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot import coalesce
from bot.addresses import Addresses
from bot.channels.pacing import Pacer
from bot.clock import Clock
from bot.memory import Memory
from bot.ports import Channel
from bot.words import Words
from domain.delivery import Owed
from domain.message import Address, Moved, NotSent, OutMessage, Rejected, SendResult, Sent, Throttled, Unknown
from domain.notice import Priority

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
PACED = 60
"""A platform that takes more messages a minute in one chat is not worth joining alerts for."""
LOOK = 200
"""Debts looked at in one step; more where the first ones may all not go out now."""
RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses of a chat after a message that certainly did not leave."""

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
        now, look = self._clock.now(), LOOK
        while True:
            due = await self._memory.ledger(lambda book, most=look: book.due(now, most))  # type: ignore[misc]
            if await self._joined(due):
                continue
            started, pause = self._start(due)
            if started or len(due) < look:
                return pause
            look *= 2  # the queue of a chat that must wait hides the others

    async def _joined(self, due: Sequence[Owed]) -> bool:
        """Owe the alerts of a crowded chat together instead of one by one; whether any chat was crowded."""
        crowds: dict[str, list[Owed]] = {}
        for owed in due:
            fresh = owed.attempts == 0 and owed.debt.edit_of is None and owed.debt.template != "together"
            if owed.debt.priority is Priority.BREACH and fresh and owed.debt.chat not in self._busy:
                crowds.setdefault(owed.debt.chat, []).append(owed)
        joined = False
        for crowd in crowds.values():
            address = self._address(crowd[0])
            caps = self._channels[address.platform].caps if address is not None else None
            if caps is None or len(crowd) < coalesce.FROM or caps.per_chat_per_minute > PACED:
                continue
            debts = [o.debt for o in crowd]
            together = coalesce.joint(debts, caps, lambda n: self._words.line("together", n=n))
            await self._memory.commit(events=[], debts=together, dropped=[d.key for d in debts], now=self._clock.now())
            joined = True
        return joined

    def _start(self, due: Sequence[Owed]) -> tuple[bool, float]:
        """Start the first debt of every chat that may have one now; whether any, and seconds until the next may."""
        started, pause = False, 0.5
        for owed in due:
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
            started = True
        return started, pause

    async def drained(self) -> None:
        """Wait for the messages that are under way."""
        await asyncio.gather(*self._busy.values())

    def _address(self, owed: Owed) -> Address | None:
        """Where the debt's chat is; None where the workspace or its channels have changed and know it no more."""
        address = self._addresses.find(owed.debt.chat)
        return address if address is not None and address.platform in self._channels else None

    def _wait_s(self, owed: Owed) -> float:
        """Seconds until the platform's pace lets this chat have a message of this priority."""
        address = self._address(owed)
        if address is None:
            return 0.0
        clock = asyncio.get_running_loop().time()
        pacer = self._pacers[address.platform]
        return pacer.next_at(address.id, clock, priority=int(owed.debt.priority)) - clock

    def _taken(self, owed: Owed) -> None:
        """The platform's pace counts this message from now on."""
        address = self._address(owed)
        if address is not None:
            self._pacers[address.platform].record(address.id, asyncio.get_running_loop().time())

    async def _deliver(self, owed: Owed) -> None:
        debt = owed.debt
        address = self._address(owed)
        message = await self._ready(owed)
        until = self._clock.now() + LEASE
        await self._memory.ledger(lambda book: book.lease([debt.key], until))
        if address is None:
            await self._refused(owed, "the workspace knows this chat no more")
            return
        if message.picture is not None and message.picture.png is None:
            await self._refused(owed, f"picture {message.picture.sha256[:12]} is kept no more")
            return
        people = self._addresses.of_people(address.platform)
        try:
            result = await self._channels[address.platform].send(address, message, people)
        except ValueError as e:  # a bug of ours: one bad message must not stop all the others
            log.exception("delivery.impossible key=%s", debt.key)
            result = Rejected(why=str(e))
        await self._settle(owed, address, result)

    async def _ready(self, owed: Owed) -> OutMessage:
        """The message with its thread, its earlier self if it edits, and its mark if it goes out again."""
        debt, message = owed.debt, owed.debt.message
        if message.picture is not None:
            shown = message.picture
            png = await self._memory.ledger(lambda book: book.picture(shown.sha256))
            message = replace(message, picture=replace(shown, png=png))
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
                self._hold(address, after_s)
                await self._memory.ledger(lambda book: book.postponed(key, now, f"throttled {after_s} s"))
            case NotSent(why=why):
                self._hold(address, _pause_s(owed))
                await self._memory.ledger(lambda book: book.postponed(key, now, why))
                log.warning("delivery.not_sent chat=%s why=%s", owed.debt.chat, why)
            case Moved(address=new):
                await self._moved(owed, address, new)
            case Rejected(why=why):
                await self._refused(owed, why)
            case Unknown(why=why):
                await self._memory.ledger(lambda book: book.unknown(key, why, now))
                log.warning("delivery.unknown chat=%s why=%s", owed.debt.chat, why)
                await self._on_outcome(owed, result)

    def _hold(self, address: Address, seconds: float) -> None:
        """Nothing goes to this chat for so long, by the monotonic clock; then the most urgent and oldest goes first.

        The debt itself stays due: what is later in its thread must not pass it, and the machine's clock may be set
        back meanwhile.
        """
        clock = asyncio.get_running_loop().time()
        self._pacers[address.platform].blocked_until(address.id, clock + seconds)

    async def _moved(self, owed: Owed, old: Address, new: str) -> None:
        """The chat has a new address; one that is not of the workspace has nobody to move for."""
        key, now = owed.debt.key, self._clock.now()
        if not self._addresses.move(owed.debt.chat, new):
            await self._refused(owed, f"moved to {new}")
            return
        self._hold(old, _pause_s(owed))  # two addresses that point at each other are no endless loop
        await self._memory.ledger(lambda book: book.postponed(key, now, "chat moved"))
        await self._on_outcome(owed, Moved(address=new))

    async def _refused(self, owed: Owed, why: str) -> None:
        key, now = owed.debt.key, self._clock.now()
        await self._memory.ledger(lambda book: book.rejected(key, why, now))
        log.error("delivery.rejected chat=%s why=%s", owed.debt.chat, why)
        await self._on_outcome(owed, Rejected(why=why))


def _pause_s(owed: Owed) -> float:
    return RETRY_S[min(owed.attempts, len(RETRY_S) - 1)]
