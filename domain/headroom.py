"""What could leave the pledge today: headroom in value, and per good in tonnes. A figure, never a permission.

What leaves raises the shares of what stays, so that a cap may cut what it did not cut before: each mass is found by
revaluing the pool without it, not by dividing a value by a price (docs/pledge.md).
"""

from collections.abc import Callable, Mapping
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


def headroom_of_tank(
    contract: Contract, position: Position, tank_id: str, *, blocked: bool = False
) -> GoodHeadroom | None:
    """How much of what one tank holds could leave, the others as they are; None where the tank does not count now."""
    one = next((i for i in position.items if i.counted and i.holding.tank_id == tank_id), None)
    if one is None:
        return None
    floor = floor_of(position)
    free = not blocked and position.known and position.recognised > floor
    parting = _Parting(good=one.holding.good, held=one.eligible_kg, leaving=lambda kg: {tank_id: -kg})
    return _most(contract, position, parting, floor, free=free)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parting:
    """What would leave: of which good, at most so many kg, and how a mass is drawn from the tanks."""

    good: str
    held: int
    leaving: Callable[[int], Mapping[str, int]]


def _good(contract: Contract, position: Position, good: str, floor: Decimal, *, free: bool) -> GoodHeadroom:
    held = sum(i.eligible_kg for i in position.items if i.counted and i.holding.good == good)
    parting = _Parting(good=good, held=held, leaving=lambda kg: spread(position, good, kg, out=True))
    return _most(contract, position, parting, floor, free=free)


def _most(contract: Contract, position: Position, parting: _Parting, floor: Decimal, *, free: bool) -> GoodHeadroom:
    def after(kg: int) -> Position:
        return revalued(contract, position, Change(moved_kg=parting.leaving(kg)))

    def bears(kg: int) -> bool:
        then = after(kg)
        return then.recognised >= floor and within_caps(position, then)

    kg = _proven(contract, bears, largest(bears, parting.held)) if free else 0
    capped = free and kg < parting.held and after(kg + 1).recognised >= floor
    return GoodHeadroom(good=parting.good, kg=kg, after_cny=after(kg).recognised, capped=capped)


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
