"""A ranking through the whole house: answered, gone on about, and with no more than everybody here may see."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.house_stage import HouseStage, texts


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


async def asked(stage: HouseStage, text: str, *, person: str = "wang", chat: str = "a_bank") -> str:
    await stage.say(person, chat, text, addressed=True)
    return texts(await stage.deliver())


async def test_a_ranking_is_answered_and_gone_on_about(stage: HouseStage) -> None:
    assert "货值最高的 3 个罐:T-2、T-1、S-1。" in await asked(stage, "货值最高的三个罐")
    assert "甲醇 货值最高的 2 个罐:T-1、S-1。" in await asked(stage, "甲醇的呢")


async def test_an_old_reading_is_marked_in_its_place(stage: HouseStage) -> None:
    stage.times.passes(20 * 60)
    await stage.paper()
    await stage.deliver()
    said = await asked(stage, "哪个罐货最少", person="zhao", chat="a_group")
    assert "0/3 罐读数新鲜" in said
    assert said.count("分钟前") >= 3


async def test_a_unit_that_is_not_ours_is_said_not_to_be_given(stage: HouseStage) -> None:
    assert "不换算成这种单位" in await asked(stage, "货值换成美元")
