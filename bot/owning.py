"""The depots' ownership ledgers in the house: recalled from the series, kept up as new words come in."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from bot.house import House
from bot.memory import Memory
from bot.ports import DepotPaperFeed
from domain.ownership.entry import Entry
from domain.ownership.journal import Journal
from store.moments import BEGINNING, FOREVER

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=10)
"""Of two looks at a ledger: an entry that was being written at the last one is seen at this one."""
ABSENT_FOR = timedelta(minutes=10)
"""A depot without a ledger is asked again only so often."""


async def recall(house: House, memory: Memory, now: datetime, *, known: datetime | None = None) -> None:
    """Every site's ledger at ``now`` as the series has it, imports included. known: None for ``now``; FOREVER where the

    house lives, so that what a depot says meanwhile is not undone.
    """
    sites, before = list(house.workspace.sites), house.journals
    said = await memory.series(lambda s: s.ownerships_as_of(sites, valid=FOREVER, known=known or now))
    for site in sites:

        async def kept(of: str = site) -> Iterable[Entry]:
            if house.journals[of] is before[of]:  # nobody was heard since: all of them were read at once
                return said[of]
            return await memory.series(lambda s: s.ownership_as_of(of, valid=FOREVER, known=known or now))

        await _folded(house, site, kept, now, None)


async def _folded(
    house: House, site: str, words: Callable[[], Awaitable[Iterable[Entry]]], now: datetime, as_of: datetime | None
) -> Journal:
    """These words in the house. To fold a long ledger anew takes longer than the loop may wait, so a thread does it;

    what a feed and an import hear meanwhile is not lost to one another, and asked for anew it is not undone.
    """
    while True:
        base = house.journals[site]
        journal = await asyncio.to_thread(base.heard, list(await words()), now)
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
        as_of = min(feed.as_of, feed.received_at)
        self._since = as_of - OVERLAP if as_of - BEGINNING > OVERLAP else None
        wrong = [f"{row.place}: {row.wrong}" for row in bad]
        for site in self._sites:
            mine, strange = self._at(site, feed.rows)
            wrong += strange
            await self._keep(site, mine, now, as_of)
        return tuple(wrong)

    async def _keep(self, site: str, said: list[Entry], now: datetime, as_of: datetime) -> None:
        """First to the series, then to the house: what is counted is always kept."""
        new = self._house.journals[site].news(said)
        if new:
            await self._memory.series(lambda series: series.append_ownership(new, received_at=now))

        async def heard() -> Iterable[Entry]:
            return new

        journal = await _folded(self._house, site, heard, now, as_of)
        refused = len(journal.ledger.refused)
        if refused > self._refused.get(site, 0):
            log.warning("ownership.refused site=%s entries=%s", site, refused)
        self._refused[site] = refused

    def _at(self, site: str, rows: Iterable[Entry]) -> tuple[list[Entry], list[str]]:
        """The entries of a site; those that name a tank which does not stand there are told, and left out."""
        tanks = set(self._house.workspace.sites[site].tank_ids)
        mine: list[Entry] = []
        told: list[str] = []
        for e in (entry for entry in rows if entry.site_id == site):
            if e.tank_id in tanks and (e.to_tank is None or e.to_tank in tanks):
                mine.append(e)
            else:
                told.append(f"entry {e.no!r} line {e.line}: no tank of site {site!r}")
        return mine, told
