"""A question under an alarm's message is about that alarm; 刚才那条 is the newest that its asker may see."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.replied import alarm_in
from domain.alarm import Alarm
from domain.contract import AlertKind
from tests.fakes.house_channel import Shown
from tests.fakes.house_stage import HouseStage, texts


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


async def two_alarms(stage: HouseStage) -> tuple[Alarm, Shown, Alarm]:
    """A breach of a line and how the group was told of it, then a crash of prices."""
    await stage.market("0.96")
    await stage.read(times=2)
    first = next(m for m in await stage.deliver() if m.chat == stage.platform_id("a_group"))
    value = stage.alarm(AlertKind.VALUE_BELOW_LINE)
    await stage.pass_time(60)
    await stage.read(times=2, T_1=1000.0)
    await stage.deliver()
    return value, first, stage.alarm(AlertKind.QTY_DROP)


async def answer(stage: HouseStage, text: str, reply_to: Shown | None = None, chat: str = "a_group") -> str:
    await stage.say("wang", chat, text, addressed=True, reply_to=reply_to)
    return texts([m for m in await stage.deliver() if m.chat == stage.platform_id(chat)])


async def test_a_reply_to_an_alarms_message_asks_about_that_alarm(stage: HouseStage) -> None:
    value, shown, drop = await two_alarms(stage)
    assert value.id in await answer(stage, "这条为啥报的", reply_to=shown)
    assert drop.id in await answer(stage, "刚才那条为啥报的")
    duty = await answer(stage, "谁还没回", reply_to=shown)
    assert value.id in duty
    assert drop.id not in duty


@pytest.mark.parametrize("text", ["液位多少", "现在还有多少吨", "今天动过没"])
async def test_below_an_alarm_about_a_tank_its_tank_is_asked_about(stage: HouseStage, text: str) -> None:
    await stage.pass_time(60)
    await stage.read(times=2, T_1=1000.0)
    shown = next(m for m in await stage.deliver() if m.chat == stage.platform_id("a_group"))
    assert stage.alarm(AlertKind.QTY_DROP).subject == "T-1"
    of_tank = await answer(stage, text, reply_to=shown)
    assert "T-1" in of_tank
    assert "T-2" not in of_tank


async def test_a_number_in_the_text_counts_more_than_the_message_that_is_answered(stage: HouseStage) -> None:
    _, shown, drop = await two_alarms(stage)
    assert drop.id in await answer(stage, f"{drop.id} 为啥报", reply_to=shown)


async def test_a_reply_binds_an_act_to_its_alarm(stage: HouseStage) -> None:
    value, shown, _ = await two_alarms(stage)
    await stage.say("chen", "a_group", "这条超时了,升级", addressed=True, reply_to=shown)
    card = texts(await stage.deliver())
    assert value.id in card
    await stage.say("chen", "a_group", "这条超时了,升级", addressed=True)
    assert "请写明是哪一条" in texts(await stage.deliver())


async def test_the_newest_alarm_is_the_newest_that_may_be_seen_here(stage: HouseStage) -> None:
    """A quote that waits is told to the lender only: in the group the newest is another one."""
    await two_alarms(stage)
    await stage.market("0.50")
    await stage.deliver()
    outlier = [a for a in stage.house.alarms.values() if a.kind is AlertKind.PRICE_OUTLIER and a.contract_id == "A-1"]
    assert outlier
    told = await answer(stage, "刚才那条预警为啥报")
    assert not any(a.id in told for a in outlier)
    in_bank = await answer(stage, "刚才那条预警为啥报", chat="a_bank")
    assert any(a.id in in_bank for a in outlier)


@pytest.mark.parametrize(
    ("text", "number"),
    [("【橙色预警】AL-20260312-07 @库方李主管", "AL-20260312-07"), ("【派单】TK-0312-02 @老周", None), ("", None)],
)
def test_the_number_of_a_message_is_read(text: str, number: str | None) -> None:
    assert alarm_in(text) == number
