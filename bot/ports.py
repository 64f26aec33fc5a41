"""What the bot's loops need from the outside; adapters match structurally and ``bot.wiring`` is checked against them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from datasources.depot_feed import Heard
from datasources.loans.rows import Balances
from datasources.prices.rows import Prices
from domain.farm import Readings
from domain.message import Address, Caps, Crowd, Inbound, OutMessage, SendResult
from domain.movement import BookRow, ReleaseNotice, WorkOrder
from domain.ownership.entry import Entry
from reports.charts.chart import Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNotice:
    """Something about a channel's set-up that an operator should know: a code of the words, and its facts."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


class Channel(Protocol):
    """One chat platform. ``send`` also edits, where ``message.edits`` names the earlier message."""

    @property
    def platform(self) -> str:
        """'telegram', 'console', …"""

    @property
    def caps(self) -> Caps:
        """What the platform can do, and how fast."""

    async def start(self) -> list[ChannelNotice]:
        """Connect; returns what an operator should know. Raises SourceError when it can never work as set up."""

    async def send(self, to: Address, message: OutMessage, addresses: Mapping[str, Address]) -> SendResult:
        """Send or edit once. ``addresses``: person id → platform address. Never raises for the platform's troubles."""

    def events(self) -> AsyncIterator[Inbound]:
        """What people do, each repeated after a crash until ``done`` was called for it."""

    async def done(self, inbound: Inbound) -> None:
        """The event is committed: the platform may forget it."""

    async def aside(self, inbound: Inbound) -> None:
        """The event will take a while: what follows it need not wait until it is done."""

    async def crowd(self, chat: Address, people: Sequence[str]) -> Crowd:
        """Who is in a group; people: ids to look for. Raises SourceUnavailable where it may pass, else SourceAbsent."""

    async def answer_press(self, inbound: Inbound, text: str) -> None:
        """Stop the pressed button's spinner with a short line; best effort."""

    async def close(self) -> None:
        """Disconnect."""


class Gauge(Protocol):
    """The one owner of a gateway."""

    @property
    def poll_s(self) -> float:
        """Seconds between two polls."""

    async def poll(self) -> Readings:
        """All its tanks once; trouble shows as quality bits, never as an exception."""

    async def close(self) -> None:
        """Disconnect."""


class DepotPaperFeed(Protocol):
    """What one depot says on paper. Each call raises SourceError; single bad rows come back beside the good."""

    async def work_orders(self, since: datetime, now: datetime) -> Heard[WorkOrder]:
        """Orders open or written to since then."""

    async def releases(self, now: datetime) -> Heard[ReleaseNotice]:
        """Release notices."""

    async def book(self, now: datetime) -> Heard[BookRow]:
        """Who owns how much in which tank."""

    async def ledger(self, since: datetime | None, now: datetime) -> Heard[Entry] | None:
        """Entries of the ownership ledger written since then, or all; None: the depot keeps none."""

    async def close(self) -> None:
        """Disconnect."""


class LoanFeed(Protocol):
    """Where the lender states the balances of its loans."""

    async def fetch(self, now: datetime) -> Balances:
        """What it states now. Raises SourceError."""

    async def close(self) -> None:
        """Disconnect."""


class PriceFeed(Protocol):
    """Where prices are published; None where nothing has changed since the last look."""

    async def fetch(self, now: datetime) -> Prices | None:
        """What it publishes now. Raises SourceError."""

    async def close(self) -> None:
        """Disconnect."""


class Draws(Protocol):
    """Who turns charts into PNGs, outside this process."""

    async def paint(self, chart: Chart) -> bytes:
        """The picture. Raises NotDrawn."""

    async def close(self) -> None:
        """Let go of the worker."""
