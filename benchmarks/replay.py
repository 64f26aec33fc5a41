"""How fast a replay goes: the demo's pool of 56 tanks and 24 goods, minute by minute, every rule at every minute.

``python -m benchmarks.replay [--minutes 1000] [--price 20000]``. Measured are that many minutes, with gauges that move, a fixing of all
prices every half hour and a fresh book; a year is their mean times 525,600. Nothing is left out or done in columns: a replay is
evidence because every minute is judged by the live parts.
"""

import argparse
import asyncio
import resource
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from bot.command.replaying.course import Moments, Replay, grid
from bot.command.replaying.held import Held, quiet_papers, sites_of
from bot.command.replaying.prices import refs_of
from bot.command.replaying.stage import Stage
from datasources.workspace import Workspace, load
from domain.contract import Contract
from domain.price import PriceQuote

DEMO = Path(__file__).parents[1] / "examples" / "demo"
POOL = "QD-DCZY-2026-018"
START = datetime(2026, 3, 12, 2, tzinfo=UTC)
YEAR = 525_600
FIXINGS_A_DAY = 48


class Moving:
    """All tanks of the pool at half their height; a fifth of them moves, the others show the gauge's noise."""

    def __init__(self, workspace: Workspace, contract: Contract, stage: Stage) -> None:
        self._held = Held(workspace, contract, stage.house.plant)
        self._sites = sites_of(contract, workspace.index)
        self._tanks = [workspace.index.tanks[r] for r in workspace.index.rows(contract.tank_ids())]
        self._rng = np.random.default_rng(20260312)
        self._half = np.array([t.max_level_mm / 2 for t in self._tanks])
        self._swing = np.where(np.arange(len(self._tanks)) % 5 == 0, 300.0, 0.0)
        self._booked = {t.id: 1e5 for t in self._tanks}  # more than any tank holds: the gauges count
        self.spent_s = Counter[str]()

    def bring(self, stage: Stage, at: datetime) -> bool:
        """One poll, and the books and papers of now."""
        began = time.perf_counter()
        minute = (at - START) / timedelta(minutes=1)
        noise = np.round(self._rng.normal(0.0, 0.5, len(self._tanks)))
        levels = self._half + self._swing * np.sin(minute / 240) + noise
        stage.read(self._held.shown(dict(zip((t.id for t in self._tanks), levels.tolist(), strict=True)), at))
        if minute % 30 == 0:
            for site, feed in self._held.books(self._booked, at).items():
                stage.book(site, feed)
        stage.papers(quiet_papers(self._sites, at))
        self.spent_s["readings, books, papers"] += time.perf_counter() - began  # type: ignore[assignment]
        return False


def fixings(contract: Contract, minutes: int, cny_t: float) -> list[PriceQuote]:
    """All prices every half hour, a tenth of a percent up or down."""
    good_of = {g.price.ref: code for code, g in contract.goods.items()}
    rng = np.random.default_rng(1)
    out = []
    for n in range(0, minutes, 1440 // FIXINGS_A_DAY):
        at = START + timedelta(minutes=n)
        for ref in refs_of(contract):
            price = Decimal(str(round(cny_t * (1 + 0.001 * rng.normal()), 2)))
            out.append(
                PriceQuote(
                    ref=ref, good=good_of[ref], provider="bench", region="", basis="", currency="CNY", price=price,
                    published_at=at, received_at=at, source_id="bench",
                )
            )  # fmt: skip
    return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=1000)
    parser.add_argument("--price", type=float, default=20_000.0, help="CNY/t of every good; 2000 is below every line")
    given = parser.parse_args()
    minutes: int = given.minutes
    workspace = load(DEMO, now=START).sound()
    workspace_contract = workspace.contracts[POOL]
    stage = Stage(workspace, START)
    source = Moving(workspace, workspace_contract, stage)
    replay = Replay(stage, workspace_contract, source)
    end = START + timedelta(minutes=minutes - 1)
    began = time.perf_counter()
    course = asyncio.run(
        replay.run(
            Moments(grid(START, end, timedelta(minutes=1)), end), fixings(workspace_contract, minutes, given.price)
        )
    )
    spent = time.perf_counter() - began
    steps = len(course.points)
    print(f"{steps} judgements of {len(workspace_contract.tank_ids())} tanks in {spent:.1f} s")
    print(f"{spent / steps * 1000:.2f} ms each; of it {source.spent_s.total() / steps * 1000:.2f} ms measuring")
    print(f"a year of minutes ({YEAR:,}): {spent / steps * YEAR / 60:.0f} min at this rate")
    print(f"below a line at the end: {course.points[-1].breached or 'none'}")
    print(
        f"alarm steps: {len(course.happenings)}; largest resident set {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
