"""The one connection to a Modbus TCP device, which it can only read. Every way of failing becomes a Quality bit.

The only file that imports pymodbus. It knows no tank and keeps no reading.
"""

import asyncio
import logging
from collections.abc import Callable

from pymodbus import ModbusException
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.pdu import ModbusPDU

from datasources.gauges.mapping import Gateway
from datasources.gauges.plan import Block
from domain.farm import Quality

logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)  # lost and back are reported once, by the owner

PAUSES_S = (0.0, 0.25, 0.5, 1.0, 2.0)  # before the next attempt, by how many in a row have brought no answer
SILENT_READS = 2  # unanswered in a row: the connection is taken for dead
LAST_WORD_S = 0.01
ROOM_FOR_REPLIES = 4096  # bytes: a late reply and the right one may arrive together (pymodbus keeps 264, then drops)
LONGEST_PDU = 254  # unit and PDU, Modbus messaging on TCP/IP V1.0b, 3.1.3


class Link:
    """A connection that is made when needed, dropped when it cannot be trusted, and retried with growing pauses."""

    def __init__(self, gateway: Gateway, monotonic_s: Callable[[], float]) -> None:
        self._gateway = gateway
        self._monotonic_s = monotonic_s
        self._client: AsyncModbusTcpClient | None = None
        self._deadline: asyncio.Timeout | None = None
        self._broken: Quality | None = None
        self._silent = 0
        self._has_answered = False
        self._cut_short = False
        self._failures = 0
        self._retry_at_s = float("-inf")

    async def read(self, block: Block) -> tuple[int, ...] | Quality:
        """The block's registers, or MISSING, REFUSED (an exception reply) or MALFORMED.

        Takes at most two time-outs, one to connect and one to read; a connection that had answered and is closed
        under the read is replaced once, for some devices close after every answer.
        """
        self._cut_short = False
        answer = await self._read(block)
        return await self._read(block) if self._cut_short else answer

    async def _read(self, block: Block) -> tuple[int, ...] | Quality:
        client = await self._connected()
        if client is None:
            return Quality.MISSING
        try:
            async with asyncio.timeout(self._gateway.timeout_s) as self._deadline:
                pdu = await self._ask(client, block)
        except (TimeoutError, ModbusException):
            return self._failed()
        finally:
            self._deadline = None
        self._silent, self._failures, self._has_answered = 0, 0, True
        return _judged(pdu, block)

    def drop(self) -> None:
        """Close the connection; the next read makes another."""
        if self._client is not None:
            self._client.close()
        self._client, self._broken, self._silent, self._has_answered = None, None, 0, False

    async def _connected(self) -> AsyncModbusTcpClient | None:
        if self._broken is not None:
            self._give_up()
        if self._client is None and self._monotonic_s() >= self._retry_at_s:
            await self._connect()
        return self._client

    async def _connect(self) -> None:
        client = AsyncModbusTcpClient(
            self._gateway.host,
            port=self._gateway.port,
            timeout=self._gateway.timeout_s * 2,  # ours ends first, so that there is one rule for time-outs
            retries=0,
            reconnect_delay=0,
            trace_packet=self._received,
            trace_connect=self._connection_changed,
        )
        client.ctx.max_buffer_size = ROOM_FOR_REPLIES
        try:
            async with asyncio.timeout(self._gateway.timeout_s):
                self._client = client if await client.connect() else None
        except TimeoutError:
            self._client = None
        finally:
            if self._client is None:
                client.close()
                self._give_up()

    async def _ask(self, client: AsyncModbusTcpClient, block: Block) -> ModbusPDU:
        read = client.read_holding_registers if block.function == 3 else client.read_input_registers
        return await read(block.start, count=block.count, device_id=self._gateway.unit)

    def _failed(self) -> Quality:
        """Why the read brought nothing; a connection that is broken, or silent too often, is dropped."""
        why = self._broken or Quality.MISSING
        self._cut_short = self._broken is Quality.MISSING and self._has_answered
        self._silent += 1
        if self._broken is not None or self._silent >= SILENT_READS:
            self._give_up()
        return why

    def _give_up(self) -> None:
        """Drop the connection and let the pause grow; an answer takes it back to none."""
        self.drop()
        pause_s = PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
        self._failures += 1
        self._retry_at_s = self._monotonic_s() + pause_s

    def _received(self, sending: bool, data: bytes) -> bytes:  # noqa: FBT001  pymodbus calls it so
        """Keep from pymodbus what would raise inside its protocol and end as a bare time-out."""
        if sending or plausible(data):
            return data
        self._end(Quality.MALFORMED)
        return b""

    def _connection_changed(self, connected: bool) -> None:  # noqa: FBT001  pymodbus calls it so
        if not connected:
            self._end(Quality.MISSING)

    def _end(self, why: Quality) -> None:
        """The connection is of no more use: stop waiting, but let an answer that came just before still be heard."""
        self._broken = self._broken or why
        if self._deadline is not None:
            self._deadline.reschedule(asyncio.get_running_loop().time() + LAST_WORD_S)


def plausible(received: bytes) -> bool:
    """The bytes are whole or growing Modbus TCP frames that answer a register read, and nothing else."""
    while received:
        if received[2:4] not in {b"\0\0", b"\0", b""}:
            return False
        if len(received) < 6:
            return True
        length = int.from_bytes(received[4:6], "big")
        if not 3 <= length <= LONGEST_PDU:
            return False
        frame, received = received[: 6 + length], received[6 + length :]
        if len(frame) == 6 + length and not _answers_read(frame[7:]):
            return False
    return True


def _answers_read(pdu: bytes) -> bool:
    if pdu[0] in {0x83, 0x84}:
        return len(pdu) == 2
    return pdu[0] in {3, 4} and pdu[1] % 2 == 0 and len(pdu) == 2 + pdu[1]


def _judged(pdu: ModbusPDU, block: Block) -> tuple[int, ...] | Quality:
    if pdu.isError():
        return Quality.REFUSED
    if pdu.function_code != block.function or len(pdu.registers) != block.count:
        return Quality.MALFORMED
    return tuple(pdu.registers)
