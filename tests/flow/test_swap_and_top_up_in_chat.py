"""What comes in must come before anything goes out; what was promised is counted until it is all there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.case.case import Case, Stage
from domain.movement import Direction
from tests.fakes.case_ground import RELEASING, order
from tests.fakes.house_channel import Shown
from tests.fakes.house_stage import HouseStage
from tests.fakes.two_people import decided

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
    return next(m for m in stage.at(chat) if "状态:" in m.text)


async def filed(stage: HouseStage, text: str) -> None:
    await stage.say("zhao", "a_group", text)
    (shown,) = await stage.deliver()
    await stage.press("zhao", shown, "提交申请")
    await stage.deliver()


async def came(stage: HouseStage, tank: str, kg: int, done_kg: int, *, no: str, closed: bool) -> list[Shown]:
    """The depot's order has come so far; what was said of it."""
    now = stage.clock.now()
    kept = [o for o in stage.papers.orders if o.no != no]
    at = next((o.opened_at for o in stage.papers.orders if o.no == no), now)
    row = order(tank, Direction.IN, kg=kg, done_kg=done_kg, at=at, closed_at=now if closed else None, no=no)
    stage.papers.orders = [*kept, row]
    await stage.paper()
    await stage.read(times=2)
    return await stage.deliver()


async def test_a_swap_goes_out_only_after_what_comes_in_was_accepted(stage: HouseStage) -> None:
    await filed(stage, "换货:换入 T-2 柴油 30吨 换出 T-1 甲醇 50吨")
    assert the_case(stage).id == "SW-20260312-01"
    assert "换入 T-2 0#柴油 30吨" in card(stage, "a_group").text
    await stage.say("wang", "a_bank", "/notice SW-20260312-01 TH-9")
    (said,) = await stage.deliver()
    assert "须先到货" in said.text

    await came(stage, "T-2", 30_000, 12_000, no="IN-1", closed=False)
    assert "已到 12吨 / 30吨" in card(stage, "a_bank").text
    said = await came(stage, "T-2", 30_000, 30_020, no="IN-1", closed=True)
    assert ("wang",) in [m.notified for m in said if m.chat == BANK]
    assert the_case(stage).stage is Stage.BROUGHT
    await stage.say("wang", "a_bank", "/notice SW-20260312-01 TH-9")
    (said,) = await stage.deliver()
    assert "确认接收" in said.text

    assert "已记录资金方确认接收" in (await stage.press("wang", card(stage, "a_bank"), "确认接收") or "")
    await stage.say("wang", "a_bank", "/notice SW-20260312-01 TH-9")
    await stage.deliver()
    await stage.press("chen", card(stage, "a_bank"), "复核")
    said = await stage.deliver()
    assert [m.notified for m in said if m.chat == GROUP and m.notified] == [("li",)]
    assert the_case(stage).stage is Stage.SEALED


async def test_a_top_up_counts_what_has_come_in_goods_and_in_money(stage: HouseStage) -> None:
    await stage.market("0.95")
    await stage.read(times=2)
    await stage.deliver()
    await filed(stage, "申请补货 T-1 甲醇 40吨,保证金 10万")
    before = card(stage, "a_bank").text
    assert "补货 T-1 甲醇 40吨" in before
    assert "应付 100,000.00元" in before
    await came(stage, "T-1", 40_000, 15_000, no="IN-2", closed=False)
    assert "已补 15吨 / 40吨,计 3.42万元;尚缺" in card(stage, "a_bank").text
    await stage.press("wang", card(stage, "a_bank"), "确认收款")
    await decided(stage, "chen")
    await stage.deliver()
    assert "已确认收款 100,000.00元" in card(stage, "a_bank").text
    await came(stage, "T-1", 40_000, 40_000, no="IN-2", closed=True)
    assert the_case(stage).stage is Stage.BROUGHT
    await stage.press("wang", card(stage, "a_bank"), "确认接收")
    said = await stage.deliver()
    assert the_case(stage).stage is Stage.EXECUTED
    assert not any("登记" in m.text for m in said), "nothing leaves in a top-up"
    assert any("补货完成:共到 40吨,申请 40吨" in m.text for m in said if m.chat == GROUP)


async def test_the_borrower_takes_a_top_up_back_and_nobody_is_asked_any_more(stage: HouseStage) -> None:
    await filed(stage, "申请补货 T-1 甲醇 40吨")
    assert "已撤回" in (await stage.press("zhao", card(stage, "a_group"), "撤回申请") or "")
    await stage.deliver()
    assert card(stage, "a_group").buttons == ()
    assert the_case(stage).stage is Stage.WITHDRAWN
    await stage.say("zhao", "a_group", "/cases")
    (said,) = await stage.deliver()
    assert said.text.startswith("无在办的提货、换货、补货")


async def test_a_contract_that_allows_no_swap_says_so(tmp_path: Path) -> None:
    edits = {
        "contracts/a.yaml": [
            (old, new.replace("  swap: {value_ratio: 1.00}\n", "")) for old, new in RELEASING["contracts/a.yaml"]
        ]
    }
    stage = await HouseStage.calm(tmp_path / "w", edits=edits)
    await stage.say("zhao", "a_group", "换货:换入 T-2 柴油 30吨 换出 T-1 甲醇 50吨")
    (said,) = await stage.deliver()
    assert (said.text, said.buttons) == ("本项目合同未约定换货。", ())
    stage.fall()


async def test_a_contract_without_terms_has_no_cases(tmp_path: Path) -> None:
    stage = await HouseStage.calm(tmp_path / "w")
    await stage.say("zhao", "a_group", "申请提货 T-1 甲醇 20吨")
    (said,) = await stage.deliver()
    assert "未约定线上提货流程" in said.text
    stage.fall()
