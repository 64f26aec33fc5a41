"""One published price row, from whichever feed, as a PriceQuote in money per tonne, per barrel or per currency."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from datasources.feed import BadRow, decimal, fields, moment, text
from domain.errors import SourceMalformed
from domain.price import PriceQuote

CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
PER_TONNE = {"t": Decimal(1), "吨": Decimal(1), "kg": Decimal(1000), "千克": Decimal(1000), "公斤": Decimal(1000)}
BARREL = ("bbl", "桶")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What one reading of a feed brought: the good rows, and the others as BadRows."""

    quotes: tuple[PriceQuote, ...]
    bad_rows: tuple[BadRow, ...]


def quote(published: object, *, received_at: datetime, source_id: str) -> PriceQuote:
    """A quote from ref, good, provider, region, basis, currency, unit, price, published_at.

    unit: 't', '吨', 'kg', '千克' or '公斤', alone or after the currency ('CNY/t'). A price per barrel ('bbl', '桶') or
    of another currency ('CNY/USD') keeps its unit beside its currency: the way to CNY per tonne is the contract's
    matter, not the feed's. Raises SourceMalformed naming the field.
    """
    row = fields(published)
    currency = text(row, "currency")
    if CURRENCY.fullmatch(currency) is None:
        raise SourceMalformed(f"'currency' is {currency!r}, three capital letters such as CNY are expected")
    factor, priced_in = _unit(text(row, "unit"), currency)
    return PriceQuote(
        ref=text(row, "ref"),
        good=text(row, "good"),
        provider=text(row, "provider"),
        region=text(row, "region"),
        basis=text(row, "basis"),
        currency=priced_in,
        price=decimal(row, "price") * factor,
        published_at=moment(row, "published_at"),
        received_at=received_at,
        source_id=source_id,
    )


def _unit(unit: str, currency: str) -> tuple[Decimal, str]:
    """The factor to the unit that the quote keeps, and its currency with that unit unless it is the tonne."""
    per = unit.removeprefix(f"{currency}/")
    if per in PER_TONNE:
        return PER_TONNE[per], currency
    if per in BARREL:
        return Decimal(1), f"{currency}/bbl"
    if CURRENCY.fullmatch(per) is not None and per != currency:
        return Decimal(1), f"{currency}/{per}"
    allowed = f"{', '.join((*PER_TONNE, *BARREL))} are allowed, also as {currency}/t, and another currency"
    raise SourceMalformed(f"'unit' is {unit!r}, {allowed}")
