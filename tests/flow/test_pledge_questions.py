"""What may leave, what is missing, and what if: asked of a whole house, on its newest readings and papers."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.movement import Direction
from tests.fakes.house_sources import outflow
from tests.fakes.house_stage import HouseStage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


async def asked(stage: HouseStage, text: str, *, person: str = "wang", chat: str = "a_bank") -> str:
    await stage.say(person, chat, text, addressed=True)
    (answer,) = await stage.deliver()
    return answer.text


async def test_the_lender_asks_how_far_prices_may_fall_and_what_may_leave(stage: HouseStage) -> None:
    assert "再跌" in await asked(stage, "最多还能跌多少")
    room = await asked(stage, "还能提多少货")
    assert "高出补货线" in room
    assert "提货须有质权人书面通知" in room


async def test_the_borrower_learns_no_ratio_from_a_what_if(stage: HouseStage) -> None:
    mine = await asked(stage, "如果再跌5%会怎样")
    theirs = await asked(stage, "如果再跌5%会怎样", person="zhao", chat="a_group")
    assert "质押率 " in mine
    assert "质押率 " not in theirs
    assert "认可货值 559.35万元 →" in theirs


async def test_when_prices_have_fallen_nothing_leaves_and_what_work_orders_bring_is_said(stage: HouseStage) -> None:
    await stage.market("0.94")
    await stage.read(times=3)
    await stage.deliver()
    assert "已补 0.00元" in await asked(stage, "/topup")
    assert "当前不可提货" in await asked(stage, "/headroom")
    stage.times.passes(60)
    order, _ = outflow("T-1", "north", "METHANOL", 5_000, stage.clock.now())
    stage.papers.orders.append(replace(order, direction=Direction.IN, done_kg=5_000, release_no=None))
    await stage.paper()
    said = await asked(stage, "/topup")
    assert "已补 1.13万元" in said  # 5 t at 2,256
