"""Checks of the register maps: every tank has a level and a temperature, and no register is read as two things."""

from collections import defaultdict
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network

from datasources.gauges.mapping import Point
from datasources.workspace.part import Sheet
from datasources.workspace.problem import suggestion
from datasources.workspace.registers import QUANTITIES, UNITS, GatewayPart, MapPart, Placed, PointPart, expand
from datasources.workspace.sites import SiteFile

EXAMPLE_NETWORKS = tuple(IPv4Network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))
"""Addresses that stand for others in examples (RFC 5737)."""

Device = tuple[str, int, int]


def check_wiring(sheets: list[Sheet[SiteFile]]) -> None:
    """All gateways of all sites: each device once, each tank of the site read, each register once."""
    devices: dict[Device, str] = {}
    for sheet in sheets:
        placed: list[Placed] = []
        for gateway in sheet.part.gateways:
            _check_device(sheet, gateway, devices)
            mine = [p for part in gateway.maps for p in _checked(sheet, part)]
            _check_overlap(sheet, [p for p in expand(gateway) if p in mine])
            placed += mine
        _check_every_tank(sheet, placed)


def _check_device(sheet: Sheet[SiteFile], gateway: GatewayPart, devices: dict[Device, str]) -> None:
    device = (gateway.host, gateway.port, gateway.unit)
    place = f"{sheet.file} line {gateway.node.line}"
    if device in devices:
        wrong = f"{gateway.host}:{gateway.port} unit {gateway.unit} is polled already, in {devices[device]}"
        sheet.error(gateway, "host", wrong=wrong, instead="put all maps of one device under one gateway")
    devices.setdefault(device, place)
    if _is_example(gateway.host):
        wrong = f"{gateway.host} is an address for examples"
        sheet.warn(gateway, "host", wrong=wrong, instead="write the address of the depot's gauge gateway")


def _is_example(host: str) -> bool:
    if not host.replace(".", "").isdigit():
        return False
    try:
        return any(IPv4Address(host) in network for network in EXAMPLE_NETWORKS)
    except ValueError:
        return False


def _checked(sheet: Sheet[SiteFile], part: MapPart) -> list[Placed]:
    """The sound points of one map."""
    if bool(part.tanks) == bool(part.bases):
        wrong = "names its tanks twice" if part.tanks else "names no tank"
        sheet.error(part, wrong=wrong, instead="write either tanks: [A, B] with step, or bases: {A: 1000}")
        return []
    own = {tank.id: tank for tank in sheet.part.tanks}
    for i, tank in enumerate(part.tanks):
        if tank is not None and tank in part.tanks[:i]:
            sheet.error(part, "tanks", i, wrong=f"{tank!r} is there twice", instead="write ~ for a place to skip")
    for key, names in (("tanks", part.tanks), ("bases", list(part.bases))):
        for i, tank in enumerate(names):
            if tank is not None and tank not in own and not _declared(sheet, tank):
                remedy = suggestion(tank, own, add="add it under tanks in this file")
                where = i if key == "tanks" else tank
                sheet.error(part, key, where, wrong=f"tank {tank!r} is not a tank of this site", instead=remedy)
    return [p for quantity, point in part.quantities() for p in _points(sheet, part, quantity, point)]


def _declared(sheet: Sheet[SiteFile], tank: str) -> bool:
    """Whether a tank of that id stands in the file, though it may be broken."""
    return tank in sheet.declared("tanks", "id")


def _points(sheet: Sheet[SiteFile], part: MapPart, quantity: str, point: PointPart) -> list[Placed]:
    sound = _check_form(sheet, part, quantity, point)
    if len(part.tanks) > 1 and point.step is None and part.step is None:
        wrong = "has no step: all tanks would read the same register"
        sheet.error(point, "step", wrong=wrong, instead="write how many registers lie from one tank to the next")
        return []
    return [p for p in _of(part, quantity) if _in_range(sheet, point, p)] if sound else []
