"""The figures of a request: by full revaluation, with what other notices let out already gone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.case.case import CaseKind, CaseLine
from domain.case.check import Ask, ask_of, reserved, unreserved
from domain.case.fold import fold, moved_json
from domain.case.terms import SwapTerms
from domain.contract import Caps, ControlLineNotice, Coverage
from domain.event import Event
from domain.headroom import headroom
from domain.money import cny
from tests.fakes.case_life import (
    ABOVE_FLOOR,
    PAYMENT_FIRST,
    T1,
    T2,
    T3,
    TERMS,
    check_of,
    in_force,
    paid,
    position,
    request,
)
from tests.fakes.pledge import NOW, contract


def lifted(case, kg: int, tank: str = "T-1"):
    body = {
        "case": case.id, "revision": case.revision + 1, "stage": "lifting", "progress": {}, "brought": [],
        "lifted": moved_json({("W-1", tank): kg}), "waits": [],
    }  # fmt: skip
    return fold(case, [Event(tenant="jia", kind="case.moved", v=1, occurred_at=NOW, actor="system", body=body)])


def test_a_release_is_worked_out_by_hand():
    check = check_of(Ask(kind=CaseKind.RELEASE, out=(T1, T3)))
    assert check["value_cny"] == "3000000.00"
    assert check["out_cny"] == "900000.00"  # 100 t × 2,000 + 100 t × 7,000
    assert check["after_cny"] == "2100000.00"
    assert check["floor_cny"] == "1000000.00"  # 700,000 ÷ 0.70
    assert check["headroom_cny"] == "2000000.00"
    assert check["to_pay_cny"] == "585000.00"  # 900,000 × 0.65, the initial ratio
    assert check["floor_after_cny"] == "164285.71"  # (700,000 − 585,000) ÷ 0.70
    assert (check["ok"], check["problems"]) == (True, [])


def test_the_redeem_ratio_of_the_contract_goes_before_the_initial_one():
    dearer = contract(release=replace(TERMS, redeem_ratio=Decimal("0.80")))
    assert check_of(Ask(kind=CaseKind.RELEASE, out=(T1,)), of=dearer)["to_pay_cny"] == "160000.00"


def test_under_coverage_what_is_redeemed_is_divided_by_it_and_not_a_fen_more():
    """71.4 t × 2,000 ÷ 1.70 = 84,000.00; times 1 ÷ 1.70 in decimals it would round up to 84,000.01."""
    coverage = Coverage(
        initial=Decimal("1.70"), warn=Decimal("1.43"), control=Decimal("1.33"), disposal=Decimal("1.18")
    )
    terms = contract(release=TERMS)
    ltv = 1 / Decimal("1.70")
    covered = replace(terms, lines=replace(terms.lines, ltv_initial=ltv, coverage=coverage))
    ask = Ask(kind=CaseKind.RELEASE, out=(CaseLine(tank_id="T-1", good="METHANOL", kg=71_400),))
    assert check_of(ask, of=covered)["to_pay_cny"] == "84000.00"


def test_above_the_floor_a_release_costs_only_what_keeps_the_value_above_it():
    def price_of(kg: int) -> str:
        ask = Ask(kind=CaseKind.RELEASE, out=(CaseLine(tank_id="T-1", good="METHANOL", kg=kg),))
        return check_of(ask, of=ABOVE_FLOOR, tonnes=(400, 100, 10))["to_pay_cny"]

    assert price_of(35_000) == "0.00"  # V = 1,070,000, exactly 1,000,000 left: equal is safe
    assert price_of(35_001) == "1.40"  # 2.00 too little: 0.70 × 2.00 off the debt
    assert price_of(85_000) == "70000.00"


def test_money_does_not_help_below_a_control_line_notice():
    notice = ControlLineNotice(no="K-1", amount=Decimal("2950000.00"), effective_from=NOW)
    bound = contract(release=TERMS, lines=replace(contract().lines, notices=(notice,)))
    check = check_of(Ask(kind=CaseKind.RELEASE, out=(T1,)), of=bound)
    assert "below_floor" in check["problems"]
    assert check["to_pay_cny"] == "130000.00"


def test_a_cap_that_would_cut_what_stays_is_told():
    capped = contract(release=TERMS, caps=Caps(good=Decimal("0.60")))
    fits = check_of(Ask(kind=CaseKind.RELEASE, out=(T3,)), of=capped)
    assert fits["problems"] == ["over_caps"]
    assert fits["after_cny"] == "2080000.00"  # of methanol no more than 60 % of 2,300,000 = 1,380,000, diesel 700,000


def test_a_red_alarm_blocks_and_leaves_no_headroom():
    check = check_of(Ask(kind=CaseKind.RELEASE, out=(T1,)), blocked=True)
    assert (check["ok"], check["problems"], check["headroom_cny"]) == (False, ["blocked"], "0.00")


def test_more_than_a_tank_holds_is_told():
    check = check_of(Ask(kind=CaseKind.RELEASE, out=(replace(T1, kg=300_000), replace(T1, kg=100_001))))
    assert "not_held" in check["problems"]


def test_what_a_notice_in_force_lets_out_is_not_given_away_twice():
    first = in_force((replace(T1, kg=300_000),))
    second = Ask(kind=CaseKind.RELEASE, out=(replace(T1, kg=100_001),))
    check = check_of(second, cases=[first])
    assert check["reserved_kg"] == 300_000
    assert check["headroom_cny"] == "1400000.00"
    assert "not_held" in check["problems"]
    assert check_of(replace(second, out=(T1,)), cases=[first])["problems"] == []


def test_only_what_is_not_lifted_yet_is_kept_back():
    case = in_force((T1, replace(T2, kg=50_000)))
    assert reserved([case]) == {"T-1": 100_000, "T-2": 50_000}
    assert reserved([lifted(case, 60_000)]) == {"T-1": 40_000, "T-2": 50_000}
    assert reserved([lifted(case, 100_300)]) == {"T-2": 50_000}
    assert reserved([case], but=case.id) == {}


def test_a_request_that_no_notice_allows_yet_keeps_nothing_back():
    assert reserved([request(), paid(request(), "130000.00")]) == {}


def test_headroom_told_after_the_open_notices_is_that_of_the_pool_without_them():
    standing = position()
    free = unreserved(PAYMENT_FIRST, standing, [in_force((T1, T3))])
    assert headroom(PAYMENT_FIRST, standing).value_cny - headroom(PAYMENT_FIRST, free).value_cny == cny(90_000_000)
    assert unreserved(PAYMENT_FIRST, standing, []) is standing


@pytest.mark.parametrize(("kg", "ratio", "fits"), [(28_572, "1.0000", True), (28_571, "0.9999", False)])
def test_a_swap_brings_as_much_value_after_haircut_as_it_takes(kg, ratio, fits):
    diesel = CaseLine(tank_id="T-3", good="DIESEL0", kg=kg)
    check = check_of(Ask(kind=CaseKind.SWAP, out=(T1,), into=(diesel,)))  # 200,000 ÷ 7 = 28,571.4 kg
    assert (check["ratio"], check["ratio_needed"]) == (ratio, "1")
    assert ("ratio" not in check["problems"]) is fits


def test_a_swap_asks_the_ratio_of_its_contract():
    strict = contract(release=replace(TERMS, swap=SwapTerms(value_ratio=Decimal("1.10"))))
    diesel = CaseLine(tank_id="T-3", good="DIESEL0", kg=28_572)
    assert check_of(Ask(kind=CaseKind.SWAP, out=(T1,), into=(diesel,)), of=strict)["problems"] == ["ratio"]


def test_a_top_up_says_what_is_still_missing_after_it():
    check = check_of(Ask(kind=CaseKind.TOP_UP, into=(T3,), cash_cny=Decimal("7000.00")), tonnes=(50, 0, 20))
    assert check["missing_now_cny"] == "760000.00"  # 1,000,000 − 240,000
    assert check["missing_after_cny"] == "50000.00"  # 700,000 of diesel, 7,000 ÷ 0.70 off the line
    assert check["to_pay_cny"] == "0.00"


def test_goods_that_came_and_money_that_is_just_confirmed_are_counted_once():
    before = check_of(Ask(kind=CaseKind.TOP_UP, into=(T3,), cash_cny=Decimal("7000.00")), tonnes=(50, 0, 20))
    came = Ask(kind=CaseKind.TOP_UP, into=(T3,), cash_cny=Decimal("7000.00"), came={"T-3": 60_000})
    after = check_of(came, tonnes=(50, 0, 80))
    assert after["missing_after_cny"] == before["missing_after_cny"] == "50000.00"
    money = replace(came, repaid=Decimal("7000.00"), paying=Decimal("7000.00"))
    paying = check_of(money, tonnes=(50, 0, 80))
    assert (paying["missing_now_cny"], paying["missing_after_cny"]) == ("330000.00", "50000.00")


def test_the_price_of_a_request_stays_what_was_told():
    case = request()
    dearer = check_of(ask_of(case), tonnes=(400, 400, 100))
    assert (dearer["to_pay_cny"], dearer["value_cny"]) == ("130000.00", "2300000.00")


def test_what_the_told_price_no_longer_covers_is_told_at_the_later_step():
    case = request(out=(T3,))
    assert (case.check["to_pay_cny"], case.check["ok"]) == ("455000.00", True)  # 700,000 × 0.65
    fallen = check_of(ask_of(case, paying=Decimal("455000.00")), tonnes=(100, 0, 110))
    assert (fallen["to_pay_cny"], fallen["after_cny"]) == ("455000.00", "270000.00")
    assert fallen["floor_after_cny"] == "350000.00"  # (700,000 − 455,000) ÷ 0.70
    assert fallen["problems"] == ["below_floor"]
