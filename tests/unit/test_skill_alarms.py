"""未结预警: which alarms are open, and whose silence may be named where."""

from dataclasses import replace
from datetime import timedelta

from bot.words import Words
from domain.contract import Field
from skills.alarms import MOST, SKILL
from skills.skill import Status
from tests.data.words import alarms
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import NOW, Labels
from tests.data.words.window import Window

WORDS = Words(Labels())
FELL, DROP = alarms.value_below_line().alarm, alarms.qty_drop_no_work_order().alarm
SILENT = alarms.sensor_offline_tank().alarm


def test_the_most_severe_comes_first() -> None:
    red = alarms.changed().alarm
    rows = SKILL.run(Window(open_alarms=(SILENT, DROP, red)), {}).facts["rows"]
    assert [r["id"] for r in rows] == [red.id, DROP.id, SILENT.id]


def test_none_open_is_an_answer() -> None:
    answer = SKILL.run(Window(), {})
    assert answer.status is Status.OK
    assert WORDS.answer(answer).text == "无未结预警(3月12日 14:32)。"


def test_the_bank_sees_everybody_who_has_not_answered() -> None:
    [row] = SKILL.run(Window(open_alarms=(FELL,)), {}).facts["rows"]
    assert row["waiting"] == ["zhao", "li", "wang"]


def test_the_group_is_not_told_whom_the_banks_own_chat_waits_for() -> None:
    [row] = SKILL.run(Window(open_alarms=(FELL,), where="group", who="wang"), {}).facts["rows"]
    assert row["waiting"] == ["zhao", "li"]


def test_who_is_late_is_said() -> None:
    late = Window(open_alarms=(FELL,), now=NOW + timedelta(minutes=31))
    assert SKILL.run(late, {}).facts["rows"][0]["overdue"]
    assert not SKILL.run(replace(late, now=NOW), {}).facts["rows"][0]["overdue"]


def test_an_alarm_whose_condition_is_clear_but_unanswered_is_still_open() -> None:
    back = alarms.returned_drop().alarm
    assert "条件已恢复" in WORDS.answer(SKILL.run(Window(open_alarms=(back,)), {})).text


def test_figures_follow_what_the_chat_may_see() -> None:
    window = Window(open_alarms=(FELL, DROP), where="group", who="li", fields=frozenset({Field.LINE}))
    said = WORDS.answer(SKILL.run(window, {})).text
    assert "万元" not in said
    assert "吨" not in said
    assert "货值跌破监管线" in said


def test_many_alarms_still_fit_on_a_phone() -> None:
    window = Window(open_alarms=tuple(replace(FELL, id=f"AL-20260312-{n:02d}") for n in range(20)))
    answer = SKILL.run(window, {})
    assert len(answer.facts["rows"]) == MOST
    assert WORDS.answer(answer).text.count("\n") < 12
    assert "另有 12 条" in WORDS.answer(answer).text


def test_one_severity_alone_and_how_many_others_there_are() -> None:
    window = Window(open_alarms=(FELL, SILENT))
    assert [r["id"] for r in SKILL.run(window, {"severity": "yellow"}).facts["rows"]] == [SILENT.id]
    assert WORDS.answer(SKILL.run(window, {"severity": "yellow"})).text.startswith("未结黄色预警 1 条")
    assert WORDS.answer(SKILL.run(window, {"severity": "red"})).text == (
        "无未结红色预警(3月12日 14:32);其他级别未结 2 条。"
    )


def test_alarms_of_one_tank_depot_or_good_and_how_many_others_there_are() -> None:
    window = Window(open_alarms=(FELL, DROP, SILENT))
    for place in ({"tank": "T-112"}, {"site": "gangchu"}, {"good": "MEOH"}):
        answer = SKILL.run(window, place)
        assert [r["id"] for r in answer.facts["rows"]] == [DROP.id], place
        assert "本项目其他未结 2 条" in WORDS.answer(answer).text
    assert WORDS.answer(SKILL.run(window, {"tank": "T-112"})).text.startswith("T-112 未结预警 1 条")


def test_a_tank_without_an_open_alarm_is_answered_as_such() -> None:
    assert WORDS.answer(SKILL.run(Window(), {"tank": "T-107"})).text == "T-107 无未结预警(3月12日 14:32)。"
    assert SKILL.run(Window(), {"tank": "T-999"}).kind == "not_found"


def test_the_place_is_heard() -> None:
    assert one(hear("T-107有没有预警")).arguments == {"tank": "T-107"}
    assert one(hear("港储一库有几条预警")).arguments == {"site": "gangchu"}
    assert one(hear("甲醇有预警吗")).arguments == {"good": "MEOH"}
