"""Money for a release takes two people of the lender: until the second has confirmed it, it changes nothing."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.recovery import cases_of
from domain.alarm import Condition
from domain.case.case import Case, Stage
from domain.case.rights import CaseAct
from domain.errors import StoreFull
from domain.message import Crowd
from domain.statement import Statement
from tests.fakes.case_ground import RELEASE, RELEASING
from tests.fakes.house_channel import Shown
from tests.fakes.house_ground import Edits
from tests.fakes.house_stage import HouseStage, texts
from tests.fakes.two_people import decided, newest, paid

CASE = "RC-20260312-01"
FREE: Edits = {
    "contracts/a.yaml": [("duties:\n", f"{RELEASE.replace('payment_first', 'above_floor')}duties:\n")],
}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=RELEASING)
    await filed(stage)
    yield stage
    stage.fall()


async def filed(stage: HouseStage) -> None:
    await stage.say("zhao", "a_group", "申请提货 T-1 甲醇 20吨")
    (shown,) = await stage.deliver()
    await stage.press("zhao", shown, "提交申请")
    await stage.deliver()


def the_case(stage: HouseStage) -> Case:
    (case,) = stage.house.cases_of("A-1")
    return case


def card(stage: HouseStage, chat: str = "a_bank") -> Shown:
    return next(m for m in stage.at(chat) if "状态:" in m.text)


def owed(stage: HouseStage) -> Decimal:
    return stage.house.contract_now("A-1", stage.clock.now()).exposure.amount


async def test_one_person_alone_lowers_no_exposure_and_lifts_no_alarm(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.read(times=2)
    before = owed(stage)
    await stage.say("wang", "a_bank", f"/paid {CASE} 300万")
    assert "提议人不能自行确认" in (await decided(stage, "wang") or "")
    await stage.read(times=2)
    assert (owed(stage), the_case(stage).paid_cny, the_case(stage).stage) == (before, 0, Stage.REQUESTED)
    assert stage.alarm("value_below_line").condition is Condition.ACTIVE
    assert [e.actor for e in await stage.events("person.refused")] == ["wang"]
    assert await stage.events("payment.confirmed", "case.paid") == []
    await decided(stage, "chen")
    assert before - owed(stage) == Decimal("3000000.00")
    await stage.read(times=3, every_s=60.0)
    assert stage.alarm("value_below_line").condition is Condition.RETURNED


async def test_the_second_persons_press_is_one_commit_of_the_money_and_the_step(stage: HouseStage) -> None:
    await stage.press("wang", card(stage), "确认收款")
    (proposed,) = await stage.deliver()
    assert (proposed.notified, [label for label, _ in proposed.buttons]) == (("chen",), ["复核确认", "撤回"])
    assert f"确认到账 38,400.00元(还款),到账时间 3月12日 14:32;用于 {CASE},提议时该笔尚欠 38,400.00元" in proposed.text
    assert "超出" not in proposed.text
    await stage.press("chen", proposed, "复核确认")
    kinds = [e.kind for e in await stage.events() if e.kind.startswith(("proposal.", "payment.", "case."))]
    assert kinds == ["case.filed", "proposal.opened", "proposal.confirmed", "payment.confirmed", "case.paid"]
    (payment,) = await stage.events("payment.confirmed")
    assert (payment.actor, payment.body["proposed_by"], payment.body["case"]) == ("chen", "wang", CASE)
    assert (the_case(stage).stage, the_case(stage).paid_cny) == (Stage.PAID, Decimal("38400.00"))


async def test_more_than_is_unpaid_is_said_on_the_card(stage: HouseStage) -> None:
    await stage.say("wang", "a_bank", f"/paid {CASE} 300万")
    (proposed,) = await stage.deliver()
    assert "提议时该笔尚欠 38,400.00元\n超出尚欠 2,961,600.00元,请核实金额" in proposed.text
    await stage.press("chen", proposed, "复核确认")
    assert the_case(stage).paid_cny == Decimal("3000000.00")


async def test_the_lenders_card_says_that_money_waits_and_the_groups_does_not(stage: HouseStage) -> None:
    group = card(stage, "a_group").text
    await stage.say("wang", "a_bank", f"/paid {CASE} 2万")
    await stage.deliver()
    assert "待第二人确认收款 20,000.00元:甲银行王经理提议 PR-20260312-01,3月13日 14:32 前有效" in card(stage).text
    assert card(stage, "a_group").text == group
    await decided(stage, "chen")
    await stage.deliver()
    assert "待第二人确认收款" not in card(stage).text
    assert "已确认收款 20,000.00元,尚欠 18,400.00元" in card(stage).text


async def test_money_taken_back_leaves_the_case_as_it_was(stage: HouseStage) -> None:
    before, told = the_case(stage), card(stage).text.replace("@", "")
    await stage.say("wang", "a_bank", f"/paid {CASE} 3万")
    await decided(stage, "wang", "withdraw")
    assert "已撤回" in (await decided(stage, "chen") or "")
    await stage.deliver()
    assert (the_case(stage), card(stage).text) == (before, told)
    await paid(stage, CASE)
    assert the_case(stage).stage is Stage.PAID, "it can be proposed anew"


async def test_money_that_nobody_confirms_in_a_day_leaves_the_case_as_it_was(stage: HouseStage) -> None:
    await stage.say("wang", "a_bank", f"/paid {CASE}")
    await stage.deliver()
    stage.times.passes(86_400)
    assert "已过期" in (await decided(stage, "chen") or "")
    assert the_case(stage).paid_cny == 0
    await stage.deliver()
    assert "待第二人确认收款" not in card(stage).text
    await paid(stage, CASE)
    assert the_case(stage).stage is Stage.PAID


async def test_only_one_sum_waits_at_a_time(stage: HouseStage) -> None:
    await stage.press("wang", card(stage), "确认收款")
    assert "已有一笔收款待另一人复核" in (await stage.press("chen", card(stage), "确认收款") or "")
    await stage.deliver()
    await stage.say("chen", "a_bank", f"/paid {CASE} 1万")
    assert "已有一笔收款待另一人复核" in texts(await stage.deliver())
    assert len(await stage.events("proposal.opened")) == 1


async def test_who_is_late_is_reminded_while_the_money_waits(stage: HouseStage) -> None:
    await stage.press("wang", card(stage), "确认收款")
    await stage.deliver()
    await stage.pass_time(2 * 3600 + 60)
    assert [m.notified for m in await stage.deliver() if "【提醒·提货】" in m.text] == [("wang", "chen")]


async def test_the_same_events_again_after_a_crash_open_and_pay_once(stage: HouseStage) -> None:
    for _ in range(2):
        await stage.say("wang", "a_bank", f"/paid {CASE}", event_id="first")
        await stage.restart()
    assert next(m.text.splitlines()[0] for m in await stage.deliver()) == "【待复核】PR-20260312-01 恒运池"
    for _ in range(2):
        await decided(stage, "chen", event_id="second")
        await stage.restart()
    assert len(await stage.events("case.paid")) == len(await stage.events("payment.confirmed")) == 1
    assert the_case(stage) == next(iter(cases_of(await stage.events(), stage.house.workspace)))
    await decided(stage, "chen", event_id="third")
    assert the_case(stage).paid_cny == Decimal("38400.00")


async def test_a_full_disk_at_the_confirmation_leaves_everything_open(
    stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.say("wang", "a_bank", f"/paid {CASE}")
    before, debt = the_case(stage), owed(stage)

    async def full(**_: object) -> None:
        raise StoreFull("no space")

    with monkeypatch.context() as patched:
        patched.setattr(stage.memory, "commit", full)
        with pytest.raises(StoreFull):
            await decided(stage, "chen")
    assert (the_case(stage), owed(stage), newest(stage).outcome) == (before, debt, None)


async def test_money_for_a_case_that_has_ended_since_is_not_confirmed(stage: HouseStage) -> None:
    await stage.say("wang", "a_bank", f"/paid {CASE}")
    await stage.deliver()
    await stage.press("chen", card(stage), "驳回")
    assert "PR-20260312-01 现不能生效:目前不在这一步" in (await decided(stage, "chen") or "")
    assert await stage.events("payment.confirmed") == []
    await stage.deliver()
    assert "待第二人确认收款" not in card(stage).text


async def test_another_lender_cannot_confirm_it(stage: HouseStage) -> None:
    await stage.press("wang", card(stage), "确认收款")
    (proposed,) = await stage.deliver()
    await stage.hear(stage.inbound("press", "ma", "b_bank", proposed.token("复核确认")))
    assert "不在本群" in stage.channel.toasts[-1][1]
    assert the_case(stage).paid_cny == 0


async def test_balances_stated_in_between_hold_the_money_already(stage: HouseStage) -> None:
    stage.times.passes(5)
    await stage.say("wang", "a_bank", f"/paid {CASE}")
    stage.times.passes(5)
    now, zero = stage.clock.now(), Decimal("0.00")
    statement = Statement(
        contract_id="A-1", as_of=now, principal=Decimal("3700000.00"), accrued_interest=zero, fees_due=zero,
        cash_margin=zero, source="核心系统", known_at=now,
    )  # fmt: skip
    await stage.app.statements.take([statement], via="feed:core")
    stage.times.passes(5)
    await decided(stage, "chen")
    assert (owed(stage), the_case(stage).paid_cny) == (Decimal("3700000.00"), Decimal("38400.00"))
    scene = stage.house.scene(stage.house.workspace.contracts["A-1"], stage.clock.now())
    assert the_case(stage).check["floor_cny"] == str(max(scene.position.line_values.values()))


async def test_a_release_that_costs_nothing_goes_on_without_money(tmp_path: Path) -> None:
    stage = await HouseStage.calm(tmp_path / "w", edits=FREE)
    await filed(stage)
    assert the_case(stage).to_pay_cny == 0
    await stage.say("wang", "a_bank", f"/paid {CASE}")
    assert "金额须大于 0" in texts(await stage.deliver())
    await stage.say("wang", "a_bank", f"/paid {CASE} 1万")
    assert "提议时该笔尚欠 0.00元\n超出尚欠 10,000.00元" in texts(await stage.deliver())
    await stage.say("wang", "a_bank", f"/notice {CASE} TH-0301")
    await stage.deliver()
    assert the_case(stage).stage is Stage.SIGNED
    stage.fall()


async def test_a_release_whose_price_is_unknown_goes_on_with_what_two_people_confirm(tmp_path: Path) -> None:
    stage = await HouseStage.start(tmp_path / "w", edits=RELEASING)
    await stage.paper()
    await stage.read(times=2)
    await stage.deliver()
    await filed(stage)
    assert "not_priced" in the_case(stage).check["problems"]
    await paid(stage, CASE)
    await stage.say("wang", "a_bank", f"/notice {CASE} TH-0301")
    assert the_case(stage).stage is Stage.SIGNED
    stage.fall()


async def test_no_act_on_a_case_takes_money_from_one_person(stage: HouseStage) -> None:
    roster = stage.house.workspace.roster
    with pytest.raises(AssertionError, match="two people"):
        await stage.app.casework.act(
            CASE, CaseAct.PAID, roster.people["wang"], roster.chats["a_bank"], ("telegram", "x")
        )
    assert the_case(stage).paid_cny == 0


async def test_a_notice_is_neither_registered_nor_sealed_where_a_stranger_reads_along(stage: HouseStage) -> None:
    await paid(stage, CASE)
    crowd = stage.channel.crowds
    strangers = Crowd(members=9, present=frozenset(), admins=frozenset({"777"}))
    crowd[stage.platform_id("a_bank")] = strangers
    await stage.app.membership.step()
    await stage.deliver()
    await stage.say("wang", "a_bank", f"/notice {CASE} TH-0301")
    assert "没有此项操作权限" in texts(await stage.deliver())
    assert the_case(stage).notice is None
    del crowd[stage.platform_id("a_bank")]
    await stage.app.membership.step()
    await stage.say("wang", "a_bank", f"/notice {CASE} TH-0301")
    await stage.deliver()
    crowd[stage.platform_id("a_bank")] = strangers
    await stage.app.membership.step()
    await stage.deliver()
    assert "没有此项操作权限" in (await stage.press("chen", card(stage), "复核") or "")
    assert the_case(stage).stage is Stage.SIGNED
