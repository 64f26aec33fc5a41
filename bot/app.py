"""One running workspace: memory, loops, channels, console, wired together and supervised.

If a loop dies, the process ends with an error and its supervisor starts it again: start-up is recovery. The one
message that does not pass through the outbox is the last one, to the operators, when memory itself has failed.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress

from bot.acting import Acting
from bot.addresses import Addresses
from bot.answering import Answering
from bot.case_money import CaseMoney
from bot.caseroom import CaseRoom
from bot.casework import Casework
from bot.clock import Clock
from bot.compose import Composer
from bot.delivery import Postman
from bot.house import House
from bot.inbox import Inbox
from bot.judging import Judging
from bot.membership import STEP_S as STEP_S_MEMBERS
from bot.membership import Membership
from bot.memory import Memory
from bot.model.path import ModelPath
from bot.pictures import Pictures
from bot.ports import Channel, DepotPaperFeed, Draws, Gauge, LoanFeed, PriceFeed
from bot.pricing import Pricing
from bot.proposals import Proposals
from bot.schedule import Schedule
from bot.statements import Loans, Statements
from bot.tracing import STEP_S, Tracing
from bot.watching import HOUSE, Keeping, Papers, Poll, Prices, TimeKeeping
from bot.word_kept import WordKept
from bot.words import Words
from datasources.workspace import Workspace
from domain.delivery import Debt, Owed
from domain.errors import StoreError
from domain.event import Event
from domain.farm import Readings
from domain.message import Address, Moved, OutMessage, Rejected, SendResult, Unknown
from domain.notice import Priority, notice_key
from domain.people import Audience
from skills.registry import SKILLS
from skills.understanding import model as understanding

log = logging.getLogger(__name__)

TICK_S = 1.0
WARM_AFTER_S = 15.0
CHECKPOINT_EVERY_S = 300.0
THIN_EVERY_S = 3600.0


class App:
    """Everything of one workspace that runs."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        memory: Memory,
        clock: Clock,
        house: House,
        words: Words,
        channels: Mapping[str, Channel],
        gauges: Mapping[str, list[Gauge]],
        papers: Sequence[tuple[frozenset[str], DepotPaperFeed, float]],
        prices: Mapping[str, tuple[PriceFeed, float]],
        moved: list[Event],
        loans: Mapping[str, tuple[LoanFeed, float]] | None = None,
        painter: Draws | None = None,
    ) -> None:
        """gauges by site id; papers: sites, feed, seconds between looks; prices and loans: the same by id; moved:
        chat.moved. painter: instead of a worker process of our own.
        """
        self.workspace = workspace
        self.memory = memory
        self.clock = clock
        self.house = house
        self.words = words
        self.channels = channels
        self.gauges = gauges
        self._papers = papers
        self._prices = prices
        self._loans = loans or {}
        self.addresses = Addresses(workspace.roster, telegram="telegram" in channels, moved=moved)
        self.postman = Postman(memory, channels, self.addresses, clock, words, on_outcome=self._outcome)
        composer = Composer(
            words, lambda: house.workspace.roster, lambda chat: channels[self.addresses.of_chat(chat).platform].caps
        )
        self.judging = Judging(house, memory, composer, clock, self.postman.wake)
        self.casework = Casework(self.judging, composer, clock)
        WordKept(self.judging, words)
        self.pricing = Pricing(house, self.judging, memory, words, clock)
        self.statements = Statements(house, self.judging, clock)
        self.pictures = Pictures(words, self.judging, memory, clock, painter)
        settings = workspace.settings.model
        self.model = ModelPath(settings, workspace, words, SKILLS) if settings is not None else None
        self.answering = Answering(house, self.judging, words, clock, memory, self.pictures, self.model)
        proposals = Proposals(house, self.judging, CaseMoney(house, self.casework, composer), words, clock)
        self.membership = Membership(
            judging=self.judging, addresses=self.addresses, channels=channels, words=words, clock=clock
        )
        self.inbox = Inbox(
            judging=self.judging,
            answering=self.answering,
            pricing=self.pricing,
            proposals=proposals,
            caseroom=CaseRoom(
                casework=self.casework,
                proposals=proposals,
                judging=self.judging,
                answering=self.answering,
                words=words,
                clock=clock,
            ),
            membership=self.membership,
            acting=Acting(judging=self.judging, pending=self.answering.pending, words=words, clock=clock),
            memory=memory,
            addresses=self.addresses,
            channels=channels,
            words=words,
            clock=clock,
        )
        self.kept: list[Readings] = []
        self.keeping = Keeping(self.kept, house, memory, self.judging, clock)
        self.tracing = Tracing(house, memory, clock)
        self.schedule = Schedule()
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Run until something fails. Raises what failed; the store is closed and readings are written before."""
        await self.remember_workspace()
        self._plan()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.schedule.run(), name="schedule")
                group.create_task(self.postman.run(), name="postman")
                group.create_task(self._warm(), name="warm")
                for channel in self.channels.values():
                    group.create_task(self._serve(channel), name=f"inbox-{channel.platform}")
                self.ready.set()
        except* StoreError as failed:
            await self._last_words(failed)
            raise
        finally:
            await self._close()

    async def _warm(self) -> None:
        """What questions need is read beside the first polls; a model's libraries are heavy and come after them."""
        await asyncio.to_thread(understanding.warm)
        if self.model is not None:
            await asyncio.sleep(WARM_AFTER_S)
            await self.model.warm()

    def _plan(self) -> None:
        """Give every step its place; polls of the gateways spread over their interval."""
        gauges = [(site, gauge) for site, several in self.gauges.items() for gauge in several]
        for n, (site, gauge) in enumerate(gauges):
            step = Poll(site, gauge, self.house, self.judging, self.clock, self.kept).step
            self.schedule.every(gauge.poll_s, step, f"poll-{site}-{n}", phase=n / max(1, len(gauges)))
        for sites, feed, poll_s in self._papers:
            step = Papers(sites, feed, self.house, self.judging, self.memory, self.clock).step
            self.schedule.every(poll_s, step, f"papers-{'+'.join(sorted(sites))}")
        for name, (source, poll_s) in self._prices.items():
            self.schedule.every(poll_s, Prices(name, source, self.pricing, self.clock).step, f"prices-{name}")
        for name, (loans, poll_s) in self._loans.items():
            self.schedule.every(poll_s, Loans(name, loans, self.statements, self.clock).step, f"loans-{name}")
        self.schedule.every(self.workspace.settings.store.flush_s, self.keeping.step, "keeping", phase=1.0)
        self.schedule.every(THIN_EVERY_S, self.keeping.thin, "thin", phase=0.1)
        self.schedule.every(STEP_S, self.tracing.step, "tracing", phase=0.5)
        self.schedule.every(THIN_EVERY_S, self.tracing.thin, "thin-courses", phase=0.2)
        self.schedule.every(TICK_S, TimeKeeping(self.judging, self.clock).step, "time", phase=1.0)
        self.schedule.every(STEP_S_MEMBERS, self.membership.step, "membership", phase=0.005)
        self.schedule.every(CHECKPOINT_EVERY_S, self._checkpoint, "checkpoint", phase=1.0)

    async def _serve(self, channel: Channel) -> None:
        for notice in await channel.start():
            says = self.words.line(notice.code, **notice.facts)
            log.warning("channel.notice platform=%s code=%s says=%s", channel.platform, notice.code, says)
            await self._tell_operators(notice.code, **notice.facts)
        await self.inbox.listen(channel)

    async def remember_workspace(self) -> None:
        """The workspace in force is named by its hash, once per change, and its files are kept beside it."""
        contents = tuple(self.workspace.contents.values())
        await self.memory.ledger(lambda book: book.keep_files(contents))
        digest = self.workspace.content_hash
        last = await self.memory.ledger(
            lambda book: [r.event.body["hash"] for r in book.events(tenant=HOUSE, kinds={"workspace.loaded"})][-1:]
        )
        if last == [digest]:
            return
        body = {"hash": digest, "files": dict(self.workspace.files)}
        event = Event(
            tenant=HOUSE, kind="workspace.loaded", v=1, occurred_at=self.clock.now(), actor="system", body=body
        )
        await self.judging.record([event], [])

    async def _outcome(self, owed: Owed, result: SendResult) -> None:
        """A message that did not simply arrive: an event, and a line to the operators."""
        debt = owed.debt
        if isinstance(result, Moved):
            old = {"chat": debt.chat, "from": "", "to": result.address}
            event = Event(
                tenant=debt.tenant, kind="chat.moved", v=1, occurred_at=self.clock.now(), actor="system", body=old
            )
            await self.judging.record([event], [])
            return
        assert isinstance(result, Rejected | Unknown)
        outcome = "rejected" if isinstance(result, Rejected) else "unknown"
        body = {"chat": debt.chat, "debt": debt.key, "thread": debt.thread, "outcome": outcome, "why": result.why}
        event = Event(
            tenant=debt.tenant, kind="delivery.failed", v=1, occurred_at=self.clock.now(), actor="system", body=body
        )
        await self.judging.record([event], [])
        if debt.template != "operators":
            await self._tell_operators(f"delivery_{outcome}", chat=debt.chat, alarm=debt.thread or "", why=result.why)

    async def _tell_operators(self, key: str, **facts: str) -> None:
        now = self.clock.now()
        debts = [
            Debt(
                key=notice_key("operators", chat.id, key, *sorted(facts.values()), now.isoformat()),
                tenant=HOUSE,
                chat=chat.id,
                priority=Priority.TASK,
                message=OutMessage(spans=(self.words.line(key, **facts),)),
                template="operators",
            )
            for chat in self.workspace.roster.chats.values()
            if chat.audience is Audience.OPERATORS
        ]
        await self.judging.record([], debts)

    async def _last_words(self, failed: BaseExceptionGroup[StoreError]) -> None:
        """Memory has failed: one direct message to the operators, then the end."""
        message = OutMessage(spans=(self.words.line("store_failed", why=str(failed.exceptions[0])),))
        for chat in self.workspace.roster.chats.values():
            if chat.audience is Audience.OPERATORS:
                address: Address = self.addresses.of_chat(chat.id)
                with suppress(TimeoutError):
                    async with asyncio.timeout(10):
                        await self.channels[address.platform].send(address, message, {})

    async def _checkpoint(self) -> None:
        await self.memory.ledger(lambda book: book.checkpoint())
        await self.memory.series(lambda series: series.checkpoint())

    async def _close(self) -> None:
        """Write what is still in memory, then let go of everything."""
        with suppress(StoreError):
            await self.keeping.step()
            await self.keeping.seal()
        for gauges in self.gauges.values():
            for gauge in gauges:
                await gauge.close()
        for _, feed, _ in self._papers:
            await feed.close()
        for source, _ in self._prices.values():
            await source.close()
        for loans, _ in self._loans.values():
            await loans.close()
        for channel in self.channels.values():
            await channel.close()
        self.answering.close()
        if self.model is not None:
            await self.model.close()
        await self.pictures.close()
        self.memory.close()
