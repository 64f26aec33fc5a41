"""The whole bot in one process on a stage: real files, real words, real loops' steps; the world around it is held.

Time is simulated: ``pass_time`` moves the machine's clock and the event loop's together, nothing sleeps.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Self

from bot.app import App
from bot.clock import Clock
from bot.memory import Memory
from bot.recovery import recover
from bot.watching import Papers, Poll, TimeKeeping
from domain.alarm import Alarm
from domain.delivery import Owed
from domain.event import Event
from domain.message import Address, Inbound
from domain.people import Audience
from store.ledger import Ledger
from store.series import Series
from tests.fakes.fresh_store import lay_out
from tests.fakes.held_painter import HeldPainter
from tests.fakes.house_channel import HeldChannel, Shown
from tests.fakes.house_ground import LEVELS, PRICES, Edits, ground, write_ground
from tests.fakes.house_sources import HeldGauge, HeldPapers, quote

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)


class Times:
    """The machine's clock and the loop's monotonic one."""

    def __init__(self) -> None:
        self.wall = NOW
        self._ahead = 0.0
        self.passed = 0.0
        loop = asyncio.get_running_loop()
        plain = loop.time
        loop.time = lambda: plain() + self._ahead  # type: ignore[method-assign]

    def passes(self, seconds: float) -> None:
        """Both clocks go on."""
        self.passed += seconds
        self.wall += timedelta(seconds=seconds)
        self._ahead += seconds

    def steps(self, seconds: float) -> None:
        """Somebody sets the machine's clock; nothing really passes."""
        self.wall += timedelta(seconds=seconds)


class HouseStage:
    """One workspace, its bot, and everybody around it."""

    def __init__(self, directory: Path, channel: HeldChannel) -> None:
        """Use ``start``."""
        self.directory = directory
        self.channel = channel
        self.times = Times()
        self.papers = HeldPapers()
        self.levels = {tank: mm for site in LEVELS.values() for tank, mm in site.items()}
        self.silent: set[str] = set()
        self.painter = HeldPainter()
        self._events = 0
        self._published = 0

    @classmethod
    async def start(cls, directory: Path, *, edits: Edits | None = None, channel: HeldChannel | None = None) -> Self:
        """An empty memory: nothing read, no price known."""
        write_ground(directory, NOW, edits)
        lay_out(directory)
        stage = cls(directory, channel or HeldChannel())
        await stage.rise()
        return stage

    @classmethod
    async def calm(cls, directory: Path, *, edits: Edits | None = None, channel: HeldChannel | None = None) -> Self:
        """Everything read, priced and on paper; nothing to tell."""
        stage = await cls.start(directory, edits=edits, channel=channel)
        await stage.market("1")
        await stage.paper()
        await stage.read(times=2)
        assert await stage.deliver() == []
        return stage

    async def rise(self) -> None:
        """The process starts, as ``bot.wiring.build`` does it."""
        workspace, words = ground(self.directory, NOW)
        ledger = Ledger.open(self.directory / "ledger.duckdb", memory_limit="128MB")
        self.memory = Memory(ledger, Series.open(self.directory / "series.duckdb"))
        self.clock = Clock(
            lambda: self.times.wall, floor=ledger.last_recorded_at(), monotonic_s=lambda: self.times.passed
        )
        house, moved = await recover(workspace, self.memory, self.clock.now())
        self.app = App(
            workspace=workspace,
            memory=self.memory,
            clock=self.clock,
            house=house,
            words=words,
            channels={"telegram": self.channel},
            gauges={},
            papers=(),
            prices={},
            moved=moved,
            painter=self.painter,
        )
        self.house = house
        self._time_keeping = TimeKeeping(self.app.judging, self.clock)
        self._paper_reader = Papers(
            sites=frozenset(LEVELS),
            feed=self.papers,
            house=house,
            judging=self.app.judging,
            memory=self.memory,
            clock=self.clock,
        )

    def fall(self) -> None:
        """The process is gone at this line; only the files stay."""
        self.app.answering.close()
        self.memory.close()

    async def restart(self) -> None:
        """Gone and up again."""
        self.fall()
        await self.rise()

    async def read(self, *, times: int = 1, every_s: float = 5.0, **levels: float) -> None:
        """Polls of both sites; T_1=2400 sets the level of T-1 first."""
        self.levels |= {name.replace("_", "-"): mm for name, mm in levels.items()}
        for _ in range(times):
            self.times.passes(every_s)
            for site, tanks in LEVELS.items():
                mine = {t: self.levels[t] for t in tanks}
                index = self.house.workspace.index
                gauge = HeldGauge(index=index, clock=self.clock, levels=mine, silent=self.silent)
                await Poll(site, gauge, self.house, self.app.judging, self.clock, self.app.kept).step()

    async def market(self, factor: str, *, provider: str = "海岱资讯") -> None:
        """Every price at this multiple of its start."""
        await self.price({ref: str(Decimal(p) * Decimal(factor)) for ref, p in PRICES.items()}, provider=provider)

    async def price(self, rows: Mapping[str, str], *, provider: str = "海岱资讯", at: datetime | None = None) -> None:
        """A new publication of these references."""
        self.times.passes(1.0)
        at = at or self.clock.now()
        await self.app.pricing.take([quote(ref, price, at, provider=provider) for ref, price in rows.items()])

    async def paper(self) -> None:
        """Read the depots' papers."""
        await self._paper_reader.step()

    async def pass_time(self, seconds: float) -> None:
        """Time goes on, and the tick that looks for what is due."""
        self.times.passes(seconds)
        await self._time_keeping.step()

    async def deliver(self, *, rounds: int = 200) -> list[Shown]:
        """Deliver until nothing more may go out now; the messages that appeared."""
        before, idle = set(self.channel.shown), 0
        for _ in range(rounds):
            await self.app.postman.step()
            busy = [t for t in asyncio.all_tasks() if t.get_name().startswith("deliver-")]
            idle = 0 if busy else idle + 1
            if idle == 2:  # the first idle look may only have noticed that something had ended
                return [m for ref, m in self.channel.shown.items() if ref not in before]
            if busy:
                await asyncio.wait(busy)
        raise AssertionError("the outbox does not come to rest")

    async def say(
        self,
        person: str,
        chat: str,
        text: str,
        *,
        reply_to: Shown | None = None,
        addressed: bool = False,
        event_id: str | None = None,
    ) -> Inbound:
        """A person (id, or a platform's number) writes in a chat (id, or a platform's number)."""
        reply = reply_to.ref if reply_to is not None else None
        return await self.hear(
            self.inbound("text", person, chat, text, reply_to=reply, addressed=addressed, event_id=event_id)
        )

    async def press(self, person: str, shown: Shown, label: str, *, event_id: str | None = None) -> str | None:
        """A person presses a button; the line that they are shown."""
        inbound = self.inbound("press", person, shown.chat, shown.token(label), event_id=event_id, ref=shown.ref)
        before = len(self.channel.toasts)
        await self.hear(inbound)
        return self.channel.toasts[-1][1] if len(self.channel.toasts) > before else None

    async def hear(self, inbound: Inbound) -> Inbound:
        """The channel hands an event over, and forgets it once it is handled."""
        await self.app.inbox.handle(inbound)
        await self.channel.done(inbound)
        return inbound

    def inbound(
        self,
        kind: str,
        person: str,
        chat: str,
        text: str,
        *,
        reply_to: str | None = None,
        addressed: bool = False,
        event_id: str | None = None,
        ref: str | None = None,
    ) -> Inbound:
        """What the platform would bring."""
        self._events += 1
        roster = self.house.workspace.roster
        who = roster.people.get(person)
        bound = roster.chats.get(chat)
        place = bound.telegram_chat_id if bound is not None else chat
        return Inbound(
            platform="telegram",
            event_id=event_id or f"e{self._events}",
            kind=kind,  # type: ignore[arg-type]
            chat=Address(platform="telegram", id=str(place)),
            sender=Address(platform="telegram", id=str(who.telegram_id) if who is not None else person),
            sender_name=person,
            text=text,
            received_at=self.clock.now(),
            private=bound is not None and bound.audience is Audience.PRIVATE,
            addressed=addressed,
            reply_to=reply_to,
            callback="c" if kind == "press" else None,
            message_ref=ref or f"m{self._events}",
        )

    def at(self, chat: str) -> list[Shown]:
        """What a chat of the workspace shows."""
        return self.channel.of(self.platform_id(chat))

    def platform_id(self, chat: str) -> str:
        """The chat's id on the platform, as the files have it."""
        return str(self.house.workspace.roster.chats[chat].telegram_chat_id)

    def alarm(self, kind: str, contract: str = "A-1") -> Alarm:
        """The only alarm of this kind."""
        (found,) = [a for a in self.house.alarms_of(contract) if a.kind == kind]
        return found

    def alarms(self, kind: str, contract: str = "A-1") -> list[Alarm]:
        """Every alarm of this kind, open and closed."""
        return [a for a in self.house.alarms_of(contract) if a.kind == kind]

    async def events(self, *kinds: str) -> list[Event]:
        """What the ledger has recorded, of these kinds or all."""
        return await self.memory.ledger(lambda book: [r.event for r in book.events(kinds=kinds or None)])

    async def owed(self) -> list[Owed]:
        """What is still to be sent."""
        return await self.memory.ledger(lambda book: book.open_debts())


def texts(messages: Iterable[Shown]) -> str:
    """All they say, as one text."""
    return "\n".join(m.text for m in messages)
