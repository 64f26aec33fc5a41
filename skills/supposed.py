"""What a what-if supposes: prices, goods in, out or swapped, a tank gone, money repaid, alone or together; or that it is unclear."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from domain.contract import Field
from domain.event import Json
from domain.money import ZERO
from domain.position import Position
from domain.top_up import brought
from domain.what_if import Change, spread, swapped
from skills.scope import ids

PARTIAL = frozenset({Field.VALUE, Field.QUANTITY})
"""What one good or tank changes tells how much of it there is."""
REPAID = frozenset({Field.VALUE, Field.LINE, Field.EXPOSURE})
"""By how much a repayment moves a line tells what is owed."""
FIGURES = ("percent", "price_to", "price_fall", "price_rise", "mass", "money")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """One state that is not so. priced: goods whose prices differ, none for all; percents: one for all of them, or each.

    price_to, price_by: CNY/t in place of percents. moved: signed kg by good, a swap with what comes in and goes out.
    gone, gone_goods: tanks, and goods of which all tanks, that no longer count.
    """

    priced: tuple[str, ...]
    percents: tuple[Decimal, ...]
    price_to: Decimal | None
    price_by: Decimal | None
    moved: tuple[tuple[str, int], ...]
    repaid: Decimal | None
    gone: tuple[str, ...]
    gone_goods: tuple[str, ...]

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Self | None:
        """None where it is not clear what would differ: a mass needs its good, several figures each their own."""
        goods, tanks = ids(arguments, "good"), ids(arguments, "tank")
        masses = [int(kg) for kg in ids(arguments, "mass")]
        money = ids(arguments, "money")
        priced = ids(arguments, "priced") if masses else ids(arguments, "priced") or goods
        percents = tuple(Decimal(p) for p in ids(arguments, "percent"))
        gone = arguments.get("how") == "gone"
        made = cls(
            priced=() if gone and not tanks else priced,
            percents=percents,
            price_to=_one(arguments, "price_to"),
            price_by=_by(arguments),
            moved=tuple(zip(goods, masses, strict=False)) if masses else (),
            repaid=Decimal(money[0]) if len(money) == 1 else None,
            gone=tanks,
            gone_goods=goods if gone and not tanks else (),
        )
        if "price_fall" in arguments and "price_rise" in arguments:
            return None
        paired = len(goods) == len(masses) or not masses
        whole = paired and len(money) <= 1 and gone == bool(made.gone or made.gone_goods)
        return made if whole and arguments.get("how") != "limit" and made._clear() else None

    def _clear(self) -> bool:
        if (self.gone or self.gone_goods) and self.moved:
            return False
        if self.gone_goods and self._price_figures():
            return False
        if self.priced and not self._price_figures():
            return False
        if not (self._price_figures() or self.moved or self.repaid is not None or self.gone or self.gone_goods):
            return False
        return self._prices_clear() and self._goods_clear()

    def _price_figures(self) -> int:
        return bool(self.percents) + (self.price_to is not None) + (self.price_by is not None)

    def _prices_clear(self) -> bool:
        """One kind of figure, one for all or one each, and no price below nothing."""
        if self._price_figures() > 1 or any(p < -100 for p in self.percents):
            return False
        if self.price_to is not None:
            return len(self.priced) == 1 and self.price_to >= 0
        return len(self.percents) <= 1 or len(set(self.priced)) == len(self.percents) == len(self.priced)

    def _goods_clear(self) -> bool:
        """One good in or out; of two, one comes in and one goes out."""
        if len(self.moved) < 2:
            return True
        (one, first), (other, second) = self.moved[:2]
        return len(self.moved) == 2 and one != other and first * second < 0

    def needs(self) -> frozenset[Field]:
        """What of a contract its answer tells."""
        part = self.priced or self.moved or self.gone or self.gone_goods or self.price_by is not None
        needs = PARTIAL if part else frozenset({Field.VALUE})
        return (needs if part or self.percents else frozenset()) | (REPAID if self.repaid is not None else frozenset())

    def change(self, position: Position) -> Change | None:
        """None where more should leave than there is, no tank counts that a good could leave or enter, or a price is not known."""
        try:
            moved = self._moved(position)
            factors = self._factors(position)
        except ValueError:
            return None
        every = 1 + self.percents[0] / 100 if self.percents and not self.priced else Decimal(1)
        lost = {i.holding.tank_id for i in position.items if i.holding.good in self.gone_goods}
        return Change(
            price_factor=factors,
            every_price=every,
            moved_kg=moved,
            repaid=self.repaid if self.repaid is not None else ZERO,
            gone=frozenset(self.gone) | lost,
        )

    def _moved(self, position: Position) -> Mapping[str, int]:
        """Goods in or out, or one for the other. Raises ValueError where more should leave than there is."""
        if len(self.moved) == 2:
            (out, gone), (into, came) = sorted(self.moved, key=lambda pair: pair[1])
            return swapped(position, out=(out, -gone), into=(into, came)).moved_kg
        if not self.moved:
            return {}
        good, kg = self.moved[0]
        return brought(position, {good: kg}).moved_kg if kg > 0 else spread(position, good, -kg, out=True)

    def _factors(self, position: Position) -> dict[str, Decimal]:
        """By good. Raises ValueError where a price per tonne is supposed of a good without a price, or less than nothing."""
        if self.percents:
            each = self.percents if len(self.percents) > 1 else self.percents * len(self.priced)
            return {g: 1 + p / 100 for g, p in zip(self.priced, each, strict=True)}
        now = cny_t(position)
        if self.price_to is not None:
            return {self.priced[0]: self.price_to / _known(now, self.priced[0])}
        if self.price_by is None:
            return {}
        factors = {g: 1 + self.price_by / _known(now, g) for g in self.priced or now}
        if min(factors.values(), default=ZERO) < 0:
            raise ValueError("a price below nothing")
        return factors

    def parts(self, position: Position) -> list[Json]:
        """What is supposed, one thing after the other, with what prices per tonne are now."""
        found: list[Json] = []
        if len(self.percents) == 1:
            found.append({"kind": "prices", "goods": list(self.priced), "percent": str(self.percents[0])})
        else:
            pairs = zip(self.priced, self.percents, strict=False)
            found += [{"kind": "prices", "goods": [g], "percent": str(p)} for g, p in pairs]
        if self.price_to is not None:
            now = cny_t(position).get(self.priced[0])
            found.append({"kind": "to", "good": self.priced[0], "cny_t": str(self.price_to), "now": _text(now)})
        if self.price_by is not None:
            found.append({"kind": "by", "goods": list(self.priced), "cny_t": str(self.price_by)})
        found += [{"kind": "moved", "good": g, "kg": kg, "swap": len(self.moved) == 2} for g, kg in self.moved]
        if self.repaid is not None:
            found.append({"kind": "repaid", "cny": str(self.repaid)})
        if self.gone or self.gone_goods:
            found.append({"kind": "gone", "tanks": list(self.gone), "goods": list(self.gone_goods)})
        return found


def cny_t(position: Position) -> dict[str, Decimal]:
    """What a tonne of each good counts for now before its haircut, in CNY; goods without a price are left out."""
    return {i.holding.good: i.price.cny_t for i in position.items if i.price.cny_t is not None and i.price.cny_t > 0}


def _known(prices: Mapping[str, Decimal], good: str) -> Decimal:
    if good not in prices:
        raise ValueError(f"{good!r} has no price")
    return prices[good]


def _by(arguments: Mapping[str, str]) -> Decimal | None:
    fall = _one(arguments, "price_fall")
    return _one(arguments, "price_rise") if fall is None else -fall


def _one(arguments: Mapping[str, str], name: str) -> Decimal | None:
    return Decimal(arguments[name]) if name in arguments else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
