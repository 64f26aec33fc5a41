"""A gateway's register map as a bank writes it from the depot's register document, expanded tank by tank.

A map names its tanks in one of two ways, and gives each quantity the address that the document gives it:
``tanks: [A, B, …]`` with ``step``: the n-th tank (from 0) stands at address + n × step (``~`` skips a place);
``bases: {A: 1000, B: 1016}``: the tank stands at its base + address. One tank may appear in several maps.
Where one register speaks for several tanks, as the site's thermometer does, its own ``step`` is 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import Field

from datasources.gauges.mapping import DataType, Gateway, Point, Quantity, StatusRule
from datasources.gauges.points import BELIEVABLE
from datasources.gauges.points import UNITS as GAINS
from datasources.workspace.number import Port, Seconds, real, whole
from datasources.workspace.part import Part, free_keys
from datasources.workspace.word import Host, Label, one_of

Order = Literal["big", "little"]
Unit = Literal["mm", "cm", "m", "C", "F", "K", "kg/m3", "g/cm3", "kPa", "bar", "mbar", "Pa", "bits"]
QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)
UNITS: dict[Quantity, tuple[Unit, ...]] = {
    "level": ("mm", "cm", "m"),
    "water": ("mm", "cm", "m"),
    "temp": ("C", "F", "K"),
    "density": ("kg/m3", "g/cm3"),
    "air": ("C", "F", "K"),
    "p1": ("kPa", "bar", "mbar", "Pa"),
    "p3": ("kPa", "bar", "mbar", "Pa"),
    "status": ("bits",),
}
"""Allowed units of each quantity; the first one is meant when none is written."""
SHARED: tuple[Quantity, ...] = ("air", "status")
"""Quantities of which one register may speak for several tanks."""

FUNCTIONS: dict[str, Literal[3, 4]] = {"3": 3, "4": 4}
TYPES: dict[str, DataType] = {name: name for name in get_args(DataType)}
WORDS: dict[DataType, int] = {"int16": 1, "uint16": 1, "int32": 2, "uint32": 2, "float32": 2, "float64": 4}
ORDERS: dict[str, Order] = {"big": "big", "little": "little"}
MEANINGS: dict[str, Literal["busy", "device"]] = {"busy": "busy", "device": "device"}

Function = Annotated[Literal[3, 4], one_of(FUNCTIONS)]
Type = Annotated[DataType, one_of(TYPES)]
ByteOrder = Annotated[Order, one_of(ORDERS)]
Address = Annotated[int, whole(low=0, high=65_535)]
Step = Annotated[int, whole(low=1, high=10_000)]
OwnStep = Annotated[int, whole(low=0, high=10_000)]
Bits = Annotated[int, whole(low=0, high=2**32 - 1)]


class BitsPart(Part):
    """Bits of a status register: busy (no product level now) or device (its values are not valid)."""

    mask: Annotated[int, whole(low=1, high=2**32 - 1)] = Field(description="the bits to look at, e.g. 0x000F0000")
    equals: Bits | None = None
    means: Annotated[Literal["busy", "device"], one_of(MEANINGS)] = Field(description="busy or device")


class PointPart(Part):
    """One quantity: its address (zero-based, of the first tank or from the base) and how it is packed."""

    address: Address = Field(description="its register, zero-based as in the request, not 4xxxx")
    step: OwnStep | None = None
    function: Function | None = None
    type: Type | None = None
    byte_order: ByteOrder | None = None
    word_order: ByteOrder | None = None
    scale: Annotated[float, real()] = 1.0
    offset: Annotated[float, real()] = 0.0
    unit: Annotated[Unit, one_of({u: u for u in get_args(Unit)})] | None = None
    resolution: Annotated[float, real(low=0, high=1000)] = 0.0
    fail: tuple[Annotated[int, whole(low=0, high=2**64 - 1)], ...] = ()
    bits: tuple[BitsPart, ...] = ()
    low: Annotated[float, real()] | None = None
    high: Annotated[float, real()] | None = None
    max_age_s: Seconds | None = None


class MapPart(Part):
    """A regular stretch of a register map. function, type, orders and step hold for each quantity that has no own."""

    tanks: tuple[Label | None, ...] = ()
    bases: Annotated[dict[Label, Address], free_keys] = Field(default_factory=dict)
    step: Step | None = None
    function: Function = 3
    type: Type | None = None
    byte_order: ByteOrder = "big"
    word_order: ByteOrder = "big"
    level: PointPart | None = None
    water: PointPart | None = None
    temp: PointPart | None = None
    density: PointPart | None = None
    air: PointPart | None = None
    p1: PointPart | None = None
    p3: PointPart | None = None
    status: PointPart | None = None

    def quantities(self) -> Iterator[tuple[Quantity, PointPart]]:
        """The quantities that this map describes."""
        for quantity in QUANTITIES:
            part = getattr(self, quantity)
            if part is not None:
                yield quantity, part


class GatewayPart(Part):
    """One Modbus TCP device and its maps."""

    host: Host = Field(description="name or IPv4 address of the device")
    port: Port = 502
    unit: Annotated[int, whole(low=0, high=255)] = Field(description="the Modbus unit id (slave address)")
    poll_s: Seconds = 1.0
    timeout_s: Seconds = 1.0
    max_age_s: Seconds = 30.0
    max_registers: Annotated[int, whole(low=1, high=125)] = 120
    gap_registers: Annotated[int, whole(low=0, high=124)] = 0
    frozen_after_s: Annotated[float, real(low=0, high=86_400, unit="seconds")] = 0.0
    maps: tuple[MapPart, ...] = Field(description="where each tank's quantities are")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One expanded point and the part of the file that it came from."""

    tank: str
    point: Point
    origin: PointPart


def expand(gateway: GatewayPart) -> Iterator[Placed]:
    """Every point of every tank, as its map puts it; addresses may still be out of range or overlap."""
    for part in gateway.maps:
        for quantity, origin in part.quantities():
            step = (part.step or 0) if origin.step is None else origin.step
            offsets = [(tank, nth * step) for nth, tank in enumerate(part.tanks) if tank is not None]
            for tank, offset in (*offsets, *part.bases.items()):
                yield Placed(tank=tank, point=_point(part, quantity, origin, origin.address + offset), origin=origin)


def believable(quantity: Quantity, unit: Unit) -> tuple[float, float] | None:
    """What a sensor of this quantity can show, in ``unit``; None where only the map can say."""
    if quantity not in BELIEVABLE or unit not in GAINS[quantity]:
        return None
    gain, shift = GAINS[quantity][unit]
    low, high = BELIEVABLE[quantity]
    return round((low - shift) / gain, 6), round((high - shift) / gain, 6)


def _point(part: MapPart, quantity: Quantity, point: PointPart, address: int) -> Point:
    unit = point.unit or UNITS[quantity][0]
    low, high = believable(quantity, unit) or (None, None)
    return Point(
        quantity=quantity,
        function=point.function or part.function,
        address=address,
        type=point.type or part.type or "float32",
        byte_order=point.byte_order or part.byte_order,
        word_order=point.word_order or part.word_order,
        scale=point.scale,
        offset=point.offset,
        unit=unit,
        resolution=point.resolution,
        fail_values=tuple(point.fail),
        status=tuple(StatusRule(mask=b.mask, equals=b.equals, means=b.means) for b in point.bits),
        low=low if point.low is None else point.low,
        high=high if point.high is None else point.high,
        max_age_s=point.max_age_s,
    )


def build_gateway(gateway: GatewayPart, site_id: str) -> Gateway:
    """The gateway as its owner polls it."""
    points: dict[str, list[Point]] = {}
    for placed in expand(gateway):
        points.setdefault(placed.tank, []).append(placed.point)
    return Gateway(
        site_id=site_id,
        host=gateway.host,
        port=gateway.port,
        unit=gateway.unit,
        poll_s=gateway.poll_s,
        timeout_s=gateway.timeout_s,
        max_age_s=gateway.max_age_s,
        max_registers=gateway.max_registers,
        gap_registers=gateway.gap_registers,
        frozen_after_s=gateway.frozen_after_s,
        points={tank: tuple(found) for tank, found in points.items()},
    )
