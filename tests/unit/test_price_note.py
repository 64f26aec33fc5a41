"""An answer says how a price came about when it is more than the newest publication, and nothing when it is that."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import PriceMethod, Tax
from domain.position import GoodPrice
from domain.price_origin import PriceOrigin, QuoteUsed
from skills import status, tanks
from tests.data.words.hengyun import HY, NOW, Labels, prices, scene
from tests.data.words.window import Window

WORDS = Words(Labels())


def quote(price: str, at: datetime, currency: str = "CNY", ref: str = "SD") -> QuoteUsed:
    return QuoteUsed(ref=ref, price=Decimal(price), currency=currency, published_at=at)


LAST = PriceOrigin(method=PriceMethod.LAST, ref="SD", quotes=(quote("6890", NOW - timedelta(hours=4)),))
MEAN = replace(LAST, method=PriceMethod.AVERAGE, days=5, quotes=(quote("6900", NOW - timedelta(days=1)), *LAST.quotes))
OIL = replace(
    LAST,
    quotes=(quote("133.33", NOW - timedelta(hours=4), "USD/bbl"),),
    bbl_per_t=Decimal("7.45"),
    fx=quote("7.0123", NOW - timedelta(hours=3), "CNY/USD", "USDCNY"),
    tax=Tax.EXCLUDED,
    vat=Decimal("0.13"),
)


def window(origin: PriceOrigin) -> Window:
    diesel: GoodPrice = replace(prices(NOW)["D0"], origin=origin)
    return Window(scenes={HY: scene(quotes={**prices(NOW), "D0": diesel})})


def tank(origin: PriceOrigin) -> str:
    return WORDS.answer(tanks.SKILL.run(window(origin), {"tank": "T-107"})).text


def test_the_newest_publication_needs_no_word() -> None:
    assert "参考价" not in tank(LAST)
    assert "报价" not in WORDS.answer(status.SKILL.run(window(LAST), {})).text


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (replace(MEAN, days=2), "参考价 6,890元/吨:隆众·山东 2 个发布日均价,最新 6,890元/吨("),
        (MEAN, "5 个发布日均价(仅有 2 日),最新"),
        (replace(MEAN, method=PriceMethod.LOWER_OF), "5 个发布日均价与最新价孰低(仅有 2 日)"),
        (replace(LAST, instead_of="XX"), "元/吨:约定报价缺失或过期,按备用报价;隆众·山东 最新"),
        (OIL, "最新 133.33 USD/桶("),
        (OIL, ") × 7.45 桶/吨 × 汇率 7.0123("),
        (OIL, "),不含税 × 1.13。"),
        (replace(OIL, tax=Tax.INCLUDED), "),含税 ÷ 1.13。"),
    ],
)
def test_a_tanks_answer_says_how_its_price_came_about(origin: PriceOrigin, said: str) -> None:
    assert said in tank(origin)


@pytest.mark.parametrize(
    ("origin", "said"),
    [(replace(LAST, instead_of="XX"), "按备用报价计值:0#柴油"), (MEAN, "均价不足约定天数:0#柴油")],
)
def test_the_status_names_goods_with_a_fallback_or_too_few_days(origin: PriceOrigin, said: str) -> None:
    assert said in WORDS.answer(status.SKILL.run(window(origin), {})).text


def test_where_values_are_withheld_so_is_the_price() -> None:
    closed = replace(window(MEAN), fields=frozenset())
    assert "参考价" not in WORDS.answer(tanks.SKILL.run(closed, {"tank": "T-107"})).text
