"""厂库: a Chinese servo gauge's map, FC 03, two registers per value.

Unsigned 32-bit, high word first but the bytes swapped inside each word (BADC), with decimals
and an offset per parameter (temperature: raw − 1000, one decimal; pressure: raw − 1000, two decimals), and holes
between tanks. Some tanks have pressure transmitters (HTG) besides the servo.
"""

from __future__ import annotations

from depot.gauge import REFRESH_S
from depot.registers.point import Point, Quantity, RegisterMap, StatusBits
from depot.world import SiteSpec, TankSpec

AMBIENT_AT = 0x0FF0
TANK_BASE = 0x1000
TANK_STRIDE = 16
LEVEL_AT, WATER_AT, TEMP_AT, DENSITY_AT, STATUS_AT, P1_AT, P3_AT = 0, 2, 4, 6, 8, 10, 12

FAIL = 0xFFFFFFFF
TEMP_OFFSET = -1000.0
PRESSURE_OFFSET = -1000.0

FAULT = 1 << 0
SEARCHING = 1 << 1
SCANNING_DENSITY = 1 << 2
STATUS = StatusBits(
    bad_mask=FAULT,
    busy_mask=SEARCHING | SCANNING_DENSITY,
    meaning={"0": "gauge fault", "1": "searching water", "2": "scanning density"},
)


def _value(
    tank: str | None, quantity: Quantity, address: int, unit: str, *, scale: float, offset: float = 0.0
) -> Point:
    return Point(
        tank=tank,
        quantity=quantity,
        function_code=3,
        address=address,
        data_type="uint32",
        word_order="big",
        byte_order="little",
        scale=scale,
        offset=offset,
        unit=unit,
        resolution=1.0 if quantity == "water" else scale,
        fail_raws=() if quantity == "status" else (FAIL,),
        refresh_s=REFRESH_S["pressure"] if quantity in ("p1", "p3") else REFRESH_S.get(quantity, 1),
    )


def _tank_points(tank: TankSpec, start: int) -> list[Point]:
    points = [
        _value(tank.id, "level", start + LEVEL_AT, "mm", scale=1.0),
        _value(tank.id, "water", start + WATER_AT, "mm", scale=0.1),
        _value(tank.id, "temperature", start + TEMP_AT, "degC", scale=0.1, offset=TEMP_OFFSET),
    ]
    if tank.density_gauge:
        points.append(_value(tank.id, "density", start + DENSITY_AT, "kg/m3", scale=0.1))
    if tank.p1_mm is not None:
        points.append(_value(tank.id, "p1", start + P1_AT, "kPa", scale=0.01, offset=PRESSURE_OFFSET))
        points.append(_value(tank.id, "p3", start + P3_AT, "kPa", scale=0.01, offset=PRESSURE_OFFSET))
    return points


def changku_map(site: SiteSpec, tanks: tuple[TankSpec, ...]) -> RegisterMap:
    """Ten registers used of every sixteen, the other six answer ILLEGAL DATA ADDRESS; all of them with transmitters."""
    starts = {tank.id: TANK_BASE + TANK_STRIDE * i for i, tank in enumerate(tanks)}
    points = [_value(None, "ambient", AMBIENT_AT, "degC", scale=0.1, offset=TEMP_OFFSET)]
    for tank in tanks:
        points += _tank_points(tank, starts[tank.id])
    return RegisterMap(
        site=site.id,
        maker="Chinese servo gauge firmware: byte-swapped words, decimals and offset per parameter",
        unit_id=site.unit_id,
        points=tuple(points),
        statuses=tuple(_value(t, "status", start + STATUS_AT, "bits", scale=1.0) for t, start in starts.items()),
        status_bits=STATUS,
        reserved=tuple((starts[tank.id], STATUS_AT + 2 if tank.p1_mm is None else TANK_STRIDE) for tank in tanks),
        notes=(
            f"Block of tank n (from 0): 0x{TANK_BASE:04X} + {TANK_STRIDE} × n, 10 registers used, then a hole of 6.",
            "A request that touches a hole is refused as a whole.",
            "Where no density is listed its two registers read 0 and mean nothing.",
            "Tanks with pressure transmitters have no hole: +10 (P1), +12 (P3), +14 and +15 reserved (0).",
            "P1 is the lower transmitter, P3 the vapour space; both are gauge pressure.",
            *(
                f"{tank.id}: P1 sits {tank.p1_mm:g} mm above the datum plate."
                for tank in tanks
                if tank.p1_mm is not None
            ),
        ),
    )


def changku_status(*, fault: bool, searching_water: bool) -> int:
    """The status of one tank."""
    return (FAULT if fault else 0) | (SEARCHING if searching_water else 0)
