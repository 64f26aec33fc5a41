"""A loss without papers: the tolerance, the window, what explains it, and what cannot be checked."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from domain.alarm import fold, observe
from domain.finding import Finding
from domain.movement import Direction, ReleaseNotice, WorkOrder
from domain.scene import DepotPapers
from rules.quantity_drop import Memory, accept, judge
from rules.recovery import recovery
from tests.fakes.pledge import NOW, contract, scene, settled, stock_of

S = timedelta(seconds=1)
START = [100.0, 200.0, 50.0]


def order(direction: str = "out", planned_t: int = 20, *, no: str = "WO-1", release: str | None = "TH-1") -> WorkOrder:
    return WorkOrder(
        no=no,
        site_id="gangchu",
        tank_id="T-1",
        direction=Direction(direction),
        good="METHANOL",
        planned_kg=planned_t * 1000,
        done_kg=0,
        opened_at=NOW - 60 * S,
        closed_at=None,
        release_no=release,
    )


def notice(no: str = "TH-1", *, tank: str = "T-1", sealed: bool = True, hours: int = 48) -> ReleaseNotice:
    return ReleaseNotice(
        no=no,
        owner="hengyun",
        site_id="gangchu",
        tank_id=tank,
        good="METHANOL",
        mass_kg=20_000,
        issued_at=NOW - timedelta(hours=49),
        valid_until=NOW + timedelta(hours=hours - 48, seconds=0),
        sealed=sealed,
    )


def papers(orders: list[WorkOrder], notices: list[ReleaseNotice], *, age_s: float = 1) -> DepotPapers:
    as_of = NOW + 10 * S - age_s * S
    return DepotPapers(
        work_orders=tuple(orders), releases=tuple(notices), work_orders_as_of=as_of, releases_as_of=as_of
    )


def after_loss(tonnes: float, sheet: DepotPapers | None, *, within: timedelta = 10 * S) -> list[Finding]:
    """T-1 loses so many tonnes; two readings agree."""
    stock = stock_of(START)
    _, memory = judge(scene(stock), Memory())
    for when in (NOW + within - S, NOW + within):
        stock = settled(stock, [START[0] - tonnes, *START[1:]], when)
    return judge(scene(stock, now=NOW + within, papers=sheet), memory)[0]


NO_PAPERS = papers([], [])


@pytest.mark.parametrize(("tonnes", "found"), [(2.999, False), (3.0, False), (3.001, True), (60, True)])
def test_only_a_loss_beyond_the_tolerance_counts(tonnes: float, found: bool) -> None:
    assert bool(after_loss(tonnes, NO_PAPERS)) == found


def test_without_a_work_order_the_loss_is_named_with_its_figures() -> None:
    finding = after_loss(10, NO_PAPERS)[0]
    assert (finding.subject, finding.site) == ("T-1", "gangchu")
    assert finding.facts["check"] == "no_work_order"
    assert finding.facts["lost_kg"] == 10_000
    assert finding.facts["value_cny"] == "20000.00"


def test_a_work_order_with_its_sealed_notice_explains_the_loss() -> None:
    assert after_loss(10, papers([order()], [notice()])) == []


def test_a_transfer_order_needs_no_release_notice() -> None:
    assert after_loss(10, papers([order("transfer_out", release=None)], [])) == []


@pytest.mark.parametrize(
    "notices",
    [
        [],
        [notice("TH-OTHER")],
        [notice(tank="T-2")],
        [notice(sealed=False)],
        [notice(hours=47)],
    ],
    ids=["none", "another number", "another tank", "not sealed", "expired"],
)
def test_an_order_without_a_valid_notice_explains_nothing(notices: list[ReleaseNotice]) -> None:
    assert after_loss(10, papers([order()], notices))[0].facts["check"] == "no_release"


def test_more_than_the_order_allows_is_an_over_lift() -> None:
    finding = after_loss(30, papers([order(planned_t=20)], [notice()]))[0]
    assert (finding.facts["check"], finding.facts["lost_kg"]) == ("over_lift", 10_000)


def test_an_inbound_order_explains_no_loss() -> None:
    assert after_loss(10, papers([order("in")], []))[0].facts["check"] == "no_work_order"


@pytest.mark.parametrize("sheet", [None, papers([], [], age_s=301), papers([order()], [notice()], age_s=301)])
def test_with_stale_papers_a_loss_cannot_be_checked_and_is_not_called_unauthorised(sheet: DepotPapers | None) -> None:
    assert after_loss(10, sheet)[0].facts["check"] == "cannot_check"


def test_a_slow_loss_adds_up_inside_the_window() -> None:
    stock, memory, found = stock_of(START), Memory(), []
    for minute in range(29):
        when = NOW + timedelta(minutes=minute)
        for second in (0, 1):
            stock = settled(stock, [START[0] - 0.2 * minute, *START[1:]], when + second * S)
        sheet = DepotPapers(work_orders_as_of=when, releases_as_of=when)
        found, memory = judge(scene(stock, now=when + S, papers=sheet), memory)
    assert found[0].facts["lost_kg"] == pytest.approx(5600, abs=100)


def test_what_vanished_while_the_gauge_was_silent_is_found_when_it_speaks() -> None:
    assert after_loss(10, None, within=timedelta(hours=3))[0].facts["lost_kg"] == 10_000


def test_a_case_that_a_person_closed_is_not_raised_again() -> None:
    stock = stock_of(START)
    _, memory = judge(scene(stock), Memory())
    for n in (1, 2):
        stock = settled(stock, [90.0, *START[1:]], NOW + n * S)
    findings, memory = judge(scene(stock, now=NOW + 2 * S, papers=NO_PAPERS), memory)
    assert findings
    memory = accept(memory, "T-1", NOW + 3 * S)
    findings, _ = judge(scene(stock, now=NOW + 9 * S, papers=NO_PAPERS), memory)
    assert findings == []


def test_a_sister_tank_that_gained_as_much_is_named() -> None:
    stock = stock_of(START)
    _, memory = judge(scene(stock), Memory())
    for n in (9, 10):
        stock = settled(stock, [90.0, 210.0, 50.0], NOW + n * S)
    finding = judge(scene(stock, now=NOW + 10 * S, papers=NO_PAPERS), memory)[0][0]
    assert finding.facts["gained"] == ["T-2"]


def test_the_time_of_the_loss_is_told() -> None:
    since = after_loss(10, NO_PAPERS)[0].facts["since"]
    assert datetime.fromisoformat(since) == NOW


def test_noise_on_the_limit_is_told_once() -> None:
    stock = stock_of(START)
    _, memory = judge(scene(stock), Memory())
    told = []
    for n, lost in enumerate([3.1, 3.1, 2.9, 2.9, 3.1, 3.1, 2.3, 2.3]):
        stock = settled(stock, [START[0] - lost, *START[1:]], NOW + (10 + n) * S)
        findings, memory = judge(scene(stock, now=NOW + (10 + n) * S, papers=NO_PAPERS), memory)
        told.append(len(findings))
    assert told == [0, 1, 1, 1, 1, 1, 0, 0]


MINUTE = timedelta(minutes=1)


def cause(course: Sequence[tuple[int, float]], before: DepotPapers, after: DepotPapers) -> str:
    """What T-1's alarm ended by: its course in (minutes, tonnes), papers as they were when it was raised, and then."""
    stock, memory, alarm = stock_of(START), Memory(), None
    for minutes, tonnes in course:
        for when in (NOW + minutes * MINUTE, NOW + minutes * MINUTE + S):
            stock = settled(stock, [tonnes, *START[1:]], when)
            sheet = aged(before if alarm is None else after, before, when)
            seen = scene(stock, now=when, papers=sheet)
            found, memory = judge(seen, memory)
            if alarm is None and found:
                alarm = fold(None, observe(None, found[0], contract(), number="AL-1", recovery={}, now=when))
            elif alarm is not None and not found:
                return str(recovery(alarm, seen, memory)["cause"])
    raise AssertionError("the alarm never ended")


def aged(sheet: DepotPapers, before: DepotPapers, when: datetime) -> DepotPapers:
    """Papers that speak at every moment, but for those that were silent at the start."""
    old = sheet is before and sheet.work_orders_as_of is not None and sheet.work_orders_as_of < NOW - 300 * S
    as_of = NOW - 600 * S if old else when
    return DepotPapers(
        work_orders=sheet.work_orders, releases=sheet.releases, work_orders_as_of=as_of, releases_as_of=as_of
    )


SILENT = papers([order()], [notice()], age_s=600)
FELL = [(0, 100.0), (1, 90.0), (2, 90.0)]
OLD_ORDER = WorkOrder(
    no="WO-0",
    site_id="gangchu",
    tank_id="T-1",
    direction=Direction.OUT,
    good="METHANOL",
    planned_kg=20_000,
    done_kg=20_000,
    opened_at=NOW - 9 * 60 * MINUTE,
    closed_at=NOW - 8 * 60 * MINUTE,
    release_no="TH-1",
)


def test_a_loss_that_could_not_be_checked_is_explained_once_the_papers_speak_again() -> None:
    assert cause([*FELL, (3, 85.0)], SILENT, papers([order()], [notice()])) == "papers"


def test_a_notice_that_came_late_is_papers_too() -> None:
    assert cause(FELL, papers([order()], []), papers([order()], [notice()])) == "papers"


def test_an_order_that_was_over_before_the_loss_explains_nothing() -> None:
    still = [(m, 90.0) for m in range(1, 40)]
    assert cause([(0, 100.0), *still], NO_PAPERS, papers([OLD_ORDER], [notice()])) == "quiet"


@pytest.mark.parametrize("after", [(3, 100.0), (3, 140.0), (3, 98.5)])
def test_a_tank_that_was_filled_again_did_not_merely_come_to_rest(after: tuple[int, float]) -> None:
    assert cause([*FELL, after], NO_PAPERS, NO_PAPERS) == "refilled"


def test_a_loss_that_only_stopped_is_quiet_however_slowly_it_came() -> None:
    slow = [(m, 100.0 - 0.25 * min(m, 30) + (0.05 if m % 2 else 0.0)) for m in range(80)]
    assert cause(slow, NO_PAPERS, NO_PAPERS) == "quiet"
