"""What the series holds of books, work orders and release notices over a block of moments: what stood at each, and where that changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from bot.command.replaying.block import micros
from bot.command.replaying.hearing import Hearing
from domain.farm import Ints
from domain.holding import Books
from domain.movement import BookRow, Feed, WorkOrder
from domain.scene import DepotPapers
from domain.screen.picks import newest
from store.moments import FOREVER
from store.series import Series

ORDERS_KEPT = timedelta(days=2)
"""How long after its close a work order is still asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One site's book: the answers in the order in which a later one is newer, and which stood at each moment (−1: none)."""

    said: Sequence[tuple[datetime, datetime, int]]
    place: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Paperwork:
    """By site. orders: by the moment from which they stood, rising. as_of_us (m,): of the oldest book; 0 for none.

    cuts: moments at which a book's rows, the orders or the notices change, the first among them. rows: of the books, by
    their numbers. told_us, released_us (m,): as of when orders and notices were last told, 0 for never. read: answers
    already put together.
    """

    rows: Mapping[str, Mapping[int, tuple[BookRow, ...]]]
    at: Sequence[datetime]
    books: Mapping[str, Answers]
    orders: Mapping[str, Sequence[tuple[int, tuple[WorkOrder, ...]]]]
    hearing: Mapping[str, Hearing]
    told_us: Mapping[str, Ints]
    released_us: Mapping[str, Ints]
    as_of_us: Ints
    cuts: Ints
    read: dict[tuple[str, int], Feed[BookRow]] = field(default_factory=dict)

    def feeds(self, i: int) -> dict[str, Feed[BookRow]]:
        """Every site's book as it stood at a moment."""
        found = {}
        for site, answers in self.books.items():
            place = int(answers.place[i])
            if place >= 0:
                found[site] = self._feed(site, answers, place)
        return found

    def _feed(self, site: str, answers: Answers, place: int) -> Feed[BookRow]:
        as_of, received_at, content = answers.said[place]
        if (site, place) not in self.read:
            rows = tuple(replace(row, as_of=as_of) for row in self.rows[site][content])
            self.read[site, place] = Feed(rows=rows, as_of=as_of, received_at=received_at)
        return self.read[site, place]

    def contents(self, i: int) -> tuple[int, ...]:
        """The numbers of the books' rows at a moment; equal numbers, equal rows."""
        places = ((answers.said, int(answers.place[i])) for answers in self.books.values())
        return tuple(said[place][2] if place >= 0 else -1 for said, place in places)

    def papers(self, i: int) -> dict[str, DepotPapers]:
        """Every site's orders and release notices as they were told at a moment."""
        return {s: h.papers(i, self._orders(s, i), self.at[i]) for s, h in self.hearing.items()}

    def _orders(self, site: str, i: int) -> tuple[WorkOrder, ...]:
        return next(orders for since, orders in reversed(self.orders[site]) if since <= i)


def books_of(feeds: Mapping[str, Feed[BookRow]], as_of: datetime | None) -> Books:
    """What ``bot.house.House.take_book`` makes of these answers."""
    kg: dict[tuple[str, str], int] = {}
    tank_kg: dict[str, int] = {}
    for row in (row for feed in feeds.values() for row in feed.rows):
        kg[row.tank_id, row.owner] = kg.get((row.tank_id, row.owner), 0) + row.mass_kg + row.heel_kg
        tank_kg[row.tank_id] = tank_kg.get(row.tank_id, 0) + row.mass_kg + row.heel_kg
    return Books(kg=kg, tank_kg=tank_kg, as_of=as_of)


def paperwork(
    series: Series, sites: Sequence[str], at: Sequence[datetime], us: Ints, before: datetime, *, known_then: bool
) -> Paperwork:
    """The books and orders of these moments. before: a moment before the first of them."""
    books = {s: _answers(series, s, us, before, at[-1], known_then=known_then) for s in sites}
    orders = {s: _orders(series, s, at, us, before, known_then=known_then) for s in sites}
    hearing = {s: Hearing.of(series, s, us, before, at[-1], known_then=known_then) for s in sites}
    cuts = {0, *(since for told in orders.values() for since in _changes(told))}
    cuts |= {turn for heard in hearing.values() for turn in heard.turns()}
    oldest = np.full(len(us), np.iinfo(np.int64).max)
    for answers in books.values():
        numbers = np.array([-1, *(content for _, _, content in answers.said)])[answers.place + 1]
        cuts |= set((np.flatnonzero(np.diff(numbers)) + 1).tolist())
        spoke = np.array([np.iinfo(np.int64).max, *(micros(as_of) for as_of, _, _ in answers.said)])[answers.place + 1]
        oldest = np.minimum(oldest, spoke)
    return Paperwork(
        rows={s: series.book_rows(s, {n: as_of for as_of, _, n in a.said}) for s, a in books.items()},
        at=at,
        books=books,
        orders=orders,
        hearing=hearing,
        told_us={s: _told_us(hearing[s], told, us) for s, told in orders.items()},
        released_us={s: heard.released_us() for s, heard in hearing.items()},
        as_of_us=np.where(oldest == np.iinfo(np.int64).max, 0, oldest),
        cuts=np.array(sorted(cuts), dtype=np.int64),
    )


def _answers(series: Series, site: str, us: Ints, before: datetime, end: datetime, *, known_then: bool) -> Answers:
    said = series.book_answers(site, before, end, known_then=known_then)
    known = [max(as_of, received_at) if known_then else as_of for as_of, received_at, _ in said]
    return Answers(said=said, place=newest(np.array([micros(k) for k in known], dtype=np.int64), us))


def _orders(
    series: Series, site: str, at: Sequence[datetime], us: Ints, before: datetime, *, known_then: bool
) -> list[tuple[int, tuple[WorkOrder, ...]]]:
    """What ``Series.workorders_as_of`` says at each moment at which it may say something else."""
    standing = series.workorders_as_of(
        site, valid=at[-1], known=before if known_then else FOREVER, since=before - ORDERS_KEPT
    )
    words = series.order_words(site, before, at[-1]) if known_then else []
    orders = {(o.no, o.tank_id): o for o in standing}
    told: list[tuple[int, tuple[WorkOrder, ...]]] = []
    heard = 0
    for i in _turns([*standing, *(o for _, o in words)], [received for received, _ in words], us):
        while heard < len(words) and words[heard][0] <= at[i]:
            order = words[heard][1]
            orders[order.no, order.tank_id] = order
            heard += 1
        mine = sorted(
            (o for o in orders.values() if _asked_for(o, at[i])), key=lambda o: (o.opened_at, o.no, o.tank_id)
        )
        if not told or told[-1][1] != tuple(mine):
            told.append((i, tuple(mine)))
    return told


def _changes(told: Sequence[tuple[int, tuple[WorkOrder, ...]]]) -> list[int]:
    """Where the orders say something else than how much they have moved, which explains nothing."""
    same = [tuple(replace(o, done_kg=0) for o in orders) for _, orders in told]
    return [since for k, (since, _) in enumerate(told) if k == 0 or same[k] != same[k - 1]]


def _told_us(heard: Hearing, told: Sequence[tuple[int, tuple[WorkOrder, ...]]], us: Ints) -> Ints:
    """As of when a site's orders were told: where nothing says it, just now if there are any (``hearing.papers_of``)."""
    known = np.zeros(len(us), dtype=bool)
    for since, orders in told:
        known[since:] = bool(orders)
    return np.where(heard.orders_us == 0, np.where(known, us, 0), heard.orders_us)


def _asked_for(order: WorkOrder, at: datetime) -> bool:
    return order.opened_at <= at and (order.closed_at is None or order.closed_at >= at - ORDERS_KEPT)


def _turns(orders: Iterable[WorkOrder], received: Iterable[datetime], us: Ints) -> list[int]:
    """The moments from which a word counts, an order has opened, or one closed is no longer asked for."""
    listed = list(orders)
    begins = [micros(m) for m in (*received, *(o.opened_at for o in listed))]
    ends = [micros(o.closed_at + ORDERS_KEPT) for o in listed if o.closed_at is not None]
    places = {0, *np.searchsorted(us, begins, side="left").tolist(), *np.searchsorted(us, ends, side="right").tolist()}
    return sorted(p for p in places if p < len(us))
