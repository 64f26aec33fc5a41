"""What the bot told whom, and when: every answer is an event in the lender's chain, with a model or without."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.command.asking import answer_as
from bot.model.path import ModelPath
from domain.event import Event
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import BROKEN, Reply, say
from tests.fakes.model_stage import ModelStage, use

UNSURE = "这事说来话长," * 30 + "您看看"
"""Longer than anything that the words alone are sure of, whatever was learned."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w")
    yield stage
    stage.fall()


@pytest.fixture
async def modelled(tmp_path: Path) -> AsyncIterator[ModelStage]:
    """A bot with a model; ``plays`` says what the endpoint does."""
    stage = await ModelStage.rise(await HouseStage.calm(tmp_path / "w"))
    stage.house.app.answering.model = await stage.kept(seconds=5)
    yield stage
    await stage.fall()


async def kept(stage: HouseStage) -> list[Event]:
    return await stage.events("question.answered")


def skills(body: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(s["skill"], s["status"], s["told"]) for s in body["skills"]]


async def test_an_answer_is_kept_with_its_question_arguments_and_the_digest_of_its_words(stage: HouseStage) -> None:
    await stage.say("wang", "a_bank", "/tanks T-1", addressed=True)
    (shown,) = await stage.deliver()
    (event,) = await kept(stage)
    body = event.body
    assert (event.tenant, event.actor, event.v) == ("bank_a", "wang", 2)
    assert (body["chat"], body["via"], body["by"], body["outcome"]) == ("a_bank", "chat", "words", "answered")
    assert body["question"] == "/tanks T-1"
    assert body["skills"][0]["arguments"] == {"tank": "T-1"}
    assert skills(body) == [("tanks", "ok", True)]
    assert body["latency_ms"] >= 0
    assert body["said"] == hashlib.sha256(shown.text.encode()).hexdigest()


async def test_the_words_that_were_said_stand_in_the_outbox_under_the_same_key(stage: HouseStage) -> None:
    await stage.say("wang", "a_bank", "/tanks T-1", addressed=True)
    (owed,) = await stage.owed()
    (event,) = await kept(stage)
    assert event.body["message"] == owed.debt.key
    assert event.body["said"] == hashlib.sha256(owed.debt.message.text.encode()).hexdigest()


async def test_a_question_back_is_kept_as_one(stage: HouseStage) -> None:
    await stage.say("wang", "a_bank", UNSURE, addressed=True)
    (event,) = await kept(stage)
    assert (event.body["outcome"], event.body["skills"]) == ("asked_back", [])


async def test_of_words_that_were_not_meant_for_the_bot_only_the_answer_is_kept(stage: HouseStage) -> None:
    await stage.say("zhao", "a_group", "/status")
    (event,) = await kept(stage)
    assert event.body["question"] is None
    assert skills(event.body) == [("status", "ok", True)]


async def test_chatter_leaves_nothing(stage: HouseStage) -> None:
    await stage.say("zhao", "a_group", "中午吃啥")
    await stage.say("99999", "a_group", "现在认可货值多少", addressed=True)
    assert await kept(stage) == []


async def test_a_refused_question_is_kept_without_its_words(stage: HouseStage) -> None:
    order = "小六子放500吨出去,我急用"
    await stage.say("zhao", "a_group", order, addressed=True)
    (event,) = await kept(stage)
    assert event.body["question"] is None
    assert skills(event.body) == [("r_release_order", "refused", True)]
    assert "急用" not in str(event.body)
    assert len(await stage.events("question.refused")) == 1


async def test_who_may_not_know_is_kept_as_not_permitted(stage: HouseStage) -> None:
    await stage.say("li", "a_group", "/exposure", addressed=True)
    (event,) = await kept(stage)
    assert [status for _, status, _ in skills(event.body)] == ["not_permitted"]


async def test_a_program_s_question_is_kept_and_the_operator_s_own_is_not(stage: HouseStage) -> None:
    asked = {"question": "/tanks T-1", "as": "wang", "chat": "a_bank"}
    await answer_as(stage.app, asked)
    assert await kept(stage) == []
    await answer_as(stage.app, asked, via="api")
    (event,) = await kept(stage)
    assert (event.body["via"], event.body["message"]) == ("api", None)


async def test_with_a_model_the_same_event_also_says_what_it_cost_and_what_was_said(modelled: ModelStage) -> None:
    modelled.endpoint.plays(use("status"), say(""))
    await modelled.house.say("wang", "a_bank", UNSURE, addressed=True)
    (shown,) = await modelled.house.deliver()
    (event,) = await kept(modelled.house)
    body = event.body
    assert (body["by"], body["outcome"], body["via"], body["calls"]) == ("model", "answered", "chat", 2)
    assert (body["question"], len(body["prompt"])) == (UNSURE, 64)
    assert skills(body) == [("status", "ok", True)]
    assert body["said"] == hashlib.sha256(shown.text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("script", "outcome"), [((BROKEN,), "failed"), ((say("好的"),), "nothing"), ((use("delete_all"),), "nothing")]
)
async def test_a_model_that_brings_nothing_is_kept_beside_the_question_back(
    modelled: ModelStage, script: tuple[Reply, ...], outcome: str
) -> None:
    modelled.endpoint.plays(*script)
    await modelled.house.say("wang", "a_bank", UNSURE, addressed=True)
    (shown,) = await modelled.house.deliver()
    (event,) = await kept(modelled.house)
    assert (event.body["by"], event.body["outcome"], len(event.body["prompt"])) == ("model", outcome, 64)
    assert event.body["said"] == hashlib.sha256(shown.text.encode()).hexdigest()


async def test_what_the_operator_asks_on_the_command_line_is_kept_where_a_model_read_it(modelled: ModelStage) -> None:
    modelled.endpoint.plays(use("status"), say(""))
    await answer_as(modelled.house.app, {"question": UNSURE, "as": "wang", "chat": "a_bank"})
    (event,) = await kept(modelled.house)
    assert (event.body["via"], event.body["calls"]) == ("command", 2)


async def test_a_model_that_is_not_ready_is_as_none(stage: HouseStage) -> None:
    settings = ModelStage(stage, None).path("http://127.0.0.1:9/v1")  # type: ignore[arg-type]
    assert isinstance(settings, ModelPath)
    stage.app.answering.model = settings
    await stage.say("wang", "a_bank", UNSURE, addressed=True)
    (event,) = await kept(stage)
    assert (event.body["by"], event.body["outcome"]) == ("words", "asked_back")


async def test_a_refusal_that_a_model_chose_accuses_nobody(modelled: ModelStage) -> None:
    modelled.endpoint.plays(use("rimpersonation"), say(""))
    await modelled.house.say("zhao", "a_group", UNSURE, addressed=True)
    (said,) = await modelled.house.deliver()
    assert said.chat == modelled.house.platform_id("a_group")
    assert "没听懂" in said.text, "it is asked back"
    assert await modelled.house.events("question.refused") == []
    (answered,) = await kept(modelled.house)
    assert (answered.body["skills"], answered.body["refused"]) == ([], ["no_tool"])


ALONE_WITH_TWO = (
    "  - {id: health,",
    (
        "  - {id: li_alone, name: 李主管, audience: private, contracts: [A-1, B-1], members: [li], telegram_chat_id: 501}\n"
        "  - {id: health,"
    ),
)


@pytest.mark.parametrize(
    ("text", "tenant"), [("海川池的 T-2 还有多少", "bank_b"), ("恒运池的T-1还有多少", "bank_a"), ("有几条预警", "@")]
)
async def test_what_is_asked_of_one_lenders_pledge_stands_in_no_other_lenders_chain(
    tmp_path: Path, text: str, tenant: str
) -> None:
    stage = await HouseStage.calm(tmp_path / "w", edits={"people.yaml": [ALONE_WITH_TWO]})
    await stage.say("li", "li_alone", text, addressed=True)
    (event,) = await stage.events("question.answered")
    assert event.tenant == tenant, event.body
    stage.fall()
