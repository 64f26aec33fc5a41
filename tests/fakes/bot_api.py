"""A fake Telegram Bot API over real HTTP on loopback, with a memory. It does what the true one does where it matters.

    async with FakeBotApi() as api:
        api.world.group(-100, members=(1, 2))
        ...point a bot at api.url with api.token...
        shown = await api.next_message()

Texts are parsed and counted as Telegram does, mentions of strangers are dropped, five are notified; faults are
scripted with ``fail_next``; people act through ``api.people``. Every message carries its arrival time.
"""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.fakes.bot_api_faults import CUT, Connections, Fault
from tests.fakes.bot_api_methods import METHODS, RefusalError
from tests.fakes.bot_api_people import People
from tests.fakes.bot_api_text import TextError
from tests.fakes.bot_api_world import Shown, World

Params = dict[str, str]


class _Server(uvicorn.Server):
    """uvicorn without its clock tick and without taking the process's signals, which belong to the test."""

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._closing = closing

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self._closing.wait()


class FakeBotApi:
    """One server with one bot. ``token`` is the only token it knows."""

    token = "4242:loopback"

    def __init__(self, *, privacy: bool = True, joinable: bool = True) -> None:
        self.world = World()
        self.people = People(self.world)
        self.privacy = privacy
        self.joinable = joinable
        self.calls: list[tuple[str, Params]] = []
        self.press_answers: list[tuple[str, str]] = []
        self.commands: list[dict[str, str]] = []
        self.webhook: str | None = None
        self.closing = asyncio.Event()
        self.polls = 0  # getUpdates begun; an older one still waiting is told 409
        self.url = ""
        self._faults: list[tuple[Fault, str | None, int | None]] = []
        self._unplugged = False
        self._taken = 0
        self._connections = Connections()

    async def __aenter__(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        app = Starlette(routes=[Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"])])
        config = uvicorn.Config(
            app,
            http=self._connections.protocol(),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        listening = socket.create_server(("127.0.0.1", 0))  # callers queue here until uvicorn is up
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._server = _Server(config, self.closing)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of everyone who waits, then stop."""
        self.closing.set()
        async with self.world.arrived:
            self.world.arrived.notify_all()
        await self._serving

    @property
    def messages(self) -> list[Shown]:
        """Every message of the bot, oldest first."""
        return self.world.messages

    async def next_message(self, within_s: float = 5.0) -> Shown:
        """The oldest message that was not yet taken; waits for it. Raises TimeoutError."""
        async with self.world.arrived:
            await asyncio.wait_for(self.world.arrived.wait_for(lambda: len(self.messages) > self._taken), within_s)
        self._taken += 1
        return self.messages[self._taken - 1]

    async def polled(self, times: int, within_s: float = 5.0) -> None:
        """Waits until getUpdates was called so often. Raises TimeoutError."""
        async with self.world.arrived:
            await asyncio.wait_for(self.world.arrived.wait_for(lambda: self.polls >= times), within_s)

    def fail_next(self, fault: Fault, *, method: str | None = "sendMessage", chat: int | None = None) -> None:
        """The next call of ``method`` (A|B: of either, None: of any) for ``chat`` (None: for any) goes wrong."""
        self._faults.append((fault, method, chat))

    async def vanish(self) -> None:
        """Nobody listens any more: connections break and new ones are refused."""
        for server in self._server.servers:
            server.close()
        await self._connections.end_all()

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(1 for called, _ in self.calls if called == method)

    @contextmanager
    def unplugged(self) -> Iterator[None]:
        """Within this block every call is cut before it is processed."""
        self._unplugged = True
        yield
        self._unplugged = False

    async def _answer(self, request: Request) -> Response:
        try:
            method, params = request.path_params["method"], await _params(request)
        except ClientDisconnect:  # killed half-way through its request: nothing was asked
            return PlainTextResponse("", status_code=499)
        self.calls.append((method, params))
        fault = self._fault_for(method, params)
        if fault is not None and fault.kind not in {"cut_after", "hang_after"}:
            return await self._misbehave(fault, request)
        response = await self._process(request.path_params["token"], method, params)
        return response if fault is None else await self._misbehave(fault, request)

    async def _process(self, token: str, method: str, params: Params) -> Response:
        handler: Callable[[Any, Params], Awaitable[Any]] | None = METHODS.get(method.lower())
        if token != self.token:
            return _refusal(401, "Unauthorized")
        if handler is None:
            return _refusal(404, "Not Found")
        try:
            return _json({"ok": True, "result": await handler(self, params)}, 200)
        except TextError as error:
            return _refusal(400, f"Bad Request: {error}")
        except RefusalError as error:
            return _refusal(error.code, str(error))

    def _fault_for(self, method: str, params: Params) -> Fault | None:
        if self._unplugged:
            return CUT
        for entry in self._faults:
            fault, only, chat = entry
            if (only is None or method in only.split("|")) and (chat is None or params.get("chat_id") == str(chat)):
                self._faults.remove(entry)
                return fault
        return None

    async def _misbehave(self, fault: Fault, request: Request) -> Response:
        if fault.kind in {"cut", "cut_after", "drop"}:
            await self._connections.end(tuple(request.scope["client"]), reset=fault.kind != "drop")
        if fault.kind in {"hang", "hang_after"}:
            await self.closing.wait()
        if fault.kind == "refuse":
            return _refusal(fault.code, fault.description, **fault.parameters)
        return PlainTextResponse(fault.body, status_code=fault.code)


async def _params(request: Request) -> Params:
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/"):
        return _parts(kind, body)
    if "json" in request.headers.get("content-type", ""):
        return {k: v if isinstance(v, str) else json.dumps(v) for k, v in json.loads(body).items()}
    return dict(request.query_params) | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _parts(kind: str, body: bytes) -> Params:
    """Fields of a form with files; a file's bytes as Latin-1 text, so that every parameter is a text."""
    form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found: Params = {}
    for part in form.iter_parts():
        name, content = str(part.get_param("name", header="content-disposition")), part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[name] = content.decode("latin-1" if part.get_filename() else "utf-8")
    return found


def _refusal(code: int, description: str, **parameters: int) -> Response:
    answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return _json(answer | ({"parameters": parameters} if parameters else {}), code)


def _json(answer: dict[str, Any], code: int) -> Response:
    # like the true server's, everything beyond ASCII is escaped, lone surrogates too
    return Response(json.dumps(answer), status_code=code, media_type="application/json")
