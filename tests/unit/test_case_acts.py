"""The life of a request: what must come before what, and who must be two."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.case import acts
from domain.case.case import CaseKind, Stage
from domain.case.fold import fold
from domain.case.terms import Step
from domain.errors import CaseError
from tests.fakes.case_life import (
    ABOVE_FLOOR,
    HOUR,
    PAYMENT_FIRST,
    T1,
    T2,
    T3,
    in_force,
    paid,
    request,
    sealed,
    signed,
)
from tests.fakes.pledge import INDEX, NOW, contract


def refusal(act, *given, **named) -> str:
    with pytest.raises(CaseError) as raised:
        act(*given, **named)
    return raised.value.code


def end(case, stage):
    return fold(case, acts.ended(case, stage, why="", by="wang", now=NOW))


def test_a_request_under_payment_first_waits_for_the_money_with_those_whom_the_contract_names():
    case = request()
    (waits,) = case.waits
    assert acts.due(case, PAYMENT_FIRST) == (Step.PAYMENT,)
    assert (waits.person, waits.chat, waits.due, waits.escalate_to) == ("wang", "jia-bank", NOW + HOUR, ("chen",))


def test_payment_first_is_never_free_even_where_no_price_says_what_it_costs():
    case = request()
    case = replace(case, check={**case.check, "to_pay_cny": "0.00"})
    assert acts.due(case, PAYMENT_FIRST) == (Step.PAYMENT,)
    assert paid(case, "1.00").stage is Stage.PAID


def test_above_the_floor_a_request_that_costs_nothing_goes_to_the_notice_at_once():
    case = request(of=ABOVE_FLOOR)
    assert case.to_pay_cny == 0
    assert acts.due(case, ABOVE_FLOOR) == (Step.SIGN,)


def test_part_of_the_money_is_not_the_money():
    case = paid(request(), "100000.00")
    assert (case.stage, case.unpaid_cny) == (Stage.REQUESTED, Decimal("30000.00"))
    assert refusal(signed, case) == "money_first"
    assert paid(case, "30000.00").stage is Stage.PAID


def test_the_person_who_registered_a_notice_cannot_confirm_it():
    case = signed(paid(request(), "130000.00"), by="wang")
    assert refusal(sealed, case, by="wang") == "same_person"
    assert sealed(case, by="chen").stage is Stage.SEALED


def test_a_mistyped_notice_is_registered_anew_until_somebody_has_confirmed_it():
    first = signed(paid(request(), "130000.00"), by="wang", no="TH-0310")
    again = signed(first, by="wang", no="TH-0301")
    assert again.notice.no == "TH-0301"
    assert again.notice.revision > first.notice.revision
    assert refusal(sealed, again, by="wang") == "same_person"
    corrected = signed(again, by="chen", no="TH-0302")
    assert refusal(sealed, corrected, by="chen") == "same_person"
    in_force = sealed(corrected, by="wang")
    assert refusal(signed, in_force, no="TH-0303") == "not_now"


def test_a_notice_is_good_as_long_as_the_contract_says_unless_it_says_otherwise():
    ready = paid(request(), "130000.00")
    assert signed(ready).notice.valid_until == NOW + timedelta(hours=48)
    assert signed(ready, until=NOW + 5 * HOUR).notice.valid_until == NOW + 5 * HOUR
    assert refusal(signed, ready, until=NOW) == "notice_over"


def test_a_notice_is_in_force_from_its_second_signature_on():
    case = sealed(signed(paid(request(), "130000.00")), now=NOW + HOUR)
    assert not case.notice.covers(NOW + HOUR / 2)
    assert case.notice.covers(NOW + HOUR)
    assert case.notice.covers(case.notice.valid_until)


def test_a_notice_whose_time_is_over_is_not_confirmed_any_more():
    case = signed(paid(request(), "130000.00"), until=NOW + HOUR)
    assert refusal(sealed, case, now=NOW + HOUR) == "notice_over"


def test_a_depot_that_refuses_leaves_the_notice_in_force_and_may_think_better_of_it():
    case = in_force()
    refused = fold(case, acts.declined(case, reason="仓储费未结清", by="li", now=NOW + HOUR))
    assert (refused.stage, refused.declined, refused.declined_at) == (Stage.SEALED, "仓储费未结清", NOW + HOUR)
    verified = fold(refused, acts.verified(refused, PAYMENT_FIRST, INDEX, by="li", now=NOW + 2 * HOUR))
    assert (verified.stage, verified.declined) == (Stage.VERIFIED, None)


@pytest.mark.parametrize("stage", [Stage.REFUSED, Stage.WITHDRAWN])
def test_a_notice_in_force_is_revoked_and_nothing_else(stage):
    case = in_force()
    assert refusal(end, case, stage) == "not_now"
    assert end(case, Stage.REVOKED).open is False


@pytest.mark.parametrize("stage", [Stage.REVOKED, Stage.EXPIRED, Stage.EXECUTED])
def test_a_request_without_a_notice_cannot_end_as_one_with_a_notice(stage):
    assert refusal(end, request(), stage) == "not_now"


def test_an_end_is_an_end():
    over = end(request(), Stage.REFUSED)
    assert acts.due(over, PAYMENT_FIRST) == ()
    assert over.waits == ()
    for act in (lambda: paid(over, "1"), lambda: signed(over), lambda: end(over, Stage.WITHDRAWN)):
        assert refusal(act) == "not_now"


def test_a_swap_needs_both_sides_and_a_contract_that_allows_it():
    assert refusal(request, CaseKind.SWAP, out=(T1,)) == "nothing_asked"
    no_swaps = contract(release=replace(PAYMENT_FIRST.release, swap=None))
    assert refusal(request, CaseKind.SWAP, out=(T1,), into=(T3,), of=no_swaps) == "no_swap"


def test_a_contract_without_terms_has_no_cases():
    assert refusal(request, of=contract()) == "no_terms"


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": CaseKind.TOP_UP, "out": ()},
        {"kind": CaseKind.TOP_UP, "out": (T1,), "into": (T2,)},
        {"out": (replace(T1, kg=0),)},
        {"out": (), "cash": "100.00"},
    ],
    ids=["nothing", "a top-up that takes", "no kg", "money alone is no release"],
)
def test_a_request_that_asks_for_nothing_is_none(asked):
    assert refusal(request, **asked) == "nothing_asked"


def test_a_top_up_in_money_waits_for_the_money_and_then_for_acceptance():
    case = request(CaseKind.TOP_UP, out=(), cash="50000.00")
    assert acts.due(case, PAYMENT_FIRST) == (Step.PAYMENT,)
    case = paid(case, "50000.00")
    assert (case.stage, acts.due(case, PAYMENT_FIRST)) == (Stage.BROUGHT, (Step.ACCEPT,))


def test_a_top_up_in_goods_and_money_waits_for_both_at_once():
    case = request(CaseKind.TOP_UP, out=(), into=(T3,), cash="50000.00")
    assert acts.due(case, PAYMENT_FIRST) == (Step.BRING, Step.PAYMENT)
    assert [(w.person, w.step) for w in case.waits] == [("zhao", Step.BRING), ("wang", Step.PAYMENT)]


def test_what_has_not_come_is_not_accepted():
    case = request(CaseKind.TOP_UP, out=(), into=(T3,))
    assert refusal(acts.accepted, case, PAYMENT_FIRST, INDEX, check={}, by="chen", now=NOW) == "goods_first"


def test_reminders_go_to_the_late_and_to_those_above_them_at_their_pace():
    case = request()
    assert acts.remind(case, pause_s=1800, now=NOW + HOUR / 2) == []
    (first,) = acts.remind(case, pause_s=1800, now=NOW + HOUR)
    assert (first.body["persons"], first.body["escalated_to"], first.body["n"]) == (["wang"], ["chen"], 1)
    case = fold(case, [first])
    assert acts.remind(case, pause_s=1800, now=NOW + HOUR + HOUR / 4) == []
    assert len(acts.remind(case, pause_s=1800, now=NOW + 2 * HOUR)) == 1


def test_a_case_whose_terms_are_gone_goes_no_further_and_can_still_be_ended():
    gone = contract()
    for case, stage in ((request(), Stage.REFUSED), (in_force(), Stage.REVOKED)):
        assert acts.due(case, gone) == ()
        assert end(case, stage).stage is stage
    once = signed(paid(request(), "130000.00"))
    assert refusal(acts.sealed, once, gone, INDEX, by="chen", now=NOW) == "no_terms"
    assert refusal(acts.verified, in_force(), gone, INDEX, by="li", now=NOW) == "no_terms"
