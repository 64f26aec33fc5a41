"""谁还没回, 该谁管, 监管员到哪了: who is named in this chat, what they answered, and nothing that nobody has recorded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.words import Words
from domain.alarm import Alarm, Answer, acknowledge, fold
from domain.event import stamp
from domain.people import Role
from skills import duty, inspection
from skills.skill import Status
from tests.data.words import alarms
from tests.data.words.hengyun import NOW, ROSTER, Labels
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
VALUE, DROP, OFFLINE = (
    alarms.value_below_line().alarm,
    alarms.qty_drop_no_work_order().alarm,
    alarms.sensor_offline_tank().alarm,
)


def answered(alarm: Alarm, person: str, answer: Answer = Answer.ARRANGED) -> Alarm:
    return fold(alarm, acknowledge(alarm, person, answer, ROSTER, via="button", now=NOW + timedelta(minutes=4)))


def window(*open_alarms: Alarm, who: str = "chen", where: str = "bank", minutes: float = 45) -> Window:
    return Window(open_alarms=open_alarms, who=who, where=where, now=NOW + timedelta(minutes=minutes))


def told(view: Window, **arguments: str) -> str:
    return WORDS.answer(duty.SKILL.run(view, arguments)).text


def seen(view: Window, **arguments: str) -> str:
    return WORDS.answer(inspection.SKILL.run(view, arguments)).text


@pytest.mark.parametrize("want", ["unacked", "responsible", "escalate_next"])
def test_open_duties_read_so(want: str) -> None:
    open_alarms = (answered(VALUE, "zhao"), DROP, OFFLINE)
    for chat, who in (("bank", "chen"), ("group", "zhao")):
        message = WORDS.answer(duty.SKILL.run(window(*open_alarms, who=who, where=chat), {"want": want}))
        assert message.text.count("\n") < 12
        assert_snapshot(f"duty.{want}.{chat}", message)


def test_whom_the_lenders_own_chat_waits_for_is_not_named_in_the_group() -> None:
    assert "王经理" in told(window(VALUE), want="unacked")
    group = duty.SKILL.run(window(VALUE, who="li", where="group"), {"want": "unacked"})
    assert [p["person"] for r in group.facts["rows"] for p in r["parties"]] == ["zhao", "li"]


def test_a_deputy_s_answer_names_both() -> None:
    assert "恒运赵总 请按合同补足货值,3月12日 14:36 收到(恒运钱经理代)" in told(
        window(answered(VALUE, "qian", Answer.ACK))
    )


def test_late_is_said_only_after_the_time() -> None:
    assert "已超时未回复" not in told(window(VALUE, minutes=5))
    assert "已超时未回复" in told(window(VALUE, minutes=45))


def test_nobody_owes_anything_where_nothing_is_open() -> None:
    assert told(window()).startswith("没有未结预警")


def test_the_last_alarm_alone_when_asked_for_it() -> None:
    later = replace(DROP, raised_at=VALUE.raised_at + timedelta(minutes=1))
    assert [r["id"] for r in duty.SKILL.run(window(VALUE, later), {"alert": "last"}).facts["rows"]] == [later.id]


def test_nobody_knows_who_is_on_shift() -> None:
    answer = duty.SKILL.run(window(), {"want": "on_duty"})
    assert answer.status is Status.NO_DATA
    assert WORDS.answer(answer).text.startswith("系统没有值班表")


@pytest.mark.parametrize(
    ("want", "first"),
    [
        ("eta", "系统没有记录监管员的位置和预计到场时间"),
        ("result", "系统没有现场核查结果的记录"),
        ("tasks", "系统还没有核查任务(派单)的记录"),
    ],
)
def test_where_an_inspector_is_or_found_is_not_made_up(want: str, first: str) -> None:
    answer = inspection.SKILL.run(window(answered(OFFLINE, "yibiao")), {"want": want})
    assert answer.status is Status.NO_DATA
    assert WORDS.answer(answer).text.startswith(first)


def test_an_answer_is_told_as_an_answer_and_no_more() -> None:
    view = window(answered(OFFLINE, "yibiao"), DROP)
    assert inspection.SKILL.run(view, {"want": "status"}).status is Status.OK
    assert_snapshot("inspection.bank", WORDS.answer(inspection.SKILL.run(view, {"want": "status"})))
    assert '回复"已安排"' in seen(view)
    assert '"已安排"只是当事人的回复' in seen(view)


def test_one_persons_answers_alone() -> None:
    rows = inspection.SKILL.run(window(answered(OFFLINE, "yibiao"), DROP), {"person": "yibiao"}).facts["rows"]
    assert {r["person"] for r in rows} == {"yibiao"}
    assert seen(window(DROP), person="yibiao").startswith("没有点名民储库仪表班的未结预警")


def test_a_name_of_somebody_in_the_chat_serves_as_well_as_an_id() -> None:
    view = window(answered(OFFLINE, "yibiao"), DROP, who="zhao", where="group")
    rows = inspection.SKILL.run(view, {"person": "老周"}).facts["rows"]
    assert {r["person"] for r in rows} == {"zhou"}


def test_of_a_past_day_only_what_was_answered_then() -> None:
    view = window(answered(OFFLINE, "yibiao"), DROP)
    day = f"{stamp(NOW - timedelta(days=1))}/{stamp(NOW - timedelta(hours=1))}"
    assert inspection.SKILL.run(view, {"time": day, "want": "status"}).status is Status.NO_DATA
    assert "以上是现在的情况" in told(view, time=day)


def test_an_inspector_may_ask_what_the_group_reads() -> None:
    assert Role.INSPECTOR in inspection.SKILL.roles
