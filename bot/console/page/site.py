"""Mounts the console on an application: the page at ``/``, its files, and the WebSocket that feeds it.

A foreign web page in the same browser can reach the loopback as well, so both doors look at who is asking: the Host
must be a name of ours (a rebound DNS name is none), and a WebSocket's Origin must be the page's own.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from bot.board import Desk
from bot.console.channel import ConsoleChannel
from bot.console.page.seat import Hall, Seat
from bot.console.page.words import WORDS_FILE, load_words

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_PAGE = Path(__file__).parent
_STATIC = _PAGE.parent / "static"
_SEATS = 64  # open pages; each costs a board a second
_TRY_LATER = 1013  # IANA WebSocket close codes: try again later
_POLICY = 1008  # RFC 6455 7.4.1: policy violation
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


Kept = Callable[[str], Awaitable[bytes | None]]
"""The bytes of a picture by its digest; None where it is kept no more."""


def build(
    app: Starlette,
    desk: Desk,
    channel: ConsoleChannel,
    *,
    pictures: Kept | None = None,
    hosts: frozenset[str] = LOOPBACK,
) -> None:
    """Add the console's routes to ``app`` (Starlette or FastAPI). hosts: names under which the page may be opened."""
    assets = _fingerprint()
    base = f"/console/{assets}"
    page = _render(base, demo=desk.demo)
    hall = Hall(desk=desk, server=channel.server, assets=assets)

    async def index(request: Request) -> Response:
        if not _ours(request.headers, hosts):
            return PlainTextResponse(f"host not allowed; open one of {sorted(hosts)}", status_code=400)
        return HTMLResponse(page, headers=_HEADERS)

    async def line(socket: WebSocket) -> None:
        await socket.accept()
        if not _ours(socket.headers, hosts):
            await socket.close(_POLICY)
        elif len(channel.server.ears) >= _SEATS:
            await socket.close(_TRY_LATER)
        else:
            await Seat(socket, hall).serve()

    async def picture(request: Request) -> Response:
        sha256, key = request.path_params["sha256"], request.query_params.get("key", "")
        own = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        if not own or not _ours(request.headers, hosts):
            return PlainTextResponse("only the console's own page shows pictures", status_code=403)
        if not hmac.compare_digest(key.encode(), channel.server.picture_key(sha256).encode()):
            return PlainTextResponse("the key of the message is needed", status_code=403)
        content = await pictures(sha256) if pictures is not None else None
        if content is None:
            return PlainTextResponse("kept no more", status_code=404)
        return Response(content, media_type="image/png", headers=_HEADERS)

    app.router.routes += [
        Route("/", index, include_in_schema=False),
        Route("/console/picture/{sha256}", picture, include_in_schema=False),
        Mount(base, StaticFiles(directory=_STATIC), name="console-static"),
        WebSocketRoute("/console/line", line),
    ]


def _ours(headers: Headers, hosts: frozenset[str]) -> bool:
    host = headers.get("host", "")
    origin = headers.get("origin")
    return urlsplit(f"//{host}").hostname in hosts and (origin is None or urlsplit(origin).netloc == host)


def _render(base: str, *, demo: bool) -> str:
    """The shell, with the words as JSON in it; everything else arrives through the WebSocket."""
    environment = Environment(loader=FileSystemLoader(_PAGE), undefined=StrictUndefined, autoescape=True)
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}  # the order of the words is meant
    return environment.get_template("index.html.j2").render(base=base, demo=demo, words=load_words())


def _fingerprint() -> str:
    """Names this build of the page, so that an open page notices that the program was changed under it."""
    digest = hashlib.sha256(WORDS_FILE.read_bytes())
    for file in (*sorted(_STATIC.iterdir()), _PAGE / "index.html.j2"):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
