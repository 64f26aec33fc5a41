"""The interface over real HTTP: a house, its loop and uvicorn in a thread of their own, for clients that know no asyncio."""

import asyncio
import threading
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from tests.fakes.api_stage import api_stage


@dataclass
class Served:
    """Where it listens, and a token of bank A's risk officer."""

    url: str
    token: str


@contextmanager
def api_server(directory, *, edits=None):
    """Serve until the block ends."""
    ready, found = threading.Event(), []

    async def live() -> None:
        async with api_stage(directory, edits=edits) as stage:
            server = uvicorn.Server(uvicorn.Config(stage.site, port=0, log_level="critical", lifespan="off"))
            serving = asyncio.create_task(server.serve())
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            found.extend([Served(url=f"http://127.0.0.1:{port}", token=await stage.token("chen")), server])
            ready.set()
            await serving

    thread = threading.Thread(target=lambda: asyncio.run(live()), daemon=True)
    thread.start()
    assert ready.wait(20), "the server did not start"
    try:
        yield found[0]
    finally:
        found[1].should_exit = True
        thread.join(10)
