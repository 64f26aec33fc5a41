"""What restores the pledge: goods, run through the caps, or money; and how far a restoration has come.

Goods that lift their own share above a cap do not count in full, so advice is always a revaluation (docs/pledge.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from domain.contract import Contract, Line
from domain.headroom import within_caps
from domain.money import ZERO, cny, fen, in_fen, round_up, total, worth
from domain.position import Position, line_values
from domain.what_if import Change, by_value, largest, priced, revalued, spread

MOST_GOODS = 3
"""Advice that mixes more goods than this is none."""
MANY_POOLS = 1000
"""A good of which so many times the whole pool counts has no cap."""
CALL_STEP = Decimal(10_000)
"""A call for money or goods is rounded up to whole 万元."""
FEW_FEN = 4
"""How far the rounding of a line takes the repayment that suffices from the proportional one, and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodTopUp:
    """So many kg of a good; kg None: no amount of it alone restores the target within the caps."""

    good: str
    kg: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """What brings the value back to ``target`` CNY.

    goods_cny: target − V. cash_cny: the repayment after which V suffices, to the fen; None where no repayment lowers
    the line far enough (a control-line notice). mix: at most three goods that do it together within the caps: the
    largest of the pool that suffices alone, else several; empty: none found.
    """

    target: Decimal
    goods_cny: Decimal
    cash_cny: Decimal | None
    mix: tuple[GoodTopUp, ...]


def target_value(contract: Contract, position: Position, exposure: Decimal) -> Decimal:
    """The value in CNY to which the contract wants the pledge restored if ``exposure`` were owed."""
    line = contract.lines.restore_target
    same = exposure == position.exposure
    lines = position.line_values if same else line_values(contract, exposure, position.at)
    if line is None:  # a control-line notice may lie above the initial ratio: what stays below a line is not restored
        return max(fen(contract.lines.worth_of(None, exposure)), *lines.values())
    return lines[line]


def target_line(contract: Contract, position: Position) -> Line | None:
    """The line of the target; None: the initial ratio, unless a control-line notice asks for more."""
    line = contract.lines.restore_target
    initial = fen(contract.lines.worth_of(None, position.exposure))
    noticed = line is None and position.line_values[Line.CONTROL] > initial
    return Line.CONTROL if noticed else line


def mixed(contract: Contract, position: Position) -> tuple[GoodTopUp, ...]:
    """The goods that would restore the target within the caps; none at or above it, or where none can."""
    target = target_value(contract, position, position.exposure)
    return () if position.recognised >= target or target == 0 else _mix(contract, position, target)


def top_up(contract: Contract, position: Position, mix: tuple[GoodTopUp, ...] | None = None) -> TopUp | None:
    """What restores the target that the contract names, or None at or above it. mix: ``mixed``, if known already."""
    target = target_value(contract, position, position.exposure)
    if position.recognised >= target or target == 0:
        return None
    return TopUp(
        target=target,
        goods_cny=target - position.recognised,
        cash_cny=_cash(contract, position),
        mix=_mix(contract, position, target) if mix is None else mix,
    )


def alone(contract: Contract, position: Position) -> tuple[GoodTopUp, ...]:
    """How much of each good restores the target by itself, the largest of the pool first; none above the target."""
    target = target_value(contract, position, position.exposure)
    if position.recognised >= target:
        return ()
    return tuple(GoodTopUp(good=g, kg=_alone(contract, position, g, target)) for g in _goods(position))


def _goods(position: Position) -> list[str]:
    """What could be brought: goods that have a counted tank and a price."""
    return [g for g in by_value(position) if g in priced(position)]


def call_amount(contract: Contract, need_cny: Decimal) -> Decimal:
    """What is called for: the need rounded up to whole 万元, and no less than the contract's minimum call; 0 for 0."""
    if need_cny <= 0:
        return ZERO
    return max(round_up(need_cny, CALL_STEP), contract.lines.minimum_call)


def brought(position: Position, kg: Mapping[str, int]) -> Change:
    """Goods brought into the tanks that hold their kind, in proportion to what each holds. kg by good code."""
    moved: dict[str, int] = {}
    for good, mass in kg.items():
        moved |= spread(position, good, mass, out=False)
    return Change(moved_kg=moved)


def mass_worth(contract: Contract, position: Position, good: str, value: Decimal) -> int | None:
    """The smallest kg of a good that adds ``value`` CNY to the recognised value; None where its cap is reached first.

    Raises KeyError for a good without a counted tank and a price.
    """
    return _alone(contract, position, good, position.recognised + value)


def room_for(contract: Contract, position: Position, good: str) -> int | None:
    """The most kg of a good that may still come in and all count; None where no cap would ever cut it.

    Raises ValueError where no counted tank of the good takes any.
    """

    def counts(kg: int) -> bool:
        return within_caps(position, revalued(contract, position, brought(position, {good: kg})))

    most = MANY_POOLS * max(1, sum(i.eligible_kg for i in position.items if i.counted))
    kg = largest(counts, most)
    return None if kg == most else kg


def _alone(contract: Contract, position: Position, good: str, target: Decimal) -> int | None:
    """The smallest kg of this good that restores the target with nothing more above the caps."""
    most = _linear_kg(position, good, target - position.recognised)

    def short(kg: int) -> bool:
        return kg == 0 or revalued(contract, position, brought(position, {good: kg})).recognised < target

    if short(most):
        return None  # beyond this mass only the caps' shares of an ever larger pool would grow
    # Where no cap cuts yet, less than this cannot do: the search is then about the rounding of a few tanks only.
    least = 0 if position.capped_off else max(0, most - 2 * _slack(position, good))
    kg = least + largest(lambda more: short(least + more), most - least) + 1
    return kg if within_caps(position, revalued(contract, position, brought(position, {good: kg}))) else None


def _linear_kg(position: Position, good: str, value: Decimal) -> int:
    """Enough for this value but for the caps."""
    return ceil(value / priced(position)[good]) + _slack(position, good)


def _slack(position: Position, good: str) -> int:
    """Kg that the rounding of each tank's value to the fen, and of this mass itself, may take."""
    tanks = sum(i.holding.good == good for i in position.items)
    return ceil(cny(tanks) / priced(position)[good]) + 1


def _mix(contract: Contract, position: Position, target: Decimal) -> tuple[GoodTopUp, ...]:
    """The first good that suffices alone, else several that do together."""
    goods = _goods(position)
    able = ((g, kg) for g in goods if (kg := _alone(contract, position, g, target)) is not None)
    found = next(able, None)
    if found is not None:
        return (GoodTopUp(good=found[0], kg=found[1]),)
    return _together(contract, position, goods, target)


def _together(contract: Contract, position: Position, goods: list[str], target: Decimal) -> tuple[GoodTopUp, ...]:
    """Goods by the room under their caps in the restored pool, most room first, until the target is reached."""
    need = target - position.recognised
    whole = position.recognised + position.capped_off + need
    room = {g: _room(contract, position, g, whole) for g in goods}
    kg: dict[str, int] = {}
    for good in sorted(goods, key=lambda g: (-room[g], g))[:MOST_GOODS]:
        if need <= 0 or room[good] <= 0:
            break
        part = min(need, room[good])
        kg[good] = int(part / priced(position)[good]) if part < need else _linear_kg(position, good, part)
        need -= part
    return _restoring(contract, position, kg, target)


def _restoring(contract: Contract, position: Position, kg: dict[str, int], target: Decimal) -> tuple[GoodTopUp, ...]:
    """The mix with no more of its last good than it takes, or nothing if it does not restore the target."""
    if not kg:
        return ()
    last = next(reversed(kg))

    def after(mass: int) -> Position:
        return revalued(contract, position, brought(position, {**kg, last: mass}))

    most = kg[last] + len(kg)  # the others were rounded down by less than a kg each, at dearer prices by a little more
    if after(most).recognised < target:
        return ()
    kg[last] = largest(lambda mass: after(mass).recognised < target, most) + 1
    if not within_caps(position, after(kg[last])):
        return ()
    return tuple(GoodTopUp(good=g, kg=mass) for g, mass in kg.items())


def _room(contract: Contract, position: Position, good: str, whole: Decimal) -> Decimal:
    """How much more of a good the caps admit in a pool worth ``whole``, in CNY."""
    terms = contract.goods[good]
    cap = terms.max_share if terms.max_share is not None else contract.caps.good
    held = total(i.value_cny for i in position.items if i.counted and i.holding.good == good)
    return whole if cap is None else cap * whole - held


def _cash(contract: Contract, position: Position) -> Decimal | None:
    """The smallest repayment in CNY, found to the fen among all of them: a smaller debt never raises a line."""
    owed = in_fen(round_up(position.exposure, cny(1)))

    def short(repaid: int) -> bool:
        return target_value(contract, position, max(position.exposure - cny(repaid), ZERO)) > position.recognised

    if short(owed):
        return None
    # Lines go with the debt but for their rounding: the search is then about a few fen only.
    ratio = position.recognised / target_value(contract, position, position.exposure)
    near = owed - int(owed * ratio)
    least = near - FEW_FEN if near > FEW_FEN and short(near - FEW_FEN) else 0
    most = near + FEW_FEN if near + FEW_FEN < owed and not short(near + FEW_FEN) else owed
    return cny(least + largest(lambda more: short(least + more), most - least) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a restoration has come, in CNY at today's prices: 已补 and 尚缺."""

    came_cny: Decimal
    missing_cny: Decimal


def progress(contract: Contract, position: Position, came_kg: Mapping[str, int]) -> Progress:
    """What work orders brought since the alarm (``came_kg`` by good) is worth today, and what is still missing."""
    missing = target_value(contract, position, position.exposure) - position.recognised
    rate = {i.holding.good: i for i in position.items if i.counted}
    came = (
        worth(kg, max(rate[g].price.cny_t or ZERO, ZERO), rate[g].haircut) for g, kg in came_kg.items() if g in rate
    )
    return Progress(came_cny=total(came), missing_cny=max(ZERO, missing))
