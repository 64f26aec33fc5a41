"""Who has promised or announced what is told from what was said here; it is no refusal, and no other question's answer."""

from datetime import timedelta

import pytest

from bot.words import Words
from domain.deed.deed import Promise, Work
from skills import words_given
from skills.skill import Status
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import HY, NOW, Labels
from tests.data.words.window import Window

WORDS = Words(Labels())
PROMISE = Promise(
    id="PM-20260312-01", tenant="jia", contract_id=HY, by="zhao", chat="group", at=NOW, due=NOW + timedelta(hours=21),
    alarm_id=None, case_id=None, good="MEOH", qty_kg=400_000, amount_cny=None, said="补400吨",
)  # fmt: skip
WORK = Work(
    id="WK-20260312-01", tenant="jia", contract_id=HY, by="li", chat="group", at=NOW, kind="transfer",
    tanks=("T-112",), starts=NOW, ends=NOW + timedelta(hours=4), qty_kg=500_000, said="112倒113",
)  # fmt: skip


def told(text: str, window: Window) -> str:
    asked = one(hear(text))
    assert asked.skill == "words_given", text
    return WORDS.answer(words_given.run(window, asked.arguments)).text


@pytest.mark.parametrize("text", ["谁报备了作业", "@小六子 有没有人报备作业?", "报备了哪些作业"])
def test_announced_work_is_told_with_who_announced_it(text: str) -> None:
    seen = told(text, Window(announced=(WORK,), promised=(PROMISE,)))
    assert "港储一库李主管 报备:T-112 倒罐,3月12日 14:32 至 3月12日 18:32" in seen
    assert "承诺" not in seen
    assert told(text, Window()).startswith("没有未结束的作业报备")


@pytest.mark.parametrize("text", ["赵总答应什么时候补", "谁承诺了补货", "赵总承诺了多少"])
def test_promises_are_told_with_their_time(text: str) -> None:
    assert "恒运赵总 承诺 甲醇 400吨,3月13日(周五)11:32 前" in told(text, Window(promised=(PROMISE,)))
    assert told(text, Window(who="li", where="group")).startswith("本群没有未到期的承诺")


def test_those_of_yesterday_are_said_not_to_be_looked_up() -> None:
    assert told("昨天谁报备了作业", Window(announced=(WORK,))).startswith("这里只能查目前的承诺和作业报备")
    assert words_given.run(Window(), {"what": "works", "past": "yes"}).status is Status.NO_DATA


@pytest.mark.parametrize(
    "text",
    [
        "8号罐今天下午清罐,提前报备",
        "我们承诺明天12点前补400吨",
        "你能承诺没事吗",
        "承诺到期怎么办",
        "谁承诺了补货,货值多少",
        "停电数据断了谁该来报备",
        "宽限是几天 我们答应两天补算违约吗",
    ],
)
def test_a_promise_of_ones_own_or_another_question_is_none_of_these(text: str) -> None:
    assert words_given.reads(text) is None
