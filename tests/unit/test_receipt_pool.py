"""What receipts cover is what counts: in value, over sites, under caps, in the split of a change, and in what-ifs."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attribution import attribute
from domain.contract import Caps
from domain.headroom import headroom
from domain.position import Freshness, Holding, Position, take_position
from domain.receipt.fold import fold
from domain.receipt.life import released
from domain.what_if import Change, revalued
from tests.fakes.pledge import NOW, contract, prices, stock_of
from tests.fakes.receipts import book_of, receipt, receipt_scene, under

HELD = [400.0, 300.0, 100.0]  # t of T-1 and T-2 methanol at 2,000, T-3 diesel at 7,000
POOL = under(
    receipt("CD-1", {"T-1": 250_000, "T-2": 50_000}),
    receipt("CD-2", {"T-3": 100_000}, good="DIESEL0", end=date(2026, 3, 15)),
)


def eligible(position: Position) -> dict[str, int]:
    return {i.holding.tank_id: i.eligible_kg for i in position.items}


def test_no_more_counts_than_receipts_cover() -> None:
    position = receipt_scene(stock_of(HELD), POOL).position
    assert eligible(position) == {"T-1": 250_000, "T-2": 50_000, "T-3": 100_000}
    assert position.recognised == Decimal("1300000.00")  # 300 t × 2,000 + 100 t × 7,000


def test_no_more_counts_than_is_there() -> None:
    position = receipt_scene(stock_of([200.0, 300.0, 100.0]), POOL).position
    assert eligible(position)["T-1"] == 200_000


def test_a_tank_without_a_live_receipt_counts_nothing_and_says_so() -> None:
    position = receipt_scene(stock_of(HELD), under(receipt("CD-1", {"T-1": 1}))).position
    assert [(i.eligible_kg, i.why_not) for i in position.items] == [(1, None), (0, "no_receipt"), (0, "no_receipt")]


def test_an_expired_receipt_counts_no_more_from_midnight_in_china() -> None:
    last, after = NOW + timedelta(days=3, hours=9), NOW + timedelta(days=3, hours=10)
    assert receipt_scene(stock_of(HELD, last), POOL, now=last).position.recognised == Decimal("1300000.00")
    position = receipt_scene(stock_of(HELD, after), POOL, now=after).position
    assert (position.recognised, position.items[2].why_not) == (Decimal("600000.00"), "no_receipt")


def test_a_contract_without_receipts_means_what_it_meant() -> None:
    position = receipt_scene(stock_of(HELD), contract()).position
    assert eligible(position) == {"T-1": 400_000, "T-2": 300_000, "T-3": 100_000}
    assert all(i.holding.pledged_kg is None and i.uncovered_kg == 0 for i in position.items)


def test_a_released_receipt_moves_the_value_as_eligibility_not_as_an_outflow() -> None:
    book = book_of(POOL)
    after = fold(book, released(book, "CD-1", {"T-1": 100_000}, "RC-1", "chen", NOW))
    one, two = (receipt_scene(stock_of(HELD), POOL, book=b).position for b in (book, after))
    split = attribute(one, two, booked_kg={})
    assert (split.change, split.eligibility, split.unbooked) == (Decimal("-200000.00"), Decimal("-200000.00"), 0)


def test_goods_that_receipts_do_not_cover_move_no_value() -> None:
    one, two = (receipt_scene(stock_of(t), POOL).position for t in (HELD, [300.0, 300.0, 100.0]))
    split = attribute(one, two, booked_kg={"T-1": -100_000})
    assert (split.change, split.booked, split.unbooked) == (0, 0, 0)


KG = st.integers(0, 400)
THREE = st.tuples(KG, KG, KG)


@given(before=THREE, after=THREE, covered=THREE, then=THREE, priced=st.sampled_from(["2000", "1999.99", "1"]))
def test_the_parts_of_a_change_add_up_to_the_fen(before, after, covered, then, priced: str) -> None:
    one, two = (
        receipt_scene(stock_of([float(t) for t in kg]), POOL).position for kg, _ in ((before, covered), (after, then))
    )
    one, two = _covered(one, covered, "2000"), _covered(two, then, priced)
    split = attribute(one, two, booked_kg={"T-1": -50_000, "T-2": 70_000})
    parts = split.price + split.booked + split.unbooked + split.eligibility + split.haircut + split.caps
    assert parts == two.recognised - one.recognised


def _covered(position: Position, tonnes: tuple[int, ...], methanol: str) -> Position:
    held = tuple(replace(i.holding, pledged_kg=t * 1000) for i, t in zip(position.items, tonnes, strict=True))
    return take_position(POOL, holdings=held, prices=prices(methanol), book_stale=False, now=NOW)


def test_a_lapse_is_a_what_if_and_equals_the_position_after_it() -> None:
    now = receipt_scene(stock_of(HELD), POOL).position
    after = NOW + timedelta(days=4)
    then = receipt_scene(stock_of(HELD, after), POOL, now=after).position
    assert revalued(POOL, now, Change(lapsed_kg={"T-3": 100_000})).recognised == then.recognised


def test_headroom_is_of_what_receipts_cover() -> None:
    """E 700,000 wants 1,000,000; 1,300,000 counts: 150 t of methanol may go, though 400 t lie uncovered beside."""
    position = receipt_scene(stock_of(HELD), POOL).position
    room = {g.good: g.kg for g in headroom(POOL, position).goods}
    assert room["METHANOL"] == 150_000


SITES = ("gangchu", "minchu", "changku")
GOODS = ("METHANOL", "DIESEL0", "METHANOL")


def _three_sites(pledged: tuple[int | None, ...]) -> tuple[Holding, ...]:
    """1,000 t in one tank at each of three sites."""
    return tuple(
        Holding(
            tank_id=f"K-{n}",
            site_id=site,
            good=good,
            physical_kg=1_000_000,
            heel_kg=0,
            book_kg=None,
            frozen_kg=0,
            share=Decimal(1),
            u_kg=0,
            taken_at=NOW,
            freshness=Freshness.FRESH,
            pledged_kg=kg,
        )
        for n, (site, good, kg) in enumerate(zip(SITES, GOODS, pledged, strict=True))
    )


# A pool of receipts over three sites: 600 t and 300 t methanol at 2,000, 100 t diesel at 7,000: 2.5 M before caps.
@pytest.mark.parametrize(
    ("caps", "recognised"),
    [
        (Caps(), "2500000.00"),
        (Caps(good=Decimal("0.6")), "2200000.00"),  # methanol 1.8 M of at most 1.5 M
        (Caps(site=Decimal("0.4")), "2300000.00"),  # the first site 1.2 M of at most 1.0 M
        (Caps(tank=Decimal("0.3")), "2050000.00"),  # K-0 of 1.2 M counts 0.75 M
    ],
)
def test_a_pool_over_three_sites_is_valued_by_its_receipts_and_then_capped(caps: Caps, recognised: str) -> None:
    of = contract(receipts=(), caps=caps)
    held = _three_sites((600_000, 100_000, 300_000))
    position = take_position(of, holdings=held, prices=prices(), book_stale=False, now=NOW)
    assert position.recognised == Decimal(recognised)
