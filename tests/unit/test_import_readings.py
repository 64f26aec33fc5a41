"""Rows of gauge history are judged as a poll would be: a bad row is refused, an unbelievable value gets its bit."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from datasources.imports.readings import ReadingRows
from datasources.imports.sheet import Block
from domain.farm import Quality
from domain.good import Correction, Good
from tests.fakes.memory_stage import NOW, micros, tanks

INDEX = tanks("T-1", "T-2")
METHANOL = Good(
    code="METHANOL", name="甲醇", correction=Correction.LINEAR, density_kg_m3=791.0, slope_kg_m3_c=0.946,
    density_band_kg_m3=(700.0, 850.0), temp_band_c=(-20.0, 60.0),
)  # fmt: skip
GOOD = {"tank": "T-1", "taken_at": "2026-03-12T06:00:00Z", "level_mm": "1500", "water_mm": "0", "temp_c": "21.5"}


def read(*changes):
    """Rows of GOOD, each with its changes, from line 2 on."""
    rows = [{**GOOD, **change} for change in changes]
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = {name: [row.get(name, "") for row in rows] for name in names}
    reader = ReadingRows(INDEX, {"METHANOL": METHANOL}, now=NOW, zone=None)
    return reader.read(Block(lines=range(2, 2 + len(rows)), cells=cells))


def test_a_good_row_becomes_a_good_reading_received_when_the_import_began():
    found = read({"density_kg_m3": "790.1", "air_c": "12", "p1_kpa": "", "p3_kpa": "0.2"})
    r = found.readings
    assert (found.bad, found.problems, found.lines.tolist()) == (0, (), [2])
    assert (r.rows[0], r.level_mm[0], r.water_mm[0], r.temp_c[0], r.density_kg_m3[0]) == (0, 1500.0, 0.0, 21.5, 790.1)
    assert (r.air_c[0], r.p3_kpa[0], r.quality[0]) == (12.0, 0.2, Quality.GOOD)
    assert np.isnan(r.p1_kpa[0])
    assert r.taken_at_us[0] == micros(datetime(2026, 3, 12, 6, tzinfo=UTC))
    assert r.received_at_us[0] == micros(NOW)


@pytest.mark.parametrize(
    ("change", "column", "wrong", "instead"),
    [
        ({"tank": "T-9"}, "tank", "no tank 'T-9'", "T-1, T-2"),
        ({"tank": ""}, "tank", "blank", "the tank's id"),
        ({"tank": "1E+05"}, "tank", "Excel may have made a number", "T-1"),
        ({"taken_at": "2026-03-12T06:00"}, "taken_at", "no time zone", "--timezone"),
        ({"taken_at": "2026-03-12T06:32:01Z"}, "taken_at", "in the future", "correct the time"),
        ({"taken_at": "1900-01-01T00:00:00Z"}, "taken_at", "before 1990", "Excel's zero"),
        ({"level_mm": "1,500"}, "level_mm", "thousands separator", "write 1500"),
        ({"temp_c": "warm"}, "temp_c", "'warm' is no number", "plain number"),
        ({"air_c": "warm"}, "air_c", "'warm' is no number", "plain number"),
        ({"received_at": "2026-03-12T05:00:00Z"}, "received_at", "before taken_at", "when the reading arrived"),
        ({"received_at": "2026-03-13T05:00:00Z"}, "received_at", "in the future", "correct the time"),
        ({"received_at": ""}, "received_at", "blank", "ISO 8601"),
        ({"quality": "192"}, "quality", "no quality (a number such as OPC's 192", "write good"),
    ],
)
def test_a_bad_row_is_named_by_line_and_column_and_hides_no_other(change, column, wrong, instead):
    also = {"received_at": "2026-03-12T06:00:01Z"} if "received_at" in change else {}
    found = read(also, change, {**also, "tank": "T-2"})
    assert found.readings.rows.tolist() == [0, 1]
    assert (found.bad, found.lines.tolist()) == (1, [2, 4])
    (problem,) = found.problems
    assert (problem.line, problem.column) == (3, column)
    assert wrong in problem.wrong
    assert instead in problem.instead


def test_every_bad_cell_of_a_row_is_told_and_the_row_counts_once():
    found = read({"tank": "T-9", "level_mm": "x"})
    assert (found.bad, [p.column for p in found.problems]) == (1, ["tank", "level_mm"])


@pytest.mark.parametrize(
    ("change", "bit", "column"),
    [
        ({"level_mm": ""}, Quality.MISSING, "level_mm"),
        ({"level_mm": "nan"}, Quality.NOT_FINITE, "level_mm"),
        ({"level_mm": "-51"}, Quality.OUT_OF_RANGE, "level_mm"),
        ({"level_mm": "19801"}, Quality.OUT_OF_RANGE, "level_mm"),
        ({"water_mm": ""}, Quality.MISSING, "water_mm"),
        ({"temp_c": "60.1"}, Quality.OUT_OF_RANGE, "temp_c"),
        ({"density_kg_m3": "900"}, Quality.OUT_OF_RANGE, "density_kg_m3"),
        ({"quality": "busy"}, Quality.BUSY, None),
        ({"quality": "BUSY | OLD"}, Quality.BUSY | Quality.OLD, None),
        ({"level_mm": "", "quality": "fail_value"}, Quality.FAIL_VALUE, "level_mm"),
    ],
)
def test_a_value_that_cannot_be_believed_is_kept_as_unknown_with_its_bit(change, bit, column):
    found = read(change, {})
    assert (found.bad, found.readings.quality.tolist()) == (0, [bit, 0])
    if column:
        assert np.isnan(getattr(found.readings, column)[0])


@pytest.mark.parametrize("change", [{"level_mm": "-50"}, {"level_mm": "19800"}, {"temp_c": "60"}, {"temp_c": "-20"}])
def test_both_ends_of_a_band_are_inside(change):
    assert read(change).readings.quality.tolist() == [0]


@pytest.mark.parametrize("change", [{"air_c": "99"}, {"p1_kpa": "501"}, {"p3_kpa": "nan"}, {"density_kg_m3": ""}])
def test_another_sensor_that_fails_or_is_not_fitted_leaves_the_reading_good(change):
    found = read(change)
    assert found.readings.quality.tolist() == [0]
    assert np.isnan(getattr(found.readings, next(iter(change)))[0])


def test_a_reading_of_this_very_moment_is_not_in_the_future():
    assert read({"taken_at": (NOW + timedelta(hours=8)).replace(tzinfo=None).isoformat() + "+08:00"}).bad == 0
