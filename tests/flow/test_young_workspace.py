"""In the first hours of a workspace: a change is split from the first record on, and an alarm's end has its reason."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from bot.answering import Answering
from domain.contract import AlertKind
from skills import alert_why
from skills.skill import Answer, Status
from tests.fakes.house_stage import HouseStage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    """Twenty minutes old; the goods have just become cheaper by a twentieth."""
    stage = await HouseStage.calm(tmp_path / "w")
    await stage.app.remember_workspace()
    for factor in ("1", "0.95"):
        await stage.app.tracing.step()
        stage.times.passes(600)
        await stage.market(factor)
        await stage.read(times=2)
        await stage.app.keeping.step()
    await stage.app.tracing.step()
    await stage.deliver()
    yield stage
    stage.fall()


async def ask(stage: HouseStage, who: str = "chen", chat: str = "a_bank", **arguments: str) -> tuple[Answer, str]:
    answering, roster = stage.app.answering, stage.house.workspace.roster
    assert isinstance(answering, Answering)
    return await answering.run(alert_why.SKILL, arguments, roster.people[who], roster.chats[chat])


async def test_a_fall_is_split_although_the_day_before_is_unknown(stage: HouseStage) -> None:
    answer, text = await ask(stage, metric="value")
    assert (answer.status, answer.kind) == (Status.OK, "value_why"), text
    causes = answer.facts["causes"]
    assert causes["parts"].keys() == {"price_cny"}
    assert Decimal(causes["change_cny"]) < 0
    assert "起才有记录" in text


async def test_the_open_alarm_tells_what_caused_it_and_after_its_end_why_it_ended(stage: HouseStage) -> None:
    alarm = stage.alarm(AlertKind.VALUE_BELOW_LINE)
    answer, text = await ask(stage, want="attribution")
    assert (answer.kind, answer.facts["id"]) == ("alert_why", alarm.id)
    assert text.startswith("主要因价格")
    assert "尚未解除" in (await ask(stage, want="lifted", alert=alarm.id))[1]
    await stage.market("1.02")
    await stage.read(times=4, every_s=200)
    await stage.restart()
    answer, text = await ask(stage, want="lifted", alert=alarm.id)
    assert (answer.facts["cause"], answer.facts["returned_at"] is not None) == ("price", True)
    assert "解除:价格回升" in text
    assert "高于补货线" in text
    _, group = await ask(stage, "zhao", "a_group", want="lifted", alert=alarm.id)
    assert "质押率" not in group
