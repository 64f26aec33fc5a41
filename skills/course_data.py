"""One measure of a contract over time: value, LTV, tonnes, level or price, from its recorded course and its position now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from domain.contract import Contract, Field
from domain.course import EVERY, CoursePart, CoursePoint, CourseSum, parts_of, point_of, summed
from domain.event import Json, stamp
from domain.money import ZERO
from domain.position import Position
from skills.ports import History, View
from skills.span import Span

NEEDS = {
    "value": Field.VALUE,
    "ltv": Field.LTV,
    "qty": Field.QUANTITY,
    "level": Field.QUANTITY,
    "price": Field.VALUE,
}
"""Who may not see the field does not see the measure."""
UNITS = {"value": "cny", "ltv": "ratio", "qty": "kg", "level": "mm", "price": "cny_t"}
GAP = timedelta(hours=2)
"""A longer pause between two points is drawn as a gap: nothing is known of it."""
MOST = 6
"""So many goods or tanks are drawn side by side."""
TOP = 4
DRAWN = 500

Known = tuple[datetime, Decimal]


class Timed(Protocol):
    """A row of one moment."""

    @property
    def at(self) -> datetime:
        """When."""


Row = TypeVar("Row", bound=Timed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which part of a pledge is asked about, as ids; none named: all of it."""

    tanks: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """All of the pledge."""
        return not (self.tanks or self.goods or self.sites)

    def holds(self, part: CoursePart) -> bool:
        """This tank's part is asked about."""
        chosen = ((self.tanks, part.tank_id), (self.goods, part.good), (self.sites, part.site_id))
        return all(not ids or mine in ids for ids, mine in chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One line: ``metric`` of ``of`` (a tank's or good's id, '' for the whole), known figures in the order of time."""

    metric: str
    of: str
    known: tuple[Known, ...]

    def told(self) -> Json:
        """Start, end, lowest, highest and the change: what the text says."""
        first, last = self.known[0], self.known[-1]
        low, high = min(self.known, key=lambda k: k[1]), max(self.known, key=lambda k: k[1])
        ends = {"first": first, "last": last, "low": low, "high": high}
        return {
            "metric": self.metric,
            "unit": UNITS[self.metric],
            "of": self.of,
            "gaps": len(self._gaps()),
            **{name: {"at": stamp(at), "value": str(value)} for name, (at, value) in ends.items()},
            "change": str(last[1] - first[1]),
            "ratio": str((last[1] - first[1]) / first[1]) if first[1] else None,
        }

    def drawn(self) -> list[list[str | None]]:
        """Points for a picture, some hundred, the lowest and highest among them; None where a gap begins."""
        stride = -(-len(self.known) // DRAWN)
        keep = {0, len(self.known) - 1, *range(0, len(self.known), stride)}
        values = [value for _, value in self.known]
        keep |= {values.index(min(values)), values.index(max(values))}
        gaps = self._gaps()
        points: list[list[str | None]] = []
        for n in sorted(keep | gaps | {n + 1 for n in gaps}):
            at, value = self.known[n]
            points.append([stamp(at), str(value)])
            if n in gaps:
                points.append([stamp(at + EVERY), None])
        return points

    def _gaps(self) -> set[int]:
        """Places after which nothing is known for long."""
        return {n for n in range(len(self.known) - 1) if self.known[n + 1][0] - self.known[n][0] > GAP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the measures of one contract. before: its position at the span's start, where that was recovered."""

    view: View
    contract: Contract
    history: History
    span: Span
    only: Only
    before: Position | None

    def measures(self, metric: str) -> list[Measure]:
        """The lines of one measure, with nothing known in them where nothing is."""
        match metric:
            case "level":
                return [self._levels(tank) for tank in self.only.tanks[:MOST]]
            case "price":
                goods = self.only.goods or self._top_goods()
                return [self._parts("price", Only(goods=(g,)), g) for g in goods[:MOST]]
            case "qty":
                return [self._parts("qty", self.only, "")]
            case "value" if not self.only.whole:
                return [self._parts("value", self.only, "")]
            case _:
                return [Measure(metric=metric, of="", known=tuple(self._whole(metric)))]

    def points(self) -> list[CoursePoint]:
        """The contract's points from the start to the end, the exact ends among them."""
        rows = list(self.history.points(self.span.start - EVERY, self.span.end))
        return _joined(rows, [point_of(p) for p in self._ends()], self.span)

    def since(self) -> datetime:
        """The span's start, or when recording began after it."""
        begins = self.history.begins()
        return max(self.span.start, begins) if begins is not None and begins < self.span.end else self.span.start

    def _whole(self, metric: str) -> list[Known]:
        """Value or LTV of all of it; coverage instead of LTV where the contract writes that."""
        covered = self.contract.lines.coverage is not None
        told = {
            p.at: p.recognised if metric == "value" else p.coverage if covered else p.ltv
            for p in self.points()
            if p.seen
        }
        return [(at, figure) for at, figure in told.items() if figure is not None]

    def _parts(self, metric: str, only: Only, of: str) -> Measure:
        """Tonnes, price or value of some of its tanks in sum."""
        start, end = self.span.start - EVERY, self.span.end
        rows = list(
            self.history.sums(start, end, tanks=only.tanks or None, goods=only.goods or None, sites=only.sites or None)
        )
        ends = [summed(p.at, [x for x in parts_of(p.items) if only.holds(x)]) for p in self._ends()]
        told = {s.at: _figure(s, metric) for s in _joined(rows, ends, self.span)}
        return Measure(metric=metric, of=of, known=tuple((at, f) for at, f in told.items() if f is not None))

    def _levels(self, tank: str) -> Measure:
        levels = self.history.levels(tank, self.span.start, self.span.end)
        return Measure(metric="level", of=tank, known=tuple((at, Decimal(str(round(mm, 1)))) for at, mm in levels))

    def _ends(self) -> list[Position]:
        """The start where it was recovered, and this moment where the span reaches to it."""
        now = self.view.position(self.contract.id) if self.span.end >= self.view.now else None
        return [p for p in (self.before, now) if p is not None and p.known]

    def _top_goods(self) -> tuple[str, ...]:
        """The goods that make up most of the value now."""
        position = self.view.position(self.contract.id)
        worth: dict[str, Decimal] = {}
        for i in position.items if position is not None else ():
            worth[i.holding.good] = worth.get(i.holding.good, ZERO) + i.last_known_cny
        return tuple(sorted(worth, key=lambda g: -worth[g])[:TOP])


def _figure(row: CourseSum, metric: str) -> Decimal | None:
    if metric == "qty":
        return Decimal(row.kg) if row.kg is not None else None
    if metric == "price":
        return row.cny_t
    unseen = row.value_cny == 0 and row.kg and row.cny_t  # cargo that has a price and does not count
    return None if unseen else row.value_cny


def _joined(rows: list[Row], ends: list[Row], span: Span) -> list[Row]:
    """Rows in the order of time: of those up to the start the last only, and none where an end is exact."""
    told: dict[datetime, Row] = {r.at: r for r in (*rows, *ends)}
    times = sorted(told)
    early = [at for at in times if at <= span.start]
    return [told[at] for at in (*early[-1:], *times[len(early) :])]
