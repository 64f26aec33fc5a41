"""Figures as docs/pledge.md writes them, and never across the figure that they are judged by."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import figures
from bot.wording.figures import (
    age,
    ago,
    hm,
    mdhm,
    metres,
    pct,
    pct_apart,
    price,
    share,
    signed,
    t,
    t_apart,
    yi,
    yi_apart,
    yi_up,
)

FEN = st.decimals(min_value=Decimal(-10) ** 12, max_value=Decimal(10) ** 12, places=2)
KG = st.integers(min_value=0, max_value=10**9)
RATIO = st.fractions(min_value=0, max_value=3, max_denominator=10**9)


@pytest.mark.parametrize(
    ("cny", "written"),
    [
        ("124918500", "1.2492亿元"),  # docs/pledge.md
        ("9248828.57", "924.88万元"),
        ("8012.34", "8,012.34元"),
        ("15079800", "1,507.98万元"),
        ("-5043900", "-504.39万元"),
        ("99999999.99", "1.0000亿元"),  # 10,000.00万元 would be the wrong unit
        ("9999.99", "9,999.99元"),
        ("0", "0.00元"),
        ("0.005", "0.00元"),  # half to even
        ("-0.001", "0.00元"),  # no -0.00
        (None, "未知"),
    ],
)
def test_money_takes_the_unit_of_its_size(cny: str | None, written: str) -> None:
    assert yi(cny) == written


def test_money_that_is_asked_for_is_never_rounded_down() -> None:
    assert yi_up("9248828.57") == "924.89万元"  # docs/pledge.md


def test_a_change_has_its_sign() -> None:
    assert [signed(x) for x in ("1181200", "-1678135.2", "0")] == ["+118.12万元", "-167.81万元", "0.00元"]


@pytest.mark.parametrize(
    ("value", "line", "written"),
    [
        ("119874600", "120515200", ("1.1987亿元", "1.2052亿元")),
        ("120515199.99", "120515200.00", ("120,515,199.99元", "120,515,200.00元")),
        ("120515000", "120515200", ("12,051.50万元", "12,051.52万元")),
        ("120515200", "120515200", ("1.2052亿元", "1.2052亿元")),
        ("97200200", "106336941.18", ("0.9720亿元", "1.0634亿元")),  # one unit for what is compared
    ],
)
def test_a_value_is_never_rounded_onto_its_line(value: str, line: str, written: tuple[str, str]) -> None:
    assert yi_apart(value, line) == written


@given(FEN, FEN)
def test_amounts_keep_their_order_in_print(a: Decimal, b: Decimal) -> None:
    first, second = yi_apart(a, b)
    assert (first == second) == (a == b)
    assert (_cny(first) < _cny(second)) == (a < b)


@given(KG, KG)
def test_masses_keep_their_order_in_print(a: int, b: int) -> None:
    first, second = (Decimal(w.removesuffix("吨").replace(",", "")) for w in t_apart(a, b))
    assert (first < second, first == second) == (a < b, a == b)


@given(RATIO, RATIO)
def test_ratios_keep_their_order_in_print(a: object, b: object) -> None:
    x, y = (Decimal(r.numerator) / Decimal(r.denominator) for r in (a, b))
    first, second = (Decimal(w.removesuffix("%").replace(",", "")) for w in pct_apart(x, y))
    if abs(x - y) > Decimal("1e-13"):
        assert (first < second) == (x < y)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (t(18_240_600), "18,240.6吨"),
        (t(0), "0吨"),
        (t(None), "未知"),
        (pct("0.7236"), "72.36%"),
        (pct("0.000001"), "<0.01%"),
        (pct("0"), "0.00%"),
        (share("1"), "100%"),
        (share("0.99999"), "99.99%"),  # not yet all of it
        (price("2410"), "2,410"),
        (price("2318.5"), "2,318.50"),
        (price("-36.98"), "-36.98"),
        (metres(9842), "9.842米"),
        (metres(None), "未知"),
        (ago(46.9), "46秒"),
        (ago(720), "12分钟"),
        (ago(3 * 3600), "3小时"),
        (ago(25 * 3600 + 48 * 60), "25小时48分"),
        (ago(4 * 86400 + 7200), "4天2小时"),
        (ago(-5), "0秒"),
        (mdhm("2026-03-12T06:32:00Z"), "3月12日 14:32"),
        (mdhm(datetime(2026, 3, 12, 16, 5, tzinfo=UTC)), "3月13日 00:05"),
        (hm("2026-03-12T06:32:00Z"), "14:32"),
        (mdhm(None), "未知"),
        (age("2026-03-12T06:32:00Z", "2026-03-12T06:44:00Z"), "12分钟"),
        (figures.t_up("3990.0001"), "3,990.1吨"),
        (figures.minutes(22.0), "22分钟"),
    ],
)
def test_a_figure_reads_as_people_write_it(written: str, expected: str) -> None:
    assert written == expected


def _cny(written: str) -> Decimal:
    units = {"亿元": Decimal(10**8), "万元": Decimal(10**4), "元": Decimal(1)}
    word = next(u for u in units if written.endswith(u))
    return Decimal(written.removesuffix(word).replace(",", "")) * units[word]
