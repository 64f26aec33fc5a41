"""The interface's own web application: /api for programs, /mcp for models. Beside the console, on a port of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.api.arguments import parsed
from bot.api.bounded import Bounded
from bot.api.door import Door
from bot.api.gate import Access, bearer
from bot.api.mcp_http import McpHttp
from bot.api.openapi import document
from bot.api.problem import Problem, problem
from bot.api.replies import AskBody, HealthReply

ASK_REMEDIES = {"question": "what to ask, at most 2000 characters", "after": "the question before it, or leave it out"}


def build(door: Door) -> Starlette:
    """The application. Its lifespan must run, as uvicorn runs it."""
    endpoints, mcp = _Endpoints(door), McpHttp(door)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with mcp.running():
            yield

    site = Starlette(
        routes=[
            Route("/api/health", endpoints.health, methods=["GET"]),
            Route("/api/openapi.json", endpoints.document, methods=["GET"]),
            Route("/api/skills/{name}", endpoints.skill, methods=["POST"]),
            Route("/api/ask", endpoints.ask, methods=["POST"]),
            Route("/api/alarms", endpoints.alarms, methods=["GET"]),
            Route("/mcp", mcp, methods=["POST"]),  # no streams of its own: nothing is pushed
        ],
        middleware=[Middleware(Bounded)],
        exception_handlers={HTTPException: _elsewhere},
        lifespan=lifespan,
    )
    site.router.redirect_slashes = False
    return site


class _Endpoints:
    """Each reads its request, asks the door, and writes what it says."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._document = document(door.inside.skills())

    async def health(self, request: Request) -> Response:
        """The process answers."""
        del request
        return _json(HealthReply())

    async def document(self, request: Request) -> Response:
        """The description of all this."""
        del request
        return JSONResponse(self._document)

    async def skill(self, request: Request) -> Response:
        """One skill."""
        found = self._door.skill(request.path_params["name"])
        named = found.name if not isinstance(found, Problem) else "?"
        access = await self._admitted(request, f"skills/{named}")
        if isinstance(access, Problem):
            return access.response()
        if isinstance(found, Problem):
            return found.response()
        return _said(_other_media(request) or await self._door.run(access, found, await request.body()))

    async def ask(self, request: Request) -> Response:
        """A question in plain words."""
        access = await self._admitted(request, "ask")
        if isinstance(access, Problem):
            return access.response()
        body = _other_media(request) or parsed(AskBody, await request.body(), ASK_REMEDIES)
        if isinstance(body, Problem):
            return body.response()
        assert isinstance(body, AskBody)
        return _said(await self._door.ask(access, body))

    async def alarms(self, request: Request) -> Response:
        """A page of alarms."""
        access = await self._admitted(request, "alarms")
        if isinstance(access, Problem):
            return access.response()
        return _said(await self._door.alarms(access, dict(request.query_params)))

    async def _admitted(self, request: Request, what: str) -> Access | Problem:
        return await self._door.gate.admit(bearer(request.headers.get("authorization", "")), what)


def _other_media(request: Request) -> Problem | None:
    """Only JSON that is not packed is read."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "application/json" and request.headers.get("content-encoding", "identity") == "identity":
        return None
    return problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "media_type",
        place="header Content-Type",
        detail=f"{media[:100] or 'nothing'!r} is not read here",
        remedy="send Content-Type: application/json, in UTF-8, not compressed",
    )


def _said(found: BaseModel | Problem) -> Response:
    return found.response() if isinstance(found, Problem) else _json(found)


def _json(reply: BaseModel) -> Response:
    return Response(reply.model_dump_json(), media_type="application/json")


async def _elsewhere(request: Request, failed: Exception) -> Response:
    """No such place, or another method."""
    assert isinstance(failed, HTTPException)
    status = HTTPStatus(failed.status_code)
    remedy = "GET /api/openapi.json says what there is"
    detail = f"{request.method[:20]} {request.url.path[:100]}: {status.phrase.lower()}"
    response = problem(status, status.name.lower(), place="", detail=detail, remedy=remedy).response()
    response.headers.update(failed.headers or {})
    return response
