"""Value below a line: strict, at once on the way down, proven on the way up, blind where only data is missing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.contract import AlertKind, Severity
from domain.finding import Standing
from domain.position import PriceStanding
from domain.stock import Stock
from rules.value_line import Memory, judge
from tests.fakes.pledge import INDEX, NOW, contract, prices, scene, settled, stock_of

S = timedelta(seconds=1)
LINE_T = {"warn": 1_000_000, "control": 933_333.33, "disposal": 823_529.41}


def value(cny: float) -> Stock:
    """A stock worth so much: diesel at 7,000 CNY/t, to the kilogram."""
    return stock_of([0, 0, cny / 7000])


@pytest.mark.parametrize(
    ("cny", "severity"),
    [
        (1_000_006, None),
        (999_999, Severity.YELLOW),
        (933_338, Severity.YELLOW),
        (933_331, Severity.ORANGE),
        (823_536, Severity.ORANGE),
        (823_522, Severity.RED),
        (7, Severity.RED),
    ],
)
def test_one_finding_for_the_most_severe_line(cny: float, severity: Severity | None) -> None:
    findings, _ = judge(scene(value(cny)), Memory())
    assert [f.severity for f in findings] == ([] if severity is None else [severity])


def test_a_price_fall_counts_with_its_first_valuation() -> None:
    stock = value(1_010_000)
    _, memory = judge(scene(stock), Memory())
    findings, _ = judge(scene(stock, now=NOW + S, price=prices(diesel="6900")), memory)
    assert [f.kind for f in findings] == [AlertKind.VALUE_BELOW_LINE]


def test_a_gauge_fall_counts_with_its_second_reading() -> None:
    stock = stock_of([0, 0, 143])
    _, memory = judge(scene(stock), Memory())
    stock = settled(stock, [0, 0, 142], NOW + S)
    findings, memory = judge(scene(stock, now=NOW + S), memory)
    assert findings == []
    stock = settled(stock, [0, 0, 142], NOW + 2 * S)
    findings, _ = judge(scene(stock, now=NOW + 2 * S), memory)
    assert [f.severity for f in findings] == [Severity.YELLOW]


def test_recovery_needs_the_hysteresis_k_valuations_and_the_time() -> None:
    _, memory = judge(scene(value(999_000)), Memory())
    findings, memory = judge(scene(value(1_004_999), now=NOW + S), memory)
    assert findings, "above the line, but inside the hysteresis of 0.5 %"
    findings, memory = judge(scene(value(1_005_007), now=NOW + 2 * S), memory)
    assert findings, "first valuation above it"
    findings, memory = judge(scene(value(1_005_007), now=NOW + 61 * S), memory)
    assert findings, "second valuation, after 59 s of 60"
    findings, memory = judge(scene(value(1_005_007), now=NOW + 62 * S), memory)
    assert findings == []


def test_one_valuation_below_starts_the_proof_again() -> None:
    _, memory = judge(scene(value(999_000)), Memory())
    _, memory = judge(scene(value(1_006_000), now=NOW + S), memory)
    _, memory = judge(scene(value(1_001_000), now=NOW + 30 * S), memory)
    _, memory = judge(scene(value(1_006_000), now=NOW + 40 * S), memory)
    findings, _ = judge(scene(value(1_006_000), now=NOW + 90 * S), memory)
    assert findings


def test_recovery_from_a_worse_line_ends_at_the_line_that_is_still_broken() -> None:
    _, memory = judge(scene(value(900_000)), Memory())
    for n in (1, 70):
        findings, memory = judge(scene(value(950_000), now=NOW + n * S), memory)
    assert [f.severity for f in findings] == [Severity.YELLOW]


def test_a_line_that_only_missing_data_crosses_is_blind_and_asks_for_nothing() -> None:
    stock = settled(stock_of([0, 100, 150]), [0, 100, 150], NOW + 2000 * S, bad=[1])
    findings, _ = judge(scene(stock, now=NOW + 2000 * S, of=contract(exposure=_owing("800000"))), Memory())
    assert [(f.kind, f.standing) for f in findings] == [(AlertKind.BLIND_BREACH, Standing.BREACH)]
    assert findings[0].facts["silent"] == ["T-2"]


def _owing(cny: str):
    return replace(contract().exposure, principal=Decimal(cny))


def test_a_line_that_only_a_stale_price_crosses_is_blind() -> None:
    stale = {g: replace(p, standing=PriceStanding.STALE) for g, p in prices().items()}
    findings, _ = judge(scene(value(1_010_000), price=stale), Memory())
    assert [f.kind for f in findings] == [AlertKind.BLIND_BREACH]
    assert findings[0].facts["stale_prices"] == ["DIESEL0", "METHANOL"]


def test_before_anything_was_measured_nothing_is_said() -> None:
    findings, _ = judge(scene(Stock.empty(INDEX, 2)), Memory())
    assert findings == []


def test_a_blind_position_does_not_lift_an_alarm() -> None:
    _, memory = judge(scene(value(900_000)), Memory())
    missing = {"DIESEL0": prices()["DIESEL0"]}
    findings, _ = judge(scene(stock_of([500, 0, 140]), now=NOW + S, price=missing), memory)
    assert [f.standing for f in findings] == [Standing.UNKNOWN]


def test_the_facts_say_how_far_and_what_would_restore() -> None:
    findings, _ = judge(scene(value(910_000)), Memory())
    facts = findings[0].facts
    assert facts["gap_cny"] == "23333.33"
    assert facts["top_up"]["goods_cny"] == "90000.00"
    assert facts["next_line"] == "disposal"


def test_the_goods_to_call_for_are_searched_anew_when_the_line_changes_and_else_once_a_minute() -> None:
    first = scene(value(990_000))
    _, memory = judge(first, Memory())
    assert memory.advice is not None
    _, soon = judge(scene(value(985_000), now=NOW + timedelta(seconds=59)), memory)
    assert soon.advice is memory.advice
    _, later = judge(scene(value(985_000), now=NOW + timedelta(seconds=60)), memory)
    assert later.advice is not memory.advice
    _, worse = judge(scene(value(900_000), now=NOW + timedelta(seconds=1)), memory)
    assert worse.advice is not None
    assert worse.advice.line is not memory.advice.line


def test_goods_and_cash_are_called_for_by_the_last_readings_and_not_for_what_is_silent() -> None:
    """The methanol's quote goes stale and counts for less: the call stays what it was."""
    stock, fresh = stock_of([200, 0, 70]), prices()
    stale = fresh | {"METHANOL": replace(fresh["METHANOL"], standing=PriceStanding.STALE)}
    _, memory = judge(scene(stock), Memory())
    before, after = (judge(scene(stock, now=NOW + S, price=p), memory)[0][0].facts for p in (fresh, stale))
    assert (before["value_cny"], after["value_cny"]) == ("890000.00", "870000.00")
    assert before["top_up"] == after["top_up"]
    assert before["top_up"]["goods_cny"] == "110000.00"
