"""How a price came about, for an answer: only where it is more than the newest publication of the first source."""

from domain.event import Json, stamp
from domain.position import GoodPrice
from domain.price_origin import QuoteUsed


def price_note(price: GoodPrice) -> Json | None:
    """The facts of a mean, a fallback or a conversion; None where the price stands as it was published, or is none."""
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
    }


def _quote(quote: QuoteUsed) -> Json:
    return {
        "ref": quote.ref,
        "price": str(quote.price),
        "currency": quote.currency,
        "published_at": stamp(quote.published_at),
    }
