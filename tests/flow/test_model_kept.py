"""What is kept of a question that a model helped with, and that a cancelled one really ends."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.model.asked import Outcome
from bot.model.prompting import FOLDER, Prompts
from domain.event import canonical
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import BROKEN, BUSY, HANG, Reply, say
from tests.fakes.model_stage import NAMES, ModelStage, use

T1 = "T-1 里头大概还剩多少"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[ModelStage]:
    stage = await ModelStage.rise(await HouseStage.calm(tmp_path / "w"))
    yield stage
    await stage.fall()


async def test_the_event_says_what_was_asked_run_and_paid(stage: ModelStage) -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}
    reply = Reply(calls=use(("tanks", {"tank": "T-1"})).calls, usage=usage)
    heard = await stage.ask(
        T1, reply, Reply(usage=usage), cny_per_million_in=Decimal(2), cny_per_million_out=Decimal(8)
    )
    event = heard.told.event
    assert event is not None
    assert (event.kind, event.v, event.tenant, event.actor) == ("question.answered", 2, "bank_a", "wang")
    body = dict(event.body)
    assert body.pop("latency_ms") >= 0
    assert body == {
        "chat": "a_bank",
        "question": T1,
        "by": "model",
        "outcome": "answered",
        "why": "",
        "skills": [{"skill": NAMES["tanks"], "arguments": {"tank": "T-1"}, "status": "ok", "told": True}],
        "refused": [],
        "remark": "",
        "models": ["m-1"],
        "failed": [],
        "internal": True,
        "prompt": Prompts(internal=True).hash,
        "calls": 2,
        "tokens_in": 2000,
        "tokens_out": 100,
        "cost_cny": "0.004800",
    }
    assert canonical(body)


async def test_a_question_that_was_not_meant_for_the_bot_is_not_kept(stage: ModelStage) -> None:
    heard = await stage.ask(T1, use(("tanks", {"tank": "T-1"})), say(""), addressed=False)
    assert heard.body["question"] is None


async def test_a_model_that_failed_and_a_skill_that_was_not_told_are_kept_too(stage: ModelStage) -> None:
    def first_is_busy(request: dict[str, Any]) -> Reply:
        return BUSY if request["model"] == "m-1" else use(("tanks", {"tank": "T-1"}))

    heard = await stage.ask("T-1 和 S-1 各有多少", first_is_busy, first_is_busy, BROKEN, fallback="m-2", calls=4)
    assert (heard.told.outcome, heard.told.answers) == (Outcome.FAILED, ())
    assert heard.body["models"] == ["m-2"]
    assert [f["model"] for f in heard.body["failed"]] == ["m-1", "m-1", "m-2"]
    assert [(s["skill"], s["told"]) for s in heard.body["skills"]] == [(NAMES["tanks"], False)]
    assert len(heard.body["prompt"]) == 64


async def test_the_prompt_s_hash_says_which_rules_the_model_had(stage: ModelStage) -> None:
    own, foreign = Prompts(internal=True), Prompts(internal=False)
    assert own.hash != foreign.hash
    assert own.hash == Prompts(internal=True).hash, "neither a clock nor a name is in it"


@pytest.mark.parametrize("name", ["system.j2", "question.j2", "refused.j2", "result.j2"])
def test_a_changed_word_for_the_model_changes_the_hash(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Prompts(internal=True).hash
    shutil.copytree(FOLDER, tmp_path / "p")
    (tmp_path / "p" / name).write_text((FOLDER / name).read_text("utf-8") + "请。", "utf-8")
    monkeypatch.setattr("bot.model.prompting.FOLDER", tmp_path / "p")
    assert Prompts(internal=True).hash != before


async def test_a_cancelled_question_lets_go_of_the_endpoint(stage: ModelStage) -> None:
    stage.endpoint.plays(HANG)
    path = await stage.kept(seconds=30)
    asking = asyncio.create_task(path.answer(stage.asked(T1)))
    await stage.endpoint.reached.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    async with asyncio.timeout(5):
        await stage.endpoint.left.wait()


async def test_no_word_of_a_question_is_in_a_log(stage: ModelStage, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await stage.ask(T1, use(("tanks", {"tank": "T-1"})), BROKEN)
    assert "model.asked outcome=answered" in caplog.text
    assert not [w for w in ("里头", "368.5", "Bearer") if w in caplog.text]


async def test_more_questions_than_places_wait_and_are_all_answered(stage: ModelStage) -> None:
    stage.endpoint.plays(lambda r: say("") if r["messages"][-1]["role"] == "tool" else use(("tanks", {"tank": "T-1"})))
    path = await stage.kept()
    told = await asyncio.gather(*(path.answer(stage.asked(T1)) for _ in range(12)))
    assert [len(t.answers) for t in told] == [1] * 12


async def test_a_long_answer_is_cut_for_the_model_and_says_so(
    stage: ModelStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.model.session.LONGEST", 20)
    heard = await stage.ask(T1, use(("tanks", {"tank": "T-1"})), say(""))
    assert '\\"truncated\\": true' in heard.prompt
    assert "278.6吨" not in heard.prompt
    assert "278.6吨" in heard.text


async def test_an_endless_question_goes_to_no_model(stage: ModelStage) -> None:
    heard = await stage.ask("T-1 " * 400, use("tanks"))
    assert heard.sent == []
