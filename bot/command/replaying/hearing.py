"""When one site's movement papers were told, over a block of moments: how old the work orders were, and which notices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import numpy as np

from bot.command.replaying.block import EPOCH, MICROSECOND, micros
from domain.farm import Ints
from domain.movement import Feed, ReleaseNotice, WorkOrder
from domain.scene import DepotPapers
from domain.screen.picks import newest
from store.series import Series

List = tuple[datetime, datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """orders_us (m,): as of when the work orders were last told, in µs; 0 where nothing says when they were.

    lists: the release lists in the order in which a later one is newer; place (m,): which stood at each moment, −1 for
    none. notices: of the lists, by their numbers.
    """

    orders_us: Ints
    lists: Sequence[List]
    place: Ints
    notices: Mapping[int, tuple[ReleaseNotice, ...]]

    @classmethod
    def of(cls, series: Series, site: str, us: Ints, before: datetime, end: datetime, *, known_then: bool) -> Self:
        """What the series says of these moments. before: a moment before the first of them, end: the last."""
        lists = series.release_answers(site, before, end, known_then=known_then)
        times = series.orders_heard(site, before, end, known_then=known_then)
        return cls(
            orders_us=_last(times, us, known_then=known_then),
            lists=lists,
            place=newest(np.array(_counting(lists, known_then=known_then), dtype=np.int64), us),
            notices=series.release_rows(site, (content for _, _, content in lists)),
        )

    def released_us(self) -> Ints:
        """As of when the release notices were last told (m,); 0 where they never were."""
        return np.array([0, *(micros(as_of) for as_of, _, _ in self.lists)], dtype=np.int64)[self.place + 1]

    def turns(self) -> set[int]:
        """The moments from which other notices stand."""
        numbers = np.array([-1, *(content for _, _, content in self.lists)])[self.place + 1]
        return set((np.flatnonzero(np.diff(numbers)) + 1).tolist())

    def papers(self, i: int, orders: tuple[WorkOrder, ...], at: datetime) -> DepotPapers:
        """The site's papers at a moment, of which the orders are known."""
        told, place = int(self.orders_us[i]), int(self.place[i])
        heard = EPOCH + told * MICROSECOND if told else None
        if place < 0:
            return papers_of(orders, at, heard=heard, released=None)
        as_of, received_at, content = self.lists[place]
        released = Feed(rows=self.notices[content], as_of=as_of, received_at=received_at)
        return papers_of(orders, at, heard=heard, released=released)


def papers_of(
    orders: tuple[WorkOrder, ...], at: datetime, *, heard: datetime | None, released: Feed[ReleaseNotice] | None
) -> DepotPapers:
    """Recorded papers as the depot's feed would have told them.

    heard: as of when the orders were last told. Where that was never recorded, orders that were imported are taken as
    told just now; of a site that never told any nothing is known.
    """
    return DepotPapers(
        work_orders=orders,
        work_orders_as_of=heard if heard is not None else at if orders else None,
        releases=released.rows if released is not None else (),
        releases_as_of=released.as_of if released is not None else None,
    )


def _counting(times: Sequence[tuple[datetime, datetime] | List], *, known_then: bool) -> list[int]:
    """From when each answer counts: once it speaks of now, and is known."""
    return [micros(max(t[0], t[1]) if known_then else t[0]) for t in times]


def _last(times: Sequence[tuple[datetime, datetime]], us: Ints, *, known_then: bool) -> Ints:
    """The latest as_of among the answers that count at each moment."""
    counting = np.array(_counting(times, known_then=known_then), dtype=np.int64)
    as_of = np.array([micros(of) for of, _ in times], dtype=np.int64)
    order = np.argsort(counting, kind="stable")
    latest = np.concatenate([[0], np.maximum.accumulate(as_of[order])]) if len(as_of) else np.zeros(1, dtype=np.int64)
    return np.asarray(latest[np.searchsorted(counting[order], us, side="right")], dtype=np.int64)
