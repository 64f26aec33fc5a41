"""A position as it would be under a change: prices, goods, tanks, what is owed. Every figure by full revaluation.

A linear estimate would miss the caps: what one good loses lowers the ceiling of all the others (docs/pledge.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from domain.contract import Contract, Line
from domain.money import ZERO, in_fen, total
from domain.position import Freshness, GoodPrice, Holding, Item, Position, PriceStanding, capped, item, line_values

STEP = Decimal("0.000001")
"""A fall in prices is found to a millionth, and never larger than what the line bears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would be different.

    price_factor: by good code; 0.95 is 5 % less. every_price: the same for all goods, on top. gone: tanks that no
    longer count. moved_kg: signed kg by tank, out is negative. repaid: CNY off the exposure, negative for a drawing.
    notice: a control-line notice of so many CNY; a laxer one than stands changes nothing. lapsed_kg: by tank, what
    receipts cover no longer.
    """

    price_factor: Mapping[str, Decimal] = field(default_factory=dict)
    every_price: Decimal = Decimal(1)
    gone: frozenset[str] = frozenset()
    moved_kg: Mapping[str, int] = field(default_factory=dict)
    repaid: Decimal = ZERO
    notice: Decimal = ZERO
    lapsed_kg: Mapping[str, int] = field(default_factory=dict)


def revalued(contract: Contract, position: Position, change: Change) -> Position:
    """The position after ``change``. Readings keep their age: what was stale before is stale after."""
    kept = tuple(i for i in position.items if i.holding.tank_id not in change.gone)
    items = tuple(_changed(contract, i, change) for i in kept)
    counted = tuple(i for i in items if i.counted)
    recognised = capped(contract, counted)
    as_known = len(counted) == len(items) and all(i.value_cny == i.last_known_cny for i in items)
    known = items if as_known else tuple(replace(i, value_cny=i.last_known_cny) for i in items)
    exposure = max(position.exposure - change.repaid, ZERO)
    return replace(
        position,
        exposure=exposure,
        recognised=recognised,
        last_known=recognised if as_known else capped(contract, known),
        capped_off=total(i.value_cny for i in counted) - recognised,
        line_values=_lines(contract, position, exposure, change.notice),
        ltv=exposure / recognised if recognised > 0 else None,
        items=items,
    )


def _lines(contract: Contract, position: Position, exposure: Decimal, notice: Decimal) -> Mapping[Line, Decimal]:
    same = exposure == position.exposure
    lines = position.line_values if same else line_values(contract, exposure, position.at)
    raised = {line: max(lines[line], notice) for line in (Line.WARN, Line.CONTROL)}
    return {**lines, **raised}


def _changed(contract: Contract, was: Item, change: Change) -> Item:
    """One tank after the change; the very same item where nothing about it changes."""
    factor = change.price_factor.get(was.holding.good, Decimal(1)) * change.every_price
    moved = change.moved_kg.get(was.holding.tank_id, 0)
    lapsed = change.lapsed_kg.get(was.holding.tank_id, 0)
    if was.barred or (factor == 1 and moved == 0 and lapsed == 0):
        return was
    return item(contract, _lapsed(_moved(was.holding, moved), lapsed), _priced(was.price, factor))


def _lapsed(holding: Holding, kg: int) -> Holding:
    if kg == 0 or holding.pledged_kg is None:
        return holding
    return replace(holding, pledged_kg=max(0, holding.pledged_kg - kg))


def _moved(holding: Holding, kg: int) -> Holding:
    """Gauge, book and receipts all move: a paper that nobody has written is no reason to count less, or more."""
    if kg == 0 or holding.physical_kg is None:
        return holding
    book = None if holding.book_kg is None else max(0, holding.book_kg + kg)
    pledged = None if holding.pledged_kg is None else max(0, holding.pledged_kg + kg)
    return replace(holding, physical_kg=max(0, holding.physical_kg + kg), book_kg=book, pledged_kg=pledged)


def _priced(price: GoodPrice, factor: Decimal) -> GoodPrice:
    if factor == 1 or price.cny_t is None:
        return price
    return replace(price, cny_t=price.cny_t * factor)


def as_last_known(contract: Contract, position: Position) -> Position:
    """The position as if what was read and quoted last were of now: what it is short of, no data would restore.

    Its recognised value is the ``last_known`` of ``position``; the same position where nothing is missing.
    """
    if position.recognised == position.last_known:
        return position
    items = tuple(_of_now(contract, i) for i in position.items)
    return replace(
        position,
        recognised=position.last_known,
        capped_off=total(i.value_cny for i in items) - position.last_known,
        ltv=position.exposure / position.last_known if position.last_known > 0 else None,
        items=items,
    )


def _of_now(contract: Contract, was: Item) -> Item:
    """One tank of it; as it is where the contract takes it out, or does not count its good."""
    if was.barred or was.holding.good not in contract.goods:
        return was
    holding = replace(was.holding, freshness=Freshness.FRESH)
    return item(contract, holding, replace(was.price, standing=PriceStanding.FRESH))


def spread(position: Position, good: str, kg: int, *, out: bool) -> dict[str, int]:
    """So many kg of a good over its counted tanks, in proportion to what each holds; signed, whole kg, exact in sum.

    Raises ValueError where no counted tank of the good can take or give so much.
    """
    held = {i.holding.tank_id: i.eligible_kg for i in position.items if i.counted and i.holding.good == good}
    whole = sum(held.values())
    if not held or (out and kg > whole):
        raise ValueError(f"{kg} kg of {good!r}: the counted tanks hold {whole} kg")
    if whole == 0:
        held, whole = dict.fromkeys(held, 1), len(held)
    parts = {t: kg * mine // whole for t, mine in held.items()}
    short = kg - sum(parts.values())
    for tank_id in sorted(held, key=lambda t: (-(kg * held[t] % whole), t))[:short]:
        parts[tank_id] += 1
    return {t: -part if out else part for t, part in parts.items() if part}


def swapped(position: Position, *, out: tuple[str, int], into: tuple[str, int]) -> Change:
    """So many kg of one good for so many of another, each over its own tanks. Raises ValueError as ``spread`` does."""
    left, came = spread(position, *out, out=True), spread(position, *into, out=False)
    return Change(moved_kg={t: left.get(t, 0) + came.get(t, 0) for t in {**left, **came}})


def uniform_fall(contract: Contract, position: Position, limit: Decimal) -> Decimal | None:
    """The largest part by which all prices may fall together with V still ≥ ``limit`` CNY; None if V is below it now.

    1 − L/V, and the caps, which are shares of the same shrinking whole, leave that as it is.
    """
    return _fall(contract, position, limit, lambda fall: Change(every_price=1 - fall))


def fall_of(contract: Contract, position: Position, good: str, limit: Decimal) -> Decimal | None:
    """The same for one good's price alone. 1: it may become worthless. None: V is below ``limit`` CNY now."""
    return _fall(contract, position, limit, lambda fall: Change(price_factor={good: 1 - fall}))


def _fall(
    contract: Contract, position: Position, limit: Decimal, change: Callable[[Decimal], Change]
) -> Decimal | None:
    """By bisection: a lower price never raises V, since the caps are shares of the whole."""
    if position.recognised < limit:
        return None

    def bears(steps: int) -> bool:
        return revalued(contract, position, change(steps * STEP)).recognised >= limit

    whole = int(1 / STEP)
    return largest(bears, whole) * STEP


def to_the_line(contract: Contract, position: Position, limit: Decimal) -> Position | None:
    """The position with all prices fallen as far as ``limit`` CNY bears; None if V is below it now."""
    fall = uniform_fall(contract, position, limit)
    return None if fall is None else revalued(contract, position, Change(every_price=1 - fall))


def largest(bears: Callable[[int], bool], most: int) -> int:
    """The largest n in 0…most that is borne, given that 0 is and that nothing above an unborne n is."""
    if bears(most):
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if bears(middle) else (low, middle)
    return low


def priced(position: Position) -> dict[str, Decimal]:
    """CNY per kg that counts, after haircut, of every good with a counted tank and a price above zero."""
    return {
        i.holding.good: i.price.cny_t / 1000 * (1 - i.haircut)
        for i in position.items
        if i.counted and i.price.cny_t is not None and i.price.cny_t > 0 and i.haircut < 1
    }


def by_value(position: Position) -> list[str]:
    """The goods that count, the one worth most first."""
    sums: dict[str, int] = {}
    for i in position.items:
        if i.counted:
            sums[i.holding.good] = sums.get(i.holding.good, 0) + in_fen(i.value_cny)
    return sorted(sums, key=lambda g: (-sums[g], g))
