"""An OpenAI-compatible endpoint over real HTTP on loopback that says what a test scripted, true or not, and keeps every byte.

    async with ModelEndpoint(call("q_value"), say("好的")) as endpoint: ...

Each request takes the next reply; the last one is repeated for ever. Answers JSON, or SSE where the request streams.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

Usage = Mapping[str, int]
USAGE: Usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. calls: (tool's name, its arguments as the JSON text that is sent). body: these bytes instead of all.

    cut: the connection ends in the middle of the body. hang: nothing comes before the endpoint closes. packed: what it says
    of the body's encoding.
    """

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    status: int = 200
    body: bytes | None = None
    cut: bool = False
    hang: bool = False
    usage: Usage | None = None
    packed: str = ""


Script = Callable[[dict[str, Any]], Reply]
"""What to answer a request's JSON."""


def say(text: str) -> Reply:
    """Words only."""
    return Reply(text=text)


def call(*named: str | tuple[str, Mapping[str, Any] | str], text: str = "") -> Reply:
    """Tool calls: a name, or a name and its arguments (a text is sent as it is, JSON or not)."""
    pairs = [(n, {}) if isinstance(n, str) else n for n in named]
    return Reply(text=text, calls=tuple((n, a if isinstance(a, str) else json.dumps(a)) for n, a in pairs))


def raw(body: str, status: int = 200) -> Reply:
    """Any body at all."""
    return Reply(body=body.encode(), status=status)


HANG = Reply(hang=True)
CUT = Reply(text="x" * 400, cut=True)
BUSY = raw('{"error": {"message": "slow down", "type": "rate_limit", "code": "429"}}', 429)
BROKEN = raw('{"error": {"message": "oops"}}', 500)


class ModelEndpoint:
    """Where it listens (``url``), what it was asked (``asked``: JSON bodies) and every byte it received (``bytes``).

    reached: something was asked. left: a hanging request was given up by its asker.
    """

    def __init__(self, *script: Reply | Script, keeps: bool = True) -> None:
        """keeps: remember what was asked; without it a long run costs no memory."""
        self.url = ""
        self._keeps = keeps
        self.plays(*script)
        self._handlers: set[asyncio.Task[Any]] = set()

    def plays(self, *script: Reply | Script) -> None:
        """From now on this script; what was asked before is forgotten."""
        self._script = list(script) or [say("")]
        self.asked: list[dict[str, Any]] = []
        self._bytes: list[bytes] = []
        self.reached, self.left = asyncio.Event(), asyncio.Event()

    @property
    def bytes(self) -> bytes:
        """Everything that came in, heads and bodies."""
        return b"".join(self._bytes)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._server.close()
        for handler in self._handlers:
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            self._handlers.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length:"))
        body = await reader.readexactly(length)
        request = json.loads(body)
        if self._keeps:
            self._bytes.append(head + body)
            self.asked.append(request)
        self.reached.set()
        reply = self._next(request)
        if reply.hang:
            await reader.read()  # until the other side gives up
            self.left.set()
            return False
        kind, content = _content(reply, request)
        kind = f"{kind}\r\nContent-Encoding: {reply.packed}" if reply.packed else kind
        said = f"HTTP/1.1 {reply.status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        writer.write(said + (content[: len(content) // 2] if reply.cut else content))
        await writer.drain()
        return not reply.cut

    def _next(self, request: dict[str, Any]) -> Reply:
        step = self._script[min(len(self.asked), len(self._script)) - 1]
        return step(request) if callable(step) else step


def _content(reply: Reply, request: dict[str, Any]) -> tuple[str, bytes]:
    if reply.body is not None:
        return "application/json", reply.body
    calls = [
        {"index": i, "id": f"call_{i}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for i, (name, arguments) in enumerate(reply.calls)
    ]
    message = {"role": "assistant", "content": reply.text or None, **({"tool_calls": calls} if calls else {})}
    base = {"id": "c-1", "created": 1, "model": request["model"]}
    usage, why = dict(reply.usage or USAGE), "tool_calls" if calls else "stop"
    if not request.get("stream"):
        choice = {"index": 0, "message": message, "finish_reason": why}
        return "application/json", json.dumps(
            {**base, "object": "chat.completion", "choices": [choice], "usage": usage}, ensure_ascii=False
        ).encode()
    chunk = {**base, "object": "chat.completion.chunk"}
    parts = [
        {**chunk, "choices": [{"index": 0, "delta": message, "finish_reason": None}]},
        {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": why}]},
        {**chunk, "choices": [], "usage": usage},
    ]
    lines = "".join(f"data: {json.dumps(p, ensure_ascii=False)}\n\n" for p in parts)
    return "text/event-stream", (lines + "data: [DONE]\n\n").encode()
