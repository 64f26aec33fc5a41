"""A made-up year of the demo's pool in a series file: gauges each minute, papers, prices, and what goes wrong in a year.

56 tanks on 8 gateways, each polled at its own second of the minute. In every six hours a fifth of the tanks is worked in
under a work order, a tenth of its height up or down; at their end the depots book what is then there. All goods are quoted twice a day.
Wrong goes, at random: about two gauges a week are silent for 5 to 40 minutes, one in a hundred thousand readings is wild,
and once in about ten days a tank loses ten tonnes in ten minutes with no order.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from bot.command.replaying.prices import refs_of
from datasources.workspace import Workspace
from domain.contract import Contract
from domain.farm import Floats, Readings
from domain.metering.history import TankPlants
from domain.movement import BookRow, Direction, Feed, WorkOrder
from domain.price import PriceQuote
from store.series import Series

START = datetime(2025, 3, 11, 16, tzinfo=UTC)
PERIOD = timedelta(hours=6)
MINUTES = 360
US = 1_000_000
GATEWAY = 7
A_MINUTE = 1 / 3600
"""Of the tank's height: a tenth of it in a period."""
FIXINGS = (timedelta(hours=10), timedelta(hours=16))


def terms_of(workspace: Workspace, pool: str) -> Workspace:
    """The demo's pool on the terms of a real contract: prices grow old in two days, a rise is proven in half an hour."""
    contract = workspace.contracts[pool]
    goods = {c: replace(g, price=replace(g.price, stale_after_s=172_800.0)) for c, g in contract.goods.items()}
    real = replace(contract, goods=goods, lines=replace(contract.lines, confirm_s=1800.0))
    return replace(workspace, contracts={**workspace.contracts, pool: real})


class Depots:
    """What happens in the tanks, period after period."""

    def __init__(self, workspace: Workspace, contract: Contract, seed: int) -> None:
        self.index, self.contract = workspace.index, contract
        self.rng = np.random.default_rng(seed)
        self.plants = TankPlants.of(workspace.index, workspace.goods, workspace.settings.metering)
        self.most = np.array([t.max_level_mm for t in self.index.tanks])
        self.level = 0.5 * self.most
        self.temp = np.array([sum(workspace.goods[t.good].temp_band_c) / 2 for t in self.index.tanks])
        self.temp = np.where(self.temp > 60, self.temp, 25.0)
        self.orders = 0

    def period(self, start: datetime) -> tuple[Readings, list[tuple[WorkOrder, datetime]]]:
        """Six hours of readings, in the order of their arrival, and the words on orders with when they came."""
        n, kg_mm = len(self.index), self._kg() / self.level
        moving = (self.rng.random(n) < 0.2) * np.where(self.level > 0.5 * self.most, -A_MINUTE, A_MINUTE)
        moving = moving * self.most
        steps = np.repeat(moving[None, :], MINUTES, axis=0)
        steps[:2] = steps[-2:] = 0.0
        for tank in np.flatnonzero(self.rng.random(n) < 1 / 40 / n):
            began = int(self.rng.integers(10, MINUTES - 20))
            steps[began : began + 10, tank] -= 10_000 / 10 / kg_mm[tank]
        levels = self.level + np.cumsum(steps, axis=0)
        self.level = levels[-1]
        orders = [o for t in np.flatnonzero(moving) for o in self._order(int(t), float(moving[t] * kg_mm[t]), start)]
        return self._polled(start, levels), orders

    def booked(self, at: datetime) -> dict[str, Feed[BookRow]]:
        """Every site's book of what is in its tanks."""
        kg = self._kg()
        rows: dict[str, list[BookRow]] = {}
        owner = {p.tank_id: p.owner for p in self.contract.pledged}
        for tank, mass in zip(self.index.tanks, kg, strict=True):
            row = BookRow(
                site_id=tank.site_id,
                tank_id=tank.id,
                good=tank.good,
                owner=owner[tank.id],
                mass_kg=round(mass),
                as_of=at,
            )
            rows.setdefault(tank.site_id, []).append(row)
        return {s: Feed(rows=tuple(mine), as_of=at, received_at=at) for s, mine in rows.items()}

    def _polled(self, start: datetime, levels: Floats) -> Readings:
        m, n = levels.shape
        seconds = np.arange(n) // GATEWAY * 7 * US
        base = int(start.timestamp()) * US + np.arange(m)[:, None] * 60 * US
        taken = base + seconds + np.repeat(self.rng.integers(0, US // 5, (m, n // GATEWAY)), GATEWAY, axis=1)
        shown = np.round(levels + self.rng.normal(0.0, 0.4, (m, n)))
        wild = self.rng.random((m, n)) < 1e-5
        shown = np.where(wild, np.round(shown * 0.8), shown)
        heard = np.ones((m, n), dtype=bool)
        for tank in np.flatnonzero(self.rng.random(n) < 1 / 14 / n):
            began = int(self.rng.integers(0, MINUTES))
            heard[began : began + int(self.rng.integers(5, 40)), tank] = False
        warm = self.temp + 2.0 * np.sin(np.arange(m) / 1440 * 2 * np.pi)[:, None]
        k = int(heard.sum())
        return Readings(
            rows=np.broadcast_to(np.arange(n), (m, n))[heard],
            level_mm=shown[heard],
            water_mm=np.zeros(k),
            temp_c=np.round(warm + self.rng.normal(0.0, 0.03, (m, n)), 1)[heard],
            density_kg_m3=np.full(k, np.nan),
            taken_at_us=taken[heard],
            received_at_us=taken[heard] + self.rng.integers(20_000, 90_000, k),
            status=np.zeros(k, dtype=np.int64),
            quality=np.zeros(k, dtype=np.uint32),
        )

    def _order(self, t: int, kg_a_minute: float, start: datetime) -> list[tuple[WorkOrder, datetime]]:
        tank = self.index.tanks[t]
        self.orders += 1
        order = WorkOrder(
            no=f"W{self.orders:06d}", site_id=tank.site_id, tank_id=tank.id, good=tank.good, opened_at=start,
            direction=Direction.OUT if kg_a_minute < 0 else Direction.IN, done_kg=0,
            planned_kg=round(abs(kg_a_minute) * MINUTES * 1.05),
        )  # fmt: skip
        closed = start + PERIOD - timedelta(minutes=1)
        return [(order, start), (replace(order, closed_at=closed, done_kg=order.planned_kg), closed)]

    def _kg(self) -> Floats:
        n = len(self.index)
        now = Readings(
            rows=np.arange(n), level_mm=self.level, water_mm=np.zeros(n), temp_c=self.temp,
            density_kg_m3=np.full(n, np.nan), taken_at_us=np.ones(n, dtype=np.int64),
            received_at_us=np.ones(n, dtype=np.int64), status=np.zeros(n, dtype=np.int64),
            quality=np.zeros(n, dtype=np.uint32),
        )  # fmt: skip
        return self.plants.measure(now).mass_air_kg


def fill(file: Path, workspace: Workspace, contract: Contract, days: int, price: float) -> None:
    """Write the days, one batch a day."""
    series, depots = Series.open(file), Depots(workspace, contract, 20260312)
    series.append_prices(_quotes(contract, days, price))
    for day in range(days):
        polls = []
        for hour in range(0, 24, 6):
            start = START + timedelta(days=day, hours=hour)
            for site, book in depots.booked(start).items():
                series.append_book(site, book)
            readings, orders = depots.period(start)
            polls.append(readings)
            for known in sorted({known for _, known in orders}):
                series.append_workorders([o for o, at in orders if at == known], received_at=known)
        series.append(polls, workspace.index)
        if day % 30 == 29 or day == days - 1:
            series.checkpoint()
    series.close()


def _quotes(contract: Contract, days: int, cny_t: float) -> list[PriceQuote]:
    """All goods at the same two times of a day. They move together, drawn back to where they began: 3 % up or down."""
    good_of = {g.price.ref: code for code, g in contract.goods.items()}
    rng, out, market = np.random.default_rng(1), [], 0.0
    for at in [START + timedelta(days=day) + hour for day in range(-1, days) for hour in FIXINGS]:
        market += 0.006 * rng.normal() - 0.02 * market
        for ref in refs_of(contract):
            price = Decimal(str(round(cny_t * (1 + market + 0.003 * rng.normal()), 2)))
            out.append(
                PriceQuote(
                    ref=ref, good=good_of[ref], provider="bench", region="", basis="", currency="CNY", price=price,
                    published_at=at, received_at=at, source_id="bench",
                )
            )  # fmt: skip
    return out
