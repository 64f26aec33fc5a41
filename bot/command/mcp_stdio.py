"""``xiaoliuzi mcp``: the tools of a running bot for a model's program on this machine, over stdin and stdout."""

import asyncio
import os
from pathlib import Path
from typing import Any

from mcp.server.stdio import stdio_server

from bot.api.mcp_server import Context, server
from bot.command.reaching import running
from domain.errors import SourceUnavailable
from domain.event import Json

VARIABLE = "XIAOLIUZI_TOKEN"


def token_of(given: str | None) -> str:
    """The token given, or that of the environment; empty where there is neither: the bot then says what is needed."""
    return given or os.environ.get(VARIABLE, "")


async def serve(directory: Path, token: str) -> None:
    """Serve until stdin ends. Every call goes to the running bot, which looks at the token each time."""

    async def reach(name: str, request: dict[str, Any]) -> Json:
        try:
            found = await asyncio.to_thread(running, directory, name, {"token": token, **request})
        except SourceUnavailable as e:
            return _problem("unavailable", str(e), "look at the bot's log")
        if found is None:
            return _problem("not_running", "no bot runs on this workspace", "start `xiaoliuzi run DIR` first")
        return found

    async def tools(_: Context) -> Json:
        return await reach("tools", {})

    async def call(_: Context, name: str, arguments: Json) -> Json:
        return await reach("call", {"name": name, "arguments": arguments})

    mcp = server(tools, call)
    async with stdio_server() as (reading, writing):
        await mcp.run(reading, writing, mcp.create_initialization_options())


def _problem(code: str, detail: str, remedy: str) -> Json:
    return {"problem": {"code": code, "faults": [{"place": "", "detail": detail, "remedy": remedy}]}}
