"""One alarm of every kind, and every step of an alarm's life, as the real rules and the real alarm make them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from domain.alarm import Answer, acknowledge, close, observe, remind
from domain.case.case import CaseKind
from domain.contract import AlertKind, Coverage, PriceMethod
from domain.encumbrance import Check
from domain.finding import Finding
from domain.holding import Books
from domain.movement import Direction, ReleaseNotice, WorkOrder
from domain.position import PriceStanding
from domain.price_origin import PriceOrigin, QuoteUsed
from domain.process import Process
from domain.scene import DepotPapers, Scene
from rules import book_gap as book_gap_rule
from rules import dup_pledge as dup_pledge_rule
from rules import gauge_silent, lift, price_watch, quantity_drop, receipt_expiry, value_line, yield_band
from rules.recovery import recovery
from tests.data.words.cases import OUT, PLEDGED, Life
from tests.data.words.hengyun import CONTRACT, NOW, ROSTER, SITES, TONNES, Told, only, prices, raised, scene, tell
from tests.data.words.receipts import receipt_scene

HOUR = timedelta(hours=1)


def order(
    no: str = "WO-0312-11", *, tank: str = "T-107", good: str = "D0", kg: int = 488_500, release: str = ""
) -> WorkOrder:
    """An outflow that the depot declares."""
    return WorkOrder(
        no=no,
        site_id="gangchu",
        tank_id=tank,
        direction=Direction.OUT,
        good=good,
        planned_kg=kg,
        done_kg=kg,
        opened_at=NOW - timedelta(minutes=50),
        release_no=release or None,
    )


def value_scene() -> Scene:
    """14:32 of docs/pledge.md: methanol fell to 2,318, 488.5 t of diesel left under a work order."""
    papers = {"gangchu": DepotPapers(work_orders=(order(),), work_orders_as_of=NOW, releases_as_of=NOW)}
    return scene(tonnes={"T-107": 4631.8}, quotes=prices(NOW, MEOH="2318"), papers=papers)


def value_below_line() -> Told:
    _, memory = value_line.judge(scene(NOW - HOUR), value_line.Memory(line=None))
    findings, _ = value_line.judge(value_scene(), memory)
    return raised(only(findings, AlertKind.VALUE_BELOW_LINE))


def value_below_line_covered() -> Told:
    """The same pool under a contract that writes coverage."""
    coverage = Coverage(
        initial=Decimal("1.55"), warn=Decimal("1.43"), control=Decimal("1.33"), disposal=Decimal("1.18")
    )
    covered = replace(CONTRACT, lines=replace(CONTRACT.lines, coverage=coverage))
    _, memory = value_line.judge(scene(NOW - HOUR, contract=covered), value_line.Memory(line=None))
    low = scene(tonnes={"T-107": 4631.8}, quotes=prices(NOW, MEOH="2318"), contract=covered)
    findings, _ = value_line.judge(low, memory)
    return raised(only(findings, AlertKind.VALUE_BELOW_LINE), covered)


def blind_breach() -> Told:
    silent = dict.fromkeys(("V203", "V205", "V206"), 2400.0)
    findings, _ = value_line.judge(scene(ages_s=silent), value_line.Memory())
    return raised(only(findings, AlertKind.BLIND_BREACH), number="08")


def _drop(papers: DepotPapers) -> Told:
    before = scene(NOW - timedelta(minutes=22), tonnes={"T-112": 6080.2})
    _, memory = quantity_drop.judge(before, quantity_drop.Memory())
    after = scene(tonnes={"T-112": 5997.2}, levels_mm={"T-112": 9317.0}, papers={"gangchu": papers})
    findings, _ = quantity_drop.judge(after, memory)
    return raised(only(findings, AlertKind.QTY_DROP), number="09")


def qty_drop_no_work_order() -> Told:
    return _drop(DepotPapers(work_orders_as_of=NOW, releases_as_of=NOW))


def qty_drop_no_release() -> Told:
    orders = (order("WO-0312-12", tank="T-112", good="MEOH", kg=90_000, release="TH-0301"),)
    return _drop(DepotPapers(work_orders=orders, work_orders_as_of=NOW, releases_as_of=NOW))


def qty_drop_over_lift() -> Told:
    noticed = ReleaseNotice(
        no="TH-0301",
        owner="恒运化工",
        site_id="gangchu",
        tank_id="T-112",
        good="MEOH",
        mass_kg=60_000,
        issued_at=NOW - timedelta(hours=5),
        valid_until=NOW + timedelta(hours=40),
        sealed=True,
    )
    orders = (order("WO-0312-12", tank="T-112", good="MEOH", kg=60_000, release="TH-0301"),)
    return _drop(DepotPapers(work_orders=orders, releases=(noticed,), work_orders_as_of=NOW, releases_as_of=NOW))


def qty_drop_cannot_check() -> Told:
    old = NOW - timedelta(minutes=40)
    return _drop(DepotPapers(work_orders_as_of=old, releases_as_of=old))


def qty_drop_transfer() -> Told:
    before = scene(NOW - timedelta(minutes=22))
    _, memory = quantity_drop.judge(before, quantity_drop.Memory())
    after = scene(tonnes={"T-112": 5997.2, "T-113": 6163.2}, levels_mm={"T-112": 9317.0})
    findings, _ = quantity_drop.judge(after, memory)
    return raised(only(findings, AlertKind.QTY_DROP), number="09")


def sensor_offline_tank() -> Told:
    findings, _ = gauge_silent.judge(scene(ages_s={"V203": 720.0}), gauge_silent.Memory(first_at=NOW - HOUR))
    return raised(only(findings, AlertKind.SENSOR_OFFLINE), number="03")


def sensor_offline_site() -> Told:
    silent = dict.fromkeys(("V203", "V205", "V206"), 720.0)
    findings, _ = gauge_silent.judge(scene(ages_s=silent), gauge_silent.Memory(first_at=NOW - HOUR))
    return raised(next(f for f in findings if f.facts["group"]), number="03")


def sensor_offline_never() -> Told:
    findings, _ = gauge_silent.judge(scene(ages_s={"V203": float("inf")}), gauge_silent.Memory(first_at=NOW - HOUR))
    return raised(only(findings, AlertKind.SENSOR_OFFLINE), number="03")


def book_gap() -> Told:
    return raised(only(_gap(NOW, 3_216_450), AlertKind.BOOK_GAP), number="01")


def returned_book_gap() -> Told:
    return _back(book_gap(), scene(NOW + HOUR))


def _gap(now: datetime, book_kg: int) -> list[Finding]:
    """The book of C-01 has said so much for half an hour; the gauge says less."""
    memory = book_gap_rule.Memory()
    findings: list[Finding] = []
    for when in (now - HOUR / 2, now):
        books = Books(kg={("C-01", "恒运化工"): book_kg}, tank_kg={"C-01": book_kg}, as_of=when)
        findings, memory = book_gap_rule.judge(scene(when, books=books), memory)
    return findings


PLANT = Process(
    input_good="MEOH",
    input_tanks=("T-113",),
    output_good="MTBE",
    output_tanks=("V203",),
    least_yield=2.55,
    most_yield=2.75,
    window_s=86400.0,
    min_input_kg=20_000.0,
    lag_s=7200.0,
)
"""A plant that makes MTBE: 88.15 / 32.04 = 2.75 kg at most from a kg of methanol."""


def _plant(fed_t: float, made_t: float) -> Told:
    """Ten hours in which T-113 lost so much and V203 gained so much, and then rest for as long as the plant lags."""
    of, memory = replace(CONTRACT, process=(PLANT,)), yield_band.Memory()
    for hours, done in ((-14, 0.0), (-12, 0.0), (-2, 1.0), (0, 1.0)):
        at = {"T-113": TONNES["T-113"] - fed_t * done, "V203": TONNES["V203"] + made_t * done}
        findings, memory = yield_band.judge(scene(NOW + hours * HOUR, contract=of, tonnes=at), memory)
    return raised(only(findings, AlertKind.YIELD_GAP), number="02")


def yield_gap() -> Told:
    return _plant(100.0, 210.0)


def yield_gap_surplus() -> Told:
    return _plant(20.0, 160.0)


def returned_yield_gap() -> Told:
    return _back(yield_gap(), scene(NOW + HOUR))


def _lifted(kg: int, **opened: datetime) -> Told:
    """Goods taken from T-112 under the notice TH-0301 for 500 t, or, opened later, when it was over."""
    case = Life(CaseKind.RELEASE, out=OUT).paid().signed().sealed().case
    now = opened.get("at", NOW) + HOUR
    taken = replace(order("WO-0312-11", tank="T-112", good="MEOH", kg=kg, release="TH-0301"), opened_at=now - HOUR)
    papers = {"gangchu": DepotPapers(work_orders=(taken,), work_orders_as_of=now, releases_as_of=now)}
    found, _ = lift.judge(replace(scene(now, contract=PLEDGED, papers=papers), cases=(case,)), lift.Memory())
    return raised(only(found, AlertKind.LIFT), PLEDGED, now=now, number="12")


def lift_over() -> Told:
    return _lifted(512_300)


def lift_late() -> Told:
    return _lifted(30_500, at=NOW + 72 * HOUR)


def lift_refused() -> Told:
    case = Life(CaseKind.RELEASE, out=OUT).paid().signed().sealed().declined("仓储费未结清").case
    found, _ = lift.judge(replace(scene(contract=PLEDGED), cases=(case,)), lift.Memory())
    return raised(only(found, AlertKind.LIFT), PLEDGED, number="12")


def returned_lift() -> Told:
    return _back(lift_refused(), scene(NOW + HOUR, contract=PLEDGED))


def _doubled(check: Check) -> Told:
    findings, _ = dup_pledge_rule.judge(receipt_scene(check=check), dup_pledge_rule.Memory())
    return raised(only(findings, AlertKind.DUP_PLEDGE), number="11")


def dup_pledge() -> Told:
    return _doubled(Check.OVER_OWNER)


def dup_pledge_tank() -> Told:
    return _doubled(Check.OVER_TANK)


def dup_pledge_own() -> Told:
    return _doubled(Check.OVER_OWN)


def dup_pledge_number() -> Told:
    return _doubled(Check.SAME_NUMBER)


def returned_dup_pledge() -> Told:
    return _back(dup_pledge(), scene(NOW + HOUR))


def receipt_expiring() -> Told:
    findings, _ = receipt_expiry.judge(receipt_scene(), receipt_expiry.Memory())
    return raised(only(findings, AlertKind.RECEIPT_EXPIRING), number="12")


def returned_receipt_expiring() -> Told:
    return _back(receipt_expiring(), scene(NOW + HOUR))


def price_stale() -> Told:
    quotes = prices(NOW)
    old = replace(quotes["MEOH"], standing=PriceStanding.STALE, published_at=NOW - timedelta(days=3))
    gone = replace(quotes["MTBE"], cny_t=None, standing=PriceStanding.MISSING, published_at=None, source="")
    memory = price_watch.Memory(first_at=NOW - HOUR)
    findings, _ = price_watch.judge(scene(quotes={**quotes, "MEOH": old, "MTBE": gone}), memory)
    return raised(only(findings, AlertKind.PRICE_STALE), number="04")


def price_crash() -> Told:
    _, memory = price_watch.judge(scene(NOW - HOUR, quotes=prices(NOW - HOUR, MEOH="2650")), price_watch.Memory())
    findings, _ = price_watch.judge(scene(quotes=prices(NOW, MEOH="2320")), memory)
    return raised(only(findings, AlertKind.PRICE_CRASH), number="05")


def price_outlier() -> Told:
    quotes = prices(NOW)
    strange = replace(quotes["MEOH"], quarantined=Decimal("1980"))
    findings, _ = price_watch.judge(scene(quotes={**quotes, "MEOH": strange}), price_watch.Memory())
    return raised(only(findings, AlertKind.PRICE_OUTLIER), number="06")


def price_outlier_mean() -> Told:
    """A quote in dollars a barrel, under a contract that counts a mean."""
    waiting = QuoteUsed(ref="MEOH-US", price=Decimal("31.5"), currency="USD/bbl", published_at=NOW)
    origin = PriceOrigin(method=PriceMethod.AVERAGE, ref="MEOH-US", quotes=(), days=5, waiting=waiting)
    quotes = prices(NOW)
    strange = replace(quotes["MEOH"], quarantined=Decimal("2104.50"), origin=origin)
    findings, _ = price_watch.judge(scene(quotes={**quotes, "MEOH": strange}), price_watch.Memory())
    return raised(only(findings, AlertKind.PRICE_OUTLIER), number="06")


def changed() -> Told:
    """The value falls on, below the disposal line."""
    first = value_below_line()
    worse = scene(tonnes={"T-107": 0.0}, quotes=prices(NOW, MEOH="1900"))
    findings, _ = value_line.judge(worse, value_line.Memory())
    found = replace(only(findings, AlertKind.VALUE_BELOW_LINE))
    [event] = observe(first.alarm, found, CONTRACT, number="", recovery={}, now=NOW + HOUR)
    return tell(event, first.alarm)


def renewed() -> Told:
    gone = returned_value()
    findings, _ = value_line.judge(value_scene(), value_line.Memory())
    found = only(findings, AlertKind.VALUE_BELOW_LINE)
    [event] = observe(gone.alarm, found, CONTRACT, number="", recovery={}, now=NOW + 27 * HOUR)
    return tell(event, gone.alarm)


def acknowledged() -> Told:
    first = value_below_line()
    at = NOW + timedelta(minutes=8)
    [event] = acknowledge(first.alarm, "qian", Answer.ARRANGED, ROSTER, via="press", now=at)
    return tell(event, first.alarm)


def disputed() -> Told:
    first = qty_drop_no_work_order()
    [event] = acknowledge(first.alarm, "li", Answer.DISPUTE, ROSTER, via="press", now=NOW + timedelta(minutes=3))
    return tell(event, first.alarm)


def reminded() -> Told:
    first = acknowledged()
    [event] = remind(first.alarm, now=NOW + timedelta(minutes=42))
    return tell(event, first.alarm)


def _back(first: Told, scene_now: Scene) -> Told:
    events = observe(
        first.alarm, None, CONTRACT, number="", recovery=recovery(first.alarm, scene_now), now=scene_now.now
    )
    return tell(events[0], first.alarm)


def returned_value() -> Told:
    later = NOW + timedelta(hours=25, minutes=48)
    richer = {"T-107": 5371.8, "T-112": 8380.2}
    return _back(acknowledged(), scene(later, tonnes=richer, quotes=prices(later, MEOH="2318")))


def returned_drop() -> Told:
    return _back(qty_drop_no_work_order(), scene(NOW + HOUR))


def returned_offline() -> Told:
    return _back(sensor_offline_tank(), scene(NOW + HOUR))


def returned_price() -> Told:
    return _back(price_stale(), scene(NOW + HOUR))


def closed() -> Told:
    first = disputed()
    [event] = close(first.alarm, "chen", "closed_by_lender", now=NOW + 3 * HOUR)
    return tell(event, first.alarm)


CASES: Mapping[str, Callable[[], Told]] = {
    made.__name__: made
    for made in (
        value_below_line,
        value_below_line_covered,
        blind_breach,
        qty_drop_no_work_order,
        qty_drop_no_release,
        qty_drop_over_lift,
        qty_drop_cannot_check,
        qty_drop_transfer,
        sensor_offline_tank,
        sensor_offline_site,
        sensor_offline_never,
        book_gap,
        yield_gap,
        yield_gap_surplus,
        lift_over,
        lift_late,
        lift_refused,
        returned_lift,
        dup_pledge,
        dup_pledge_tank,
        dup_pledge_own,
        dup_pledge_number,
        receipt_expiring,
        price_stale,
        price_crash,
        price_outlier,
        price_outlier_mean,
        changed,
        renewed,
        acknowledged,
        disputed,
        reminded,
        returned_value,
        returned_drop,
        returned_offline,
        returned_price,
        returned_book_gap,
        returned_yield_gap,
        returned_dup_pledge,
        returned_receipt_expiring,
        closed,
    )
}
assert set(SITES) == {"gangchu", "minchu", "changku"}
