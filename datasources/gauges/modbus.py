"""A Modbus TCP gateway and its tanks. One owner per gateway; reads only: there is no function here that writes."""

import logging
import time
from collections.abc import Callable, Sequence

import numpy as np

from datasources.gauges.decode import decode, frozen
from datasources.gauges.layout import Layout, Reply, layout
from datasources.gauges.link import Link
from datasources.gauges.mapping import Gateway
from datasources.gauges.plan import plan
from domain.farm import Quality, Readings
from domain.tank import TankIndex

log = logging.getLogger(__name__)

GIVE_UP_AFTER = 2  # blocks without an answer in a row: the rest of the poll would only wait as well


class Pulse:
    """When any mapped register of a gateway last changed. Registers between the points do not count.

    A gateway whose field bus has died goes on answering with what it last heard; a clock in some unmapped register
    would hide that.
    """

    def __init__(self, laid_out: Layout) -> None:
        self._layout = laid_out
        self._last = np.zeros(len(laid_out.mapped), dtype=np.uint16)
        self._seen = np.zeros(len(laid_out.mapped), dtype=np.bool_)
        self.changed_at_us = 0

    def feel(self, replies: Sequence[Reply], now_us: int) -> None:
        """Note what has changed since the registers were last read; the first sight of one is a change."""
        image, read = self._layout.image(replies)
        if np.any(read & (~self._seen | (image != self._last))):
            self.changed_at_us = now_us
        self._last[read] = image[read]
        self._seen |= read


class ModbusGauge:
    """Polls one gateway. Device trouble never raises: it comes back as rows with NaN and bits."""

    def __init__(
        self,
        gateway: Gateway,
        index: TankIndex,
        clock_us: Callable[[], int],
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """clock_us: µs since 1970 UTC, never falling. Raises WorkspaceInvalid for a map that cannot be read."""
        self._gateway = gateway
        self._clock_us = clock_us
        self._layout = layout(gateway, index, plan(gateway))
        self._pulse = Pulse(self._layout)
        self._link = Link(gateway, monotonic_s)
        self._trouble = [Quality.GOOD] * len(self._layout.blocks)
        self._lost = False

    @property
    def changed_at_us(self) -> int:
        """When any mapped register last changed, µs since 1970 UTC; 0 before the first answer."""
        return self._pulse.changed_at_us

    async def poll(self) -> Readings:
        """Read all tanks once. Shape (k,) in the order of the map; rows that failed say why, the others are good.

        taken_at is the time of the request even when frozen: ``changed_at_us`` says since when nothing has moved.
        """
        replies = await self._replies()
        self._report(replies)
        readings = decode(self._layout, replies)
        if not any(reply.registers for reply in replies):
            return readings
        asked_us = min(reply.asked_us for reply in replies)
        self._pulse.feel(replies, asked_us)
        still_us = asked_us - self._pulse.changed_at_us
        allowed_us = self._gateway.frozen_after_s * 1e6
        return frozen(readings) if 0 < allowed_us < still_us else readings

    async def close(self) -> None:
        """Close the connection; a later poll would open it again."""
        self._link.drop()

    async def _replies(self) -> list[Reply]:
        """One reply per block. Blocks that answered last time go first, those that have waited for a turn next."""
        replies: dict[int, Reply] = {}
        unanswered = 0
        for i in sorted(range(len(self._layout.blocks)), key=self._turn):
            if unanswered >= GIVE_UP_AFTER:
                replies[i] = self._skipped()
                self._trouble[i] = Quality.GOOD  # its turn comes before those that were tried
                continue
            replies[i] = await self._reply(i)
            self._trouble[i] = replies[i].quality
            unanswered = unanswered + 1 if replies[i].quality is Quality.MISSING else 0
        return [replies[i] for i in range(len(self._layout.blocks))]

    def _turn(self, i: int) -> bool:
        return self._trouble[i] is Quality.MISSING

    async def _reply(self, i: int) -> Reply:
        asked_us = self._clock_us()
        answer = await self._link.read(self._layout.blocks[i])
        registers, quality = ((), answer) if isinstance(answer, Quality) else (answer, Quality.GOOD)
        return Reply(registers=registers, quality=quality, asked_us=asked_us, answered_us=self._clock_us())

    def _skipped(self) -> Reply:
        now_us = self._clock_us()
        return Reply(quality=Quality.MISSING, asked_us=now_us, answered_us=now_us)

    def _report(self, replies: Sequence[Reply]) -> None:
        """One line when no block can be read any more, one when the first can again."""
        lost = bool(replies) and not any(reply.registers for reply in replies)
        if lost and not self._lost:
            why = Quality(int(np.bitwise_or.reduce([reply.quality for reply in replies])))
            log.warning("gauge_lost %s why=%s", self._name, why.name)
        if self._lost and not lost:
            log.info("gauge_back %s", self._name)
        self._lost = lost

    @property
    def _name(self) -> str:
        g = self._gateway
        return f"site={g.site_id} host={g.host} port={g.port} unit={g.unit}"
