"""The plant's band judged by gauges: what orders explain, what they do not, what is unknown, and what a person closed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.alarm import Alarm, close, fold, observe
from domain.contract import AlertKind, Severity
from domain.finding import Finding, Standing
from domain.movement import Direction, ReleaseNotice, WorkOrder
from domain.process import Process
from domain.scene import DepotPapers, Scene
from domain.stock import Stock
from rules import quantity_drop
from rules.yield_band import Memory, accept, judge, recall
from tests.fakes.pledge import INDEX, NOW, contract, scene, settled

HOUR = timedelta(hours=1)
PLANT = Process(
    input_good="METHANOL",
    input_tanks=("T-1",),
    output_good="DIESEL0",
    output_tanks=("T-3",),
    least_yield=2.0,
    most_yield=2.2,
    window_s=86400.0,
    min_input_kg=10_000.0,
    lag_s=3600.0,
)
"""A pretended plant between two tanks of the small pledge."""
OF = contract(process=(PLANT,))
START = (100.0, 200.0, 50.0)


def order(direction: Direction, tank: str, planned_t: float, done_t: float, **more: object) -> WorkOrder:
    base = WorkOrder(
        no="WO-1",
        site_id="gangchu",
        tank_id=tank,
        direction=direction,
        good="METHANOL",
        planned_kg=round(planned_t * 1000),
        done_kg=round(done_t * 1000),
        opened_at=NOW,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def notice(t: float, *, sealed: bool = True) -> ReleaseNotice:
    return ReleaseNotice(
        no="TH-1",
        owner="hengyun",
        site_id="gangchu",
        tank_id="T-3",
        good="DIESEL0",
        mass_kg=round(t * 1000),
        issued_at=NOW,
        valid_until=NOW + 48 * HOUR,
        sealed=sealed,
    )


def at(
    hours: float,
    tonnes: tuple[float, float, float],
    *orders: WorkOrder,
    notices: tuple[ReleaseNotice, ...] = (),
    papers_age_s: float = 0.0,
    read_age_s: float = 0.0,
) -> Scene:
    now = NOW + hours * HOUR
    told = now - timedelta(seconds=papers_age_s)
    papers = DepotPapers(work_orders=orders, releases=notices, work_orders_as_of=told, releases_as_of=told)
    stock = settled(Stock.empty(INDEX, 2), tonnes, now - timedelta(seconds=read_age_s))
    return scene(stock, of=OF, now=now, papers=papers)


def run(*moments: Scene, memory: Memory | None = None) -> tuple[list[Finding], Memory]:
    """What is found at the last of these moments."""
    findings: list[Finding] = []
    memory = memory or Memory()
    for moment in moments:
        findings, memory = judge(moment, memory)
    return findings, memory


def after(fed_t: float, made_t: float) -> list[Finding]:
    """Eight hours in which so much left T-1 and so much reached T-3, and the lag after them."""
    end = (START[0] - fed_t, START[1], START[2] + made_t)
    return run(at(0, START), at(1, START), at(9, end), at(10, end))[0]


# Band 2.0–2.2 kg per kg, tolerance 3 t: 40 t fed are due 80 to 88 t of product.
@pytest.mark.parametrize(
    ("made_t", "severity"),
    [
        (76.9, Severity.ORANGE),
        (77.0, None),
        (80.0, None),
        (88.0, None),
        (91.0, None),
        (91.1, Severity.YELLOW),
        (0.0, Severity.ORANGE),
    ],
)
def test_outside_the_band_and_its_tolerance_it_is_told(made_t: float, severity: Severity | None) -> None:
    assert [f.severity for f in after(40.0, made_t)] == ([severity] if severity else [])


def test_the_figures_are_those_of_the_gauges() -> None:
    [finding] = after(40.0, 70.0)
    assert (finding.kind, finding.subject, finding.site) == (AlertKind.YIELD_GAP, "METHANOL>DIESEL0", "gangchu")
    wanted = {"fed_kg": 40_000, "made_kg": 70_000, "due_least_kg": 80_000, "due_most_kg": 88_000, "gap_kg": 10_000}
    assert {k: finding.facts[k] for k in wanted} == wanted
    assert finding.facts["value_cny"] == "70000.00"


def test_without_a_plant_in_the_contract_nothing_is_judged() -> None:
    assert judge(replace(at(0, START), contract=contract()), Memory()) == ([], Memory())


def test_the_depots_word_on_feed_and_product_changes_nothing() -> None:
    """Process orders that claim an honest run beside gauges that do not show one."""
    claims = (order(Direction.PROCESS_OUT, "T-1", 40, 40), order(Direction.PROCESS_IN, "T-3", 84, 84))
    end = (60.0, 200.0, 110.0)
    findings, _ = run(at(0, START, *claims), at(1, START, *claims), at(9, end, *claims), at(10, end, *claims))
    assert [f.facts["made_kg"] for f in findings] == [60_000]


def test_a_delivery_into_the_raw_tank_is_not_taken_for_less_feed() -> None:
    """40 t fed, 30 t delivered meanwhile: T-1 falls by 10 t only."""
    landed = order(Direction.IN, "T-1", 30, 30, closed_at=NOW + 5 * HOUR)
    end = (90.0, 200.0, 120.0)
    findings, _ = run(at(0, START), at(1, START), at(9, end, landed), at(10, end, landed))
    assert [f.facts["fed_kg"] for f in findings] == [40_000]


@pytest.mark.parametrize(
    ("notices", "counted_t"),
    [((notice(20),), 20), ((notice(12),), 12), ((notice(20, sealed=False),), 0), ((), 0)],
    ids=["covered", "beyond its notice", "not sealed", "none"],
)
def test_product_sold_counts_as_far_as_the_lenders_notice_goes(
    notices: tuple[ReleaseNotice, ...], counted_t: int
) -> None:
    """80 t made, 20 t of them taken away."""
    sold = order(Direction.OUT, "T-3", 20, 20, release_no="TH-1", closed_at=NOW + 8 * HOUR)
    end = (60.0, 200.0, 110.0)
    scenes = [at(h, START if h < 9 else end, sold, notices=notices) for h in (9, 10)]
    findings, _ = run(at(0, START), at(1, START), *scenes)
    assert [f.facts["gap_kg"] for f in findings] == ([20_000 - 1000 * counted_t] if counted_t < 17 else [])


def test_a_sale_that_is_told_only_when_it_is_done_is_allowed_for_meanwhile() -> None:
    """The depot writes done_kg at the end: while the order is open its whole plan may have left."""
    loading = order(Direction.OUT, "T-3", 20, 0, release_no="TH-1")
    end = (60.0, 200.0, 110.0)
    papers = (notice(20),)
    moments = [at(h, end, loading, notices=papers) for h in (9, 10)]
    assert run(at(0, START), at(1, START), *moments)[0] == []
    done = replace(loading, done_kg=20_000, closed_at=NOW + 11 * HOUR)
    assert run(at(0, START), at(1, START), *moments, at(11, end, done, notices=papers))[0] == []
    undone = replace(loading, done_kg=0, closed_at=NOW + 11 * HOUR)
    assert run(at(0, START), at(1, START), *moments, at(11, end, undone, notices=papers))[0] != []


def test_an_order_that_has_left_the_feed_goes_on_to_count() -> None:
    sold = order(Direction.OUT, "T-3", 20, 20, release_no="TH-1", closed_at=NOW + 4 * HOUR)
    middle, end = (80.0, 200.0, 70.0), (60.0, 200.0, 110.0)
    told = at(5, middle, sold, notices=(notice(20),))
    assert run(at(0, START), at(1, START), told, at(9, end), at(10, end))[0] == []


@pytest.mark.parametrize(("read_age_s", "papers_age_s"), [(301.0, 0.0), (0.0, 301.0)])
def test_with_gauges_or_papers_that_are_not_of_now_it_is_unknown(read_age_s: float, papers_age_s: float) -> None:
    short = (60.0, 200.0, 60.0)
    findings, memory = run(at(0, START), at(1, START), at(9, short), at(10, short))
    assert findings[0].standing is Standing.BREACH
    [unknown] = judge(at(10.2, short, read_age_s=read_age_s, papers_age_s=papers_age_s), memory)[0]
    assert unknown.standing is Standing.UNKNOWN


def test_what_happened_while_nothing_could_be_seen_is_judged_afterwards() -> None:
    short = (60.0, 200.0, 60.0)
    blind = at(5, START, read_age_s=3600.0)
    findings, _ = run(at(0, START), at(1, START), blind, at(9, short), at(10, short))
    assert findings[0].facts["gap_kg"] == 70_000


def test_it_is_told_until_the_product_is_clearly_there() -> None:
    """The tolerance is 3 t; a case that was told stands until less than 2.4 t are missing."""
    moments = [at(0, START), at(1, START), at(9, (60.0, 200.0, 126.9)), at(10, (60.0, 200.0, 126.9))]
    findings, memory = run(*moments)
    assert findings
    findings, memory = judge(at(10.1, (60.0, 200.0, 127.5)), memory)
    assert findings
    assert judge(at(10.2, (60.0, 200.0, 127.7)), memory)[0] == []


def test_a_case_that_a_person_closed_begins_anew() -> None:
    short = (60.0, 200.0, 60.0)
    findings, memory = run(at(0, START), at(1, START), at(9, short), at(10, short))
    memory = accept(memory, findings[0].subject, NOW + 10.01 * HOUR)
    assert run(at(10.1, short), at(12, short), memory=memory)[0] == []
    again = (40.0, 200.0, 60.0)
    assert run(at(10.1, short), at(12, short), at(14, again), at(16, again), memory=memory)[0] != []


def test_after_a_restart_an_open_case_stands_until_a_whole_window_was_watched() -> None:
    memory = recall([alarm()])
    findings, memory = run(at(0, START), at(3, START), memory=memory)
    assert [f.standing for f in findings] == [Standing.UNKNOWN]
    assert run(at(20, START), at(25, START), memory=memory)[0] == []


def test_a_closed_case_is_not_recalled() -> None:
    closed = fold(alarm(), close(alarm(), "chen", "closed_by_lender", now=NOW))
    assert recall([closed]) == Memory()


def test_an_alarm_of_a_plant_waits_for_a_person_to_close_it() -> None:
    events = observe(alarm(), None, OF, number="", recovery={"cause": "in_band", "now": None}, now=NOW + HOUR)
    assert [e.kind for e in events] == ["alarm.returned"]


def alarm() -> Alarm:
    [finding] = after(40.0, 10.0)
    return fold(None, observe(None, finding, OF, number="AL-20260312-01", recovery={}, now=NOW))


def drawn(of: object, *orders: WorkOrder, now: datetime = NOW + HOUR / 6) -> list[str]:
    """How the rule of losses calls 20 t that left T-1."""
    papers = DepotPapers(work_orders=orders, work_orders_as_of=now, releases_as_of=now)
    stock = settled(Stock.empty(INDEX, 2), START, NOW)
    before = scene(stock, of=of, papers=papers)  # type: ignore[arg-type]
    _, memory = quantity_drop.judge(before, quantity_drop.Memory())
    for second in (-1, 0):
        stock = settled(stock, (80.0, *START[1:]), now + timedelta(seconds=second))
    after_it = scene(stock, of=of, now=now, papers=papers)  # type: ignore[arg-type]
    return [f.facts["check"] for f in quantity_drop.judge(after_it, memory)[0]]


def test_feed_leaves_the_raw_tank_under_its_order_like_a_transfer() -> None:
    assert drawn(OF, order(Direction.PROCESS_OUT, "T-1", 20, 0)) == []


def test_more_than_the_order_of_feed_is_an_over_lift() -> None:
    assert drawn(OF, order(Direction.PROCESS_OUT, "T-1", 10, 0)) == ["over_lift"]


def test_an_order_of_feed_explains_nothing_where_the_contract_has_no_plant() -> None:
    assert drawn(contract(), order(Direction.PROCESS_OUT, "T-1", 20, 0)) == ["no_process"]


def test_an_order_of_product_explains_no_loss() -> None:
    assert drawn(OF, order(Direction.PROCESS_IN, "T-1", 20, 0)) == ["no_work_order"]
