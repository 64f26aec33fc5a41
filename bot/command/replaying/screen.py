"""Which moments of a replay need no judgement: by the columns nothing can be told at them, nothing remembered but time.

A moment counts as quiet only if every rule would find what it found before. All others are judged by the live parts,
on a house and with memories put to where they would be. A false alarm of the screen costs time; it may miss nothing.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from bot.command.replaying.block import MEASURED, block, micros
from bot.command.replaying.course import Moments
from bot.command.replaying.newsworthy import DEPTH, blind, news
from bot.command.replaying.paperwork import paperwork
from bot.command.replaying.piece import Ground, Piece, Standing, held_prices, piece, standing
from bot.command.replaying.recalled import gap_memory, recalled, value_memory
from bot.command.replaying.sources import Brought
from bot.house import House
from domain.contract import Contract
from domain.farm import Ints
from domain.metering.history import TankPlants
from domain.position import GoodPrice
from domain.screen.picks import ambiguous
from domain.screen.terms import turns
from domain.screen.worth import Pool
from rules import book_gap, gauge_silent, quantity_drop, value_line
from rules.screen.gaps import kept
from rules.screen.losses import Window
from store.series import Series

SPAN = timedelta(days=4)
"""Of readings that are in columns at once: a few tens of megabytes for a pool of 56 tanks."""
MOST = 8192
"""So many moments at once, however close they lie together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The moments of a piece from ``start`` up to ``end``, in places of the block; ``at`` are the block's moments."""

    piece: Piece
    at: Sequence[datetime]
    start: int
    end: int


class Screen:
    """One contract of a house over its series. ``lived`` is told of every judged moment, ``settle`` called before it."""

    def __init__(
        self,
        house: House,
        contract: Contract,
        series: Series,
        sites: Sequence[str],
        *,
        known_then: bool,
        span: timedelta = SPAN,
    ) -> None:
        """The contract's terms must be covered (``domain.screen.terms``). span: so much is in columns at once."""
        workspace = house.workspace
        self._house, self._contract, self._series = house, contract, series
        self._sites, self._known_then, self._span = sites, known_then, span
        self._plants = TankPlants.of(workspace.index, workspace.goods, workspace.settings.metering)
        self._pool = Pool.of(contract, workspace.index)
        self._rows = np.array(workspace.index.rows(contract.tank_ids()), dtype=np.int64)
        self._ground: Ground | None = None
        self._cuts: Ints = np.zeros(0, dtype=np.int64)  # where papers change, and where the contract's own terms do
        self._terms: Ints = np.zeros(0, dtype=np.int64)
        self._piece: Piece | None = None
        self._stands: Standing | None = None
        self._judged: Mapping[str, GoodPrice] = {}
        self._last: datetime | None = None  # the moment at which the house stands
        self._unclear_until: datetime | None = None
        self._here = self._unseen = (
            0  # places in the block: of the next moment; of the first that the house has not seen
        )
        self._since: dict[str, int] = {}
        self._blind = 0

    def quiet(self, coming: Moments, until: datetime | None) -> list[Quiet]:
        """The quiet stretches that begin with the first of the coming moments and follow one another.

        until: something happens then that no column knows, a publication for example.
        """
        if self._last is None or (self._unclear_until is not None and coming[0] <= self._unclear_until):
            return []
        if not self._covers(coming) and not self._cut(coming):
            return []
        ground = self._ground
        assert ground is not None, "it has just been cut"
        hi = len(ground.block.us) if until is None else int(np.searchsorted(ground.block.us, micros(until)))
        found: list[Quiet] = []
        while self._here < hi:
            cut = self._piece_at(ground, hi)
            many = self._still_quiet(cut, ground) if cut is not None else 0
            if cut is None or many == 0:
                break
            found.append(Quiet(piece=cut, at=ground.block.at, start=self._here, end=self._here + many))
            self._skip(cut, many, ground)
            if self._here < cut.hi:
                break
        return found

    def settle(self, following: datetime) -> None:
        """Put house and memories to where they stand before ``following``, as if every skipped moment had been judged."""
        ground, skipped = self._ground, range(self._unseen, self._here)
        if ground is None or not skipped:
            return
        house, i = self._house, skipped[-1]
        before = copy.copy(house)
        house.farm = ground.block.farm(i)
        house.stocks = {delay: ground.block.stock(delay, i) for delay in house.stocks}
        project = house.projects[self._contract.id]
        value = value_memory(
            project.memories[value_line.NAME],
            ground.block.at,
            ground.block.us,
            skipped,
            blind=self._blind,
            scene=lambda k: ground.scene(before, k),
            following=following,
        )
        gaps = gap_memory(project.memories[book_gap.NAME], self._since)
        others: dict[str, Any] = {value_line.NAME: value, book_gap.NAME: gaps}
        project.memories = {**recalled(project.memories, ground.window, i), **others}
        self._last, self._unseen = ground.block.at[i], self._here

    def brought(self, moment: datetime) -> Brought | None:
        """What the series says at the next moment; None where that is not in columns."""
        ground, i = self._ground, self._here
        if ground is None or i >= len(ground.block.at) or ground.block.at[i] != moment:
            return None
        return Brought(readings=ground.block.readings(i), feeds=ground.papers.feeds(i), papers=ground.papers.papers(i))

    def lived(self, moment: datetime) -> None:
        """The next moment was judged by the live parts."""
        ground = self._ground
        if ground is not None and self._here < len(ground.block.at) and ground.block.at[self._here] == moment:
            self._here += 1
            self._unseen = self._here
        else:
            self._ground = None
        self._last = moment
        position = self._house.projects[self._contract.id].position
        self._judged = held_prices(position) if position is not None else {}
        self._read()

    def _read(self) -> None:
        """What the rules remember now."""
        memories = self._house.projects[self._contract.id].memories
        self._since = {t: micros(at) for t, at in memories[book_gap.NAME].since.items()}
        line = memories[value_line.NAME].blind
        self._blind = DEPTH[line] if line is not None else 0

    def _covers(self, coming: Moments) -> bool:
        """Whether the coming moments are those of the block, up to its end."""
        if self._ground is None or self._here >= len(self._ground.block.at):
            return False
        mine = self._ground.block.at
        left = len(mine) - self._here
        return len(coming) >= left and coming[0] == mine[self._here] and coming[left - 1] == mine[-1]

    def _cut(self, coming: Moments) -> bool:
        """Bring the next block's moments into columns; False where the series does not say which word counts."""
        self.settle(coming[0])
        assert self._last is not None, "the first moment is always judged"
        at, house, contract = coming.within(self._span)[:MOST], self._house, self._contract
        self._ground, self._piece, self._stands = None, None, None
        words = self._series.words(house.workspace.index, self._last, at[-1], known_then=self._known_then)
        if ambiguous(words.rows, words.taken_at_us, words.received_at_us):
            self._unclear_until = at[-1]
            return False
        days = block(
            at,
            farm=house.farm,
            stocks=house.stocks,
            words=words,
            measured=self._plants.columns(words, MEASURED),
            known_then=self._known_then,
        )
        papers = paperwork(self._series, self._sites, at, days.us, self._last, known_then=self._known_then)
        memories = house.projects[contract.id].memories
        rule_us = np.array([int(moment.timestamp() * 1e6) for moment in at], dtype=np.int64)
        window = Window.of(
            memories[quantity_drop.NAME],
            rule_us,
            days.believed[contract.on_delay].mass_kg,
            days.level_mm,
            window_s=contract.tolerances.window_s,
        )
        first_at = memories[gauge_silent.NAME].first_at
        self._ground = Ground(
            contract=contract,
            block=days,
            papers=papers,
            window=window,
            best_kg=window.best(self._rows),
            rule_us=rule_us,
            first_us=int(first_at.timestamp() * 1e6),
            rows=self._rows,
            pool=self._pool,
        )
        self._terms = np.searchsorted(days.us, [micros(t) for t in turns(contract, at[0], at[-1])]).astype(np.int64)
        self._cuts = papers.cuts
        self._here = self._unseen = 0
        return True

    def _piece_at(self, ground: Ground, hi: int) -> Piece | None:
        """The piece with the next moment in it; None where that moment must be judged."""
        held, here, house = self._piece, self._here, self._house
        stands = self._stands
        if stands is None or not stands.holds(ground, house, here):
            stands = standing(ground, house, here, min(hi, _following(self._terms, here, hi)), before=stands)
            self._stands, self._piece = stands, None
        if stands is None:
            return None
        if held is None or not held.lo <= here < held.hi or self._piece is None:
            end = min(hi, stands.until, _following(self._cuts, here, hi))
            self._piece = piece(ground, stands, here, end)
        return self._piece

    def _still_quiet(self, cut: Piece, ground: Ground) -> int:
        """At how many moments from the next on nothing would be told."""
        if cut.prices != self._judged:
            return 0
        told = news(cut, ground.block.us[self._here : cut.hi], self._here, self._house, self._contract, self._since)
        return int(np.argmax(told)) if told.any() else len(told)

    def _skip(self, cut: Piece, many: int, ground: Ground) -> None:
        """Go on to after so many moments, remembering what the rules would."""
        span, place = slice(self._here - cut.lo, self._here - cut.lo + many), self._here + many
        told = self._house.projects[self._contract.id].memories[book_gap.NAME].told
        self._since = kept(cut.gaps.part(span), ground.block.us[self._here : place], self._since, told)
        self._blind = int(blind(cut, span)[-1])
        self._here = place


def _following(cuts: Ints, here: int, end: int) -> int:
    """The first of the rising cuts after the next moment; the end where there is none."""
    place = int(np.searchsorted(cuts, here, side="right"))
    return int(cuts[place]) if place < len(cuts) else end
