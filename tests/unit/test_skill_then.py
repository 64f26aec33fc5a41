"""昨天17点的货值: which texts ask it, which moment is meant, what each audience reads."""

from datetime import datetime, timedelta

import pytest

from bot.words import Words
from domain.contract import Field
from domain.position import Position
from skills import then
from skills.skill import Status
from skills.understanding.spans import CHINA
from tests.data.words.hearing import hear, questions
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
FIVE = "2026-03-11T09:00:00Z"
"""昨天17点."""
THEN = {"time": f"{FIVE}/{FIVE}"}


@pytest.mark.parametrize(
    "text",
    [
        "昨天17点货值多少",
        "3月11日15:00的货值",
        "上周五下午4点恒运池货值多少",
        "恒运池昨天17点的认可货值是多少?",
        "上月底质押率是多少",
        "小六子,昨天下午五点货值多少",
        "/then 昨天17点",
        "/then 恒运池 3月11日15:00",
    ],
)
def test_a_question_about_the_past_is_this_skills(text: str) -> None:
    assert [q.skill for q in questions(hear(text))] == ["then"]


@pytest.mark.parametrize(
    "text",
    [
        "现在货值多少",
        "今天货值多少",
        "昨天进了多少",
        "昨天17点T-107液位",
        "昨天17点那批货前天17点值多少",
        "昨天货值为什么跌了",
    ],
)
def test_other_questions_are_not(text: str) -> None:
    assert "then" not in [q.skill for q in questions(hear(text))]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("昨天17点货值多少", "2026-03-11T17:00"),
        ("昨天货值多少", "2026-03-12T00:00"),
        ("/then 3月9日9:30 恒运池", "2026-03-09T09:30"),
    ],
)
def test_a_span_is_asked_at_its_end(text: str, at: str) -> None:
    asked: list[datetime] = []

    class Asked(Window):
        def then(self, at: datetime):
            asked.append(at)

    (question,) = questions(hear(text))
    answer = then.SKILL.run(Asked(), question.arguments)
    assert asked == [datetime.fromisoformat(at).replace(tzinfo=CHINA)]
    assert answer.status is Status.NO_DATA


@pytest.mark.parametrize(
    ("case", "window"),
    [
        ("bank", Window()),
        ("group", Window(where="group", who="zhao")),
        ("not_kept", Window(kept=False)),
        ("silent", Window(scenes={HY: scene(ages_s={"V203": 2400.0})})),
        ("unvalued", Window(scenes={HY: scene(ages_s={"V203": float("inf")})})),
    ],
)
def test_the_answer_reads_so(case: str, window: Window) -> None:
    assert_snapshot(f"then.{case}", WORDS.answer(then.SKILL.run(window, THEN)))


@pytest.mark.parametrize(
    ("text", "says"), [("/then", "请写明一个时间"), ("明天9点货值多少", "还没到"), ("1月1日9点货值多少", "没有记录")]
)
def test_what_cannot_be_answered_is_said(text: str, says: str) -> None:
    (question,) = questions(hear(text))
    assert says in WORDS.answer(then.SKILL.run(Window(), question.arguments)).text


@pytest.mark.parametrize("time", ["", "昨天17点", "2026-03-11", f"{FIVE}/2026-03-10T09:00:00Z", "/"])
def test_what_is_no_time_is_asked_for(time: str) -> None:
    assert "请写明一个时间" in WORDS.answer(then.SKILL.run(Window(), {"time": time})).text


def test_a_day_that_no_calendar_has_is_asked_back() -> None:
    assert questions(hear("2月30日货值多少")) == []


@pytest.mark.parametrize(
    "text", ["昨天17点甲醇货值多少", "T-107昨天17点的货值", "昨天17点海川池货值多少", "昨天17点那批货前天17点值多少"]
)
def test_a_part_of_the_pool_or_another_pool_is_not_answered_with_the_whole(text: str) -> None:
    assert [q for q in questions(hear(text)) if q.skill in ("then", "status")] == []


@pytest.mark.parametrize("text", ["昨天17点恒运池货值多少", "恒运池昨天17点的质押率", f"昨天17点 {HY} 的货值"])
def test_the_named_pool_is(text: str) -> None:
    (question,) = questions(hear(text))
    wanted = {"want": "ltv"} if "质押率" in text else {}
    assert question.arguments == {**THEN, **wanted, "contract": HY}
    assert then.SKILL.run(Window(), question.arguments).status is Status.OK


def test_nothing_is_told_of_a_contract_that_is_not_open_here() -> None:
    closed = Window(where="group", who="li", fields=frozenset({Field.QUANTITY}))
    assert then.SKILL.run(closed, THEN).status is Status.NOT_PERMITTED
    asked = then.SKILL.run(closed, {**THEN, "want": "ltv"})
    assert asked.facts["fields"] == ["ltv"]  # what was asked for, and no other
    worth = Window(where="group", who="li", fields=frozenset({Field.QUANTITY, Field.VALUE}))
    assert then.SKILL.run(worth, {**THEN, "want": "ltv"}).facts == {"fields": ["ltv"]}
    assert then.SKILL.run(worth, THEN).status is Status.OK
    stranger = Window(who=None)
    assert then.SKILL.run(stranger, THEN).status is Status.NOT_PERMITTED


def test_the_figure_is_that_of_the_moment() -> None:
    position: Position = scene().position
    answer = then.SKILL.run(Window(), THEN)
    (figure,) = answer.figures
    assert (figure.name, figure.value) == (f"{CONTRACT.id}.value_cny", str(position.recognised))
    assert figure.as_of is not None
    assert datetime.fromisoformat(figure.as_of) == datetime(2026, 3, 11, 17, tzinfo=CHINA)
    assert NOW - timedelta(days=2) < datetime.fromisoformat(figure.as_of) < NOW


def test_a_value_of_which_nothing_was_seen_then_is_stale() -> None:
    silent = scene(ages_s=dict.fromkeys(CONTRACT.tank_ids(), 7200.0))
    assert then.run(Window(scenes={HY: silent}), THEN).status is Status.STALE
    assert then.run(Window(), THEN).status is Status.OK
