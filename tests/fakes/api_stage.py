"""The interface over a house on its stage: tokens for its people, and requests that never leave the process."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette

from bot.api.opening import Interface
from bot.api.site import build
from tests.fakes.house_ground import Edits
from tests.fakes.house_stage import HouseStage

PLACES = {"chen": "a_bank", "zhao": "a_group", "li": "a_group", "ma": "b_bank"}
"""Risk officers of both banks in their own chats; bank A's borrower and depot in the project's."""


@dataclass
class ApiStage:
    """One house, its interface, and whoever asks."""

    house: HouseStage
    interface: Interface
    client: httpx.AsyncClient
    site: Starlette

    async def token(self, person: str, *, days: int = 30) -> str:
        """A new token of this person in their chat."""
        made = await self.interface.token(
            {"do": "create", "person": person, "chat": PLACES[person], "name": "test", "days": days}
        )
        return made["token"]

    async def post(self, path: str, body: object, token: str | None = None, **more) -> httpx.Response:
        return await self.client.post(path, json=body, headers=headers(token), **more)

    async def get(self, path: str, token: str | None = None, **query) -> httpx.Response:
        return await self.client.get(path, headers=headers(token), params=query)

    def pass_time(self, seconds: float) -> None:
        self.house.times.passes(seconds)


async def live(site: Starlette, ready: asyncio.Event, over: asyncio.Event) -> None:
    """The site's life in one task, as a server keeps it; a fixture begins and ends in different ones."""
    async with site.router.lifespan_context(site):
        ready.set()
        await over.wait()


def headers(token: str | None) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"} if token is not None else {}


@asynccontextmanager
async def api_stage(directory, *, edits: Edits | None = None):
    """Everything read, priced and on paper, and the interface open."""
    house = await HouseStage.calm(directory, edits=edits)
    interface = await Interface.of(house.app)
    site = build(interface.door)
    transport = httpx.ASGITransport(site)
    ready, over = asyncio.Event(), asyncio.Event()
    living = asyncio.create_task(live(site, ready, over))
    await ready.wait()
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        yield ApiStage(house, interface, client, site)
    over.set()
    await living
    interface.close()
    house.fall()
