"""A contract's recorded past, held in memory: quarter-hour points of value and tonnes, levels, and what was moved."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.contract import Line
from domain.course import CoursePoint, CourseSum
from skills.ports import Moved

LINES = {
    Line.WARN: Decimal("129123428.57"),
    Line.CONTROL: Decimal("120515200.00"),
    Line.DISPOSAL: Decimal("106336941.18"),
}
EXPOSURE = Decimal("90386400.00")


class HeldHistory:
    """rows: (moment, value in CNY, kg), oldest first; a value of 0 is one of which nothing could be seen. levels_mm: of every tank."""

    def __init__(
        self,
        rows: Sequence[tuple[datetime, str, int]],
        levels_mm: Sequence[tuple[datetime, float]] = (),
        moved: Moved | None = None,
    ) -> None:
        self.rows = [(at, Decimal(value), kg) for at, value, kg in rows]
        self.levels_mm = levels_mm
        self.asked: list[tuple[str, object]] = []
        self._moved = moved or Moved(in_kg=0, out_kg=0, net_kg={}, as_of=None, stale=True)

    def begins(self) -> datetime | None:
        return self.rows[0][0] if self.rows else None

    def points(self, start: datetime, end: datetime) -> list[CoursePoint]:
        return [
            CoursePoint(
                at=at,
                recognised=v,
                last_known=v or max(known for _, known, _ in self.rows),
                exposure=EXPOSURE,
                lines=LINES,
                complete=v > 0,
            )
            for at, v, _ in self.rows
            if start < at <= end
        ]

    def sums(
        self,
        start: datetime,
        end: datetime,
        *,
        tanks: Collection[str] | None = None,
        goods: Collection[str] | None = None,
        sites: Collection[str] | None = None,
    ) -> list[CourseSum]:
        self.asked.append(("sums", (tanks, goods, sites)))
        part = 1 if tanks is goods is sites is None else 8  # of a part an eighth
        return [
            CourseSum(at=at, kg=kg // part, unmeasured=0, value_cny=v / part, cny_t=Decimal("2410"))
            for at, v, kg in self.rows
            if start < at <= end
        ]

    def levels(self, tank_id: str, start: datetime, end: datetime) -> list[tuple[datetime, float]]:
        self.asked.append(("levels", tank_id))
        return [(at, mm) for at, mm in self.levels_mm if start < at <= end]

    def moved(self, start: datetime, end: datetime) -> Moved:
        return self._moved


def week(now: datetime, *, days: int = 7) -> HeldHistory:
    """A value that falls from 1.3140亿元 by 10 000 an hour's quarter, and tonnes that fall by one in each."""
    first = datetime.fromtimestamp((now - timedelta(days=days)).timestamp() // 900 * 900, UTC)
    count = days * 96
    rows = [
        (first + timedelta(minutes=15) * n, str(Decimal(131_402_600) - 10_000 * n), 40_000_000 - 1_000 * n)
        for n in range(count)
    ]
    return HeldHistory(rows, [(at, 9842.0 - n) for n, (at, _, _) in enumerate(rows)])
