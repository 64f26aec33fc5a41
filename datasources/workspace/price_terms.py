"""How a contract's file says which price counts, and what that means for one good."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Needs

from datasources.workspace.number import Hours, Ratio, ratio, whole
from datasources.workspace.part import Part
from datasources.workspace.secret import shown
from datasources.workspace.word import Label, names_of, one_of, refuse, written
from domain.calendar import WorkingCalendar
from domain.contract import FxTerms, PriceMethod, PriceTerms, QuoteTerms, Tax

_SAME = ("stale_haircut", "crash_day", "outlier", "agree", "method", "days", "quoted", "valued", "vat")
"""Terms that stand in the file as they stand in the contract."""
HOUR_S = 3600.0
Taxed = Annotated[Tax, one_of(names_of(Tax))]


def barrels(value: Any) -> Decimal:
    """Barrels in a tonne: bitumen has 6, crude 7.3, naphtha 8.9, LPG 11.6."""
    word = written(value)
    if not re.fullmatch(r"\d{1,2}(\.\d{1,6})?", word, re.ASCII) or not 4 <= Decimal(word) <= 15:
        refuse(f"{shown(word)} is no number of barrels in a tonne", "write 4 to 15, e.g. 7.33 for crude oil")
    return Decimal(word)


Barrels = Annotated[Decimal, BeforeValidator(barrels)]


class FallbackPart(Part):
    """备用报价: a quote that stands in when those before it are missing or stale."""

    ref: Label = Needs(description="the quote, as the price source calls it")
    quoted: Taxed | None = None
    bbl_per_t: Barrels | None = None


class FxPart(Part):
    """汇率: what one unit of a currency is in CNY."""

    currency: Label = Needs(description="the currency of the quote, e.g. USD")
    ref: Label = Needs(description="the rate, as the price source calls it, e.g. USDCNY")
    stale_after_hours: Hours = 48.0


class PriceTermsPart(Part):
    """Which price counts and when a quote may not be trusted; written once for the contract, or for one good."""

    stale_after_hours: Hours | None = None
    stale_trading_days: Annotated[int, whole(low=1, high=60)] | None = None
    stale_haircut: Ratio | None = None
    crash_day: Ratio | None = None
    outlier: Ratio | None = None
    agree: Ratio | None = None
    method: Annotated[PriceMethod, one_of(names_of(PriceMethod))] | None = None
    days: Annotated[int, whole(low=2, high=250)] | None = None
    quoted: Taxed | None = None
    valued: Taxed | None = None
    vat: Annotated[Decimal, ratio(high=Decimal("0.5"))] | None = None
    fx: tuple[FxPart, ...] = ()


class PricedPart(PriceTermsPart):
    """A good's own price: the quote that it follows, and those that stand in for it."""

    price_ref: Label = Needs(description="the quote that prices it, as the price source calls it")
    fallbacks: tuple[FallbackPart, ...] = ()
    bbl_per_t: Barrels | None = None


def price_terms(part: PricedPart, common: PriceTermsPart | None, trading: WorkingCalendar | None) -> PriceTerms:
    """The good's own terms, else the contract's, else the usual ones. trading: the price sources' days."""
    terms = PriceTerms(
        ref=part.price_ref,
        fallbacks=tuple(QuoteTerms(ref=f.ref, quoted=f.quoted, bbl_per_t=f.bbl_per_t) for f in part.fallbacks),
        bbl_per_t=part.bbl_per_t,
    )
    for source in (common, part):
        if source is not None:
            terms = _with(terms, source)
    return replace(terms, trading=trading) if terms.stale_trading_days is not None else terms


def _with(terms: PriceTerms, part: PriceTermsPart) -> PriceTerms:
    given: dict[str, Any] = {key: getattr(part, key) for key in _SAME if getattr(part, key) is not None}
    if part.stale_after_hours is not None:  # hours of the good end days of the contract
        given |= {"stale_after_s": part.stale_after_hours * HOUR_S, "stale_trading_days": None}
    if part.stale_trading_days is not None:
        given["stale_trading_days"] = part.stale_trading_days
    if part.fx:
        given["fx"] = tuple(_rates(part.fx))
    return replace(terms, **given)


def _rates(parts: Iterable[FxPart]) -> Iterable[FxTerms]:
    for fx in parts:
        yield FxTerms(currency=fx.currency, ref=fx.ref, stale_after_s=fx.stale_after_hours * HOUR_S)
