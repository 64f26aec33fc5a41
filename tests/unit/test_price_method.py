"""Which price a contract counts: newest, mean, lower of both; by which source; in whose money and with whose tax."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import WorkingCalendar
from domain.contract import FxTerms, PriceMethod, PriceTerms, QuoteTerms, Tax
from domain.money import fen
from domain.position import GoodPrice, PriceStanding
from domain.price import PriceBook, PriceQuote, PriceRule, admit
from domain.price_method import good_price, with_tax, without_tax

MONDAY = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ANY_STEP = PriceRule(outlier_ratio=Decimal(10**9), agree_ratio=Decimal(0))
STRICT = PriceRule(outlier_ratio=Decimal("0.08"), agree_ratio=Decimal(0))
SD, EC = "SD-METHANOL", "EC-METHANOL"
TERMS = PriceTerms(ref=SD)
MEAN = replace(TERMS, method=PriceMethod.AVERAGE, days=3)
LOWER = replace(MEAN, method=PriceMethod.LOWER_OF)
VAT = Decimal("0.13")


def quoted(price: str | Decimal, at: datetime = MONDAY, ref: str = SD, currency: str = "CNY") -> PriceQuote:
    return PriceQuote(
        ref=ref,
        good="METHANOL",
        provider="海岱资讯",
        region="山东",
        basis="出罐",
        currency=currency,
        price=Decimal(price),
        published_at=at,
        received_at=at,
        source_id="test",
    )


def book(*quotes: PriceQuote, rule: PriceRule = ANY_STEP) -> PriceBook:
    told = PriceBook()
    for quote in quotes:
        told, _ = admit(told, quote, rule, quote.received_at)
    return told


def days(*prices: str | Decimal) -> PriceBook:
    """One price a day, from Monday on."""
    return book(*(quoted(price, MONDAY + i * DAY) for i, price in enumerate(prices)))


def used(price: GoodPrice) -> list[str]:
    assert price.origin is not None
    return [str(q.price) for q in price.origin.quotes]


def test_the_newest_quote_is_taken_exactly_as_it_was_published() -> None:
    price = good_price(days("2410", "2318.125"), TERMS, MONDAY + DAY)

    assert (str(price.cny_t), price.standing, price.source) == ("2318.125", PriceStanding.FRESH, "海岱资讯·山东")
    assert price.origin is not None
    assert price.origin.plain
    assert not price.origin.short


def test_the_mean_is_over_the_newest_days_to_the_fen_and_names_its_quotes() -> None:
    price = good_price(days("9999", "2410", "2400", "2401"), MEAN, MONDAY + 3 * DAY)

    assert str(price.cny_t) == "2403.67"  # 7211 / 3
    assert used(price) == ["2410", "2400", "2401"]


def test_of_one_day_the_last_word_counts_once_and_the_day_is_that_of_beijing() -> None:
    evening = datetime(2026, 11, 16, 15, 59, tzinfo=UTC)  # 23:59 in Beijing; two minutes later it is Tuesday
    told = book(quoted("2000"), quoted("2100", evening), quoted("2300", evening + timedelta(minutes=2)))

    assert used(good_price(told, MEAN, evening + DAY)) == ["2100", "2300"]


def test_a_source_that_publishes_every_few_minutes_still_has_all_its_days() -> None:
    told, step = PriceBook(), timedelta(minutes=1)
    for day, price in enumerate(("2400", "2500", "2600")):
        for i in range(300):
            told, _ = admit(told, quoted(price, MONDAY + day * DAY + i * step), ANY_STEP, MONDAY + 9 * DAY)

    assert used(good_price(told, MEAN, MONDAY + 9 * DAY)) == ["2400", "2500", "2600"]


def test_a_mean_of_too_few_days_is_said_to_be_short_but_is_no_old_price() -> None:
    price = good_price(days("2400", "2500"), MEAN, MONDAY + DAY)

    assert (price.cny_t, price.standing) == (Decimal("2450.00"), PriceStanding.FRESH)
    assert price.origin is not None
    assert price.origin.short


def test_what_waits_in_quarantine_is_in_no_mean_until_somebody_takes_it() -> None:
    told = book(quoted("2400"), quoted("2410", MONDAY + DAY), quoted("1000", MONDAY + 2 * DAY), rule=STRICT)
    price = good_price(told, MEAN, MONDAY + 2 * DAY)

    assert price.cny_t == Decimal("2405.00")
    assert price.quarantined == Decimal("1936.67")  # the mean that it would make: 5810 / 3
    assert price.origin is not None
    assert price.origin.waiting is not None
    assert price.origin.waiting.price == 1000


def test_only_what_had_reached_us_by_then_counts() -> None:
    told = days("2400", "2500", "2600")

    assert good_price(told, TERMS, MONDAY + DAY).cny_t == 2500
    assert good_price(told, MEAN, MONDAY + DAY).cny_t == 2450
    assert good_price(told, TERMS, MONDAY - DAY).standing is PriceStanding.MISSING


PRICES = st.lists(st.decimals(min_value=1, max_value=20000, places=2), min_size=1, max_size=8)


@given(PRICES)
def test_the_lower_of_both_is_one_of_them_and_no_more_than_either(prices: list[Decimal]) -> None:
    told, now = days(*prices), MONDAY + len(prices) * DAY
    last, mean, lower = (good_price(told, t, now).cny_t for t in (TERMS, MEAN, LOWER))

    assert last is not None
    assert mean is not None
    assert lower == min(last, mean)


@given(PRICES)
def test_a_mean_lies_between_the_lowest_and_the_highest_of_its_days(prices: list[Decimal]) -> None:
    mean = good_price(days(*prices), MEAN, MONDAY + len(prices) * DAY).cny_t

    assert mean is not None
    assert min(prices[-3:]) <= mean <= max(prices[-3:])


def test_the_fallback_stands_in_when_the_first_is_old_and_the_price_says_so() -> None:
    terms = replace(TERMS, fallbacks=(QuoteTerms(ref="NO-SUCH"), QuoteTerms(ref=EC)))
    told = book(quoted("2400"), quoted("2380", MONDAY + DAY, EC))
    before, after = (good_price(told, terms, MONDAY + 2 * DAY + timedelta(seconds=s)) for s in (0, 1))

    assert before.origin is not None
    assert (before.cny_t, before.origin.instead_of) == (2400, None)
    assert after.origin is not None
    assert (after.cny_t, after.standing, after.origin.ref) == (2380, PriceStanding.FRESH, EC)
    assert after.origin.instead_of == SD


@given(st.lists(st.sampled_from([None, 1, 9]), min_size=1, max_size=4))
def test_the_first_fresh_source_wins_else_the_first_that_has_a_price(ages_days: list[int | None]) -> None:
    refs = [f"R{i}" for i in range(len(ages_days))]
    now = MONDAY + 10 * DAY
    told = book(
        *(quoted("2400", now - age * DAY, r) for r, age in zip(refs, ages_days, strict=True) if age is not None)
    )
    terms = PriceTerms(ref=refs[0], fallbacks=tuple(QuoteTerms(ref=r) for r in refs[1:]))
    price = good_price(told, terms, now)

    order = [*(r for r, a in zip(refs, ages_days, strict=True) if a == 1)]
    order += [r for r, a in zip(refs, ages_days, strict=True) if a == 9]
    assert (price.origin.ref if price.origin is not None else None) == (order[0] if order else None)
    assert (price.standing is PriceStanding.FRESH) == (1 in ages_days)


def test_age_may_be_counted_in_trading_days_over_weekend_and_holiday() -> None:
    friday = datetime(2026, 9, 25, 8, 30, tzinfo=UTC)
    trading = WorkingCalendar(
        first=date(2026, 1, 1),
        last=date(2026, 12, 31),
        holidays=frozenset({date(2026, 9, 28)}),
        workdays=frozenset(),
    )
    terms = replace(TERMS, stale_trading_days=2, trading=trading)
    told = book(quoted("2400", friday))
    end = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)  # midnight in Beijing after Wednesday: Monday was a holiday

    assert good_price(told, terms, end - timedelta(seconds=1)).standing is PriceStanding.FRESH
    assert good_price(told, terms, end).standing is PriceStanding.STALE


def test_a_quote_with_tax_becomes_one_without_and_back() -> None:
    out = replace(TERMS, quoted=Tax.INCLUDED, valued=Tax.EXCLUDED, vat=VAT)
    back = replace(TERMS, quoted=Tax.EXCLUDED, valued=Tax.INCLUDED, vat=VAT)
    same = replace(out, valued=Tax.INCLUDED)

    assert [str(good_price(days("2410"), t, MONDAY).cny_t) for t in (out, back, same)] == ["2132.74", "2723.30", "2410"]


@given(
    st.decimals(min_value=-100, max_value=1000000, places=2),
    st.decimals(min_value=0, max_value=Decimal("0.5"), places=4),
)
def test_tax_on_and_off_again_is_the_same_price_to_the_fen(price: Decimal, vat: Decimal) -> None:
    assert fen(without_tax(with_tax(price, vat), vat)) == fen(with_tax(without_tax(price, vat), vat)) == price


DOLLAR = FxTerms(currency="USD", ref="USDCNY", stale_after_s=86400.0)
WTI = PriceTerms(ref="WTI", fx=(DOLLAR,), bbl_per_t=Decimal("7.33"), stale_after_s=10 * 86400.0)


def oil(price: str = "61.18", rate: str = "7.0123") -> tuple[PriceQuote, PriceQuote]:
    return quoted(price, MONDAY, "WTI", "USD/bbl"), quoted(rate, MONDAY, "USDCNY", "CNY/USD")


def test_dollars_a_barrel_become_yuan_a_tonne_and_every_factor_is_named() -> None:
    price = good_price(book(*oil()), WTI, MONDAY)

    assert str(price.cny_t) == "3144.66"  # 61.18 × 7.33 × 7.0123 = 3144.657…
    assert price.origin is not None
    assert price.origin.fx is not None
    assert (price.origin.bbl_per_t, price.origin.fx.price) == (Decimal("7.33"), Decimal("7.0123"))


def test_an_old_rate_makes_the_price_old_with_the_rates_own_time() -> None:
    told = book(*oil(), quoted("62", MONDAY + DAY, "WTI", "USD/bbl"))
    price = good_price(told, WTI, MONDAY + DAY + timedelta(seconds=1))

    assert (price.standing, price.published_at) == (PriceStanding.STALE, MONDAY)


@pytest.mark.parametrize(
    "terms",
    [
        replace(WTI, fx=()),
        replace(WTI, bbl_per_t=None),
        replace(WTI, fx=(replace(DOLLAR, ref="USDJPY"),)),
        replace(WTI, fx=(replace(DOLLAR, ref="WTI"),)),
        PriceTerms(ref="USDCNY"),
    ],
    ids=["no-rate", "no-density", "rate-never-quoted", "a-price-for-a-rate", "a-rate-for-a-price"],
)
def test_a_price_that_cannot_be_led_to_yuan_a_tonne_is_none(terms: PriceTerms) -> None:
    price = good_price(book(*oil()), terms, MONDAY)

    assert (price.cny_t, price.standing) == (None, PriceStanding.MISSING)


@pytest.mark.parametrize("rate", ["0", "-7"])
def test_a_rate_that_is_not_positive_prices_nothing(rate: str) -> None:
    assert good_price(book(*oil(rate=rate)), WTI, MONDAY).standing is PriceStanding.MISSING


def test_a_negative_price_stays_negative_through_every_conversion() -> None:
    price = good_price(book(*oil("-36.98")), replace(WTI, method=PriceMethod.LOWER_OF), MONDAY)

    assert price.cny_t is not None
    assert price.cny_t < 0


def test_a_strange_rate_waits_and_the_price_shows_what_it_would_do() -> None:
    told = book(*oil("60", "7"), quoted("8", MONDAY + DAY, "USDCNY", "CNY/USD"), rule=STRICT)
    price = good_price(told, WTI, MONDAY + DAY)

    assert (price.cny_t, price.quarantined) == (Decimal("3078.60"), Decimal("3518.40"))
    assert price.origin is not None
    assert price.origin.waiting is not None
    assert price.origin.waiting.ref == "USDCNY"


def test_a_change_of_unit_begins_a_new_mean() -> None:
    told = book(quoted("2400"), quoted("2410", MONDAY + DAY), quoted("300", MONDAY + 2 * DAY, SD, "USD"))
    rate = quoted("7", MONDAY, "USDCNY", "CNY/USD")
    told, _ = admit(told, rate, ANY_STEP, MONDAY)
    terms = replace(MEAN, fx=(replace(DOLLAR, stale_after_s=1e9),))
    # Another currency is another thing: it waits until a person takes it.
    assert good_price(told, terms, MONDAY + 2 * DAY).quarantined == Decimal("2100.00")
