"""Silent gauges: one tank by its name, many of one site as the site, and back only when they speak long enough."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.finding import Finding, Standing
from domain.stock import Stock
from rules.gauge_silent import Memory, judge
from tests.fakes.pledge import INDEX, NOW, contract, scene, settled, stock_of

S = timedelta(seconds=1)
TONNES = [100.0, 200.0, 50.0]


def told(findings: list[Finding]) -> list[tuple[str, Standing]]:
    return [(f.subject, f.standing) for f in findings]


@pytest.mark.parametrize(("age_s", "found"), [(300, False), (301, True)])
def test_a_gauge_is_silent_after_the_contracts_time(age_s: int, found: bool) -> None:
    now = NOW + age_s * S
    stock = settled(stock_of(TONNES), TONNES, now, bad=[0])
    assert bool(judge(scene(stock, now=now), Memory())[0]) == found


def test_one_silent_tank_is_named_with_its_last_reading() -> None:
    now = NOW + 400 * S
    stock = settled(stock_of(TONNES), TONNES, now, bad=[0])
    finding = judge(scene(stock, now=now), Memory())[0][0]
    assert finding.subject == "T-1"
    assert finding.facts["tanks"][0]["mass_kg"] == 100_000
    assert finding.facts["value_cny"] == "200000.00"


def test_a_site_that_falls_silent_is_one_finding_and_its_tanks_are_not_told_apart() -> None:
    now = NOW + 400 * S
    findings, _ = judge(scene(stock_of(TONNES), now=now), Memory())
    assert told(findings)[0] == ("gangchu", Standing.BREACH)
    assert {s for _, s in told(findings)[1:]} == {Standing.UNKNOWN}


def test_it_returns_only_after_the_gauge_has_spoken_for_a_while() -> None:
    stock = settled(stock_of(TONNES), TONNES, NOW + 400 * S, bad=[0])
    _, memory = judge(scene(stock, now=NOW + 400 * S), Memory())
    for second in range(401, 1001, 100):
        stock = settled(stock, TONNES, NOW + second * S)
        findings, memory = judge(scene(stock, now=NOW + second * S), memory)
        assert told(findings) == [("T-1", Standing.BREACH)], second
    stock = settled(stock, TONNES, NOW + 1001 * S)
    assert judge(scene(stock, now=NOW + 1001 * S), memory)[0] == []


def test_a_tank_never_read_is_silent_only_after_the_grace_of_a_start() -> None:
    stock = Stock.empty(INDEX, 2)
    findings, memory = judge(scene(stock), Memory())
    assert findings == []
    findings, _ = judge(scene(stock, now=NOW + 301 * S), memory)
    assert told(findings)[0] == ("gangchu", Standing.BREACH)


def test_only_the_contracts_own_tanks_are_judged() -> None:
    pledge = contract(pledged=tuple(p for p in contract().pledged if p.tank_id == "T-3"))
    stock = settled(stock_of(TONNES), TONNES, NOW + 400 * S, bad=[0, 1])
    assert judge(scene(stock, now=NOW + 400 * S, of=pledge), Memory())[0] == []


def test_the_grace_before_return_follows_the_contract() -> None:
    pledge = contract(staleness=replace(contract().staleness, restore_s=5.0))
    stock = settled(stock_of(TONNES), TONNES, NOW + 400 * S, bad=[0])
    _, memory = judge(scene(stock, now=NOW + 400 * S, of=pledge), Memory())
    for second in (401, 406):
        stock = settled(stock, TONNES, NOW + second * S)
        findings, memory = judge(scene(stock, now=NOW + second * S, of=pledge), memory)
    assert findings == []
