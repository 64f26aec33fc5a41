"""Pressure transmitters: a hydrostatic tank weighs what stands above its lower transmitter."""

from __future__ import annotations

import pytest

from depot.density import water_density_kg_m3
from depot.farm import Farm
from depot.pressure import GRAVITY_M_S2, lower_kpa
from depot.tank import TankState, level_mm, liquid_density_kg_m3, set_level
from depot.world import World

EQUIPPED = ["C-04", "C-05", "C-08", "C-09", "C-10", "C-14"]
HOUR_S = 3600.0


def shown_density(farm: Farm, tank: str) -> float:
    """(P1 - P3)/(g (L - h)), kg/m³, from what the gauge shows."""
    reading, p1_mm = farm.readings[tank], farm.world.tanks[tank].p1_mm
    assert p1_mm is not None
    assert reading.level_mm is not None
    assert reading.p1_kpa is not None
    assert reading.p3_kpa is not None
    return 1e6 * (reading.p1_kpa - reading.p3_kpa) / (GRAVITY_M_S2 * (reading.level_mm - p1_mm))


def test_only_the_equipped_tanks_show_pressures(farm: Farm) -> None:
    assert [t for t, r in farm.readings.items() if r.p1_kpa is not None] == EQUIPPED
    assert [t for t, r in farm.readings.items() if r.p3_kpa is not None] == EQUIPPED


@pytest.mark.parametrize("tank", EQUIPPED)
def test_the_density_from_pressures_is_the_liquids_own(farm: Farm, tank: str) -> None:
    spec, actual = farm.world.tanks[tank], farm.cargo.actual(tank)
    # 1 mm and 0.01 kPa grids, each on half a step, and two noises of 0.005 kPa three times over
    head_mm = actual.level_mm - (spec.p1_mm or 0.0)
    allowed = actual.density_kg_m3 * 1.5 / head_mm + 1e6 * 0.03 / (GRAVITY_M_S2 * head_mm)

    assert shown_density(farm, tank) == pytest.approx(actual.density_kg_m3, abs=allowed)


def test_methanol_stretched_with_water_weighs_more_at_the_same_level(farm: Farm) -> None:
    before = shown_density(farm, "C-04")
    state, spec = farm.cargo.states["C-04"], farm.world.tanks["C-04"]
    stood_mm = farm.cargo.level_mm("C-04")
    state.dissolved_water_kg = 0.05 * state.product_kg
    set_level(spec, state, wanted_mm=stood_mm, ambient_c=farm.cargo.ambient_c("changku"))
    farm.look(everything=True)

    expected = liquid_density_kg_m3(spec, state)
    assert expected - farm.world.tanks["C-04"].good.density_base_kg_m3 > 5.0
    assert shown_density(farm, "C-04") - before == pytest.approx(expected - 786.9, abs=1.0)


def test_free_water_over_the_transmitter_counts_with_its_own_density(world: World) -> None:
    spec = world.tanks["C-04"]
    dry = TankState(product_kg=500_000.0, dissolved_water_kg=0.0, free_water_kg=0.0, temp_c=20.0)
    wet = TankState(product_kg=500_000.0, dissolved_water_kg=0.0, free_water_kg=200_000.0, temp_c=20.0)
    area_m2 = spec.shape.area_m2(0.0)

    def kpa(state: TankState) -> float:
        return lower_kpa(spec, state, ambient_c=20.0, vapour=0.1)

    weight_kpa = GRAVITY_M_S2 * (500_000.0 + 200_000.0) / area_m2 / 1000.0
    below_kpa = GRAVITY_M_S2 * water_density_kg_m3(20.0) * 0.5 / 1000.0
    assert kpa(wet) == pytest.approx(0.1 + weight_kpa - below_kpa, rel=1e-6)
    assert kpa(dry) < kpa(wet)


def test_below_the_transmitter_only_the_vapour_is_felt(world: World) -> None:
    spec = world.tanks["C-04"]
    state = TankState(product_kg=50_000.0, dissolved_water_kg=0.0, free_water_kg=0.0, temp_c=20.0)

    assert level_mm(spec, state, 20.0) < (spec.p1_mm or 0.0)
    assert lower_kpa(spec, state, ambient_c=20.0, vapour=-0.15) == -0.15


def test_the_vapour_breathes_with_the_day_within_the_vents_setting(farm: Farm) -> None:
    seen = []
    for _ in range(24):
        farm.cargo.step(HOUR_S)
        p3_kpa = farm.cargo.actual("C-04").p3_kpa
        assert p3_kpa is not None
        seen.append(p3_kpa)

    assert max(seen) == pytest.approx(0.2, abs=0.01)
    assert min(seen) == pytest.approx(-0.2, abs=0.01)


def test_pressures_lie_on_the_transmitters_grid_and_move_every_ten_seconds(farm: Farm) -> None:
    seen = []
    for _ in range(100):
        farm.step(1.0)
        p1_kpa = farm.readings["C-08"].p1_kpa
        assert p1_kpa is not None
        seen.append(p1_kpa)

    assert all(v * 100 == pytest.approx(round(v * 100), abs=1e-6) for v in seen)
    changes = [i for i in range(1, len(seen)) if seen[i] != seen[i - 1]]
    assert 1 <= len(changes) <= 10


def test_a_replayed_level_leaves_the_pressures_alive(farm: Farm) -> None:
    for _ in range(30):
        farm.step(1.0)
    farm.gauges["C-04"].replay = farm.history.replay("C-04", seconds=20, with_temp=True)
    before, stood_mm = farm.readings["C-04"].p1_kpa, farm.readings["C-04"].level_mm
    spec, state = farm.world.tanks["C-04"], farm.cargo.states["C-04"]
    set_level(spec, state, wanted_mm=2000.0, ambient_c=farm.cargo.ambient_c("changku"))
    farm.look(everything=True)

    assert farm.readings["C-04"].level_mm == pytest.approx(stood_mm, abs=2.0)
    assert (farm.readings["C-04"].p1_kpa or 0.0) < (before or 0.0) - 10.0
