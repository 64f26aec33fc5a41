"""The alarm of a double pledge: when it is told, when it cannot be judged, when it stands and when it is gone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.alarm import fold, observe
from domain.contract import AlertKind, Severity
from domain.encumbrance import Check, Encumbered
from domain.finding import Standing
from domain.movement import Direction, WorkOrder
from domain.scene import DepotPapers, Scene
from rules.dup_pledge import Memory, judge, recall
from tests.fakes.pledge import NOW, stock_of
from tests.fakes.receipts import receipt, receipt_scene, under

HELD = [400.0, 300.0, 100.0]
POOL = under(receipt("CD-1", {"T-1": 250_000}))
TOLD = Memory(told=frozenset({"T-1"}))


def claimed(check: Check | None, edge: Check | None = None, *, over_kg: int | None = None) -> Encumbered:
    return Encumbered(
        tank_id="T-1",
        own_kg=250_000,
        physical_kg=200_000,
        check=check,
        edge=edge or check,
        over_kg=over_kg,
        numbers=("CD-1",),
        owner_known=True,
    )


def at(encumbered: Encumbered, *, silent_s: float = 0.0, papers: DepotPapers | None = None, now=NOW) -> Scene:
    stock = stock_of(HELD, now - timedelta(seconds=silent_s))
    return receipt_scene(stock, POOL, encumbered=[encumbered], papers=papers, now=now)


def working(closed: timedelta | None) -> DepotPapers:
    order = WorkOrder(
        no="WO-1",
        site_id="gangchu",
        tank_id="T-1",
        direction=Direction.OUT,
        good="METHANOL",
        planned_kg=1000,
        done_kg=1000,
        opened_at=NOW - timedelta(hours=3),
        closed_at=None if closed is None else NOW - closed,
    )
    return DepotPapers(work_orders=(order,), work_orders_as_of=NOW)


@pytest.mark.parametrize("check", [Check.OVER_OWN, Check.OVER_OWNER, Check.OVER_TANK, Check.SAME_NUMBER])
def test_what_does_not_add_up_is_red_and_told_by_own_figures(check: Check) -> None:
    [found], memory = judge(at(claimed(check)), Memory())
    assert (found.kind, found.severity, found.subject) == (AlertKind.DUP_PLEDGE, Severity.RED, "T-1")
    assert (found.facts["check"], found.facts["own_kg"], found.facts["receipts"]) == (check, 250_000, ["CD-1"])
    assert memory == TOLD


def test_claims_that_add_up_are_told_to_nobody() -> None:
    assert judge(at(claimed(None)), Memory()) == ([], Memory())


def test_once_told_it_stands_at_the_edge_and_returns_inside() -> None:
    at_edge = claimed(None, Check.OVER_OWNER)
    assert judge(at(at_edge), Memory())[0] == []
    [found], memory = judge(at(at_edge), TOLD)
    assert (found.standing, memory) == (Standing.BREACH, TOLD)
    assert judge(at(claimed(None)), TOLD) == ([], Memory())


@pytest.mark.parametrize("silent_s", [301.0, 4000.0])
def test_a_stale_gauge_raises_nothing_and_lets_nothing_return(silent_s: float) -> None:
    for encumbered in (claimed(Check.OVER_OWNER), claimed(None)):
        assert judge(at(encumbered, silent_s=silent_s), Memory())[0] == []
        [found], memory = judge(at(encumbered, silent_s=silent_s), TOLD)
        assert (found.standing, memory) == (Standing.UNKNOWN, TOLD)


def test_a_number_in_two_hands_needs_no_gauge() -> None:
    [found], _ = judge(at(claimed(Check.SAME_NUMBER), silent_s=4000.0), Memory())
    assert (found.standing, found.data_at) == (Standing.BREACH, NOW)


@pytest.mark.parametrize(
    ("closed", "told"), [(None, False), (timedelta(minutes=29), False), (timedelta(minutes=31), True)]
)
def test_a_tank_that_is_worked_in_is_not_judged_by_its_kilograms(closed: timedelta | None, told: bool) -> None:
    assert bool(judge(at(claimed(Check.OVER_OWNER), papers=working(closed)), Memory())[0]) is told


def test_after_a_restart_an_open_alarm_still_stands() -> None:
    [found], _ = judge(at(claimed(Check.OVER_OWNER)), Memory())
    [event] = observe(None, found, POOL, number="AL-1", recovery={}, now=NOW)
    alarm = fold(None, [event])
    assert recall([alarm]) == TOLD
    assert recall([replace(alarm, subject="T-2"), alarm]).told == {"T-1", "T-2"}
    assert recall([]) == Memory()
