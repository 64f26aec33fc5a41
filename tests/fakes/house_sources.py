"""What the house is fed with on its stage: gauges that show what they are told, papers and prices in memory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from bot.clock import Clock
from datasources.feed import BadRow
from domain.farm import Quality, Readings
from domain.movement import BookRow, Direction, Feed, ReleaseNotice, WorkOrder
from domain.ownership.entry import Entry
from domain.price import PriceQuote
from domain.tank import TankIndex


@dataclass(slots=True, kw_only=True)
class HeldGauge:
    """One gateway. ``levels`` by tank id in mm; a tank in ``silent`` does not answer."""

    index: TankIndex
    clock: Clock
    levels: dict[str, float]
    silent: set[str] = field(default_factory=set)
    poll_s: float = 5.0

    async def poll(self) -> Readings:
        """All its tanks at this moment."""
        ids, now_us = list(self.levels), self.clock.now_us()
        k = len(ids)
        bad = np.array([t in self.silent for t in ids])
        return Readings(
            rows=np.array(self.index.rows(ids), dtype=np.int64),
            level_mm=np.where(bad, np.nan, np.array([self.levels[t] for t in ids])),
            water_mm=np.zeros(k),
            temp_c=np.where(bad, np.nan, 20.0),
            density_kg_m3=np.full(k, np.nan),
            taken_at_us=np.full(k, now_us, dtype=np.int64),
            received_at_us=np.full(k, now_us, dtype=np.int64),
            status=np.zeros(k, dtype=np.int64),
            quality=np.where(bad, Quality.MISSING, Quality.GOOD).astype(np.uint32),
        )

    async def close(self) -> None:
        """Nothing to close."""


@dataclass(slots=True, kw_only=True)
class HeldPapers:
    """One depot's papers; always of now unless ``as_of`` says otherwise."""

    orders: list[WorkOrder] = field(default_factory=list)
    notices: list[ReleaseNotice] = field(default_factory=list)
    rows: list[BookRow] = field(default_factory=list)
    as_of: datetime | None = None
    entries: list[Entry] | None = None

    async def work_orders(self, since: datetime, now: datetime) -> tuple[Feed[WorkOrder], tuple[BadRow, ...]]:
        """Its orders."""
        return Feed(rows=tuple(self.orders), as_of=self.as_of or now, received_at=now), ()

    async def releases(self, now: datetime) -> tuple[Feed[ReleaseNotice], tuple[BadRow, ...]]:
        """Its release notices."""
        return Feed(rows=tuple(self.notices), as_of=self.as_of or now, received_at=now), ()

    async def book(self, now: datetime) -> tuple[Feed[BookRow], tuple[BadRow, ...]]:
        """Its book."""
        return Feed(rows=tuple(self.rows), as_of=self.as_of or now, received_at=now), ()

    async def ledger(self, since: datetime | None, now: datetime) -> tuple[Feed[Entry], tuple[BadRow, ...]] | None:
        """Its ownership ledger, all of it; None where it keeps none."""
        if self.entries is None:
            return None
        return Feed(rows=tuple(self.entries), as_of=self.as_of or now, received_at=now), ()

    async def close(self) -> None:
        """Nothing to close."""


GOODS = {"METHANOL-SD": "METHANOL", "DIESEL-SD": "DIESEL0"}


def quote(ref: str, price: str, at: datetime, *, provider: str = "海岱资讯", good: str | None = None) -> PriceQuote:
    """One publication in CNY per tonne."""
    return PriceQuote(
        ref=ref,
        good=good or GOODS[ref],
        provider=provider,
        region="山东",
        basis="出罐含税",
        currency="CNY",
        price=Decimal(price),
        published_at=at,
        received_at=at,
        source_id=provider,
    )


def outflow(tank: str, site: str, good: str, kg: int, at: datetime) -> tuple[WorkOrder, ReleaseNotice]:
    """A work order out of a tank with the sealed notice that allows it."""
    order = WorkOrder(
        no="W-1", site_id=site, tank_id=tank, direction=Direction.OUT, good=good, planned_kg=kg, done_kg=0,
        opened_at=at, release_no="R-1",
    )  # fmt: skip
    notice = ReleaseNotice(
        no="R-1", owner="hengyun", site_id=site, tank_id=tank, good=good, mass_kg=kg,
        issued_at=at - timedelta(hours=1), valid_until=at + timedelta(days=1), sealed=True,
    )  # fmt: skip
    return order, notice
