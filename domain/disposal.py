"""A disposal worksheet: what would be sold in which order, what it would bring, and when the exposure is covered.

A calculation for the lender's file, from the pledge as it stands; it disposes of nothing and promises no price.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from domain.money import ZERO, fen, total, worth
from domain.position import Item, Position
from domain.sale import Plan, SaleTerms

__all__ = ["Plan", "Sale", "SaleTerms", "Worksheet", "bought_back", "worksheet"]


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
        terms = plan.of(good)
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


def bought_back(position: Position, price_ratio: Decimal) -> Decimal:
    """What a buyback of everything that counts would bring in CNY, at this part of the price that counts."""
    sold = (i for items in _goods(position).values() for i in items if (i.price.cny_t or ZERO) > 0)
    return total(worth(i.eligible_kg, i.price.cny_t or ZERO, 1 - price_ratio) for i in sold)


def _goods(position: Position) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for i in position.items:
        if i.counted and i.eligible_kg:
            found.setdefault(i.holding.good, []).append(i)
    return found


def _ordered(sold: Mapping[str, list[Item]], plan: Plan) -> list[str]:
    first = {g: n for n, g in enumerate(plan.order)}

    def rank(good: str) -> tuple[int, Decimal, Decimal, str]:
        haircut = plan.of(good).haircut
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
