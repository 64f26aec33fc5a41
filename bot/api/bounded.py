"""Before anything looks at a request: its body is here, whole, in time and not too long, and not too many are under way."""

import asyncio
import logging
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.api.problem import Problem, problem

log = logging.getLogger(__name__)

MOST_BYTES = 65_536
BODY_S = 10.0
MOST_AT_ONCE = 32


class Bounded:
    """ASGI middleware: reads the body before the application does, and hands it on in one piece."""

    def __init__(
        self, app: ASGIApp, *, most_bytes: int = MOST_BYTES, body_s: float = BODY_S, at_once: int = MOST_AT_ONCE
    ) -> None:
        self._app, self._most_bytes, self._body_s, self._at_once = app, most_bytes, body_s, at_once
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer with a problem. What an endpoint raises becomes a problem too, and a log line."""
        if scope["type"] != "http":
            await self._other(scope, receive, send)
            return
        if self._under_way >= self._at_once:
            await _busy().response()(scope, receive, send)
            return
        self._under_way += 1
        try:
            body = await self._body(scope, receive)
            if isinstance(body, Problem):
                await body.response()(scope, receive, send)
            elif body is not None:
                await self._serve(scope, _replayed(body, receive), send)
        finally:
            self._under_way -= 1

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:  # the outermost loop of a request
            log.exception("api.failed path=%s", scope["path"])
            if begun:
                raise
            await _ours().response()(scope, receive, send)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The server's own start and stop pass; there are no web sockets here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | Problem | None:
        """The whole body, what is wrong with it, or None where the other side went away."""
        said = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        if said.isdigit() and int(said[:12]) > self._most_bytes:
            return self._too_long()
        found = bytearray()
        try:
            async with asyncio.timeout(self._body_s):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    found += message.get("body", b"")
                    if len(found) > self._most_bytes:
                        return self._too_long()
                    if not message.get("more_body", False):
                        return bytes(found)
        except TimeoutError:
            return problem(
                HTTPStatus.REQUEST_TIMEOUT,
                "slow",
                place="",
                detail=f"the body was not here within {self._body_s:g} s",
                remedy="send it at once",
            )

    def _too_long(self) -> Problem:
        return problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too_long",
            place="",
            detail=f"the body is longer than {self._most_bytes} bytes",
            remedy="ask for fewer things at once",
        )


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body in one message, then whatever the connection says."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _busy() -> Problem:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "busy",
        place="",
        detail=f"{MOST_AT_ONCE} requests are under way",
        remedy="ask again in a second, one after another",
        retry_after_s=1,
    )


def _ours() -> Problem:
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "failed",
        place="",
        detail="this program has failed at it; its log says how",
        remedy="tell the operators the time; ask in the chat meanwhile",
    )
