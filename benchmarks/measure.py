"""How fast readings become tonnes: against plain code, with everything fitted, and over a year of minutes.

    python -m benchmarks.measure [--section ratios|chain|year] [--days 365]

ratios and chain run on one core. Both sides of a ratio run in this process, a few seconds apart, on the same values.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import isfinite
from pathlib import Path

import numpy as np

from benchmarks import plain
from benchmarks.plain_chain import Chain, Reading
from benchmarks.plain_tank import Body
from benchmarks.tankfarm import GOODS, RNG, at, farm, of_the_year, polls
from benchmarks.year import START, fill
from domain.farm import Floats, Readings
from domain.good import Edition
from domain.metering.history import TankPlants
from domain.metering.inventory import Inventory, measure
from domain.metering.plant import Plant
from domain.metering.table import Table
from domain.tank import DensityFrom, TankIndex
from store.series import Series

MANY, FEW = 16_384, 3_000
OLD, NEW = Edition.Y1980, Edition.Y2004
SPAN_DAYS = 4  # 320 000 readings: fewer cost calls, more leave the processor's cache


def main() -> None:
    """All sections, or one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--section", choices=("ratios", "chain", "year"))
    parser.add_argument("--days", type=int, default=365)
    given = parser.parse_args()
    every = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    for name, run in (("ratios", ratios), ("chain", chain), ("year", lambda: year(given.days))):
        if given.section in (None, name):
            if every:
                os.sched_setaffinity(0, every if name == "year" else every[-1:])
            run()


def best(run: Callable[[], object], at_least_s: float = 1.0) -> float:
    """Seconds of the fastest of at least three runs, over at least a second."""
    run()
    took: list[float] = []
    while len(took) < 3 or sum(took) < at_least_s:
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return min(took)


def ratios() -> None:
    """Each function over a column against the plain one value by value; the values must agree."""
    temp, density, mm = (
        RNG.uniform(-10.0, 60.0, MANY),
        RNG.uniform(660.0, 1050.0, MANY),
        RNG.uniform(0.0, 19_000.0, MANY),
    )
    temps, densities, levels = temp.tolist(), density.tolist(), mm.tolist()
    base, inverse, oil = (Table.named(*which) for which in (("60B", OLD), ("54B", OLD), ("6B", NEW)))
    index = farm(1)
    plant, twin, body = Plant.of(index, GOODS), Chain(index.tanks[0], GOODS["diesel"]), Body(index.tanks[0])
    many = polls(index, MANY)
    readings = [at(many, i) for i in range(FEW)]
    print("one core, per value: plain, vectorised, ratio (wanted: 20 times)")
    compare(
        "60B forward 1980",
        lambda: base.factors(density, temp).vcf,
        lambda i: plain.vcf("60B", "1980", densities[i], temps[i]),
    )
    compare(
        "6B forward 2004",
        lambda: oil.factors(density, temp).vcf,
        lambda i: plain.vcf("6B", "2004", densities[i], temps[i]),
    )
    compare(
        "54B inversion",
        lambda: inverse.density_at_base(density, temp),
        lambda i: plain.density_at_base("54B", "1980", densities[i], temps[i]),
        rtol=1e-4,  # a few lie in the jump at 838.5 kg/m³
    )
    compare("capacity look-up", lambda: plant.capacity.volume(mm[:, None])[:, 0], lambda i: body.at(levels[i])[0])
    compare(
        "full chain", lambda: measure(many, plant).mass_air_kg[:, 0], lambda i: twin.measure(readings[i]).mass_air_kg
    )


def compare(name: str, column: Callable[[], Floats], single: Callable[[int], float], rtol: float = 1e-10) -> None:
    """One line: ns a value on both sides, and how many times faster."""
    found = column()
    np.testing.assert_allclose(found[:FEW], [single(i) for i in range(FEW)], rtol=rtol)
    slow = best(lambda: [single(i) for i in range(FEW)]) / FEW
    fast = best(column) / found.size
    print(f"  {name:<20} {slow * 1e9:9.0f} ns {fast * 1e9:8.1f} ns {slow / fast:8.0f} ×")


def chain() -> None:
    """The full chain with everything fitted."""
    print("one core, full chain: table, wall, water, shell, roof, lines, VCF, S&W, both masses, uncertainty")
    told("56 tanks, density from the certificate, wanted 2 000 000", farm(56))
    told("56 tanks, each row inverts its own density, wanted 500 000", farm(56, density_from=DensityFrom.ONLINE))
    told("2 tanks, density from the certificate", farm(2))


def told(name: str, index: TankIndex) -> None:
    """Readings a second, and a sum that nobody can print who has not done the work."""
    plant, many = Plant.of(index, GOODS), polls(index, 200_000 // len(index))
    found = measure(many, plant)
    for line in range(0, found.mass_air_kg.shape[0], 997):
        for n, tank in enumerate(index.tanks[:6]):
            expected = Chain(tank, GOODS[tank.good]).measure(at(many, line, n)).mass_air_kg
            np.testing.assert_allclose(found.mass_air_kg[line, n], expected, rtol=1e-10)
    seconds = best(lambda: measure(many, plant), 3.0)
    rate = found.mass_air_kg.size / seconds
    print(f"  {name}: {rate:,.0f} readings/s; {np.sum(found.mass_air_kg) / 1000.0:,.3f} t")


def year(days: int) -> None:
    """A year of minutes of 56 tanks, read from the series and measured span by span."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.duckdb"
        series = Series.open(path)
        fill(series, path, days)
        series.close()
        series = Series.open(path)
        measured_year(series, days)
        series.close()


def measured_year(series: Series, days: int) -> None:
    """The next span is read in a thread while one is measured."""
    index = of_the_year()
    plants = TankPlants.of(index, GOODS)
    began, reading_s, measuring_s = time.perf_counter(), 0.0, 0.0
    rows, silent, tonnes, worst = 0, 0, 0.0, 0.0
    for readings, took in blocks(series, index, days):
        reading_s += took
        start = time.perf_counter()
        found = plants.measure(readings)
        measuring_s += time.perf_counter() - start
        rows += found.mass_air_kg.size
        silent += int(np.count_nonzero(found.quality))
        tonnes += float(np.nansum(found.mass_air_kg)) / 1000.0
        worst = max(worst, sampled(index, readings, found))
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{rows:,} readings of {days} days: {seconds:.1f} s, {rows / seconds:,.0f}/s (wanted: a year in 60 s)")
    print(f"  {silent:,} of them cannot be measured")
    print(f"  peak memory of the process {peak:.2f} GB, the filling of the file included (wanted: 4 GB)")
    print(f"  reading {reading_s:.1f} s beside measuring {measuring_s:.1f} s; Σ mass in air {tonnes:,.3f} t")
    print(f"  sampled rows against the plain chain: apart by {worst:.1e} of their mass at most")


def blocks(series: Series, index: TankIndex, days: int) -> Iterator[tuple[Readings, float]]:
    """A few days at a time, read one ahead, with the seconds that reading took."""
    ids = [tank.id for tank in index.tanks]

    def span(first_day: int) -> tuple[Readings, float]:
        began = time.perf_counter()
        start = START + timedelta(days=first_day, microseconds=-1)  # a window is open at its start
        found = series.window(index, ids, start, start + timedelta(days=min(SPAN_DAYS, days - first_day)))
        return found, time.perf_counter() - began

    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(span, 0)
        for next_day in range(SPAN_DAYS, days + SPAN_DAYS, SPAN_DAYS):
            block = coming.result()
            if next_day < days:
                coming = ahead.submit(span, next_day)
            yield block


def sampled(index: TankIndex, readings: Readings, found: Inventory) -> float:
    """One row of the block done plainly: relative difference of the mass in air."""
    i = int(RNG.integers(0, readings.rows.size))
    tank = index.tanks[int(readings.rows[i])]
    names = ("level_mm", "temp_c", "water_mm", "air_c", "density_kg_m3", "p1_kpa", "p3_kpa")
    reading = Reading(*(float(getattr(readings, name)[i]) for name in names))
    if not isfinite(float(found.mass_air_kg[i])):
        return 0.0
    expected = Chain(tank, GOODS[tank.good]).measure(reading).mass_air_kg
    return abs(float(found.mass_air_kg[i]) / expected - 1.0)


if __name__ == "__main__":
    main()
