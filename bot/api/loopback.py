"""Routes for the command line: ask, probe, verify, health. A bearer token from run.json; anything else is refused."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
MOST_BYTES = 65_536


def routes(token: str, handlers: dict[str, Handler]) -> list[Route]:
    """POST /api/<name> with a JSON object → the handler's JSON object. 401 without the token, 422 for no object."""
    return [Route(f"/api/{name}", _endpoint(token, handler), methods=["POST"]) for name, handler in handlers.items()]


def _endpoint(token: str, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
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
        return JSONResponse(await handler(asked))

    return endpoint
