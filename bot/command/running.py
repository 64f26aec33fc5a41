"""``xiaoliuzi run``: one workspace, its loops, and the web server that carries console and loopback interface."""

import asyncio
import json
import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.api.loopback import Handler, routes
from bot.app import App
from bot.clock import Clock
from bot.command.asking import answer_as
from bot.command.probing import probed
from bot.command.verifying import verified
from bot.console.channel import ConsoleChannel
from bot.console.refill import KEPT, past
from bot.desk import HouseDesk
from bot.levers import DepotLevers
from bot.wiring import build, open_memory
from bot.naming import WorkspaceNames
from bot.words import Words
from datasources.workspace import Workspace
from domain.delivery import Owed
from domain.errors import SourceError
from store.ledger import Ledger

log = logging.getLogger(__name__)

RUN_FILE = "run.json"


class WebServer(uvicorn.Server):
    """uvicorn that leaves the process's signals to us: it would end the process before memory is closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal."""
        yield


Announce = Callable[[str], None]


async def run(directory: Path, workspace: Workspace, *, announce: Announce, levers_url: str | None = None) -> None:
    """Run until a signal or a failure; raises the failure. announce: told the console's address once it serves."""
    memory = open_memory(directory, workspace)
    clock = Clock(floor=await memory.ledger(lambda book: book.last_recorded_at()))
    words = Words(WorkspaceNames(workspace))
    console = ConsoleChannel(
        workspace.roster.chats.values(), name=words.line("bot_name"), now=clock.now, cut_mark=words.line("cut_mark")
    )
    app = await build(directory, workspace, memory, console, clock)
    console.restore(past(await memory.ledger(_sent_to_console(workspace)), name=words.line("bot_name")))
    loops = asyncio.create_task(app.run(), name="app")
    _stop_with(loops)
    try:
        ready = asyncio.create_task(app.ready.wait())
        await asyncio.wait({loops, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if not loops.done():
            await _serve(directory, workspace, app, console, loops, announce, levers_url)
    finally:
        loops.cancel()
        (directory / RUN_FILE).unlink(missing_ok=True)
        with suppress(asyncio.CancelledError):
            await loops


def _sent_to_console(workspace: Workspace) -> Callable[[Ledger], list[Owed]]:
    """What was sent in chats that the console serves, oldest first."""
    here = {
        c.id
        for c in workspace.roster.chats.values()
        if not workspace.settings.telegram.enabled or c.telegram_chat_id is None
    }

    def read(book: Ledger) -> list[Owed]:
        rows = [r for r in book.latencies(datetime.min.replace(tzinfo=UTC)) if r.chat in here][-2 * KEPT :]
        return [owed for r in rows if (owed := book.debt(r.key)) is not None]

    return read


def _stop_with(loops: asyncio.Task[None]) -> None:
    """SIGTERM and SIGINT end the loops in order: what is under way is written before the process ends."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, loops.cancel)


async def _serve(
    directory: Path,
    workspace: Workspace,
    app: App,
    console: ConsoleChannel,
    loops: asyncio.Task[None],
    announce: Announce,
    levers_url: str | None,
) -> None:
    """Serve until a signal ends the server, or the loops end."""
    levers = DepotLevers(levers_url) if levers_url is not None else None
    if levers is not None:
        await levers.learn()
    token = secrets.token_urlsafe(32)
    desk = HouseDesk(app.house, app.words, app.clock, levers=levers)
    listener = _listen(workspace.settings.console.host, workspace.settings.console.port)
    host, port = listener.getsockname()[:2]
    web = Starlette(routes=routes(token, _handlers(app)))
    from bot.console.page import build as build_console  # noqa: PLC0415 - the page is not on the alert path

    build_console(web, desk, console)
    write_run_file(directory, port=port, token=token)
    config = uvicorn.Config(
        web, log_level="warning", access_log=False, timeout_graceful_shutdown=2, ws_max_size=262_144
    )
    server = WebServer(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    announce(f"http://{host}:{port}/")
    await asyncio.wait({serving, loops}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    if levers is not None:
        await levers.close()


def _handlers(app: App) -> dict[str, Handler]:
    async def ask(request: dict[str, Any]) -> dict[str, Any]:
        return await answer_as(app, request)

    async def probe(request: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"rows": await probed(app.workspace, str(request.get("site", "")))}
        except KeyError:
            return {"error": f"no site {request.get('site')!r}; there are {', '.join(app.workspace.sites)}"}
        except SourceError as e:
            return {"error": str(e)}

    async def verify(request: dict[str, Any]) -> dict[str, Any]:
        del request
        return await verified(app.memory)

    return {"ask": ask, "probe": probe, "verify": verify}


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises SourceError naming the port that is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as e:
        listener.close()
        raise SourceError(f"console: {host}:{port} cannot be used ({e.strerror}); set another [console] port") from e
    listener.listen(64)
    return listener


def write_run_file(directory: Path, *, port: int, token: str) -> None:
    """Where a running workspace is reached: port and token, readable by its owner only."""
    path = directory / RUN_FILE
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"port": port, "token": token, "pid": os.getpid()}, file)
