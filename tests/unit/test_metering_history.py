"""Past readings, in whatever order they come, mean what each meant when it was polled."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.farm import Readings
from domain.metering.history import TankPlants
from domain.metering.procedure import Procedure, Taken
from domain.tank import DensityFrom, TankIndex
from tests.fakes.metering import BODIES, COLUMNS, GOODS, ROOFS, a_tank, measured

TANKS = (
    a_tank(BODIES[0], "diesel", id="A", roof=ROOFS[0]),
    a_tank(BODIES[1], "spirit", id="B"),
    a_tank(BODIES[2], "gasoline", id="C", pressurised=True),
    a_tank(BODIES[4], "crude", id="D", density_from=DensityFrom.ONLINE, insulated=True),
)
INDEX = TankIndex(TANKS)


def some_readings(n: int, seed: int) -> Readings:
    rng = np.random.default_rng(seed)
    return Readings(
        rows=rng.integers(0, len(TANKS), n),
        level_mm=rng.uniform(0.0, 3000.0, n),
        water_mm=rng.choice([0.0, 150.0], n),
        temp_c=rng.uniform(-5.0, 42.0, n),
        density_kg_m3=rng.choice([np.nan, 865.0], n),
        air_c=rng.choice([np.nan, 15.0], n),
        p1_kpa=np.full(n, np.nan),
        p3_kpa=rng.choice([np.nan, 40.0], n),
        taken_at_us=np.arange(n, dtype=np.int64),
        received_at_us=np.arange(n, dtype=np.int64),
        status=np.zeros(n, dtype=np.int64),
        quality=rng.choice([0, 0, 0, 128], n).astype(np.uint32),
    )


@settings(deadline=None, max_examples=40)
@given(n=st.integers(1, 60), seed=st.integers(0, 2**32), free_water=st.sampled_from(Taken))
def test_each_reading_means_what_its_poll_meant(n, seed, free_water):
    readings, order = some_readings(n, seed), Procedure(free_water=free_water)
    found = TankPlants.of(INDEX, GOODS, order).measure(readings)
    for i, row in enumerate(readings.rows.tolist()):
        poll = measured(
            [TANKS[row]],
            order,
            level_mm=readings.level_mm[i],
            water_mm=readings.water_mm[i],
            temp_c=readings.temp_c[i],
            density_kg_m3=readings.density_kg_m3[i],
            air_c=readings.air_c[i],
            p3_kpa=readings.p3_kpa[i],
            quality=readings.quality[i],
        )
        for name in COLUMNS:
            np.testing.assert_array_equal(getattr(found, name)[i], getattr(poll, name)[0], err_msg=name)


@pytest.mark.parametrize("n", [0, 1])
def test_a_day_without_readings_has_no_figures_and_no_error(n):
    found = TankPlants.of(INDEX, GOODS).measure(some_readings(n, 1))
    assert all(getattr(found, name).shape == (n,) for name in COLUMNS)


def test_a_history_longer_than_a_block_is_measured_whole(monkeypatch):
    readings = some_readings(5000, 9)
    plants = TankPlants.of(INDEX, GOODS)
    whole = plants.measure(readings)
    monkeypatch.setattr("domain.metering.inventory.BLOCK", 64)
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(plants.measure(readings), name), getattr(whole, name), err_msg=name)
