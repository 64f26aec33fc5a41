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
