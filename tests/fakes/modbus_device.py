"""Modbus TCP devices on loopback: pymodbus' own server over a dictionary of registers, and one that misbehaves.

Registers are built here with ``struct`` alone, so that the tests share no byte order with the code they judge.
"""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import SimData, SimDevice
from pymodbus.simulator.simcore import SimCore

from datasources.gauges.mapping import Gateway, Point
from domain.tank import Tank, TankIndex

LETTERS = {"ABCD": (0, 1, 2, 3), "CDAB": (2, 3, 0, 1), "BADC": (1, 0, 3, 2), "DCBA": (3, 2, 1, 0)}


def packed(form: str, value: float, order: str = "ABCD") -> list[int]:
    """The 16-bit registers of a value: ``form`` as of struct ('f', 'i', 'I', 'h', 'H'), bytes in ``order``."""
    data = struct.pack(">" + form, value)
    if len(data) == 4:
        data = bytes(data[i] for i in LETTERS[order])
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]


def at(address: int, *values: list[int], function: int = 3) -> dict[tuple[int, int], int]:
    """Registers laid one after another from an address, as a device's memory."""
    words = [word for value in values for word in value]
    return {(function, address + i): word for i, word in enumerate(words)}


def tanks(*ids: str, max_level_mm: float = 15000.0) -> TankIndex:
    """A farm of plain tanks in this order."""
    return TankIndex(
        tuple(
            Tank(id=i, site_id="gangchu", name=i, good="DIESEL0", heel_mm=500.0, max_level_mm=max_level_mm) for i in ids
        )
    )


def level(address: int, **changes: Any) -> Point:
    """A level in whole mm in one holding register, unless told otherwise."""
    return Point(**{"quantity": "level", "function": 3, "address": address, "type": "uint16", "unit": "mm"} | changes)


def temp(address: int, **changes: Any) -> Point:
    """A temperature in tenths of °C, signed, in one holding register, unless told otherwise."""
    given = {"quantity": "temp", "function": 3, "address": address, "type": "int16", "unit": "C", "scale": 0.1}
    return Point(**given | {"resolution": 0.1} | changes)


def gateway(port: int, points: dict[str, tuple[Point, ...]], **changes: Any) -> Gateway:
    """A gateway on loopback. Its time-out is long: a test that waits for it has hung."""
    given = {"site_id": "gangchu", "host": "127.0.0.1", "port": port, "unit": 1, "timeout_s": 30.0}
    return Gateway(**given | {"points": points} | changes)


@dataclass
class Clock:
    """A wall clock in µs that moves one µs per look, and as far as a test says; and a monotonic one in seconds."""

    now_us: int = 1_700_000_000_000_000
    now_s: float = 1000.0

    def us(self) -> int:
        self.now_us += 1
        return self.now_us

    def s(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_us += round(seconds * 1e6)
        self.now_s += seconds


class _Memory(SimCore):
    """Answers from a dictionary (function, address) → word; what it lacks is an illegal address."""

    def __init__(self, words: dict[tuple[int, int], int], asked: list[tuple[int, int, int]]) -> None:
        super().__init__(SimDevice(id=1, simdata=[SimData(0)]))
        self._words, self._asked = words, asked

    async def async_getValues(self, device_id: int, func_code: int, address: int, count: int = 1) -> Any:  # noqa: N802  the library's name
        self._asked.append((func_code, address, count))
        try:
            return [self._words[func_code, a] for a in range(address, address + count)]
        except KeyError:
            return ExcCodes.ILLEGAL_ADDRESS

    async def async_setValues(self, device_id: int, func_code: int, address: int, values: Any) -> Any:  # noqa: N802
        raise AssertionError(f"the bot wrote: function {func_code} to {address}")


@dataclass
class Device:
    """A running server: its port, its memory, and the reads (function, start, count) it was asked for."""

    words: dict[tuple[int, int], int]
    port: int = 0
    asked: list[tuple[int, int, int]] = field(default_factory=list)


@asynccontextmanager
async def device(words: dict[tuple[int, int], int], *, port: int = 0) -> Any:
    """pymodbus' own server over these registers."""
    it = Device(words=words)
    server = ModbusTcpServer(SimDevice(id=1, simdata=[SimData(0)]), address=("127.0.0.1", port))
    server.context = _Memory(words, it.asked)
    await server.serve_forever(background=True)
    it.port = server.transport.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        await server.shutdown()


@dataclass(frozen=True)
class Request:
    """One read request as it came over the wire. ``nth`` counts all requests to the server from 1."""

    nth: int
    tid: int
    unit: int
    function: int
    start: int
    count: int

    def reply(self, words: list[int], **changes: int) -> bytes:
        """The right answer with these registers; or with another tid, unit or function."""
        body = bytes([changes.get("function", self.function), 2 * len(words)])
        return self.frame(body + b"".join(word.to_bytes(2, "big") for word in words), **changes)

    def frame(self, pdu: bytes, **changes: int) -> bytes:
        """Any PDU in a Modbus TCP frame."""
        header = struct.pack(">HHHB", changes.get("tid", self.tid), 0, len(pdu) + 1, changes.get("unit", self.unit))
        return header + pdu


Answer = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """A listening port; ``connections`` and ``requests`` that it has seen."""

    port: int = 0
    connections: int = 0
    requests: list[Request] = field(default_factory=list)


@asynccontextmanager
async def raw_server(answer: Answer) -> Any:
    """A TCP server that reads requests and does with each whatever ``answer`` does."""
    it = RawServer()
    open_writers: set[asyncio.StreamWriter] = set()
    handlers: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        it.connections += 1
        handlers.add(asyncio.current_task())
        open_writers.add(writer)
        try:
            while True:
                tid, _, _, unit, function, start, count = struct.unpack(">HHHBBHH", await reader.readexactly(12))
                request = Request(len(it.requests) + 1, tid, unit, function, start, count)
                it.requests.append(request)
                await answer(request, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            open_writers.discard(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()
        for writer in set(open_writers):
            writer.close()
        await asyncio.gather(*handlers, return_exceptions=True)
        await server.wait_closed()
