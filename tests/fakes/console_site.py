"""The console on a real loopback port around the fake desk. By hand: ``python -m tests.fakes.console_site [--run]``."""

import argparse
import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette

from bot.console.channel import ConsoleChannel
from bot.console.page import build
from tests.fakes.desk import FakeDesk
from tests.fakes.desk_talk import talk, tell
from tests.fakes.desk_world import BOT, CHATS


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a test may touch: the page's address, the desk behind it, and the chat."""

    url: str
    port: int
    desk: FakeDesk
    channel: ConsoleChannel


@asynccontextmanager
async def console_site(*, demo: bool = True, port: int = 0, desk: FakeDesk | None = None) -> AsyncIterator[Site]:
    """The afternoon told, the bot talking, the page open at ``url``."""
    desk = desk or FakeDesk(demo=demo)
    channel = ConsoleChannel(CHATS, name=BOT, now=lambda: desk.now)
    await tell(channel, desk)
    app = Starlette()
    build(app, desk, channel)
    talking = asyncio.create_task(talk(channel))
    try:
        async with served(app, port) as bound:
            yield Site(url=f"http://127.0.0.1:{bound}/", port=bound, desk=desk, channel=channel)
    finally:
        await channel.close()
        await talking


@asynccontextmanager
async def served(app: Starlette, port: int = 0) -> AsyncIterator[int]:
    """``app`` under uvicorn inside this loop, as the bot serves it; the port it got."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await task


async def _preview(*, demo: bool, port: int) -> None:
    async with console_site(demo=demo, port=port) as site:
        print(site.url, flush=True)
        while True:
            await asyncio.sleep(1)
            site.desk.touch(1.0)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8799)
    options.add_argument("--run", action="store_true", help="read-only, as in xiaoliuzi run")
    chosen = options.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_preview(demo=not chosen.run, port=chosen.port))
