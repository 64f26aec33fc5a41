"""The Modbus TCP listeners: read-only, one per site, on the loopback interface.

The only file that imports pymodbus. A listener can really be closed and opened again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from pymodbus.constants import ExcCodes
from pymodbus.exceptions import NoSuchIdException
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import SimData, SimDevice
from pymodbus.simulator.simcore import SimCore

from depot.registers.image import SiteImage


class _ReadOnlyRegisters(SimCore):
    """Answers pymodbus from a site's image. Inherits the type, not the memory."""

    def __init__(self, image: SiteImage) -> None:
        super().__init__(_placeholder(image.map.unit_id))
        self._image = image

    async def async_getValues(  # noqa: N802  the library's name
        self, device_id: int, func_code: int, address: int, count: int = 1
    ) -> list[int] | list[bool] | ExcCodes:
        if device_id != self._image.map.unit_id:
            raise NoSuchIdException(f"unit {device_id}")
        if func_code != self._image.map.function_code:
            return ExcCodes.ILLEGAL_FUNCTION
        words = self._image.read(address, count)
        return ExcCodes.ILLEGAL_ADDRESS if words is None else words

    async def async_setValues(  # noqa: N802  the library's name
        self, device_id: int, func_code: int, address: int, values: list[int] | list[bool]
    ) -> ExcCodes | None:
        """Refused, whatever it is: a gauge is not written to."""
        del func_code, address, values
        if device_id != self._image.map.unit_id:
            raise NoSuchIdException(f"unit {device_id}")
        return ExcCodes.ILLEGAL_FUNCTION


class Listener:
    """One site's Modbus TCP port. Port 0 takes a free one, which is then kept for good."""

    def __init__(self, image: SiteImage, *, host: str, port: int) -> None:
        self._image = image
        self._server: ModbusTcpServer | None = None
        self.host = host
        self.port = port

    @property
    def listening(self) -> bool:
        return self._server is not None

    @property
    def connections(self) -> int:
        return 0 if self._server is None else len(self._server.active_connections)

    async def open(self) -> None:
        """Listen; does nothing if it already does. Raises RuntimeError if the port is taken."""
        if self._server is not None:
            return
        server = ModbusTcpServer(_placeholder(self._image.map.unit_id), address=(self.host, self.port))
        server.context = _ReadOnlyRegisters(self._image)
        try:
            await server.serve_forever(background=True)
        except RuntimeError as error:
            raise RuntimeError(f"site {self._image.map.site!r}: cannot listen on {self.host}:{self.port}") from error
        self.port = _bound_port(server)
        self._server = server

    async def close(self) -> None:
        """Stop listening and drop every connection: a new one is refused by the system."""
        if self._server is None:
            return
        server, self._server = self._server, None
        # Typed loosely by the library; it closes the listening socket and every connection.
        shutdown: Callable[[], Awaitable[None]] = server.shutdown
        await shutdown()


def _bound_port(server: ModbusTcpServer) -> int:
    # The library calls it a transport; for a listener it is asyncio's server.
    listening = server.transport
    assert isinstance(listening, asyncio.Server), type(listening)
    return int(listening.sockets[0].getsockname()[1])


def _placeholder(unit_id: int) -> SimDevice:
    """The library will not start without a device of its own; nothing ever reads this one."""
    return SimDevice(id=unit_id, simdata=[SimData(0)])
