"""The whole farm: cargo, gauges, office, prices and notice feeds, stepped by one clock.

No wires here: registers and HTTP read what this holds. `step(dt_s)` needs no real time.
"""

from __future__ import annotations

from depot.book import Book
from depot.cargo import Cargo
from depot.clock import US_PER_S
from depot.day import Day, write_history
from depot.gauge import Gauge
from depot.history import History
from depot.ledger import Ledger
from depot.office import Job, Office
from depot.papers import Papers
from depot.prices import PriceBoard
from depot.reading import Reading
from depot.world import World

RESTORED_WORTH_A_PAPER_KG = 500


class Farm:
    """State of everything at now_us. seed fixes all chance; quiet leaves out the day's movements."""

    def __init__(self, world: World, *, seed: int = 1, start_us: int, quiet: bool = False) -> None:
        self.world = world
        self.now_us = start_us
        self._quiet = quiet
        self.cargo = Cargo(world, seed=seed, epoch_s=start_us / US_PER_S)
        self.papers = Papers()
        self.ledger = Ledger()
        write_history(world, self.papers, start_us)
        self.gauges = {t.id: Gauge(t, world.sites[t.site], seed=seed) for t in world.tanks.values()}
        self.history = History(tuple(world.tanks))
        self.readings: dict[str, Reading] = {}
        self._recorded_us = 0
        self.prices = PriceBoard(self.world.quotes)
        self._open_books()
        self.look(everything=True)

    def _open_books(self) -> None:
        """Book and timetable as at the start, and an opening in the ledger; the papers stay on file."""
        self.book = Book(self.world.holdings)
        self.ledger.open(self.world.holdings, self.now_us)
        self.office = Office(self.world, self.cargo, self.book, self.papers, self.ledger)
        self.day = Day(self.world.background, start_us=self.now_us, quiet=self._quiet)

    def step(self, dt_s: float) -> None:
        """Let dt_s pass: papers are opened, liquid flows, books follow, gauges look."""
        self.day.start_due(self.office, self.now_us)
        self.cargo.step(dt_s)
        self.now_us += round(dt_s * US_PER_S)
        self.office.follow(self.now_us)
        self.look()

    def look(self, *, everything: bool = False) -> None:
        """Refresh the gauges: what is due, or everything at once after a lever."""
        for tank, gauge in self.gauges.items():
            gauge.look(self.cargo.actual(tank), self.now_us, everything=everything)
            self.readings[tank] = gauge.shown(self.now_us)
        if self.now_us - self._recorded_us >= US_PER_S - 200_000:
            self.history.add(self.readings, self.now_us)
            self._recorded_us = self.now_us

    def restore(self) -> list[str]:
        """Everything as at the start: cargo, books, prices, gauges. Gives the orders it wrote.

        What moves a tank by more than half a tonne gets a closed paper order, so that a watcher
        sees an explained movement and not a miracle. Open orders are closed as far as they came.
        """
        self.office.abandon(self.now_us)
        before = {tank: self.cargo.air_kg(tank) for tank in self.world.tanks}
        self.cargo.refill()
        for gauge in self.gauges.values():
            gauge.heal()
        self._open_books()
        self.prices.reopen(self.now_us)
        written = [
            self._explain(tank, round(self.cargo.air_kg(tank) - air_kg))
            for tank, air_kg in before.items()
            if abs(self.cargo.air_kg(tank) - air_kg) > RESTORED_WORTH_A_PAPER_KG
        ]
        self.look(everything=True)
        return written

    def _explain(self, tank: str, change_kg: int) -> str:
        job = Job(
            tank=tank,
            direction="in" if change_kg > 0 else "out",
            to_tank=None,
            mass_kg=abs(change_kg),
            rate_t_h=self.world.tanks[tank].pump_max_t_h,
            kind="演示复原",
            moves=False,
        )
        no = self.office.open(job, self.now_us)
        self.office.close(no, self.now_us)
        return no
