"""Headroom, top-up and what-if on 恒运池, to the fen: the chain of docs/pledge.md and the trap of its 40 % cap."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.contract import Caps, ControlLineNotice, Line
from domain.headroom import headroom
from domain.position import Position
from domain.top_up import TopUp, alone, brought, call_amount, progress, target_line, top_up
from domain.what_if import Change, fall_of, revalued, swapped, to_the_line, uniform_fall
from tests.data.words.hengyun import CONTRACT, NOW, position, prices

D = Decimal
OTHERS = {"V205": 15_079.775, "V206": 0.0}
"""The other twenty goods of docs/pledge.md, 15,079,775.00 at 1,000 CNY/t."""
METHANOL = {"T-112": 2230.0, "T-113": 1206.4, "T-120": 14_804.2}
"""18,240.6 t in three tanks: the first two are those of M5 and M8."""


def pool(methanol: str = "2410", **changed: float) -> Position:
    """14:00 of the worked example; other tonnes by tank with ``_`` for ``-``."""
    tonnes = {**OTHERS, **METHANOL, **{k.replace("_", "-"): v for k, v in changed.items()}}
    return position(tonnes=tonnes, quotes=prices(NOW, MEOH=methanol, MEG="1000"))


def at_1432() -> Position:
    """M1: methanol at 2,318, and 488.5 t of diesel gone."""
    return pool("2318", T_107=4631.8)


def percent(now: Position) -> Decimal:
    assert now.ltv is not None
    return (now.ltv * 100).quantize(D("0.01"))


def advice(of: Position) -> TopUp:
    found = top_up(CONTRACT, of)
    assert found is not None
    return found


def test_the_day_before_methanol_falls_and_the_pool_with_it() -> None:
    before = pool("2650", V205=17_186.131)
    after = revalued(CONTRACT, before, Change(price_factor={"MEOH": D(2480) / D(2650)}))
    assert (before.recognised, after.recognised) == (D("131402600.00"), D("128301698.00"))
    assert (percent(before), percent(after)) == (D("68.79"), D("70.45"))
    fall = uniform_fall(CONTRACT, after, after.line_values[Line.CONTROL])
    assert fall is not None
    assert round(fall * 100, 2) == D("6.07")


def test_the_afternoon_goes_from_its_base_through_the_line_and_back() -> None:
    base = pool()
    assert (base.recognised, percent(base)) == (D("124918500.00"), D("72.36"))
    out = revalued(CONTRACT, base, Change(moved_kg={"T-107": -488_500}))
    assert out.recognised - base.recognised == D("-3365765.00")
    assert at_1432().recognised - out.recognised == D("-1678135.20")
    assert (at_1432().recognised, percent(at_1432())) == (D("119874599.80"), D("75.40"))
    cured = revalued(CONTRACT, at_1432(), brought(at_1432(), {"MEOH": 2_300_000, "D0": 740_000}))
    assert (cured.recognised, percent(cured)) == (D("130304599.80"), D("69.37"))


@pytest.mark.parametrize(
    ("change", "value", "ltv"),
    [
        (Change(gone=frozenset({"T-112"})), "119544200.00", "75.61"),
        (Change(gone=frozenset({"T-113"})), "122011076.00", "74.08"),
        (Change(moved_kg={"T-120": -800_000, "T-107": -450_000, "V203": -900_000}), "114976000.00", "78.61"),
    ],
    ids=["M5 two tanks in doubt", "M8 one tank off grade", "M9 three receipts lapse"],
)
def test_the_what_ifs_of_the_worked_example(change: Change, value: str, ltv: str) -> None:
    then = revalued(CONTRACT, pool(), change)
    assert (then.recognised, percent(then)) == (D(value), D(ltv))


def test_methanol_alone_restores_within_its_cap_by_a_hair() -> None:
    need = advice(at_1432())
    assert need.goods_cny == D("9248828.77")
    assert need.mix[0].good == "MEOH"
    assert need.mix[0].kg == 3_990_004
    then = revalued(CONTRACT, at_1432(), brought(at_1432(), {"MEOH": 3_990_004}))
    methanol = sum(i.value_cny for i in then.items if i.holding.good == "MEOH")
    assert then.capped_off == 0
    assert round(methanol / then.recognised * 100, 1) == D("39.9")


def test_more_methanol_than_its_cap_admits_does_not_count_in_full() -> None:
    then = revalued(CONTRACT, at_1432(), brought(at_1432(), {"MEOH": 4_500_000}))
    uncapped = sum(i.value_cny for i in then.items)
    methanol = sum(i.value_cny for i in then.items if i.holding.good == "MEOH")
    assert round(methanol / uncapped * 100, 1) == D("40.5")
    assert then.capped_off == D("590470.89")
    assert then.recognised == uncapped - D("590470.89")


def test_a_good_that_its_cap_keeps_from_curing_is_mixed_with_another() -> None:
    tight = replace(CONTRACT, caps=Caps(good=D("0.38")))
    assert {a.good: a.kg for a in alone(tight, at_1432())}["MEOH"] is None
    squeezed = replace(CONTRACT, goods={g: replace(t, max_share=_shares(g)) for g, t in CONTRACT.goods.items()})
    mixed = top_up(squeezed, at_1432())
    assert mixed is not None
    assert all(a.kg is None for a in alone(squeezed, at_1432()))
    assert 2 <= len(mixed.mix) <= 3
    then = revalued(squeezed, at_1432(), brought(at_1432(), {m.good: m.kg or 0 for m in mixed.mix}))
    assert then.recognised >= mixed.target
    assert then.capped_off == 0


def _shares(good: str) -> Decimal:
    """Every good a little below what the shortfall would lift it to."""
    return {"MEOH": D("0.38"), "D0": D("0.30"), "B70": D("0.22"), "MTBE": D("0.12"), "MEG": D("0.16")}[good]


def test_where_every_good_stands_at_its_cap_nothing_is_advised_in_goods() -> None:
    base = at_1432()
    full = {g: sum(i.value_cny for i in base.items if i.holding.good == g) / base.recognised for g in CONTRACT.goods}
    shut = replace(CONTRACT, goods={g: replace(t, max_share=full[g]) for g, t in CONTRACT.goods.items()})
    need = top_up(shut, base)
    assert need is not None
    assert need.mix == ()


def test_the_repayment_is_the_smallest_that_restores_the_line() -> None:
    need = advice(at_1432())
    assert need.cash_cny == D("6474180.14")
    paid = revalued(CONTRACT, at_1432(), Change(repaid=need.cash_cny))
    short = revalued(CONTRACT, at_1432(), Change(repaid=need.cash_cny - D("0.01")))
    assert paid.recognised >= paid.line_values[Line.WARN]
    assert short.recognised < short.line_values[Line.WARN]


def test_a_restoration_to_the_initial_ratio_does_not_end_below_a_control_line_notice() -> None:
    """E ÷ 0.65 is 139,056,000.00; the notice of 150 million stands above it, and what restores must reach it."""
    notice = ControlLineNotice(no="KZ-1", amount=D(150_000_000), effective_from=NOW - timedelta(days=1))
    noticed = replace(CONTRACT, lines=replace(CONTRACT.lines, notices=(notice,), restore_target=None))
    assert target_line(noticed, position(contract=noticed)) is Line.CONTROL
    need = top_up(noticed, position(contract=noticed))
    assert need is not None
    assert (need.target, need.cash_cny) == (D("150000000.00"), None)
    between = position(contract=noticed, tonnes={"T-112": 17_000.0})
    assert D("139056000.00") < between.recognised < D("150000000.00")
    assert top_up(noticed, between) is not None


def test_a_notice_below_the_initial_ratio_leaves_the_restoration_there() -> None:
    notice = ControlLineNotice(no="KZ-1", amount=D(130_000_000), effective_from=NOW - timedelta(days=1))
    noticed = replace(CONTRACT, lines=replace(CONTRACT.lines, notices=(notice,), restore_target=None))
    need = top_up(noticed, position(contract=noticed))
    assert need is not None
    assert (need.target, target_line(noticed, position(contract=noticed))) == (D("139056000.00"), None)


def test_no_repayment_lowers_a_control_line_notice() -> None:
    notice = ControlLineNotice(no="KZ-1", amount=D(130_000_000), effective_from=NOW - timedelta(days=1))
    noticed = replace(CONTRACT, lines=replace(CONTRACT.lines, notices=(notice,)))
    need = top_up(noticed, position(contract=noticed))
    assert need is not None
    assert need.target == D(130_000_000)
    assert need.cash_cny is None


def test_a_call_is_rounded_up_to_whole_wan_and_never_below_the_minimum() -> None:
    assert call_amount(CONTRACT, D("9248828.77")) == D(9_250_000)
    assert call_amount(CONTRACT, D("0.01")) == D(100_000)
    assert call_amount(CONTRACT, D("0.00")) == 0


def test_part_of_the_goods_come_and_the_rest_is_said() -> None:
    half = revalued(CONTRACT, at_1432(), brought(at_1432(), {"MEOH": 1_000_000}))
    done = progress(CONTRACT, half, {"MEOH": 1_000_000, "UNKNOWN": 5})
    assert done.came_cny == D("2318000.00")
    assert done.missing_cny == D("9248828.77") - D("2318000.00")


def test_at_the_target_nothing_is_called() -> None:
    assert top_up(CONTRACT, pool(T_107=6000.0)) is None


def test_what_leaves_is_cut_where_the_rest_would_stand_above_a_cap() -> None:
    rich = position(tonnes={"T-112": 9380.2})
    room = headroom(CONTRACT, rich)
    assert room.floor_cny == rich.line_values[Line.WARN]
    assert room.value_cny == rich.recognised - room.floor_cny
    rows = {g.good: g for g in room.goods}
    assert not rows["MEOH"].capped
    assert rows["MEOH"].kg == int(room.value_cny / D("2.41"))
    assert rows["D0"].capped
    assert rows["D0"].kg < int(room.value_cny / D("6.89"))


@pytest.mark.parametrize("why", ["blocked", "below", "unknown"])
def test_nothing_may_leave_when_something_stands_against_it(why: str) -> None:
    tonnes = {"T-112": 6080.2 if why == "below" else 9380.2}
    now = position(tonnes=tonnes, ages_s={"V203": float("inf")} if why == "unknown" else {})
    room = headroom(CONTRACT, now, blocked=why == "blocked")
    assert room.value_cny == 0
    assert {g.kg for g in room.goods} == {0}


def test_a_buffer_lowers_the_headroom() -> None:
    rich = position(tonnes={"T-112": 9380.2})
    assert headroom(CONTRACT, rich, buffer_cny=D(1_000_000)).value_cny == headroom(CONTRACT, rich).value_cny - 1_000_000


def test_at_the_fall_that_a_line_bears_the_value_holds_and_a_little_below_it_does_not() -> None:
    now = pool()
    limit = now.line_values[Line.CONTROL]
    fall = fall_of(CONTRACT, now, "MEOH", limit)
    assert fall is not None
    assert revalued(CONTRACT, now, Change(price_factor={"MEOH": 1 - fall})).recognised >= limit
    assert revalued(CONTRACT, now, Change(price_factor={"MEOH": 1 - fall - D("0.000002")})).recognised < limit
    at = to_the_line(CONTRACT, now, limit)
    assert at is not None
    assert limit <= at.recognised < limit + 200


def test_a_worthless_good_may_leave_the_line_unreached_and_a_breached_line_bears_nothing() -> None:
    assert fall_of(CONTRACT, pool(), "MTBE", pool().line_values[Line.DISPOSAL]) == 1
    assert uniform_fall(CONTRACT, pool(), pool().line_values[Line.WARN]) is None


def test_a_repayment_lowers_the_lines_and_a_price_does_not() -> None:
    paid = revalued(CONTRACT, pool(), Change(repaid=D("386400")))
    assert paid.exposure == D("90000000")
    assert paid.line_values[Line.CONTROL] == D("120000000.00")
    assert revalued(CONTRACT, pool(), Change(every_price=D("0.9"))).line_values == pool().line_values


def test_a_swap_of_equal_value_leaves_the_value_and_one_past_a_cap_does_not() -> None:
    even = revalued(CONTRACT, pool(), swapped(pool(), out=("D0", 348_000), into=("B70", 689_000)))
    assert even.recognised == pool().recognised
    uneven = revalued(CONTRACT, pool(), swapped(pool(), out=("D0", 2_410_000), into=("MEOH", 6_890_000)))
    assert uneven.recognised < pool().recognised


def test_more_than_there_is_cannot_be_swapped() -> None:
    with pytest.raises(ValueError, match="'D0': the counted tanks hold 5120300 kg"):
        swapped(pool(), out=("D0", 6_000_000), into=("B70", 1))


def test_a_notice_raises_the_lines_above_it_and_a_laxer_one_none() -> None:
    strict = revalued(CONTRACT, pool(), Change(notice=D(130_000_000)))
    assert strict.line_values[Line.CONTROL] == strict.line_values[Line.WARN] == 130_000_000
    assert strict.breached is Line.CONTROL
    assert revalued(CONTRACT, pool(), Change(notice=D(1))).line_values == pool().line_values
