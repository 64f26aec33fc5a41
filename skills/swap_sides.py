"""The two sides of a swap that is asked about: which goods, in which tanks, how much; and what was not told, worked out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from domain.case.case import CaseLine
from domain.contract import Contract
from domain.event import Json
from domain.money import ZERO
from domain.position import Position, PriceStanding
from domain.what_if import Change, revalued, spread
from skills.ports import View
from skills.understanding.normal import normal

EACH_KG = 100_000
"""Where no tonnes are told, what comes in is told for so much that goes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side. good: its code, None for one that nobody here has; said: as it was named. kg, cny: None where not told.

    held: the pool has it. holds: the good in that tank, None where it is not in the pool. wrong_tank: not the one said.
    """

    good: str | None = None
    said: str | None = None
    tank: str | None = None
    kg: int | None = None
    cny: Decimal | None = None
    held: bool = False
    holds: str | None = None
    wrong_tank: bool = False

    @property
    def named(self) -> bool:
        """Somebody said which."""
        return self.good is not None or self.said is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both, and which of the goods was not told: 'in', 'out'."""

    into: Side
    out: Side

    @property
    def missing(self) -> tuple[str, ...]:
        """The sides of which no good was named."""
        return tuple(name for name, side in (("in", self.into), ("out", self.out)) if not side.named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """Both sides with their masses. worked: the side whose mass was worked out. missing: 'mass' where neither was told.

    problem: 'not_priced', 'not_held' (held_kg: what counts), 'no_tank'. each_kg: what must come in for ``EACH_KG``.
    """

    into: Side
    out: Side
    worked: str | None = None
    missing: tuple[str, ...] = ()
    each_kg: int | None = None
    problem: str | None = None
    held_kg: int | None = None
    in_lines: tuple[CaseLine, ...] = ()
    out_lines: tuple[CaseLine, ...] = ()
    in_rate: Decimal = ZERO
    more_capped: Decimal = ZERO

    def gaps(self, check: Json, floor: Decimal) -> Json:
        """By how much in CNY: over or short in value, above or below the line, above the caps; and kg more to come in."""
        spare = Decimal(check["in_cny"]) - Decimal(check["ratio_needed"]) * Decimal(check["out_cny"])
        above = Decimal(check["after_cny"]) - floor
        more = int((-spare / self.in_rate).to_integral_value(ROUND_CEILING)) if spare < 0 else 0
        return {"spare_cny": str(spare), "above_cny": str(above), "more_kg": more, "capped_cny": str(self.more_capped)}


def sides_of(view: View, contract: Contract, position: Position, arguments: Mapping[str, str]) -> Sides:
    """What the arguments tell; a tank by itself tells its good."""
    return Sides(
        into=_side(view, contract, position, arguments, "in"), out=_side(view, contract, position, arguments, "out")
    )


def _side(view: View, contract: Contract, position: Position, arguments: Mapping[str, str], way: str) -> Side:
    pooled = {i.holding.tank_id: i.holding.good for i in position.items}
    words = tuple(w for w in arguments.get(f"good_{way}", "").split(",") if w)
    goods = tuple(dict.fromkeys(g for w in words if (g := _good(view, contract, w)) is not None))
    tank = arguments.get(f"tank_{way}") or None
    there = pooled.get(tank) if tank is not None else None
    # one name may be of several goods; the tank, or the pool, tells which
    good = next((g for g in goods if g == there), None) or next(
        (g for g in goods if g in pooled.values()), goods[0] if goods else there
    )
    mass, money = arguments.get(f"mass_{way}"), arguments.get(f"money_{way}")
    return Side(
        good=good,
        said=words[0] if words else tank,
        tank=tank,
        kg=abs(int(mass)) if mass is not None else None,
        cny=abs(Decimal(money)) if money is not None else None,
        held=good in pooled.values() and (tank is None or tank in pooled),
        holds=there,
        wrong_tank=tank is not None and good != there,
    )


def _good(view: View, contract: Contract, word: str) -> str | None:
    """A code, or the name of one of the contract's goods of which no tank has any."""
    if word in view.goods:
        return word
    plain = normal(word).whole
    named = (g for g in contract.goods if g in view.goods)
    return next((g for g in named if plain in {normal(n).whole for n in _names(view, g)}), None)


def _names(view: View, good: str) -> tuple[str, ...]:
    return (view.goods[good].name, *view.goods[good].aliases)


def sized(view: View, contract: Contract, position: Position, sides: Sides) -> Sized:
    """The masses of both sides and the tanks that they would leave and enter, in proportion to what each holds."""
    into, out = sides.into, sides.out
    assert contract.release is not None
    assert contract.release.swap is not None
    assert into.good is not None
    assert out.good is not None
    ratio = contract.release.swap.value_ratio
    in_rate, out_rate = _rate(view, contract, into.good), _rate(view, contract, out.good)
    if not in_rate or not out_rate:
        return Sized(into=into, out=out, problem="not_priced")
    into, out = _massed(into, in_rate, ROUND_FLOOR), _massed(out, out_rate, ROUND_CEILING)
    if into.kg is None and out.kg is None:
        each = int((ratio * EACH_KG * out_rate / in_rate).to_integral_value(ROUND_CEILING))
        return Sized(into=into, out=out, missing=("mass",), each_kg=each)
    worked = None
    if into.kg is None and out.kg is not None:
        # one kg more, so that no rounding to the fen leaves it short
        least = int((ratio * out.kg * out_rate / in_rate).to_integral_value(ROUND_CEILING)) + 1
        into, worked = replace(into, kg=least), "in"
    elif out.kg is None and into.kg is not None:
        most = int((into.kg * in_rate / out_rate / ratio).to_integral_value(ROUND_FLOOR)) - 1
        out, worked = replace(out, kg=max(0, most)), "out"
    return _placed(contract, position, Sized(into=into, out=out, worked=worked, in_rate=in_rate))


def _massed(side: Side, rate: Decimal, rounding: str) -> Side:
    """A side that was told by its value after haircut, in kg."""
    if side.kg is not None or side.cny is None:
        return side
    return replace(side, kg=int((side.cny / rate).to_integral_value(rounding)))


def _rate(view: View, contract: Contract, good: str) -> Decimal | None:
    """CNY per kg after haircut, as a request is checked by; None without a price."""
    terms, price = contract.goods.get(good), view.prices(contract.id, view.now).get(good)
    if terms is None or price is None or price.cny_t is None:
        return None
    extra = terms.price.stale_haircut if price.standing is PriceStanding.STALE else ZERO
    return max(price.cny_t, ZERO) / 1000 * max(ZERO, 1 - terms.haircut - extra)


def _placed(contract: Contract, position: Position, found: Sized) -> Sized:
    """The lines of the request, and what more than now would lie above the caps."""
    assert found.into.kg is not None
    assert found.out.kg is not None
    counted = [i for i in position.items if i.counted]
    there = [
        i for i in counted if i.holding.good == found.out.good and found.out.tank in (None, i.holding.tank_id)
    ]  # fmt: skip
    held = sum(i.eligible_kg for i in there)
    if found.out.kg > held:
        return replace(found, problem="not_held", held_kg=held)
    try:
        out = _kg(position, found.out, out=True)
        into = _kg(position, found.into, out=False)
    except ValueError:
        return replace(found, problem="no_tank")
    moved = {t: into.get(t, 0) + out.get(t, 0) for t in {**into, **out}}
    after = revalued(contract, position, Change(moved_kg=moved))
    return replace(
        found,
        out_lines=_lines(found.out, out),
        in_lines=_lines(found.into, into),
        more_capped=max(ZERO, after.capped_off - position.capped_off),
    )


def _kg(position: Position, side: Side, *, out: bool) -> dict[str, int]:
    """Signed kg by tank. Raises ValueError where no counted tank takes or gives it."""
    assert side.good is not None
    assert side.kg is not None
    if side.tank is None:
        return spread(position, side.good, side.kg, out=out)
    if not any(i.counted and i.holding.tank_id == side.tank for i in position.items):
        raise ValueError(f"tank {side.tank!r}: not counted")
    return {side.tank: -side.kg if out else side.kg}


def _lines(side: Side, kg: Mapping[str, int]) -> tuple[CaseLine, ...]:
    assert side.good is not None
    return tuple(CaseLine(tank_id=t, good=side.good, kg=abs(mass)) for t, mass in kg.items() if mass)
