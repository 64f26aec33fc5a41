"""Columns that came later: kept where a gauge has them, and no digest of before is touched by them."""

import hashlib
import json
import struct
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from domain.farm import Quality
from store.migrations import migrations
from store.series import Series
from tests.fakes.memory_stage import MINUTE, NOW, micros, poll, tanks

AB = tanks("a", "b")
DAY = timedelta(days=1)
NAN = bytes.fromhex("000000000000f87f")
SCHEMA_1 = Path(__file__).parents[1] / "data" / "series_schema_1.sql"
HEAD_OF_SCHEMA_1 = "498a5cf7f824de6e2809d101f1c28bd4f426f0001dc90c7f61b2602c2ea1c817"


def equipped(*, at=NOW, air_c=(24.1, np.nan), p1_kpa=(78.31, np.nan), p3_kpa=(-0.07, np.nan), level=5000.0):
    """A poll of two tanks; the second has no such sensors unless told otherwise."""
    sensors = {"air_c": np.array(air_c), "p1_kpa": np.array(p1_kpa), "p3_kpa": np.array(p3_kpa)}
    return replace(poll([0, 1], [level, 6000.0], at=at), **sensors)


def sensors(readings):
    """Air, P1 and P3 of every row; None where unknown."""
    columns = (readings.air_c, readings.p1_kpa, readings.p3_kpa)
    return [[None if np.isnan(v) else v for v in row] for row in zip(*(c.tolist() for c in columns), strict=True)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "series.duckdb"


@pytest.fixture
def old(path):
    """A file as the program with the first schema left it, thinned batches and all."""
    with duckdb.connect(str(path)) as before:
        before.execute("CREATE TABLE migrations (kind VARCHAR NOT NULL, no INTEGER NOT NULL, name VARCHAR NOT NULL)")
        before.execute(migrations("series")[0].sql)
        before.execute("INSERT INTO migrations VALUES ('series', 1, '0001_begin.sql')")
        before.execute(SCHEMA_1.read_text("utf-8"))
    return path


def test_every_question_gives_air_and_pressures_back():
    series = Series.open(":memory:")
    series.append([equipped()], AB)
    given = [[24.1, 78.31, -0.07], [None, None, None]]

    assert sensors(series.latest(AB, now=NOW, within=DAY)) == given
    assert sensors(series.latest_good(AB, now=NOW, within=DAY)) == given
    assert sensors(series.as_of(AB, valid=NOW, known=NOW + DAY)) == given
    assert sensors(series.window(AB, ["a", "b"], NOW - DAY, NOW)) == given
    series.close()


def test_minute_rows_keep_them():
    series = Series.open(":memory:")
    series.append([equipped(at=NOW + timedelta(seconds=s), p1_kpa=(78.0 + s, np.nan)) for s in range(3)], AB)
    series.thin(NOW + DAY)

    assert sensors(series.window(AB, ["a"], NOW - DAY, NOW + DAY)) == [[24.1, 80.0, -0.07]]
    assert series.verify().broken_at is None
    series.close()


def test_a_file_of_the_first_schema_verifies_and_reads_after_its_migration(old):
    series = Series.open(old)
    report = series.verify()
    assert (report.batches, report.rows, report.thinned, report.broken_at) == (5, 7, 1, None)
    assert report.head == HEAD_OF_SCHEMA_1

    newest = series.latest(AB, now=NOW + DAY + 2 * MINUTE, within=DAY)
    assert newest.level_mm.tolist() == [9843.0, 1200.2]
    assert sensors(newest) == [[None] * 3] * 2
    series.close()


def test_a_file_of_the_first_schema_goes_on_in_the_same_chain(old):
    series = Series.open(old)
    assert series.append([equipped(at=NOW + 2 * DAY)], AB).batch == 6
    series.close()

    again = Series.open(old)
    assert (again.verify().batches, again.verify().broken_at) == (6, None)
    assert sensors(again.latest(AB, now=NOW + 2 * DAY, within=DAY))[0] == [24.1, 78.31, -0.07]
    again.close()


@pytest.mark.parametrize("column", ["air_c", "p1_kpa", "p3_kpa"])
@pytest.mark.parametrize("table", ["readings", "minutes"])
def test_a_number_put_into_an_old_row_breaks_its_seal(old, table, column):
    Series.open(old).close()
    with duckdb.connect(str(old)) as forger:
        forger.execute(f"UPDATE {table} SET {column} = 1.0 WHERE tank_no = 1")
    series = Series.open(old)
    assert series.verify().broken_at == (2 if table == "readings" else 5)
    series.close()


@pytest.mark.parametrize("change", ["air_c = 24.2", "p1_kpa = NULL", "p1_kpa = p3_kpa, p3_kpa = p1_kpa"])
def test_a_change_of_a_sealed_pressure_shows(path, change):
    series = Series.open(path)
    series.append([equipped()], AB)
    series.close()
    with duckdb.connect(str(path)) as forger:
        forger.execute(f"UPDATE readings SET {change} WHERE tank_no = 1")
    series = Series.open(path)
    assert series.verify().broken_at == 1
    series.close()


def test_one_pressure_does_not_pass_for_the_other(path):
    """Two batches that differ only in which transmitter said it have two digests."""
    low, high = Series.open(":memory:"), Series.open(":memory:")
    nothing = (np.nan, np.nan)
    one = low.append([equipped(air_c=nothing, p1_kpa=(1.5, np.nan), p3_kpa=nothing)], AB)
    other = high.append([equipped(air_c=nothing, p1_kpa=nothing, p3_kpa=(1.5, np.nan))], AB)
    assert one.sha256 != other.sha256
    low.close()
    high.close()


def test_the_digest_names_each_later_column_that_somebody_knows():
    """Computed here with struct and json alone, from store/seal.py's docstring; nobody knows P3."""
    series = Series.open(":memory:")
    sealed = series.append([equipped(p3_kpa=(np.nan, np.nan))], AB)
    taken, received = micros(NOW), micros(NOW) + 50_000
    text = json.dumps({"rows": 2, "tanks": [[1, "a"], [2, "b"]]}, separators=(",", ":")) + "\n"
    columns = [
        struct.pack("<2i", 1, 2),
        struct.pack("<2q", taken, taken),
        struct.pack("<2q", received, received),
        struct.pack("<2d", 5000.0, 6000.0),
        struct.pack("<2d", 0.0, 0.0),
        struct.pack("<2d", 21.5, 21.5),
        NAN + NAN,
        struct.pack("<2q", 0, 1),
        struct.pack("<2I", 0, 0),
        b"air_c\n" + struct.pack("<d", 24.1) + NAN,
        b"p1_kpa\n" + struct.pack("<d", 78.31) + NAN,
    ]
    assert sealed.sha256 == hashlib.sha256(bytes(32) + text.encode() + b"".join(columns)).hexdigest()
    series.close()


def test_the_order_of_rows_that_differ_in_a_later_column_only_does_not_matter():
    one, other = Series.open(":memory:"), Series.open(":memory:")
    first, second = equipped(), equipped(p1_kpa=(78.32, np.nan))
    assert one.append([first, second], AB).sha256 == other.append([second, first], AB).sha256
    one.close()
    other.close()


def test_a_bad_reading_keeps_what_its_other_sensors_said():
    series = Series.open(":memory:")
    series.append([replace(equipped(), quality=np.full(2, Quality.BUSY, dtype=np.uint32))], AB)
    assert sensors(series.latest(AB, now=NOW, within=DAY))[0] == [24.1, 78.31, -0.07]
    series.close()
