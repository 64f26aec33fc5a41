"""Checks of the register maps: every tank has a level and a temperature, and no register is read as two things."""

from collections import defaultdict
from ipaddress import IPv4Address, IPv4Network

from datasources.gauges.mapping import Point, Quantity
from datasources.workspace.part import Sheet
from datasources.workspace.place import Key
from datasources.workspace.problem import suggestion
from datasources.workspace.registers import (
    SHARED,
    TYPES,
    UNITS,
    WORDS,
    GatewayPart,
    MapPart,
    Placed,
    PointPart,
    believable,
    expand,
)
from datasources.workspace.sites import SiteFile

EXAMPLE_NETWORKS = tuple(IPv4Network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))
"""Addresses that stand for others in examples (RFC 5737)."""

Device = tuple[str, int, int]


def check_wiring(sheets: list[Sheet[SiteFile]], *, weighed: set[str]) -> None:
    """All gateways of all sites: each device once, each tank of its site read, each register read as one thing.

    weighed: codes of goods in bulk, whose silos need no thermometer.
    """
    devices: dict[Device, str] = {}
    before: set[str] = set()
    for sheet in sheets:
        tanks = sheet.declared("tanks", "id")
        places: list[Placed] = []
        for gateway in sheet.part.gateways:
            _check_device(sheet, gateway, devices)
            for part in gateway.maps:
                _check_map(sheet, part, tanks)
            here = list(expand(gateway))
            _check_addresses(sheet, here)
            places += here
        if "gateways" not in sheet.broken:
            _check_every_tank(sheet, places, before, weighed)
        before |= tanks


def _check_device(sheet: Sheet[SiteFile], gateway: GatewayPart, devices: dict[Device, str]) -> None:
    device = (gateway.host, gateway.port, gateway.unit)
    if device in devices:
        wrong = f"{gateway.host}:{gateway.port} unit {gateway.unit} is polled already, in {devices[device]}"
        sheet.error(gateway, "host", wrong=wrong, instead="put all maps of one device under one gateway")
    devices.setdefault(device, f"{sheet.file} line {gateway.node.line}")
    if _is_example(gateway.host):
        wrong = f"{gateway.host} is an address for examples"
        sheet.warn(gateway, "host", wrong=wrong, instead="write the address of the depot's gauge gateway")


def _is_example(host: str) -> bool:
    try:
        address = IPv4Address(host)
    except ValueError:
        return False
    return any(address in network for network in EXAMPLE_NETWORKS)


def _check_map(sheet: Sheet[SiteFile], part: MapPart, tanks: set[str]) -> None:
    if bool(part.tanks) == bool(part.bases):
        wrong = "names its tanks twice" if part.tanks else "names no tank"
        sheet.error(part, wrong=wrong, instead="write either tanks: [A, B] with step, or bases: {A: 1000}")
    listed: list[tuple[str, Key, str]] = [("tanks", i, t) for i, t in enumerate(part.tanks) if t is not None]
    listed += [("bases", t, t) for t in part.bases]
    for key, at, tank in listed:
        if tank not in tanks:
            remedy = suggestion(tank, tanks, add="add it under tanks in this file")
            sheet.error(part, key, at, wrong=f"tank {tank!r} is not a tank of this site", instead=remedy)
        elif isinstance(at, int) and tank in part.tanks[:at]:
            sheet.error(part, key, at, wrong=f"{tank!r} is there twice", instead="write ~ for a place to skip")
    for quantity, point in part.quantities():
        _check_point(sheet, part, quantity, point)


def _check_point(sheet: Sheet[SiteFile], part: MapPart, quantity: Quantity, point: PointPart) -> None:
    if point.type is None and part.type is None:
        sheet.error(point, "type", wrong="is missing", instead=f"write type: one of {', '.join(TYPES)}")
    if len(part.tanks) > 1 and point.step is None and part.step is None:
        wrong = "is missing: every tank would read the same register"
        sheet.error(point, "step", wrong=wrong, instead=_step(quantity))
    if point.step == 0 and quantity not in SHARED:
        wrong = f"is 0: every tank would have the same {quantity}"
        sheet.error(point, "step", wrong=wrong, instead=_step(quantity))
    if point.unit is not None and point.unit not in UNITS[quantity]:
        wrong = f"{point.unit!r} is no unit of {quantity}"
        sheet.error(point, "unit", wrong=wrong, instead=f"write one of {', '.join(UNITS[quantity])}")
    if point.bits and quantity != "status":
        sheet.error(point, "bits", wrong="only a status has bits", instead="move them to status")
    if point.low is not None and point.high is not None and point.low >= point.high:
        sheet.error(point, "low", wrong=f"{point.low:g} is not below high {point.high:g}", instead="exchange the two")
    _check_band(sheet, quantity, point)
    largest = 1 << 16 * WORDS[point.type or part.type or "float32"]
    for i, raw in enumerate(point.fail):
        if raw >= largest:
            wrong = f"{raw:#x} does not fit the register's type"
            sheet.error(point, "fail", i, wrong=wrong, instead=f"write the raw register content, below {largest:#x}")


def _step(quantity: Quantity) -> str:
    also = "; step: 0 in it where one register speaks for all" if quantity in SHARED else ""
    return f"write how many registers lie from one tank to the next{also}"


def _check_band(sheet: Sheet[SiteFile], quantity: Quantity, point: PointPart) -> None:
    """A written low or high may narrow what such a sensor can show, not widen it."""
    unit = point.unit or UNITS[quantity][0]
    band = believable(quantity, unit)
    if band is None:
        return
    for end, value in (("low", point.low), ("high", point.high)):
        if value is not None and not band[0] <= value <= band[1]:
            wrong = f"{value:g} {unit} is no believable {quantity}"
            sheet.error(point, end, wrong=wrong, instead=f"write {band[0]:g} to {band[1]:g}, or leave it out")


def _check_addresses(sheet: Sheet[SiteFile], places: list[Placed]) -> None:
    """Addresses beyond the last register, quantities given twice, and registers read as two things."""
    told: set[object] = set()
    taken: dict[tuple[int, int], Placed] = {}
    given: dict[tuple[str, str], Placed] = {}
    for place in places:
        point, key = place.point, (place.tank, place.point.quantity)
        if point.address + point.words > 65_536 and id(place.origin) not in told:
            told.add(id(place.origin))
            wrong = f"tank {place.tank!r} would stand at {point.address}, beyond the last register 65535"
            sheet.error(
                place.origin, "address", wrong=wrong, instead="check address and step; addresses are zero-based"
            )
        elif key in given and given[key].origin is place.origin:
            continue  # the tank stands twice in its map, which is told there
        elif key in given:
            wrong = f"tank {place.tank!r} has a {point.quantity} already, at {given[key].point.address}"
            sheet.error(place.origin, "address", wrong=wrong, instead="delete one of the two")
        else:
            _check_overlap(sheet, place, taken, told)
        given.setdefault(key, place)


def _check_overlap(
    sheet: Sheet[SiteFile], place: Placed, taken: dict[tuple[int, int], Placed], told: set[object]
) -> None:
    for address in range(place.point.address, place.point.address + place.point.words):
        other = taken.setdefault((place.point.function, address), place)
        pair = (id(place.origin), id(other.origin))
        if other is place or pair in told or _shared(place.point, other.point):
            continue
        told.add(pair)
        wrong = (
            f"register {address} is {place.point.quantity} of {place.tank!r} "
            f"and {other.point.quantity} of {other.tank!r}"
        )
        sheet.error(place.origin, "address", wrong=wrong, instead="check address, step and type against the document")


def _shared(one: Point, other: Point) -> bool:
    """One register that speaks for several tanks, read as the same thing for each."""
    same = (one.quantity, one.address, one.type) == (other.quantity, other.address, other.type)
    return same and one.quantity in SHARED


def _check_every_tank(sheet: Sheet[SiteFile], places: list[Placed], elsewhere: set[str], weighed: set[str]) -> None:
    has: dict[str, set[str]] = defaultdict(set)
    for place in places:
        has[place.tank].add(place.point.quantity)
    for tank in sheet.part.tanks:
        needed = ("level",) if tank.good in weighed else ("level", "temp")
        lacking = [q for q in needed if q not in has[tank.id]]
        if lacking and tank.id not in elsewhere:
            wrong = f"no register gives the {' or the '.join(lacking)} of tank {tank.id!r}"
            sheet.error(tank, "id", wrong=wrong, instead="add the tank to a map of this site's gateway that has both")
