"""A gateway that answers while nothing moves any more: its data is old."""

import math

from datasources.gauges.mapping import Point
from datasources.gauges.modbus import ModbusGauge
from domain.farm import Farm, Quality
from tests.fakes.modbus_device import Clock, at, device, gateway, level, tanks, temp

POINTS = {"T-1": (level(0), temp(1)), "T-2": (level(100), temp(101))}


async def test_a_gateway_is_frozen_once_nothing_has_changed_for_longer_than_allowed():
    clock, index = Clock(), tanks(*POINTS)
    words = at(0, [5000, 200]) | at(100, [6000, 210])
    async with device(words) as it:
        gauge = ModbusGauge(gateway(it.port, POINTS, frozen_after_s=60.0), index, clock.us, monotonic_s=clock.s)
        farm = Farm.unread(index).updated(await gauge.poll())
        last_change = gauge.changed_at_us
        clock.advance(59.0)
        farm = farm.updated(await gauge.poll())
        assert farm.quality.tolist() == [Quality.GOOD, Quality.GOOD]

        clock.advance(2.0)
        farm = farm.updated(await gauge.poll())
        assert farm.quality.tolist() == [Quality.FROZEN, Quality.FROZEN]
        assert all(math.isnan(v) for v in (*farm.level_mm, *farm.temp_c))
        assert gauge.changed_at_us == last_change

        words[3, 101] = 211
        farm = farm.updated(await gauge.poll())
        await gauge.close()

    assert farm.quality.tolist() == [Quality.GOOD, Quality.GOOD]
    assert farm.temp_c.tolist() == [20.0, 21.1]
    assert gauge.changed_at_us > last_change


async def test_a_heartbeat_between_the_points_does_not_hide_that_they_have_stopped():
    clock = Clock()
    points = {"T-1": (level(0), temp(2))}
    words = at(0, [5000, 1, 200])
    async with device(words) as it:
        gate = gateway(it.port, points, frozen_after_s=60.0, gap_registers=1)
        gauge = ModbusGauge(gate, tanks("T-1"), clock.us, monotonic_s=clock.s)
        for _ in range(8):
            words[3, 1] += 1
            readings = await gauge.poll()
            clock.advance(10.0)
        await gauge.close()

    assert it.asked[-1] == (3, 0, 3)
    assert readings.quality.tolist() == [Quality.FROZEN]


async def test_the_weather_going_on_does_not_hide_that_the_tanks_have_stopped():
    clock = Clock()
    air = Point(quantity="air", function=3, address=5, type="int16", unit="C", scale=0.1)
    words = at(0, [5000, 200]) | at(5, [241])
    async with device(words) as it:
        gate = gateway(it.port, {"T-1": (level(0), temp(1), air)}, frozen_after_s=60.0)
        gauge = ModbusGauge(gate, tanks("T-1"), clock.us, monotonic_s=clock.s)
        for _ in range(8):
            words[3, 5] += 1
            readings = await gauge.poll()
            clock.advance(10.0)
        await gauge.close()

    assert readings.quality.tolist() == [Quality.FROZEN]


async def test_frozen_is_off_unless_asked_for():
    clock = Clock()
    async with device(at(0, [5000, 200])) as it:
        gauge = ModbusGauge(gateway(it.port, {"T-1": (level(0), temp(1))}), tanks("T-1"), clock.us)
        await gauge.poll()
        clock.advance(1e6)
        readings = await gauge.poll()
        await gauge.close()

    assert readings.quality.tolist() == [Quality.GOOD]


async def test_a_gateway_that_is_gone_is_missing_not_frozen():
    clock = Clock()
    points = {"T-1": (level(0), temp(1))}
    async with device(at(0, [5000, 200])) as it:
        gate = gateway(it.port, points, frozen_after_s=60.0)
        gauge = ModbusGauge(gate, tanks("T-1"), clock.us, monotonic_s=clock.s)
        await gauge.poll()
    clock.advance(100.0)

    assert (await gauge.poll()).quality.tolist() == [Quality.MISSING]
