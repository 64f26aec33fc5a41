"""A pledge's part of a tank: by the ledger where it agrees with the book, the lower of the two where it does not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ownership.ledger import Lot
from domain.ownership.share import deliverable_kg, others_kg, part_of, physical_kg, stake
from tests.fakes.ownership import T0


def lot(owner: str, kg: int, batch: str | None = None) -> Lot:
    return Lot(owner=owner, batch=batch, good="METHANOL", kg=kg, since=T0)


LOTS = (lot("hengyun", 600, "B-1"), lot("hengyun", 200, "B-2"), lot("haichuan", 200, "C-1"))


def test_the_ledger_says_the_share_where_the_book_agrees() -> None:
    mine = stake(LOTS, "hengyun", book_kg=805, book_tank_kg=1005)
    assert (mine.share, mine.kg, mine.agrees) == (Decimal("0.8"), 800, True)


def test_where_they_differ_the_lower_counts_whichever_it_is() -> None:
    low_book = stake(LOTS, "hengyun", book_kg=700, book_tank_kg=1000)
    assert (low_book.share, low_book.kg, low_book.agrees) == (Decimal("0.7"), 700, False)
    high_book = stake(LOTS, "hengyun", book_kg=950, book_tank_kg=1000)
    assert (high_book.share, high_book.kg, high_book.agrees) == (Decimal("0.8"), 800, False)
    no_row = stake(LOTS, "hengyun", book_kg=None, book_tank_kg=1000)
    assert (no_row.share, no_row.kg, no_row.agrees) == (Decimal(0), 0, False)


def test_one_per_cent_still_agrees_and_a_kilogram_more_does_not() -> None:
    thousand = (lot("hengyun", 1000),)
    assert stake(thousand, "hengyun", book_kg=990, book_tank_kg=990).agrees
    assert not stake(thousand, "hengyun", book_kg=989, book_tank_kg=989).agrees


def test_without_a_book_the_ledger_stands_alone() -> None:
    mine = stake(LOTS, "hengyun", book_kg=None, book_tank_kg=None)
    assert (mine.share, mine.kg, mine.book_kg, mine.agrees) == (Decimal("0.8"), 800, None, True)


def test_of_identified_goods_only_the_named_batches_count() -> None:
    mine = stake(LOTS, "hengyun", batches=("B-2", "C-1"), book_kg=800, book_tank_kg=1000)
    assert (mine.share, mine.kg, mine.owner_kg) == (Decimal("0.2"), 200, 800)
    assert stake(LOTS, "hengyun", batches=("B-9",), book_kg=800, book_tank_kg=1000).share == 0


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=9), st.lists(st.integers(0, 10**9), min_size=9, max_size=9))
def test_the_shares_of_all_owners_never_add_up_to_more_than_the_tank(ledger: list[int], book: list[int]) -> None:
    lots = [lot(f"o{i}", kg) for i, kg in enumerate(ledger)]
    booked = sum(book[: len(ledger)])
    stakes = [stake(lots, f"o{i}", book_kg=book[i], book_tank_kg=booked) for i in range(len(ledger))]
    assert sum(s.share for s in stakes) <= 1
    assert sum(s.kg for s in stakes) <= sum(ledger)


def test_a_whole_tank_is_exactly_one() -> None:
    assert part_of(7, 7) == 1
    assert part_of(0, 0) == 0


@given(st.lists(st.integers(1, 10**8), min_size=1, max_size=9), st.integers(0, 10**8))
def test_the_heel_lies_under_every_lot_by_mass(masses: list[int], heel: int) -> None:
    out = deliverable_kg([lot(f"o{i}", kg) for i, kg in enumerate(masses)], heel)
    assert sum(out) == max(0, sum(masses) - heel)
    assert all(0 <= d <= kg for d, kg in zip(out, masses, strict=True))


@pytest.mark.parametrize(("measured", "says"), [(990, [594, 198, 198]), (1010, [606, 202, 202]), (989, None)])
def test_a_gap_within_the_tolerance_is_everybodys_and_a_wider_one_nobodys(measured, says) -> None:
    assert physical_kg(LOTS, measured, allowed_kg=10) == says


def test_others_are_one_sum() -> None:
    assert others_kg(LOTS, "hengyun") == 200
    assert physical_kg((), 5, allowed_kg=10) is None
    assert deliverable_kg((), 5) == []
