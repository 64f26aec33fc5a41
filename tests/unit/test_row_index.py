"""Reading capacity tables by buckets gives to the bit what walking each table with a bisection gives."""

from bisect import bisect_right
from math import nextafter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Unmeasurable
from domain.metering.capacity import Capacity
from domain.metering.row_index import MOST_BUCKETS, RowIndex
from domain.tank import CapacityTable, Tank


def a_tank(table):
    return Tank(id="T-1", site_id="s1", name="1号罐", good="g1", table=table, heel_mm=0.0, max_level_mm=1.0)


def walked(table, column, height):
    """Plain Python: the row by bisection, then a straight line that never ends above the next row."""
    levels = table.level_mm
    row = bisect_right(levels, height) - 1
    if not levels[0] <= height <= levels[-1]:
        return float("nan")
    if row == len(levels) - 1:
        return column[row]
    width = levels[row + 1] - levels[row]
    slope = (column[row + 1] - column[row]) / width
    while column[row] + slope * width > column[row + 1]:
        slope = nextafter(slope, 0.0)
    return slope * (height - levels[row]) + column[row]


@st.composite
def tables(draw):
    """Rows from 0.1 mm to 5 m apart, in whole tenths of a millimetre as paper has them or in any fraction."""
    tenths = st.integers(1, 50_000).map(lambda n: n / 10.0)
    gaps = draw(st.lists(st.one_of(tenths, st.floats(0.1, 5000.0), st.just(0.1)), min_size=1, max_size=60))
    rises = draw(st.lists(st.floats(0.001, 400.0), min_size=len(gaps), max_size=len(gaps)))
    widenings = draw(st.lists(st.floats(0.0, 0.3), min_size=len(gaps), max_size=len(gaps)))
    start, empty = draw(st.floats(0.0, 3000.0)), draw(st.floats(0.0, 90.0))
    return CapacityTable(
        level_mm=tuple(np.cumsum([start, *gaps]).tolist()),
        volume_m3=tuple(np.cumsum([empty, *rises]).tolist()),
        hydrostatic_m3=draw(st.sampled_from([(), tuple(np.cumsum([0.0, *widenings]).tolist())])),
    )


@settings(deadline=None)
@given(some=st.lists(tables(), min_size=1, max_size=6), data=st.data())
def test_every_height_reads_to_the_bit_as_a_plain_bisection(some, data):
    def heights(table):
        level = st.sampled_from(table.level_mm)
        around = level.flatmap(lambda x: st.sampled_from([x, nextafter(x, 0.0), nextafter(x, np.inf)]))
        return st.one_of(around, st.floats(-10.0, table.level_mm[-1] + 10.0), st.just(float("nan")))

    block = np.array([[data.draw(heights(table)) for table in some] for _ in range(4)])
    seen = Capacity.of([a_tank(table) for table in some]).look_up(block)
    for i, table in enumerate(some):
        widening = table.hydrostatic_m3 or (0.0,) * len(table.level_mm)
        for row, height in enumerate(block[:, i].tolist()):
            np.testing.assert_array_equal(seen.volume_m3[row, i], walked(table, table.volume_m3, height))
            np.testing.assert_array_equal(seen.hydrostatic_m3[row, i], walked(table, widening, height))


def test_a_straight_line_never_ends_above_its_row():
    table = CapacityTable(level_mm=(0.0, 100.0), volume_m3=(0.0, 7.0))  # 7/100 · 100 is 7.000000000000001
    capacity = Capacity.of([a_tank(table)])
    assert capacity.slope_m3_mm[0] == nextafter(0.07, 0.0)
    assert capacity.volume(np.array([nextafter(100.0, 0.0)])) <= capacity.volume(np.array([100.0])) == 7.0


@pytest.mark.parametrize("close", [1e-6, 0.1])
def test_rows_closer_than_a_bucket_are_told_apart_in_bounded_memory(close):
    levels = np.concatenate((np.arange(5) * close, [30_000.0]))
    index = RowIndex.of([levels])
    assert index.floor.size <= MOST_BUCKETS + 3
    assert index.row(levels).tolist() == [0, 1, 2, 3, 4, 5]
    assert index.row(np.nextafter(levels[1:], 0.0)).tolist() == [0, 1, 2, 3, 4]


def test_a_certificate_by_the_millimetre_needs_one_comparison():
    by_mm, by_dm = np.arange(20_001.0), np.arange(0.0, 18_001.0, 100.0)
    assert RowIndex.of([by_mm, by_dm]).steps == 1


def test_the_widening_is_read_from_the_same_rows_and_is_none_without_its_table():
    with_it = CapacityTable(
        level_mm=(0.0, 1000.0, 3000.0), volume_m3=(0.0, 80.0, 240.0), hydrostatic_m3=(0.0, 0.1, 0.5)
    )
    without = CapacityTable(level_mm=(0.0, 3000.0), volume_m3=(0.0, 240.0))
    capacity = Capacity.of([a_tank(with_it), a_tank(without)])
    assert capacity.look_up(np.array([2000.0, 2000.0])).hydrostatic_m3 == pytest.approx([0.3, 0.0])
    assert capacity.volume(np.array([2000.0, np.nan])) == pytest.approx([160.0, np.nan], nan_ok=True)


@pytest.mark.parametrize("widening", [(0.0, 0.1), (0.0, 0.2, 0.1), (-0.1, 0.0, 0.1), (0.0, 0.1, float("nan"))])
def test_a_correction_that_does_not_follow_the_table_is_refused_by_name(widening):
    table = CapacityTable(level_mm=(0.0, 1000.0, 3000.0), volume_m3=(0.0, 80.0, 240.0), hydrostatic_m3=widening)
    with pytest.raises(Unmeasurable, match=r"'T-1': hydrostatic correction of \d volumes at 3 levels"):
        Capacity.of([a_tank(table)])
