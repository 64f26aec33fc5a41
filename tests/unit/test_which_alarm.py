"""Which alarm words and arguments mean: numbers, the newest, the one pointed at; and how a model's words become them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.binding import WordsBinder
from bot.words import Words
from domain.alarm import Alarm
from domain.contract import AlertKind, Severity
from domain.event import stamp
from skills.alert_why import SKILL as WHY
from skills.receipts import RECEIPTS
from skills.skill import Status
from skills.understanding.binding import pointed_at
from skills.understanding.understand import vocabulary_of
from skills.which_alarm import Which
from tests.data.words import alarms
from tests.data.words.hearing import HERE, hear, one
from tests.data.words.hengyun import NOW, Labels
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
BINDER = WordsBinder(vocabulary_of(HERE), NOW)


@pytest.mark.parametrize(
    ("said", "which"),
    [
        ("", Which()),
        ("AL-20260312-07,al-20260312-09", Which(ids=("AL-20260312-07", "AL-20260312-09"))),
        ("last", Which(word="last")),
        ("LAST/ORANGE", Which(word="last", severity=Severity.ORANGE)),
        ("this/red", Which(word="this", severity=Severity.RED)),
    ],
)
def test_an_argument_names_an_alarm(said: str, which: Which) -> None:
    assert Which.of(said) == which


@pytest.mark.parametrize(
    ("plain", "argument"),
    [
        ("刚才那条报警为啥报", "last"),
        ("最近一条橙色预警", "last/orange"),
        ("最新的红色预警", "last/red"),
        ("这条先静音", "this"),
        ("那个报警不对", "this"),
        ("刚才货值为什么掉了", None),
        ("最近有什么预警", None),
        ("现在有几条没处理完的预警", None),
        ("库方收到没", None),
    ],
)
def test_words_point_at_an_alarm_or_do_not(plain: str, argument: str | None) -> None:
    assert pointed_at(plain) == argument


def test_a_models_words_for_an_alarm_and_a_time_ahead_are_read_as_the_askers_would_be() -> None:
    assert BINDER.bind(WHY, {"alert": "刚才那条橙色预警"}) == {"alert": "last/orange"}
    assert BINDER.bind(WHY, {"alert": "al-20260312-07"}) == {"alert": "AL-20260312-07"}
    march = "2026-02-28T16:00:00Z/2026-03-31T16:00:00Z"
    assert BINDER.bind(RECEIPTS, {"time": "这个月", "which": "到期"}) == {"time": march, "which": "ending"}
    assert BINDER.said("这个月").whole[march] in BINDER.said("这个月").times


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VALUE = alarms.value_below_line().alarm
OUTLIER = replace(alarms.price_outlier().alarm, raised_at=NOW - 2 * HOUR, returned_at=NOW - HOUR, closed_at=NOW)
OFFLINE = replace(
    alarms.returned_offline().alarm, raised_at=NOW - 30 * HOUR, returned_at=NOW - 29 * HOUR, closed_at=NOW
)
DROP = alarms.returned_drop().alarm
ALL = Window(open_alarms=(VALUE, DROP), lately=(OFFLINE, OUTLIER), now=NOW + 2 * HOUR)


def asked(text: str, window: Window = ALL) -> str:
    """The alarm that a question is answered about; the answer's kind where it is about none."""
    answer = WHY.run(window, one(hear(text)).arguments)
    return str(answer.facts.get("id", answer.kind))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("价格异常那条为什么解除", OUTLIER),
        ("数据中断那条为什么解除", OFFLINE),
        ("断线那条为什么解除", OFFLINE),
        ("货量预警为什么解除了", DROP),
        ("昨天那条预警为啥解除", OFFLINE),
        ("货值预警为什么报", VALUE),
        ("货值那条为什么解除", VALUE),
        ("预警为什么解除", DROP),
        ("橙色预警为什么报", VALUE),
    ],
)
def test_the_alarm_that_the_words_describe_is_answered_and_no_other(text: str, meant: Alarm) -> None:
    yellow = replace(DROP, severity=Severity.YELLOW, raised_at=NOW + HOUR / 2)
    assert asked(text, replace(ALL, open_alarms=(VALUE, yellow))) == meant.id


@pytest.mark.parametrize("also", [{}, {"kind": "sensor_offline"}, {"kind": "price_outlier"}])
def test_a_value_that_fell_through_silent_gauges_is_no_question_about_an_alarm(also: dict[str, str]) -> None:
    assert WHY.run(ALL, {"metric": "value", **also}).kind == "past_which"
    assert WHY.run(ALL, {"metric": "value", "kind": "value_below_line"}).facts["id"] == VALUE.id


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_is_meant_by_the_word_of_its_title(kind: AlertKind) -> None:
    words = next(p for p in WHY.parameters if p.name == "kind").choices
    named = f"{WORDS.label('kinds', kind.value)}预警"
    assert kind.value in [value for value, said in words if any(w in named for w in said)]


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        ({"tank": "T-107"}, "本群近 30 天没有涉及 T-107 的预警。"),
        ({"alert": "last/red"}, "本群近 30 天没有红色预警。"),
        ({"severity": "red", "kind": "lift", "want": "lifted"}, "本群近 30 天没有红色提货预警。"),
        ({"time": f"{stamp(NOW - 5 * DAY)}/{stamp(NOW - 4 * DAY)}", "alert": "last"}, "本群没有 3月7日 14:32 至 "),
        ({"time": f"{stamp(NOW - 5 * DAY)}/{stamp(NOW - 4 * DAY)}", "want": "lifted"}, "本群没有 3月7日 14:32 至 "),
    ],
)
def test_that_there_is_no_such_alarm_denies_no_other(arguments: dict[str, str], begins: str) -> None:
    answer = WHY.run(ALL, arguments)
    text = WORDS.answer(answer).text
    assert (answer.status, answer.facts["told"], answer.facts["open"]) == (Status.NO_DATA, 4, 2)
    assert text.startswith(begins)
    assert "没有预警" not in text
    assert all(a.id in text for a in (VALUE, DROP, OUTLIER, OFFLINE))


@pytest.mark.parametrize(("where", "who"), [("bank", "chen"), ("group", "zhao")])
def test_no_such_alarm_reads_so(where: str, who: str) -> None:
    answer = WHY.run(replace(ALL, where=where, who=who), {"tank": "T-107", "severity": "red"})
    assert_snapshot(f"why.none_such.{where}", WORDS.answer(answer))


@pytest.mark.parametrize(("where", "who"), [("bank", "chen"), ("group", "zhao")])
def test_that_one_of_several_is_only_pointed_at_is_asked_back(where: str, who: str) -> None:
    here = replace(ALL, where=where, who=who)
    why = WHY.run(here, one(hear("那条预警为什么报")).arguments)
    assert (why.status, [a["id"] for a in why.facts["alarms"]]) == (Status.CLARIFY, [DROP.id, VALUE.id])
    assert_snapshot(f"why.which.{where}", WORDS.answer(why))
    ended = WHY.run(here, one(hear("液位跳变那条为什么解除")).arguments)
    assert {a["id"] for a in ended.facts["alarms"]} == {DROP.id, OUTLIER.id, OFFLINE.id}


def test_the_only_one_that_may_be_pointed_at_is_answered() -> None:
    assert asked("那条预警为什么报", replace(ALL, open_alarms=(VALUE,))) == VALUE.id
    assert asked("那条为什么解除", replace(ALL, open_alarms=(VALUE,), lately=(OUTLIER,))) == OUTLIER.id


def test_an_alarm_older_than_a_month_is_found_by_its_day() -> None:
    old = replace(OFFLINE, raised_at=NOW - 40 * DAY, returned_at=NOW - 40 * DAY + HOUR, closed_at=NOW - 39 * DAY)

    class Kept(Window):
        def alarms_since(self, contract_id, since):
            return tuple(a for a in self.lately if a.closed_at >= since)

    day = f"{stamp(NOW - 41 * DAY)}/{stamp(NOW - 39 * DAY)}"
    assert WHY.run(Kept(lately=(old,)), {"alert": "this", "time": day}).facts["id"] == old.id


def test_whom_an_ended_alarm_waits_for_is_told_in_private_as_in_the_group() -> None:
    class Alone(Window):
        def heard_in(self):
            return frozenset({"group"})

    group = WHY.run(replace(ALL, who="li", where="group"), {"alert": DROP.id, "want": "lifted"})
    alone = Alone(open_alarms=(DROP,), who="li", where="bank", now=ALL.now)
    assert "li" in group.facts["waiting"]
    assert WHY.run(alone, {"alert": DROP.id, "want": "lifted"}).facts["waiting"] == group.facts["waiting"]


def test_where_nobody_had_to_answer_nobody_is_said_to_have() -> None:
    informed = tuple(replace(p, ack_due=None) for p in OUTLIER.parties)
    ended = replace(OUTLIER, parties=informed, closed_at=NOW, closed_why="returned_and_acknowledged")
    text = WORDS.answer(WHY.run(Window(lately=(ended,)), {"want": "lifted"})).text
    assert "自动关闭:已恢复。" in text
    assert "回复" not in text
