"""Farm, registers, feeds and listeners under one clock: what the tick and the levers act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from depot.clock import US_PER_S
from depot.farm import Farm
from depot.feeds import Feeds
from depot.modbus import Listener
from depot.registers.document import map_document
from depot.registers.image import images_of


class Station:
    """The running depot. Everything here happens on one event loop, so no reader sees a seam."""

    def __init__(self, farm: Farm, *, clock: Callable[[], int], host: str, ports: Mapping[str, int]) -> None:
        self.farm = farm
        self.host = host
        self.feeds = Feeds(farm)
        self.images = images_of(farm.world)
        self.listeners = {site: Listener(image, host=host, port=ports[site]) for site, image in self.images.items()}
        self.started_us = farm.now_us
        self.ticks = 0
        self._clock = clock
        self.publish()

    async def open(self) -> None:
        for listener in self.listeners.values():
            await listener.open()

    async def close(self) -> None:
        for listener in self.listeners.values():
            await listener.close()

    def tick(self) -> None:
        """Bring the farm up to the clock and put what the gauges show into the registers."""
        self.catch_up()
        self.ticks += 1
        self.publish()

    def catch_up(self) -> None:
        behind_us = self._clock() - self.farm.now_us
        if behind_us > 0:
            self.farm.step(behind_us / US_PER_S)

    def refresh(self) -> None:
        """After a lever: look at everything now, whatever its refresh time, and publish."""
        self.farm.look(everything=True)
        self.publish()

    def publish(self) -> None:
        """Swap in the registers of every site."""
        for site, image in self.images.items():
            image.publish(self.farm.readings, ambient_c=self.farm.cargo.ambient_c(site), now_us=self.farm.now_us)

    def registers(self, site: str) -> dict[str, Any]:
        """The site's register map as a document, with the port it really listens on."""
        listener = self.listeners[site]
        return map_document(self.farm.world.sites[site], self.images[site].map, host=listener.host, port=listener.port)
