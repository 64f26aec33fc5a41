"""Value against the lines, to the fen: docs/pledge.md."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attribution import attribute
from domain.contract import Caps, ControlLineNotice, ExposureBasis, Line, QuantityRule
from domain.holding import Books
from domain.position import PriceStanding, line_values, lowest_breached
from domain.top_up import top_up
from tests.fakes.pledge import NOW, contract, prices, scene, stock_of

D = Decimal


def test_lines_of_the_model_contract_to_the_fen() -> None:
    """docs/pledge.md: E 90,386,400 gives 129,123,428.57 / 120,515,200.00 / 106,336,941.18."""
    exposure = replace(
        contract().exposure,
        principal=D("96000000.00"),
        accrued_interest=D("386400.00"),
        cash_margin=D("6000000.00"),
        basis=ExposureBasis.PRINCIPAL_INTEREST_FEES_LESS_MARGIN,
    )
    assert exposure.amount == D("90386400.00")
    assert line_values(contract(), exposure.amount, NOW) == {
        Line.WARN: D("129123428.57"),
        Line.CONTROL: D("120515200.00"),
        Line.DISPOSAL: D("106336941.18"),
    }


def test_value_is_mass_times_price_summed() -> None:
    position = scene(stock_of([100, 200, 50])).position
    assert position.recognised == D("950000.00")
    assert position.ltv == D(700000) / D(950000)
    assert position.breached is Line.WARN


def test_a_value_equal_to_the_line_is_safe_and_a_fen_below_is_not() -> None:
    lines = {Line.WARN: D("1000000.00"), Line.CONTROL: D("933333.33"), Line.DISPOSAL: D("823529.41")}
    assert lowest_breached(D("1000000.00"), lines) is None
    assert lowest_breached(D("999999.99"), lines) is Line.WARN
    assert lowest_breached(D("933333.33"), lines) is Line.WARN
    assert lowest_breached(D("933333.32"), lines) is Line.CONTROL
    assert lowest_breached(D("0.00"), lines) is Line.DISPOSAL


def test_a_stricter_control_line_notice_governs_and_a_laxer_one_does_not() -> None:
    def control(amount: str) -> Decimal:
        notice = ControlLineNotice(no="KZ-1", amount=D(amount), effective_from=NOW - timedelta(days=1))
        pledge = contract(lines=replace(contract().lines, notices=(notice,)))
        return line_values(pledge, D(700000), NOW)[Line.CONTROL]

    assert control("960000.00") == D("960000.00")
    assert control("900000.00") == D("933333.33")


def test_a_notice_counts_from_its_time_on_and_the_later_replaces_it() -> None:
    notices = (
        ControlLineNotice(no="KZ-1", amount=D(960000), effective_from=NOW - timedelta(days=2)),
        ControlLineNotice(no="KZ-2", amount=D(950000), effective_from=NOW - timedelta(days=1)),
        ControlLineNotice(no="KZ-3", amount=D(990000), effective_from=NOW + timedelta(seconds=1)),
    )
    pledge = contract(lines=replace(contract().lines, notices=notices))
    assert line_values(pledge, D(700000), NOW)[Line.CONTROL] == D(950000)
    assert line_values(pledge, D(700000), NOW + timedelta(seconds=1))[Line.CONTROL] == D(990000)


def test_the_lower_of_gauge_and_book_counts() -> None:
    books = Books(kg={("T-1", "hengyun"): 90_000}, tank_kg={"T-1": 90_000}, as_of=NOW)
    pledge = contract(quantity_rule=QuantityRule.LOWER_OF_BOOK)
    assert scene(stock_of([100, 200, 50]), of=pledge, books=books).position.recognised == D("930000.00")


def test_a_share_of_a_commingled_tank_follows_the_book() -> None:
    books = Books(kg={("T-1", "hengyun"): 60_000, ("T-1", "haichuan"): 40_000}, tank_kg={"T-1": 100_000}, as_of=NOW)
    pledged = tuple(replace(p, share=None) for p in contract().pledged if p.tank_id == "T-1")
    item = scene(stock_of([110, 0, 0]), of=contract(pledged=pledged), books=books).position.items[0]
    assert item.holding.share == D("0.6")
    assert item.eligible_kg == 66_000


def test_without_a_book_the_share_is_unknown_and_so_is_the_position() -> None:
    pledged = tuple(replace(p, share=None) for p in contract().pledged)
    assert not scene(stock_of([100, 200, 50]), of=contract(pledged=pledged)).position.known


@pytest.mark.parametrize("price", ["0", "-36.98"])
def test_a_price_at_or_below_zero_recognises_nothing(price: str) -> None:
    position = scene(stock_of([100, 200, 50]), price=prices(methanol=price)).position
    assert position.recognised == D("350000.00")
    assert {i.why_not for i in position.items if i.holding.good == "METHANOL"} == {"price_not_positive"}


def test_a_stale_price_costs_its_haircut_and_is_never_normal() -> None:
    stale = {g: replace(p, standing=PriceStanding.STALE) for g, p in prices().items()}
    position = scene(stock_of([100, 200, 100]), price=stale).position
    assert position.last_known == D("1300000.00")
    assert position.recognised == D("1235000.00")
    assert not position.complete()


def test_a_silent_gauge_is_counted_then_left_out() -> None:
    stock = stock_of([100, 200, 50])
    after = scene(stock, now=NOW + timedelta(seconds=301)).position
    assert (after.recognised, after.fresh_ratio) == (D("950000.00"), D("0"))
    excluded = scene(stock, now=NOW + timedelta(seconds=1801)).position
    assert (excluded.recognised, excluded.last_known) == (D("0.00"), D("950000.00"))


def test_a_stale_balance_is_never_normal() -> None:
    old = replace(contract().exposure, as_of=NOW - timedelta(days=3))
    position = scene(stock_of([1000, 200, 50]), of=contract(exposure=old)).position
    assert position.exposure_stale
    assert not position.complete()


def test_what_lies_above_a_cap_is_not_recognised() -> None:
    position = scene(stock_of([100, 200, 50]), of=contract(caps=Caps(good=D("0.40")))).position
    assert position.recognised == D("730000.00")
    assert position.capped_off == D("220000.00")


def test_top_up_in_goods_and_in_cash_reaches_the_same_line() -> None:
    pledge = contract()
    position = scene(stock_of([100, 200, 50])).position
    need = top_up(pledge, position)
    assert need is not None
    assert position.recognised + need.goods_cny == position.line_values[Line.WARN]
    assert need.cash_cny == D("35000.00")
    assert (position.exposure - need.cash_cny) / position.recognised == D("0.70")


@given(
    before=st.lists(st.floats(0, 500), min_size=3, max_size=3),
    after=st.lists(st.floats(0, 500), min_size=3, max_size=3),
    p0=st.decimals(0, 9000, places=2),
    p1=st.decimals(-50, 9000, places=2),
    booked=st.integers(-200_000, 200_000),
    cap=st.sampled_from([None, D("0.4"), D("0.15")]),
)
def test_the_parts_of_a_change_add_up_to_the_fen(before, after, p0, p1, booked, cap) -> None:
    pledge = contract(caps=Caps(good=cap, tank=cap))
    a = scene(stock_of(before), of=pledge, price=prices(methanol=str(p0))).position
    b = scene(stock_of(after), of=pledge, price=prices(methanol=str(p1))).position
    split = attribute(a, b, booked_kg={"T-1": booked})
    parts = split.price + split.booked + split.unbooked + split.eligibility + split.haircut + split.caps
    assert parts == split.change == b.recognised - a.recognised
    assert all(abs(x).as_tuple().exponent >= -2 for x in (split.price, split.booked, split.unbooked))


def test_the_chain_of_the_model_alert_splits_into_price_and_quantity() -> None:
    """docs/pledge.md: methanol 18,240.6 t falls 2,410 → 2,318, and 488.5 t of diesel at 6,890 leave."""
    a = scene(stock_of([18240.6, 0, 1000]), price=prices("2410", "6890")).position
    b = scene(stock_of([18240.6, 0, 511.5]), price=prices("2318", "6890")).position
    split = attribute(a, b, booked_kg={"T-3": -488_500})
    assert (split.price, split.booked, split.unbooked) == (D("-1678135.20"), D("-3365765.00"), D("0.00"))
