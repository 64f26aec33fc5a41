"""A contract's standing through time, thinned to one point a quarter of an hour: what a trend is drawn from.

The truth of any moment is recovered from readings, prices and papers (``bot/past.py``); these points are what was judged
then, kept because recovering hundreds of moments takes too long for a question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from domain.contract import Line
from domain.money import ZERO, fen, total
from domain.position import Item, Position

EVERY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePoint:
    """A contract at one moment, as ``domain.position.Position`` names its figures. complete: everything was of then."""

    at: datetime
    recognised: Decimal
    last_known: Decimal
    exposure: Decimal
    lines: Mapping[Line, Decimal]
    complete: bool

    @property
    def seen(self) -> bool:
        """Something of it could be seen: a value of 0 where nothing could be is no value."""
        return self.complete or self.recognised > 0 or self.last_known == 0

    @property
    def ltv(self) -> Decimal | None:
        """E ÷ V; None where V is 0."""
        return self.exposure / self.recognised if self.recognised > 0 else None

    @property
    def coverage(self) -> Decimal | None:
        """V ÷ E; None where nothing is owed."""
        return self.recognised / self.exposure if self.exposure > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePart:
    """One tank: the pledge's kg in air, what it counted for in CNY before caps, and its price in CNY per tonne.

    kg None: never measured. cny_t None: no price.
    """

    tank_id: str
    site_id: str
    good: str
    kg: int | None
    value_cny: Decimal
    cny_t: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSum:
    """Some tanks at one moment, in sum. kg None: none was measured; unmeasured: so many were not.

    cny_t: the highest price among them, the price where they hold one good.
    """

    at: datetime
    kg: int | None
    unmeasured: int
    value_cny: Decimal
    cny_t: Decimal | None


def point_of(position: Position) -> CoursePoint:
    """What is kept of a position as a whole."""
    return CoursePoint(
        at=position.at,
        recognised=position.recognised,
        last_known=position.last_known,
        exposure=fen(position.exposure),
        lines=dict(position.line_values),
        complete=position.complete(),
    )


def parts_of(items: Iterable[Item]) -> tuple[CoursePart, ...]:
    """What is kept of its tanks."""
    return tuple(
        CoursePart(
            tank_id=i.holding.tank_id,
            site_id=i.holding.site_id,
            good=i.holding.good,
            kg=i.holding.physical_kg,
            value_cny=i.value_cny if i.counted else ZERO,
            cny_t=i.price.cny_t,
        )
        for i in items
    )


def summed(at: datetime, parts: Iterable[CoursePart]) -> CourseSum:
    """Parts of one moment together."""
    several = list(parts)
    known = [p.kg for p in several if p.kg is not None]
    return CourseSum(
        at=at,
        kg=sum(known) if known else None,
        unmeasured=len(several) - len(known),
        value_cny=total(p.value_cny for p in several),
        cny_t=max((p.cny_t for p in several if p.cny_t is not None), default=None),
    )


def slot_of(at: datetime) -> int:
    """The number of the quarter of an hour since 1970; a contract has one point in each."""
    return int(at.timestamp() // EVERY.total_seconds())
