"""Where a replay's readings, books and papers come from: what was recorded, or tanks that are said to hold so much."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.command.replaying.hearing import papers_of
from bot.command.replaying.held import Held, quiet_papers, sites_of
from bot.command.replaying.paperwork import ORDERS_KEPT
from bot.command.replaying.stage import Stage
from datasources.workspace import Workspace
from domain.contract import Contract
from domain.farm import Readings
from domain.movement import BookRow, Feed
from domain.scene import DepotPapers
from store.moments import FOREVER
from store.series import Series


class Source(Protocol):
    """Brings what gauges and depots would have said by a moment."""

    def bring(self, stage: Stage, at: datetime) -> bool:
        """Feed the stage; whether the tanks hold something else than at the moment before."""


class HeldSource:
    """Tanks that hold so many tonnes; the book agreed at the beginning, the papers know of no movement."""

    def __init__(self, held: Held, contract: Contract, workspace: Workspace, tonnes: Mapping[str, float]) -> None:
        """tonnes: by tank id. A pledged tank that is not named is never read."""
        self._held = held
        self._contract = contract
        self._sites = sites_of(contract, workspace.index)
        self._booked = dict(tonnes)
        self._now: dict[str, float] = {}
        self.tonnes = dict(tonnes)

    def bring(self, stage: Stage, at: datetime) -> bool:
        """One poll; where the masses have changed ``on_delay`` polls a second apart, as a gauge would have settled."""
        changed = self.tonnes != self._now
        for polls_ago in reversed(range(self._contract.on_delay if changed else 1)):
            stage.read(self._held.readings(self.tonnes, at - timedelta(seconds=polls_ago)))
        self._booked = {**self.tonnes, **self._booked}
        for site, feed in self._held.books(self._booked, at).items():
            stage.book(site, feed)
        for site, entries in self._held.entries(self._booked, at).items():
            stage.ledger(site, entries, at)
        stage.papers(quiet_papers(self._sites, at))
        self._now = dict(self.tonnes)
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What gauges and depots would have said by a moment, by site."""

    readings: Readings
    feeds: Mapping[str, Feed[BookRow]]
    papers: Mapping[str, DepotPapers]


class Columns(Protocol):
    """Has the answers of many moments ready."""

    def brought(self, moment: datetime) -> Brought | None:
        """None where it has not."""


class RecordedSource:
    """The series as it was known then, or as it is known now."""

    def __init__(self, series: Series, workspace: Workspace, contract: Contract, *, known_then: bool) -> None:
        """known_then: leave out what reached us only after the moment that is replayed."""
        self.series = series
        self.sites = sites_of(contract, workspace.index)
        self.known_then = known_then
        self.readings = 0
        self.columns: Columns | None = None
        self._workspace = workspace

    def bring(self, stage: Stage, at: datetime) -> bool:
        """The newest reading of every tank, the newest book and the orders of every site."""
        brought = self.columns.brought(at) if self.columns is not None else None
        brought = brought if brought is not None else self._asked(at)
        self.readings += len(brought.readings.rows)
        stage.read(brought.readings)
        for site, book in brought.feeds.items():
            stage.book(site, book)
        stage.papers(brought.papers)
        return False

    def _asked(self, at: datetime) -> Brought:
        """The series' own answers, of all sites together."""
        known = at if self.known_then else FOREVER
        orders = self.series.all_workorders_as_of(self.sites, valid=at, known=known, since=at - ORDERS_KEPT)
        released = self.series.all_releases_as_of(self.sites, valid=at, known=known)
        return Brought(
            readings=self.series.as_of(self._workspace.index, valid=at, known=known),
            feeds=self.series.books_as_of(self.sites, valid=at, known=known),
            papers={
                site: papers_of(
                    tuple(order for order in orders if order.site_id == site),
                    at,
                    heard=self.series.workorders_heard(site, valid=at, known=known),
                    released=released.get(site),
                )
                for site in self.sites
            },
        )
