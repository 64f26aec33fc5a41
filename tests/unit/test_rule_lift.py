"""More than the notice, after its time, or not let go: judged on the depot's own work orders."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.alarm import Alarm, close, fold, observe
from domain.case import acts
from domain.case.case import Stage
from domain.case.fold import fold as fold_case
from domain.contract import Severity, Tolerances
from domain.finding import Standing
from rules import lift
from tests.fakes.case_life import HOUR, PAYMENT_FIRST, T1, TERMS, at, in_force, order, paid, papers, request, signed
from tests.fakes.pledge import NOW, contract

FRESH = lift.Memory()
LATE = NOW + timedelta(hours=48, minutes=1)


def judged(case, *orders, memory=FRESH, now=NOW, of=PAYMENT_FIRST, heard=None):
    world = at(of=of, now=now, cases=[case], papers=papers(*orders, at=heard or now))
    return lift.judge(world, memory)


def only(case, *orders, **given):
    (found,) = judged(case, *orders, **given)[0]
    return found


def end(case, stage, now=NOW):
    return fold_case(case, acts.ended(case, stage, why="", by="wang", now=now))


@pytest.mark.parametrize(("kg", "told"), [(100_000, False), (100_500, False), (100_501, True)])
def test_a_lift_may_differ_from_its_notice_by_the_contracts_tolerance(kg, told):
    assert bool(judged(in_force(), order(kg))[0]) is told


def test_an_over_lift_says_how_much_of_what_notice_in_which_tank():
    found = only(in_force(), order(102_000))
    assert (found.subject, found.site, found.severity) == ("RC-20260312-01/T-1", "gangchu", Severity.ORANGE)
    assert found.facts == {
        "case": "RC-20260312-01", "check": "over_lift", "tank": "T-1", "site": "gangchu", "good": "METHANOL",
        "notice_no": "TH-0301", "noticed_kg": 100_000, "lifted_kg": 102_000, "over_kg": 2_000, "orders": ["W-1"],
        "valid_until": "2026-03-14T06:32:00Z", "stage": "sealed", "reason": None,
    }  # fmt: skip


@pytest.mark.parametrize(("over", "severity"), [(6_000, Severity.ORANGE), (6_001, Severity.RED)])
def test_an_excess_beyond_twice_what_weighing_explains_is_red(over, severity):
    assert PAYMENT_FIRST.tolerances.static_t == 3.0
    assert only(in_force(), order(100_000 + over)).severity is severity


def test_a_large_notice_explains_more_before_it_is_red():
    loose = contract(release=replace(TERMS, lift_ratio=Decimal("0.01")), tolerances=Tolerances(static_t=0.1))
    large = in_force((replace(T1, kg=300_000),))
    assert only(large, order(305_000 + 1_000), of=loose).severity is Severity.ORANGE
    assert only(large, order(306_001), of=loose).severity is Severity.RED


def test_a_tank_that_the_notice_does_not_name_has_none_of_its_kilograms():
    found = only(in_force(), order(1_000, tank="T-2"))
    assert (found.facts["check"], found.facts["noticed_kg"], found.facts["tank"]) == ("over_lift", 0, "T-2")


def test_an_order_opened_in_time_may_go_on_after_it_and_a_later_one_is_late():
    case = in_force()
    before = order(50_000, opened=NOW + 47 * HOUR)
    assert judged(case, before, now=LATE)[0] == []
    found = only(case, before, order(2_000, no="W-2", opened=LATE), now=LATE + HOUR)
    assert (found.facts["check"], found.facts["over_kg"]) == ("late_lift", 2_000)


def test_a_lift_under_an_expired_notice_is_late():
    found = only(end(in_force(), Stage.EXPIRED, LATE), order(2_000, opened=LATE + HOUR), now=LATE + HOUR)
    assert (found.facts["check"], found.facts["stage"]) == ("late_lift", "expired")


def test_what_goes_on_after_a_notice_was_revoked_is_late():
    case = end(in_force(), Stage.REVOKED)
    assert only(case, order(7_000, opened=NOW - HOUR)).severity is Severity.RED


def test_a_depot_that_refuses_a_notice_in_force_is_a_finding_until_it_thinks_better_of_it():
    case = in_force()
    refused = fold_case(case, acts.declined(case, reason="仓储费未结清", by="li", now=NOW))
    found = only(refused)
    assert (found.subject, found.facts["check"], found.facts["reason"]) == (case.id, "refused_lift", "仓储费未结清")
    assert judged(case)[0] == []
    assert judged(end(refused, Stage.REVOKED))[0] == []


def test_a_notice_that_was_never_sealed_is_none_to_break():
    assert judged(signed(paid(request(), "130000.00")), order(500_000))[0] == []


def test_a_contract_without_terms_of_release_is_not_judged():
    assert judged(in_force(), order(500_000), of=contract()) == ([], FRESH)


def test_a_refusal_that_a_person_closed_is_told_again_only_if_it_is_repeated():
    case = in_force()
    refused = fold_case(case, acts.declined(case, reason="x", by="li", now=NOW))
    closed = lift.Memory(accepted={case.id: NOW + HOUR})
    assert judged(refused, memory=closed)[0] == []
    again = fold_case(refused, acts.declined(refused, reason="y", by="li", now=NOW + 2 * HOUR))
    assert only(again, memory=closed).facts["reason"] == "y"


def raised(found) -> Alarm:
    return fold(None, observe(None, found, PAYMENT_FIRST, number="AL-1", recovery={}, now=NOW))


def test_what_was_told_stands_while_the_papers_are_silent():
    alarm = raised(only(in_force(), order(110_000)))
    memory = lift.recall([alarm])
    (found,), after = judged(in_force(), memory=memory, now=NOW + HOUR, heard=NOW)
    assert (found.standing, found.key) == (Standing.UNKNOWN, alarm.key)
    assert after.told == {alarm.subject}
    assert judged(in_force(), memory=memory)[0] == []


def test_after_a_person_closed_it_only_what_goes_on_is_told_again():
    alarm = raised(only(in_force(), order(110_000)))
    closed = lift.recall([fold(alarm, close(alarm, "wang", "closed_by_lender", now=NOW + HOUR))])
    assert closed == lift.accept(lift.Memory(), alarm.subject, NOW + HOUR)
    later = NOW + 2 * HOUR
    assert judged(in_force(), order(110_000, closed=NOW), memory=closed, now=later)[0] == []
    assert only(in_force(), order(110_000), memory=closed, now=later).subject == alarm.subject
    second = order(1_000, no="W-2", opened=later)
    assert only(in_force(), order(110_000, closed=NOW), second, memory=closed, now=later).facts["lifted_kg"] == 111_000
