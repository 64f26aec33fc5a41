"""Cards of deeds, what others are told of them, and refusals, as people read them in each audience."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.words import Words
from domain.alarm import Alarm, fold, shelve, unshelve
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
    "snooze.bank": ("a_snooze", Window(open_alarms=(BELOW,)), {"text": "这条先静音两小时,在核实"}),
    "snooze.group": ("a_snooze", Window(where="group", open_alarms=(BELOW,)), {"text": "这条先静音两小时,在核实"}),
    "snooze.too_long": ("a_snooze", Window(open_alarms=(BELOW,)), {"text": "静音一天"}),
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
    answer = BY_NAME["a_snooze"].run(Window(open_alarms=(BELOW,)), {"text": text})
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
    events = shelve(BELOW, "wang", until=until, why="在核实", now=NOW)
    alarm = fold(BELOW, events)
    if step == "unshelved":
        events = unshelve(alarm, now=until)
        alarm = fold(alarm, events)
    notices = {n.chat: n for n in owed(events[0], alarm, CONTRACT, ROSTER)}
    assert_snapshot(f"{step}.{chat}", WORDS.notice(notices[chat], alarm, CONTRACT, ROSTER, now=until))


def test_alarms_show_their_shelf_promises_and_announced_work() -> None:
    until = NOW + timedelta(hours=2)
    quiet: Alarm = fold(BELOW, shelve(BELOW, "wang", until=until, why="在核实", now=NOW))
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
