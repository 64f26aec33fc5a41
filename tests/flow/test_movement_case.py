"""A loss without papers: its case ends only by a word of the lender, and the same loss is not told twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.alarm import Condition
from tests.fakes.house_channel import Shown
from tests.fakes.house_sources import outflow
from tests.fakes.house_stage import NOW, HouseStage, texts

LOW = 2450.0  # mm in T-1: 7 t less, of 368


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


async def lost(stage: HouseStage) -> dict[str, Shown]:
    """T-1 has lost goods that no paper explains; the tellings by chat."""
    await stage.paper()
    await stage.read(times=3, T_1=LOW)
    return {m.chat: m for m in await stage.deliver()}


async def later(stage: HouseStage) -> list[Shown]:
    """More than the rule's window passes, with readings and papers; what was said meanwhile."""
    said: list[Shown] = []
    for _ in range(40):
        await stage.paper()
        await stage.read(every_s=60)
        said += await stage.deliver()
    return said


async def test_a_loss_without_papers_is_told_to_the_depot_and_the_lender(stage: HouseStage) -> None:
    told = await lost(stage)
    assert {c: m.notified for c, m in told.items()} == {"-1002": ("li",), "-1001": ()}
    assert "未匹配到作业单" in told["-1002"].text
    assert "关闭" in texts(told.values()) or "关闭" in str(told["-1001"].buttons)
    assert [label for label, _ in told["-1002"].buttons] == ["收到", "已安排", "有异议"]


async def test_a_loss_that_papers_explain_is_no_case(stage: HouseStage) -> None:
    order, notice = outflow("T-1", "north", "METHANOL", 9000, NOW)
    stage.papers.orders.append(order)
    stage.papers.notices.append(notice)
    assert await lost(stage) == {}


async def test_a_case_stays_open_after_it_has_gone_quiet_and_was_answered(stage: HouseStage) -> None:
    told = await lost(stage)
    await stage.press("li", told["-1002"], "收到")
    said = await later(stage)
    assert "待结案" in texts(said)
    case = stage.alarm("qty_drop")
    assert (case.condition, case.open) == (Condition.RETURNED, True)


@pytest.mark.parametrize(("person", "chat"), [("li", "a_group"), ("wang", "a_group"), ("zhao", "a_group")])
async def test_only_the_lender_closes_and_only_in_its_own_chat(stage: HouseStage, person: str, chat: str) -> None:
    told = await lost(stage)
    bank = told["-1001"]
    close = next(label for label, token in bank.buttons if token.endswith("|close"))
    inbound = stage.inbound("press", person, chat, bank.token(close))
    await stage.hear(inbound)
    assert stage.alarm("qty_drop").open
    assert [e.body["action"] for e in await stage.events("person.refused")] == ["close"]


async def test_a_closed_loss_is_not_told_again_but_a_further_one_is(stage: HouseStage) -> None:
    told = await lost(stage)
    bank = told["-1001"]
    close = next(label for label, token in bank.buttons if token.endswith("|close"))
    assert "已关闭" in (await stage.press("wang", bank, close) or "")
    said = await stage.deliver()
    assert {m.chat for m in said} == {"-1001", "-1002"}
    assert all("【关闭】" in m.text for m in said)
    await stage.paper()
    await stage.read(times=5)
    await stage.app.keeping.step()
    await stage.restart()
    await stage.paper()
    await stage.read(times=5)
    assert await stage.deliver() == []
    await stage.read(times=3, T_1=LOW - 60)
    again = await stage.deliver()
    assert {m.chat for m in again} == {"-1001", "-1002"}
    assert len(stage.alarms("qty_drop")) == 2


async def test_two_presses_on_close_close_once(stage: HouseStage) -> None:
    told = await lost(stage)
    bank = told["-1001"]
    close = next(label for label, token in bank.buttons if token.endswith("|close"))
    await stage.press("wang", bank, close)
    assert "已结束" in (await stage.press("chen", bank, close) or "")
    assert len(await stage.events("alarm.closed")) == 1


async def test_a_loss_is_found_while_the_machines_clock_is_an_hour_behind(stage: HouseStage) -> None:
    stage.times.steps(-3600)
    assert set(await lost(stage)) == {"-1001", "-1002"}
