"""After its keep, a source's readings become minute rows: smaller, still answering, still proved."""

from datetime import timedelta

import numpy as np
import pytest

from domain.farm import Quality
from store.series import Series
from tests.fakes.memory_stage import MINUTE, NOW, poll, tanks

AB = tanks("a", "b")
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def series():
    opened = Series.open(":memory:")
    yield opened
    opened.close()


def history(series, tank="a"):
    return series.window(AB, [tank], NOW - 10 * DAY, NOW + 10 * DAY).level_mm.tolist()


def test_each_minute_keeps_its_last_good_reading(series):
    series.append([poll([0], [float(s)], at=NOW + s * SECOND) for s in range(0, 120, 10)], AB)
    (minutes,) = series.thin(NOW + DAY)
    assert minutes.rows == 2
    assert history(series) == [50.0, 110.0]


def test_a_minute_prefers_a_good_reading_and_keeps_a_bad_one_where_there_is_no_other(series):
    good_then_bad = [poll([0], [1.0]), poll([0], [np.nan], at=NOW + 10 * SECOND, quality=Quality.MISSING)]
    only_bad = [poll([1], [np.nan], at=NOW + s * SECOND, quality=Quality.BUSY) for s in (0, 10)]
    series.append([*good_then_bad, *only_bad], AB)
    series.thin(NOW + DAY)
    found = series.as_of(AB, valid=NOW + MINUTE, known=NOW + DAY)
    assert found.level_mm[0] == 1.0
    assert (np.isnan(found.level_mm[1]), found.quality[1]) == (True, Quality.BUSY)


def test_younger_batches_and_other_sources_stay_whole(series):
    series.append([poll([0], [1.0]), poll([0], [2.0], at=NOW + SECOND)], AB)
    series.append([poll([0], [3.0], at=NOW + DAY), poll([0], [4.0], at=NOW + DAY + SECOND)], AB)
    series.append([poll([1], [5.0]), poll([1], [6.0], at=NOW + SECOND)], AB, source="dips")
    series.thin(NOW + DAY)
    assert history(series) == [2.0, 3.0, 4.0]
    assert history(series, "b") == [5.0, 6.0]


def test_a_later_correction_stands_beside_what_was_known_before(series):
    series.append([poll([0], [1.0]), poll([0], [2.0], at=NOW + SECOND)], AB)
    series.append([poll([0], [9.0], at=NOW + SECOND, received=NOW + 2 * DAY)], AB)
    series.thin(NOW + DAY)
    assert series.as_of(AB, valid=NOW + MINUTE, known=NOW + DAY).level_mm.tolist() == [2.0]
    assert series.as_of(AB, valid=NOW + MINUTE, known=NOW + 2 * DAY).level_mm.tolist() == [9.0]


def test_where_nothing_can_be_spared_batches_keep_their_digests(series):
    series.append([poll([0, 1], [n, n], at=NOW + n * MINUTE) for n in range(5)], AB)
    assert series.thin(NOW + DAY) == []
    report = series.verify()
    assert (report.batches, report.thinned, report.rows, report.broken_at) == (1, 0, 10, None)


def test_thinning_twice_changes_nothing(series):
    series.append([poll([0], [float(s)], at=NOW + s * SECOND) for s in range(0, 120, 10)], AB)
    assert len(series.thin(NOW + DAY)) == 1
    assert series.thin(NOW + DAY) == []
    assert history(series) == [50.0, 110.0]


def test_a_thinned_series_is_still_proved_from_end_to_end(series):
    for n in range(4):
        series.append([poll([0], [n], at=NOW + n * DAY + s * SECOND) for s in range(3)], AB)
    series.thin(NOW + 2 * DAY)
    series.append([poll([0], [7.0], at=NOW + 9 * DAY)], AB)
    report = series.verify()
    assert (report.batches, report.thinned, report.rows, report.broken_at) == (6, 2, 2 + 6 + 1, None)


def test_many_batches_are_thinned_a_piece_at_a_time(series, monkeypatch):
    monkeypatch.setattr("store.batches.THIN_ROWS", 6)
    for n in range(5):
        series.append([poll([0], [float(s)], at=NOW + n * MINUTE + s * SECOND) for s in range(4)], AB)
    assert [sealed.rows for sealed in series.thin(NOW + DAY)] == [2, 2, 1]
    assert history(series) == [3.0] * 5
    assert series.verify().broken_at is None
