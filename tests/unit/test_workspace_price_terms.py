"""How a contract's file says which price counts, and what is told of terms that cannot be meant."""

from decimal import Decimal
from pathlib import Path

import pytest

from datasources.workspace import load
from domain.contract import FxTerms, PriceMethod, PriceTerms, QuoteTerms, Tax
from domain.price import PriceBook, PriceEntry, PriceQuote
from domain.price_method import good_price
from tests.fakes.mistakes import NOW, Mistake, assert_told_alone, cases, change, copy_of_sound, found

EXAMPLES = Path(__file__).parents[2] / "examples"
A = "contracts/a.yaml"
TERMS = "price_terms: {stale_after_hours: 24, outlier: 0.10}"
METHANOL = "price_ref: METHANOL-SD, outlier: 0.08}"
DIESEL = "price_ref: DIESEL-SD, max_share: 0.60}"


def terms(tmp_path: Path, *edits: tuple[str, str]) -> tuple[PriceTerms, PriceTerms]:
    """METHANOL's and DIESEL0's terms in the sound workspace after these edits."""
    workspace = copy_of_sound(tmp_path)
    for old, new in edits:
        change(workspace, A, old, new)
    goods = found(workspace).sound().contracts["A-1"].goods
    return goods["METHANOL"].price, goods["DIESEL0"].price


def test_a_file_that_says_nothing_of_methods_means_the_newest_quote_as_published(tmp_path: Path) -> None:
    methanol, _ = terms(tmp_path)

    assert methanol == PriceTerms(ref="METHANOL-SD", stale_after_s=86400.0, outlier=Decimal("0.08"))
    assert (methanol.method, methanol.refs) == (PriceMethod.LAST, ("METHANOL-SD",))


@pytest.mark.parametrize("example", ["demo", "metering"])
def test_the_examples_price_every_good_by_its_newest_quote_to_the_last_digit(example: str) -> None:
    for contract in load(EXAMPLES / example, now=NOW).sound().contracts.values():
        for good in contract.goods.values():
            quote = PriceQuote(
                ref=good.price.ref,
                good=good.code,
                provider="海岱资讯",
                region="山东",
                basis="出罐含税",
                currency="CNY",
                price=Decimal("2410.125"),
                published_at=NOW,
                received_at=NOW,
                source_id="test",
            )
            price = good_price(PriceBook().having(quote.ref, PriceEntry().standing_on(quote)), good.price, NOW)
            assert str(price.cny_t) == "2410.125"
            assert price.origin is not None
            assert price.origin.plain


def test_the_contracts_terms_hold_for_all_goods_and_a_goods_own_win(tmp_path: Path) -> None:
    methanol, diesel = terms(
        tmp_path,
        (TERMS, "price_terms: {stale_trading_days: 2, method: lower_of, days: 10}"),
        (METHANOL, "price_ref: METHANOL-SD, method: last, stale_after_hours: 6}"),
    )

    assert (diesel.method, diesel.days, diesel.stale_trading_days) == (PriceMethod.LOWER_OF, 10, 2)
    assert diesel.trading is not None
    assert (methanol.method, methanol.stale_trading_days, methanol.stale_after_s) == (PriceMethod.LAST, None, 21600.0)


def test_fallbacks_keep_their_order_and_mean_what_the_first_means_unless_they_say_otherwise(tmp_path: Path) -> None:
    own = "quoted: tax_included, valued: tax_excluded, vat: 0.13, bbl_per_t: 7.45, fallbacks: [{ref: METHANOL-SD, quoted: tax_excluded}]"
    rate = "fx: [{currency: USD, ref: METHANOL-SD, stale_after_hours: 72}]"
    _, diesel = terms(tmp_path, (DIESEL, f"price_ref: DIESEL-SD, {own}, {rate}}}"))

    assert diesel.sources == (
        QuoteTerms(ref="DIESEL-SD", quoted=Tax.INCLUDED, bbl_per_t=Decimal("7.45")),
        QuoteTerms(ref="METHANOL-SD", quoted=Tax.EXCLUDED, bbl_per_t=Decimal("7.45")),
    )
    assert (diesel.valued, diesel.vat) == (Tax.EXCLUDED, Decimal("0.13"))
    assert diesel.fx == (FxTerms(currency="USD", ref="METHANOL-SD", stale_after_s=259200.0),)


@cases(
    Mistake(
        name="unknown-method",
        file=A,
        old=METHANOL,
        new="price_ref: METHANOL-SD, method: avarage}",
        at="METHANOL",
        wrong="'avarage' is unknown",
        instead="write 'average'",
    ),
    Mistake(
        name="days-without-a-mean",
        file=A,
        old=METHANOL,
        new="price_ref: METHANOL-SD, days: 5}",
        at="METHANOL",
        wrong="the newest quote counts, no mean",
        instead="method: average or lower_of",
    ),
    Mistake(
        name="fallback-nobody-serves",
        file=A,
        old=METHANOL,
        new="price_ref: METHANOL-SD, fallbacks: [{ref: METHANOL-EC}]}",
        at="METHANOL",
        wrong="no price source serves 'METHANOL-EC'",
        instead="write 'METHANOL-SD'",
    ),
    Mistake(
        name="fallback-on-itself",
        file=A,
        old=METHANOL,
        new="price_ref: METHANOL-SD, fallbacks: [{ref: METHANOL-SD}]}",
        at="METHANOL",
        wrong="'METHANOL-SD' prices 'METHANOL' already",
        instead="another quote",
    ),
    Mistake(
        name="rate-nobody-serves",
        file=A,
        old=TERMS,
        new="price_terms: {stale_after_hours: 24, fx: [{currency: USD, ref: USDCNY}]}",
        at="price_terms",
        wrong="no price source serves 'USDCNY'",
        instead="xiaoliuzi.toml",
    ),
    Mistake(
        name="rate-of-yuan",
        file=A,
        old=TERMS,
        new="price_terms: {stale_after_hours: 24, fx: [{currency: CNY, ref: DIESEL-SD}]}",
        at="price_terms",
        wrong="CNY needs no rate here",
        instead="one rate for each foreign currency",
    ),
    Mistake(
        name="tax-of-the-quote-alone",
        file=A,
        old=TERMS,
        new="price_terms: {stale_after_hours: 24, quoted: tax_included}",
        at="price_terms",
        wrong="the contract's own tax basis is not said",
        instead="valued: tax_included or tax_excluded",
    ),
    Mistake(
        name="tax-of-the-contract-alone",
        file=A,
        old=TERMS,
        new="price_terms: {stale_after_hours: 24, valued: tax_excluded, vat: 0.13}",
        at="price_terms",
        wrong="the quote's own tax basis is not said",
        instead="quoted: tax_included or tax_excluded",
    ),
    Mistake(
        name="tax-without-its-rate",
        file=A,
        old=TERMS,
        new="price_terms: {stale_after_hours: 24, quoted: tax_included, valued: tax_excluded}",
        at="price_terms",
        wrong="needs the rate of tax",
        instead="vat: 0.13",
    ),
    Mistake(
        name="age-limited-twice",
        file=A,
        old=TERMS,
        new="price_terms: {stale_after_hours: 24, stale_trading_days: 2}",
        at="price_terms",
        wrong="limited twice",
        instead="delete one",
    ),
    Mistake(
        name="barrels-of-lead",
        file=A,
        old=METHANOL,
        new="price_ref: METHANOL-SD, bbl_per_t: 0.73}",
        at="METHANOL",
        wrong="'0.73' is no number of barrels in a tonne",
        instead="7.33 for crude",
    ),
)
def test_price_terms_that_cannot_be_meant_are_told(mistake: Mistake, tmp_path: Path) -> None:
    assert_told_alone(mistake, tmp_path)
