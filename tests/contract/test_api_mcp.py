"""The Model Context Protocol by its official client: over HTTP in both of its manners, and over stdio to a running bot."""

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager

import httpx2
import jsonschema
import pytest
import uvicorn
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette

from bot.api.door import proposes
from bot.api.house import SERVED
from bot.api.loopback import routes
from bot.command.serving import write_run_file
from domain.people import Role
from skills.refusals import BY_NAME
from skills.registry import SKILLS
from tests.fakes.api_stage import api_stage


@pytest.fixture
async def stage(tmp_path):
    async with api_stage(tmp_path / "w") as stage:
        yield stage


@asynccontextmanager
async def over_http(stage, token, mode="auto"):
    """A client of this token; the host is one that a proxy might have."""
    transport = httpx2.ASGITransport(stage.site)
    async with (
        httpx2.AsyncClient(transport=transport, headers={"authorization": f"Bearer {token}"}) as http,
        Client(streamable_http_client("https://bank.example/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_question_is_answered_in_words_and_in_figures(stage, mode):
    async with over_http(stage, await stage.token("chen"), mode) as client:
        tools = {t.name: t for t in (await client.list_tools()).tools}
        result = await client.call_tool("what_if", {"percent": "-5", "good": "甲醇"})

    assert not result.is_error
    assert "认可货值" in result.content[0].text
    told = result.structured_content
    assert (told["status"], told["figures"][0]["unit"]) == ("ok", "CNY")
    jsonschema.validate(told, tools["what_if"].output_schema)
    jsonschema.validate({"percent": "-5", "good": "甲醇"}, tools["what_if"].input_schema)


async def test_the_tools_are_the_questions_that_the_person_may_ask(stage):
    async with over_http(stage, await stage.token("li")) as client:
        tools = (await client.list_tools()).tools

    assert {t.name for t in tools} == {s.name for s in SERVED if Role.DEPOT in s.roles and not proposes(s)}
    assert not {t.name for t in tools} & set(BY_NAME), "what is never done is no tool"
    assert all(t.annotations.read_only_hint for t in tools)
    assert not {t.name for t in tools} & {s.name for s in SKILLS if proposes(s)}


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("tanks", {"tank": "T-9"}, "/tank no tank of this name may be seen with this token: here are: T-1, T-2, S-1"),
        ("tanks", {"tank": 9}, "/tank"),
        ("tanks", {"as": "wang"}, "/as no such field: leave it out"),
        ("nope", {}, "no skill 'nope'"),
        ("r_release_order", {}, "no skill 'r_release_order'"),
        ("bring", {"text": "补 T-1 甲醇 100吨"}, "would change something: ask for it in the chat"),
    ],
)
async def test_a_model_that_errs_is_told_what_to_write_instead(stage, name, arguments, says):
    async with over_http(stage, await stage.token("chen")) as client:
        result = await client.call_tool(name, arguments)

    assert result.is_error
    assert says in result.content[0].text


async def test_what_the_person_may_not_see_the_model_does_not(stage):
    async with over_http(stage, await stage.token("li")) as client:
        told = (await client.call_tool("exposure", {})).structured_content
    assert (told["status"], told["figures"]) == ("not_permitted", [])


async def test_without_a_token_there_is_no_session(stage):
    with pytest.raises(ExceptionGroup):
        async with over_http(stage, "xlz_0_0") as client:
            await client.list_tools()


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_no_stream_stays_open(stage, method):
    token = await stage.token("chen")
    answer = await stage.client.request(method, "/mcp", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 405


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"[" * 50_000, b'{"jsonrpc":"2.0"}', b"\xff", b"null", b"9" * 60_000]
)
async def test_what_is_no_message_is_refused(stage, body):
    head = {
        "authorization": f"Bearer {await stage.token('chen')}",
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
    }
    answer = await stage.client.post("/mcp", content=body, headers=head)
    assert 400 <= answer.status_code < 500


@asynccontextmanager
async def loopback(stage):
    """The running bot's door for the command line, as its run.json tells."""
    web = Starlette(routes=routes("run-token", stage.interface.handlers(), {}))
    server = uvicorn.Server(uvicorn.Config(web, port=0, log_level="critical"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    write_run_file(stage.house.directory, port=port, token="run-token")
    yield
    server.should_exit = True
    await serving


def over_stdio(stage, token):
    env = {"XIAOLIUZI_TOKEN": token, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return Client(
        StdioServerParameters(
            command=sys.executable, args=["-m", "bot", "mcp", str(stage.house.directory)], env=os.environ | env
        )
    )


async def test_over_stdio_the_running_bot_answers_and_looks_at_the_token_each_time(stage):
    token = await stage.token("chen")
    async with loopback(stage), over_stdio(stage, token) as client:
        names = {t.name for t in (await client.list_tools()).tools}
        told = (await client.call_tool("status", {})).structured_content
        await stage.interface.token({"do": "revoke", "id": token.split("_")[1]})
        refused = await client.call_tool("status", {})
        with pytest.raises(MCPError, match="revoked"):
            await client.list_tools()

    assert "status" in names
    assert "认可货值 559.35万元" in told["text"]
    assert refused.is_error
    assert "xiaoliuzi token DIR create" in refused.content[0].text


async def test_over_stdio_without_a_running_bot_it_is_said_how_to_start_one(stage):
    (stage.house.directory / "run.json").write_text(json.dumps({"port": 1, "token": "x"}))
    async with over_stdio(stage, "x") as client:
        refused = await client.call_tool("status", {})
    assert "start `xiaoliuzi run DIR` first" in refused.content[0].text
