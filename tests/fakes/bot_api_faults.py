"""What can go wrong between a bot and Telegram, as scripts that a test lays out beforehand."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import Literal

from uvicorn.protocols.http.h11_impl import H11Protocol

Kind = Literal["cut", "cut_after", "drop", "hang", "hang_after", "status", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing going wrong. 'after' means that the call took effect before it went wrong.

    cut: the connection is reset. drop: it is closed in good order, but without an answer.
    status: an answer with ``code`` and a ``body`` that is no Bot API answer (a gateway's page).
    refuse: a Bot API answer with ``code``, ``description`` and parameters.
    """

    kind: Kind
    code: int = 500
    description: str = ""
    body: str = "<html>nothing here</html>"
    retry_after: int | None = None
    migrate_to: int | None = None

    @property
    def parameters(self) -> dict[str, int]:
        """Telegram's ResponseParameters."""
        given = {"retry_after": self.retry_after, "migrate_to_chat_id": self.migrate_to}
        return {key: value for key, value in given.items() if value is not None}


CUT = Fault(kind="cut")
DROP = Fault(kind="drop")
CUT_AFTER = Fault(kind="cut_after")
HANG = Fault(kind="hang")
HANG_AFTER = Fault(kind="hang_after")
GARBAGE = Fault(kind="status", code=200)
BLOCKED = Fault(kind="refuse", code=403, description="Forbidden: bot was blocked by the user")
KICKED = Fault(kind="refuse", code=403, description="Forbidden: bot was kicked from the supergroup chat")
UNAUTHORIZED = Fault(kind="refuse", code=401, description="Unauthorized")
CONFLICT = Fault(kind="refuse", code=409, description="Conflict: terminated by other getUpdates request")


def server_error(code: int = 502) -> Fault:
    """Telegram itself is unwell."""
    return Fault(kind="refuse", code=code, description="Bad Gateway" if code == 502 else "Internal Server Error")


def flooded(retry_after: int) -> Fault:
    """Too many messages."""
    return Fault(
        kind="refuse", code=429, description=f"Too Many Requests: retry after {retry_after}", retry_after=retry_after
    )


def migrated(new_chat_id: int) -> Fault:
    """The group has become a supergroup."""
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return Fault(kind="refuse", code=400, description=description, migrate_to=new_chat_id)


class Connections:
    """Open sockets by the client's address, so that one can be cut the hard way."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[asyncio.Protocol]:
        """uvicorn's own protocol, telling us of its connections."""
        opened = self._open

        class Listed(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:
                super().connection_made(transport)
                opened[self.client] = transport

        return Listed

    async def end(self, client: tuple[str, int], *, reset: bool) -> None:
        """The client sees 'connection reset by peer', or an end of file."""
        transport = self._open.pop(client)
        if reset:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        await _a_turn_or_two()

    async def end_all(self) -> None:
        """Every client sees an end of file."""
        for transport in self._open.values():
            transport.abort()
        self._open.clear()
        await _a_turn_or_two()


async def _a_turn_or_two() -> None:
    # an aborted transport closes its socket, and uvicorn learns of it, in the next turns of the loop
    for _ in range(3):
        await asyncio.sleep(0)
