"""A year of minute readings of 56 tanks in one series file: how fast in, how large, how fast out.

``python -m benchmarks.year [--days 365]``. Everything printed was measured in this run, on a file in a temporary
directory. The readings are made up: 8 gateways poll 7 tanks each every minute, each
at its own second and a jitter of 200 ms; levels to 1 mm, temperatures and densities to 0.1, a fifth of the tanks moving.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.figures import spread
from domain.farm import Readings
from domain.tank import Tank, TankIndex
from store.series import Series

GATEWAYS, PER_GATEWAY = 8, 7
TANKS = GATEWAYS * PER_GATEWAY
DAY = 1440
START = datetime(2025, 3, 12, tzinfo=UTC)
US = 1_000_000
INDEX = TankIndex(
    tuple(Tank(id=f"T-{i:02d}", site_id="bench", name=f"T-{i:02d}", good="METHANOL", heel_mm=0.0, max_level_mm=18_000.0)
          for i in range(TANKS))
)  # fmt: skip


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    days: int = parser.parse_args().days
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.duckdb"
        series = Series.open(path)
        fill(series, path, days)
        now = START + timedelta(days=days)
        print("nothing else running:")
        questions(series, days, now)
        print("while another thread appends one poll of all tanks after the other:")
        with_appends(series, days, now)
        ratio(series, days, now)
        began = time.perf_counter()
        report = series.verify()
        print(f"verify: {report.rows} rows, broken at {report.broken_at}, {time.perf_counter() - began:.0f} s")
        series.close()


def fill(series: Series, path: Path, days: int) -> None:
    """Write the days one batch each, and say how fast and how large."""
    rng = np.random.default_rng(20260312)
    level = rng.uniform(3000.0, 15_000.0, TANKS)
    spent = 0.0
    for day in range(days):
        readings, level = polled(rng, START + timedelta(days=day), DAY, level)
        began = time.perf_counter()
        series.append([readings], INDEX)
        if day % 30 == 29 or day == days - 1:
            series.checkpoint()
        spent += time.perf_counter() - began
    rows = days * DAY * TANKS
    print(f"{rows} rows in: {rows / spent:.0f} rows/s, {path.stat().st_size / rows:.2f} bytes/row")


def polled(rng: np.random.Generator, start: datetime, minutes: int, level: np.ndarray) -> tuple[Readings, np.ndarray]:
    """So many minutes of polls of all tanks in the order in which they come in, and the levels at their end."""
    moving = (rng.random((minutes // 360 + 1, TANKS)) < 0.2) * rng.choice([-5.0, 5.0], (minutes // 360 + 1, TANKS))
    levels = 2000.0 + (level - 2000.0 + np.cumsum(np.repeat(moving, 360, axis=0)[:minutes], axis=0)) % 13_000.0
    warm = 25.0 + 10.0 * np.sin(np.arange(TANKS)) + 2.0 * np.sin(np.arange(minutes) / DAY * 2 * np.pi)[:, None]
    seconds = np.arange(GATEWAYS) * 7 * US + rng.integers(0, US // 5, (minutes, GATEWAYS))
    base = int(start.timestamp()) * US + np.arange(minutes)[:, None] * 60 * US
    taken = np.repeat(base + seconds, PER_GATEWAY, axis=1)
    received = taken + np.repeat(rng.integers(20_000, 90_000, (minutes, GATEWAYS)), PER_GATEWAY, axis=1)
    k = minutes * TANKS
    readings = Readings(
        rows=np.tile(np.arange(TANKS), minutes),
        level_mm=np.round(levels + rng.normal(0.0, 0.4, (minutes, TANKS))).ravel(),
        water_mm=np.zeros(k),
        temp_c=np.round(warm + rng.normal(0.0, 0.03, (minutes, TANKS)), 1).ravel(),
        density_kg_m3=np.round(800.0 + 5.0 * np.arange(TANKS) - 0.7 * warm, 1).ravel(),
        taken_at_us=taken.ravel().astype(np.int64),
        received_at_us=received.ravel().astype(np.int64),
        status=np.zeros(k, dtype=np.int64),
        quality=np.zeros(k, dtype=np.uint32),
    )
    return readings, levels[-1]


def questions(series: Series, days: int, now: datetime, n: int = 100) -> None:
    """The three reads of the program."""
    rng = np.random.default_rng(7)
    hour, day = timedelta(hours=1), timedelta(days=1)
    past = [START + timedelta(seconds=float(s)) for s in rng.uniform(3600, days * 86_400, n)]
    tanks = [INDEX.tanks[int(i)].id for i in rng.integers(0, TANKS, n)]
    told("latest, all tanks, last hour", n, lambda _: series.latest(INDEX, now=now, within=hour))
    told("window, one tank, 24 h", n, lambda i: series.window(INDEX, [tanks[i]], past[i] - day, past[i]))
    told("as_of, all tanks, any moment", n, lambda i: series.as_of(INDEX, valid=past[i], known=past[i]))


def with_appends(series: Series, days: int, now: datetime) -> None:
    """The same reads beside a writer, and the writer's own times."""
    stop, took = threading.Event(), []

    def write() -> None:
        rng = np.random.default_rng(1)
        at, level = now, np.full(TANKS, 5000.0)
        while not stop.is_set():
            readings, level = polled(rng, at, 1, level)
            began = time.perf_counter()
            series.append([readings], INDEX)
            took.append((time.perf_counter() - began) * 1e3)
            at += timedelta(seconds=1)

    writer = threading.Thread(target=write)
    writer.start()
    questions(series, days, now)
    stop.set()
    writer.join()
    print(" ", spread("append, one poll of all tanks", took))


def ratio(series: Series, days: int, now: datetime, n: int = 5) -> None:
    """What it would cost to look for the newest reading in the whole file."""
    year = told("latest, sought in the whole file", n, lambda _: series.latest(INDEX, now=now, within=now - START))
    hour = told(
        "latest, sought in the last hour", n, lambda _: series.latest(INDEX, now=now, within=timedelta(hours=1))
    )
    print(f"  the whole file of {days} days takes {year / hour:.0f} times as long")


def told(name: str, n: int, ask: Callable[[int], object]) -> float:
    """Ask n times after one that warms up; prints the distribution and gives the median in ms."""
    ask(0)
    took = []
    for i in range(n):
        began = time.perf_counter()
        ask(i)
        took.append((time.perf_counter() - began) * 1e3)
    print(" ", spread(name, took))
    return float(np.median(took))


if __name__ == "__main__":
    main()
