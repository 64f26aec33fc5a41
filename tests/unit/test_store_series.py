"""Readings go in by batches and come out as they were known at a moment."""

from dataclasses import fields
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from domain.farm import Quality, Readings
from store.series import Series
from tests.fakes.memory_stage import MINUTE, NOW, micros, poll, tanks

HOUR = timedelta(hours=1)
AB = tanks("a", "b")


@pytest.fixture
def series():
    opened = Series.open(":memory:")
    yield opened
    opened.close()


def levels(readings):
    return dict(zip(readings.rows.tolist(), readings.level_mm.tolist(), strict=True))


def equal(one, other):
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name), equal_nan=True) for f in fields(Readings))


def test_the_newest_reading_of_every_tank_comes_back_whole(series):
    old, new = poll([0, 1], [1000.0, 2000.0], at=NOW - MINUTE), poll([0, 1], [1001.5, np.nan], quality=Quality.BUSY)
    sealed = series.append([old, new], AB)
    assert (sealed.batch, sealed.rows, sealed.first_at, sealed.last_at) == (1, 4, NOW - MINUTE, NOW)
    assert equal(series.latest(AB, now=NOW, within=HOUR), new)


def test_the_newest_is_by_time_taken_whatever_order_they_came_in(series):
    series.append([poll([0], [2.0])], AB)
    series.append([poll([0], [1.0], at=NOW - MINUTE)], AB)
    assert levels(series.latest(AB, now=NOW, within=HOUR)) == {0: 2.0}


def test_a_tank_silent_for_too_long_is_not_in_the_latest(series):
    series.append([poll([0], [1.0], at=NOW - 2 * HOUR), poll([1], [2.0])], AB)
    assert levels(series.latest(AB, now=NOW, within=HOUR)) == {1: 2.0}


def test_the_last_good_reading_is_found_behind_bad_ones(series):
    series.append([poll([0, 1], [1.0, 5.0]), poll([0], [np.nan], at=NOW + MINUTE, quality=Quality.MISSING)], AB)
    series.append([poll([1], [6.0], at=NOW + 3 * MINUTE)], AB)
    assert levels(series.latest_good(AB, now=NOW + 2 * MINUTE, within=HOUR)) == {0: 1.0, 1: 5.0}
    assert levels(series.latest_good(AB, now=NOW + HOUR, within=HOUR)) == {1: 6.0}


def test_an_empty_series_knows_nothing(series):
    assert len(series.latest(AB, now=NOW, within=HOUR).rows) == 0
    assert len(series.as_of(AB, valid=NOW, known=NOW).rows) == 0
    assert len(series.window(AB, ["a"], NOW - HOUR, NOW).rows) == 0


def test_no_rows_are_no_batch(series):
    with pytest.raises(ValueError, match="no readings"):
        series.append([], AB)
    with pytest.raises(ValueError, match="no readings"):
        series.append([poll([], [])], AB)
    assert series.sealed(1) is None


def test_tanks_keep_their_numbers_whatever_place_they_have_in_the_workspace(series):
    series.append([poll([0, 1], [1.0, 2.0])], AB)
    turned = tanks("new", "b", "a")
    assert levels(series.latest(turned, now=NOW, within=HOUR)) == {1: 2.0, 2: 1.0}
    series.append([poll([0], [3.0], at=NOW + MINUTE)], turned)
    assert levels(series.latest(turned, now=NOW, within=HOUR)) == {0: 3.0, 1: 2.0, 2: 1.0}


def test_a_tank_that_left_the_workspace_is_left_out_and_its_past_stays(series):
    series.append([poll([0, 1], [1.0, 2.0])], AB)
    assert levels(series.latest(tanks("b"), now=NOW, within=HOUR)) == {0: 2.0}
    assert levels(series.as_of(AB, valid=NOW, known=NOW + HOUR)) == {0: 1.0, 1: 2.0}


def test_a_correction_changes_what_is_known_later_not_what_was_known_then(series):
    series.append([poll([0], [1000.0])], AB)
    series.append([poll([0], [990.0], received=NOW + 3 * HOUR)], AB)
    assert levels(series.as_of(AB, valid=NOW, known=NOW + HOUR)) == {0: 1000.0}
    assert levels(series.as_of(AB, valid=NOW, known=NOW + 3 * HOUR)) == {0: 990.0}


def test_as_of_takes_the_newest_before_the_moment_each_tank_as_far_back_as_it_must(series):
    series.append([poll([0], [1.0], at=NOW - timedelta(days=400)), poll([1], [2.0], at=NOW - timedelta(days=2))], AB)
    series.append([poll([0, 1], [8.0, 9.0], at=NOW + MINUTE)], AB)
    assert levels(series.as_of(AB, valid=NOW, known=NOW + HOUR)) == {0: 1.0, 1: 2.0}
    assert levels(series.as_of(AB, valid=NOW - timedelta(days=3), known=NOW)) == {0: 1.0}


def test_both_ends_of_time_are_included_in_as_of(series):
    series.append([poll([0], [1.0])], AB)
    arrived = NOW + timedelta(milliseconds=50)
    tick = timedelta(microseconds=1)
    assert levels(series.as_of(AB, valid=NOW, known=arrived)) == {0: 1.0}
    assert levels(series.as_of(AB, valid=NOW - tick, known=arrived)) == {}
    assert levels(series.as_of(AB, valid=NOW, known=arrived - tick)) == {}


def test_a_window_holds_what_was_taken_after_its_start_up_to_its_end(series):
    series.append([poll([0, 1], [n, 100 + n], at=NOW + n * MINUTE) for n in range(4)], AB)
    found = series.window(AB, ["b"], NOW, NOW + 2 * MINUTE)
    assert found.level_mm.tolist() == [101.0, 102.0]
    assert found.rows.tolist() == [1, 1]
    assert found.taken_at_us.tolist() == [micros(NOW + MINUTE), micros(NOW + 2 * MINUTE)]


def test_a_window_of_several_tanks_is_ordered_by_tank_then_time(series):
    series.append([poll([1, 0], [100 + n, n], at=NOW + n * MINUTE) for n in (2, 1)], AB)
    assert series.window(AB, ["b", "a", "c"], NOW, NOW + HOUR).level_mm.tolist() == [1.0, 2.0, 101.0, 102.0]


def test_a_window_shows_corrected_readings_once_and_as_they_were_known(series):
    series.append([poll([0], [1.0])], AB)
    series.append([poll([0], [7.0], received=NOW + HOUR)], AB)
    assert series.window(AB, ["a"], NOW - HOUR, NOW).level_mm.tolist() == [7.0]
    assert series.window(AB, ["a"], NOW - HOUR, NOW, known=NOW + MINUTE).level_mm.tolist() == [1.0]


def test_numbers_and_batches_go_on_after_reopening(tmp_path):
    first = Series.open(tmp_path / "series.duckdb")
    first.append([poll([0, 1], [1.0, 2.0])], AB)
    first.close()
    again = Series.open(tmp_path / "series.duckdb")
    assert again.append([poll([1, 0], [3.0, 4.0], at=NOW + MINUTE)], AB).batch == 2
    assert levels(again.latest(AB, now=NOW, within=HOUR)) == {0: 4.0, 1: 3.0}
    assert again.verify().broken_at is None
    again.close()


def test_odd_numbers_survive_the_compression_of_a_checkpoint(tmp_path):
    odd = [-0.0, 0.1 + 0.2, np.nan, np.inf, -np.inf, 5e-324, 1.7e308, 8.123]
    index = tanks(*"abcdefgh")
    first = Series.open(tmp_path / "series.duckdb")
    first.append([poll(range(8), odd)], index)
    first.close()
    again = Series.open(tmp_path / "series.duckdb")
    assert np.array_equal(again.latest(index, now=NOW, within=HOUR).level_mm, odd, equal_nan=True)
    assert again.verify().broken_at is None
    again.close()


DOUBLES = st.floats(width=64)


@settings(max_examples=30, deadline=None)
@given(values=arrays(np.float64, 5, elements=DOUBLES), status=arrays(np.int64, 5), quality=arrays(np.uint32, 5))
def test_any_value_a_gauge_can_send_is_read_back_and_verifies(values, status, quality):
    series = Series.open(":memory:")
    sent = Readings(
        rows=np.arange(5),
        level_mm=values,
        water_mm=-values,
        temp_c=values[::-1].copy(),
        density_kg_m3=values,
        air_c=-values[::-1],
        p1_kpa=values[::-1].copy(),
        p3_kpa=values,
        taken_at_us=np.full(5, micros(NOW)),
        received_at_us=np.full(5, micros(NOW) + 1),
        status=status,
        quality=quality,
    )
    index = tanks(*"vwxyz")
    series.append([sent], index)
    assert equal(series.latest(index, now=NOW, within=HOUR), sent)
    assert series.verify().broken_at is None
    series.close()


def test_samples_are_the_last_good_reading_of_each_stretch_and_the_first_of_all(series):
    series.append([poll([0], [float(n)], at=NOW + n * MINUTE) for n in range(1, 12)], AB)
    series.append([poll([0], [np.nan], at=NOW + 10.5 * MINUTE, quality=Quality.MISSING)], AB)
    found = series.samples(AB, ["a", "b"], NOW, NOW + HOUR, every=5 * MINUTE)
    assert found.level_mm.tolist() == [1.0, 5.0, 10.0, 11.0]
    assert series.samples(AB, ["b"], NOW, NOW + HOUR, every=5 * MINUTE).rows.size == 0


def test_a_sample_is_as_it_was_known(series):
    series.append([poll([0], [1.0], at=NOW + MINUTE, received=NOW + MINUTE)], AB)
    series.append([poll([0], [2.0], at=NOW + MINUTE, received=NOW + 2 * HOUR)], AB)  # a correction
    then = series.samples(AB, ["a"], NOW, NOW + HOUR, every=5 * MINUTE, known=NOW + HOUR)
    now = series.samples(AB, ["a"], NOW, NOW + HOUR, every=5 * MINUTE, known=NOW + 3 * HOUR)
    assert (then.level_mm.tolist(), now.level_mm.tolist()) == ([1.0], [2.0])
