"""Level follows mass: round trips, breathing, roofs and water."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depot.shapes import Horizontal, Sphere, Vertical
from depot.tank import TankState, level_mm, liquid_density_kg_m3, set_level, water_level_mm
from depot.world import TankSpec, World
from tests.fakes.packaged_world import packaged_world

WORLD = packaged_world()


def contents(tank: TankSpec, **changed: float) -> TankState:
    values = {"product_kg": 500_000.0, "dissolved_water_kg": 0.0, "free_water_kg": 0.0, "temp_c": tank.temp_c}
    return TankState(**{**values, **changed})


@given(tank=st.sampled_from(list(WORLD.tanks.values())), share=st.floats(0.02, 0.98))
def test_level_to_mass_and_back_is_the_same_level(tank: TankSpec, share: float) -> None:
    state = contents(tank)
    wanted_mm = share * tank.shape.full_mm
    set_level(tank, state, wanted_mm=wanted_mm, ambient_c=20.0)
    assert level_mm(tank, state, 20.0) == pytest.approx(wanted_mm, abs=1e-3)


@given(
    shape=st.sampled_from(
        [
            Vertical(diameter_m=16.0, full_mm=13000.0),
            Horizontal(diameter_m=3.0, length_m=15.0),
            Sphere(diameter_m=10.7),
            WORLD.tanks["T-120"].shape,
        ]
    ),
    share=st.floats(0.01, 0.99),
    strain=st.floats(0.999, 1.002),
)
def test_volume_and_level_are_inverse(shape: Vertical, share: float, strain: float) -> None:
    height_mm = share * shape.full_mm
    assert shape.level_mm(shape.volume_m3(height_mm, strain=strain), strain=strain) == pytest.approx(height_mm)


def test_full_shapes_have_textbook_volumes() -> None:
    assert Horizontal(diameter_m=3.0, length_m=15.0).volume_m3(3000.0, strain=1.0) == pytest.approx(math.pi * 33.75)
    assert Sphere(diameter_m=10.7).volume_m3(10700.0, strain=1.0) == pytest.approx(math.pi * 10.7**3 / 6)


@pytest.mark.parametrize(
    ("good", "temp_c", "mm_per_k"),
    [  # level move per kelvin at 10 m, from the fraud table's product properties
        ("GASOLINE92", 20.0, 11.8),
        ("METHANOL", 20.0, 11.8),
        ("DIESEL0", 20.0, 8.1),
        ("BENZENE", 20.0, 12.0),
        ("BUAC", 20.0, 11.0),
        ("ETAC", 20.0, 13.0),
        ("SOYOIL", 20.0, 7.0),
        ("FUEL380", 20.0, 6.8),
        ("BITUMEN70", 150.0, 5.9),
        ("MEG", 20.0, 6.1),
        ("FORMALDEHYDE37", 20.0, 4.8),
    ],
)
def test_liquids_breathe_with_the_right_sign_and_size(good: str, temp_c: float, mm_per_k: float) -> None:
    tank = replace(WORLD.tanks["T-112"], good=WORLD.goods[good], insulated=good == "BITUMEN70")
    state = contents(tank, temp_c=temp_c)
    set_level(tank, state, wanted_mm=10_000.0, ambient_c=temp_c)
    state.temp_c += 1.0
    # The shell widens by 2 alpha, which takes 0.2 mm/K off the liquid's own growth.
    assert level_mm(tank, state, temp_c) - 10_000.0 == pytest.approx(mm_per_k - 0.2, rel=0.10)


def test_a_floating_roof_lifts_the_level_by_its_displacement(world: World) -> None:
    tank = replace(world.tanks["T-101"], roof_mass_kg=2400.0)
    state = contents(tank, product_kg=120_000.0)
    bare = level_mm(replace(tank, critical_zone_mm=None), state, 20.0)
    lift_mm = level_mm(tank, state, 20.0) - bare
    area_m2 = tank.shape.area_m2(0.0)
    assert lift_mm == pytest.approx(1000 * 2400 / liquid_density_kg_m3(tank, state) / area_m2, rel=1e-3)


def test_a_landed_roof_lifts_nothing(world: World) -> None:
    tank = replace(world.tanks["T-101"], roof_mass_kg=2400.0)
    state = contents(tank, product_kg=20_000.0)
    assert level_mm(tank, state, 20.0) == level_mm(replace(tank, critical_zone_mm=None), state, 20.0)


def test_free_water_stands_below_and_lifts_the_oil(world: World) -> None:
    tank = world.tanks["T-107"]
    dry, wet = contents(tank), contents(tank, free_water_kg=20_000.0)
    rise_mm = level_mm(tank, wet, 20.0) - level_mm(tank, dry, 20.0)
    assert water_level_mm(tank, wet, 20.0) == pytest.approx(rise_mm, abs=0.01)
    assert water_level_mm(tank, dry, 20.0) == 0.0


def test_water_in_methanol_shows_as_density(world: World) -> None:
    # 95 % methanol by mass is about 804 kg/m³ at 20 °C (handbook tables 803.5–804.2).
    tank = world.tanks["T-120"]
    state = contents(tank, product_kg=950_000.0, dissolved_water_kg=50_000.0, temp_c=20.0)
    assert liquid_density_kg_m3(tank, state) == pytest.approx(804.0, abs=1.5)
