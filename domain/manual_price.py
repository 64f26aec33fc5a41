"""A price that two people of the lender have set: it counts until a newer one is published, or until its end."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.contract import PriceTerms
from domain.position import GoodPrice, PriceStanding
from domain.price_origin import ManualPrice, PriceOrigin

SOURCE = "manual"
"""Stands for the source of a price that nobody has published; the messages say it in words."""


def counted(price: GoodPrice, manual: Iterable[ManualPrice], terms: PriceTerms, now: datetime) -> GoodPrice:
    """``price``, or in its place the newest manual one, where that is in force and nothing newer is published.

    manual: of this lender and good. What waits in quarantine is still told. Of a price set, published_at is when.
    """
    live = [m for m in manual if m.at <= now < m.until]
    newest = max(live, key=lambda m: m.at, default=None)
    if newest is None or (price.published_at is not None and price.published_at > newest.at):
        return price
    waiting = price.origin.waiting if price.origin is not None else None
    return replace(
        price,
        cny_t=newest.cny_t,
        published_at=newest.at,
        standing=PriceStanding.FRESH,
        source=SOURCE,
        origin=PriceOrigin(method=terms.method, ref=terms.ref, quotes=(), waiting=waiting, manual=newest),
    )
