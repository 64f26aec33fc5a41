"""A gauge against pymodbus' own server: every maker's map comes out as the same tank."""

import math

import pytest

from datasources.gauges.mapping import Point, StatusRule
from datasources.gauges.modbus import ModbusGauge
from domain.farm import Farm, Quality
from tests.fakes.modbus_device import Clock, at, device, gateway, level, packed, tanks, temp


def point(quantity, address, kind, order="ABCD", **changes):
    orders = {
        "byte_order": "big" if order in {"ABCD", "CDAB"} else "little",
        "word_order": "big" if order in {"ABCD", "BADC"} else "little",
    }
    given = {"quantity": quantity, "function": 3, "address": address, "type": kind}
    return Point(**given | orders | changes)


ROSEMOUNT = (
    {
        tank: (
            point("level", 4000 + 2 * i, "float32", function=4, unit="m", resolution=0.0001),
            point("temp", 4200 + 2 * i, "float32", function=4, unit="C", resolution=0.1),
            point("water", 4400 + 2 * i, "float32", function=4, unit="m", resolution=0.001),
            point("density", 4600 + 2 * i, "float32", function=4, unit="kg/m3", resolution=0.1),
        )
        for i, tank in enumerate(("T-1", "T-2"))
    },
    at(4000, packed("f", 8.1234), packed("f", 6.5), function=4)
    | at(4200, packed("f", 21.3), packed("f", -4.2), function=4)
    | at(4400, packed("f", 0.012), packed("f", 0.0), function=4)
    | at(4600, packed("f", 835.4), packed("f", 791.0), function=4),
    4,
)
INCON = (
    {
        tank: (
            point("level", 200 + 12 * i, "int32", "CDAB", scale=0.1),
            point("temp", 202 + 12 * i, "int32", "CDAB", unit="C", scale=0.1),
            point("water", 204 + 12 * i, "int32", "CDAB", scale=0.1),
            point("density", 206 + 12 * i, "int32", "CDAB", unit="kg/m3", scale=0.1),
        )
        for i, tank in enumerate(("T-1", "T-2"))
    },
    at(200, *(packed("i", v, "CDAB") for v in (81234, 213, 120, 8354)))
    | at(212, *(packed("i", v, "CDAB") for v in (65000, -42, 0, 7910))),
    2,
)
CHINESE_SERVO = (
    {
        tank: (
            point("level", 0x1000 + 16 * i, "uint32", "BADC", scale=0.1),
            point("temp", 0x1002 + 16 * i, "uint32", "BADC", unit="C", scale=0.1, offset=-100.0),
            point("water", 0x1004 + 16 * i, "uint32", "BADC"),
            point("density", 0x1006 + 16 * i, "uint32", "BADC", unit="g/cm3", scale=0.0001),
        )
        for i, tank in enumerate(("T-1", "T-2"))
    },
    at(0x1000, *(packed("I", v, "BADC") for v in (81234, 1213, 12, 8354)))
    | at(0x1010, *(packed("I", v, "BADC") for v in (65000, 958, 0, 7910))),
    2,
)
SIXTEEN_BIT = (
    {
        "T-1": (
            point("level", 0, "uint16", "BADC", unit="cm", scale=0.2, offset=-0.06),
            point("temp", 1, "int16", "BADC", unit="C", scale=0.1),
            point("water", 2, "uint16", "BADC"),
            point("density", 3, "uint16", "BADC", unit="kg/m3", scale=0.1),
        ),
        "T-2": (
            point("level", 4, "float64", unit="mm"),
            point("temp", 8, "float32", "DCBA", unit="K", resolution=0.01),
            point("water", 10, "int16"),
            point("density", 11, "float32", "DCBA", unit="g/cm3", resolution=0.0001),
        ),
    },
    at(0, [0xDE0F, 0xD500, 0x0C00, 0xA220])
    | at(4, packed("d", 6500.0), packed("f", 268.95, "DCBA"), [0], packed("f", 0.791, "DCBA")),
    1,
)


@pytest.mark.parametrize(
    ("points", "words", "requests"),
    [ROSEMOUNT, INCON, CHINESE_SERVO, SIXTEEN_BIT],
    ids=["areas of float32", "low word first", "bytes swapped", "sixteen bits and doubles"],
)
async def test_every_map_comes_out_as_the_same_two_tanks_in_few_reads(points, words, requests):
    index = tanks("T-1", "T-2")
    async with device(words) as gauge_at:
        gauge = ModbusGauge(gateway(gauge_at.port, points), index, Clock().us)
        readings = await gauge.poll()
        await gauge.close()

    farm = Farm.unread(index).updated(readings)
    assert farm.quality.tolist() == [Quality.GOOD, Quality.GOOD]
    assert farm.level_mm.tolist() == pytest.approx([8123.4, 6500.0], abs=0.3)
    assert farm.temp_c.tolist() == [21.3, -4.2]
    assert farm.water_mm.tolist() == [12.0, 0.0]
    assert farm.density_kg_m3.tolist() == [835.4, 791.0]
    assert len(gauge_at.asked) == requests


async def test_what_a_device_cannot_say_arrives_as_bits_through_the_wire():
    busy = StatusRule(mask=0xF0000, equals=0x30000, means="busy")
    points = {
        "T-1": (level(0, type="float32"), temp(20)),
        "T-2": (level(2, type="float32", fail_values=(0xFFFFFFFF,)), temp(21)),
        "T-3": (level(4, type="float32"), temp(22), point("status", 8, "uint32", unit="bits", status=(busy,))),
        "T-4": (level(6, type="float32"), temp(23)),
    }
    words = at(0, packed("f", math.nan), packed("I", 0xFFFFFFFF), packed("f", 5000.0), packed("f", 6000.0))
    words |= at(8, packed("I", 0x30000)) | at(20, [200, 201, 202, 203])
    async with device(words) as gauge_at:
        gauge = ModbusGauge(gateway(gauge_at.port, points), tanks(*points), Clock().us)
        readings = await gauge.poll()
        await gauge.close()

    assert [Quality(q) for q in readings.quality.tolist()] == [
        Quality.NOT_FINITE,
        Quality.FAIL_VALUE,
        Quality.BUSY,
        Quality.GOOD,
    ]
    assert [math.isnan(v) for v in readings.level_mm.tolist()] == [True, True, True, False]
    assert readings.temp_c.tolist() == [20.0, 20.1, 20.2, 20.3]
    assert readings.status.tolist() == [0, 0, 0x30000, 0]


async def test_times_are_those_of_the_request_and_of_the_reply():
    clock = Clock()
    async with device(at(0, [5000, 200])) as gauge_at:
        gauge = ModbusGauge(gateway(gauge_at.port, {"T-1": (level(0), temp(1))}), tanks("T-1"), clock.us)
        before = clock.now_us
        readings = await gauge.poll()
        await gauge.close()

    assert readings.taken_at_us.tolist() == [before + 1]
    assert readings.received_at_us.tolist() == [before + 2]


async def test_an_illegal_address_loses_its_own_block_only():
    points = {"T-1": (level(0), temp(1)), "T-2": (level(100), temp(101)), "T-3": (level(200), temp(201))}
    async with device(at(0, [5000, 200]) | at(200, [7000, 220])) as gauge_at:
        gauge = ModbusGauge(gateway(gauge_at.port, points), tanks(*points), Clock().us)
        readings = await gauge.poll()
        await gauge.close()

    assert [Quality(q) for q in readings.quality.tolist()] == [Quality.GOOD, Quality.REFUSED, Quality.GOOD]
    assert math.isnan(readings.level_mm[1])
    assert readings.level_mm.tolist()[::2] == [5000.0, 7000.0]
    assert len(gauge_at.asked) == 3


async def test_nothing_but_reads_ever_reaches_the_wire():
    points = {"T-1": (level(0), temp(1)), "T-2": (level(0, function=4), temp(1, function=4))}
    async with device(at(0, [5000, 200]) | at(0, [6000, 210], function=4)) as gauge_at:
        gauge = ModbusGauge(gateway(gauge_at.port, points), tanks(*points), Clock().us)
        for _ in range(3):
            await gauge.poll()
        await gauge.close()

    assert {function for function, _, _ in gauge_at.asked} == {3, 4}


async def test_a_gauge_is_polled_again_after_it_was_closed():
    async with device(at(0, [5000, 200])) as gauge_at:
        gauge = ModbusGauge(gateway(gauge_at.port, {"T-1": (level(0), temp(1))}), tanks("T-1"), Clock().us)
        await gauge.poll()
        await gauge.close()
        await gauge.close()
        readings = await gauge.poll()
        await gauge.close()

    assert readings.level_mm.tolist() == [5000.0]
