"""Raw registers beside decoded values, so that a gauger at the tank can prove the map. Values only, no printing."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import numpy as np

from datasources.gauges.layout import layout
from datasources.gauges.link import Link
from datasources.gauges.mapping import Gateway, Point, Quantity
from datasources.gauges.plan import alone, home, plan
from datasources.gauges.points import BELIEVABLE, Points
from domain.farm import Quality
from domain.tank import Tank, TankIndex

Unit = Literal["mm", "°C", "kg/m³", "kPa", "bits"]
Order = Literal["big", "little"]
Registers = tuple[int, ...]

UNIT: dict[Quantity, Unit] = {
    "level": "mm",
    "water": "mm",
    "temp": "°C",
    "density": "kg/m³",
    "air": "°C",
    "p1": "kPa",
    "p3": "kPa",
    "status": "bits",
}
# What a tank can show at all; a believable band is the map's business (low, high).
TEMP_C = (-60.0, 300.0)
DENSITY_KG_M3 = (300.0, 2500.0)
BELOW_DATUM_MM = -50.0  # an empty tank's gauge may stand a little below its plate
ABOVE_FULL = 1.1  # share of the safe filling height
TINY = 1e-6  # a float in the wrong order is often a denormal: nearly zero, but not zero


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherOrder:
    """The same registers read in another byte or word order. value None: not a number, or a fail value."""

    byte_order: Order
    word_order: Order
    value: float | None
    plausible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRow:
    """One quantity of one tank. registers: hexadecimal as they came, empty if none did.

    value: in ``unit``, told even when out of range; None when there is none, and ``quality`` says why. plausible: the
    bot would use it and the tank could show it; if not, other_orders has what the other orders would make of it.
    read_alone: the block that the bot would read was refused or unusable, and these registers alone were not: the
    device does not allow reads this long, or over these gaps.
    """

    tank_id: str
    quantity: Quantity
    function: Literal[3, 4]
    address: int
    registers: tuple[str, ...]
    value: float | None
    unit: Unit
    quality: Quality
    plausible: bool
    other_orders: tuple[OtherOrder, ...] = ()
    read_alone: bool = False


async def probe(gateway: Gateway, index: TankIndex) -> list[ProbeRow]:
    """Read every point of the map once, over a connection of its own. Device trouble comes back as quality.

    Raises WorkspaceInvalid for a map that cannot be read.
    """
    blocks = plan(gateway)
    layout(gateway, index, blocks)  # the same checks that the gauge makes
    link = Link(gateway, time.monotonic)
    try:
        answers = [await link.read(block) for block in blocks]
        rows = []
        for tank_id, point in _points(gateway):
            block = blocks[home(blocks, point)]
            answer = answers[home(blocks, point)]
            single = answer in {Quality.REFUSED, Quality.MALFORMED} and block != alone(point)
            if single:
                answer = await link.read(alone(point))
            elif not isinstance(answer, Quality):
                answer = answer[point.address - block.start :][: point.words]
            rows.append(_row(index.tanks[index.row[tank_id]], point, answer, single=single))
        return rows
    finally:
        link.drop()


def _points(gateway: Gateway) -> Iterator[tuple[str, Point]]:
    return ((tank_id, point) for tank_id, points in gateway.points.items() for point in points)


def _row(tank: Tank, point: Point, answer: Registers | Quality, *, single: bool) -> ProbeRow:
    registers = () if isinstance(answer, Quality) else answer
    value, quality = (None, answer) if isinstance(answer, Quality) else _value(point, answer)
    plausible = _plausible(tank, point, value, quality)
    doubtful = bool(registers) and not plausible and point.quantity != "status" and quality is not Quality.FAIL_VALUE
    return ProbeRow(
        tank_id=tank.id,
        quantity=point.quantity,
        function=point.function,
        address=point.address,
        registers=tuple(f"0x{register:04X}" for register in registers),
        value=value,
        unit=UNIT[point.quantity],
        quality=quality,
        plausible=plausible,
        other_orders=tuple(_other_orders(tank, point, registers)) if doubtful else (),
        read_alone=single and bool(registers),
    )


def _value(point: Point, registers: Registers) -> tuple[float | None, Quality]:
    """Decoded as the gauge does it, but told even when out of range; the status as its raw bits."""
    words = np.array([registers], dtype=np.uint16)
    quality = Quality(int(Points.of([point]).read(words).quality[0]))
    numbers = Points.of([replace(point, low=None, high=None)]).read(words)
    if numbers.quality[0]:
        return None, quality
    return float(numbers.raw[0] if point.quantity == "status" else numbers.value[0]), quality


def _other_orders(tank: Tank, point: Point, registers: Registers) -> Iterator[OtherOrder]:
    orders: tuple[Order, Order] = ("big", "little")
    for byte_order, word_order in product(orders, orders):
        same_words = point.words == 1 and word_order != point.word_order
        if same_words or (byte_order, word_order) == (point.byte_order, point.word_order):
            continue
        value, quality = _value(replace(point, byte_order=byte_order, word_order=word_order), registers)
        plausible = _plausible(tank, point, value, quality)
        yield OtherOrder(byte_order=byte_order, word_order=word_order, value=value, plausible=plausible)


def _plausible(tank: Tank, point: Point, value: float | None, quality: Quality) -> bool:
    if value is None or quality is not Quality.GOOD:
        return False
    if point.type.startswith("float") and 0 < abs(value) < TINY:
        return False
    full_mm = tank.max_level_mm * ABOVE_FULL
    low, high = {
        "level": (BELOW_DATUM_MM, full_mm),
        "water": (BELOW_DATUM_MM, full_mm),
        "temp": TEMP_C,
        "density": DENSITY_KG_M3,
        "status": (0.0, math.inf),
        **BELIEVABLE,
    }[point.quantity]
    return low <= value <= high
