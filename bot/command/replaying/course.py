"""The course of one contract through time: every moment at which something could change, judged by the live parts.

Besides the grid these are the publications, what follows from them by the contract's own delays (a rise is proven, a
price grows old), and a person's word on a strange price if one is assumed.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from bot.command.replaying.records import Records
from bot.command.replaying.sources import Source
from bot.command.replaying.stage import Happening, Stage
from domain.contract import AlertKind, Contract, Line
from domain.money import ZERO
from domain.position import Position
from domain.price import PriceQuote
from rules.price_watch import CRASH_TOLD

TICK = timedelta(seconds=1)
"""Past a limit of age: at the limit itself a price is still fresh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The contract's standing at one moment, CNY. known: every tank was measured and every good had a price."""

    at: datetime
    value_cny: Decimal
    exposure_cny: Decimal
    ltv: Decimal | None
    lines_cny: dict[Line, Decimal]
    breached: Line | None
    known: bool


@dataclass(slots=True, kw_only=True)
class Course:
    """What was found: the curve, and every step of every alarm of the contract.

    taken: how much was recorded of what, and taken as it was. missing: what was not considered, and why. slow: why each
    moment had to be judged by itself; empty where that was not so.
    """

    contract_id: str
    points: list[Point] = field(default_factory=list, repr=False)  # asyncio shows the result when its loop is closed
    happenings: list[Happening] = field(default_factory=list, repr=False)
    taken: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    def below(self) -> dict[Line, timedelta]:
        """How long the recognised value lay below each line, the last moment counting for nothing."""
        out = dict.fromkeys(Line, timedelta(0))
        for point, following in pairwise(self.points):
            for line in Line:
                if point.known and point.value_cny < point.lines_cny[line]:
                    out[line] += following.at - point.at
        return out

    def worst(self) -> Point | None:
        """The moment with the largest shortfall to the first line; None if the value never lay below it."""
        short = [p for p in self.points if p.known and _shortfall(p) > ZERO]
        return max(short, key=_shortfall, default=None)


def _shortfall(point: Point) -> Decimal:
    return point.lines_cny[Line.WARN] - point.value_cny


class Moments:
    """Moments still to come, each once, in order, none after the end."""

    def __init__(self, grid: Iterable[datetime], end: datetime) -> None:
        self._end = end
        self._seen = {moment for moment in grid if moment <= end}
        self._coming = sorted(self._seen)
        self._gone = 0

    def add(self, moment: datetime) -> None:
        """One more, unless it is known or too late."""
        if moment <= self._end and moment not in self._seen:
            self._seen.add(moment)
            insort(self._coming, moment, lo=self._gone)

    def __len__(self) -> int:
        return len(self._coming) - self._gone

    def __getitem__(self, place: int) -> datetime:
        """The next one is at 0. Raises IndexError for one past the last."""
        return self._coming[self._gone + place]

    def within(self, span: timedelta) -> list[datetime]:
        """The next one, and those no later than so long after it."""
        until = bisect_right(self._coming, self[0] + span, lo=self._gone)
        return self._coming[self._gone : until]

    def drop(self, many: int) -> None:
        """So many of the next ones are done with."""
        self._gone += many

    def next(self) -> datetime:
        """The next one, which is then no longer to come. Raises IndexError after the last."""
        moment = self[0]
        self.drop(1)
        return moment

    def __iter__(self) -> Iterator[datetime]:
        while self:
            yield self.next()


def grid(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """start, start + step, … up to end."""
    moment = start
    while moment <= end:
        yield moment
        moment += step


class Replay:
    """One contract on its stage."""

    def __init__(
        self,
        stage: Stage,
        contract: Contract,
        source: Source,
        *,
        confirm_after: timedelta | None = None,
        records: Records | None = None,
    ) -> None:
        """confirm_after: a person lets a strange price in after so long; None: nobody does.

        records: what the ledger knew, of the same stage; None: nothing is known but files and series.
        """
        self._stage = stage
        self._contract = contract
        self._source = source
        self._confirm_after = confirm_after
        self._records = records
        self.course = Course(contract_id=contract.id)

    async def run(self, moments: Moments, quotes: Sequence[PriceQuote]) -> Course:
        """Live through these moments; ``quotes`` in the order of their arrival, which is their received_at."""
        waiting = list(reversed(quotes))
        for quote in quotes:
            moments.add(quote.received_at)
        self._recorded(moments)
        for moment in moments:
            arrived = []
            while waiting and waiting[-1].received_at <= moment:
                arrived.append(waiting.pop())
            await self.live(moment, arrived, moments)
        return self.course

    async def live(self, moment: datetime, quotes: Sequence[PriceQuote], moments: Moments) -> None:
        """One moment: what is new, what a person says of it, the judgement, and the moments that follow from it."""
        self._stage.at(moment)
        changed = self._source.bring(self._stage, moment)
        if quotes:
            await self._stage.quote(quotes)
        changed = await self._confirmed(moment) or changed
        if self._records is not None:
            changed = await self._records.bring(moment) or changed
        await self._stage.judge([self._contract.id])
        if self._records is not None:
            await self._records.answer(moment)
        happened = [h for h in self._stage.happened() if h.contract_id == self._contract.id]
        self.course.happenings += happened
        position = self._stage.house.projects[self._contract.id].position
        if position is not None:
            self.course.points.append(_point(position))
        self._follow(moment, happened, moments, changed=changed or bool(quotes))

    def _recorded(self, moments: Moments) -> None:
        """The moments of the records, and what follows from each: known beforehand, so that no way meets them late."""
        begin = moments[0]
        for moment in self._records.moments if self._records is not None else ():
            if moment > begin:
                moments.add(moment)
                self._follow(moment, [], moments, changed=True)

    async def _confirmed(self, moment: datetime) -> bool:
        """Let in the prices that have waited long enough; whether there was one."""
        strange = [] if self._confirm_after is None else self._stage.strange_prices(self._contract.id)
        due = [a for a in strange if moment - self._asked_at(a.id, a.raised_at) >= (self._confirm_after or TICK)]
        for alarm in due:
            await self._stage.confirm(alarm)
        return bool(due)

    def _asked_at(self, alarm_id: str, raised_at: datetime) -> datetime:
        """When people were last asked about this alarm: it may have returned and come again."""
        told = [h.at for h in self.course.happenings if h.alarm_id == alarm_id and h.active]
        return told[-1] if told else raised_at

    def _follow(self, moment: datetime, happened: list[Happening], moments: Moments, *, changed: bool) -> None:
        """The moments at which the live bot, which values every few seconds, would have seen a delay run out."""
        lines = self._contract.lines
        if changed:
            for n in range(1, lines.confirm_k):
                moments.add(moment + timedelta(seconds=lines.confirm_s * n / (lines.confirm_k - 1)))
            for age_s in {g.price.stale_after_s for g in self._contract.goods.values()}:
                moments.add(moment + timedelta(seconds=age_s) + TICK)
        for h in happened:
            if h.kind is AlertKind.PRICE_CRASH and h.step == "raised":
                moments.add(h.at + CRASH_TOLD)
            if h.kind is AlertKind.PRICE_OUTLIER and h.active and self._confirm_after is not None:
                moments.add(h.at + self._confirm_after)


def _point(position: Position) -> Point:
    return Point(
        at=position.at,
        value_cny=position.recognised,
        exposure_cny=position.exposure,
        ltv=position.ltv,
        lines_cny=dict(position.line_values),
        breached=position.breached,
        known=position.known,
    )
