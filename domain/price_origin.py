"""How a price came about, so that an answer can explain it and anybody can calculate it again. No arithmetic."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.contract import PriceMethod, Tax


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteUsed:
    """A publication as it was made: ``price`` in its own ``currency`` (CNY is per tonne, else as in USD/bbl)."""

    ref: str
    price: Decimal
    currency: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualPrice:
    """CNY per tonne of a good, as the contract counts it, which ``by`` confirmed at ``at`` after ``proposed_by``."""

    good: str
    cny_t: Decimal
    at: datetime
    until: datetime
    proposed_by: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOrigin:
    """The way from the publications to CNY per tonne.

    quotes: what was used, oldest first, the newest last; as many days as there were, of ``days`` asked for (None: no
    mean). instead_of: the contract's first reference where a fallback stands in for it. tax: what the quote held,
    where ``vat`` took it to the contract's basis. waiting: the quote in quarantine that would change this price.
    manual: set by people, in place of whatever was published; then there are no quotes.
    """

    method: PriceMethod
    ref: str
    quotes: tuple[QuoteUsed, ...]
    days: int | None = None
    instead_of: str | None = None
    bbl_per_t: Decimal | None = None
    fx: QuoteUsed | None = None
    tax: Tax | None = None
    vat: Decimal | None = None
    waiting: QuoteUsed | None = None
    manual: ManualPrice | None = None

    @property
    def short(self) -> bool:
        """The mean rests on fewer publication days than the contract asks for."""
        return self.manual is None and self.days is not None and len(self.quotes) < self.days

    @property
    def plain(self) -> bool:
        """The newest publication of the contract's first reference, as published."""
        return (
            self.method is PriceMethod.LAST and self.instead_of is None and not self.converted and self.manual is None
        )

    @property
    def converted(self) -> bool:
        """Another unit, currency or tax basis than the contract's."""
        return self.bbl_per_t is not None or self.fx is not None or self.vat is not None
