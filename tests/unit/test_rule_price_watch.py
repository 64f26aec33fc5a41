"""Prices: stale or missing, crashed within one fixing, or quarantined with the value both ways."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.contract import AlertKind
from domain.position import PriceStanding
from rules.price_watch import Memory, judge
from tests.fakes.pledge import NOW, prices, scene, stock_of

S = timedelta(seconds=1)
STOCK = stock_of([100, 200, 50])


def kinds(found) -> list[AlertKind]:
    return [f.kind for f in found]


@pytest.mark.parametrize(("price", "found"), [("1900.01", False), ("1900", True), ("1500", True)])
def test_a_fall_of_the_contracts_limit_within_one_fixing_is_told(price: str, found: bool) -> None:
    _, memory = judge(scene(STOCK), Memory())
    findings, _ = judge(scene(STOCK, now=NOW + S, price=prices(methanol=price)), memory)
    assert (kinds(findings) == [AlertKind.PRICE_CRASH]) == found


def test_goods_that_fall_together_are_told_together_with_their_effect() -> None:
    _, memory = judge(scene(STOCK), Memory())
    findings, _ = judge(scene(STOCK, now=NOW + S, price=prices(methanol="1800", diesel="6300")), memory)
    assert [[g["good"] for g in f.facts["goods"]] for f in findings] == [["METHANOL", "DIESEL0"]]
    assert findings[0].facts["effect_cny"] == "-95000.00"


def test_a_crash_stays_until_the_price_is_back_or_a_day_is_over() -> None:
    _, memory = judge(scene(STOCK), Memory())
    low = prices(methanol="1800")
    first, memory = judge(scene(STOCK, now=NOW + S, price=low), memory)
    again, memory = judge(scene(STOCK, now=NOW + timedelta(hours=23), price=low), memory)
    assert [f.key for f in again if f.kind is AlertKind.PRICE_CRASH] == [first[0].key]
    back, _ = judge(scene(STOCK, now=NOW + timedelta(hours=23), price=prices(methanol="1950")), memory)
    assert AlertKind.PRICE_CRASH not in kinds(back)
    later, _ = judge(scene(STOCK, now=NOW + timedelta(hours=25), price=low), memory)
    assert AlertKind.PRICE_CRASH not in kinds(later)


def test_a_rise_is_no_crash() -> None:
    _, memory = judge(scene(STOCK), Memory())
    assert judge(scene(STOCK, now=NOW + S, price=prices(methanol="9000")), memory)[0] == []


def test_stale_and_missing_prices_are_told_as_one_group_that_keeps_its_name() -> None:
    stale = {"METHANOL": replace(prices()["METHANOL"], standing=PriceStanding.STALE)}
    findings, memory = judge(scene(STOCK, price=stale), Memory(first_at=NOW - 60 * S))
    assert kinds(findings) == [AlertKind.PRICE_STALE]
    assert [(g["good"], g["standing"]) for g in findings[0].facts["goods"]] == [
        ("DIESEL0", "missing"),
        ("METHANOL", "stale"),
    ]
    half = {**prices(), "METHANOL": stale["METHANOL"]}
    again, _ = judge(scene(STOCK, now=NOW + S, price=half), memory)
    assert [f.key for f in again] == [findings[0].key]


def test_a_price_that_never_was_is_told_a_minute_after_the_first_judgement_and_not_at_a_start() -> None:
    none = {"DIESEL0": prices()["DIESEL0"]}
    findings, memory = judge(scene(STOCK, price=none), Memory())
    assert findings == []
    findings, memory = judge(scene(STOCK, now=NOW + 59 * S, price=none), memory)
    assert findings == []
    findings, _ = judge(scene(STOCK, now=NOW + 60 * S, price=none), memory)
    assert [[g["good"] for g in f.facts["goods"]] for f in findings] == [["METHANOL"]]


def test_a_quarantined_price_is_told_with_the_value_both_ways_and_not_used() -> None:
    strange = {**prices(), "METHANOL": replace(prices()["METHANOL"], quarantined=Decimal("-36.98"))}
    findings, _ = judge(scene(STOCK, price=strange), Memory())
    facts = findings[0].facts
    assert kinds(findings) == [AlertKind.PRICE_OUTLIER]
    assert (facts["pool_cny"], facts["value_if_cny"]) == ("950000.00", "350000.00")
    assert (facts["breached"], facts["line_if"]) == ("warn", "disposal")
