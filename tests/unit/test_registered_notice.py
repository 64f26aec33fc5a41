"""Where notices are registered, an outflow needs one in force; a paper that only the depot knows explains nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.case import acts
from domain.case.case import Stage
from domain.case.fold import fold
from domain.case.terms import NoticeSource
from domain.contract import PledgedTank
from domain.holding import Books
from domain.movement import ReleaseNotice
from domain.scene import DepotPapers
from rules import quantity_drop
from tests.fakes.case_life import HOUR, PAYMENT_FIRST, T2, TERMS, in_force, order, paid, request, signed
from tests.fakes.pledge import NOW, contract, scene, settled, stock_of

PAPER = ReleaseNotice(
    no="TH-0301", owner="hengyun", site_id="gangchu", tank_id="T-1", good="METHANOL", mass_kg=100_000,
    issued_at=NOW - HOUR, valid_until=NOW + 48 * HOUR, sealed=True,
)  # fmt: skip
BOTH = (PledgedTank(tank_id="T-1", owner="hengyun"), *PAYMENT_FIRST.pledged[1:])


def check_after(lost_t, *cases, orders=(), notices=(), of=PAYMENT_FIRST, releases_age=0.0, books=None):
    """Which check a loss from T-1 gets, or None where it is explained."""
    stock, known = stock_of((400, 400, 200), NOW - HOUR / 4), {"of": of, **({"books": books} if books else {})}
    papers = DepotPapers(
        work_orders=tuple(orders), releases=tuple(notices), work_orders_as_of=NOW,
        releases_as_of=NOW - timedelta(seconds=releases_age),
    )  # fmt: skip
    before = scene(stock, now=NOW - HOUR / 4, papers=papers, **known)
    _, memory = quantity_drop.judge(replace(before, cases=cases), quantity_drop.Memory())
    for n in (2, 1):
        stock = settled(stock, (400 - lost_t, 400, 200), NOW - timedelta(seconds=n * 5))
    after = replace(scene(stock, now=NOW, papers=papers, **known), cases=cases)
    found, _ = quantity_drop.judge(after, memory)
    return found[0].facts["check"] if found else None


def test_an_outflow_under_a_registered_notice_is_explained():
    assert check_after(50, in_force(), orders=[order(50_000)]) is None


def test_a_paper_that_only_the_depot_knows_explains_nothing():
    assert check_after(50, orders=[order(50_000)], notices=[PAPER]) == "no_release"


def test_where_the_contract_takes_the_depots_paper_it_counts_as_it_always_did():
    as_before = contract(release=replace(TERMS, notice=NoticeSource.DEPOT_PAPER))
    assert check_after(50, orders=[order(50_000)], notices=[PAPER], of=as_before) is None
    assert check_after(50, in_force(), orders=[order(50_000)], of=as_before) == "no_release"


def test_a_notice_that_one_person_registered_explains_nothing():
    assert check_after(50, signed(paid(request(), "130000.00")), orders=[order(50_000)]) == "no_release"


@pytest.mark.parametrize("opened", [NOW - timedelta(seconds=1), NOW + timedelta(hours=48, seconds=1)])
def test_an_order_opened_before_the_seal_or_after_its_time_is_not_covered(opened):
    assert check_after(50, in_force(), orders=[order(50_000, opened=opened)]) == "no_release"


def test_a_notice_for_another_tank_is_none_for_this_one():
    assert check_after(50, in_force((T2,)), orders=[order(50_000)]) == "no_release"


def test_a_loss_beyond_the_notice_is_told_however_large_the_order_is():
    large = order(50_000, planned=200_000)
    assert check_after(103, in_force(), orders=[large]) is None  # 100 t, its 0.5 % and the tank's 3 t
    assert check_after(104, in_force(), orders=[large]) == "over_lift"


def test_of_a_revoked_notice_only_what_had_left_is_explained():
    case = in_force()
    revoked = fold(case, acts.ended(case, Stage.REVOKED, why="", by="wang", now=NOW))
    assert check_after(50, revoked, orders=[order(50_000)]) == "over_lift"


def test_an_executed_notice_covers_no_order_opened_after_its_end():
    case = replace(in_force(), stage=Stage.EXECUTED, ended_at=NOW + HOUR)
    assert check_after(50, case, orders=[order(50_000)]) is None
    assert check_after(50, case, orders=[order(50_000, opened=NOW + 2 * HOUR)]) == "no_release"


def test_silent_notices_of_the_depot_are_no_excuse_where_the_lender_registers_its_own():
    assert check_after(50, orders=[order(50_000)], releases_age=900) == "no_release"
    assert check_after(50, in_force(), orders=[order(50_000)], releases_age=900) is None


def test_others_cargo_in_the_same_tank_still_leaves_under_the_depots_paper():
    shared = replace(PAYMENT_FIRST, pledged=BOTH)
    books = Books(kg={("T-1", "hengyun"): 200_000}, tank_kg={"T-1": 400_000}, as_of=NOW)
    theirs = replace(PAPER, owner="haichuan")
    assert check_after(50, orders=[order(50_000)], notices=[theirs], of=shared, books=books) is None
    assert check_after(50, orders=[order(50_000)], notices=[PAPER], of=shared, books=books) == "no_release"
    assert check_after(60, orders=[order(50_000)], of=shared, books=books, releases_age=900) == "cannot_check"
