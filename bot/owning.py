"""The depots' ownership ledgers in the house: recalled from the series, kept up as new words come in."""

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.house import House
from bot.memory import Memory
from bot.ports import DepotPaperFeed
from domain.ownership.entry import Entry
from domain.ownership.journal import Journal
from store.moments import FOREVER

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=10)
"""Of two looks at a ledger: an entry that was being written at the last one is seen at this one."""
ABSENT_FOR = timedelta(minutes=10)
"""A depot without a ledger is asked again only so often."""


async def recall(house: House, memory: Memory, now: datetime) -> None:
    """Every site's ledger as the series has it, imports included."""
    for site in house.workspace.sites:
        said = await memory.series(lambda s, of=site: s.ownership_as_of(of, valid=FOREVER, known=now))  # type: ignore[misc]
        await _folded(house, site, said, now, None)


async def _folded(house: House, site: str, said: Iterable[Entry], now: datetime, as_of: datetime | None) -> Journal:
    """These words in the house. To fold a long ledger anew takes longer than the loop may wait, so a thread does it;

    what a feed and an import hear meanwhile is not lost to one another.
    """
    words = list(said)
    while True:
        base = house.journals[site]
        journal = await asyncio.to_thread(base.heard, words, now)
        if house.journals[site] is base:
            house.take_journal(site, journal, as_of)
            return journal


class Owning:
    """One depot's ledger, for all its sites: read what is new, keep it, fold it into the house."""

    def __init__(self, sites: Iterable[str], feed: DepotPaperFeed, house: House, memory: Memory) -> None:
        self._sites = sorted(sites)
        self._feed = feed
        self._house = house
        self._memory = memory
        self._since: datetime | None = None
        self._absent_until: datetime | None = None
        self._refused: dict[str, int] = {}

    async def step(self, now: datetime) -> tuple[str, ...]:
        """Read and keep; what was wrong with single rows. Raises SourceError. A depot that keeps none is no error."""
        if self._absent_until is not None and now < self._absent_until:
            return ()
        heard = await self._feed.ledger(self._since, now)
        if heard is None:
            self._absent_until = now + ABSENT_FOR
            return ()
        feed, bad = heard
        self._since = min(feed.as_of, feed.received_at) - OVERLAP
        wrong = [f"{row.place}: {row.wrong}" for row in bad]
        for site in self._sites:
            mine, strange = self._at(site, feed.rows)
            wrong += strange
            await self._keep(site, mine, now, min(feed.as_of, feed.received_at))
        return tuple(wrong)

    async def _keep(self, site: str, said: list[Entry], now: datetime, as_of: datetime) -> None:
        """First to the series, then to the house: what is counted is always kept."""
        new = self._house.journals[site].news(said)
        if new:
            await self._memory.series(lambda series: series.append_ownership(new, received_at=now))
        journal = await _folded(self._house, site, new, now, as_of)
        refused = len(journal.ledger.refused)
        if refused > self._refused.get(site, 0):
            log.warning("ownership.refused site=%s entries=%s", site, refused)
        self._refused[site] = refused

    def _at(self, site: str, rows: Iterable[Entry]) -> tuple[list[Entry], list[str]]:
        """The entries of a site; those that name a tank which does not stand there are told, and left out."""
        tanks = set(self._house.workspace.sites[site].tank_ids)
        mine = [entry for entry in rows if entry.site_id == site]
        strange = [e for e in mine if e.tank_id not in tanks or (e.to_tank is not None and e.to_tank not in tanks)]
        told = [f"entry {e.no!r} line {e.line}: no tank of site {site!r}" for e in strange]
        return [e for e in mine if e not in strange], told
