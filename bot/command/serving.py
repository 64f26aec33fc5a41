"""The web server of a running workspace: the console, and the loopback interface of the command line."""

import asyncio
import importlib
import json
import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.api.loopback import Handler, routes
from bot.api.opening import Interface
from bot.app import App
from bot.command.asking import answer_as
from bot.command.importing.serving import told_by
from bot.command.probing import probed
from bot.command.running import RUN_FILE
from bot.command.valuing import valued
from bot.command.verifying import verified
from bot.console.channel import ConsoleChannel
from bot.console.page import build as build_console
from bot.desk import HouseDesk
from bot.levers import DepotLevers
from domain.errors import SourceError

log = logging.getLogger(__name__)


class WebServer(uvicorn.Server):
    """uvicorn that leaves the process's signals to us: it would end the process before memory is closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal."""
        yield


async def serve(
    directory: Path,
    app: App,
    console: ConsoleChannel,
    loops: asyncio.Task[None],
    *,
    announce: Callable[[str], None],
    levers_url: str | None,
) -> None:
    """Serve until a signal ends the server, or the loops end."""
    levers = DepotLevers(levers_url) if levers_url is not None else None
    if levers is not None:
        await levers.learn()
    token = secrets.token_urlsafe(32)
    desk = HouseDesk(app.house, app.words, app.clock, levers=levers)
    place = app.workspace.settings.console
    listener = _listen(place.host, place.port, "console")
    host, port = listener.getsockname()[:2]
    interface = await Interface.of(app)
    web = Starlette(routes=routes(token, {**_handlers(app), **interface.handlers()}, {"import": told_by(app)}))
    build_console(web, desk, console, pictures=lambda sha256: app.memory.ledger(lambda book: book.picture(sha256)))
    servers = [(_server(web), listener), *await _for_programs(app, interface)]
    ports = [taken.getsockname()[1] for _, taken in servers]
    write_run_file(directory, port=port, token=token, api_port=ports[1] if len(ports) > 1 else None)
    serving = {asyncio.create_task(server.serve(sockets=[taken])) for server, taken in servers}
    telling = asyncio.create_task(interface.tell_refusals())
    announce(f"http://{host}:{port}/")
    await asyncio.wait({*serving, telling, loops}, return_when=asyncio.FIRST_COMPLETED)
    telling.cancel()
    for server, _ in servers:
        server.should_exit = True
    await asyncio.gather(*serving)
    interface.close()
    if levers is not None:
        await levers.close()


def _server(web: Starlette) -> WebServer:
    config = uvicorn.Config(
        web, log_level="warning", access_log=False, timeout_graceful_shutdown=2, ws_max_size=262_144
    )
    return WebServer(config)


async def _for_programs(app: App, interface: Interface) -> list[tuple[WebServer, socket.socket]]:
    """The server of /api and /mcp where it is enabled, on a port of its own: a proxy before it never reaches the console."""
    place = app.workspace.settings.api
    if not place.enabled:
        return []
    site = await asyncio.to_thread(importlib.import_module, "bot.api.site")  # the MCP library takes a second
    listener = _listen(place.host, place.port, "api")
    log.info("api.listening host=%s port=%d", *listener.getsockname()[:2])
    return [(_server(site.build(interface.door)), listener)]


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

    async def value(request: dict[str, Any]) -> dict[str, Any]:
        return await valued(app.workspace, app.memory, request)

    return {"ask": ask, "probe": probe, "value": value, "verify": verify}


def _listen(host: str, port: int, part: str) -> socket.socket:
    """A listening socket. Raises SourceError naming the port that is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as e:
        listener.close()
        raise SourceError(f"{part}: {host}:{port} cannot be used ({e.strerror}); set another [{part}] port") from e
    listener.listen(64)
    return listener


def write_run_file(directory: Path, *, port: int, token: str, api_port: int | None = None) -> None:
    """Where a running workspace is reached: port and token, readable by its owner only; and the port for programs."""
    path = directory / RUN_FILE
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        found = {"port": port, "token": token, "pid": os.getpid()}
        json.dump(found | ({"api_port": api_port} if api_port is not None else {}), file)
