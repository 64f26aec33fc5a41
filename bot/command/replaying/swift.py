"""A replay of recorded readings that leaves out the moments at which nothing can happen: the same course, sooner."""

import gc
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.command.replaying.course import Course, Moments, Point, Replay
from bot.command.replaying.facts import Facts
from bot.command.replaying.records import Records
from bot.command.replaying.screen import SPAN, Quiet, Screen
from bot.command.replaying.sources import RecordedSource
from bot.command.replaying.stage import Stage
from domain.case.fold import CASE_EVENTS
from domain.contract import Contract, Line
from domain.money import cny
from domain.price import PriceQuote
from domain.screen.terms import uncovered
from rules import (
    book_gap,
    dup_pledge,
    gauge_silent,
    lift,
    price_watch,
    quantity_drop,
    receipt_expiry,
    value_line,
    yield_band,
)
from rules.registry import REGISTRY

SCREENED = frozenset({quantity_drop.NAME, value_line.NAME, price_watch.NAME, gauge_silent.NAME, book_gap.NAME})
"""Rules of which the columns know when they have nothing new to say."""
SPEECHLESS = frozenset({dup_pledge.NAME, receipt_expiry.NAME, yield_band.NAME, lift.NAME})
"""Rules that find nothing for a contract without receipts, colliding claims, processes and cases: those are left out."""
BELOW = (None, *Line)


def left_out(stage: Stage, contract: Contract, facts: Facts | None = None) -> list[str]:
    """Why this contract must be replayed moment by moment, for example a term or a rule; none: it need not.

    facts: what the records will bring.
    """
    house = stage.house
    reasons = [f"rule {r.name}" for r in REGISTRY if r.name not in SCREENED | SPEECHLESS]
    reasons += [f"claims of others in {tank}" for tank in house.claimants.tanks_of(contract)]
    brought = facts is not None and any(f.event.kind in CASE_EVENTS for f in facts.every())
    reasons += ["cases"] if brought or house.cases_of(contract.id) else []
    return reasons + uncovered(contract)


class SwiftReplay(Replay):
    """As ``Replay``, with a screen before it. Only for a contract of which ``left_out`` names nothing."""

    def __init__(
        self,
        stage: Stage,
        contract: Contract,
        source: RecordedSource,
        *,
        confirm_after: timedelta | None = None,
        records: Records | None = None,
        span: timedelta = SPAN,
    ) -> None:
        """As ``Replay``; the source must not have brought anything yet. span: so much is in columns at once."""
        super().__init__(stage, contract, source, confirm_after=confirm_after, records=records)
        self._screen = Screen(
            stage.house, contract, source.series, source.sites, known_then=source.known_then, span=span
        )
        source.columns = self._screen
        self.judged = 0

    async def run(self, moments: Moments, quotes: Sequence[PriceQuote]) -> Course:
        """As ``Replay.run``."""
        try:
            return await self._lived(moments, quotes)
        finally:
            gc.unfreeze()

    async def _lived(self, moments: Moments, quotes: Sequence[PriceQuote]) -> Course:
        waiting = list(reversed(quotes))
        for quote in quotes:
            moments.add(quote.received_at)
            self._follow(quote.received_at, [], moments, changed=True)
        self._recorded(moments)
        while moments:
            unknown = [waiting[-1].received_at] if waiting else []
            quiet = self._screen.quiet(moments, min([*unknown, *self._words_due(), *self._facts_due()], default=None))
            for stretch in quiet:
                self.course.points += _points(stretch)
            if quiet:
                moments.drop(sum(q.end - q.start for q in quiet))
                gc.freeze()  # the curve holds no cycles; looking for some in a year of points took a tenth of the time
                continue
            moment = moments.next()
            self._screen.settle(moment)
            arrived = []
            while waiting and waiting[-1].received_at <= moment:
                arrived.append(waiting.pop())
            await self.live(moment, arrived, moments)
            self._screen.lived(moment)
            self.judged += 1
        return self.course

    def _facts_due(self) -> list[datetime]:
        """When the records say something next."""
        following = self._records.following() if self._records is not None else None
        return [following] if following is not None else []

    def _words_due(self) -> list[datetime]:
        """When a person speaks of the prices that wait."""
        if self._confirm_after is None:
            return []
        strange = self._stage.strange_prices(self._contract.id)
        return [self._asked_at(a.id, a.raised_at) + self._confirm_after for a in strange]


def _points(stretch: Quiet) -> list[Point]:
    """The curve over these moments."""
    piece, span = stretch.piece, slice(stretch.start - stretch.piece.lo, stretch.end - stretch.piece.lo)
    lines, owed = dict(piece.line_values), piece.exposure
    values = zip(piece.value[span].tolist(), piece.deep[span].tolist(), strict=True)
    return [
        Point(
            at=at,
            value_cny=(value := cny(fen)),
            exposure_cny=owed,
            ltv=owed / value if fen > 0 else None,
            lines_cny=lines,
            breached=BELOW[deep],
            known=True,
        )
        for at, (fen, deep) in zip(stretch.at[stretch.start : stretch.end], values, strict=True)
    ]
