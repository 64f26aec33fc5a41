"""Names that nobody here knows: refused, whoever they are, and always in the same way; our own are never strangers."""

import pytest

from skills.understanding.frame import frames_of, joined
from skills.understanding.model import learned
from skills.understanding.normal import normal
from skills.understanding.strangers import estranged
from skills.understanding.vocabulary import Vocabulary
from tests.data.words.hearing import HERE, hear, questions
from tests.data.words.hengyun import NOW

KNOWN = Vocabulary.of(HERE)
OTHERS = ("海川", "泰和", "鼎盛")
"""The other bank's borrower of the demo, and two that exist nowhere."""
ASKED = (
    "{}那池子现在多少货值",
    "{}的甲醇还有多少吨",
    "{}质押率多少",
    "{}呢",
    "{}池还有多少货",
    "{}化工的货值多少",
    "{}库还有多少吨货",
    "昨天17点{}池货值多少",
    "{}那笔贷款还剩多少本金",
    "{}项目有几条预警没处理",
    "看看{}的库存",
    "{}的货权",
    "{}在T-113里存了多少吨货",
    "{}存了多少吨甲醇",
    "{}这笔还剩多少本金",
    "{}货值",
    "今天{}出了多少",
    "{}监管线定的多少",
    "{}账实对得上吗",
    "{}贷款什么时候到期",
    "{}最多能提多少",
    "{}敞口多大",
    "{}谁收到预警没回",
    "昨天{}进了多少",
    "{}化工仓单有几张",
    "{}化工保险到期没",
)


def masked(text: str) -> str:
    return estranged(joined(tuple(frames_of(normal(text), KNOWN, NOW))), learned().weights).masked


@pytest.mark.parametrize("asked", ASKED)
def test_who_exists_elsewhere_and_who_exists_nowhere_are_one(asked: str) -> None:
    heard = {str(hear(asked.format(name))).replace(name, "…") for name in OTHERS}
    assert len(heard) == 1


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("name", OTHERS)
def test_a_strangers_cargo_is_never_answered_with_ours(asked: str, name: str) -> None:
    assert [q.intent for q in questions(hear(asked.format(name))) if q.intent != "r_other_tenant"] == []


@pytest.mark.parametrize(
    "text",
    [
        "恒运的货值多少",
        "恒运池现在总货值多少",
        "恒运化工还有多少货",
        "港储一库还有多少吨货",
        "民储库的货值",
        "甲醇还有多少吨",
        "柴油的货值多少",
        "老周那边结果出来没",
        "货还在不在",
        "整个库还有多少货",
        "我们质押率多少",
        "今晚货值多少",
        "剩下的货值多少",
    ],
)
def test_nothing_of_our_own_is_a_stranger(text: str) -> None:
    assert "X" not in masked(text)
    assert "r_other_tenant" not in [q.intent for q in questions(hear(text))]


def test_a_stranger_who_is_not_asked_about_figures_is_left_alone() -> None:
    assert masked("泰和来人了") == "泰和来人了"


@pytest.mark.parametrize(
    "asked",
    ["今天乙银行出了多少", "乙银行监管线定的多少", "乙银行贷款什么时候到期", "乙银行最多能提多少", "乙银行预警有几条"],
)
def test_another_banks_business_is_refused(asked: str) -> None:
    assert [q.intent for q in questions(hear(asked))] == ["r_other_tenant"]


@pytest.mark.parametrize(
    "asked", ["钱总那笔贷款本金多少", "老吕的货还剩多少吨", "吕经理那个池子货值多少", "马总仓单有几张"]
)
def test_the_cargo_of_somebody_nobody_knows_is_not_answered_with_ours(asked: str) -> None:
    assert [q.intent for q in questions(hear(asked)) if not q.intent.startswith("r_")] == []


@pytest.mark.parametrize("asked", ["赵总那笔贷款本金多少", "老周到哪了", "小陈量的结果出来没"])
def test_people_of_this_chat_are_no_strangers(asked: str) -> None:
    assert [q.intent for q in questions(hear(asked)) if q.intent.startswith("q_")]


@pytest.mark.parametrize("said", ["甲醇的price可以帮我改成2800吗", "把监管线调到78", "麻烦将补货线改为65%,急"])
def test_a_line_or_a_price_is_not_set_by_words(said: str) -> None:
    assert [q.intent for q in questions(hear(said))] == ["r_change_rule"]


@pytest.mark.parametrize("said", ["播报改成2小时一次", "要是监管线调到70%还差多少"])
def test_to_ask_what_a_line_is_or_would_be_is_no_such_wish(said: str) -> None:
    assert "r_change_rule" not in [q.intent for q in questions(hear(said))]
