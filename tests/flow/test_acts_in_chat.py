"""What people do in words: a card first, then a press of the right person, then an event; never a deed of the sentence."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.alarm import Alarm
from domain.contract import AlertKind, Severity
from domain.movement import Direction
from tests.fakes.case_ground import order
from tests.fakes.house_channel import Shown
from tests.fakes.house_ground import Edits
from tests.fakes.house_stage import HouseStage, texts

BANK, GROUP = "-1001", "-1002"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


async def wanted(stage: HouseStage, person: str, chat: str, text: str) -> Shown:
    """The card that a command answers with."""
    await stage.say(person, chat, text, addressed=True)
    (shown,) = await stage.deliver()
    return shown


async def below(stage: HouseStage, factor: str = "0.96") -> Alarm:
    """A breach of a line; what was told of it."""
    await stage.market(factor)
    await stage.read(times=2)
    await stage.deliver()
    return stage.alarm(AlertKind.VALUE_BELOW_LINE)


async def alarms(stage: HouseStage, person: str = "wang", chat: str = "a_bank") -> str:
    await stage.say(person, chat, "/alarms", addressed=True)
    return texts(await stage.deliver())


async def test_a_word_of_receipt_shows_the_alarm_with_its_own_button_and_answers_nothing_by_itself(
    stage: HouseStage,
) -> None:
    alarm = await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/ack")
    assert alarm.id in card.text
    assert [label for label, _ in card.buttons] == ["收到", "已安排"]
    assert stage.alarm(AlertKind.VALUE_BELOW_LINE).waiting(), "nothing happened yet"
    await stage.press("zhao", card, "收到")
    assert not stage.alarm(AlertKind.VALUE_BELOW_LINE).waiting()


async def test_a_word_of_receipt_where_no_alarm_waits_is_told_so(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/ack")
    await stage.press("zhao", card, "收到")
    await stage.deliver()
    assert "没有等您回复的预警" in (await wanted(stage, "zhao", "a_group", "收到")).text


@pytest.mark.parametrize("text", ["我们明天补不了40吨", "我们不补了", "没收到"])
async def test_a_denied_deed_in_plain_chinese_gets_no_button(stage: HouseStage, text: str) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", text)
    assert [label for label, _ in card.buttons if label in ("确认", "收到", "已安排")] == []


async def test_an_objection_keeps_its_reason_in_the_persons_own_words(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/dispute 这个报警不对,有提货单 @所有人")
    await stage.press("zhao", card, "确认")
    (event,) = await stage.events("alarm.acknowledged")
    assert (event.body["answer"], event.body["reason"]) == ("dispute", "这个报警不对,有提货单 @所有人")
    await stage.deliver()
    told = stage.at("a_bank")[-1].text
    assert '有异议("这个报警不对,有提货单 ＠所有人")' in told
    assert stage.alarm(AlertKind.VALUE_BELOW_LINE).open


async def test_a_promise_stands_beside_the_alarm_and_is_reminded_of_when_its_time_has_passed(stage: HouseStage) -> None:
    alarm = await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/commit 我们两小时内补40吨甲醇到库")
    assert "甲醇 40吨" in card.text
    assert await stage.events("promise.made") == []
    await stage.press("zhao", card, "确认")
    (told,) = [m for m in await stage.deliver() if m.chat == BANK]
    assert "PM-20260312-01" in told.text
    (event,) = await stage.events("promise.made")
    assert (event.actor, event.body["alarm"], event.body["qty_kg"]) == ("zhao", alarm.id, 40_000)
    assert "恒运赵总 承诺 甲醇 40吨" in await alarms(stage)
    assert stage.alarm(AlertKind.VALUE_BELOW_LINE).open
    await stage.restart()
    await stage.pass_time(2 * 3600 + 16 * 60)
    lapsed = [m for m in await stage.deliver() if "承诺到期" in m.text]
    assert {m.chat: m.notified for m in lapsed} == {GROUP: ("zhao",), BANK: ()}
    await stage.pass_time(3600)
    assert [m for m in await stage.deliver() if "承诺到期" in m.text] == [], "told once"
    assert "到期未见兑现" in await alarms(stage)


async def test_a_promise_that_a_colleague_presses_is_told_as_its_authors(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/commit 两小时内补40吨甲醇")
    await stage.press("sun", card, "确认")
    (told,) = [m for m in await stage.deliver() if m.chat == BANK]
    assert '恒运赵总 在"' in told.text
    assert "(由 恒运孙经理 点确认)" in told.text
    (event,) = await stage.events("promise.made")
    assert (event.actor, event.body["said_by"]) == ("sun", "zhao")
    await stage.restart()
    assert "恒运赵总 承诺 甲醇 40吨" in await alarms(stage)
    await stage.pass_time(2 * 3600 + 16 * 60)
    lapsed = {m.chat: m.notified for m in await stage.deliver() if "承诺到期" in m.text}
    assert lapsed == {GROUP: ("zhao", "sun"), BANK: ()}


async def test_the_same_promise_on_two_cards_is_recorded_once(stage: HouseStage) -> None:
    await below(stage)
    text = "/commit 明天12点前补40吨甲醇"
    first, second = [await wanted(stage, "zhao", "a_group", text) for _ in range(2)]
    assert "已记录承诺" in (await stage.press("zhao", first, "确认") or "")
    assert "相同的承诺已有 PM-20260312-01" in (await stage.press("zhao", second, "确认") or "")
    assert len(await stage.events("promise.made")) == 1


WATCH: Edits = {
    "people.yaml": [
        ("\npeople:", "  - {id: watch, name: 港联监管, short: 港联监管}\n\npeople:"),
        (
            "\nchats:",
            """  - {id: shi, name: 老石, org: watch, role: inspector, telegram_id: 702}
  - {id: xiao, name: 小陈, org: watch, role: inspector, telegram_id: 703}

chats:
  - {id: a_watch, name: 巡检群, audience: project, contracts: [A-1], members: [wang, shi, xiao], telegram_chat_id: -1015}""",
        ),
    ],
    "contracts/a.yaml": [("borrower: trader", "borrower: trader\nsupervisor: watch")],
}


async def test_an_arrival_is_pressed_only_by_whoever_has_arrived(tmp_path: Path) -> None:
    stage = await HouseStage.calm(tmp_path / "w", edits=WATCH)
    card = await wanted(stage, "shi", "a_watch", "/checkin 已到库区")
    assert "没有此项操作权限" in (await stage.press("xiao", card, "确认") or "")
    assert await stage.events("request.told") == []
    await stage.press("shi", card, "确认")
    (event,) = await stage.events("request.told")
    assert event.actor == "shi"
    assert "港联监管老石 在" in texts(m for m in await stage.deliver() if m.chat == BANK)
    stage.fall()


async def test_whom_an_early_escalation_asks_is_not_late(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "chen", "a_bank", "/escalate 升级")
    await stage.press("chen", card, "确认")
    told = texts(await stage.deliver())
    assert "前回复:" in told
    assert "现已到时" not in told
    assert "已超" not in told


async def test_goods_on_paper_keep_a_promise(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/commit 两小时内补40吨 甲醇")
    await stage.press("zhao", card, "确认")
    stage.times.passes(60)
    came = order("T-1", Direction.IN, kg=40_000, done_kg=40_000, at=stage.clock.now())
    stage.papers.orders.append(came)
    await stage.paper()
    await stage.pass_time(1)
    (event,) = await stage.events("promise.ended")
    assert (event.body["how"], event.body["came_kg"]) == ("kept", 40_000)


async def test_only_ones_own_side_may_press_and_another_is_recorded(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/commit 两小时内补40吨")
    assert "没有此项操作权限" in (await stage.press("li", card, "确认") or "")
    assert await stage.events("promise.made") == []
    (refused,) = await stage.events("person.refused")
    assert refused.body["action"] == "commit"
    assert "已记录承诺" in (await stage.press("sun", card, "确认") or ""), "a colleague may"


async def test_a_claim_is_told_to_the_lender_and_books_nothing(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/done 款已经打了,三百万")
    assert "300.00万元(3,000,000.00元)" in card.text
    await stage.press("zhao", card, "确认")
    (told,) = [m for m in await stage.deliver() if m.chat == BANK]
    assert "未核实,未入账" in told.text
    assert "/paid" in told.text
    assert await stage.events("payment.confirmed") == []
    assert stage.alarm(AlertKind.VALUE_BELOW_LINE).open


async def test_a_shelf_pauses_reminders_keeps_escalation_and_ends_by_itself(stage: HouseStage) -> None:
    alarm = await below(stage)
    card = await wanted(stage, "chen", "a_bank", "/snooze 这条先静音两小时,在核实")
    await stage.press("chen", card, "确认")
    shelved = await stage.deliver()
    assert '在核实"' in texts(m for m in shelved if m.chat == BANK)
    assert "在核实" not in texts(m for m in shelved if m.chat == GROUP), "the lender's reason stays with it"
    assert "暂停提醒至 3月12日" in await alarms(stage)
    await stage.pass_time(31 * 60)
    assert {q for m in await stage.deliver() for q in m.notified} >= {"sun"}, "the escalation still comes"
    await stage.pass_time(80 * 60)
    assert [m for m in await stage.deliver() if "提醒" in m.text] == [], "no second reminder"
    await stage.restart()
    await stage.pass_time(20 * 60)
    assert "恢复提醒" in texts(await stage.deliver())
    (event,) = await stage.events("alarm.unshelved")
    assert event.body["alarm"] == alarm.id
    assert stage.alarm(AlertKind.VALUE_BELOW_LINE).shelf is None


async def test_a_worse_alarm_leaves_its_shelf_and_a_red_one_gets_none(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "chen", "a_bank", "/snooze 静音一小时")
    await stage.press("chen", card, "确认")
    for factor in ("0.90", "0.84", "0.79"):  # a greater step would not be believed
        await stage.market(factor)
    await stage.read(times=2)
    alarm = stage.alarm(AlertKind.VALUE_BELOW_LINE)
    assert (alarm.severity, alarm.shelf) == (Severity.RED, None)
    await stage.deliver()
    assert "只有黄色预警可以静音" in (await wanted(stage, "chen", "a_bank", "/snooze 静音")).text


@pytest.mark.parametrize(("text", "answer"), [("静音五小时", "最长 4小时"), ("静音三天", "最长 4小时")])
async def test_a_shelf_is_never_longer_than_four_hours(stage: HouseStage, text: str, answer: str) -> None:
    await below(stage)
    assert answer in (await wanted(stage, "chen", "a_bank", f"/snooze {text}")).text


async def test_a_borrower_cannot_shelve(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/snooze 静音两小时")
    assert card.buttons == ()
    assert "不对您的角色开放" in card.text


async def test_an_escalation_asks_those_above_at_once(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "chen", "a_bank", "/escalate 超时了,升级")
    await stage.press("chen", card, "确认")
    told = await stage.deliver()
    assert {q for m in told for q in m.notified} >= {"sun", "wang"}
    (event,) = await stage.events("alarm.reminded")
    assert (event.actor, event.body["asked_by"]) == ("chen", "chen")


async def test_work_is_announced_to_the_lender_and_silences_nothing(stage: HouseStage) -> None:
    card = await wanted(stage, "li", "a_group", "/works T-1今天下午倒罐,提前报备")
    assert "T-1 倒罐" in card.text
    await stage.press("li", card, "确认")
    (told,) = [m for m in await stage.deliver() if m.chat == BANK]
    assert "不影响任何预警" in told.text
    await stage.read(times=3, T_1=2000.0)
    alarm = stage.alarm(AlertKind.QTY_DROP)
    assert alarm.open
    await stage.deliver()
    assert "港储一库李主管 报备:T-1 倒罐" in await alarms(stage)


async def test_a_depot_announces_only_its_own_tanks(stage: HouseStage) -> None:
    card = await wanted(stage, "gao", "a_group", "/works T-1清罐")
    assert card.buttons == ()
    assert "请写明罐号" in card.text


async def test_a_personal_mark_tells_that_person_alone_once_per_crossing(stage: HouseStage) -> None:
    card = await wanted(stage, "zhao", "a_group", "/notifyme 货值低于550万单独提醒我")
    assert "550.00万元(5,500,000.00元)" in card.text
    assert "没有此项操作权限" in (await stage.press("sun", card, "确认") or ""), "one's own word"
    await stage.press("zhao", card, "确认")
    await stage.deliver()
    for factor in ("0.975", "0.974", "0.99", "0.975"):
        await stage.market(factor)
        await stage.restart()
        await stage.read()
    told = [m for m in await stage.deliver() if "个人提醒" in m.text]
    assert [(m.chat, m.notified) for m in told] == [("301", ("zhao",))] * 2
    assert stage.alarms(AlertKind.VALUE_BELOW_LINE) == [], "no line of the contract"


async def test_a_mark_on_what_is_not_disclosed_is_not_taken(stage: HouseStage) -> None:
    card = await wanted(stage, "zhao", "a_group", "/notifyme 质押率超过72%告诉我")
    assert card.buttons == ()
    assert "仅对资金方开放" in card.text


async def test_the_pace_of_reports_is_kept_and_said_to_come_later(stage: HouseStage) -> None:
    card = await wanted(stage, "chen", "a_bank", "/notifyme 这个项目改成每小时报一次")
    assert "尚未启用" in card.text
    await stage.press("chen", card, "确认")
    (event,) = await stage.events("subscription.set")
    assert event.body["interval_min"] == 60


async def test_a_call_for_an_inspector_where_none_reads_along_is_not_passed_on(stage: HouseStage) -> None:
    card = await wanted(stage, "chen", "a_bank", "/dispatch 派个人去看一下T-1")
    assert card.buttons == ()
    assert "尚不登记核查任务" in card.text


async def test_a_dropped_card_and_an_old_one_do_nothing(stage: HouseStage) -> None:
    await below(stage)
    dropped = await wanted(stage, "zhao", "a_group", "/commit 两小时内补40吨")
    assert "什么都没有发生" in (await stage.press("zhao", dropped, "取消") or "")
    old = await wanted(stage, "zhao", "a_group", "/commit 两小时内补40吨")
    stage.times.passes(timedelta(minutes=11).total_seconds())
    assert "已过期" in (await stage.press("zhao", old, "确认") or "")
    assert await stage.events("promise.made") == []


async def test_a_press_that_comes_twice_counts_once(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", "/commit 两小时内补40吨")
    await stage.press("zhao", card, "确认", event_id="e-twice")
    await stage.press("zhao", card, "确认", event_id="e-twice")
    assert len(await stage.events("promise.made")) == 1


@pytest.mark.parametrize(
    ("person", "chat", "text", "shown"),
    [
        ("zhao", "a_group", "我们明天中午12点前补40吨到库", "承诺·待确认"),
        ("zhao", "a_group", "款已经打了,三百万", "转告已办·待确认"),
        ("chen", "a_bank", "这条先静音两小时", "暂停提醒·待确认"),
        ("zhao", "a_group", "这个报警不对,是雷达挂料了", "有异议·待确认"),
        ("chen", "a_bank", "货值低于400万的时候单独@我", "个人提醒·待确认"),
        ("li", "a_group", "T-1今天下午清罐,液位会归零,提前报备", "作业报备·待确认"),
    ],
)
async def test_plain_chinese_proposes_too(stage: HouseStage, person: str, chat: str, text: str, shown: str) -> None:
    await below(stage)
    card = await wanted(stage, person, chat, text)
    assert shown in card.text
    assert [label for label, _ in card.buttons] == ["确认", "取消"]


async def test_an_overheard_sentence_among_people_proposes_nothing(stage: HouseStage) -> None:
    await below(stage)
    await stage.say("zhao", "a_group", "我们明天中午12点前补40吨到库")
    assert await stage.deliver() == []


async def test_two_wishes_in_one_message_get_no_button_of_two_minds(stage: HouseStage) -> None:
    await below(stage)
    card = await wanted(stage, "zhao", "a_group", "款已经打了三百万,另外明天中午12点前再补40吨到库")
    if card.text.count("待确认") > 1:
        assert card.buttons == ()
        assert "请分开说" in card.text
    else:
        assert card.text.count("待确认") == 1
