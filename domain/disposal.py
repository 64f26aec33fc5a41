"""A disposal worksheet: what would be sold in which order, what it would bring, and when the exposure is covered.

A calculation for the lender's file, from the pledge as it stands; it disposes of nothing and promises no price.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil

from domain.money import ZERO, fen, total, worth
from domain.position import Item, Position


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
class Sale:
    """One good's sale. proceeds_cny: after haircut and cost. sold_by_day: the day on which its last tonne leaves.

    covered_cny: proceeds of this and all sales before it. coverage: that as a part of the exposure, None if none is
    owed.
    """

    good: str
    kg: int
    proceeds_cny: Decimal
    sold_by_day: int
    covered_cny: Decimal
    coverage: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """The sales in order. shortfall_cny: exposure that all of them together leave uncovered. covered_by: after which
    good the exposure is covered. unsold: goods without a price above zero.
    """

    exposure_cny: Decimal
    sales: tuple[Sale, ...]
    proceeds_cny: Decimal
    shortfall_cny: Decimal
    covered_by: str | None
    unsold: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """order: goods to sell first, as the contract states; the rest follows by the smallest haircut, then the largest
    value. terms: by good; a good without any sells at the market price, at no cost, at once.
    """

    order: Sequence[str] = ()
    terms: Mapping[str, SaleTerms] = field(default_factory=dict)


def worksheet(position: Position, plan: Plan | None = None) -> Worksheet:
    """The worksheet of everything that counts in ``position``, each good sold after the one before it in the order.

    Sales run beside one another: a good's days count from the decision, not from the end of the sale before it.
    """
    plan = plan or Plan()
    goods = _goods(position)
    sold = {g: items for g, items in goods.items() if (items[0].price.cny_t or ZERO) > 0}
    sales: list[Sale] = []
    covered = ZERO
    for good in _ordered(sold, plan):
        terms = plan.terms.get(good, SaleTerms())
        proceeds = _proceeds(sold[good], terms)
        covered += proceeds
        sales.append(_sale(position, good, sold[good], terms, proceeds, covered))
    enough = next((s.good for s in sales if s.covered_cny >= position.exposure), None)
    return Worksheet(
        exposure_cny=position.exposure,
        sales=tuple(sales),
        proceeds_cny=covered,
        shortfall_cny=max(ZERO, position.exposure - covered),
        covered_by=enough,
        unsold=tuple(sorted(g for g in goods if g not in sold)),
    )


def _goods(position: Position) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for i in position.items:
        if i.counted and i.eligible_kg:
            found.setdefault(i.holding.good, []).append(i)
    return found


def _ordered(sold: Mapping[str, list[Item]], plan: Plan) -> list[str]:
    first = {g: n for n, g in enumerate(plan.order)}

    def rank(good: str) -> tuple[int, Decimal, Decimal, str]:
        haircut = plan.terms.get(good, SaleTerms()).haircut
        return first.get(good, len(first)), haircut, -total(i.value_cny for i in sold[good]), good

    return sorted(sold, key=rank)


def _proceeds(items: Sequence[Item], terms: SaleTerms) -> Decimal:
    """Market price, not the pledge's: the caps and the contract's haircut are for lending. A sale never costs more."""
    price = items[0].price.cny_t or ZERO
    gross = total(worth(i.eligible_kg, price, terms.haircut) for i in items)
    cost = total(fen(terms.cost_cny_t * i.eligible_kg / 1000) for i in items)
    return max(ZERO, gross - cost)


def _sale(
    position: Position, good: str, items: Sequence[Item], terms: SaleTerms, proceeds: Decimal, covered: Decimal
) -> Sale:
    kg = sum(i.eligible_kg for i in items)
    days = ceil(Decimal(kg) / 1000 / terms.t_per_day) if terms.t_per_day else 0
    return Sale(
        good=good,
        kg=kg,
        proceeds_cny=proceeds,
        sold_by_day=terms.lead_days + days,
        covered_cny=covered,
        coverage=covered / position.exposure if position.exposure else None,
    )
