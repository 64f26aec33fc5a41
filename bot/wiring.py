"""Which adapter serves which port: the one place that names them all. Type-checked against ``bot.ports``."""

import os
from collections.abc import Mapping
from pathlib import Path

from bot.app import App
from bot.clock import Clock
from bot.console.channel import ConsoleChannel
from bot.memory import Memory
from bot.ports import Channel, DepotPaperFeed, Gauge, LoanFeed, PriceFeed
from bot.recovery import recover
from bot.words import Words
from datasources.depot_feed import DepotFeed
from datasources.gauges.mapping import Gateway
from datasources.gauges.modbus import ModbusGauge
from datasources.loans.http_json import HttpLoans
from datasources.prices.csv_file import CsvPrices
from datasources.prices.http_json import HttpPrices
from datasources.workspace import Workspace
from domain.errors import WorkspaceInvalid
from domain.farm import Readings
from skills.refusals import REFUSALS
from skills.registry import SKILLS
from store.ledger import Ledger
from store.series import Series

TOKEN_NAME = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name of the variable, not a token


class PacedGauge:
    """A Modbus gauge with the pace of its gateway."""

    def __init__(self, gauge: ModbusGauge, gateway: Gateway) -> None:
        self._gauge = gauge
        self.poll_s = gateway.poll_s

    async def poll(self) -> Readings:
        """All its tanks once."""
        return await self._gauge.poll()

    async def close(self) -> None:
        """Disconnect."""
        await self._gauge.close()


def open_memory(directory: Path, workspace: Workspace) -> Memory:
    """Open both files of the workspace, made where they are missing. Raises StoreError."""
    store = workspace.settings.store
    ledger_file, series_file = directory / store.ledger, directory / store.series
    for file in (ledger_file, series_file):
        file.parent.mkdir(parents=True, exist_ok=True)
    ledger = Ledger.open(ledger_file)
    try:
        return Memory(ledger, Series.open(series_file))
    except BaseException:
        ledger.close()
        raise


async def build(
    directory: Path, workspace: Workspace, memory: Memory, console: ConsoleChannel, clock: Clock, words: Words
) -> App:
    """The app of a workspace, recovered from memory; nothing is connected yet."""
    house, moved = await recover(workspace, memory, clock.now())
    return App(
        workspace=workspace,
        memory=memory,
        clock=clock,
        house=house,
        words=words,
        channels=channels(workspace, console, clock, words),
        gauges=gauges(workspace, clock),
        papers=papers(workspace),
        prices=prices(directory, workspace),
        loans=loans(workspace),
        moved=moved,
    )


def channels(workspace: Workspace, console: ConsoleChannel, clock: Clock, words: Words) -> Mapping[str, Channel]:
    """The console always; Telegram where it is enabled. Raises WorkspaceInvalid when its token is missing."""
    found: dict[str, Channel] = {"console": console}
    telegram = workspace.settings.telegram
    if telegram.enabled:
        from bot.channels.telegram import TelegramChannel

        token = os.environ.get(TOKEN_NAME, "")
        if not token:
            raise WorkspaceInvalid(f"telegram is enabled: set {TOKEN_NAME} in the environment, or enabled = false")
        found["telegram"] = TelegramChannel(
            token, base_url=telegram.base_url, cut_mark=words.line("cut_mark"), commands=menu(), now=clock.now
        )
    return found


def menu() -> list[tuple[str, str]]:
    """The command menu of chat clients: every skill with its purpose, but for what is never done."""
    return [(skill.command, skill.purpose) for skill in SKILLS if skill not in REFUSALS]


def gauges(workspace: Workspace, clock: Clock) -> Mapping[str, list[Gauge]]:
    """One owner per gateway, by site."""
    found: dict[str, list[Gauge]] = {}
    for gateway in workspace.gateways:
        gauge = PacedGauge(ModbusGauge(gateway, workspace.index, clock.now_us), gateway)
        found.setdefault(gateway.site_id, []).append(gauge)
    return found


def papers(workspace: Workspace) -> list[tuple[frozenset[str], DepotPaperFeed, float]]:
    """The depots' paper feeds: their sites, the feed, and the seconds between two looks."""
    return [(f.site_ids, DepotFeed(f.url, site_ids=f.site_ids), f.poll_s) for f in workspace.feeds]


def loans(workspace: Workspace) -> Mapping[str, tuple[LoanFeed, float]]:
    """Feeds of loan balances by id, with the seconds between two looks."""
    return {
        s.id: (HttpLoans(s.url, source_id=s.id, contracts=workspace.contracts), s.poll_s)
        for s in workspace.settings.loans
    }


def prices(directory: Path, workspace: Workspace) -> Mapping[str, tuple[PriceFeed, float]]:
    """Price sources by id, with the seconds between two looks."""
    found: dict[str, tuple[PriceFeed, float]] = {}
    for source in workspace.settings.prices:
        feed: PriceFeed
        if source.kind == "http":
            feed = HttpPrices(source.location, source_id=source.id)
        else:
            feed = CsvPrices(directory / source.location, source_id=source.id)
        found[source.id] = (feed, source.poll_s)
    return found
