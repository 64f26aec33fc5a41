"""Work orders against cases: what counts once, for which case, and when a case ends by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.case import acts
from domain.case.case import CaseKind, Stage
from domain.case.fold import fold
from domain.case.terms import Step
from domain.case.watch import brought_by, caught_up, watched
from domain.errors import CaseError
from domain.movement import Direction
from tests.fakes.case_life import (
    HOUR,
    PAYMENT_FIRST,
    T1,
    T2,
    T3,
    in_force,
    kinds,
    order,
    paid,
    papers,
    position,
    request,
    signed,
)
from tests.fakes.pledge import INDEX, NOW


def look(case, *orders, now=NOW + HOUR, cases=None, heard=None, tonnes=(400, 400, 200)):
    """The events of one look at the papers, and the case after them."""
    events = watched(
        case, cases or [case], PAYMENT_FIRST, papers={"gangchu": papers(*orders, at=heard or now)},
        position=position(tonnes), index=INDEX, now=now,
    )  # fmt: skip
    return kinds(events), fold(case, events) if events else case


def test_an_order_that_names_the_notice_draws_it_down_once():
    case = in_force()
    told, case = look(case, order(40_000, planned=100_000))
    assert (told, case.stage, case.lifted_kg()) == (["moved"], Stage.LIFTING, 40_000)
    assert look(case, order(40_000, planned=100_000)) == ([], case)


def test_an_open_order_is_told_in_good_steps_and_when_it_closes():
    _, case = look(in_force(), order(40_000))
    assert look(case, order(44_999))[0] == []
    assert look(case, order(45_000))[0] == ["moved"]
    assert look(case, order(41_000, closed=NOW + HOUR))[0] == ["moved"]


def test_orders_of_other_notices_other_ways_and_other_contracts_tanks_are_none_of_its():
    case = in_force()
    others = (
        order(10_000, notice="TH-9"),
        order(10_000, notice=None, no="W-2"),
        order(10_000, direction=Direction.TRANSFER_OUT, no="W-3"),
    )
    assert look(case, *others) == ([], case)


def test_a_case_is_executed_when_every_tank_is_lifted_within_the_tolerance_and_its_orders_are_closed():
    case = in_force((T1, T2))
    first = order(99_500, closed=NOW)  # 0.5 % less than the notice
    assert look(case, first)[1].stage is Stage.LIFTING
    second = order(99_500, no="W-2", tank="T-2")
    assert look(case, first, second)[1].stage is Stage.LIFTING
    told, done = look(case, first, order(99_500, no="W-2", tank="T-2", closed=NOW + HOUR))
    assert (told, done.stage, done.why, done.lifted_kg()) == (["moved", "ended"], Stage.EXECUTED, "lifted", 199_000)
    assert done.waits == ()


def test_a_kilogram_beyond_the_tolerance_is_missing():
    assert look(in_force(), order(99_499, closed=NOW + HOUR))[1].stage is Stage.LIFTING


def test_a_notice_expires_with_what_was_lifted_under_it():
    over = NOW + timedelta(hours=48, seconds=1)
    _, case = look(in_force(), order(60_000, closed=NOW + HOUR))
    told, case = look(case, now=over)
    assert (told, case.stage, case.why, case.lifted_kg()) == (["ended"], Stage.EXPIRED, "partly_lifted", 60_000)
    assert look(in_force(), now=over)[1].why == "not_lifted"
    assert look(in_force(), now=over - timedelta(seconds=1)) == ([], in_force())


def test_a_notice_does_not_expire_over_an_open_order_nor_over_silent_papers():
    over = NOW + timedelta(hours=49)
    loading = order(60_000, opened=NOW + 47 * HOUR)
    assert look(in_force(), loading, now=over)[1].stage is Stage.LIFTING
    assert look(in_force(), now=over, heard=NOW + 47 * HOUR) == ([], in_force())


def test_a_notice_waits_a_day_for_papers_that_have_not_come_since_the_start():
    def without_papers(hours):
        return watched(
            in_force(), [in_force()], PAYMENT_FIRST, papers={}, position=position(), index=INDEX,
            now=NOW + timedelta(hours=hours, seconds=1),
        )  # fmt: skip

    assert without_papers(71.9) == []
    assert kinds(without_papers(72)) == ["ended"]


def test_a_notice_that_only_one_person_registered_expires_as_well():
    case = signed(paid(request(), "130000.00"), until=NOW + HOUR)
    assert look(case, now=NOW + HOUR)[1].stage is Stage.SIGNED
    assert look(case, now=NOW + HOUR + timedelta(seconds=1))[1].why == "never_sealed"


def test_before_the_seal_no_order_counts():
    case = signed(paid(request(), "130000.00"))
    assert look(case, order(50_000)) == ([], case)


def test_what_was_lifted_and_not_told_is_counted_before_a_person_ends_the_case():
    _, case = look(in_force(), order(40_000))
    known = {"gangchu": papers(order(41_000))}
    events = caught_up(case, PAYMENT_FIRST, papers=known, position=position(), index=INDEX, now=NOW)
    assert fold(case, events).lifted_kg() == 41_000
    assert caught_up(fold(case, events), PAYMENT_FIRST, papers=known, position=position(), index=INDEX, now=NOW) == []


def inward(done, **given):
    return order(done, notice=None, direction=Direction.IN, **{"tank": "T-3", "no": "I-1", **given})


def top_up(number="TU-20260312-01", now=NOW, **given):
    return request(CaseKind.TOP_UP, out=(), into=(T3,), number=number, now=now, **given)


def test_a_partial_top_up_shows_what_came_and_what_is_missing_at_todays_prices():
    told, case = look(top_up(), inward(40_000), tonnes=(50, 0, 60))
    assert (told, case.stage, case.brought_kg()) == (["moved"], Stage.REQUESTED, 40_000)
    assert case.progress == {"came_cny": "280000.00", "missing_cny": "480000.00"}  # 40 t × 7,000; 1,000,000 − 520,000


def test_what_was_promised_has_come_within_the_tolerance_and_waits_for_acceptance():
    case = look(top_up(), inward(99_499))[1]
    assert case.stage is Stage.REQUESTED
    case = look(case, inward(99_500))[1]
    assert (case.stage, acts.due(case, PAYMENT_FIRST)) == (Stage.BROUGHT, (Step.ACCEPT,))
    done = fold(case, acts.accepted(case, PAYMENT_FIRST, INDEX, check={}, by="chen", now=NOW + HOUR))
    assert (done.stage, done.accepted_by) == (Stage.EXECUTED, "chen")


def test_goods_that_come_before_the_money_wait_for_it():
    case = look(top_up(cash="50000.00"), inward(100_000))[1]
    assert (case.stage, acts.due(case, PAYMENT_FIRST)) == (Stage.REQUESTED, (Step.PAYMENT,))
    assert paid(case, "50000.00").stage is Stage.BROUGHT


def test_an_order_opened_before_the_request_brings_nothing_for_it():
    assert look(top_up(now=NOW + HOUR), inward(100_000, opened=NOW))[0] == []


def test_an_inbound_order_serves_one_case_and_the_oldest_that_lacks_goods():
    first, second = top_up(), top_up("TU-20260312-02", NOW + HOUR / 4)
    orders = [inward(100_000, opened=NOW + HOUR / 2), inward(60_000, no="I-2", opened=NOW + HOUR)]
    came = brought_by([second, first], PAYMENT_FIRST, orders)
    assert came == {first.id: {("I-1", "T-3"): 100_000}, second.id: {("I-2", "T-3"): 60_000}}


def test_another_owners_cargo_in_the_same_tank_serves_no_case():
    case = top_up()
    mine = next(p.owner for p in PAYMENT_FIRST.pledged if p.tank_id == "T-3")
    come = inward(100_000, opened=NOW + HOUR / 2)
    assert brought_by([case], PAYMENT_FIRST, [replace(come, owner="haichuan")]) == {case.id: {}}
    assert brought_by([case], PAYMENT_FIRST, [replace(come, owner=mine)]) == {case.id: {("I-1", "T-3"): 100_000}}


def test_an_order_stays_with_the_case_that_it_served_even_after_its_end():
    first, second = top_up(), top_up("TU-20260312-02", NOW + HOUR / 4)
    first = look(first, inward(100_000, opened=NOW + HOUR / 2))[1]
    first = fold(first, acts.accepted(first, PAYMENT_FIRST, INDEX, check={}, by="chen", now=NOW + HOUR))
    orders = [inward(130_000, opened=NOW + HOUR / 2)]
    assert brought_by([first, second], PAYMENT_FIRST, orders)[second.id] == {}


def test_a_swap_registers_its_notice_only_after_what_comes_was_accepted():
    case = request(CaseKind.SWAP, out=(T1,), into=(T3,), number="SW-20260312-01")
    case = look(case, inward(100_000))[1]
    assert acts.due(case, PAYMENT_FIRST) == (Step.ACCEPT,)
    events = acts.accepted(case, PAYMENT_FIRST, INDEX, check=case.check, by="chen", now=NOW)
    assert kinds(events) == ["accepted"]
    accepted = fold(case, events)
    assert signed(accepted).stage is Stage.SIGNED


def test_a_lift_reported_smaller_than_before_is_taken_as_the_depot_now_says():
    _, case = look(in_force(), order(60_000))
    assert look(case, order(50_000))[1].lifted_kg() == 50_000


def test_an_order_that_is_taken_back_to_nothing_has_lifted_nothing():
    _, case = look(in_force(), order(60_000))
    told, case = look(case, order(0, planned=60_000, closed=NOW + HOUR))
    assert (told, case.lifted) == (["moved"], {})


def test_an_order_that_turns_out_to_be_under_another_notice_counts_there_alone():
    first, second = look(in_force(), order(60_000))[1], in_force(no="TH-0302", number="RC-20260312-02")
    corrected = order(60_000, notice="TH-0302")
    assert look(first, corrected)[1].lifted == {}
    assert look(second, corrected)[1].lifted_kg() == 60_000


def test_one_number_with_a_line_for_each_of_two_notices_counts_for_both_and_once():
    first, second = in_force(), in_force(no="TH-0302", number="RC-20260312-02")
    lines = (order(60_000), order(30_000, notice="TH-0302"))
    assert (look(first, *lines)[1].lifted_kg(), look(second, *lines)[1].lifted_kg()) == (60_000, 30_000)
    assert (look(first, *lines[::-1])[1].lifted_kg(), look(second, *lines[::-1])[1].lifted_kg()) == (60_000, 30_000)


def test_what_left_the_feed_stays_lifted():
    _, case = look(in_force(), order(60_000))
    assert look(case) == ([], case)


def test_goods_whose_order_is_taken_back_have_not_come():
    _, case = look(top_up(), inward(40_000))
    told, case = look(case, inward(0, planned=40_000, closed=NOW + HOUR))
    assert (told, case.brought) == (["moved"], {})


@pytest.mark.parametrize(
    ("registered", "written"),
    [("提字(2026)12号", "提字（2026）12号"), ("TH-0301", "th-0301"), ("TH-0301", " TH－0301\u200b")],
)
def test_a_notice_is_known_by_its_number_however_the_depot_writes_it(registered: str, written: str):
    case = look(in_force(no=registered), order(40_000, notice=written, closed=NOW + HOUR))[1]
    assert (case.stage, case.lifted_kg()) == (Stage.LIFTING, 40_000)


def test_goods_whose_order_is_taken_back_after_they_had_come_cannot_be_accepted():
    _, case = look(top_up(), inward(100_000))
    assert case.stage is Stage.BROUGHT
    _, case = look(case, inward(0, planned=100_000, closed=NOW + HOUR))
    with pytest.raises(CaseError) as refused:
        acts.accepted(case, PAYMENT_FIRST, INDEX, check={}, by="chen", now=NOW + HOUR)
    assert refused.value.code == "goods_first"
