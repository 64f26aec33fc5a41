"""The wire to a Bot API server: a python-telegram-bot client that never holds the token.

That library and httpx put the address of every call, token included, into logs, reprs and error messages. Here they
see a stand-in only; the transport writes the real token into the address as the request leaves. Bodies stay out of
the logs as well: both libraries are kept at WARNING, and unreadable answers are not quoted.
"""

import json
import logging
import os
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote
from urllib.request import getproxies, proxy_bypass

import httpx
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

STAND_IN = "0:withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Waits in seconds. read_s is long because a time-out after sending leaves us not knowing what happened."""

    poll_s: int = 30
    connect_s: float = 10.0
    read_s: float = 20.0
    retry_first_s: float = 1.0
    retry_max_s: float = 30.0
    conflict_s: float = 30.0  # somebody else polls with our token: asking faster only disturbs both
    held_s: float = 60.0  # an event not done for so long is worth a log line
    again_s: float = 0.5  # between two looks past an event that takes a while: Telegram answers such a poll at once


class TokenTransport(httpx.AsyncBaseTransport):
    """Puts the token into the address below everything that logs."""

    def __init__(self, token: str, inner: httpx.AsyncBaseTransport) -> None:
        self._token = quote(token.strip(), safe=":").encode()
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the same request to the address with the true token."""
        path = request.url.raw_path.replace(STAND_IN.encode(), self._token, 1)
        return await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                request.url.copy_with(raw_path=path),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )

    async def aclose(self) -> None:
        """Close the pool below."""
        await self._inner.aclose()


class QuietRequest(HTTPXRequest):
    """HTTPXRequest that does not quote unreadable answers and refuses JSON that is no Bot API answer."""

    __slots__ = ()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as an object with ``result`` or ``ok: false``. Raises TelegramError for anything else."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError as error:
            raise TelegramError("Invalid server response") from error
        if not isinstance(answer, dict) or (answer.get("ok") is not False and "result" not in answer):
            raise TelegramError("Invalid server response")
        return answer


class PollingBot(Bot):
    """Bot that also hands out updates unparsed, so that one malformed update does not cost the whole batch."""

    __slots__ = ()

    async def raw_updates(self, offset: int | None, *, wait_s: int, kinds: tuple[str, ...]) -> list[Any]:
        """Updates from ``offset`` on, as JSON; all before it are forgotten by Telegram. Raises TelegramError."""
        asked = {"offset": offset, "timeout": wait_s, "allowed_updates": list(kinds)}
        found = await self._post("getUpdates", asked, read_timeout=wait_s + 10.0)
        if not isinstance(found, list):
            raise TelegramError("Invalid server response")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A client and the pools that it owns."""

    bot: PollingBot
    pools: tuple[HTTPXRequest, ...]

    async def close(self) -> None:
        """Close every socket."""
        for pool in self.pools:
            await pool.shutdown()


def connect(*, token: str, base_url: str, timing: Timing) -> Connection:
    """A client for the server at ``base_url``, with or without the customary /bot at its end. Opens no socket yet."""
    _silence()
    # the library warns on every 429 until told that we take timedeltas; it reads this at each use
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    sending = _pool(token, base_url, timing, size=16)
    polling = _pool(token, base_url, timing, size=1)
    root = base_url.rstrip("/").removesuffix("/bot")
    bot = PollingBot(STAND_IN, f"{root}/bot", request=sending, get_updates_request=polling)
    return Connection(bot=bot, pools=(sending, polling))


@cache
def _trust() -> ssl.SSLContext:
    # reading the certificates takes a tenth of a second, and SSL_CERT_FILE is the same for all
    return httpx.create_ssl_context()


def _pool(token: str, base_url: str, timing: Timing, *, size: int) -> QuietRequest:
    limits = httpx.Limits(max_connections=size)
    inner = httpx.AsyncHTTPTransport(verify=_trust(), limits=limits, proxy=_proxy(base_url))
    return QuietRequest(
        connect_timeout=timing.connect_s,
        read_timeout=timing.read_s,
        write_timeout=timing.connect_s,
        pool_timeout=timing.connect_s,
        httpx_kwargs={"transport": TokenTransport(token, inner)},
    )


def _proxy(base_url: str) -> str | None:
    # httpx leaves the environment's proxies aside once it is given a transport, and a bank needs one to reach Telegram
    url = httpx.URL(base_url)
    if url.host in {"127.0.0.1", "localhost", "::1"} or proxy_bypass(url.host):
        return None
    proxies = getproxies()
    return proxies.get(url.scheme) or proxies.get("all")


def _silence() -> None:
    for name in ("httpx", "httpcore", "telegram"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
