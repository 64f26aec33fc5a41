"""What could leave the pledge today: headroom in value, and per good in tonnes. A figure, never a permission.

What leaves raises the shares of what stays, so that a cap may cut what it did not cut before: each mass is found by
revaluing the pool without it, not by dividing a value by a price (docs/pledge.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from domain.contract import Contract, Line
from domain.money import ZERO
from domain.position import Position
from domain.what_if import Change, by_value, largest, revalued, spread

PROBES = 16
"""So many masses below a result are tried as well where a site cap leaves no proof that they are borne."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodHeadroom:
    """How much of one good alone could leave, drawn from its tanks in proportion. after_cny: V without it.

    capped: more would have fitted above the floor, but what stays would stand above a cap.
    """

    good: str
    kg: int
    after_cny: Decimal
    capped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """value_cny: V − floor − buffer, never below 0. The goods are alternatives: their tonnes do not add up.

    blocked: an open red alarm, or a frozen contract: nothing may leave whatever the value.
    """

    floor_cny: Decimal
    value_cny: Decimal
    goods: tuple[GoodHeadroom, ...]
    blocked: bool


def floor_of(position: Position) -> Decimal:
    """What V must not fall below in CNY: the highest of the lines, so that no release ever breaches one."""
    return max(position.line_values[line] for line in Line)


def headroom(contract: Contract, position: Position, *, buffer_cny: Decimal = ZERO, blocked: bool = False) -> Headroom:
    """Headroom above the highest line plus ``buffer_cny``; nothing where ``blocked`` or where data is missing."""
    floor = floor_of(position)
    shut = blocked or not position.known
    value = ZERO if shut else max(ZERO, position.recognised - floor - buffer_cny)
    goods = tuple(_good(contract, position, g, floor + buffer_cny, free=value > 0) for g in by_value(position))
    return Headroom(floor_cny=floor, value_cny=value, goods=goods, blocked=blocked)


def _good(contract: Contract, position: Position, good: str, floor: Decimal, *, free: bool) -> GoodHeadroom:
    held = sum(i.eligible_kg for i in position.items if i.counted and i.holding.good == good)

    def after(kg: int) -> Position:
        return revalued(contract, position, Change(moved_kg=spread(position, good, kg, out=True)))

    def bears(kg: int) -> bool:
        then = after(kg)
        return then.recognised >= floor and within_caps(position, then)

    kg = _proven(contract, bears, largest(bears, held)) if free else 0
    capped = free and kg < held and after(kg + 1).recognised >= floor
    return GoodHeadroom(good=good, kg=kg, after_cny=after(kg).recognised, capped=capped)


def within_caps(before: Position, after: Position) -> bool:
    """No more lies above the caps than before: nothing that counted has ceased to count."""
    return after.capped_off <= before.capped_off


def _proven(contract: Contract, bears: Callable[[int], bool], kg: int) -> int:
    """The mass, or less where something below it is not borne.

    Tank and good caps are minima of what is held and shares of the whole, so V is concave in what leaves and the
    borne masses are one interval from 0. Site and owner caps, taken pro rata, are not of that form: then probes decide.
    """
    if contract.caps.site is None and contract.caps.owner is None:
        return kg
    probes = sorted({kg * n // PROBES for n in range(PROBES)})
    bad = next((n for n in probes if not bears(n)), None)
    return kg if bad is None else largest(bears, bad)
