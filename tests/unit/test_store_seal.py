"""The digest of a batch: anybody can compute it from the rows, and no change to a stored row escapes it."""

import hashlib
import json
import struct

import duckdb
import numpy as np
import pytest

from store.series import Series
from tests.fakes.memory_stage import MINUTE, NOW, micros, poll, tanks

AB = tanks("a", "b")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "series.duckdb"


def filled(path, batches=4):
    series = Series.open(path)
    sealed = [series.append([poll([0, 1], [n, np.nan], at=NOW + n * MINUTE)], AB) for n in range(batches)]
    series.close()
    return sealed


def report_after(path, *statements):
    with duckdb.connect(str(path)) as forger:
        for statement in statements:
            forger.execute(statement)
    series = Series.open(path)
    report = series.verify()
    series.close()
    return report


def test_the_digest_is_the_one_that_its_description_gives(path):
    """Computed here with struct and json alone, from store/seal.py's docstring."""
    (sealed,) = filled(path, batches=1)
    taken, received, nan = micros(NOW), micros(NOW) + 50_000, bytes.fromhex("000000000000f87f")
    text = json.dumps({"rows": 2, "tanks": [[1, "a"], [2, "b"]]}, separators=(",", ":")) + "\n"
    columns = [
        struct.pack("<2i", 1, 2),
        struct.pack("<2q", taken, taken),
        struct.pack("<2q", received, received),
        struct.pack("<d", 0.0) + nan,
        struct.pack("<2d", 0.0, 0.0),
        struct.pack("<2d", 21.5, 21.5),
        nan + nan,
        struct.pack("<2q", 0, 1),
        struct.pack("<2I", 0, 0),
    ]
    assert sealed.sha256 == hashlib.sha256(bytes(32) + text.encode() + b"".join(columns)).hexdigest()


def test_the_order_of_rows_does_not_matter_and_the_batch_before_does():
    one, other = Series.open(":memory:"), Series.open(":memory:")
    rows = [poll([0], [1.0]), poll([1], [2.0]), poll([0], [3.0], at=NOW + MINUTE)]
    assert one.append(rows, AB).sha256 == other.append(rows[::-1], AB).sha256
    one.append([rows[0]], AB)
    assert one.append([rows[0]], AB).sha256 != other.append([rows[0]], AB).sha256
    one.close()
    other.close()


def test_an_untouched_series_verifies_and_ends_in_the_last_seal(path):
    sealed = filled(path)
    series = Series.open(path)
    report = series.verify()
    assert (report.batches, report.rows, report.thinned, report.broken_at) == (4, 8, 0, None)
    assert report.head == sealed[-1].sha256
    assert [series.sealed(n) for n in range(1, 6)] == [*sealed, None]
    series.close()


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE readings SET level_mm = 3.0 WHERE batch = 3 AND tank_no = 1", "digest"),
        ("UPDATE readings SET level_mm = 0.0 WHERE batch = 3 AND tank_no = 2", "digest"),
        ("UPDATE readings SET quality = 1 WHERE batch = 3", "digest"),
        ("UPDATE readings SET taken_at = taken_at + INTERVAL 1 SECOND WHERE batch = 3", "digest"),
        ("UPDATE readings SET tank_no = 3 - tank_no WHERE batch = 3", "digest"),
        ("UPDATE readings SET tank_no = 9 WHERE batch = 3 AND tank_no = 1", "without a name"),
        ("DELETE FROM readings WHERE batch = 3 AND tank_no = 2", "1 rows are stored, 2 were sealed"),
        ("UPDATE batches SET sha256 = from_hex(repeat('0', 64)) WHERE batch = 3", "digest"),
        ("INSERT INTO readings SELECT * FROM readings WHERE batch = 3 LIMIT 1", "3 rows are stored"),
    ],
)
def test_a_change_to_a_batch_shows_at_that_batch(path, statement, why):
    filled(path)
    report = report_after(path, statement)
    assert report.broken_at == 3
    assert why in report.why


def test_two_tanks_cannot_change_names(path):
    filled(path)
    with duckdb.connect(str(path)) as forger:
        forger.execute("UPDATE tanks SET tank_id = 'c' WHERE tank_no = 1")
        forger.execute("UPDATE tanks SET tank_id = 'a' WHERE tank_no = 2")
        forger.execute("UPDATE tanks SET tank_id = 'b' WHERE tank_no = 1")
    assert report_after(path).broken_at == 1


def test_a_batch_taken_out_whole_shows(path):
    filled(path)
    report = report_after(path, "DELETE FROM readings WHERE batch = 2", "DELETE FROM batches WHERE batch = 2")
    assert (report.broken_at, report.why) == (3, "batch 2 is missing")


def test_rows_of_no_batch_show(path):
    filled(path)
    report = report_after(path, "INSERT INTO readings SELECT * REPLACE (99 AS batch) FROM readings WHERE batch = 1")
    assert report.why == "2 rows belong to no batch that was sealed"


def test_a_forger_who_redoes_all_digests_still_meets_another_head_than_the_ledger_keeps(path):
    sealed = filled(path)
    path.unlink()
    redone = Series.open(path)
    for n in range(4):
        redone.append([poll([0, 1], [n + 1.0, np.nan], at=NOW + n * MINUTE)], AB)
    assert redone.verify().broken_at is None
    assert redone.sealed(4).sha256 != sealed[3].sha256
    redone.close()
