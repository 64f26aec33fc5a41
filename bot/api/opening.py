"""The interface of a running app: its tokens, its door, and what the command line asks of them over the loopback."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from bot.api.door import Door
from bot.api.gate import Gate
from bot.api.house import HouseInside
from bot.api.keyring import Keyring, managed
from bot.api.loopback import Handler
from bot.api.problem import Problem
from bot.api.quota import Quota
from bot.api.refusals import Refusals
from bot.app import App
from domain.event import Event

STEP_S = 5.0


class Interface:
    """Everything behind the interface, whether or not a port is open for it. Use ``of``."""

    def __init__(self, app: App, keyring: Keyring) -> None:
        settings = app.workspace.settings.api
        self._app, self._keyring = app, keyring
        self.refusals = Refusals(self._commit, app.clock.now)
        quota = Quota(per_minute=settings.per_minute, per_day=settings.per_day)
        gate = Gate(keyring, app.workspace.roster, quota, self.refusals, app.clock.now)
        self._inside = HouseInside(app)
        self.door = Door(self._inside, gate)

    @classmethod
    async def of(cls, app: App) -> "Interface":
        """With the tokens that the ledger knows. Raises StoreError."""
        return cls(app, await Keyring.recalled(app.memory))

    def handlers(self) -> Mapping[str, Handler]:
        """For ``bot.api.loopback``: tokens for the operator, tools for `xiaoliuzi mcp`."""
        return {"token": self.token, "tools": self.tools, "call": self.call}

    async def token(self, request: dict[str, Any]) -> dict[str, Any]:
        """As ``managed``, in the running bot."""
        found, events = managed(self._app.workspace, self._keyring, request, self._app.clock.now())
        if events:
            await self._commit(events)
            self._keyring.take(events)
        return found

    async def tools(self, request: dict[str, Any]) -> dict[str, Any]:
        """{'token'} → {'tools'} or {'problem'}."""
        access = await self.door.gate.admit(str(request.get("token") or ""), "mcp")
        return {"problem": access.as_json()} if isinstance(access, Problem) else {"tools": self.door.tools(access)}

    async def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """{'token', 'name', 'arguments'} → {'answer'} or {'problem'}."""
        access = await self.door.gate.admit(str(request.get("token") or ""), "mcp")
        if isinstance(access, Problem):
            return {"problem": access.as_json()}
        body = json.dumps(request.get("arguments")).encode()
        found = await self.door.call(access, str(request.get("name")), body)
        if isinstance(found, Problem):
            return {"problem": found.as_json()}
        return {"answer": found.model_dump(mode="json")}

    async def tell_refusals(self) -> None:
        """For ever: what was counted becomes events. Raises StoreError."""
        while True:
            await asyncio.sleep(STEP_S)
            await self.refusals.step()

    def close(self) -> None:
        """Let go of the ledger's reader."""
        self._inside.close()

    async def _commit(self, events: list[Event]) -> None:
        await self._app.judging.record(events, [])
