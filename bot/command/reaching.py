"""How a command reaches a workspace: through the running bot if there is one, otherwise by opening it itself."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

from bot.clock import Clock
from bot.command.asking import answer_as
from bot.command.probing import probed
from bot.command.running import RUN_FILE
from bot.command.verifying import verified
from bot.console.channel import ConsoleChannel
from bot.naming import WorkspaceNames
from bot.wiring import build, open_memory
from bot.words import Words
from datasources.workspace import Workspace
from domain.errors import SourceUnavailable

TIMEOUT_S = 30.0


def running(directory: Path, name: str, request: dict[str, Any]) -> dict[str, Any] | None:
    """The running bot's answer; None where none runs. Raises SourceUnavailable where it runs but does not answer."""
    try:
        reach = json.loads((directory / RUN_FILE).read_text())
    except (FileNotFoundError, ValueError):
        return None
    try:
        answer = httpx.post(
            f"http://127.0.0.1:{reach['port']}/api/{name}",
            json=request,
            headers={"Authorization": f"Bearer {reach['token']}"},
            timeout=TIMEOUT_S,
        )
    except httpx.ConnectError:
        return None  # a run.json that a killed process has left behind
    except httpx.TransportError as e:
        raise SourceUnavailable(f"the running bot did not answer within {TIMEOUT_S} s ({type(e).__name__})") from e
    found: dict[str, Any] = answer.json()
    return found


def ask(directory: Path, workspace: Workspace, request: dict[str, Any]) -> dict[str, Any]:
    """Answer from the running bot, or from what the store last knew."""
    found = running(directory, "ask", request)
    return found if found is not None else asyncio.run(_ask_store(directory, workspace, request))


async def _ask_store(directory: Path, workspace: Workspace, request: dict[str, Any]) -> dict[str, Any]:
    memory = open_memory(directory, workspace)
    clock = Clock(floor=await memory.ledger(lambda book: book.last_recorded_at()))
    words = Words(WorkspaceNames(workspace))
    console = ConsoleChannel(
        workspace.roster.chats.values(), name=words.line("bot_name"), now=clock.now, cut_mark=words.line("cut_mark")
    )
    try:
        app = await build(directory, workspace, memory, console, clock, words)
        for project in app.house.projects.values():
            app.house.remember(project.contract.id, app.house.scene(project.contract, clock.now()).position)
        return await answer_as(app, request)
    finally:
        memory.close()


def probe(directory: Path, workspace: Workspace, site: str) -> dict[str, Any]:
    """Registers and values of a site, through the running bot or over an own connection."""
    found = running(directory, "probe", {"site": site})
    return found if found is not None else {"rows": asyncio.run(probed(workspace, site))}


def verify(directory: Path, workspace: Workspace) -> dict[str, Any]:
    """The state of every chain."""
    found = running(directory, "verify", {})
    if found is not None:
        return found
    memory = open_memory(directory, workspace)
    try:
        return asyncio.run(verified(memory))
    finally:
        memory.close()
