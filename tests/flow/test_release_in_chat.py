"""A release from the borrower's sentence to the last tonne: two people of the bank, the depot, its work orders."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.case.case import Case, Stage
from domain.movement import Direction
from tests.fakes.case_ground import RELEASING, order
from tests.fakes.house_channel import Shown
from tests.fakes.house_stage import HouseStage
from tests.fakes.two_people import decided, paid

ASKED = "申请提货 T-1 甲醇 20吨"
BANK, GROUP = "-1001", "-1002"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=RELEASING)
    yield stage
    stage.fall()


def the_case(stage: HouseStage) -> Case:
    (case,) = stage.house.cases_of("A-1")
    return case


def card(stage: HouseStage, chat: str) -> Shown:
    """The case's card in a chat as it now stands."""
    return next(m for m in stage.at(chat) if "状态:" in m.text)


async def proposed(stage: HouseStage, text: str = ASKED) -> Shown:
    await stage.say("zhao", "a_group", text)
    (shown,) = await stage.deliver()
    return shown


async def filed(stage: HouseStage, text: str = ASKED) -> None:
    await stage.press("zhao", await proposed(stage, text), "提交申请")
    await stage.deliver()


async def sealed(stage: HouseStage) -> None:
    """As far as a notice in force."""
    await filed(stage)
    await paid(stage, the_case(stage).id)
    await stage.say("wang", "a_bank", f"/notice {the_case(stage).id} TH-0301")
    await stage.deliver()
    await stage.press("chen", card(stage, "a_bank"), "复核")
    await stage.deliver()


async def test_a_sentence_proposes_and_only_a_press_files(stage: HouseStage) -> None:
    shown = await proposed(stage)
    assert "提货 T-1 甲醇 20吨" in shown.text
    assert [label for label, _ in shown.buttons] == ["提交申请", "取消"]
    assert stage.house.cases_of("A-1") == []
    assert "已提交,编号 RC-20260312-01" in (await stage.press("zhao", shown, "提交申请") or "")
    said = await stage.deliver()
    assert {m.chat: m.notified for m in said} == {BANK: ("wang",), GROUP: ()}
    assert "应付 38,400.00元" in card(stage, "a_bank").text
    assert "应付" not in card(stage, "a_group").text, "cash is not disclosed there"
    assert stage.channel.shown[shown.ref].buttons == (), "the proposal has had its answer"


async def test_a_whole_release_lives_through_two_people_the_depot_and_its_orders(stage: HouseStage) -> None:
    await filed(stage)
    assert "已记录" in (await stage.press("wang", card(stage, "a_bank"), "确认收款") or "")
    assert "已复核确认" in (await decided(stage, "chen") or "")
    await stage.deliver()
    await stage.say("wang", "a_bank", "/notice RC-20260312-01 TH-0301 至3月14日17:00")
    said = await stage.deliver()
    assert ("chen",) in [m.notified for m in said if m.chat == BANK]
    assert "生效" in (await stage.press("chen", card(stage, "a_bank"), "复核") or "")
    said = await stage.deliver()
    asked = next(m for m in said if m.notified == ("li",))
    assert "有效至 3月14日(周六)17:00" in asked.text
    assert "已登记库方核验" in (await stage.press("li", asked, "已核验") or "")
    await stage.deliver()

    now = stage.clock.now()
    stage.papers.orders = [order("T-1", Direction.OUT, kg=20_000, done_kg=12_000, at=now, notice="TH-0301")]
    await stage.paper()
    await stage.read(times=2)
    await stage.deliver()
    assert "已提 12吨 / 20吨" in card(stage, "a_group").text
    stage.papers.orders = [
        order("T-1", Direction.OUT, kg=20_000, done_kg=19_950, at=now, closed_at=stage.clock.now(), notice="TH-0301")
    ]
    await stage.paper()
    await stage.read(times=2)
    said = await stage.deliver()
    assert the_case(stage).stage is Stage.EXECUTED
    assert any("已执行:共提 19.95吨,通知 20吨" in m.text for m in said if m.chat == GROUP)
    assert card(stage, "a_bank").buttons == ()
    kinds = [e.kind for e in await stage.events() if e.kind.startswith("case.")]
    assert kinds[:5] == ["case.filed", "case.paid", "case.signed", "case.sealed", "case.verified"]
    assert kinds[-1] == "case.ended"


async def test_who_registered_a_notice_cannot_confirm_it(stage: HouseStage) -> None:
    await filed(stage)
    await paid(stage, the_case(stage).id)
    await stage.say("wang", "a_bank", "/notice RC-20260312-01 TH-0301")
    await stage.deliver()
    assert "两人" in (await stage.press("wang", card(stage, "a_bank"), "复核") or "")
    assert the_case(stage).stage is Stage.SIGNED
    assert [e.actor for e in await stage.events("person.refused")] == ["wang"]


async def test_the_depot_of_another_site_does_not_verify(stage: HouseStage) -> None:
    await sealed(stage)
    assert "没有此项操作权限" in (await stage.press("gao", card(stage, "a_group"), "已核验") or "")
    assert the_case(stage).stage is Stage.SEALED
    assert [e.body["action"] for e in await stage.events("person.refused")] == ["verify"]


@pytest.mark.parametrize(("person", "chat"), [("zhao", "a_group"), ("wang", "a_group"), ("li", "a_group")])
async def test_money_is_confirmed_by_the_lender_and_in_its_own_chat_only(
    stage: HouseStage, person: str, chat: str
) -> None:
    await filed(stage)
    token = card(stage, "a_bank").token("确认收款")
    await stage.hear(stage.inbound("press", person, chat, token))
    assert the_case(stage).paid_cny == 0
    assert len(await stage.events("person.refused")) == 1


async def test_a_stranger_to_the_role_files_nothing(stage: HouseStage) -> None:
    shown = await proposed(stage)
    assert "没有此项操作权限" in (await stage.press("li", shown, "提交申请") or "")
    assert stage.house.cases_of("A-1") == []
    assert "已提交" in (await stage.press("sun", shown, "提交申请") or ""), "a colleague of the borrower may"


async def test_the_same_press_twice_pays_once(stage: HouseStage) -> None:
    await filed(stage)
    bank = card(stage, "a_bank")
    await stage.press("wang", bank, "确认收款", event_id="tap")
    await stage.press("wang", bank, "确认收款", event_id="tap")
    for _ in range(2):
        await decided(stage, "chen", event_id="confirm")
    assert "已有更新" in (await stage.press("chen", bank, "确认收款") or "")
    assert len(await stage.events("case.paid")) == 1
    assert len(await stage.events("payment.confirmed")) == 1


async def test_a_button_confirms_the_amount_that_its_card_showed(stage: HouseStage) -> None:
    await filed(stage)
    bank = card(stage, "a_bank")
    await paid(stage, "RC-20260312-01", "2万")
    assert "已有更新" in (await stage.press("wang", bank, "确认收款") or "")
    await stage.deliver()
    assert "尚欠 18,400.00元" in card(stage, "a_bank").text
    await stage.press("wang", card(stage, "a_bank"), "确认收款")
    await decided(stage, "chen")
    assert [e.body["amount_cny"] for e in await stage.events("case.paid")] == ["20000.00", "18400.00"]


async def test_a_button_confirms_the_notice_that_its_card_showed(stage: HouseStage) -> None:
    await filed(stage)
    await paid(stage, the_case(stage).id)
    await stage.say("wang", "a_bank", f"/notice {the_case(stage).id} TH-0310")
    await stage.deliver()
    mistyped = card(stage, "a_bank")
    button = dict(mistyped.buttons)
    await stage.say("wang", "a_bank", f"/notice {the_case(stage).id} TH-0301")
    await stage.deliver()
    pressed = stage.inbound("press", "chen", mistyped.chat, button["复核"], ref=mistyped.ref)
    await stage.hear(pressed)
    assert the_case(stage).stage is Stage.SIGNED, "陈工 has seen another number than the one that stands"
    await stage.press("chen", card(stage, "a_bank"), "复核")
    notice = the_case(stage).notice
    assert notice is not None
    assert (notice.no, notice.signed_by, notice.sealed_by) == ("TH-0301", "wang", "chen")


async def test_a_crash_between_the_commit_and_the_sending_loses_and_doubles_nothing(stage: HouseStage) -> None:
    shown = await proposed(stage)
    await stage.press("zhao", shown, "提交申请", event_id="tap")
    await stage.restart()
    assert "已处理过" in (await stage.press("zhao", shown, "提交申请", event_id="tap") or "")
    said = await stage.deliver()
    assert sorted(m.chat for m in said) == [BANK, GROUP]
    assert len(await stage.events("case.filed")) == 1


async def test_a_proposal_does_not_survive_a_restart_nor_ten_minutes(stage: HouseStage) -> None:
    shown = await proposed(stage)
    await stage.restart()
    assert "请重新提出" in (await stage.press("zhao", shown, "提交申请") or "")
    await stage.read(times=2)
    await stage.market("1")
    again = await proposed(stage)
    await stage.pass_time(601)
    assert "请重新提出" in (await stage.press("zhao", again, "提交申请") or "")
    assert stage.house.cases_of("A-1") == []


async def test_a_dropped_proposal_is_gone(stage: HouseStage) -> None:
    shown = await proposed(stage)
    assert "已取消" in (await stage.press("zhao", shown, "取消") or "")
    assert "请重新提出" in (await stage.press("zhao", shown, "提交申请") or "")
    assert stage.house.cases_of("A-1") == []


async def test_an_act_out_of_turn_says_what_is_awaited(stage: HouseStage) -> None:
    await sealed(stage)
    await stage.say("wang", "a_bank", "/refuse RC-20260312-01 不同意")
    (said,) = await stage.deliver()
    assert said.text == "RC-20260312-01:目前不在这一步,操作未生效(现:待库方核验)"
    await stage.say("chen", "a_bank", "/countersign RC-20260312-01")
    (said,) = await stage.deliver()
    assert said.text == "RC-20260312-01:该步骤已办理,无需重复。"


async def test_a_revoked_notice_tells_the_depot_by_name(stage: HouseStage) -> None:
    await sealed(stage)
    await stage.say("chen", "a_bank", "/revoke RC-20260312-01 借款人违约")
    said = await stage.deliver()
    told = next(m for m in said if m.notified == ("li",))
    assert "请勿再出库" in told.text
    assert "借款人违约" in told.text
    assert the_case(stage).stage is Stage.REVOKED


async def test_the_depot_may_refuse_and_say_why(stage: HouseStage) -> None:
    await sealed(stage)
    await stage.say("li", "a_group", "/decline RC-20260312-01 通知书印章不清")
    said = await stage.deliver()
    assert {m.chat for m in said if "拒绝出库:通知书印章不清" in m.text} == {BANK, GROUP}
    assert the_case(stage).open


async def test_who_is_late_is_reminded_and_the_next_one_hears_of_it(stage: HouseStage) -> None:
    await filed(stage)
    await stage.pass_time(2 * 3600 + 60)
    said = [m for m in await stage.deliver() if "【提醒·提货】" in m.text]
    assert [(m.chat, m.notified) for m in said] == [(BANK, ("wang", "chen"))]


async def test_a_command_that_cannot_be_read_changes_nothing_and_says_how(stage: HouseStage) -> None:
    await filed(stage)
    for text in ("/paid RC-20260312-01 很多钱", "/notice RC-20260312-01", "/notice RC-20260312-01 TH-1 至13月40日"):
        await stage.say("wang", "a_bank", text)
        (said,) = await stage.deliver()
        assert "例如:/" in said.text
    await stage.say("wang", "a_bank", "/notice RC-20260312-01 TH-0301")
    (said,) = await stage.deliver()
    assert "须先由资金方确认收款" in said.text
    assert the_case(stage).revision == 1


async def test_a_case_of_another_lender_does_not_exist_here(stage: HouseStage) -> None:
    await filed(stage)
    token = card(stage, "a_bank").token("确认收款")
    await stage.hear(stage.inbound("press", "ma", "b_bank", token))
    assert "没有该编号" in stage.channel.toasts[-1][1]
    await stage.say("ma", "b_bank", "/case RC-20260312-01")
    (said,) = await stage.deliver()
    assert said.text == "本群的项目里没有该编号。"


async def test_the_progress_is_told_when_asked(stage: HouseStage) -> None:
    await sealed(stage)
    await stage.say("zhao", "a_group", "有哪些在办的提货", addressed=True)
    (said,) = await stage.deliver()
    assert "RC-20260312-01 提货 T-1 甲醇 20吨:提货通知已生效,待库方核验" in said.text
    await stage.say("li", "a_group", "RC-20260312-01 到哪一步了")
    (said,) = await stage.deliver()
    assert "提货通知 TH-0301" in said.text


async def test_a_notice_is_checked_by_its_number_and_an_unknown_one_is_told_to_the_lender(stage: HouseStage) -> None:
    await sealed(stage)
    await stage.say("gao", "a_group", "提货通知 TH-0301 有效吗")
    (said,) = await stage.deliver()
    assert said.text.startswith("提货通知 TH-0301:有效")
    for _ in range(2):
        await stage.say("gao", "a_group", "/noticecheck TH-0999")
    said = await stage.deliver()
    assert sorted(m.chat for m in said if "查无此号" in m.text) == [BANK, GROUP, GROUP]
    (told,) = [m for m in said if m.chat == BANK]
    assert "民储库高班长" in told.text
    assert [(e.tenant, e.body["no"]) for e in await stage.events("notice.asked")] == [("bank_a", "TH-0999")] * 2
    await stage.say("wang", "a_bank", "/noticecheck TH-0999")
    assert len(await stage.deliver()) == 1


async def test_a_number_of_another_lender_is_as_unknown_as_any(stage: HouseStage) -> None:
    await sealed(stage)
    await stage.say("li", "b_group", "/noticecheck TH-0301")
    (said,) = await stage.deliver()
    assert "无法核对" in said.text, "contract B has no registered notices"
    assert stage.at("b_bank") == []
