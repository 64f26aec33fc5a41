"""Questions as somebody new types them into the running bot: each is answered in its first line."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.case_ground import RELEASING
from tests.fakes.house_stage import HouseStage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=RELEASING)
    yield stage
    stage.fall()


async def told(stage: HouseStage, person: str, chat: str, text: str) -> str:
    await stage.say(person, chat, text, addressed=True)
    (shown,) = await stage.deliver()
    return shown.text


async def test_what_was_asked_is_what_is_answered_first(stage: HouseStage) -> None:
    for person, chat in (("wang", "a_bank"), ("zhao", "a_group")):
        said = await told(stage, person, chat, "换入30吨柴油换出50吨甲醇行不行")
        assert said.startswith(("可以:", "不可以:"))
        assert "不是换货许可" in said
    assert (await told(stage, "wang", "a_bank", "客户要还5万,还完质押率是多少")).startswith("如果还款 5.00万元:")
    assert (await told(stage, "wang", "a_bank", "质押率几个点")).startswith("质押率 ")
    assert (await told(stage, "zhao", "a_group", "质押率几个点")).startswith("质押率仅对资金方开放")
    assert (await told(stage, "wang", "a_bank", "离监管线还差多少")).startswith("高于监管线")
    assert (await told(stage, "wang", "a_bank", "/whatif 甲醇 -5%")).startswith("如果甲醇跌 5%")


async def test_a_question_about_a_swap_files_nothing(stage: HouseStage) -> None:
    await told(stage, "zhao", "a_group", "换入30吨柴油换出50吨甲醇行不行")
    assert list(stage.house.cases_of("A-1")) == []
    assert await stage.events("case.filed") == []
