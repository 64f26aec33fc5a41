"""In a tank that others own cargo in too, only the pledge's own work orders are anybody's business here."""

from datetime import UTC, datetime

import pytest

from domain.holding import NO_BOOKS, Books
from domain.movement import Direction, WorkOrder
from domain.own_orders import Owners
from domain.ownership.ledger import Ledger, Lot
from tests.data.words.hengyun import CONTRACT, NOW

MINE = CONTRACT.pledged[0]
TANK = MINE.tank_id
SHARED = Books(kg={(TANK, MINE.owner): 100, (TANK, "haichuan"): 50}, tank_kg={TANK: 150}, as_of=NOW)
ALONE = Books(kg={(TANK, MINE.owner): 100, (TANK, "haichuan"): 0}, tank_kg={TANK: 100}, as_of=NOW)


def order(owner: str | None, tank: str = TANK) -> WorkOrder:
    return WorkOrder(
        no="W-1", site_id="gangchu", tank_id=tank, direction=Direction.OUT, good="MEOH", planned_kg=9, done_kg=9,
        opened_at=datetime(2026, 3, 12, tzinfo=UTC), owner=owner,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("owner", "books", "mine", "unowned"),
    [
        (MINE.owner, SHARED, True, False),
        ("haichuan", SHARED, False, False),
        (None, SHARED, False, True),  # nobody can say whose it is
        (None, ALONE, True, False),
        (None, NO_BOOKS, True, False),  # as before there was an owner in the feed
        ("haichuan", ALONE, False, False),
    ],
)
def test_an_order_counts_by_its_owner_and_without_one_only_where_nobody_else_owns_any(
    owner: str | None, books: Books, *, mine: bool, unowned: bool
) -> None:
    owners, asked = Owners.of(CONTRACT, books), [order(owner)]
    assert (bool(owners.mine(asked)), bool(owners.unowned(asked))) == (mine, unowned)


def test_a_tank_is_shared_by_the_ledger_too() -> None:
    lot = Lot(owner="haichuan", batch=None, good="MEOH", kg=5, since=NOW)
    assert Owners.of(CONTRACT, NO_BOOKS, Ledger(lots={TANK: (lot,)})).unowned([order(None)])


def test_orders_of_tanks_that_are_not_pledged_are_no_business_of_the_contract() -> None:
    owners = Owners.of(CONTRACT, SHARED)
    assert owners.mine([order(MINE.owner, "Z-9")]) == []
    assert owners.unowned([order(None, "Z-9")]) == []
    assert not owners.may_be(order(None, "Z-9"))
    assert [owners.may_be(order(o)) for o in (None, MINE.owner, "haichuan")] == [True, True, False]
