"""The steps that bring data in: poll a gateway, read the depot's papers, read the prices, keep the series.

Every step is an ``async step`` that a schedule or a test calls; none of them sleeps.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.house import House
from bot.judging import Judging, epoch_us
from bot.memory import Memory
from bot.owning import Owning
from bot.ports import DepotPaperFeed, Gauge, PriceFeed
from bot.pricing import Pricing
from datasources.feed import BadRow
from domain.delivery import Timing
from domain.errors import SourceError
from domain.event import Event, Json, stamp
from domain.farm import Readings
from domain.movement import BookRow, Feed, ReleaseNotice, WorkOrder
from domain.scene import DepotPapers
from store.seal import Sealed

log = logging.getLogger(__name__)

HOUSE = "@"
"""The chain of what belongs to no lender: series seals, the clock, the workspace."""
PAPERS_SINCE = timedelta(days=2)
SEAL_EVERY = timedelta(minutes=10)
BOOK_EVERY = timedelta(minutes=1)


class Poll:
    """One gateway: poll, take, judge the contracts that have tanks there."""

    def __init__(
        self, site_id: str, gauge: Gauge, house: House, judging: Judging, clock: Clock, kept: list[Readings]
    ) -> None:
        """kept: where readings wait for the series."""
        self._site_id = site_id
        self._gauge = gauge
        self._house = house
        self._judging = judging
        self._clock = clock
        self._kept = kept

    async def step(self) -> None:
        """One poll, its readings kept and judged."""
        readings = await self._gauge.poll()
        self._house.take(readings)
        self._house.polled_at = {**self._house.polled_at, self._site_id: self._clock.now()}
        if len(readings.rows) == 0:
            return
        self._kept.append(readings)
        timing = Timing(
            taken_at=epoch_us(int(readings.taken_at_us.min())),
            received_at=epoch_us(int(readings.received_at_us.max())),
        )
        await self._judging.judge(self._house.contracts_at(self._site_id), timing)


class Papers:
    """One depot's work orders, release notices, book and ownership ledger, for all its sites.

    A document that fails keeps what it said, which grows old; the rules see its age.
    """

    def __init__(
        self,
        sites: frozenset[str],
        feed: DepotPaperFeed,
        house: House,
        judging: Judging,
        memory: Memory,
        clock: Clock,
    ) -> None:
        self._written: dict[str, Feed[BookRow]] = {}
        self._orders: dict[str, Feed[WorkOrder]] = {}
        self._heard: dict[str, datetime] = {}
        self._releases_kept: dict[str, Feed[ReleaseNotice]] = {}
        self._memory = memory
        self._sites = sorted(sites)
        self._feed = feed
        self._house = house
        self._judging = judging
        self._clock = clock
        self._failing: dict[str, str] = {}
        self._owning = Owning(sites, feed, house, memory)

    async def step(self) -> None:
        """Read the documents, then judge the contracts of these sites."""
        await self._work_orders()
        await self._releases()
        await self._book()
        await self._ledger()
        contracts = {c.id: c for site in self._sites for c in self._house.contracts_at(site)}
        await self._judging.judge(contracts.values(), Timing(received_at=self._clock.now()))

    async def _work_orders(self) -> None:
        now = self._clock.now()
        try:
            feed, bad = await self._feed.work_orders(now - PAPERS_SINCE, now)
        except SourceError as e:
            self._lost("workorders", e)
            return
        self._back("workorders", bad)
        as_of = min(feed.as_of, feed.received_at)
        for site in self._sites:
            rows = tuple(row for row in feed.rows if row.site_id == site)
            self._put(site, replace(self._known(site), work_orders=rows, work_orders_as_of=as_of))
            await self._keep_orders(site, Feed(rows=rows, as_of=as_of, received_at=feed.received_at))

    async def _releases(self) -> None:
        try:
            feed, bad = await self._feed.releases(self._clock.now())
        except SourceError as e:
            self._lost("releases", e)
            return
        self._back("releases", bad)
        as_of = min(feed.as_of, feed.received_at)
        for site in self._sites:
            rows = tuple(row for row in feed.rows if row.site_id == site)
            self._put(site, replace(self._known(site), releases=rows, releases_as_of=as_of))
            await self._keep_releases(site, Feed(rows=rows, as_of=as_of, received_at=feed.received_at))

    async def _book(self) -> None:
        try:
            feed, bad = await self._feed.book(self._clock.now())
        except SourceError as e:
            self._lost("book", e)
            return
        self._back("book", bad)
        for site in self._sites:
            rows = tuple(row for row in feed.rows if row.site_id == site)
            await self._keep_book(site, Feed(rows=rows, as_of=feed.as_of, received_at=feed.received_at))

    async def _ledger(self) -> None:
        try:
            wrong = await self._owning.step(self._clock.now())
        except SourceError as e:
            self._lost("ledger", e)
            return
        self._back("ledger", ())
        for row in wrong:
            log.warning("papers.bad_row sites=%s document=ledger wrong=%s", self._sites, row)

    async def _keep_orders(self, site: str, feed: Feed[WorkOrder]) -> None:
        """Keep a site's orders in the series: what they say anew, and once a minute that they were told at all."""
        old = self._orders.get(site)
        if old is None or old.rows != feed.rows:
            await self._memory.series(lambda series: series.append_workorders(feed.rows, received_at=feed.received_at))
        if old is None or feed.received_at - self._heard[site] >= BOOK_EVERY:
            times = {"as_of": feed.as_of, "received_at": feed.received_at}
            await self._memory.series(lambda series: series.hear_workorders(site, **times))
            self._heard[site] = feed.received_at
        self._orders[site] = feed

    async def _keep_releases(self, site: str, feed: Feed[ReleaseNotice]) -> None:
        """Keep a site's release notices likewise."""
        old = self._releases_kept.get(site)
        if old is None or old.rows != feed.rows or feed.received_at - old.received_at >= BOOK_EVERY:
            await self._memory.series(lambda series: series.append_releases(site, feed))
            self._releases_kept[site] = feed

    async def _keep_book(self, site: str, feed: Feed[BookRow]) -> None:
        """Take a site's book, and keep it in the series: when it says something new, and once a minute otherwise."""
        old = self._written.get(site)
        self._house.take_book(site, feed)
        if old is None or old.rows != feed.rows or feed.received_at - old.received_at >= BOOK_EVERY:
            await self._memory.series(lambda series: series.append_book(site, feed))
            self._written[site] = feed

    def _known(self, site: str) -> DepotPapers:
        return self._house.papers.get(site, DepotPapers())

    def _put(self, site: str, papers: DepotPapers) -> None:
        self._house.papers = {**self._house.papers, site: papers}

    def _lost(self, document: str, error: SourceError) -> None:
        """One log line when a document is lost, not one per poll."""
        if document not in self._failing:
            log.warning("papers.lost sites=%s document=%s why=%s", self._sites, document, error)
        self._failing[document] = str(error)

    def _back(self, document: str, bad: Sequence[BadRow]) -> None:
        if self._failing.pop(document, None) is not None:
            log.info("papers.back sites=%s document=%s", self._sites, document)
        for row in bad:
            log.warning("papers.bad_row sites=%s place=%s wrong=%s", self._sites, row.place, row.wrong)


class Prices:
    """One published price source."""

    def __init__(self, name: str, feed: PriceFeed, pricing: Pricing, clock: Clock) -> None:
        self._name = name
        self._feed = feed
        self._pricing = pricing
        self._clock = clock
        self._failing = False

    async def step(self) -> None:
        """Read and judge what it publishes now. A source that fails leaves the last prices, which grow old."""
        try:
            prices = await self._feed.fetch(self._clock.now())
        except SourceError as e:
            if not self._failing:
                log.warning("prices.lost source=%s why=%s", self._name, e)
            self._failing = True
            return
        if self._failing:
            log.info("prices.back source=%s", self._name)
        self._failing = False
        if prices is None:
            return
        for row in prices.bad_rows:
            log.warning("prices.bad_row source=%s place=%s wrong=%s", self._name, row.place, row.wrong)
        await self._pricing.take(prices.quotes)


class Keeping:
    """Writes the readings that have come in to the series, and seals each batch in the ledger."""

    def __init__(self, kept: list[Readings], house: House, memory: Memory, judging: Judging, clock: Clock) -> None:
        self._kept = kept
        self._house = house
        self._memory = memory
        self._judging = judging
        self._clock = clock
        self._seals: list[Json] = []
        self._sealed_at = clock.now()

    async def step(self) -> None:
        """One batch. On failure the readings stay and are written with the next; StoreError is raised on."""
        batch, index = list(self._kept), self._house.workspace.index
        if batch:
            sealed = await self._memory.series(lambda series: series.append(batch, index))
            del self._kept[: len(batch)]
            self._seals.append(sealed_body(sealed))
        now = self._clock.now()
        if self._seals and now - self._sealed_at >= SEAL_EVERY:
            await self.seal()

    async def seal(self) -> None:
        """Put the digests of the batches since the last seal into the ledger's chain."""
        if not self._seals:
            return
        now, seals = self._clock.now(), list(self._seals)
        event = Event(tenant=HOUSE, kind="series.sealed", v=1, occurred_at=now, actor="system", body={"batches": seals})
        await self._judging.record([event], [])
        del self._seals[: len(seals)]
        self._sealed_at = now

    async def thin(self) -> None:
        """Older readings become minute rows, as the workspace's ``keep_days`` says; the new batches are sealed too."""
        before = self._clock.now() - timedelta(days=self._house.workspace.settings.store.keep_days)
        for sealed in await self._memory.series(lambda series: series.thin(before)):
            self._seals.append(sealed_body(sealed))


def sealed_body(sealed: Sealed) -> Json:
    """A batch's seal as an event carries it."""
    return {
        "batch": sealed.batch,
        "rows": sealed.rows,
        "first_at": stamp(sealed.first_at),
        "last_at": stamp(sealed.last_at),
        "sha256": sealed.sha256,
    }


class TimeKeeping:
    """Tells when the machine's clock has stepped back; recorded time has not."""

    def __init__(self, judging: Judging, clock: Clock) -> None:
        self._judging = judging
        self._clock = clock

    async def step(self) -> None:
        """One look at the clock, and the reminders that are due."""
        behind = self._clock.stepped_back()
        if behind is not None:
            now = self._clock.now()
            body = {"behind_s": round(behind.total_seconds(), 3)}
            event = Event(tenant=HOUSE, kind="clock.stepped_back", v=1, occurred_at=now, actor="system", body=body)
            await self._judging.record([event], [])
            log.error("clock.stepped_back behind_s=%s", behind.total_seconds())
        await self._judging.tick()
