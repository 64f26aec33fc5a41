"""昨天这时候 T-112 多少吨: a tank, a good or the pool at a past moment, its own readings and prices, and what there was."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.words import Words
from domain.contract import Field
from skills import tanks, then
from skills.ports import Then
from skills.skill import Answer, Status
from tests.data.words.hearing import hear, one, questions
from tests.data.words.hengyun import CONTRACT, HY, NOW, Labels, scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window
from tests.fakes.held_history import HeldHistory

WORDS = Words(Labels())
YESTERDAY = NOW - timedelta(days=1)
AT = "2026-03-11T06:32:00Z/2026-03-11T06:32:00Z"


class Yesterday(Window):
    """Yesterday T-112 held a tenth of what it holds today; its readings are those of then."""

    def then(self, at: datetime) -> Then | None:
        ages = {"T-112": 20.0, "V203": 2400.0}
        stood = scene(at, tonnes={"T-112": 608.0}, ages_s=ages)
        if at < self.began:
            return None
        old = Window(scenes={HY: stood}, now=at)
        readings = {t: old.reading(t) for t in CONTRACT.tank_ids()}
        positions = {HY: stood.position}
        return Then(terms="f" * 64, of_then=self.kept, contracts={HY: CONTRACT}, positions=positions, readings=readings)


def told(window: Window, **arguments: str) -> Answer:
    return tanks.SKILL.run(window, {"time": AT, **arguments})


@pytest.mark.parametrize(
    ("case", "arguments"),
    [("one", {"tank": "T-112"}), ("silent", {"tank": "V203"}), ("good", {"good": "MEOH"}), ("by_good", {"by": "good"})],
)
def test_a_past_answer_reads_so(case: str, arguments: Mapping[str, str]) -> None:
    past = HeldHistory([], [(YESTERDAY - timedelta(minutes=9), 1.0), (YESTERDAY + timedelta(minutes=7), 8123.0)])
    message = WORDS.answer(told(Yesterday(past=past), **arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(f"tanks_then.{case}", message)


def test_the_figure_is_that_of_the_moment_and_so_is_its_freshness() -> None:
    answer = told(Yesterday(), tank="T-112")
    kg = next(f for f in answer.figures if f.name == "T-112.kg")
    assert (kg.value, kg.as_of) == ("608000", "2026-03-11T06:31:40Z")
    assert (answer.status, answer.facts["rows"][0]["freshness"]) == (Status.OK, "fresh")
    assert told(Yesterday(), tank="V203").status is Status.STALE


def test_a_silent_moment_is_told_with_the_next_reading_too() -> None:
    past = HeldHistory([], [(YESTERDAY + timedelta(minutes=m), 8000.0 + m) for m in (7, 8, 600)])
    text = WORDS.answer(told(Yesterday(past=past), tank="V203")).text
    assert "之后第一次有效读数:3月11日 14:39 液位 8.007米" in text
    assert "之后第一次" not in WORDS.answer(told(Yesterday(past=past), tank="T-112")).text


def test_before_the_first_record_that_record_is_told_and_no_machine_takes_it_for_the_answer() -> None:
    began = NOW - timedelta(hours=2)
    young = Yesterday(began=began, past=HeldHistory([(began, "1", 1)]))
    answer = told(young, tank="T-112")
    assert (answer.status, answer.figures) == (Status.NO_DATA, ())
    text = WORDS.answer(answer).text
    assert text.startswith("3月11日 14:32 没有记录:系统当时还未开始运行。最早的记录 3月12日 12:32")
    assert "608.0吨" in text
    whole = then.SKILL.run(young, {"time": AT})
    assert (whole.status, whole.figures) == (Status.NO_DATA, ())
    assert "最早的记录 3月12日 12:32" in WORDS.answer(whole).text


def test_without_any_record_there_is_no_figure_at_all() -> None:
    text = WORDS.answer(told(Yesterday(began=NOW + timedelta(days=1)), tank="T-112")).text
    assert text == "3月11日 14:32 没有记录:系统当时还未开始运行。"


def test_nobody_sees_more_of_the_past_than_of_the_present() -> None:
    closed = Yesterday(where="group", who="li", fields=frozenset({Field.VALUE}))
    assert told(closed, tank="T-112").status is Status.NOT_PERMITTED
    open_ = Yesterday(where="group", who="li", fields=frozenset({Field.QUANTITY}))
    text = WORDS.answer(told(open_, tank="T-112")).text
    assert "608.0吨" in text
    assert "元" not in text
    assert told(Yesterday(who=None), tank="T-112").status is Status.NOT_PERMITTED


def test_a_tank_that_is_pledged_no_longer_is_not_told_of() -> None:
    less = replace(CONTRACT, pledged=tuple(p for p in CONTRACT.pledged if p.tank_id != "T-112"))
    window = Yesterday(contract_list=(less,))
    assert told(window, tank="T-112").kind == "not_found"
    assert told(window, good="MEOH").facts["total"]["tanks"] == 2


@pytest.mark.parametrize(
    ("text", "skill", "named"),
    [
        ("昨天这时候T-112液位多少", "tanks", {"tank": "T-112", "time": AT}),
        ("昨天这个时候柴油值多少钱", "tanks", {"good": "D0", "time": AT}),
        ("昨天这时候按品种分一下", "tanks", {"by": "good", "time": AT}),
        ("昨天这时候这个项目一共多少吨", "tanks", {"time": AT}),
        ("昨天这时候港储一库多少吨", "tanks", {"site": "gangchu", "time": AT}),
        ("昨天这个时候离监管线还差多少", "then", {"want": "gap", "time": AT}),
        ("昨天这个时候质押率多少", "then", {"want": "ltv", "time": AT}),
        ("昨天这时候货还在不在", "then", {"time": AT}),
        ("T-112现在液位多少", "tanks", {"tank": "T-112"}),
    ],
)
def test_what_is_asked_of_a_moment_is_answered_of_it(text: str, skill: str, named: Mapping[str, str]) -> None:
    found = one(hear(text))
    assert (found.skill, found.arguments) == (skill, named)


def test_a_span_that_goes_on_is_asked_of_now() -> None:
    (question,) = questions(hear("最近三天T-112液位多少"))
    assert tanks.SKILL.run(Window(), question.arguments).facts["then"] is None


@pytest.mark.parametrize(
    ("time", "says"), [("昨天17点", "请写明一个时间"), ("2026-03-13T00:00:00Z/2026-03-14T00:00:00Z", "还没到")]
)
def test_a_time_that_is_none_or_not_there_yet_is_asked_back(time: str, says: str) -> None:
    assert says in WORDS.answer(tanks.SKILL.run(Window(), {"tank": "T-112", "time": time})).text
