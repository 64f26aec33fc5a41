"""How a pledge would be sold in haste, as a contract states it. No arithmetic: that is ``domain.disposal``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.money import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleTerms:
    """How a good sells in haste.

    haircut: part of the market price that a forced sale loses (0.10 = 10 %). cost_cny_t: pumping, freight, tax, per
    tonne. t_per_day: tonnes that find buyers in a day; None: all in ``lead_days``. lead_days: before the first tonne.
    """

    haircut: Decimal = ZERO
    cost_cny_t: Decimal = ZERO
    t_per_day: Decimal | None = None
    lead_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """order: goods to sell first, as the contract states; the rest follows by the smallest haircut, then the largest
    value. terms: by good. usual: of a good without its own; by default the market price, at no cost, at once.
    """

    order: Sequence[str] = ()
    terms: Mapping[str, SaleTerms] = field(default_factory=dict)
    usual: SaleTerms = SaleTerms()

    def of(self, good: str) -> SaleTerms:
        """How this good sells."""
        return self.terms.get(good, self.usual)
