"""How fast a replay goes: the demo's pool of 56 tanks and 24 goods, minute by minute, out of a real series file.

``python -m benchmarks.replay [--days 365] [--common 600] [--price 8000]``. First the same minutes both ways, which must
come to the same alarms and the same curve; then all days by the way that ``xiaoliuzi replay`` goes, with where its time
went. The series (``benchmarks/replay_series.py``) is written beforehand by a process of its own.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.replay_series import START, fill, terms_of
from bot.command.replaying import piece, screen
from bot.command.replaying.course import Course, Moments, Replay, grid
from bot.command.replaying.prices import recorded_prices, refs_of
from bot.command.replaying.sources import RecordedSource
from bot.command.replaying.stage import Stage, alone
from bot.command.replaying.swift import SwiftReplay, left_out
from datasources.workspace import Workspace, load
from store.series import Series

DEMO = Path(__file__).parents[1] / "examples" / "demo"
POOL = "QD-DCZY-2026-018"
MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 3, 12, 2, tzinfo=UTC)
SPENT: Counter[str] = Counter()


def timed(owner: Any, name: str, label: str) -> None:
    """Count the processor time of the calling thread in this function under the label; nested ones count for both."""
    plain: Callable[..., Any] = getattr(owner, name)

    def counting(*args: Any, **kwargs: Any) -> Any:
        began = time.thread_time()
        try:
            return plain(*args, **kwargs)
        finally:
            SPENT[label] += time.thread_time() - began  # type: ignore[assignment]

    setattr(owner, name, counting)


def pool() -> Workspace:
    """The demo's files, on the terms of a real contract."""
    return terms_of(load(DEMO, now=NOW).sound(), POOL)


def write(file: Path, days: int, price: float) -> None:
    """In a process of its own, so that its memory is not counted."""
    workspace = pool()
    fill(file, workspace, workspace.contracts[POOL], days, price)


def replayed(workspace: Workspace, series: Series, minutes: int, way: type[Replay]) -> tuple[Course, float, Any]:
    """So many minutes from the start, and how long they took."""
    contract = workspace.contracts[POOL]
    end = START + (minutes - 1) * MINUTE
    began = time.perf_counter()
    stage = Stage(alone(workspace, contract), START)
    source = RecordedSource(series, workspace, contract, known_then=True)
    quotes = recorded_prices(series, refs_of(contract), START, end, known_then=True)
    replay = way(stage, contract, source)
    course = asyncio.run(replay.run(Moments(grid(START, end, MINUTE), end), quotes))
    return course, time.perf_counter() - began, replay


def both_ways(workspace: Workspace, series: Series, minutes: int) -> None:
    """The same minutes each by itself, and with the screen."""
    plain, slow_s, _ = replayed(workspace, series, minutes, Replay)
    swift, fast_s, _ = replayed(workspace, series, minutes, SwiftReplay)
    assert swift.happenings == plain.happenings, "the alarms must be the same, with all their facts"
    assert swift.points == plain.points, "the curve must be the same"
    print(f"{len(plain.points)} moments, {len(plain.happenings)} alarm steps, the same both ways:")
    print(f"  each judged by itself {slow_s:.1f} s, {slow_s / len(plain.points) * 1e3:.1f} ms a moment")
    print(f"  with the screen       {fast_s:.1f} s, 1/{slow_s / fast_s:.0f} of that")


def whole(workspace: Workspace, series: Series, days: int) -> None:
    """All days, and where the time went."""
    timed(Series, "words", "reading the series")
    timed(screen, "block", "measuring, believed stock")
    timed(screen, "paperwork", "books and orders")
    timed(screen, "piece", "values against lines")
    timed(piece, "_columns", "  of it columns")
    timed(screen.Screen, "settle", "putting house and memories right")
    busy = time.process_time()
    course, spent, replay = replayed(workspace, series, days * 1440, SwiftReplay)
    busy = time.process_time() - busy
    kinds = Counter(f"{h.kind.value} {h.step}" for h in course.happenings)
    print(f"{days} days, {len(course.points):,} moments in {spent:.1f} s ({busy:.1f} s of processor time)")
    print(f"  judged by the live parts: {replay.judged:,}; alarm steps {len(course.happenings)}: {dict(kinds)}")
    for label, seconds in SPENT.items():
        print(f"  {label}: {seconds:.1f} s")
    print(f"  below a line at the end: {course.points[-1].breached or 'none'}")
    below = ", ".join(f"{line.value} {time / timedelta(days=1):.2f}" for line, time in course.below().items())
    print(f"  days below: {below}")
    print(f"  largest resident set {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--common", type=int, default=600, help="minutes replayed both ways")
    parser.add_argument("--price", type=float, default=8_000.0, help="CNY/t; 8000 is 5 %% above, 5000 below every line")
    parser.add_argument("--series", type=Path, help="keep the series in this file, and use it if it is there")
    given = parser.parse_args()
    workspace = pool()
    print(f"left to moment by moment: {left_out(Stage(workspace, START), workspace.contracts[POOL]) or 'nothing'}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        file: Path = given.series or Path(folder) / "series.duckdb"
        if not file.exists():
            filling = multiprocessing.get_context("spawn").Process(target=write, args=(file, given.days, given.price))
            filling.start()
            filling.join()
        print(f"series: {file.stat().st_size / 1e6:.0f} MB")
        series = Series.open(file)
        both_ways(workspace, series, min(given.common, given.days * 1440))
        whole(workspace, series, given.days)
        series.close()


if __name__ == "__main__":
    main()
