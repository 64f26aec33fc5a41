"""A stream that ends before its reply does is a failure, whatever stands in it: the second model is asked, nothing is mended."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.model.asked import Outcome
from tests.fakes.house_stage import HouseStage
from tests.fakes.model_endpoint import HANG, Reply, raw, say
from tests.fakes.model_stage import NAMES, ModelStage, use

pytestmark = pytest.mark.asyncio(loop_scope="module")

T1 = "T-1 里头大概还剩多少"
TANKS = NAMES["tanks"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ModelStage]:
    """One for all: no question leaves anything behind."""
    stage = await ModelStage.rise(await HouseStage.calm(tmp_path_factory.mktemp("cut") / "w"))
    yield stage
    await stage.fall()


def piece(delta: dict[str, Any] | None, why: str | None = None) -> str:
    """One event of a stream."""
    choice = {"index": 0, "delta": delta, "finish_reason": why}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"


def called(arguments: str) -> dict[str, Any]:
    """A call with its arguments as far as they came."""
    return {"tool_calls": [{"index": 0, "id": "1", "function": {"name": TANKS, "arguments": arguments}}]}


DONE = "data: [DONE]\n\n"
WHOLE = piece(called('{"tank": "T-1"}'))
CUT = {
    "inside the arguments": piece(called('{"tank": "T-1')),
    "inside the arguments, and called an end": piece(called('{"tank": "T-1')) + piece({}, "tool_calls") + DONE,
    "at the first bracket": piece(called("{")),
    "before its end": WHOLE,
    "before its end, and called one": WHOLE + DONE,
    "for its length": WHOLE + piece({}, "length") + DONE,
    "inside a text": piece({"role": "assistant", "content": "货值9"}),
    "empty": "",
    "nothing but an end": DONE,
    "no choices": f"data: {json.dumps({'id': 'x', 'choices': []})}\n\n{DONE}",
    "choices null": f"data: {json.dumps({'id': 'x', 'choices': None})}\n\n{DONE}",
    "delta null": piece(None) + DONE,
    "an error": 'event: error\ndata: {"x": 1}\n\n',
    "an error in the data": 'data: {"error": {"message": "x"}}\n\n',
}


def streamed(body: str) -> Reply:
    """These events; what reads a stream does not look at the type."""
    return Reply(body=body.encode())


@pytest.mark.parametrize("name", CUT)
async def test_a_stream_that_was_cut_is_a_failure_and_not_an_answer(stage: ModelStage, name: str) -> None:
    heard = await stage.ask(T1, streamed(CUT[name]), stream=True, seconds=5)
    assert (heard.told.outcome, heard.ran, heard.told.answers) == (Outcome.FAILED, [], ())


@pytest.mark.parametrize("name", CUT)
async def test_the_second_model_is_asked_where_the_first_was_cut(stage: ModelStage, name: str) -> None:
    heard = await stage.ask(T1, streamed(CUT[name]), use(("tanks", {"tank": "T-1"})), say(""), stream=True, fallback="m-2")  # fmt: skip
    assert [r["model"] for r in heard.sent[:2]] == ["m-1", "m-2"]
    assert "368.5吨" in heard.text


async def test_a_whole_stream_is_read_whatever_its_pieces_are(stage: ModelStage) -> None:
    pieces = [{"index": 0, "function": {"arguments": a}} for a in ('{"ta', 'nk": "T', '-1"}')]
    body = piece(called("")) + "".join(piece({"tool_calls": [p]}) for p in pieces) + piece({}, "tool_calls") + DONE
    heard = await stage.ask(T1, streamed(body), say(""), stream=True)
    assert heard.ran[0][1] == {"tank": "T-1"}


async def test_a_call_without_arguments_may_have_none_in_a_stream(stage: ModelStage) -> None:
    bare = {"tool_calls": [{"index": 0, "id": "1", "function": {"name": "status", "arguments": ""}}]}
    heard = await stage.ask("现在到底值多少钱", streamed(piece(bare) + piece({}, "tool_calls") + DONE), say(""), stream=True)  # fmt: skip
    assert "559.35万元" in heard.text


async def test_a_reply_that_was_cut_for_its_length_is_none_without_a_stream_either(stage: ModelStage) -> None:
    calls = [{"id": "1", "type": "function", "function": {"name": TANKS, "arguments": '{"tank": "T-1"}'}}]
    choice = {"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": None, "tool_calls": calls}}  # fmt: skip
    heard = await stage.ask(T1, raw(json.dumps({"id": "x", "model": "m", "choices": [choice]})))
    assert (heard.told.outcome, heard.ran) == (Outcome.FAILED, [])


async def test_questions_that_waited_for_a_hanging_endpoint_do_not_wait_once_more_each(stage: ModelStage) -> None:
    first = await stage.ask(T1, HANG, seconds=0.35)
    again = await stage.ask(T1, use(("tanks", {"tank": "T-1"})), say(""), seconds=0.35)
    other = await stage.ask(T1, use(("tanks", {"tank": "T-1"})), say(""), seconds=0.35, person="zhao", chat="a_group")
    assert (first.told.outcome, again.told.outcome, again.sent) == (Outcome.TIMEOUT, Outcome.OFF, [])
    assert other.told.outcome is Outcome.ANSWERED
