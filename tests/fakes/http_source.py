"""A small HTTP source on loopback that answers exactly the bytes a test gives it, and remembers what was asked."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Respond = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class HttpSource:
    """Where it listens, and the request targets it has seen (path and query)."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


def answer(body: bytes, status: str = "200 OK", *extra: str) -> bytes:
    """A whole response with this body."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *extra]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def document(value: Any) -> bytes:
    """A whole response with this value as JSON."""
    return answer(json.dumps(value, ensure_ascii=False).encode(), "200 OK", "Content-Type: application/json")


@asynccontextmanager
async def http_source(respond: Respond | bytes) -> Any:
    """Serve: either the same bytes to everybody, or whatever ``respond(target, writer)`` writes."""
    it = HttpSource()
    handlers: set[Any] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.add(asyncio.current_task())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            it.asked.append(head.split(b" ")[1].decode())
            if isinstance(respond, bytes):
                writer.write(respond)
            else:
                await respond(it.asked[-1], writer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    it.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield it
    finally:
        server.close()
        await asyncio.gather(*handlers, return_exceptions=True)
        await server.wait_closed()
