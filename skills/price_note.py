"""How a price came about, for an answer: only where it is more than the newest publication of the first source."""

from domain.event import Json, stamp
from domain.position import GoodPrice
from domain.price_origin import ManualPrice, QuoteUsed


def price_note(price: GoodPrice, *, names: bool = False) -> Json | None:
    """The facts of a mean, a fallback, a conversion or a price set by hand; None where it stands as published, or is none.

    names: the people who set a price may be named here.
    """
    origin = price.origin
    if origin is None or origin.plain or price.cny_t is None:
        return None
    return {
        "cny_t": str(price.cny_t),
        "method": origin.method.value,
        "days": origin.days,
        "quotes": [_quote(q) for q in origin.quotes],
        "short": origin.short,
        "source": price.source,
        "fallback": origin.instead_of is not None,
        "bbl_per_t": str(origin.bbl_per_t) if origin.bbl_per_t is not None else None,
        "fx": _quote(origin.fx) if origin.fx is not None else None,
        "tax": origin.tax.value if origin.tax is not None else None,
        "tax_factor": str(1 + origin.vat) if origin.vat is not None else None,
        "manual": _manual(origin.manual, names=names) if origin.manual is not None else None,
    }


def _manual(manual: ManualPrice, *, names: bool) -> Json:
    """Until when it counts at most; and among lenders who proposed and who confirmed it."""
    people = {"proposed_by": manual.proposed_by, "by": manual.by} if names else {}
    return {"at": stamp(manual.at), "until": stamp(manual.until), **people}


def _quote(quote: QuoteUsed) -> Json:
    return {
        "ref": quote.ref,
        "price": str(quote.price),
        "currency": quote.currency,
        "published_at": stamp(quote.published_at),
    }
