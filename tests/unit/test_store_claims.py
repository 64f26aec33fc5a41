"""Prices and books are kept with both their times; a correction is a row, never an overwrite."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.movement import BookRow, Feed
from domain.price import PriceQuote
from store.series import Series
from tests.fakes.memory_stage import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
QUOTE = PriceQuote(
    ref="methanol-east",
    good="METHANOL",
    provider="sci99",
    region="华东",
    basis="出罐含税",
    currency="CNY",
    price=Decimal("2415.50"),
    published_at=NOW,
    received_at=NOW + timedelta(minutes=1),
    source_id="row 7",
)


@pytest.fixture
def series():
    opened = Series.open(":memory:")
    yield opened
    opened.close()


def quotes(series, **bounds):
    return series.prices("methanol-east", NOW - DAY, NOW + DAY, **bounds)


def book(*masses, as_of=NOW, received=None, site="gangchu"):
    rows = tuple(
        BookRow(site_id=site, tank_id=f"T-{i}", good="METHANOL", owner="恒运", mass_kg=kg, heel_kg=5, as_of=as_of)
        for i, kg in enumerate(masses)
    )
    return Feed(rows=rows, as_of=as_of, received_at=received if received is not None else as_of + HOUR)


def test_a_price_comes_back_as_it_was_written(series):
    assert series.append_prices([QUOTE]) == 1
    (found,) = quotes(series)
    assert found == QUOTE
    assert str(found.price) == "2415.50"


@pytest.mark.parametrize("price", ["-36.98", "0", "2415.123456789012345678", "1E+4"])
def test_any_finite_price_is_kept_exactly(series, price):
    series.append_prices([replace(QUOTE, price=Decimal(price))])
    assert str(quotes(series)[0].price) == price


def test_the_same_publication_seen_again_is_kept_once(series):
    again = replace(QUOTE, received_at=NOW + HOUR, source_id="row 8")
    assert series.append_prices([QUOTE, again]) == 1
    assert series.append_prices([again]) == 0
    assert quotes(series) == [QUOTE]


def test_another_provider_saying_the_same_is_another_quote(series):
    assert series.append_prices([QUOTE, replace(QUOTE, provider="platts")]) == 2


def test_a_corrected_price_stands_after_what_it_corrects_and_can_be_corrected_back(series):
    words = [
        replace(QUOTE, price=Decimal(price), received_at=NOW + n * HOUR) for n, price in enumerate(["100", "90", "100"])
    ]
    for word in words:
        assert series.append_prices([word]) == 1
    assert quotes(series) == words
    assert quotes(series, known=NOW + HOUR) == words[:2]


def test_prices_are_asked_for_by_ref_and_by_publication(series):
    later = replace(QUOTE, published_at=NOW + HOUR)
    series.append_prices([later, QUOTE, replace(QUOTE, ref="diesel")])
    assert quotes(series) == [QUOTE, later]
    assert series.prices("methanol-east", NOW, NOW + HOUR) == [later]


def test_a_book_comes_back_with_its_rows_in_order_and_its_times(series):
    said = book(300, 100, 200)
    assert series.append_book("gangchu", said)
    assert series.book_as_of("gangchu", valid=NOW, known=NOW + HOUR) == said


def test_a_book_is_known_only_after_it_arrived_and_valid_from_its_own_time(series):
    series.append_book("gangchu", book(100))
    series.append_book("gangchu", book(90, received=NOW + DAY))
    assert series.book_as_of("gangchu", valid=NOW - HOUR, known=NOW + DAY) is None
    assert series.book_as_of("gangchu", valid=NOW, known=NOW) is None
    assert series.book_as_of("gangchu", valid=NOW, known=NOW + HOUR) == book(100)
    assert series.book_as_of("gangchu", valid=NOW, known=NOW + DAY) == book(90, received=NOW + DAY)


def test_an_answer_that_says_the_same_again_is_news_of_its_time_only(series):
    assert series.append_book("gangchu", book(100))
    assert not series.append_book("gangchu", book(100, as_of=NOW + HOUR))
    assert series.append_book("gangchu", book(80, as_of=NOW + 2 * HOUR))
    assert series.append_book("gangchu", book(100, as_of=NOW + 3 * HOUR))
    assert series.book_as_of("gangchu", valid=NOW + HOUR, known=NOW + DAY) == book(100, as_of=NOW + HOUR)
    assert series.book_as_of("gangchu", valid=NOW + DAY, known=NOW + DAY) == book(100, as_of=NOW + 3 * HOUR)


def test_an_empty_book_is_no_missing_book(series):
    series.append_book("gangchu", book(100))
    assert series.append_book("gangchu", book(as_of=NOW + HOUR))
    found = series.book_as_of("gangchu", valid=NOW + DAY, known=NOW + DAY)
    assert (found.rows, found.as_of) == ((), NOW + HOUR)


def test_sites_keep_books_of_their_own(series):
    series.append_book("gangchu", book(100))
    series.append_book("minchu", book(7, site="minchu"))
    assert series.book_as_of("gangchu", valid=NOW, known=NOW + DAY) == book(100)
    with pytest.raises(ValueError, match="'minchu'"):
        series.append_book("gangchu", book(7, site="minchu"))
