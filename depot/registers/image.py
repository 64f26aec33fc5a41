"""A site's registers at one instant: built whole, swapped in whole, so a reader sees no seam."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from depot.reading import Reading
from depot.registers.changku import changku_map, changku_status
from depot.registers.gangchu import gangchu_map, gangchu_status
from depot.registers.minchu import minchu_map, minchu_status
from depot.registers.point import Point, RegisterMap
from depot.world import SiteSpec, TankSpec, World


class StatusWord(Protocol):
    """A maker's way to say how the gauge is."""

    def __call__(self, *, fault: bool, searching_water: bool) -> int: ...


MapMaker = Callable[[SiteSpec, tuple[TankSpec, ...]], RegisterMap]
MAKERS: dict[str, tuple[MapMaker, StatusWord]] = {
    "gangchu": (gangchu_map, gangchu_status),
    "minchu": (minchu_map, minchu_status),
    "changku": (changku_map, changku_status),
}
"""Which map a site's gauges speak."""


class SiteImage:
    """The live registers of one site. `read` is what a Modbus server asks."""

    def __init__(self, site: SiteSpec, tanks: tuple[TankSpec, ...]) -> None:
        make, self._status_word = MAKERS[site.id]
        self.map = make(site, tanks)
        self._blank = {address: 0 for start, count in self.map.reserved for address in range(start, start + count)}
        self._registers: dict[int, int] = {}

    def read(self, address: int, count: int) -> list[int] | None:
        """The registers, or None if any is not in the map."""
        try:
            return [self._registers[a] for a in range(address, address + count)]
        except KeyError:
            return None

    def publish(self, readings: Mapping[str, Reading], *, ambient_c: float, now_us: int) -> None:
        """Pack everything anew and swap it in at once."""
        fresh = dict(self._blank)
        for point in self.map.points:
            _put(fresh, point, self._value(point, readings, ambient_c=ambient_c, now_us=now_us))
        for point in self.map.statuses:
            assert point.tank is not None, "every status belongs to a tank"
            reading = readings[point.tank]
            _put(fresh, point, self._status_word(fault=reading.fault, searching_water=reading.searching_water))
        self._registers = fresh

    def _value(self, point: Point, readings: Mapping[str, Reading], *, ambient_c: float, now_us: int) -> float | None:
        if point.tank is None:
            return round(ambient_c, 1) if point.quantity == "ambient" else now_us // 1_000_000 % 65536
        value = _quantity(readings[point.tank], point)
        return value / 1000.0 if value is not None and point.unit == "m" else value


def _quantity(reading: Reading, point: Point) -> float | None:
    match point.quantity:
        case "level":
            return reading.level_mm
        case "water":
            return reading.water_mm
        case "temperature":
            return reading.temp_c
        case "density":
            return reading.density_kg_m3
        case "p1":
            return reading.p1_kpa
        case "p3":
            return reading.p3_kpa
        case _:
            raise AssertionError(f"{point.quantity} is not a tank's reading")


def _put(registers: dict[int, int], point: Point, value: float | None) -> None:
    for i, word in enumerate(point.pack(value)):
        registers[point.address + i] = word


def images_of(world: World) -> dict[str, SiteImage]:
    """One image per site, still empty."""
    return {site.id: SiteImage(site, world.tanks_of(site.id)) for site in world.sites.values()}
