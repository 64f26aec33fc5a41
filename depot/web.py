"""The HTTP side: documents to read, levers to pull. Loopback only; no state of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from depot.clock import US_PER_S, iso
from depot.feeds import truth_document
from depot.levers.lever import InputError
from depot.levers.registry import LEVERS
from depot.registers.document import as_markdown
from depot.station import Station

Handler = Callable[[Request], Awaitable[Response]]


def web_app(station: Station) -> Starlette:
    """The application for a station."""
    page = _Pages(station)
    routes = [
        Route("/health", page.health),
        Route("/registers", page.registers),
        Route("/registers/{site}", page.registers),
        Route("/book", page.feed("book")),
        Route("/ledger", page.ledger),
        Route("/workorders", page.workorders),
        Route("/releases", page.feed("releases")),
        Route("/prices", page.feed("prices")),
        Route("/truth", page.truth),
        Route("/levers", page.levers),
        Route("/levers/{name}", page.pull, methods=["POST"]),
    ]
    # Names other than the loopback's are refused: a web page must not reach the levers by DNS rebinding.
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[station.host, "127.0.0.1", "localhost"])
    return Starlette(routes=routes, middleware=[hosts], exception_handlers={InputError: _input_error})


async def _input_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, InputError)
    body = {"error": str(error), "field": error.field, "allowed": error.allowed}
    return JSONResponse(body, status_code=422)


class _Pages:
    def __init__(self, station: Station) -> None:
        self._station = station

    async def health(self, _request: Request) -> Response:
        station = self._station
        farm = station.farm
        sites = {
            site: {"port": it.port, "listening": it.listening, "connections": it.connections}
            for site, it in station.listeners.items()
        }
        return JSONResponse(
            {
                "ok": True,
                "as_of": iso(farm.now_us),
                "started_at": iso(station.started_us),
                "uptime_s": round((farm.now_us - station.started_us) / US_PER_S, 3),
                "ticks": station.ticks,
                "tanks": len(farm.world.tanks),
                "sites": sites,
            }
        )

    async def registers(self, request: Request) -> Response:
        site = request.path_params.get("site")
        known = list(self._station.listeners)
        if site is not None and site not in known:
            raise InputError("site", f"{site!r} is not known", known)
        documents = [self._station.registers(s) for s in ([site] if site is not None else known)]
        if request.query_params.get("format", "json") == "md":
            text = "\n".join(as_markdown(document) for document in documents)
            return PlainTextResponse(text, media_type="text/markdown")
        if site is not None:
            return JSONResponse(documents[0])
        return JSONResponse({"as_of": iso(self._station.farm.now_us), "sites": documents})

    def feed(self, name: str) -> Handler:
        async def serve(_request: Request) -> Response:
            return JSONResponse(self._station.feeds.document(name))

        return serve

    async def workorders(self, request: Request) -> Response:
        """With since: what is open, or was written to at or after that moment."""
        document = self._station.feeds.document("workorders")
        if (since := request.query_params.get("since")) is not None:
            after = _moment(since)
            rows = [r for r in document["rows"] if r["closed_at"] is None or _moment(r["updated_at"]) >= after]
            document = {**document, "rows": rows}
        return JSONResponse(document)

    async def ledger(self, request: Request) -> Response:
        """With since: what was written at or after that moment."""
        document = self._station.feeds.document("ledger")
        if (since := request.query_params.get("since")) is not None:
            after = _moment(since)
            document = {**document, "rows": [r for r in document["rows"] if _moment(r["written_at"]) >= after]}
        return JSONResponse(document)

    async def truth(self, _request: Request) -> Response:
        return JSONResponse(truth_document(self._station.farm))

    async def levers(self, _request: Request) -> Response:
        world = self._station.farm.world
        return JSONResponse({"levers": [lever.document(world) for lever in LEVERS.values()]})

    async def pull(self, request: Request) -> Response:
        """Check, let time catch up, pull, show it in the registers, and say when they changed."""
        station = self._station
        lever = LEVERS.get(request.path_params["name"])
        if lever is None:
            raise InputError("lever", f"{request.path_params['name']!r} is not known", list(LEVERS))
        args = lever.check(await _body(request), station.farm.world)
        station.catch_up()
        done = await lever.pull(station, args)
        station.refresh()
        changed_at_us = time.time_ns() // 1000
        return JSONResponse(
            {"lever": lever.name, "changed_at_us": changed_at_us, "as_of": iso(station.farm.now_us), "done": done}
        )


async def _body(request: Request) -> Any:
    raw = await request.body()
    if not raw.strip():
        return {}
    try:
        return json.loads(raw)
    except ValueError as error:
        raise InputError("body", f"is not JSON: {error}", "a JSON object") from error


def _moment(text: str) -> datetime:
    """An aware moment; a space stands for the + that URLs swallow."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise InputError("since", f"{text!r} is not a time", "ISO-8601 with Z or offset") from error
    if moment.tzinfo is None:
        raise InputError("since", f"{text!r} has no time zone", "ISO-8601 with Z or offset")
    return moment
