"""Air and pressures beside the level: read like the rest, and silent about it when they fail."""

import math

import pytest

from datasources.gauges.decode import decode, frozen
from datasources.gauges.layout import Reply, layout
from datasources.gauges.mapping import Point, StatusRule
from datasources.gauges.plan import plan
from domain.errors import WorkspaceInvalid
from domain.farm import Farm, Quality, Readings
from tests.fakes.modbus_device import at, gateway, level, packed, tanks, temp

FAILED = 0xFFFF


def beside(quantity: str, address: int, **changes: object) -> Point:
    """A sensor beside the level in one register, hundredths of its first unit unless told otherwise."""
    unit = "C" if quantity == "air" else "kPa"
    given = {"quantity": quantity, "function": 4, "address": address, "type": "int16", "unit": unit, "scale": 0.01}
    return Point(**given | {"resolution": 0.01, "fail_values": (FAILED,)} | changes)


def read(points: dict[str, tuple[Point, ...]], words: dict[tuple[int, int], int], *lost: int) -> Readings:
    """Decode as if the device held these words; ``lost`` blocks were refused."""
    gate = gateway(1, points)
    blocks = plan(gate)
    replies = [
        Reply(
            registers=() if i in lost else tuple(words[b.function, a] for a in range(b.start, b.end)),
            quality=Quality.REFUSED if i in lost else Quality.GOOD,
            asked_us=1,
            answered_us=2,
        )
        for i, b in enumerate(blocks)
    ]
    return decode(layout(gate, tanks(*points), blocks), replies)


def values(readings: Readings, place: int = 0) -> list[float | None]:
    """Air, P1 and P3 of one tank; None for NaN."""
    found = [column[place] for column in (readings.air_c, readings.p1_kpa, readings.p3_kpa)]
    return [None if math.isnan(value) else float(value) for value in found]


SENSORS = (beside("air", 0), beside("p1", 1), beside("p3", 2))
GAUGE = (level(0), temp(1))
WORDS = at(0, [5000, 200])


def test_air_and_pressures_stand_beside_the_level():
    readings = read({"T-1": (*GAUGE, *SENSORS)}, WORDS | at(0, [2412, 9713, 0xFFF4], function=4))

    assert values(readings) == [24.12, 97.13, -0.12]
    assert (readings.level_mm[0], readings.quality[0]) == (5000.0, Quality.GOOD)


def test_a_tank_without_such_sensors_knows_none_of_it_and_is_good():
    readings = read({"T-1": GAUGE}, WORDS)

    assert values(readings) == [None, None, None]
    assert readings.quality[0] == Quality.GOOD


@pytest.mark.parametrize(
    ("words", "lost"),
    [([FAILED] * 3, ()), ([7000, 1, 20000], ()), ([2412, 9713, 0], (1,))],
    ids=["fail values", "out of range", "refused"],
)
def test_a_failed_sensor_is_unknown_and_the_level_beside_it_stays_good(words, lost):
    sensors = [beside(p.quantity, p.address, low=0.5, high=60.0) for p in SENSORS]
    readings = read({"T-1": (*GAUGE, *sensors)}, WORDS | at(0, words, function=4), *lost)

    assert values(readings) == [None, None, None]
    assert (readings.level_mm[0], readings.quality[0]) == (5000.0, Quality.GOOD)


def test_a_broken_gauge_says_nothing_of_its_pressures_either():
    status = Point(
        quantity="status",
        function=3,
        address=2,
        type="uint16",
        unit="bits",
        status=(StatusRule(mask=1, means="device"),),
    )
    readings = read({"T-1": (*GAUGE, *SENSORS, status)}, at(0, [5000, 200, 1]) | at(0, [2412, 9713, 12], function=4))

    assert values(readings) == [None, None, None]
    assert readings.quality[0] == Quality.DEVICE


@pytest.mark.parametrize(
    ("unit", "scale", "raw", "kpa"),
    [("kPa", 0.01, 9713, 97.13), ("bar", 0.0001, 9713, 97.13), ("mbar", 0.1, 9713, 97.13), ("Pa", 10.0, 9713, 97.13)],
)
def test_a_pressure_comes_out_in_kilopascals(unit, scale, raw, kpa):
    point = beside("p1", 0, unit=unit, scale=scale, resolution=scale)

    assert values(read({"T-1": (*GAUGE, point)}, WORDS | at(0, [raw], function=4)))[1] == pytest.approx(kpa, abs=1e-9)


def test_one_thermometer_speaks_for_every_tank_of_the_site():
    air = beside("air", 0, type="float32", unit="F", scale=1.0, resolution=0.0)
    points = {"T-1": (level(0), temp(1), air), "T-2": (level(2), temp(3), air)}
    words = at(0, [5000, 200, 6000, 210]) | at(0, packed("f", 68.0), function=4)

    assert read(points, words).air_c.tolist() == pytest.approx([20.0, 20.0])


def test_a_pressure_in_a_unit_of_length_is_refused():
    gate = gateway(1, {"T-1": (beside("p1", 0, unit="mm"),)})

    with pytest.raises(WorkspaceInvalid, match="'p1' in 'mm': kPa, bar, mbar, Pa are allowed"):
        layout(gate, tanks("T-1"), plan(gate))


def test_a_frozen_gateway_knows_neither_air_nor_pressure():
    readings = frozen(read({"T-1": (*GAUGE, *SENSORS)}, WORDS | at(0, [2412, 9713, 12], function=4)))

    assert values(readings) == [None, None, None]


def test_the_farm_holds_them_and_forgets_them_with_the_next_reading_that_lacks_them():
    with_sensors = read({"T-1": (*GAUGE, *SENSORS)}, WORDS | at(0, [2412, 9713, 12], function=4))
    farm = Farm.unread(tanks("T-1")).updated(with_sensors)
    assert [farm.air_c[0], farm.p1_kpa[0], farm.p3_kpa[0]] == [24.12, 97.13, 0.12]

    farm = farm.updated(read({"T-1": GAUGE}, WORDS))
    assert all(math.isnan(column[0]) for column in (farm.air_c, farm.p1_kpa, farm.p3_kpa))
