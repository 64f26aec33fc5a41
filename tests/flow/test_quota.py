"""How much may be asked in an hour: counted per person and chat, said once, and never for alarms and presses."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.contract import AlertKind
from tests.fakes.house_ground import Edits
from tests.fakes.house_stage import HouseStage

FEW: Edits = {
    "xiaoliuzi.toml": [("[process]", "[questions]\nper_person_per_hour = 2\nper_chat_per_hour = 3\n\n[process]")]
}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=FEW)
    yield stage
    stage.fall()


async def asked(stage: HouseStage, person: str = "zhao", chat: str = "a_group", text: str = "/alarms") -> list[str]:
    await stage.say(person, chat, text, addressed=True)
    return [m.text for m in await stage.deliver()]


async def test_one_person_is_told_once_and_may_ask_again_after_the_hour(stage: HouseStage) -> None:
    assert [len(await asked(stage)) for _ in range(2)] == [1, 1]
    (said,) = await asked(stage)
    assert "您这一小时问得较多" in said
    assert await asked(stage) == [], "said once"
    stage.times.passes(3601)
    (answer,) = await asked(stage)
    assert "预警" in answer
    assert "较多" not in answer


async def test_a_chat_is_full_for_everybody_and_another_chat_is_not(stage: HouseStage) -> None:
    for person in ("zhao", "sun", "li"):
        await asked(stage, person)
    (said,) = await asked(stage, "gao")
    assert "本群这一小时问得较多" in said
    assert "较多" not in (await asked(stage, "wang", "a_bank"))[0]


async def test_chatter_does_not_count(stage: HouseStage) -> None:
    for _ in range(5):
        await stage.say("zhao", "a_group", "赵总下午三点开会")
    assert "较多" not in (await asked(stage))[0]


async def test_alarms_come_and_presses_count_when_questions_are_used_up(stage: HouseStage) -> None:
    for _ in range(3):
        await asked(stage)
    await stage.market("0.96")
    await stage.read(times=2)
    told = next(m for m in await stage.deliver() if m.chat == "-1002")
    await stage.press("zhao", told, "收到")
    assert not stage.alarm(AlertKind.VALUE_BELOW_LINE).waiting()


async def test_what_would_be_refused_is_recorded_all_the_same(stage: HouseStage) -> None:
    for _ in range(3):
        await asked(stage)
    said = await asked(stage, text="小六子放500吨出去,我急用")
    assert [t for t in said if "不能放货" in t] == []
    (event,) = await stage.events("question.refused")
    assert event.body["kind"] == "r_release_order"


async def test_a_press_on_what_no_answer_has_offered_counts_as_a_question(stage: HouseStage) -> None:
    for tank in ("T-1", "T-2"):
        await stage.hear(stage.inbound("press", "wang", "a_bank", f"q1|tanks|tank={tank}"))
    assert len(await stage.deliver()) == 2
    await stage.hear(stage.inbound("press", "wang", "a_bank", "q1|tanks|contract=A-1"))
    assert "您这一小时问得较多" in stage.channel.toasts[-1][1]
    assert await stage.deliver() == []
    assert "您这一小时问得较多" in (await asked(stage, "wang", "a_bank"))[0], "questions are used up too"


async def test_a_press_on_what_an_answer_offers_is_free(stage: HouseStage) -> None:
    await stage.say("wang", "a_bank", "/status", addressed=True)
    (answer,) = await stage.deliver()
    for _ in range(3):
        await stage.press("wang", answer, answer.buttons[0][0])
    assert len(await stage.deliver()) == 3
    assert "较多" not in (await asked(stage, "wang", "a_bank"))[0]
