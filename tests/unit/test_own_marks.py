"""单独提醒我: only what can be watched is offered, and never the other way round than it was said."""

from decimal import Decimal

import pytest

from bot.words import Words
from domain.contract import Field
from skills.skill import Status
from skills.subscription import SKILL
from tests.data.words.hengyun import Labels
from tests.data.words.window import Window

WORDS = Words(Labels())


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("敞口高于9000万的时候@我", "metric"),
        ("本金低于5000万提醒我", "metric"),
        ("甲醇价格跌5%提醒我", "metric"),
        ("覆盖率低于120%提醒我", "metric"),
        ("库存低于5000吨提醒我", "metric"),
        ("货值高于1.2亿提醒我", "direction"),
        ("货值涨到3亿告诉我", "direction"),
        ("质押率低于60%提醒我", "direction"),
        ("货值跌10%提醒我", "mark"),  # a share of what, nobody knows
    ],
)
def test_another_figure_or_the_other_direction_is_not_offered(text: str, about: str) -> None:
    answer = SKILL.run(Window(), {"text": text})
    assert (answer.status, answer.act, answer.facts["about"]) == (Status.CLARIFY, None, about)
    said = WORDS.answer(answer).text
    assert "货值" in said
    assert "质押率" in said or about == "mark"


@pytest.mark.parametrize(
    ("text", "metric", "value"),
    [
        ("货值低于1.2亿的时候单独@我", "value", "120000000"),
        ("货值跌破1.2亿提醒我", "value", "120000000"),
        ("库存货值低于1.2亿提醒我", "value", "120000000"),
        ("低于1.2亿告诉我", "value", "120000000"),
        ("质押率超过72%告诉我", "ltv", "0.72"),
        ("质押率到72%告诉我", "ltv", "0.72"),
    ],
)
def test_what_can_be_watched_is_offered_as_before(text: str, metric: str, value: str) -> None:
    act = SKILL.run(Window(), {"text": text}).act
    assert act is not None
    assert (act.body["metric"], Decimal(act.body["value"])) == (metric, Decimal(value))


def test_where_others_may_read_the_figure_it_is_not_called_the_lenders_alone() -> None:
    closed = Window(who="zhao", where="group", fields=frozenset({Field.QUANTITY}))
    value = WORDS.answer(SKILL.run(closed, {"text": "货值低于1.2亿告诉我"})).text
    ltv = WORDS.answer(SKILL.run(closed, {"text": "质押率超过72%告诉我"})).text
    assert value.startswith("该项此处不显示")  # the contract opens the value to the borrower, elsewhere
    assert ltv.startswith("该项仅对资金方开放")
