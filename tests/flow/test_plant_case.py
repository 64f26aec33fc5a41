"""Feed that never comes back as product: told to the plant and the lender, said first of all answers, closed by a person."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.alarm import Condition
from domain.movement import Direction, WorkOrder
from tests.fakes.house_channel import Shown
from tests.fakes.house_stage import NOW, HouseStage, texts

PLANT = """process:
  - {input: {good: METHANOL, tanks: [T-1]}, output: {good: DIESEL0, tanks: [T-2]}, yield_band: [0.8, 1.0],
     window_hours: 4, min_input_t: 5, lag_hours: 0.1}
duties:
  - {kind: yield_gap, tell: [{person: li, chat: a_group, act: explain_movement, ack_minutes: 30}]}
"""
"""A pretended plant; two_banks has no tank for its product but T-2."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits={"contracts/a.yaml": [("duties:\n", PLANT)]})
    yield stage
    stage.fall()


async def fed(stage: HouseStage, *, mm: float, product_mm: float) -> list[Shown]:
    """Within 50 minutes T-1 falls and T-2 rises by so much, under an order of feed; what was said."""
    order = WorkOrder(
        no="SC-1", site_id="north", tank_id="T-1", direction=Direction.PROCESS_OUT, good="METHANOL",
        planned_kg=60_000, done_kg=0, opened_at=NOW,
    )  # fmt: skip
    stage.papers.orders = [order]
    said, raw, made = [], stage.levels["T-1"], stage.levels["T-2"]
    for n in range(13):
        part = min(n, 10) / 10
        await stage.paper()
        levels = {"T_1": raw - mm * part, "T_2": made + product_mm * part}
        await stage.read(every_s=290)
        await stage.paper()
        await stage.read(times=2, **levels)
        said += await stage.deliver()
    return said


async def test_an_honest_run_says_nothing(stage: HouseStage) -> None:
    assert await fed(stage, mm=150.0, product_mm=136.0) == []


async def test_feed_without_product_is_told_to_the_plant_and_the_lender(stage: HouseStage) -> None:
    said = await fed(stage, mm=150.0, product_mm=0.0)
    assert {m.chat: m.notified for m in said} == {"-1002": ("li",), "-1001": ()}
    assert "橙色预警·投入产出" in texts(said)
    assert "甲醇→0#柴油" in texts(said)
    assert [a.kind for a in stage.house.open_alarms("A-1").values()] == ["yield_gap"]


async def test_the_answer_to_is_it_there_says_so_first(stage: HouseStage) -> None:
    await fed(stage, mm=150.0, product_mm=0.0)
    await stage.say("zhao", "a_group", "货还在不在?现在大概多少货值?", addressed=True)
    assert "有减少,待核实:甲醇→0#柴油 产出不足" in texts(await stage.deliver())


async def test_it_stands_over_a_restart_and_ends_only_by_a_word_of_the_lender(stage: HouseStage) -> None:
    said = await fed(stage, mm=150.0, product_mm=0.0)
    await stage.restart()
    for _ in range(8):
        await stage.paper()
        await stage.read(times=2, every_s=60)
    assert stage.alarm("yield_gap").condition is Condition.ACTIVE
    bank = next(m for m in said if m.chat == "-1001")
    close = next(label for label, token in bank.buttons if token.endswith("|close"))
    assert "已关闭" in (await stage.press("wang", bank, close) or "")
    for _ in range(20):
        await stage.paper()
        await stage.read(times=2, every_s=60)
    assert [a.open for a in stage.alarms("yield_gap")] == [False]
