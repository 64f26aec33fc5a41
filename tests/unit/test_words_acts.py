"""Cards of deeds, what others are told of them, and refusals, as people read them in each audience."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.words import Words
from domain.alarm import Alarm, fold, shelve, unshelve
from domain.calendar import WorkingCalendar
from domain.contract import Severity
from domain.deed.deed import Ended, Promise, Work
from domain.notice import owed
from skills.acts import ACTS
from skills.refusals import REFUSALS
from skills.registry import SKILLS
from skills.skill import Status
from tests.data.words import alarms
from tests.data.words.hengyun import CONTRACT, HY, NOW, ROSTER, Labels
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
BY_NAME = {s.name: s for s in ACTS}
BELOW = alarms.value_below_line().alarm
YELLOW = replace(BELOW, severity=Severity.YELLOW)
FELL = alarms.qty_drop_no_work_order().alarm

CARDS: dict[str, tuple[str, Window, Mapping[str, str]]] = {
    "ack.group": ("a_ack", Window(who="zhao", where="group", open_alarms=(BELOW,)), {}),
    "ack.none": ("a_ack", Window(who="zhao", where="group"), {}),
    "ack.which": ("a_ack", Window(who="li", where="group", open_alarms=(BELOW, FELL)), {}),
    "dispute.group": (
        "a_dispute",
        Window(who="li", where="group", open_alarms=(FELL,)),
        {"text": "这个报警不对,是雷达挂料了"},
    ),
    "dispute.not_obliged": (
        "a_dispute",
        Window(who="yibiao", where="group", open_alarms=(FELL,)),
        {"text": "不对", "alarm": FELL.id},
    ),
    "commit.group": (
        "a_commit",
        Window(who="zhao", where="group", open_alarms=(BELOW,)),
        {"text": "我们明天中午12点前补400吨到库", "good": "MEOH"},
    ),
    "commit.money": ("a_commit", Window(who="zhao", where="group"), {"text": "周五前还款三百万"}),
    "commit.when": ("a_commit", Window(who="zhao", where="group"), {"text": "我们补400吨"}),
    "commit.what": ("a_commit", Window(who="zhao", where="group"), {"text": "明天一定补"}),
    "done.group": ("a_done", Window(who="zhao", where="group"), {"text": "款已经打了,三百万", "what": "payment"}),
    "snooze.bank": ("a_snooze", Window(open_alarms=(YELLOW,)), {"text": "这条先静音两小时,在核实"}),
    "snooze.group": ("a_snooze", Window(where="group", open_alarms=(YELLOW,)), {"text": "这条先静音两小时,在核实"}),
    "snooze.too_long": ("a_snooze", Window(open_alarms=(YELLOW,)), {"text": "静音一天"}),
    "escalate.bank": ("a_escalate", Window(open_alarms=(BELOW,)), {"text": "超时了,升级到分行领导"}),
    "works.group": (
        "a_maintenance",
        Window(who="li", where="group"),
        {"text": "T-112今天下午清罐,提前报备", "tank": "T-112", "kind": "clean"},
    ),
    "works.tanks": ("a_maintenance", Window(who="li", where="group"), {"text": "今天下午清罐", "kind": "clean"}),
    "subscribe.value": ("a_set_frequency", Window(), {"text": "货值低于1.2亿的时候单独@我"}),
    "subscribe.pace": ("a_set_frequency", Window(), {"text": "这个项目改成每小时报一次"}),
    "subscribe.not_shown": (
        "a_set_frequency",
        Window(who="zhao", where="group", fields=frozenset()),
        {"text": "货值低于1.2亿告诉我"},
    ),
    "dispatch.group": ("a_dispatch", Window(where="group"), {"text": "派个人去看一下T-112", "tank": "T-112"}),
    "dispatch.bank": ("a_dispatch", Window(), {"text": "派个人去看一下T-112", "tank": "T-112"}),
    "result.group": (
        "a_inspect_result",
        Window(who="zhou", where="group"),
        {"text": "T-112检尺9.31米 温度24.5 水高0", "tank": "T-112"},
    ),
}


@pytest.mark.parametrize("case", CARDS)
def test_a_card_reads_so(case: str) -> None:
    skill, window, arguments = CARDS[case]
    message = WORDS.answer(BY_NAME[skill].run(window, arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(f"act.{case}", message)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "请写明理由"),
        (BELOW.id, "请写明理由"),
        (f"{BELOW.id} 两小时", "请写明理由"),
        ("静音0分钟", "静音须到以后的时间"),
        ("静音到昨天18点", "静音须到以后的时间"),
    ],
)
def test_no_card_pauses_without_a_reason_or_until_what_is_over(text: str, says: str) -> None:
    answer = BY_NAME["a_snooze"].run(Window(open_alarms=(YELLOW,)), {"text": text})
    assert (answer.status, answer.act) == (Status.CLARIFY, None)
    assert WORDS.answer(answer).text.startswith(says)


def test_a_number_alone_is_no_reason_to_disagree() -> None:
    window = Window(who="li", where="group", open_alarms=(FELL,))
    answer = BY_NAME["a_dispute"].run(window, {"text": FELL.id, "alarm": FELL.id})
    assert WORDS.answer(answer).text.startswith("请写明理由")


@pytest.mark.parametrize("text", ["明天中午12点前补0吨", "明天中午12点前还款0元"])
def test_nothing_is_no_promise(text: str) -> None:
    answer = BY_NAME["a_commit"].run(Window(who="zhao", where="group", open_alarms=(BELOW,)), {"text": text})
    assert (answer.status, answer.act) == (Status.CLARIFY, None)
    assert WORDS.answer(answer).text.startswith("请写明数量或金额")


def test_of_goods_and_no_money_the_goods_are_promised() -> None:
    answer = BY_NAME["a_commit"].run(Window(who="zhao", where="group"), {"text": "明天12点前补40吨,还款0元"})
    assert answer.act is not None
    assert (answer.act.body["qty_kg"], answer.act.body["amount_cny"]) == (40_000, None)


@pytest.mark.parametrize(
    ("skill", "arguments", "says"),
    [
        ("a_ack", {"denied": "yes"}, "未确认任何预警"),
        ("a_dispute", {"text": "没有异议"}, "未记异议"),
        ("a_commit", {"text": "明天补不了400吨"}, "未记承诺"),
        ("a_done", {"text": "我们不补了"}, "未转告"),
        ("a_snooze", {"text": "取消静音"}, "未作改动"),
        ("a_escalate", {"text": f"{BELOW.id}不要升级", "alarm": BELOW.id}, "未升级"),
        ("a_maintenance", {"text": "T-112不清罐了,取消报备", "tank": "T-112"}, "未报备"),
        ("a_set_frequency", {"text": "不要每小时报一次了"}, "未作改动"),
        ("a_dispatch", {"text": "不要派人去了"}, "未转告"),
        ("a_inspect_checkin", {"text": "没到场"}, "未转告"),
    ],
)
def test_a_deed_that_is_denied_gets_no_button(skill: str, arguments: Mapping[str, str], says: str) -> None:
    where = "bank" if skill in ("a_snooze", "a_escalate", "a_set_frequency") else "group"
    answer = BY_NAME[skill].run(Window(where=where, open_alarms=(BELOW,)), arguments)
    assert (answer.status, answer.act, answer.press) == (Status.CLARIFY, None, None)
    assert WORDS.answer(answer).text.startswith(says)


def test_a_mark_that_is_not_wanted_is_taken_away() -> None:
    answer = BY_NAME["a_set_frequency"].run(Window(), {"text": "不要在货值低于1.2亿的时候@我"})
    assert answer.act is not None
    assert answer.act.body == {"metric": "value", "value": None}


def test_a_reminder_not_to_forget_takes_no_mark_away() -> None:
    answer = BY_NAME["a_set_frequency"].run(Window(), {"text": "货值低于1.2亿告诉我,别忘了"})
    assert answer.act is not None
    assert answer.act.body["value"] is not None


@pytest.mark.parametrize(
    ("skill", "arguments", "says"),
    [
        ("a_commit", {"text": "今天12点前补400吨"}, "这个时间已过,请写明以后的时间"),
        ("a_maintenance", {"text": "报备T-112昨天清罐", "tank": "T-112"}, "这个时间已过,请写明以后的时间"),
        ("a_maintenance", {"text": "V203明天清罐,报备一下"}, "V203 不是本库的罐"),
        ("a_maintenance", {"text": "T-112和V203明天清罐", "tank": "T-112"}, "V203 不是本库的罐"),
        ("a_commit", {"text": "明天补400吨可乐"}, '"可乐"不是已知的品种'),
        ("a_snooze", {"text": "静音30秒"}, "请写明静音多久"),
        ("a_snooze", {"text": "静音 -1小时"}, "请写明静音多久"),
    ],
)
def test_what_was_said_and_cannot_be_is_asked_back(skill: str, arguments: Mapping[str, str], says: str) -> None:
    who, where = {"a_commit": ("zhao", "group"), "a_maintenance": ("li", "group")}.get(skill, ("chen", "bank"))
    answer = BY_NAME[skill].run(Window(who=who, where=where, open_alarms=(YELLOW,)), arguments)
    assert (answer.status, answer.act) == (Status.CLARIFY, None)
    assert WORDS.answer(answer).text.startswith(says)


@pytest.mark.parametrize("text", ["T-112明天检修,换P-101泵", "T-112明天检修DN200管线", "T-112明天氮气N2吹扫"])
def test_a_pump_beside_a_tank_is_no_tank_of_others(text: str) -> None:
    answer = BY_NAME["a_maintenance"].run(Window(who="li", where="group"), {"text": text, "tank": "T-112"})
    assert answer.act is not None
    assert answer.act.body["tanks"] == ["T-112"]


def test_where_all_have_answered_nothing_is_escalated() -> None:
    answered = replace(BELOW, parties=tuple(replace(p, ack_due=None) for p in BELOW.parties))
    assert not answered.waiting()
    for arguments in ({"text": "升级"}, {"text": "升级", "alarm": BELOW.id}):
        answer = BY_NAME["a_escalate"].run(Window(open_alarms=(answered,)), arguments)
        assert WORDS.answer(answer).text.startswith("未结预警都已回复,无须升级")


def test_work_lasts_from_clock_to_clock() -> None:
    window = Window(who="li", where="group")
    answer = BY_NAME["a_maintenance"].run(window, {"text": "T-112从下午3点到5点装车", "tank": "T-112"})
    assert answer.act is not None
    assert (answer.act.body["starts"], answer.act.body["ends"]) == ("2026-03-12T07:00:00Z", "2026-03-12T09:00:00Z")


def test_a_promise_within_working_days_is_counted_by_the_contracts_calendar() -> None:
    holiday = WorkingCalendar(
        first=date(2026, 1, 1), last=date(2026, 12, 31), holidays=frozenset({date(2026, 3, 16)}), workdays=frozenset()
    )
    text = {"text": "三个工作日内还款500万"}
    for calendar, due in ((holiday, "2026-03-18T15:59:00Z"), (None, None)):
        window = Window(who="zhao", where="group", contract_list=(replace(CONTRACT, calendar=calendar),))
        answer = BY_NAME["a_commit"].run(window, text)
        assert (answer.act.body["due"] if answer.act is not None else None) == due


BASE: Mapping[str, Any] = {"contract": HY, "by": "zhao", "where": "恒运池项目群", "at": "2026-03-12T06:32:00Z"}
DUE = "2026-03-13T04:00:00Z"
TOLD: dict[str, tuple[str, Mapping[str, Any], tuple[str, ...]]] = {
    "commit": (
        "commit",
        {"promise": "PM-20260312-01", "alarm": "AL-20260312-07", "good": "MEOH", "qty_kg": 400_000, "amount_cny": None,
         "due": DUE, "said": "明天中午12点前补400吨 @所有人"},
        (),
    ),
    "done": (
        "done",
        {"claim": "CL-20260312-01", "alarm": None, "what": "payment", "qty_kg": None, "amount_cny": "3000000.00",
         "said": "款已经打了,三百万"},
        (),
    ),
    "works": (
        "works",
        {"work": "WK-20260312-01", "kind": "transfer", "tanks": ["T-112", "T-113"], "starts": "2026-03-12T06:32:00Z",
         "ends": "2026-03-12T10:00:00Z", "qty_kg": 500_000, "said": "112倒113大概500吨"},
        (),
    ),
    "tell.lender": ("tell", {"to": "lender", "what": "result", "tanks": ["T-112"], "said": "检尺9.31米"}, ()),
    "tell.supervisor": (
        "tell",
        {"to": "supervisor", "what": "dispatch", "tanks": ["T-112"], "said": "派个人去看一下"},
        ("zhou",),
    ),
    "lapsed.group": (
        "lapsed",
        {"promise": "PM-20260312-01", "good": "MEOH", "qty_kg": 400_000, "amount_cny": None, "due": DUE,
         "alarm": "AL-20260312-07", "came_kg": 120_000, "paid_cny": None},
        ("zhao",),
    ),
    "lapsed.bank": (
        "lapsed",
        {"promise": "PM-20260312-01", "good": None, "qty_kg": None, "amount_cny": "3000000.00", "due": DUE,
         "alarm": None, "came_kg": 0, "paid_cny": "0.00"},
        (),
    ),
    "threshold": (
        "threshold",
        {"metric": "value", "value": "120000000.00", "figure": "119874600.00", "fresh": True},
        ("chen",),
    ),
    "membership.fallen": (
        "membership",
        {"name": "恒运池项目群", "verified": False, "why": "more", "members": 9, "bound": 8},
        ("chen",),
    ),
    "membership.risen": (
        "membership", {"name": "恒运池项目群", "verified": True, "members": 8, "bound": 8}, (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_those_who_must_know_read_so(case: str) -> None:
    deed, facts, people = TOLD[case]
    assert_snapshot(f"told.{case}", WORDS.told(deed, {**BASE, **facts}, people))


@pytest.mark.parametrize("skill", REFUSALS, ids=lambda s: s.name)
def test_a_refusal_reads_so_to_anybody(skill: Any) -> None:
    answer = skill.run(Window(who=None), {})
    assert answer.status is Status.REFUSED
    assert answer == skill.run(Window(), {"text": "乙银行"}), "the same for everybody, whatever exists"
    message = WORDS.answer(answer)
    assert message.text.count("\n") <= 1
    assert_snapshot(f"refused.{skill.name}", message)


@pytest.mark.parametrize("chat", ["bank", "group"])
@pytest.mark.parametrize("step", ["shelved", "unshelved"])
def test_a_shelf_is_told_so(step: str, chat: str) -> None:
    until = NOW + timedelta(hours=2)
    events = shelve(YELLOW, "wang", until=until, why="在核实", now=NOW)
    alarm = fold(YELLOW, events)
    if step == "unshelved":
        events = unshelve(alarm, now=until)
        alarm = fold(alarm, events)
    notices = {n.chat: n for n in owed(events[0], alarm, CONTRACT, ROSTER)}
    assert_snapshot(f"{step}.{chat}", WORDS.notice(notices[chat], alarm, CONTRACT, ROSTER, now=until))


def test_alarms_show_their_shelf_promises_and_announced_work() -> None:
    until = NOW + timedelta(hours=2)
    shelf = fold(YELLOW, shelve(YELLOW, "wang", until=until, why="在核实", now=NOW)).shelf
    quiet: Alarm = replace(BELOW, shelf=shelf)
    promise = Promise(
        id="PM-20260312-01", tenant="jia", contract_id=HY, by="zhao", chat="group", at=NOW, due=until,
        alarm_id=BELOW.id, case_id=None, good="MEOH", qty_kg=400_000, amount_cny=None, said="补400吨",
    )  # fmt: skip
    late = replace(promise, id="PM-20260312-02", ended=Ended.LAPSED, ended_at=NOW)
    work = Work(
        id="WK-20260312-01", tenant="jia", contract_id=HY, by="li", chat="group", at=NOW, kind="transfer",
        tanks=("T-112",), starts=NOW, ends=until, qty_kg=500_000, said="112倒113",
    )  # fmt: skip
    window = Window(open_alarms=(quiet, FELL), promised=(promise, late), announced=(work,))
    skill = next(s for s in SKILLS if s.command == "alarms")
    assert_snapshot("alarms.deeds.bank", WORDS.answer(skill.run(window, {})))
    there = WORDS.answer(skill.run(replace(window, where="group", who="li"), {}))
    assert "在核实" not in there.text
    assert_snapshot("alarms.deeds.group", there)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a_commit", "明天补400到500吨甲醇"),
        ("a_commit", "明天补400吨500公斤甲醇"),
        ("a_commit", "明天12点前补400吨,还一亿两千"),
        ("a_done", "款已打,一亿两千"),
        ("a_done", "款已打,本金300万,利息20万"),
        ("a_set_frequency", "货值低于一亿两千的时候单独提醒我"),
        ("a_maintenance", "T-112倒出400到500吨"),
    ],
)
def test_an_amount_that_is_not_read_whole_is_on_no_card(name: str, text: str) -> None:
    answer = BY_NAME[name].run(Window(who="li", where="group"), {"text": text, "tank": "T-112"})
    assert (answer.status, answer.facts["about"], answer.act) == (Status.CLARIFY, "amounts", None)
    assert WORDS.answer(answer).text.startswith("数量或金额没看懂")
