"""Prices, depot books and work orders with both their times: when they spoke for, and when they reached us.

Claims, not measurements. Corrections are rows; nothing is overwritten. Writing belongs to the series' writer thread,
reading to any.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from duckdb import DuckDBPyConnection

from domain.movement import BookRow, Direction, Feed, WorkOrder
from domain.price import PriceQuote
from store.database import Database, as_json, rows
from store.moments import BEGINNING, FOREVER, aware, aware_or_none, stored, stored_or_none
from store.queries import queries

SQL = queries("series/claims.sql")
Publication = tuple[str, str, str, str, str, str, datetime]


class Claims:
    """The prices, books and work orders of one series file."""

    def __init__(self, database: Database) -> None:
        """The file is shared with the readings."""
        self._db = database

    def append_prices(self, quotes: Iterable[PriceQuote]) -> int:
        """Add quotes; how many were new. One that repeats the last word on its publication is not kept again."""
        offered = list(quotes)
        if not offered:
            return 0
        with self._db.transaction() as run:
            last = {_publication(q): q.price for q in _said_before(run, offered)}
            new: list[PriceQuote] = []
            for quote in offered:
                if last.get(_publication(quote)) != quote.price:
                    last[_publication(quote)] = quote.price
                    new.append(quote)
            if new:
                run.execute(SQL["add_prices"], {"rows": as_json([_price_columns(q) for q in new])})
        return len(new)

    def merge_prices(self, quotes: Iterable[PriceQuote]) -> int:
        """Add quotes of an import; how many were new. A price once said on its publication is not said again.

        Unlike ``append_prices``: a file imported anew does not undo a correction that has come since.
        """
        offered = list(quotes)
        if not offered:
            return 0
        with self._db.transaction() as run:
            said = {(_publication(q), q.price) for q in _said_before(run, offered, "said_prices")}
            new = [q for q in offered if (_publication(q), q.price) not in said]
            if new:
                run.execute(SQL["add_prices"], {"rows": as_json([_price_columns(q) for q in new])})
        return len(new)

    def prices(self, ref: str, start: datetime, end: datetime, *, known: datetime = FOREVER) -> list[PriceQuote]:
        """Quotes with start < published_at ≤ end that had reached us by ``known``, oldest publication first.

        Every word on a publication is there, a correction after what it corrects.
        """
        given = {"ref": ref, "start": stored(start), "end": stored(end), "known": stored(known)}
        with self._db.reading() as cursor:
            return [_quote(row) for row in rows(cursor.execute(SQL["prices"], given))]

    def append_book(self, site_id: str, book: Feed[BookRow]) -> bool:
        """Add one answer of a site's book; whether it says anything new. Equal rows are kept once, each answer's times.

        Raises ValueError for a row of another site or of another time than the answer's.
        """
        for row in book.rows:
            if (row.site_id, row.as_of) != (site_id, book.as_of):
                raise ValueError(
                    f"book of {site_id!r} as of {book.as_of}: a row speaks of {row.site_id!r}, {row.as_of}"
                )
        with self._db.transaction() as run:
            return _add_book(run, site_id, book, _content(run, site_id, FOREVER, FOREVER))

    def merge_books(self, books: Iterable[Feed[BookRow]]) -> int:
        """Add imported answers, each of one site and time; how many of their rows are new.

        An answer that the site's book has already given for that time, whenever it reached us, is not given again.
        """
        added = 0
        with self._db.transaction() as run:
            for book in books:
                site_id, as_of = book.rows[0].site_id, book.as_of
                given = {"site_id": site_id, "as_of": stored(as_of)}
                contents = [int(n) for (n,) in run.execute(SQL["contents_of"], given).fetchall()]
                if any(frozenset(_rows_of(run, n, site_id, as_of)) == frozenset(book.rows) for n in contents):
                    continue
                _add_book(run, site_id, book, _content(run, site_id, as_of, FOREVER))
                added += len(book.rows)
        return added

    def append_workorders(self, orders: Iterable[WorkOrder], *, received_at: datetime) -> int:
        """Add words on work orders; how many were new. What was said of an order once is not said again."""
        offered = list(dict.fromkeys(orders))
        if not offered:
            return 0
        with self._db.transaction() as run:
            asked = {"nos": as_json(sorted({order.no for order in offered}))}
            said = {_work_order(row) for row in rows(run.execute(SQL["said_work_orders"], asked))}
            new = [_order_columns(order) for order in offered if order not in said]
            if new:
                run.execute(SQL["add_work_orders"], {"rows": as_json(new), "received_at": stored(received_at)})
        return len(new)

    def workorders_as_of(
        self, site_id: str, *, valid: datetime, known: datetime, since: datetime = BEGINNING
    ) -> tuple[WorkOrder, ...]:
        """A site's orders opened by ``valid`` and not closed before ``since``, as they were known by ``known``."""
        return self.all_workorders_as_of([site_id], valid=valid, known=known, since=since)

    def all_workorders_as_of(
        self, site_ids: Iterable[str], *, valid: datetime, known: datetime, since: datetime = BEGINNING
    ) -> tuple[WorkOrder, ...]:
        """The same of several sites together."""
        given = {
            "sites": as_json(list(site_ids)),
            "valid": stored(valid),
            "known": stored(known),
            "since": stored(since),
        }
        with self._db.reading() as cursor:
            return tuple(_work_order(row) for row in rows(cursor.execute(SQL["work_orders"], given)))

    def book_as_of(self, site_id: str, *, valid: datetime, known: datetime) -> Feed[BookRow] | None:
        """The newest answer of a site's book for ``valid`` that had reached us by ``known``; None before the first."""
        return self.books_as_of([site_id], valid=valid, known=known).get(site_id)

    def books_as_of(self, site_ids: Iterable[str], *, valid: datetime, known: datetime) -> dict[str, Feed[BookRow]]:
        """The same of several sites at once: of those whose book has spoken."""
        with self._db.reading() as cursor:
            found = {s: answer for s in site_ids if (answer := _content(cursor, s, valid, known)) is not None}
            contents = as_json(sorted({content for _, _, content in found.values()}))
            lines = rows(cursor.execute(SQL["books_rows"], {"contents": contents})) if found else []
        said: dict[int, list[dict[str, Any]]] = {}
        for line in lines:
            said.setdefault(line.pop("content"), []).append(line)
        return {
            site_id: Feed(
                rows=tuple(BookRow(site_id=site_id, as_of=as_of, **line) for line in said.get(content, ())),
                as_of=as_of,
                received_at=received_at,
            )
            for site_id, (as_of, received_at, content) in found.items()
        }

    def book_answers(
        self, site_id: str, start: datetime, end: datetime, *, known_then: bool
    ) -> list[tuple[datetime, datetime, int]]:
        """Answers of a site's book that can be the newest after start and by end: as_of, received_at, number of its rows.

        In the order in which a later one is the newer; the one that stands at ``start`` first. known_then: none that
        was received after ``end``.
        """
        known = end if known_then else FOREVER
        given = {"site_id": site_id, "start": stored(start), "end": stored(end), "known": stored(known)}
        with self._db.reading() as cursor:
            standing = _content(cursor, site_id, start, start if known_then else FOREVER)
            found = cursor.execute(SQL["book_answers"], given).fetchall()
        answers = [(aware(as_of), aware(received_at), int(content)) for as_of, received_at, content in found]
        if standing is None:
            return answers
        return [standing, *(a for a in answers if a[:2] > standing[:2])]

    def book_rows(self, site_id: str, answers: Mapping[int, datetime]) -> dict[int, tuple[BookRow, ...]]:
        """What answers of a site's book said, by the number of their rows. answers: as of when each of them spoke."""
        with self._db.reading() as cursor:
            found = rows(cursor.execute(SQL["books_rows"], {"contents": as_json(sorted(answers))}))
        said: dict[int, list[BookRow]] = {content: [] for content in answers}
        for row in found:
            content = row.pop("content")
            said[content].append(BookRow(site_id=site_id, as_of=answers[content], **row))
        return {content: tuple(mine) for content, mine in said.items()}

    def order_words(self, site_id: str, start: datetime, end: datetime) -> list[tuple[datetime, WorkOrder]]:
        """Words on a site's orders received after start and by end, with when: in the order in which a later one counts."""
        given = {"site_id": site_id, "start": stored(start), "end": stored(end)}
        with self._db.reading() as cursor:
            found = rows(cursor.execute(SQL["order_words"], given))
        return [(aware(row.pop("received_at")), _work_order(row)) for row in found]


def _said_before(run: DuckDBPyConnection, quotes: list[PriceQuote], which: str = "newest_prices") -> list[PriceQuote]:
    """The last word held on each publication that these quotes speak of, or with "said_prices" every word."""
    published = sorted({stored(q.published_at) for q in quotes})
    given = {"refs": as_json(sorted({q.ref for q in quotes})), "published": as_json(published)}
    return [_quote(row) for row in rows(run.execute(SQL[which], given))]


def _publication(quote: PriceQuote) -> Publication:
    return (
        quote.ref,
        quote.provider,
        quote.good,
        quote.region,
        quote.basis,
        quote.currency,
        quote.published_at,
    )


def _price_columns(quote: PriceQuote) -> dict[str, object]:
    return {
        "ref": quote.ref,
        "good": quote.good,
        "provider": quote.provider,
        "region": quote.region,
        "basis": quote.basis,
        "currency": quote.currency,
        "price": str(quote.price),
        "published_at": stored(quote.published_at),
        "received_at": stored(quote.received_at),
        "source_id": quote.source_id,
    }


def _quote(row: Mapping[str, Any]) -> PriceQuote:
    return PriceQuote(
        ref=row["ref"],
        good=row["good"],
        provider=row["provider"],
        region=row["region"],
        basis=row["basis"],
        currency=row["currency"],
        price=Decimal(row["price"]),
        published_at=aware(row["published_at"]),
        received_at=aware(row["received_at"]),
        source_id=row["source_id"],
    )


def _content(
    run: DuckDBPyConnection, site_id: str, valid: datetime, known: datetime
) -> tuple[datetime, datetime, int] | None:
    given = {"site_id": site_id, "valid": stored(valid), "known": stored(known)}
    found = run.execute(SQL["book"], given).fetchone()
    return (aware(found[0]), aware(found[1]), int(found[2])) if found is not None else None


def _rows_of(run: DuckDBPyConnection, content: int, site_id: str, as_of: datetime) -> tuple[BookRow, ...]:
    found = rows(run.execute(SQL["book_rows"], {"content": content}))
    return tuple(BookRow(site_id=site_id, as_of=as_of, **row) for row in found)


def _add_content(run: DuckDBPyConnection, said: tuple[BookRow, ...]) -> int:
    content = 1 + max(int(n) for (n,) in run.execute(SQL["newest_content"]).fetchall())
    lines = [
        {
            "place": place,
            "tank_id": row.tank_id,
            "good": row.good,
            "owner": row.owner,
            "mass_kg": row.mass_kg,
            "heel_kg": row.heel_kg,
        }
        for place, row in enumerate(said)
    ]
    if lines:
        run.execute(SQL["add_book_rows"], {"content": content, "rows": as_json(lines)})
    return content


def _add_book(
    run: DuckDBPyConnection, site_id: str, book: Feed[BookRow], before: tuple[datetime, datetime, int] | None
) -> bool:
    """One answer after ``before``; whether it says anything that that one did not."""
    new = before is None or _rows_of(run, before[2], site_id, book.as_of) != book.rows
    content = _add_content(run, book.rows) if before is None or new else before[2]
    times = {"as_of": stored(book.as_of), "received_at": stored(book.received_at)}
    run.execute(SQL["add_book"], {"site_id": site_id, **times, "content": content})
    return new


def _order_columns(order: WorkOrder) -> dict[str, object]:
    return {
        "site_id": order.site_id,
        "no": order.no,
        "tank_id": order.tank_id,
        "direction": order.direction.value,
        "good": order.good,
        "planned_kg": order.planned_kg,
        "done_kg": order.done_kg,
        "opened_at": stored(order.opened_at),
        "closed_at": stored_or_none(order.closed_at),
        "release_no": order.release_no,
        "owner": order.owner,
    }


def _work_order(row: Mapping[str, Any]) -> WorkOrder:
    return WorkOrder(
        no=row["no"],
        site_id=row["site_id"],
        tank_id=row["tank_id"],
        direction=Direction(row["direction"]),
        good=row["good"],
        planned_kg=row["planned_kg"],
        done_kg=row["done_kg"],
        opened_at=aware(row["opened_at"]),
        closed_at=aware_or_none(row["closed_at"]),
        release_no=row["release_no"],
        owner=row["owner"],
    )
