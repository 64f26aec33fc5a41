"""What is new in an imported file: nothing twice, nothing undone, and what was not known then stays unknown then."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from domain.farm import Quality
from store.series import Series
from tests.fakes.memory_stage import MINUTE, NOW, poll, tanks

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AB = tanks("a", "b")


@pytest.fixture
def series():
    opened = Series.open(":memory:")
    yield opened
    opened.close()


def bring(series, *polls, dated=False, offers=None, line=2):
    """One file of these polls, a block each; what became of the last block."""
    offers = offers or series.begin_import(dated=dated)
    for one in polls:
        k = len(one.rows)
        brought = series.bring(one, np.arange(line, line + k), AB, offers)
        line += k
    return brought


def told(brought):
    return brought.added, brought.already, [(r.place, r.first_line, r.same) for r in brought.repeats], brought.differing


def history(levels=(1.0, 2.0), *, at=NOW - DAY, imported=NOW):
    return poll([0, 1], levels, at=at, received=imported)


def test_a_file_without_received_at_adds_nothing_the_second_time_whenever_that_is(series):
    assert told(bring(series, history())) == (2, 0, [], ())
    assert told(bring(series, history(imported=NOW + HOUR))) == (0, 2, [], ())
    assert series.verify().rows == 2


def test_history_was_not_known_before_it_was_imported(series):
    bring(series, history())
    assert len(series.as_of(AB, valid=NOW, known=NOW - MINUTE).rows) == 0
    assert series.as_of(AB, valid=NOW, known=NOW).level_mm.tolist() == [1.0, 2.0]


def test_another_value_later_is_a_correction_and_the_old_file_does_not_undo_it(series):
    bring(series, history())
    assert told(bring(series, history((1.0, 9.0), imported=NOW + HOUR))) == (1, 1, [], ())
    assert told(bring(series, history(imported=NOW + 2 * HOUR))) == (0, 2, [], ())
    assert series.as_of(AB, valid=NOW, known=NOW + DAY).level_mm.tolist() == [1.0, 9.0]
    assert series.as_of(AB, valid=NOW, known=NOW).level_mm.tolist() == [1.0, 2.0]


def test_what_the_gauges_said_already_is_not_said_again(series):
    series.append([poll([0, 1], [1.0, np.nan], at=NOW - DAY, quality=Quality.MISSING)], AB)
    again = poll([0, 1], [1.0, np.nan], at=NOW - DAY, received=NOW, quality=Quality.OLD)
    assert told(bring(series, again)) == (0, 2, [], ())


def test_a_value_that_turns_unusable_is_another_word(series):
    bring(series, history())
    assert bring(series, replace(history(imported=NOW + HOUR), quality=np.array([0, 16], np.uint32))).added == 1


def test_rows_with_their_own_received_at_are_known_by_it(series):
    first = poll([0], [1.0], received=NOW + MINUTE)
    assert told(bring(series, first, dated=True)) == (1, 0, [], ())
    assert told(bring(series, first, dated=True)) == (0, 1, [], ())
    assert told(bring(series, poll([0], [2.0], received=NOW + HOUR), dated=True)) == (1, 0, [], ())
    assert told(bring(series, poll([0], [3.0], received=NOW + HOUR), dated=True)) == (0, 0, [], (0,))
    assert series.as_of(AB, valid=NOW, known=NOW + MINUTE).level_mm.tolist() == [1.0]


def test_a_row_that_repeats_an_earlier_line_is_told_within_a_block_and_across_blocks(series):
    twice = poll([0, 1, 0], [1.0, 2.0, 1.0], received=NOW + MINUTE)
    assert told(bring(series, twice)) == (2, 0, [(2, 2, True)], ())
    other = poll([1, 0], [7.0, 1.0], received=NOW + MINUTE)
    assert told(bring(series, twice, other)) == (0, 0, [(0, 3, False), (1, 2, True)], ())


def test_a_file_that_contradicts_itself_does_so_again_the_second_time(series):
    blocks = history(), history((1.0, 9.0))
    expected = [(0, 2, True), (1, 3, False)]
    assert told(bring(series, *blocks)) == (0, 0, expected, ())
    later = [replace(b, received_at_us=b.received_at_us + 3_600_000_000) for b in blocks]
    assert told(bring(series, *later)) == (0, 0, expected, ())
    assert series.as_of(AB, valid=NOW, known=NOW + DAY).level_mm.tolist() == [1.0, 2.0]


def test_readings_that_were_thinned_away_do_not_come_back(series):
    full = [poll([0], [float(n)], at=NOW + n * timedelta(seconds=5)) for n in range(12)]
    series.append(full, AB)
    series.thin(NOW + DAY)
    assert [told(bring(series, one, dated=True)) for one in full] == [(0, 1, [], ())] * 12


def test_every_batch_of_an_import_is_listed_and_proved(series):
    bring(series, history(), history(at=NOW - 2 * DAY))
    assert [b.batch for b in series.batches_of("import")] == [1, 2]
    assert series.batches_of("import") == [series.sealed(1), series.sealed(2)]
    assert series.verify().broken_at is None
