"""Book against gauges: told once it lasts, not while the tank is worked in, back only when clearly within tolerance."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.contract import AlertKind, Severity
from domain.finding import Finding, Standing
from domain.holding import Books
from domain.movement import WorkOrder
from domain.scene import DepotPapers, Scene
from rules.book_gap import Memory, judge, recall
from tests.fakes.pledge import NOW, contract, scene, stock_of

MINUTE = timedelta(minutes=1)
HELD = [100.0, 200.0, 50.0]


def books(first_kg: int, *, other_owner_kg: int = 0) -> Books:
    """The depot says so much of T-1; the other tanks agree with their gauges."""
    pledged = contract().pledged
    kg = {(p.tank_id, p.owner): m for p, m in zip(pledged, (first_kg, 200_000, 50_000), strict=True)}
    tank_kg = {tank: m for (tank, _), m in kg.items()} | {"T-1": first_kg + other_owner_kg}
    return Books(kg=kg, tank_kg=tank_kg, as_of=NOW)


def at(minutes: float, book_kg: int, papers: DepotPapers | None = None, *, other_owner_kg: int = 0) -> Scene:
    now = NOW + minutes * MINUTE
    of = books(book_kg, other_owner_kg=other_owner_kg)
    by_book = contract(pledged=tuple(replace(p, share=None) for p in contract().pledged)) if other_owner_kg else None
    told = papers or DepotPapers(work_orders_as_of=now, releases_as_of=now)
    return scene(stock_of(HELD, now), of=by_book, now=now, books=of, papers=told)


def lasting(book_kg: int) -> list[Finding]:
    """What is told of a gap that has been there for half an hour."""
    _, memory = judge(at(0, book_kg), Memory())
    return judge(at(30, book_kg), memory)[0]


def work(closed_minutes: float | None, *, opened_hours_ago: float = 1.0) -> DepotPapers:
    order = WorkOrder(
        no="WO-1",
        site_id="gangchu",
        tank_id="T-1",
        direction="out",
        good="METHANOL",
        planned_kg=1000,
        done_kg=1000,
        opened_at=NOW + 30 * MINUTE - timedelta(hours=opened_hours_ago),
        closed_at=None if closed_minutes is None else NOW + closed_minutes * MINUTE,
        release_no=None,
    )
    told = NOW + 30 * MINUTE
    return DepotPapers(work_orders=(order,), work_orders_as_of=told, releases_as_of=told)


# T-1 holds 100.000 t, u = 100 kg. Allowed are 0.5 % of the book, and never less than 2u = 200 kg.
@pytest.mark.parametrize(
    ("book_kg", "told"),
    [(100_502, False), (100_503, True), (99_503, False), (99_502, True), (100_000, False)],
)
def test_a_gap_is_told_beyond_the_tolerance_on_either_side(book_kg: int, told: bool) -> None:
    assert bool(lasting(book_kg)) == told


def test_a_missing_part_is_orange_and_carries_both_figures() -> None:
    [finding] = lasting(103_000)
    assert (finding.kind, finding.subject, finding.severity) == (AlertKind.BOOK_GAP, "T-1", Severity.ORANGE)
    assert {k: finding.facts[k] for k in ("short", "book_kg", "physical_kg", "gap_kg", "tolerance_kg")} == {
        "short": True,
        "book_kg": 103_000,
        "physical_kg": 100_000,
        "gap_kg": 3_000,
        "tolerance_kg": 515,
    }
    assert finding.facts["value_cny"] == "6000.00"


def test_more_than_the_book_says_is_yellow() -> None:
    [finding] = lasting(97_000)
    assert (finding.severity, finding.facts["short"]) == (Severity.YELLOW, False)


def test_a_gap_must_last() -> None:
    findings, memory = judge(at(0, 103_000), Memory())
    assert findings == []
    assert judge(at(29.9, 103_000), memory)[0] == []
    assert judge(at(30, 103_000), memory)[0] != []


def test_a_gap_that_closes_in_between_begins_anew() -> None:
    _, memory = judge(at(0, 103_000), Memory())
    _, memory = judge(at(20, 100_000), memory)
    _, memory = judge(at(25, 103_000), memory)
    assert judge(at(40, 103_000), memory)[0] == []


@pytest.mark.parametrize(("closed_minutes", "told"), [(None, False), (5.0, False), (0.0, True)])
def test_a_tank_that_is_or_was_just_worked_in_is_not_judged(closed_minutes: float | None, told: bool) -> None:
    papers = work(closed_minutes)
    memory = Memory(since={"T-1": NOW - 60 * MINUTE})
    assert bool(judge(at(30, 103_000, papers), memory)[0]) == told


@pytest.mark.parametrize(("hours", "told"), [(47.9, False), (48.0, True)])
def test_an_order_that_is_never_closed_hides_a_loss_for_two_days_at_most(hours: float, told: bool) -> None:
    memory = Memory(since={"T-1": NOW - 60 * MINUTE})
    assert bool(judge(at(30, 103_000, work(None, opened_hours_ago=hours)), memory)[0]) == told


@pytest.mark.parametrize(("age_s", "told"), [(300, True), (301, False), (None, False)])
def test_without_work_orders_of_now_nobody_says_that_none_is_running(age_s: int | None, told: bool) -> None:
    now = NOW + 30 * MINUTE
    as_of = None if age_s is None else now - timedelta(seconds=age_s)
    papers = DepotPapers(work_orders_as_of=as_of, releases_as_of=now)
    assert bool(judge(at(30, 103_000, papers), Memory(since={"T-1": NOW}))[0]) == told


def test_while_a_told_tank_cannot_be_judged_it_is_unknown_and_not_clear() -> None:
    told = Memory(told=frozenset({"T-1"}))
    [finding] = judge(at(30, 103_000, work(None)), told)[0]
    assert finding.standing is Standing.UNKNOWN
    assert judge(at(30, 103_000, work(None)), told)[1].told == {"T-1"}


@pytest.mark.parametrize(("book_kg", "back"), [(100_420, False), (100_400, True)])
def test_it_returns_only_when_clearly_within_the_tolerance(book_kg: int, back: bool) -> None:
    findings, memory = judge(at(30, book_kg), Memory(told=frozenset({"T-1"})))
    assert (findings == []) == back
    assert (memory.told == frozenset()) == back


def test_in_a_shared_tank_only_the_pledges_part_is_told() -> None:
    _, memory = judge(at(0, 60_000, other_owner_kg=60_000), Memory())
    [finding] = judge(at(30, 60_000, other_owner_kg=60_000), memory)[0]
    assert (finding.facts["book_kg"], finding.facts["physical_kg"]) == (60_000, 50_000)
    assert "120000" not in str(finding.facts)


def test_without_a_book_nothing_is_judged() -> None:
    assert judge(scene(stock_of(HELD)), Memory(since={"T-1": NOW - 60 * MINUTE}))[0] == []


def test_after_a_restart_an_open_alarm_still_stands() -> None:
    assert recall([]) == Memory()
