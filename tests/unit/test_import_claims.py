"""Price, book and work order history: checked as the feeds check it, kept once, corrections beside what they correct."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from datasources.imports.claims import (
    ClaimReader,
    book_row_of,
    holding,
    order_line,
    price_of,
    publication,
    work_order_of,
)
from datasources.imports.sheet import Block
from domain.movement import BookRow, Direction, Feed, WorkOrder
from store.series import Series
from tests.fakes.memory_stage import NOW, tanks

HOUR = timedelta(hours=1)
TANKS = {tank.id: tank for tank in tanks("T-1", "T-2").tanks}
PRICE = {
    "ref": "M", "good": "METHANOL", "provider": "p", "region": "华东", "basis": "出罐", "currency": "CNY", "unit": "t",
    "price": "2415.50", "published_at": "2026-03-12T01:00:00Z",
}  # fmt: skip
BOOK = {
    "as_of": "2026-03-12T00:00:00Z",
    "site": "site",
    "tank": "T-1",
    "good": "METHANOL",
    "owner": "恒运",
    "mass_kg": "100",
}
ORDER = {
    "no": "W1", "site": "site", "tank": "T-1", "direction": "out", "good": "METHANOL", "planned_kg": "100",
    "done_kg": "90", "opened_at": "2026-03-11T00:00:00Z", "closed_at": "2026-03-11T04:00:00Z", "release_no": "",
}  # fmt: skip


def readers():
    price = ClaimReader(partial(price_of, received_at=NOW, source_id="import"), publication, now=NOW, zone=None)
    book = ClaimReader(partial(book_row_of, tanks=TANKS), holding, now=NOW, zone=None)
    order = ClaimReader(partial(work_order_of, tanks=TANKS), order_line, now=NOW, zone=None)
    return {"price": (price, PRICE), "book": (book, BOOK), "order": (order, ORDER)}


def read(kind, *changes):
    """Rows of the kind's good one, each with its changes, from line 2 on."""
    reader, good = readers()[kind]
    rows = [{**good, **change} for change in changes]
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = {name: [row.get(name, "") for row in rows] for name in names}
    return reader.read(Block(lines=range(2, 2 + len(rows)), cells=cells))


@pytest.fixture
def series():
    opened = Series.open(":memory:")
    yield opened
    opened.close()


def test_good_rows_are_what_the_feeds_would_say():
    (price,) = read("price", {}).claims
    assert (price.price, price.received_at, price.published_at) == (
        Decimal("2415.50"),
        NOW,
        NOW.replace(hour=1, minute=0),
    )
    (row,) = read("book", {"heel_kg": "5"}).claims
    assert row == BookRow(
        site_id="site", tank_id="T-1", good="METHANOL", owner="恒运", mass_kg=100, heel_kg=5, as_of=datetime(2026, 3, 12, tzinfo=UTC)
    )  # fmt: skip
    (order,) = read("order", {}).claims
    assert (order.direction, order.release_no, order.done_kg) == (Direction.OUT, None, 90)


@pytest.mark.parametrize(
    ("kind", "change", "column", "says"),
    [
        ("price", {"price": "7,250.00"}, "price", "plain decimal"),
        ("price", {"unit": "gal"}, "unit", "CNY/t"),
        ("price", {"currency": ""}, "currency", "blank"),
        ("price", {"published_at": "2026-03-12T07:00:00Z"}, "published_at", "future"),
        ("price", {"published_at": "2026-03-12T01:00:00"}, "published_at", "--timezone"),
        ("book", {"mass_kg": "1,000"}, "mass_kg", "write 1000"),
        ("book", {"mass_kg": "-1"}, "mass_kg", "from 0"),
        ("book", {"mass_kg": "1.5"}, "mass_kg", "without fraction"),
        ("book", {"mass_kg": ""}, "mass_kg", "blank"),
        ("book", {"tank": "T-9"}, "tank", "'T-9'"),
        ("book", {"site": "other"}, "site", "'site' is expected"),
        ("order", {"direction": "away"}, "direction", "out"),
        ("order", {"closed_at": "2026-03-10T00:00:00Z"}, "", "before opened_at"),
    ],
)
def test_a_bad_row_is_named_and_hides_no_other(kind, change, column, says):
    found = read(kind, change, {})
    assert len(found.claims) == 1
    (problem,) = found.problems
    assert (problem.line, problem.column) == (2, column)
    assert says in f"{problem.wrong} {problem.instead}"


@pytest.mark.parametrize(
    ("kind", "change", "says"),
    [
        ("price", {}, "says the same as line 2"),
        ("price", {"price": "1"}, "contradicts line 2"),
        ("book", {"mass_kg": "1"}, "contradicts line 2"),
        ("order", {"done_kg": "100"}, "contradicts line 2"),
    ],
)
def test_of_two_rows_on_one_thing_the_first_stands(kind, change, says):
    found = read(kind, {}, change)
    assert len(found.claims) == 1
    assert [(p.line, p.wrong) for p in found.problems] == [(3, says)]


def test_a_price_imported_again_does_not_undo_a_correction(series):
    (price,) = read("price", {}).claims
    assert (series.merge_prices([price]), series.merge_prices([price])) == (1, 0)
    assert series.append_prices([replace(price, price=Decimal(2400), received_at=NOW + HOUR)]) == 1
    assert series.merge_prices([replace(price, received_at=NOW + 2 * HOUR)]) == 0
    assert [q.price for q in series.prices("M", NOW - 24 * HOUR, NOW)] == [Decimal("2415.50"), Decimal(2400)]


def test_an_answer_of_a_book_is_kept_once_whatever_the_order_of_its_rows(series):
    rows = read("book", {}, {"owner": "海川"}).claims
    as_of = rows[0].as_of
    assert series.merge_books([Feed(rows=rows, as_of=as_of, received_at=NOW)]) == 2
    assert series.merge_books([Feed(rows=rows[::-1], as_of=as_of, received_at=NOW + HOUR)]) == 0
    assert series.book_as_of("site", valid=NOW, known=NOW - HOUR) is None
    assert series.book_as_of("site", valid=NOW, known=NOW) == Feed(rows=rows, as_of=as_of, received_at=NOW)


def test_a_book_that_says_other_later_is_a_correction(series):
    (row,) = read("book", {}).claims
    other = replace(row, mass_kg=7)
    for n, said in enumerate((row, other, row)):
        series.merge_books([Feed(rows=(said,), as_of=row.as_of, received_at=NOW + n * HOUR)])
    known = [series.book_as_of("site", valid=NOW, known=NOW + n * HOUR).rows[0].mass_kg for n in range(3)]
    assert known == [100, 7, 7]


def test_work_orders_are_known_by_both_their_times(series):
    (order,) = read("order", {}).claims
    corrected = replace(order, done_kg=95)
    assert series.append_workorders([order, order], received_at=NOW) == 1
    assert series.append_workorders([corrected], received_at=NOW + HOUR) == 1
    assert series.append_workorders([order, corrected], received_at=NOW + 2 * HOUR) == 0

    def known(valid, at, **since):
        return series.workorders_as_of("site", valid=valid, known=at, **since)

    assert known(NOW, NOW - HOUR) == ()
    assert known(NOW, NOW) == (order,)
    assert known(NOW, NOW + HOUR) == (corrected,)
    assert known(order.opened_at - HOUR, NOW) == ()
    assert known(NOW, NOW, since=order.closed_at + HOUR) == ()
    assert series.workorders_as_of("elsewhere", valid=NOW, known=NOW) == ()


def test_whose_cargo_an_order_moves_is_kept_and_learned_later(series):
    (order,) = read("order", {}).claims
    theirs = replace(order, owner="haichuan")
    assert order.owner is None
    assert series.append_workorders([order], received_at=NOW) == 1
    assert series.append_workorders([theirs], received_at=NOW + HOUR) == 1
    assert [o.owner for o in series.workorders_as_of("site", valid=NOW, known=NOW)] == [None]
    assert [o.owner for o in series.workorders_as_of("site", valid=NOW, known=NOW + HOUR)] == ["haichuan"]
    assert read("order", {"owner": "haichuan"}).claims == (theirs,)


def test_both_lines_of_a_transfer_and_an_open_order_come_back(series):
    (order,) = read("order", {"closed_at": "", "direction": "transfer_out"}).claims
    other = WorkOrder(
        **{**{f: getattr(order, f) for f in order.__slots__}, "tank_id": "T-2", "direction": Direction.TRANSFER_IN}
    )
    assert series.append_workorders([order, other], received_at=NOW) == 2
    assert series.workorders_as_of("site", valid=NOW, known=NOW, since=NOW) == (order, other)
