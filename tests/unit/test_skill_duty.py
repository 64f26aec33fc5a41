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
from skills.which_person import meant, persons
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


def test_a_span_that_ended_just_now_is_no_past_one() -> None:
    view = window(answered(OFFLINE, "yibiao"), DROP)
    hour = f"{stamp(view.now - timedelta(hours=1))}/{stamp(view.now - timedelta(seconds=5))}"
    assert "以上是现在的情况" not in told(view, time=hour)
    waited = [r for r in inspection.SKILL.run(view, {"time": hour}).facts["rows"] if r["answer"] is None]
    assert waited, "who has not answered yet is asked about, too"


def test_an_inspector_may_ask_what_the_group_reads() -> None:
    assert Role.INSPECTOR in inspection.SKILL.roles


@pytest.mark.parametrize(
    ("said", "who"),
    [("老周", "zhou"), ("周师傅", "zhou"), ("李主管", "li"), ("李师傅", "li"), ("陈工", "chen"), ("老陈", "chen"), ("赵总", "zhao"),
     ("钱总", "qian"), ("林行长", "lin")],
)  # fmt: skip
def test_a_short_name_means_the_one_who_is_called_so_here(said: str, who: str) -> None:
    assert persons(window(VALUE), [said]) == (who,)


@pytest.mark.parametrize("said", ["李行长", "孙总", "吴师傅", "林行长"])
def test_a_name_or_title_that_nobody_in_the_group_has_means_nobody(said: str) -> None:
    assert persons(window(VALUE, who="li", where="group"), [said]) == (said,)


def test_of_two_who_are_called_so_it_is_asked_which() -> None:
    clerk, keeper = ROSTER.people["wang"], replace(ROSTER.people["li"], id="ku", name="王库管")
    assert meant("王总", [clerk, keeper], []) == (clerk, keeper)
    assert meant("王库管", [clerk, keeper], []) == (keeper,)
    assert meant("王师傅", [clerk, keeper], []) == (keeper,)
    assert meant("王总", [clerk], [keeper]) == (clerk,), "a member before anybody else"

    class Both(Window):
        def members(self):
            return clerk, replace(ROSTER.people["zhao"], name="王总监", id="zhao")

    answer = duty.SKILL.run(Both(open_alarms=(VALUE,), who="chen"), {"person": "老王"})
    assert (answer.status, answer.facts["people"]) == (Status.CLARIFY, ["wang", "zhao"])
    assert WORDS.answer(answer).text == "请写明是哪一位:甲银行王经理、恒运赵总。"


def test_the_newest_that_fits_a_severity_is_told_even_where_others_are_open() -> None:
    later = replace(OFFLINE, raised_at=VALUE.raised_at + timedelta(minutes=1))
    rows = duty.SKILL.run(window(VALUE, later), {"alert": "last/orange"}).facts["rows"]
    assert [r["id"] for r in rows] == [VALUE.id]
    assert duty.SKILL.run(window(VALUE, later), {"alert": "last/red"}).facts["rows"] == []


def test_the_newest_is_told_though_it_is_closed() -> None:
    gone = replace(VALUE, closed_at=NOW)
    view = replace(window(), lately=(gone,))
    assert [r["id"] for r in duty.SKILL.run(view, {"alert": "last"}).facts["rows"]] == [gone.id]
    assert "涉及已结束的预警 1 条" in told(view, alert="last")


def test_whether_somebody_has_answered_is_told_of_those_who_must_alone() -> None:
    assert told(window(VALUE), want="unacked", person="zhao").startswith("1 人未回复")
    assert told(window(answered(VALUE, "zhao")), want="unacked", person="zhao").startswith("此人已回复")
    for person in ("zhou", "林行长", "chen"):
        assert told(window(VALUE), want="unacked", person=person).startswith("未结预警没有要求此人回复")


@pytest.mark.parametrize("said", ["AL-20260312-99", "T-999", "T-107"])
def test_an_unknown_number_is_no_all_clear(said: str) -> None:
    for chat, who in (("bank", "chen"), ("group", "zhao")):
        view = window(VALUE, who=who, where=chat)
        assert duty.SKILL.run(view, {"alert": said, "want": "unacked"}).status is Status.NO_DATA
        assert told(view, alert=said) == "本群没有该编号的预警。"


def test_a_closed_alarms_number_tells_of_that_alarm() -> None:
    gone = replace(answered(DROP, "li"), closed_at=NOW)
    view = replace(window(VALUE), lately=(gone,))
    assert "涉及已结束的预警 1 条" in told(view, alert=gone.id)
    assert "预警已结束,不再升级" in told(view, alert=gone.id, want="escalate_next")
    over = replace(gone, parties=tuple(p for p in gone.parties if not p.waits))
    assert told(replace(view, lately=(over,)), alert=over.id, want="unacked").startswith("都已回复:已结束的预警 1 条")


def test_no_red_alarm_is_no_all_clear_while_others_are_open() -> None:
    assert told(window(VALUE, DROP), alert="last/red").startswith("没有红色预警;其他未结预警 2 条")
