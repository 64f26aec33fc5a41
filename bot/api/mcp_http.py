"""MCP over streamable HTTP at /mcp: the same tokens and the same door as /api. Without sessions: a token is all there is."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from bot.api.bounded import MOST_BYTES
from bot.api.door import Door
from bot.api.gate import Access, bearer
from bot.api.mcp_server import Context, server
from bot.api.problem import Problem
from domain.event import Json


class McpHttp:
    """An ASGI endpoint. Host and Origin are not looked at: what a browser could be tricked into lacks the token."""

    def __init__(self, door: Door) -> None:
        self._door = door
        logging.getLogger("mcp").setLevel(logging.WARNING)  # it would write a line for every request
        self._manager = StreamableHTTPSessionManager(
            server(self._tools, self._call), json_response=True, stateless=True, max_request_body_size=MOST_BYTES
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """As long as requests are served."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of an admitted token."""
        request = Request(scope, receive)
        access = await self._door.gate.admit(bearer(request.headers.get("authorization", "")), "mcp")
        if isinstance(access, Problem):
            await access.response()(scope, receive, send)
            return
        request.state.access = access
        await self._manager.handle_request(scope, receive, send)

    async def _tools(self, context: Context) -> Json:
        return {"tools": self._door.tools(_access(context))}

    async def _call(self, context: Context, name: str, arguments: Json) -> Json:
        found = await self._door.call(_access(context), name, json.dumps(arguments).encode())
        if isinstance(found, Problem):
            return {"problem": found.as_json()}
        return {"answer": found.model_dump(mode="json")}


def _access(context: Context) -> Access:
    assert isinstance(context.request, Request), "the transport hands on the request that was admitted"
    access = context.request.state.access
    assert isinstance(access, Access)
    return access
