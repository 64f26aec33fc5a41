"""港储一库: a data-oriented map in the manner of a Rosemount 2460 tank hub.

One contiguous area per quantity, FC 04, IEEE float32 high word first, level in metres, and a
status DWORD whose bits 16–19 are the servo command. Source of the form: 00809-0100-2460 App. F.
"""

from __future__ import annotations

from depot.gauge import REFRESH_S
from depot.registers.point import FLOAT32_FAILS, Point, Quantity, RegisterMap, StatusBits
from depot.world import SiteSpec, TankSpec

LEVEL_BASE = 4000
TEMP_BASE = 4200
WATER_BASE = 4400
DENSITY_BASE = 4600
AMBIENT_AT = 4800
STATUS_BASE = 9984

DEVICE_ERROR = 1 << 7
UNKNOWN_UNIT = 1 << 11
INVALID_LEVEL = 1 << 15
SERVO_MASK = 0xF << 16
SERVO_WATER_SEARCH = 0b0011 << 16

STATUS = StatusBits(
    bad_mask=DEVICE_ERROR | UNKNOWN_UNIT | INVALID_LEVEL,
    busy_mask=SERVO_MASK,
    meaning={
        "7": "device error",
        "11": "unknown unit",
        "15": "invalid level",
        "16-19": "servo command: 0 level, 1 freeze, 2 motor limit, 3 water search, 4 lock test, "
        "9 density scan, 10 test, 14 water, 15 unknown",
    },
)


def _area(tanks: tuple[TankSpec, ...], quantity: Quantity, base: int, unit: str, resolution: float) -> list[Point]:
    return [_point(t.id, quantity, base + 2 * i, unit, resolution) for i, t in enumerate(tanks)]


def _point(tank: str | None, quantity: Quantity, address: int, unit: str, resolution: float) -> Point:
    return Point(
        tank=tank,
        quantity=quantity,
        function_code=4,
        address=address,
        data_type="float32",
        word_order="big",
        byte_order="big",
        scale=1.0,
        offset=0.0,
        unit=unit,
        resolution=resolution,
        fail_raws=FLOAT32_FAILS,
        refresh_s=REFRESH_S[quantity],
    )


def gangchu_map(site: SiteSpec, tanks: tuple[TankSpec, ...]) -> RegisterMap:
    """Areas of 2 registers per tank, in the order of the tank file."""
    densities = _area(tanks, "density", DENSITY_BASE, "kg/m3", 0.1)
    points = [
        *_area(tanks, "level", LEVEL_BASE, "m", site.level_grid_mm / 1000.0),
        *_area(tanks, "temperature", TEMP_BASE, "degC", site.temp_grid_c),
        *_area(tanks, "water", WATER_BASE, "m", 0.001),
        *(p for p, tank in zip(densities, tanks, strict=True) if tank.density_gauge),
        _point(None, "ambient", AMBIENT_AT, "degC", 0.1),
    ]
    return RegisterMap(
        site=site.id,
        maker="data-oriented, in the manner of a Rosemount 2460",
        unit_id=site.unit_id,
        points=tuple(points),
        statuses=tuple(_status(t.id, STATUS_BASE + 2 * i) for i, t in enumerate(tanks)),
        status_bits=STATUS,
        # Positions without a density sensor stand in the area and read zero.
        reserved=((DENSITY_BASE, 2 * len(tanks)),),
        notes=(
            "One area per quantity, 2 registers per tank: an area can be read in one request.",
            "Positions of the density area without a sensor read 0 and mean nothing.",
        ),
    )


def _status(tank: str, address: int) -> Point:
    return Point(
        tank=tank,
        quantity="status",
        function_code=4,
        address=address,
        data_type="uint32",
        word_order="big",
        byte_order="big",
        scale=1.0,
        offset=0.0,
        unit="bits",
        resolution=1.0,
        fail_raws=(),
        refresh_s=1,
    )


def gangchu_status(*, fault: bool, searching_water: bool) -> int:
    """The DWORD of one tank."""
    return (DEVICE_ERROR | INVALID_LEVEL if fault else 0) | (SERVO_WATER_SEARCH if searching_water else 0)
