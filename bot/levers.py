"""The simulated depot's levers over HTTP. Only the demo has them."""

from collections.abc import Mapping
from typing import Any

import httpx

from bot.board import Lever
from domain.errors import SourceMalformed, SourceUnavailable


class DepotLevers:
    """Reads which levers there are, and pulls them."""

    def __init__(self, base_url: str, timeout_s: float = 5.0) -> None:
        """base_url: where the depot listens."""
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout_s, limits=httpx.Limits(keepalive_expiry=1.0))
        self.known: tuple[Lever, ...] = ()

    async def learn(self) -> None:
        """Read the list once. Raises SourceUnavailable."""
        answer = await self._asked("GET", "/levers", None)
        self.known = tuple(
            Lever(
                name=row["name"],
                label=row["label"],
                parameters={p["name"]: p for p in row["params"]},
            )
            for row in answer["levers"]
        )

    async def pull(self, name: str, parameters: Mapping[str, Any]) -> str:
        """Pull a lever; "" when it is done. Raises SourceMalformed where the depot refuses the parameters."""
        given = {k: v for k, v in parameters.items() if v not in (None, "")}
        await self._asked("POST", f"/levers/{name}", given)
        return ""

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _asked(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, path, json=body)
        except httpx.TransportError as e:
            raise SourceUnavailable(f"depot: no answer to {path!r} ({type(e).__name__})") from e
        found: dict[str, Any] = answer.json()
        if answer.status_code != httpx.codes.OK:
            raise SourceMalformed(str(found.get("error", found)))
        return found
