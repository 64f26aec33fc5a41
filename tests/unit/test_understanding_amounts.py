"""Amounts as people say them: mass in t, money in CNY, percent, level in m, temperature in °C, spans in minutes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.understanding.amounts import SIGNS, found
from skills.understanding.changes import changes_in
from skills.understanding.normal import normal
from skills.understanding.numerals import decimal_of


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,200", "1200"),
        ("0.5", "0.5"),
        ("三百", "300"),
        ("三百五", "350"),
        ("三百零五", "305"),
        ("两千四", "2400"),
        ("一千二百", "1200"),
        ("十二", "12"),
        ("一点二", "1.2"),
        ("两万五千", "25000"),
        ("三百二十万五千", "3205000"),
        ("半", "0.5"),
        ("一〇七", "107"),
        ("一亿两千万", "120000000"),
        ("一亿二", "120000000"),
        ("一亿二千三百四十五万", "123450000"),
        ("一百二十三万四千五百", "1234500"),
        ("120万5千", "1205000"),
        ("2千5", "2500"),
        ("2千5百", "2500"),
        ("2千500", "2500"),
        ("三百万零五十", "3000050"),
    ],
)
def test_a_number(written: str, number: str) -> None:
    assert decimal_of(written) == Decimal(number)


@pytest.mark.parametrize(
    "written", ["一亿两千", "1.2万5千", "3万25", "2千5000", "五百万零两万", "2千0一", "3百1二", "0一"]
)
def test_what_may_be_two_numbers_is_none(written: str) -> None:
    assert decimal_of(written) is None


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("300吨", "mass", "300"),
        ("0.5万吨", "mass", "5000"),
        ("500公斤", "mass", "0.5"),
        ("两百来吨", "mass", "200"),
        ("80t", "mass", "80"),
        ("三百万", "money", "3000000"),
        ("3500w", "money", "35000000"),
        ("1.2亿", "money", "120000000"),
        ("五百多万", "money", "5000000"),
        ("二百五十万元", "money", "2500000"),
        ("一成", "percent", "10"),
        ("5个点", "percent", "5"),
        ("百分之三", "percent", "3"),
        ("5%", "percent", "5"),
        ("一半", "percent", "50"),
        ("9.31米", "level", "9.31"),
        ("八米六四", "level", "8.64"),
        ("12公分", "level", "0.12"),
        ("三十一度五", "temp", "31.5"),
        ("24.5度", "temp", "24.5"),
        ("40分钟", "span", "40"),
        ("两小时", "span", "120"),
        ("一个半小时", "span", "90"),
        ("3天", "span", "4320"),
        ("12车", "trucks", "12"),
        ("30方", "volume", "30"),
        ("一亿两千万", "money", "120000000"),
        ("1亿2千万元", "money", "120000000"),
        ("一百二十三万四千五百", "money", "1234500"),
        ("120万5千", "money", "1205000"),
        ("3百万", "money", "3000000"),
        ("5千块", "money", "5000"),
        ("¥1234500", "money", "1234500"),
        ("¥1,234,500.50", "money", "1234500.5"),
        ("2千5吨", "mass", "2500"),
        ("三万五吨", "mass", "35000"),
        ("三百吨六", "mass", "300.6"),
    ],
)
def test_an_amount(said: str, kind: str, value: str) -> None:
    masked, (amount,) = found(said)
    assert (masked, amount.kind, amount.value) == (SIGNS[kind], kind, Decimal(value))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("还300万5天内", "还R5天内"),
        ("还三百万十天内", "还R十天内"),
        ("还300万两清", "还R两清"),
        ("提500吨一级甲醇", "提M一级甲醇"),
        ("提三百吨二号罐", "提M二号罐"),
    ],
)
def test_a_number_of_something_else_is_no_part_of_an_amount(text: str, masked: str) -> None:
    assert found(text)[0] == masked


@pytest.mark.parametrize("text", ["t-107", "12号罐", "成本", "折算", "温度数", "方案", "车间", "万一", "0.5", ""])
def test_what_is_no_amount_is_left_alone(text: str) -> None:
    assert found(text) == (text, ())


def test_amounts_come_in_the_order_of_the_text() -> None:
    _, amounts = found("提300吨,还百分之三,打50万")
    assert [(a.kind, a.value) for a in amounts] == [
        ("mass", Decimal(300)),
        ("percent", Decimal(3)),
        ("money", Decimal(500_000)),
    ]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("甲醇再跌5%", {"percent": ("-5",)}),
        ("涨百分之三", {"percent": ("3",)}),
        ("跌一成", {"percent": ("-10",)}),
        ("再提1.2万吨甲醇", {"mass": ("-12000000",)}),
        ("换入300吨柴油换出500吨甲醇", {"mass": ("300000", "-500000")}),
        ("还款三百万", {"money": ("3000000",)}),
        ("如果还款一百二十三万四千五百会怎样", {"money": ("1234500",)}),
        ("还款1亿2千万", {"money": ("120000000",)}),
        ("还款3百万", {"money": ("3000000",)}),
        ("还款2500000", {"money": ("2500000",)}),
        ("還款1億", {"money": ("100000000",)}),
        ("提走三千二百一十四吨六甲醇会怎样", {"mass": ("-3214600",)}),
        ("提走3,214.6吨甲醇会怎样", {"mass": ("-3214600",)}),
        ("提走2千5吨甲醇", {"mass": ("-2500000",)}),
        ("提走500吨一级甲醇", {"mass": ("-500000",)}),
        ("还款300", {}),
        ("300吨柴油", {}),
        ("还剩多少", {}),
    ],
)
def test_a_change_is_a_figure_with_its_direction(text: str, changes: dict[str, tuple[str, ...]]) -> None:
    assert changes_in(normal(text).whole) == changes


@given(st.integers(min_value=1, max_value=9_999_999))
def test_any_mass_in_digits_is_read_exactly(kg: int) -> None:
    _, (amount,) = found(f"提{Decimal(kg) / 1000:f}吨")
    assert amount.value == Decimal(kg) / 1000


@given(
    st.text(alphabet="零一二两三十百千万亿半点.,0123456789吨t公斤元块w%个成折百分之米度小时分钟天车方亿", max_size=24)
)
def test_no_text_about_amounts_breaks_anything(text: str) -> None:
    masked, amounts = found(text)
    assert all(a.value >= 0 for a in amounts)
    assert sum(masked.count(s) for s in set(SIGNS.values())) == len(amounts)
