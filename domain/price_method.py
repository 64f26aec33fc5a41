"""From the price book to the price that a contract counts: method, fallbacks, unit, exchange rate, tax, staleness.

Only accepted publications that had reached us by ``now`` count. A price that is merely the newest publication is taken
as it was published; whatever was averaged or converted is rounded once, at the end, to the fen per tonne.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import islice

from domain.calendar import CHINA
from domain.contract import FxTerms, PriceMethod, PriceTerms, QuoteTerms, Tax
from domain.money import fen
from domain.position import GoodPrice, PriceStanding
from domain.price import PriceBook, PriceEntry, PriceQuote
from domain.price_origin import PriceOrigin, QuoteUsed

MISSING = GoodPrice(cny_t=None, published_at=None, standing=PriceStanding.MISSING, source="")


def good_price(book: PriceBook, terms: PriceTerms, now: datetime) -> GoodPrice:
    """The price under these terms at ``now``: of the first source that is fresh, else of the first that has one.

    A mean over fewer days than asked for is a price, and its origin is ``short``.
    """
    price = _chosen(book, terms, now)
    waiting = _waiting(book, terms, price)
    if waiting is None:
        return price
    adopted = book.having(waiting.ref, book.entry(waiting.ref).standing_on(waiting))
    then = _chosen(adopted, terms, now).cny_t
    origin = price.origin or PriceOrigin(method=terms.method, ref=terms.ref, quotes=())
    return replace(
        price,
        quarantined=then if then is not None else waiting.price,
        origin=replace(origin, waiting=_used(waiting)),
    )


def with_tax(price: Decimal, vat: Decimal) -> Decimal:
    """A price without tax as one with it (含税), unrounded. vat: 0.13 for 13 %."""
    return price * (1 + vat)


def without_tax(price: Decimal, vat: Decimal) -> Decimal:
    """A price with tax as one without it (不含税), unrounded. vat: 0.13 for 13 %."""
    return price / (1 + vat)


def _chosen(book: PriceBook, terms: PriceTerms, now: datetime) -> GoodPrice:
    best = MISSING
    for source in terms.sources:
        price = _of(book, terms, source, now)
        if price.standing is PriceStanding.FRESH:
            return price
        if best.cny_t is None and price.cny_t is not None:
            best = price
    return best


def _of(book: PriceBook, terms: PriceTerms, source: QuoteTerms, now: datetime) -> GoodPrice:
    """The price from one source, or MISSING where it has none or nothing leads from its unit to CNY per tonne."""
    entry = book.entry(source.ref)
    last = _newest(entry, now)
    if last is None:
        return MISSING
    quotes = _quotes(entry, last, terms, now)
    fx = next((f for f in terms.fx if f.currency == last.money), None)
    rate = _newest(book.entry(fx.ref), now) if fx is not None and last.money != "CNY" else None
    if not _convertible(last, source, rate):
        return MISSING
    origin = _origin(terms, source, last, quotes, rate)
    fresh = _is_fresh(last, terms, now)
    fresh_fx = fx is None or rate is None or _fresh_fx(rate, fx, now)
    return GoodPrice(
        cny_t=_amount(origin, terms.method, last, quotes),
        published_at=rate.published_at if rate is not None and fresh and not fresh_fx else last.published_at,
        standing=PriceStanding.FRESH if fresh and fresh_fx else PriceStanding.STALE,
        source=f"{last.provider}·{last.region}",
        origin=origin,
    )


def _quotes(entry: PriceEntry, last: PriceQuote, terms: PriceTerms, now: datetime) -> tuple[PriceQuote, ...]:
    """The publications that the method rests on, oldest first. last: the one that stands."""
    if terms.method is PriceMethod.LAST:
        return (last,)
    closes = entry.closes if last is entry.accepted else _closes(entry.known(now))  # the latter: for a moment long past
    newest = islice((q for q in reversed(closes) if q.comparable(last)), terms.days)
    return tuple(newest)[::-1]


def _closes(quotes: Iterable[PriceQuote]) -> tuple[PriceQuote, ...]:
    """Of each publication day the quote that was accepted last, by day."""
    last = {quote.day: quote for quote in quotes}
    return tuple(last[day] for day in sorted(last))


def _newest(entry: PriceEntry, now: datetime) -> PriceQuote | None:
    if entry.accepted is not None and entry.accepted.received_at <= now:
        return entry.accepted
    return next(reversed(entry.known(now)), None)


def _convertible(last: PriceQuote, source: QuoteTerms, rate: PriceQuote | None) -> bool:
    known_unit = last.per == "t" or (last.per == "bbl" and source.bbl_per_t is not None)
    known_money = last.money == "CNY" or (
        rate is not None and (rate.money, rate.per) == ("CNY", last.money) and rate.price > 0
    )
    return known_unit and known_money


def _origin(
    terms: PriceTerms,
    source: QuoteTerms,
    last: PriceQuote,
    quotes: tuple[PriceQuote, ...],
    rate: PriceQuote | None,
) -> PriceOrigin:
    taxed = source.quoted is not None and terms.valued is not None and source.quoted is not terms.valued
    assert not taxed or terms.vat is not None, f"{terms.ref!r} changes its tax basis without a rate of tax"
    return PriceOrigin(
        method=terms.method,
        ref=source.ref,
        quotes=tuple(_used(q) for q in quotes),
        days=None if terms.method is PriceMethod.LAST else terms.days,
        instead_of=terms.ref if source.ref != terms.ref else None,
        bbl_per_t=source.bbl_per_t if last.per == "bbl" else None,
        fx=_used(rate) if rate is not None else None,
        tax=source.quoted if taxed else None,
        vat=terms.vat if taxed else None,
    )


def _amount(origin: PriceOrigin, method: PriceMethod, last: PriceQuote, quotes: tuple[PriceQuote, ...]) -> Decimal:
    newest = fen(_converted(last.price, origin)) if origin.converted else last.price
    if method is PriceMethod.LAST:
        return newest
    mean = fen(_converted(sum((q.price for q in quotes), Decimal(0)) / len(quotes), origin))
    return mean if method is PriceMethod.AVERAGE else min(mean, newest)


def _converted(price: Decimal, origin: PriceOrigin) -> Decimal:
    """Barrels to tonnes, then to CNY, then to the contract's tax basis; unrounded."""
    if origin.bbl_per_t is not None:
        price *= origin.bbl_per_t
    if origin.fx is not None:
        price *= origin.fx.price
    if origin.vat is None:
        return price
    return without_tax(price, origin.vat) if origin.tax is Tax.INCLUDED else with_tax(price, origin.vat)


def _is_fresh(last: PriceQuote, terms: PriceTerms, now: datetime) -> bool:
    """Trading days end at midnight in Beijing: a quote of Friday that may be 2 days old is fresh all Tuesday."""
    if terms.stale_trading_days is None or terms.trading is None:
        return (now - last.published_at).total_seconds() <= terms.stale_after_s
    today = now.astimezone(CHINA).date()
    return today <= terms.trading.add_working_days(last.day, terms.stale_trading_days).day


def _fresh_fx(rate: PriceQuote, fx: FxTerms, now: datetime) -> bool:
    return (now - rate.published_at).total_seconds() <= fx.stale_after_s


def _waiting(book: PriceBook, terms: PriceTerms, price: GoodPrice) -> PriceQuote | None:
    """The quote in quarantine on which this price would hang: of the first source, the one used, or its rate."""
    used = price.origin
    refs = [terms.ref]
    if used is not None:
        refs += [used.ref, *([used.fx.ref] if used.fx is not None else [])]
    return next((q for ref in refs if (q := book.entry(ref).quarantined) is not None), None)


def _used(quote: PriceQuote) -> QuoteUsed:
    return QuoteUsed(ref=quote.ref, price=quote.price, currency=quote.currency, published_at=quote.published_at)
