"""From level to volume: certificate tables, closed formulas, and what must never be guessed."""

import csv
from math import pi
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Unmeasurable
from domain.metering.capacity import Capacity
from domain.metering.shell import shell_factor, shell_power, shell_temp_c
from domain.tank import CapacityTable, Geometry, Shape, Tank

with (Path(__file__).parents[1] / "data" / "measurement_points.csv").open(encoding="utf-8") as file:
    POINTS = {
        row["id"]: pytest.approx(float(row["published"]), rel=0, abs=float(row["tolerance"]))
        for row in csv.DictReader(file)
    }

UPRIGHT = Geometry(shape=Shape.VERTICAL, diameter_m=30.0, height_m=18.0)
LYING = Geometry(shape=Shape.HORIZONTAL, diameter_m=3.0, length_m=12.0)
BALL = Geometry(shape=Shape.SPHERE, diameter_m=15.0)
STRAPPED = CapacityTable(level_mm=(150.0, 1000.0, 1100.0, 9000.0), volume_m3=(80.0, 700.0, 770.5, 6350.0))


def a_tank(body):
    return Tank(
        id="T-1",
        site_id="s1",
        name="1号罐",
        good="g1",
        geometry=body if isinstance(body, Geometry) else None,
        table=body if isinstance(body, CapacityTable) else None,
        heel_mm=0.0,
        max_level_mm=1000.0,
    )


def volume_m3(body, level_mm):
    return Capacity.of([a_tank(body)]).volume(np.array([level_mm])).item()


def test_bunker_survey_interpolates_as_published():
    table = CapacityTable(level_mm=(3200.0, 3300.0), volume_m3=(157.20, 163.60))
    assert volume_m3(table, 3270.0) == POINTS["BUNKER-vol"]


@pytest.mark.parametrize(
    ("body", "level_mm", "expected"),
    [
        (UPRIGHT, 9000.0, pi * 15.0**2 * 9.0),
        (LYING, 1500.0, pi * 1.5**2 * 12.0 / 2.0),  # half full
        (LYING, 3000.0, pi * 1.5**2 * 12.0),
        (BALL, 7500.0, 2.0 / 3.0 * pi * 7.5**3),  # half full
        (BALL, 15000.0, 4.0 / 3.0 * pi * 7.5**3),
        (BALL, 3000.0, pi * 3.0**2 * (3 * 7.5 - 3.0) / 3.0),
    ],
)
def test_analytic_bodies_hold_what_geometry_says(body, level_mm, expected):
    assert volume_m3(body, level_mm) == pytest.approx(expected, rel=1e-12)


def test_a_segment_of_a_lying_cylinder_agrees_with_summing_its_chords():
    edges = np.linspace(0.0, 0.7, 20_001)
    middles = (edges[:-1] + edges[1:]) / 2.0
    summed = np.sum(2.0 * np.sqrt(middles * (3.0 - middles))) * (edges[1] - edges[0]) * 12.0
    assert volume_m3(LYING, 700.0) == pytest.approx(summed, rel=1e-6)


@pytest.mark.parametrize(
    ("body", "start_mm", "end_mm"),
    [(STRAPPED, 150.0, 9000.0), (UPRIGHT, 0.0, 18000.0), (LYING, 0.0, 3000.0), (BALL, 0.0, 15000.0)],
)
def test_nothing_is_extrapolated(body, start_mm, end_mm):
    assert not np.isnan([volume_m3(body, start_mm), volume_m3(body, end_mm)]).any()
    outside = (start_mm - 0.01, end_mm + 0.01, np.nan, np.inf, -np.inf)
    assert np.isnan([volume_m3(body, level) for level in outside]).all()


@st.composite
def tables(draw):
    steps = draw(st.lists(st.tuples(st.floats(0.5, 900.0), st.floats(0.01, 700.0)), min_size=1, max_size=40))
    start = draw(st.tuples(st.floats(0.0, 500.0), st.floats(0.0, 90.0)))
    levels, volumes = np.cumsum([start, *steps], axis=0).T
    return CapacityTable(level_mm=tuple(levels.tolist()), volume_m3=tuple(volumes.tolist()))


bodies = st.one_of(tables(), st.sampled_from([UPRIGHT, LYING, BALL, STRAPPED]))


@settings(deadline=None)
@given(some=st.lists(tables(), min_size=1, max_size=8), part=st.floats(0.0, 1.0))
def test_every_tank_is_read_in_its_own_table(some, part):
    heights = np.array([t.level_mm[0] + part * (t.level_mm[-1] - t.level_mm[0]) for t in some])
    heights = np.minimum(heights, [t.level_mm[-1] for t in some])
    volumes, _, _ = Capacity.of([a_tank(t) for t in some]).look_up(heights)
    expected = [np.interp(h, t.level_mm, t.volume_m3) for h, t in zip(heights, some, strict=True)]
    np.testing.assert_allclose(volumes, expected, rtol=1e-9)


@settings(deadline=None)
@given(body=bodies, parts=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)))
def test_volume_never_falls_as_the_level_rises(body, parts):
    capacity = Capacity.of([a_tank(body)])
    span = capacity.end_mm - capacity.start_mm
    low, high = (np.minimum(capacity.start_mm + part * span, capacity.end_mm) for part in sorted(parts))
    rounding = 1e-12 * capacity.volume(capacity.end_mm)
    assert capacity.volume(low) <= capacity.volume(high) + rounding


@settings(deadline=None)
@given(body=st.sampled_from([UPRIGHT, LYING, BALL]), part=st.floats(0.01, 0.99))
def test_the_slope_is_that_of_the_volume(body, part):
    capacity = Capacity.of([a_tank(body)])
    level = part * capacity.end_mm
    rise = capacity.volume(level + 0.5) - capacity.volume(level - 0.5)
    assert capacity.look_up(level).slope_m3_mm == pytest.approx(rise, rel=1e-3)


@settings(deadline=None)
@given(some=st.lists(bodies, min_size=2, max_size=10), parts=st.lists(st.floats(-0.1, 1.1), min_size=10, max_size=10))
def test_a_tank_among_others_reads_to_the_bit_as_it_does_alone(some, parts):
    together = Capacity.of([a_tank(body) for body in some])
    heights = np.array([parts[: len(some)], parts[::-1][: len(some)]]) * together.end_mm
    volumes, slopes, _ = together.look_up(heights)
    for i, body in enumerate(some):
        alone = Capacity.of([a_tank(body)])
        for row in (0, 1):
            volume, slope, _ = alone.look_up(heights[row, i : i + 1])
            np.testing.assert_array_equal([volumes[row, i], slopes[row, i]], [volume.item(), slope.item()])


def test_no_tanks_are_no_volumes():
    volumes, slopes, _ = Capacity.of([]).look_up(np.empty(0))
    assert volumes.shape == slopes.shape == (0,)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, "'T-1': has neither a capacity table nor a geometry"),
        (CapacityTable(level_mm=(0.0,), volume_m3=(0.0,)), "1 levels and 1 volumes"),
        (CapacityTable(level_mm=(0.0, 1.0), volume_m3=(0.0,)), "2 levels and 1 volumes"),
        (CapacityTable(level_mm=(0.0, 5.0, 5.0), volume_m3=(0.0, 1.0, 2.0)), "strictly rising"),
        (CapacityTable(level_mm=(0.0, 5.0, 6.0), volume_m3=(0.0, 2.0, 1.0)), "strictly rising"),
        (CapacityTable(level_mm=(0.0, 5.0), volume_m3=(0.0, float("inf"))), "finite"),
        (Geometry(shape=Shape.HORIZONTAL, diameter_m=3.0), "strictly rising"),
        (Geometry(shape=Shape.VERTICAL, diameter_m=30.0), "strictly rising"),
    ],
)
def test_a_capacity_that_cannot_be_read_is_refused_by_name(body, why):
    with pytest.raises(Unmeasurable, match=why):
        Capacity.of([a_tank(body)])


# --- the shell ---------------------------------------------------------------------------------------------------

BARE = np.array([False])


def test_shell_of_a_bare_tank_is_an_eighth_air():
    shell_c = shell_temp_c(np.array([(135.0 - 32.0) / 1.8]), np.array([(88.0 - 32.0) / 1.8]), insulated=BARE)
    assert shell_c.item() * 1.8 + 32.0 == POINTS["TSH-1"]
    assert shell_temp_c(np.array([60.0]), np.array([10.0]), insulated=~BARE).item() == 60.0


def test_upright_shell_factor_is_the_published_one():
    strain = np.array([6.2e-6 * (129.0 - 60.0)])
    assert shell_factor(strain, np.array([2.0]), second=1.0).item() == POINTS["CTSH-1"]


@pytest.mark.parametrize("part", [0.0, 0.02, 0.3, 0.5, 0.8, 0.98])  # brim-full, first order is off by 3e-5
def test_a_warm_sphere_or_lying_cylinder_holds_what_its_larger_self_would(part):
    strain = 1.2e-5 * 60.0
    for body in (BALL, LYING):
        capacity = Capacity.of([a_tank(body)])
        level = part * capacity.end_mm
        volume, slope, _ = capacity.look_up(level)
        warm = volume * shell_factor(np.array([strain]), shell_power(level, slope, volume), second=0.0)
        size = 1.0 + strain
        larger = Geometry(shape=body.shape, diameter_m=body.diameter_m * size, length_m=body.length_m * size)
        assert warm.item() == pytest.approx(volume_m3(larger, level.item()), rel=5 * strain**2, abs=1e-12)


def test_a_spheres_partial_fill_factor_is_the_closed_one():
    level = np.array([4000.0])
    volume, slope, _ = Capacity.of([a_tank(BALL)]).look_up(level)
    assert shell_power(level, slope, volume).item() == pytest.approx(3 * 7.5 / (3 * 7.5 - 4.0), rel=1e-12)
