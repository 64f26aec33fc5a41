"""Which published price is believed, and that no quote is dropped without a word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import SourceMalformed
from domain.price import (
    PriceBook,
    PriceQuote,
    PriceRule,
    Verdict,
    admit,
    confirm,
    reject,
    unchanged_since,
)

MONDAY = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULE = PriceRule(outlier_ratio=Decimal("0.08"), agree_ratio=Decimal("0.02"))
REF = "SD-METHANOL"


def quoted(price, /, at=MONDAY, provider="海岱资讯", **changes):
    given = PriceQuote(
        ref=REF,
        good="METHANOL",
        provider=provider,
        region="山东",
        basis="出罐含税",
        currency="CNY",
        price=Decimal(price),
        published_at=at,
        received_at=at + timedelta(minutes=1),
        source_id="test",
    )
    return replace(given, **changes)


def told(*quotes, book=None, now=MONDAY + 30 * DAY):
    """The book after these quotes, and the verdict on each."""
    book, verdicts = book or PriceBook(), []
    for quote in quotes:
        book, verdict = admit(book, quote, RULE, now)
        verdicts.append(verdict)
    return book, verdicts


def prices(book):
    """The price that stands and those in quarantine."""
    entry = book.entry(REF)
    return entry.accepted and entry.accepted.price, [quote.price for quote in entry.waiting]


def test_the_first_price_stands_and_an_ordinary_step_replaces_it():
    book, verdicts = told(quoted("2410"), quoted("2450", MONDAY + DAY))

    assert verdicts == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert prices(book) == (2450, [])
    assert [quote.price for quote in book.entry(REF).previous] == [2410]


def test_the_same_publication_again_changes_nothing_whichever_way_it_came():
    book, _ = told(quoted("2410"))
    again, verdicts = told(quoted("2410.00", received_at=MONDAY + DAY, source_id="another"), book=book)

    assert verdicts == [Verdict.DUPLICATE]
    assert again is book


def test_an_older_publication_changes_nothing():
    book, _ = told(quoted("2410", MONDAY + DAY))
    same, verdicts = told(quoted("2400"), book=book)

    assert verdicts == [Verdict.OLDER]
    assert same is book


@pytest.mark.parametrize(
    ("price", "verdict"),
    [
        ("1080", Verdict.ACCEPTED),
        ("1080.01", Verdict.QUARANTINED),
        ("920", Verdict.ACCEPTED),
        ("919.99", Verdict.QUARANTINED),
        ("10000", Verdict.QUARANTINED),
        ("0", Verdict.QUARANTINED),
        ("-36.98", Verdict.QUARANTINED),
    ],
)
def test_a_step_beyond_the_rule_waits_and_the_last_good_price_stands(price, verdict):
    book, verdicts = told(quoted("1000"), quoted(price, MONDAY + DAY))

    assert verdicts[-1] is verdict
    assert prices(book) == ((Decimal(price), []) if verdict is Verdict.ACCEPTED else (1000, [Decimal(price)]))


def test_a_quarantined_publication_polled_again_every_minute_is_told_once():
    book, verdicts = told(quoted("1000"), *[quoted("600", MONDAY + DAY)] * 3)

    assert verdicts == [Verdict.ACCEPTED, Verdict.QUARANTINED, Verdict.DUPLICATE, Verdict.DUPLICATE]
    assert prices(book) == (1000, [600])


@pytest.mark.parametrize(("price", "confirms"), [("600", True), ("612", True), ("612.01", False), ("588", True)])
def test_a_second_provider_that_agrees_lets_the_quarantined_price_in(price, confirms):
    book, _ = told(quoted("1000"), quoted("600", MONDAY + DAY))
    book, verdicts = told(quoted(price, MONDAY + DAY + HOUR, provider="第二资讯"), book=book)

    assert verdicts == [Verdict.CONFIRMED if confirms else Verdict.QUARANTINED]
    assert prices(book)[0] == (Decimal(price) if confirms else 1000)


def test_of_two_agreeing_publications_the_later_one_stands_and_both_are_kept():
    book, _ = told(quoted("1000"), quoted("600", MONDAY + DAY))
    book, verdicts = told(quoted("606", MONDAY + DAY - HOUR, provider="第二资讯"), book=book)

    assert verdicts == [Verdict.CONFIRMED]
    assert prices(book) == (600, [])
    assert [quote.price for quote in book.entry(REF).previous] == [1000, 606]


def test_the_same_provider_cannot_confirm_itself():
    _, verdicts = told(quoted("1000"), quoted("600", MONDAY + DAY), quoted("601", MONDAY + DAY + HOUR))

    assert verdicts[1:] == [Verdict.QUARANTINED, Verdict.QUARANTINED]


def test_a_price_from_before_the_step_is_no_witness():
    book, _ = told(quoted("1000"), quoted("600", MONDAY + DAY))
    _, verdicts = told(quoted("600", MONDAY - DAY, provider="第二资讯"), book=book)

    assert verdicts == [Verdict.OLDER]


def test_an_ordinary_price_of_another_provider_does_not_hide_the_step_that_waits():
    book, _ = told(quoted("1000"), quoted("600", MONDAY + DAY))
    book, verdicts = told(quoted("1001", MONDAY + DAY + HOUR, provider="第二资讯"), book=book)

    assert verdicts == [Verdict.ACCEPTED]
    assert prices(book) == (1001, [600])


def test_a_provider_s_next_ordinary_price_takes_its_slip_out_of_quarantine_for_good():
    slip = quoted("10000", MONDAY + DAY)
    book, verdicts = told(quoted("1000"), slip, quoted("1000.5", MONDAY + DAY), slip)

    assert verdicts[1:] == [Verdict.QUARANTINED, Verdict.ACCEPTED, Verdict.DUPLICATE]
    assert prices(book) == (Decimal("1000.5"), [])


def test_a_correction_of_the_same_time_is_a_new_row_under_the_same_rule():
    book, verdicts = told(quoted("1000"), quoted("1010"), quoted("2000"))

    assert verdicts == [Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.QUARANTINED]
    assert prices(book) == (1010, [2000])
    assert [quote.price for quote in book.entry(REF).previous] == [1000]


def test_two_providers_that_disagree_both_wait_and_a_third_decides():
    book, verdicts = told(
        quoted("1000"),
        quoted("600", MONDAY + DAY),
        quoted("1500", MONDAY + DAY, provider="第二资讯"),
        quoted("600", MONDAY + DAY),
    )
    assert verdicts[1:] == [Verdict.QUARANTINED, Verdict.QUARANTINED, Verdict.DUPLICATE]
    assert prices(book) == (1000, [600, 1500])

    book, verdicts = told(quoted("601", MONDAY + DAY + HOUR, provider="第三资讯"), book=book)
    assert verdicts == [Verdict.CONFIRMED]
    assert prices(book) == (601, [1500])


@pytest.mark.parametrize(
    "changes",
    [{"currency": "USD"}, {"basis": "出罐不含税"}, {"region": "华东"}, {"good": "ETHANOL95"}],
    ids=["currency", "basis", "region", "good"],
)
def test_a_price_of_another_thing_under_the_same_ref_waits_for_a_person(changes):
    book, verdicts = told(quoted("1000"), quoted("1000", MONDAY + DAY, **changes))

    assert verdicts[-1] is Verdict.QUARANTINED
    assert prices(book) == (1000, [1000])


def test_a_price_dated_in_the_future_waits_and_does_not_make_honest_ones_older():
    book, verdicts = told(quoted("1000"), quoted("1001", MONDAY + 300 * DAY), now=MONDAY + HOUR)
    assert verdicts == [Verdict.ACCEPTED, Verdict.QUARANTINED]

    book, verdicts = told(quoted("1002", MONDAY + DAY), book=book)
    assert verdicts == [Verdict.ACCEPTED]
    assert prices(book) == (1002, [1001])


def test_wti_fell_below_zero_and_came_back():
    """20 to 22 April 2020, U.S. Energy Information Administration: 18.31, −36.98, 8.91 USD a barrel."""
    book, verdicts = told(quoted("18.31"), quoted("-36.98", MONDAY + DAY))
    assert verdicts[-1] is Verdict.QUARANTINED

    book, _ = confirm(book, REF, "li-si", MONDAY + DAY + HOUR)
    assert prices(book) == (Decimal("-36.98"), [])

    book, verdicts = told(quoted("8.91", MONDAY + 2 * DAY), book=book)
    assert verdicts == [Verdict.QUARANTINED]
    assert prices(book) == (Decimal("-36.98"), [Decimal("8.91")])


def test_a_price_of_zero_is_a_price_and_any_step_from_it_is_too_large():
    book, _ = told(quoted("1000"), quoted("0", MONDAY + DAY))
    book, decision = confirm(book, REF, "li-si", MONDAY + DAY)
    _, verdicts = told(quoted("0.01", MONDAY + 2 * DAY), book=book)

    assert decision.accepted
    assert prices(book)[0] == 0
    assert verdicts == [Verdict.QUARANTINED]


def test_a_person_s_word_is_kept_with_name_and_time():
    book, _ = told(quoted("1000"), quoted("600", MONDAY + DAY))
    book, decision = confirm(book, REF, "li-si", MONDAY + DAY + HOUR)

    assert (decision.quote.price, decision.accepted) == (600, True)
    assert (decision.by, decision.decided_at) == ("li-si", MONDAY + DAY + HOUR)
    assert prices(book) == (600, [])


def test_a_rejected_publication_does_not_come_back_but_the_next_one_is_judged():
    bad = quoted("600", MONDAY + DAY)
    book, _ = told(quoted("1000"), bad)
    book, decision = reject(book, REF, "li-si", MONDAY + DAY)
    assert not decision.accepted

    book, verdicts = told(bad, quoted("600", MONDAY + 2 * DAY), book=book)
    assert verdicts == [Verdict.DUPLICATE, Verdict.QUARANTINED]
    assert prices(book) == (1000, [600])


@pytest.mark.parametrize("decide", [confirm, reject])
def test_a_second_tap_changes_nothing(decide):
    book, _ = told(quoted("1000"), quoted("600", MONDAY + DAY))
    book, _ = decide(book, REF, "li-si", MONDAY + DAY)

    assert decide(book, REF, "wang-wu", MONDAY + DAY) == (book, None)
    assert decide(PriceBook(), REF, "wang-wu", MONDAY + DAY) == (PriceBook(), None)


@pytest.mark.parametrize("decide", [confirm, reject])
def test_a_tap_on_a_price_that_has_been_overtaken_meanwhile_changes_nothing(decide):
    book, _ = told(quoted("1000"), quoted("600", MONDAY + DAY), quoted("300", MONDAY + DAY + HOUR))

    assert decide(book, REF, "li-si", MONDAY + DAY, price=Decimal("600")) == (book, None)
    assert decide(book, REF, "li-si", MONDAY + DAY, price=Decimal("300"))[1].quote.price == 300


def test_a_feed_that_repeats_itself_is_seen_through():
    book, _ = told(quoted("990", MONDAY - DAY), *(quoted("1000", MONDAY + i * DAY) for i in range(5)))

    assert unchanged_since(book, REF) == MONDAY
    assert unchanged_since(book, "SD-NAPHTHA") is None


@pytest.mark.parametrize("price", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), 2410.0])
def test_what_is_no_finite_decimal_is_refused_at_the_door(price):
    with pytest.raises(SourceMalformed, match=REF):
        quoted("1", price=price)


@pytest.mark.parametrize("field", ["published_at", "received_at"])
def test_a_naive_time_is_refused_at_the_door(field):
    with pytest.raises(SourceMalformed, match=field):
        quoted("1", **{field: datetime(2026, 11, 16)})  # noqa: DTZ001


@pytest.mark.parametrize("ratio", ["-0.01", "NaN"])
def test_a_senseless_rule_is_refused(ratio):
    with pytest.raises(ValueError, match="outlier_ratio"):
        PriceRule(outlier_ratio=Decimal(ratio), agree_ratio=Decimal(0))


STEPS = st.tuples(
    st.decimals(min_value=-50, max_value=200, places=1),
    st.integers(0, 20).map(lambda h: MONDAY + h * HOUR),
    st.sampled_from(["海岱资讯", "第二资讯", "第三资讯"]),
)


@given(steps=st.lists(STEPS, max_size=25))
def test_every_quote_gets_one_verdict_and_a_second_hearing_none(steps):
    book = PriceBook()
    for price, at, provider in steps:
        quote = quoted(price, at, provider)
        book, verdict = admit(book, quote, RULE, MONDAY + 2 * DAY)
        again, second = admit(book, quote, RULE, MONDAY + 2 * DAY)
        entry = book.entry(REF)

        assert again is book
        assert second is (Verdict.OLDER if verdict is Verdict.OLDER else Verdict.DUPLICATE)
        assert verdict is not Verdict.QUARANTINED or quote in entry.waiting
        assert len({q.provider for q in entry.waiting}) == len(entry.waiting)
        if verdict is Verdict.ACCEPTED:
            assert entry.accepted is quote


def test_each_publication_day_keeps_the_quote_that_was_accepted_last():
    late = MONDAY + timedelta(hours=7, minutes=45)  # 00:15 of Tuesday in Beijing
    book, _ = told(quoted("1000"), quoted("1010", MONDAY + HOUR), quoted("1020", late), quoted("300", late + HOUR))

    assert [quote.price for quote in book.entry(REF).closes] == [1010, 1020]
    assert [q.price for q in book.entry(REF).known(late)] == [1000, 1010], "the third reached us a minute later"
