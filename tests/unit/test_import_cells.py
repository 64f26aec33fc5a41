"""Cells as people and Excel write them: read where there is one meaning, else named with what to write instead."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.imports.cells import EPOCH, looked_up, micros, numbers
from datasources.imports.problem import Wrong

SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLIEST, LATEST = datetime(1990, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - Hypothesis wants them naive
MOMENTS = st.lists(st.datetimes(min_value=EARLIEST, max_value=LATEST), min_size=1)
NOON = (datetime(2026, 3, 12, 4, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("cell", "value"), [("12", 12.0), (" 12.5 ", 12.5), ("1.2E+03", 1200.0), ("-0.5", -0.5), (".5", 0.5), ("5.", 5.0)]
)
def test_a_number_is_read_alone_and_among_odd_ones(cell, value):
    alone, _, odd = numbers([cell, "1"])
    assert (alone[0], odd) == (value, {})
    among, _, odd = numbers([cell, "x"])
    assert (among[0], list(odd)) == (value, [1])


@pytest.mark.parametrize("cell", ["nan", "NaN", "inf", "-inf", "null", "1e999"])
def test_what_is_no_finite_number_is_nan_and_not_blank(cell):
    value, blank, odd = numbers([cell])
    assert np.isnan(value[0])
    assert not blank[0]
    assert odd == {}


def test_a_blank_cell_is_nan_and_blank():
    for cells in (["1", ""], ["x", " "]):
        value, blank, _ = numbers(cells)
        assert np.isnan(value[1])
        assert blank.tolist() == [False, True]


@pytest.mark.parametrize(
    ("cell", "wrong", "instead"),
    [
        ("1,234.5", "thousands separator", "write 1234.5"),
        ("1 234", "thousands separator", "write 1234"),
        ("1_000", "thousands separator", "write 1000"),
        ("12,5", "decimal comma", "write 12.5"),
        ("12.5mm", "unit in the cell", "write 12.5;"),
        ("#N/A", "error of Excel", "nothing where it is unknown"),
        ("１２", "no number", "plain number"),
        ("abc", "no number", "plain number"),
    ],
)
def test_a_cell_that_is_no_plain_number_is_named_with_its_remedy(cell, wrong, instead):
    _, _, odd = numbers(["1", cell])
    assert wrong in odd[1].wrong
    assert instead in odd[1].instead


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-12T04:00:00Z",
        "2026-03-12T12:00:00+08:00",
        "2026-03-12 12:00+08:00",
        "2026-03-11T23:00:00-05:00",
        "20260312T040000Z",
        "2026-03-12 04:00:00+00",
        "2026-03-12T04:00:00-00:00",
        "2026-03-12 12:00:00.000000+08",
        " 2026-03-12T04:00:00.000000Z ",
    ],
)
def test_an_aware_time_is_read_in_every_iso_form(cell):
    for cells in ([cell], [cell, cell], [cell, "2026-03-12T04:00:00Z"]):
        times, odd = micros(cells, None)
        assert (set(times.tolist()), odd) == ({NOON}, {})


@pytest.mark.parametrize("cell", ["2026-03-12T12:00:00", "2026-03-12 12:00", "2026/3/12 12:00", "2026/03/12 12:00:00"])
def test_a_naive_time_needs_a_time_zone(cell):
    _, odd = micros([cell], None)
    assert "no time zone" in odd[0].wrong
    assert "--timezone Asia/Shanghai" in odd[0].instead
    times, odd = micros([cell], SHANGHAI)
    assert (times.tolist(), odd) == ([NOON], {})


def test_a_naive_time_among_aware_ones_does_not_borrow_their_offset():
    times, odd = micros(["2026-03-12T12:00:00+08:00", "2026-03-12T12:00:00"], None)
    assert times[0] == NOON
    assert "no time zone" in odd[1].wrong


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("", "blank"),
        ("46093.5", "Excel's number of a day"),
        ("2026-03-12", "without a time"),
        ("12/03/2026 12:00", "no time"),
    ],
)
def test_a_cell_that_is_no_time_is_named(cell, wrong):
    times, odd = micros(["2026-03-12T04:00:00Z", cell], SHANGHAI)
    assert times[0] == NOON
    assert wrong in odd[1].wrong


def test_a_time_that_the_clocks_went_through_twice_is_refused():
    _, odd = micros(["2025-10-26T02:30:00", "2025-10-26T04:30:00"], ZoneInfo("Europe/Berlin"))
    assert list(odd) == [0]
    assert "twice or never" in odd[0].wrong


@given(
    MOMENTS,
    st.integers(-14 * 60, 14 * 60),
)
def test_many_times_at_once_are_what_each_is_alone(moments, offset_minutes):
    zone = timezone(timedelta(minutes=offset_minutes))
    aware = [m.replace(tzinfo=zone) for m in moments]
    times, odd = micros([m.isoformat() for m in aware], None)
    assert odd == {}
    assert times.tolist() == [(m - EPOCH) // timedelta(microseconds=1) for m in aware]


@given(MOMENTS, st.data())
def test_offsets_may_differ_from_row_to_row(moments, data):
    offsets = st.sampled_from(["Z", "+08:00", "-05:30", "+00"])
    cells = [m.isoformat() + data.draw(offsets) for m in moments]
    times, odd = micros(cells, None)
    assert odd == {}
    assert times.tolist() == [(datetime.fromisoformat(c) - EPOCH) // timedelta(microseconds=1) for c in cells]


def test_names_are_found_with_spaces_around_them_and_others_are_told():
    found, odd = looked_up(
        ["a", " b ", "c"], {"a": 0, "b": 1}, lambda name: Wrong(wrong=f"no {name}", instead="a or b")
    )
    assert found.tolist() == [0, 1, -1]
    assert odd == {2: Wrong(wrong="no c", instead="a or b")}
