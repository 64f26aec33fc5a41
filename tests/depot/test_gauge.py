"""The instrument: grid, noise, refresh, and its lies."""

from __future__ import annotations

import statistics

import pytest

from depot.farm import Farm
from depot.gauge import Gauge
from depot.history import History
from depot.reading import Actual, Reading
from depot.world import World

START_US = 1_773_295_200_000_000
TRUTH = Actual(level_mm=9842.34, water_mm=35.2, temp_c=24.52, density_kg_m3=787.14, sloshing_mm=0.0)


def levels(world: World, tank: str, count: int) -> list[float]:
    spec = world.tanks[tank]
    gauge = Gauge(spec, world.sites[spec.site], seed=1)
    seen = []
    for i in range(count):
        now_us = START_US + i * 1_000_000
        gauge.look(TRUTH, now_us)
        seen.append(gauge.shown(now_us).level_mm or 0.0)
    return seen


@pytest.mark.parametrize(("tank", "grid_mm"), [("T-112", 0.1), ("V203", 0.1), ("C-04", 1.0)])
def test_levels_lie_on_the_sites_grid(world: World, tank: str, grid_mm: float) -> None:
    for level in levels(world, tank, 300):
        assert level / grid_mm == pytest.approx(round(level / grid_mm), abs=1e-6)


def test_noise_has_the_stated_size_and_no_bias(world: World) -> None:
    seen = levels(world, "T-112", 4000)
    assert statistics.stdev(seen) == pytest.approx(0.3, rel=0.08)
    assert statistics.fmean(seen) == pytest.approx(9842.34, abs=0.03)


def test_temperature_is_on_a_tenth_and_refreshed_every_ten_seconds(world: World) -> None:
    spec = world.tanks["T-112"]
    gauge = Gauge(spec, world.sites[spec.site], seed=1)
    temps = []
    for i in range(40):
        warmer = Actual(level_mm=9842.0, water_mm=0.0, temp_c=20.0 + i, density_kg_m3=790.0, sloshing_mm=0.0)
        gauge.look(warmer, START_US + i * 1_000_000)
        temps.append(gauge.shown(START_US + i * 1_000_000).temp_c)
    assert len(set(temps)) == 4
    assert all(round(t * 10) == pytest.approx(t * 10) for t in temps if t is not None)


def test_sites_without_a_densitometer_give_none(farm: Farm) -> None:
    assert farm.readings["V203"].density_kg_m3 is None
    assert farm.readings["T-112"].density_kg_m3 == pytest.approx(787.1, abs=0.3)


def test_a_dry_tank_reads_a_clean_zero_and_a_wet_one_does_not(farm: Farm) -> None:
    assert farm.readings["T-112"].water_mm == 0.0
    assert farm.readings["T-107"].water_mm == pytest.approx(28, abs=2)


def test_waves_follow_a_pump_and_die_after_it(farm: Farm) -> None:
    farm.cargo.refill()
    from depot.flows import Flow

    farm.cargo.flows.append(Flow(source="T-112", target=None, rate_kg_s=60.0, ramp_s=60.0, planned_kg=20_000.0))
    farm.step(240.0)
    busy_mm = farm.cargo.actual("T-112").sloshing_mm
    farm.step(1800.0)
    assert busy_mm > 0.5
    assert farm.cargo.actual("T-112").sloshing_mm < 0.05


def recorded(history: History, seconds: int) -> None:
    for i in range(seconds):
        reading = Reading(level_mm=float(i), water_mm=0.0, temp_c=20.0 + i, density_kg_m3=None)
        history.add({"A": reading}, START_US + i * 1_000_000)


def test_a_replay_shows_what_stood_a_window_ago() -> None:
    history = History(("A",))
    recorded(history, 91)
    replay = history.replay("A", seconds=60, with_temp=True)
    assert replay is not None
    assert [replay.at(START_US + t * 1_000_000)[0] for t in (90, 91, 100, 150, 151)] == [90, 31, 40, 90, 31]


def test_a_replay_takes_what_there_is_in_whole_tens_of_seconds() -> None:
    history = History(("A",), keep_rows=50)
    recorded(history, 8)
    assert history.replay("A", seconds=60, with_temp=False) is None
    recorded(history, 200)
    replay = history.replay("A", seconds=60, with_temp=False)
    assert replay is not None
    assert replay.window_us == 40_000_000


def test_a_replay_survives_a_tick_that_is_a_little_late() -> None:
    history = History(("A",))
    recorded(history, 91)
    replay = history.replay("A", seconds=60, with_temp=False)
    assert replay is not None
    assert replay.at(START_US + 100_050_000) == replay.at(START_US + 99_950_000) == (40.0, 60.0)
