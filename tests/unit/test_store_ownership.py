"""Ownership entries are kept with both their times; every past moment is answered as it was known then."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ownership.ledger import fold
from store.moments import FOREVER
from store.series import Series
from tests.fakes.ownership import T0, entry, life

HOUR = timedelta(hours=1)
SAID = entry("transfer", 500, hours=2, to_tank="T-2", owner="hengyun", batch="B-1", paper="WO-1", line=3)


@pytest.fixture
def series():
    opened = Series.open(":memory:")
    yield opened
    opened.close()


def known(series, *, valid=FOREVER, at=FOREVER):
    return series.ownership_as_of("north", valid=valid, known=at)


def test_an_entry_comes_back_as_it_was_written(series):
    mixed = entry("loss", 5, hours=3)
    assert series.append_ownership([SAID, mixed], received_at=T0) == 2
    assert known(series) == (SAID, mixed)


def test_what_repeats_the_last_word_is_not_kept_again_and_a_correction_can_be_corrected_back(series):
    for n, (word, new) in enumerate([(SAID, 1), (SAID, 0), (replace(SAID, kg=400), 1), (SAID, 1)]):
        assert series.append_ownership([word], received_at=T0 + n * HOUR) == new
    assert known(series) == (SAID,)
    assert known(series, at=T0 + 2 * HOUR) == (replace(SAID, kg=400),)


def test_a_file_imported_anew_does_not_undo_a_correction(series):
    series.merge_ownership([SAID], received_at=T0)
    series.append_ownership([replace(SAID, kg=0)], received_at=T0 + HOUR)
    assert series.merge_ownership([SAID], received_at=T0 + 2 * HOUR) == 0
    assert known(series) == (replace(SAID, kg=0),)


def test_a_word_that_moves_an_entry_to_a_later_day_takes_it_out_of_the_earlier_one(series):
    series.append_ownership([SAID], received_at=T0)
    series.append_ownership([replace(SAID, at=SAID.at + timedelta(days=9))], received_at=T0 + HOUR)
    assert known(series, valid=SAID.at) == ()
    assert known(series, valid=SAID.at, at=T0) == (SAID,)


def test_the_words_of_a_span_come_in_the_order_in_which_they_were_heard(series):
    for n, kg in enumerate((500, 400, 300)):
        series.append_ownership([replace(SAID, kg=kg)], received_at=T0 + n * HOUR)
    words = series.ownership_words("north", T0, T0 + 2 * HOUR)
    assert [(at, word.kg) for at, word in words] == [(T0 + HOUR, 400), (T0 + 2 * HOUR, 300)]
    assert series.ownership_words("south", T0, T0 + 2 * HOUR) == []


def test_sites_keep_ledgers_of_their_own(series):
    series.append_ownership([SAID, replace(SAID, site_id="south", kg=7)], received_at=T0)
    assert [e.kg for e in series.ownership_as_of("south", valid=FOREVER, known=FOREVER)] == [7]
    assert known(series) == (SAID,)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_every_past_moment_equals_a_fold_of_what_was_known_then_from_zero(seed):
    draw = random.Random(seed)
    said = life(seed, length=20)
    words = [*draw.sample(said, len(said)), *(replace(draw.choice(said), kg=draw.randint(0, 400)) for _ in range(5))]
    with_times = [(word, T0 + i * HOUR) for i, word in enumerate(words)]
    series = Series.open(":memory:")
    for word, received in with_times:
        series.append_ownership([word], received_at=received)
    for _ in range(4):
        valid, at = T0 + draw.randint(0, 40) * HOUR, T0 + draw.randint(0, 30) * HOUR
        heard = {word.key: word for word, received in with_times if received <= at}
        assert fold(known(series, valid=valid, at=at), valid) == fold(heard.values(), valid)
    series.close()
