"""How a command reaches a workspace: through the running bot if there is one, otherwise by opening it itself."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.api.keyring import Keyring, managed
from bot.clock import Clock
from bot.command.asking import answer_as
from bot.command.importing.course import WHOLE, Wanted, imported, wanted_of
from bot.command.importing.tally import Told
from bot.command.probing import probed
from bot.command.running import RUN_FILE
from bot.command.valuing import valued
from bot.command.verifying import verified
from bot.console.channel import ConsoleChannel
from bot.naming import WorkspaceNames
from bot.wiring import build, open_memory
from bot.words import Words
from datasources.workspace import Workspace
from datasources.workspace.model_file import MOST_S
from domain.errors import SourceMalformed, SourceUnavailable

TIMEOUT_S = MOST_S + 10.0
"""No question at a model takes longer than its own limit, and a skill's deadline beside it."""
BLOCK_S = 300.0
"""The longest silence of an import: looking through a large file once before its first block."""

WENT_AWAY = "the running bot went away half-way: import the file again, every row will be here once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a running bot is asked. The headers hold its token."""

    url: str
    headers: dict[str, str] = field(repr=False)


def running(directory: Path, name: str, request: dict[str, Any]) -> dict[str, Any] | None:
    """The running bot's answer; None where none runs. Raises SourceUnavailable where it runs but does not answer."""
    reach = _reach(directory, name)
    if reach is None:
        return None
    try:
        answer = httpx.post(reach.url, json=request, headers=reach.headers, timeout=TIMEOUT_S)
    except httpx.ConnectError:
        return None  # a run.json that a killed process has left behind
    except httpx.TransportError as e:
        raise SourceUnavailable(f"the running bot did not answer within {TIMEOUT_S} s ({type(e).__name__})") from e
    found: dict[str, Any] = answer.json()
    return found


def _reach(directory: Path, name: str) -> Reach | None:
    """Where the running bot answers, as its run.json says; None where none has written one."""
    try:
        said = json.loads((directory / RUN_FILE).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return Reach(
        url=f"http://127.0.0.1:{said['port']}/api/{name}", headers={"Authorization": f"Bearer {said['token']}"}
    )


def bring_in(directory: Path, workspace: Workspace, request: dict[str, Any]) -> Iterator[Told]:
    """Import a file ({'kind', 'path', 'timezone'}) in the running bot, or into the store itself; a word per block.

    Raises SourceError for the file as a whole, StoreError where the store is ours.
    """
    wanted = wanted_of(request["kind"], request["path"], request["timezone"])
    reach = _reach(directory, "import")
    if reach is None:
        yield from _into_store(directory, workspace, wanted)
        return
    try:
        yield from _told(reach, request)
    except httpx.ConnectError:  # a run.json that a killed process has left behind
        yield from _into_store(directory, workspace, wanted)


def _told(reach: Reach, request: dict[str, Any]) -> Iterator[Told]:
    """What the running bot tells, line by line. Raises httpx.ConnectError where it does not listen."""
    try:
        with httpx.stream("POST", reach.url, json=request, headers=reach.headers, timeout=BLOCK_S) as answer:
            if answer.status_code != httpx.codes.OK:
                raise SourceUnavailable(f"the running bot answered {answer.status_code}: restart it, then import again")
            final = False
            for line in answer.iter_lines():
                said = json.loads(line)
                if "error" in said:
                    raise SourceMalformed(said["error"])
                told = Told.of_json(said)
                final = told.final
                yield told
    except httpx.ConnectError:
        raise
    except httpx.TransportError as e:
        raise SourceUnavailable(f"{WENT_AWAY} ({type(e).__name__})") from e
    if not final:
        raise SourceUnavailable(WENT_AWAY)


def _into_store(directory: Path, workspace: Workspace, wanted: Wanted) -> Iterator[Told]:
    with asyncio.Runner() as runner:
        memory = open_memory(directory, workspace)
        try:
            clock = Clock(floor=runner.run(memory.ledger(lambda book: book.last_recorded_at())))
            course = imported(wanted, workspace, memory, clock, readings_at_once=WHOLE)
            try:
                while (told := runner.run(_next(course))) is not None:
                    yield told
            finally:
                runner.run(course.aclose())
        finally:
            memory.close()


async def _next(course: AsyncGenerator[Told]) -> Told | None:
    return await anext(course, None)


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
        answer = await answer_as(app, request)
        await app.pictures.close()
        return answer
    finally:
        memory.close()


def probe(directory: Path, workspace: Workspace, site: str) -> dict[str, Any]:
    """Registers and values of a site, through the running bot or over an own connection."""
    found = running(directory, "probe", {"site": site})
    return found if found is not None else {"rows": asyncio.run(probed(workspace, site))}


def value(directory: Path, workspace: Workspace, request: dict[str, Any]) -> dict[str, Any]:
    """Positions of a past moment, through the running bot or from the store."""
    found = running(directory, "value", request)
    if found is not None:
        return found
    memory = open_memory(directory, workspace)
    try:
        return asyncio.run(valued(workspace, memory, request))
    finally:
        memory.close()


def token(directory: Path, workspace: Workspace, request: dict[str, Any]) -> dict[str, Any]:
    """Give out, list or take back tokens of the interface, in the running bot or in the store."""
    found = running(directory, "token", request)
    return found if found is not None else asyncio.run(_token_in_store(directory, workspace, request))


async def _token_in_store(directory: Path, workspace: Workspace, request: dict[str, Any]) -> dict[str, Any]:
    memory = open_memory(directory, workspace)
    try:
        clock = Clock(floor=await memory.ledger(lambda book: book.last_recorded_at()))
        found, events = managed(workspace, await Keyring.recalled(memory), request, clock.now())
        if events:
            await memory.commit(events=events, debts=[], now=clock.now())
        return found
    finally:
        memory.close()


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
