"""Why the value moved: an exact split of ΔV into price, booked and unbooked quantity, eligibility, haircut, caps.

Each part is the difference of two full valuations, so the parts add up to ΔV to the fen (docs/pledge.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.money import ZERO, fen, total, worth
from domain.position import Item, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Parts of ``after − before`` in CNY. by_good: price effect per good; by_tank: quantity effect per tank."""

    before: Decimal
    after: Decimal
    price: Decimal
    booked: Decimal
    unbooked: Decimal
    eligibility: Decimal
    haircut: Decimal
    caps: Decimal
    by_good: Mapping[str, Decimal]
    by_tank: Mapping[str, Decimal]

    @property
    def change(self) -> Decimal:
        """ΔV in CNY: exactly the sum of the parts."""
        return self.after - self.before


def attribute(before: Position, after: Position, *, booked_kg: Mapping[str, int]) -> Attribution:
    """Split the change of the recognised value between two positions of one contract.

    booked_kg: per tank, the signed kg that work orders explain (− out, + in) between the two.
    Order of steps: price, quantity, what receipts cover, haircut on the tanks counted in both; then caps. Eligibility:
    tanks that came to count or ceased to, and what receipts cover more or less than before.
    """
    was = {i.holding.tank_id: i for i in before.items if i.counted}
    now = {i.holding.tank_id: i for i in after.items if i.counted}
    both = [t for t in was if t in now]
    by_good: dict[str, Decimal] = {}
    by_tank: dict[str, Decimal] = {}
    booked = haircut = covered = ZERO
    for tank_id in both:
        a, b = was[tank_id], now[tank_id]
        kg = _under(a, b)
        repriced = worth(a.eligible_kg, _price(b), a.haircut)
        moved = worth(kg, _price(b), a.haircut)
        backed = worth(b.eligible_kg, _price(b), a.haircut)
        by_good[b.holding.good] = by_good.get(b.holding.good, ZERO) + repriced - a.value_cny
        by_tank[tank_id] = moved - repriced
        booked += _explained(moved - repriced, kg - a.eligible_kg, booked_kg.get(tank_id, 0))
        covered += backed - moved
        haircut += b.value_cny - backed
    came = total(i.value_cny for t, i in now.items() if t not in was)
    went = total(i.value_cny for t, i in was.items() if t not in now)
    price, quantity = total(by_good.values()), total(by_tank.values())
    return Attribution(
        before=before.recognised,
        after=after.recognised,
        price=price,
        booked=booked,
        unbooked=quantity - booked,
        eligibility=covered + came - went,
        haircut=haircut,
        caps=before.capped_off - after.capped_off,
        by_good={g: v for g, v in by_good.items() if v},
        by_tank={t: v for t, v in by_tank.items() if v},
    )


def _under(before: Item, after: Item) -> int:
    """What would count after, did receipts still cover what they covered before."""
    free, cover = after.eligible_kg + after.uncovered_kg, before.holding.pledged_kg
    return free if cover is None else min(free, cover)


def _price(i: Item) -> Decimal:
    return max(i.price.cny_t or ZERO, ZERO)


def _explained(effect: Decimal, moved_kg: int, booked_kg: int) -> Decimal:
    """The part of a tank's quantity effect that work orders account for: same sign, and no more than happened."""
    if moved_kg == 0 or (moved_kg > 0) != (booked_kg > 0):
        return ZERO
    share = min(Decimal(1), Decimal(abs(booked_kg)) / Decimal(abs(moved_kg)))
    return fen(effect * share)
