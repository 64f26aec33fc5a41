"""Liquid in time: conservation, ramps, weather, repeatability."""

from __future__ import annotations

import math

import pytest

from depot.cargo import Cargo
from depot.flows import Flow
from depot.world import World

START_S = 1_773_295_200.0
DAY_S = 86_400.0


@pytest.fixture
def cargo(world: World) -> Cargo:
    return Cargo(world, seed=3, epoch_s=START_S)


def pump(source: str | None, target: str | None, *, kg: float, rate_kg_s: float = 25.0) -> Flow:
    return Flow(source=source, target=target, rate_kg_s=rate_kg_s, ramp_s=120.0, planned_kg=kg)


def test_a_transfer_loses_nothing_on_the_way(cargo: Cargo) -> None:
    before = {t: s.liquid_kg for t, s in cargo.states.items()}
    cargo.flows.append(pump("T-110", "T-114", kg=45_000.0))
    cargo.step(3 * 3600.0)
    moved = {t: s.liquid_kg - before[t] for t, s in cargo.states.items() if abs(s.liquid_kg - before[t]) > 1e-6}
    assert moved == {"T-110": pytest.approx(-45_000.0), "T-114": pytest.approx(45_000.0)}
    assert not cargo.flows


def test_a_pump_ramps_up_runs_and_ramps_down(cargo: Cargo) -> None:
    flow = pump("T-110", None, kg=20_000.0)
    cargo.flows.append(flow)
    speeds = []
    while cargo.flows:
        cargo.step(5.0)
        speeds.append(flow.speed_kg_s)
    assert speeds[0] < 0.1 * 25.0
    assert max(speeds) == pytest.approx(25.0)
    assert speeds[-1] < 0.3 * 25.0
    assert speeds.index(max(speeds)) * 5.0 == pytest.approx(120.0, abs=10.0)


def test_a_dry_tank_ends_the_outflow(cargo: Cargo) -> None:
    cargo.flows.append(pump("T-124", None, kg=math.inf, rate_kg_s=300.0))
    cargo.step(3600.0)
    assert cargo.states["T-124"].liquid_kg == pytest.approx(0.0, abs=1e-6)
    assert not cargo.flows
    assert cargo.level_mm("T-124") == pytest.approx(0.0, abs=1e-6)


def test_a_full_tank_ends_the_inflow(cargo: Cargo, world: World) -> None:
    cargo.flows.append(pump(None, "V215", kg=math.inf, rate_kg_s=50.0))
    cargo.step(3600.0)
    assert not cargo.flows
    assert cargo.level_mm("V215") == pytest.approx(world.tanks["V215"].shape.full_mm, rel=0.02)


def test_stopping_a_flow_lets_only_the_ramp_pass(cargo: Cargo) -> None:
    flow = pump("T-110", None, kg=math.inf)
    cargo.flows.append(flow)
    cargo.step(600.0)
    flow.stop()
    before_kg = flow.moved_kg
    cargo.step(600.0)
    assert 0 < flow.moved_kg - before_kg <= 25.0 * 120.0 / 2 + 1e-6


def test_air_swings_daily_and_liquid_lags_and_damps_it(cargo: Cargo) -> None:
    air, liquid = [], []
    for _ in range(48):
        cargo.step(1800.0)
        air.append(cargo.ambient_c("gangchu"))
        liquid.append(cargo.states["T-112"].temp_c)
    assert max(air) - min(air) > 6.0
    assert 0.01 < max(liquid) - min(liquid) < 1.5


def test_small_tanks_follow_the_weather_faster(cargo: Cargo) -> None:
    start = {t: cargo.states[t].temp_c for t in ("T-112", "V215")}
    swing = dict.fromkeys(start, 0.0)
    for _ in range(6 * 24):
        cargo.step(3600.0)
        for tank, was in start.items():
            swing[tank] = max(swing[tank], abs(cargo.states[tank].temp_c - was))
    assert swing["V215"] > 1.5 * swing["T-112"]


def test_heated_bitumen_stays_where_it_is_held(cargo: Cargo) -> None:
    for _ in range(48):
        cargo.step(1800.0)
        assert cargo.states["C-01"].temp_c == pytest.approx(148.6, abs=0.25)


def test_masses_stand_still_while_nothing_moves(cargo: Cargo) -> None:
    before = {t: s.liquid_kg for t, s in cargo.states.items()}
    level_mm = cargo.level_mm("T-112")
    cargo.step(5 * DAY_S)
    assert {t: s.liquid_kg for t, s in cargo.states.items()} == before
    assert cargo.level_mm("T-112") != level_mm


def test_same_seed_and_steps_same_farm(world: World) -> None:
    farms = [Cargo(world, seed=3, epoch_s=START_S) for _ in range(2)]
    for farm in farms:
        farm.flows.append(pump("T-110", None, kg=10_000.0))
        farm.step(DAY_S)
    assert [s.temp_c for s in farms[0].states.values()] == [s.temp_c for s in farms[1].states.values()]
    other = Cargo(world, seed=4, epoch_s=START_S)
    assert other.ambient_c("gangchu") != Cargo(world, seed=3, epoch_s=START_S).ambient_c("gangchu")


def test_a_warm_parcel_warms_the_tank_in_proportion(cargo: Cargo) -> None:
    before_c, before_kg = cargo.states["T-110"].temp_c, cargo.states["T-110"].liquid_kg
    flow = pump(None, "T-110", kg=before_kg / 9)
    flow.arrives_c = before_c + 10.0
    cargo.flows.append(flow)
    cargo.step(12 * 3600.0)
    assert cargo.states["T-110"].temp_c == pytest.approx(before_c + 1.0, abs=0.2)
