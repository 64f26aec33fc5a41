"""Routes for the command line: ask, probe, verify, import. A bearer token from run.json; anything else is refused."""

import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
Teller = Callable[[dict[str, Any]], AsyncIterator[dict[str, Any]]]
MOST_BYTES = 65_536


def routes(token: str, handlers: Mapping[str, Handler], tellers: Mapping[str, Teller]) -> list[Route]:
    """POST /api/<name> with a JSON object → the handler's JSON object, or the teller's, one to a line.

    401 without the token, 422 for no object. A teller is closed when the other side goes away.
    """
    once = {name: _answering(handler) for name, handler in handlers.items()}
    many = {name: _telling(teller) for name, teller in tellers.items()}
    return [Route(f"/api/{name}", _endpoint(token, to), methods=["POST"]) for name, to in {**once, **many}.items()]


def _answering(handler: Handler) -> Callable[[dict[str, Any]], Awaitable[Response]]:
    async def answer(asked: dict[str, Any]) -> Response:
        return JSONResponse(await handler(asked))

    return answer


def _telling(teller: Teller) -> Callable[[dict[str, Any]], Awaitable[Response]]:
    async def lines(asked: dict[str, Any]) -> AsyncIterator[str]:
        async for told in teller(asked):
            yield json.dumps(told, ensure_ascii=False) + "\n"

    async def answer(asked: dict[str, Any]) -> Response:
        return StreamingResponse(lines(asked), media_type="application/x-ndjson")

    return answer


def _endpoint(
    token: str, answer: Callable[[dict[str, Any]], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return JSONResponse({"error": "the token of run.json is needed"}, status_code=401)
        body = await request.body()
        if len(body) > MOST_BYTES:
            return JSONResponse({"error": f"at most {MOST_BYTES} bytes"}, status_code=413)
        try:
            asked = await request.json()
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            return JSONResponse({"error": "a JSON object is expected"}, status_code=422)
        return await answer(asked)

    return endpoint
