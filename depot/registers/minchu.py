"""民储库: a tank-oriented map, one record per tank, FC 03.

32-bit integers LOW WORD FIRST, ten times the value, negative in two's complement, as an INCON
TS-550 packs them; fail values in the manner of a Honeywell CIU 888.
"""

from __future__ import annotations

from depot.gauge import REFRESH_S
from depot.registers.point import Point, Quantity, RegisterMap, StatusBits
from depot.world import SiteSpec, TankSpec

AMBIENT_AT = 190
HEARTBEAT_AT = 192
RECORD_BASE = 200
RECORD_SIZE = 12
STATUS_AT, LEVEL_AT, TEMP_AT, WATER_AT = 0, 2, 4, 6

FAIL_SIGNED = 0x7FFFFFFF
FAIL_ALL_ONES = 0xFFFFFFFF

LEVEL_FAIL, TEMP_FAIL, WATER_FAIL, COMM_FAIL, BUSY = (1 << bit for bit in range(5))
STATUS = StatusBits(
    bad_mask=LEVEL_FAIL | TEMP_FAIL | WATER_FAIL | COMM_FAIL,
    busy_mask=BUSY,
    meaning={
        "0": "level failed",
        "1": "temperature failed",
        "2": "water failed",
        "3": "no answer from gauge",
        "4": "gauge busy (water search): level is not product level",
    },
)


def _value(tank: str | None, quantity: Quantity, address: int, unit: str, fail_raws: tuple[int, ...]) -> Point:
    return Point(
        tank=tank,
        quantity=quantity,
        function_code=3,
        address=address,
        data_type="int32",
        word_order="little",
        byte_order="big",
        scale=0.1,
        offset=0.0,
        unit=unit,
        resolution=1.0 if quantity == "water" else 0.1,
        fail_raws=fail_raws,
        refresh_s=REFRESH_S[quantity],
    )


def _word(tank: str | None, quantity: Quantity, address: int) -> Point:
    return Point(
        tank=tank,
        quantity=quantity,
        function_code=3,
        address=address,
        data_type="uint16",
        word_order="big",
        byte_order="big",
        scale=1.0,
        offset=0.0,
        unit="bits" if quantity == "status" else "count",
        resolution=1.0,
        fail_raws=(),
        refresh_s=1,
    )


def minchu_map(site: SiteSpec, tanks: tuple[TankSpec, ...]) -> RegisterMap:
    """Records of 12 registers without gaps between them."""
    starts = {tank.id: RECORD_BASE + RECORD_SIZE * i for i, tank in enumerate(tanks)}
    points = [
        _value(None, "ambient", AMBIENT_AT, "degC", (FAIL_SIGNED, FAIL_ALL_ONES)),
        _word(None, "heartbeat", HEARTBEAT_AT),
    ]
    for tank, start in starts.items():
        points += [
            _value(tank, "level", start + LEVEL_AT, "mm", (FAIL_SIGNED, FAIL_ALL_ONES)),
            _value(tank, "temperature", start + TEMP_AT, "degC", (FAIL_SIGNED, FAIL_ALL_ONES)),
            # Of the two fail values this one reads as −0.1 mm to whoever does not know it.
            _value(tank, "water", start + WATER_AT, "mm", (FAIL_ALL_ONES, FAIL_SIGNED)),
        ]
    return RegisterMap(
        site=site.id,
        maker="tank-oriented, int32 × 10 low word first, in the manner of INCON TS-550 and CIU 888",
        unit_id=site.unit_id,
        points=tuple(points),
        statuses=tuple(_word(tank, "status", start + STATUS_AT) for tank, start in starts.items()),
        status_bits=STATUS,
        reserved=tuple((start, RECORD_SIZE) for start in starts.values()),
        notes=(
            f"Record of tank n (from 0): {RECORD_BASE} + {RECORD_SIZE} × n; records follow without gaps.",
            "In a record: +0 status, +1 reserved, +2 level, +4 temperature, +6 water, +8…+11 reserved (0).",
            "The heartbeat counts seconds modulo 65536 while the concentrator lives, frozen gauge or not.",
            "No density on this site.",
        ),
    )


def minchu_status(*, fault: bool, searching_water: bool) -> int:
    """The status word of one tank."""
    return (LEVEL_FAIL | TEMP_FAIL | WATER_FAIL | COMM_FAIL if fault else 0) | (BUSY if searching_water else 0)
