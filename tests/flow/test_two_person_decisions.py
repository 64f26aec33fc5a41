"""What two people of the lender decide in its chat: control line, price by hand, money received; and who may not."""

from decimal import Decimal

import pytest

from domain.contract import Line
from domain.position import Position
from tests.fakes.house_stage import HouseStage, texts

D = Decimal


@pytest.fixture
async def stage(tmp_path):
    stage = await HouseStage.calm(tmp_path / "workspace")
    yield stage
    stage.fall()


def position_of(stage: HouseStage) -> Position:
    return stage.house.scene(stage.house.workspace.contracts["A-1"], stage.clock.now()).position


async def proposed(stage: HouseStage, text: str, *, by: str = "wang"):
    await stage.say(by, "a_bank", text)
    (card,) = await stage.deliver()
    return card


async def test_another_person_confirms_a_control_line_and_it_holds_at_once(stage):
    card = await proposed(stage, "/controlline KZX-003 600万")
    assert "【待复核】PR-20260312-01 恒运池\n控制线通知书 KZX-003:控制线 6,000,000.00元" in card.text
    assert "chen" in card.notified
    assert "wang" not in card.notified
    assert position_of(stage).line_values[Line.CONTROL] == D("5061333.33")
    assert await stage.press("chen", card, "复核确认") == "PR-20260312-01 已复核确认,即时生效。"
    assert position_of(stage).line_values[Line.CONTROL] == D("6000000.00")
    assert [a.severity for a in stage.alarms("value_below_line")] == [2], "judged in the same breath"
    (noticed,) = await stage.events("line.noticed")
    assert (noticed.tenant, noticed.actor) == ("bank_a", "chen")
    assert (noticed.body["proposed_by"], noticed.body["amount"]) == ("wang", "6000000.00")
    await stage.deliver()
    (edited,) = [m for m in stage.at("a_bank") if m.ref == card.ref]
    assert edited.text.startswith("【已确认】PR-20260312-01")
    assert edited.buttons == ()


async def test_nobody_confirms_what_is_their_own(stage):
    card = await proposed(stage, "/controlline KZX-003 600万")
    assert "提议人不能自行确认" in await stage.press("wang", card, "复核确认")
    (refused,) = await stage.events("person.refused")
    assert (refused.actor, refused.body["proposal"]) == ("wang", "PR-20260312-01")
    assert await stage.events("line.noticed") == []
    assert await stage.press("chen", card, "复核确认") == "PR-20260312-01 已复核确认,即时生效。"


async def test_a_second_press_and_a_press_after_a_withdrawal_change_nothing(stage):
    card = await proposed(stage, "/paid 100万")
    assert "已撤回" in await stage.press("wang", card, "撤回")
    assert "已撤回" in await stage.press("chen", card, "复核确认")
    assert await stage.events("payment.confirmed") == []
    again = await proposed(stage, "/paid 100万")
    await stage.press("chen", again, "复核确认")
    await stage.press("chen", again, "复核确认")
    assert len(await stage.events("payment.confirmed")) == 1


async def test_after_a_day_a_proposal_holds_no_more(stage):
    card = await proposed(stage, "/paid 100万")
    stage.times.passes(86_400)
    assert "已过期" in await stage.press("chen", card, "复核确认")
    assert await stage.events("payment.confirmed") == []
    await stage.deliver()
    assert "未在 3月13日 14:32 前复核,不生效" in texts(stage.at("a_bank"))


async def test_money_confirmed_lowers_the_exposure_and_survives_a_restart(stage):
    card = await proposed(stage, "/paid 1,000,000.00")
    assert position_of(stage).exposure == D("3796000.00")
    await stage.press("chen", card, "复核确认")
    assert position_of(stage).exposure == D("2796000.00")
    await stage.restart()
    assert position_of(stage).exposure == D("2796000.00")


async def test_a_price_set_by_hand_counts_until_a_newer_one_is_published(stage):
    before = position_of(stage).recognised
    card = await proposed(stage, "/setprice METHANOL 2000 24")
    await stage.press("chen", card, "复核确认")
    by_hand = position_of(stage).recognised
    assert by_hand < before
    await stage.price({"METHANOL-SD": "2400"})
    assert position_of(stage).recognised == before


async def test_a_price_set_by_hand_ends_by_itself(stage):
    before = position_of(stage).recognised
    card = await proposed(stage, "/setprice METHANOL 2000 1")
    await stage.press("chen", card, "复核确认")
    stage.times.passes(3600)
    await stage.read(times=2)
    assert position_of(stage).recognised == before


@pytest.mark.parametrize(("person", "chat"), [("zhao", "a_group"), ("wang", "a_group"), ("li", "a_group")])
async def test_in_another_chat_nobody_may_propose(stage, person, chat):
    await stage.say(person, chat, "/paid 100万")
    assert "只能由资金方人员在成员已核实的资金方群内提出" in texts(await stage.deliver())
    assert await stage.events("proposal.opened") == []
    assert [e.body["action"] for e in await stage.events("person.refused")] == ["propose_payment"]


async def test_another_lender_has_neither_the_proposal_nor_its_effect(stage):
    card = await proposed(stage, "/setprice DIESEL0 6000")
    before = stage.house.scene(stage.house.workspace.contracts["B-1"], stage.clock.now()).position.recognised
    elsewhere = stage.inbound("press", "ma", "b_bank", card.token("复核确认"))
    await stage.hear(elsewhere)
    assert "不在本群" in stage.channel.toasts[-1][1]
    await stage.press("chen", card, "复核确认")
    after = stage.house.scene(stage.house.workspace.contracts["B-1"], stage.clock.now()).position.recognised
    assert after == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/controlline", "写法:/controlline"),
        ("/controlline KZX-003 很多", "写法:/controlline"),
        ("/setprice 黄金 2000", "没有这个品种"),
        ("/setprice METHANOL 2000 999", "写法:/setprice"),
        ("/paid 0", "写法:/paid"),
        ("/paid 100万 2026-04-01", "写法:/paid"),
        ("/paid 100.001", "写法:/paid"),
    ],
)
async def test_a_command_that_cannot_be_read_says_how_to_write_it(stage, text, told):
    await stage.say("wang", "a_bank", text)
    assert told in texts(await stage.deliver())
    assert await stage.events("proposal.opened") == []


async def test_a_card_from_before_a_restart_is_still_decided_on(stage):
    card = await proposed(stage, "/controlline KZX-003 600万")
    await stage.restart()
    assert await stage.press("chen", card, "复核确认") == "PR-20260312-01 已复核确认,即时生效。"
    assert position_of(stage).line_values[Line.CONTROL] == D("6000000.00")
    again = await proposed(stage, "/paid 100万")
    assert "PR-20260312-02" in again.text, "numbers are never given again"


async def test_a_number_of_a_notice_is_used_once(stage):
    card = await proposed(stage, "/controlline KZX-003 600万")
    await stage.press("chen", card, "复核确认")
    await stage.deliver()
    await stage.say("wang", "a_bank", "/controlline KZX-003 500万")
    assert "该编号的控制线通知书已在案" in texts(await stage.deliver())


async def test_a_later_notice_wins_even_where_it_is_laxer(stage):
    for no, amount in (("KZX-003", "600万"), ("KZX-004", "550万")):
        card = await proposed(stage, f"/controlline {no} {amount}")
        await stage.press("chen", card, "复核确认")
        await stage.deliver()
        stage.times.passes(60)
    assert position_of(stage).line_values[Line.CONTROL] == D("5500000.00")


async def test_the_command_line_cannot_propose(stage):
    roster = stage.house.workspace.roster
    found = await stage.app.answering.answer(
        "/paid 100万", roster.people["wang"], roster.chats["a_bank"], addressed=True
    )
    assert found is not None
    assert await stage.events("proposal.opened") == []
