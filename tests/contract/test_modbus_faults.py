"""A gauge against devices that misbehave on the wire. Time-outs are 30 s unless silence is the point, so a test that
would only pass by waiting does not pass.
"""

import asyncio
import logging
import math

import pytest

from datasources.gauges.link import plausible
from datasources.gauges.modbus import ModbusGauge
from domain.farm import Farm, Quality
from tests.fakes.modbus_device import Clock, at, device, gateway, level, raw_server, tanks, temp

TWO_BLOCKS = {"T-1": (level(0), temp(1)), "T-2": (level(100), temp(101))}


def gauge_at(port, points=TWO_BLOCKS, clock=None, **changes):
    clock = clock or Clock()
    return ModbusGauge(gateway(port, points, **changes), tanks(*points), clock.us, monotonic_s=clock.s)


def bits(readings):
    return [Quality(q) for q in readings.quality.tolist()]


def own_address(request):
    """Registers that hold their own address: no answer can be mistaken for another."""
    return list(range(request.start, request.start + request.count))


async def test_a_late_reply_is_never_taken_for_the_next_one():
    late = []

    async def answer(request, writer):
        if request.nth == 1:
            late.append(request.reply([7777, 777]))
        else:
            writer.write(b"".join(late) + request.reply(own_address(request)))

    async with raw_server(answer) as server:
        gauge = gauge_at(server.port, timeout_s=0.5)
        readings = await gauge.poll()
        await gauge.close()

    assert bits(readings) == [Quality.MISSING, Quality.GOOD]
    assert readings.level_mm.tolist()[1] == 100.0
    assert server.connections == 1


async def test_a_reply_that_comes_a_whole_poll_late_is_skipped_too():
    late = []

    async def answer(request, writer):
        if request.nth == 1:
            late.append(request.reply([7777, 777]))
        else:
            writer.write(b"".join(late) + request.reply(own_address(request)))

    async with raw_server(answer) as server:
        gauge = gauge_at(server.port, {"T-1": (level(10), temp(11))}, timeout_s=0.5)
        first, second = await gauge.poll(), await gauge.poll()
        await gauge.close()

    assert bits(first) == [Quality.MISSING]
    assert second.level_mm.tolist() == [10.0]
    assert server.connections == 1


async def test_a_late_reply_and_the_right_one_of_full_length_may_arrive_together():
    """pymodbus throws away more than 264 bytes at once unless told otherwise."""
    late = []

    async def answer(request, writer):
        if request.nth == 1:
            late.append(request.reply([7777] * request.count))
        else:
            writer.write(b"".join(late) + request.reply(own_address(request)))

    points = {"T-1": (level(0), temp(119)), "T-2": (level(200), temp(319))}
    async with raw_server(answer) as server:
        gauge = gauge_at(server.port, points, timeout_s=0.5, gap_registers=118)
        readings = await gauge.poll()
        await gauge.close()

    assert readings.level_mm.tolist()[1] == 200.0


async def test_replies_cut_into_single_bytes_are_put_together():
    async def answer(request, writer):
        for byte in request.reply(own_address(request)):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)

    async with raw_server(answer) as server:
        gauge = gauge_at(server.port)
        readings = await gauge.poll()
        await gauge.close()

    assert readings.level_mm.tolist() == [0.0, 100.0]


def short(request):
    return request.reply([5000])


def lying_count(request):
    return request.frame(bytes([3, 4, 0x13, 0x88]))


def odd_count(request):
    return request.frame(bytes([3, 3, 0x13, 0x88, 0x00]))


def other_function(request):
    return request.reply([5000, 200], function=4)


def unknown_function(request):
    return request.frame(bytes([0x2B, 0x0E, 0x01]))


def write_echo(request):
    return request.frame(bytes([6, 0, 0, 0, 1]))


def exception_without_code(request):
    return request.frame(bytes([0x83]))


def another_protocol(request):
    return b"HTTP/1.1 400 Bad Request\r\n\r\n"


def no_length(request):
    return b"\0\1\0\0\0\0\1"


MALFORMED = [
    short,
    lying_count,
    odd_count,
    other_function,
    unknown_function,
    write_echo,
    exception_without_code,
    another_protocol,
    no_length,
]


@pytest.mark.parametrize("wrong", MALFORMED)
async def test_an_unusable_reply_is_malformed_at_once_and_loses_its_own_block_only(wrong, caplog):
    async def answer(request, writer):
        writer.write(wrong(request) if request.start == 0 else request.reply(own_address(request)))

    async with raw_server(answer) as server:
        gauge = gauge_at(server.port)
        first, second = await gauge.poll(), await gauge.poll()
        await gauge.close()

    for readings in (first, second):
        assert bits(readings) == [Quality.MALFORMED, Quality.GOOD]
        assert math.isnan(readings.level_mm[0])
        assert readings.level_mm.tolist()[1] == 100.0
    assert caplog.records == []


async def test_another_unit_s_reply_is_not_ours():
    async def answer(request, writer):
        writer.write(request.reply([7777, 777], unit=9) + request.reply(own_address(request)))

    async with raw_server(answer) as server:
        gauge = gauge_at(server.port)
        readings = await gauge.poll()
        await gauge.close()

    assert readings.level_mm.tolist() == [0.0, 100.0]


async def test_half_a_frame_and_a_closed_connection_lose_one_block_without_waiting():
    async def answer(request, writer):
        if request.start == 0:
            writer.write(request.reply(own_address(request))[:9])
            writer.close()
        else:
            writer.write(request.reply(own_address(request)))

    async with raw_server(answer) as server:
        gauge = gauge_at(server.port, TWO_BLOCKS | {"T-3": (level(200), temp(201))})
        await gauge.poll()
        readings = await gauge.poll()
        await gauge.close()

    assert bits(readings) == [Quality.MISSING, Quality.GOOD, Quality.GOOD]
    assert readings.level_mm.tolist()[1:] == [100.0, 200.0]


async def test_a_device_that_closes_after_every_answer_is_still_read():
    async def answer(request, writer):
        writer.write(request.reply(own_address(request)))
        await writer.drain()
        writer.close()

    points = {f"T-{i}": (level(100 * i), temp(100 * i + 1)) for i in range(4)}
    async with raw_server(answer) as server:
        gauge = gauge_at(server.port, points)
        for _ in range(3):
            readings = await gauge.poll()
        await gauge.close()

    assert readings.level_mm.tolist() == [0.0, 100.0, 200.0, 300.0]


async def test_a_device_that_accepts_and_says_nothing_is_missing_and_not_hammered():
    async def answer(request, writer):
        pass

    async with raw_server(answer) as server:
        gauge = gauge_at(server.port, clock=(clock := Clock()), timeout_s=0.02)
        for _ in range(40):
            readings = await gauge.poll()
            clock.advance(0.5)
        await gauge.close()

    assert bits(readings) == [Quality.MISSING, Quality.MISSING]
    assert all(math.isnan(v) for v in readings.level_mm)
    assert 5 <= server.connections <= 15


async def test_a_refused_connection_is_missing_and_tried_again_with_growing_pauses():
    async def never(request, writer):
        raise AssertionError("nobody listens")

    async with raw_server(never) as server:
        port = server.port
    gauge = gauge_at(port, clock=(clock := Clock()))
    readings = await gauge.poll()
    clock.advance(0.1)
    again = await gauge.poll()

    assert bits(readings) == bits(again) == [Quality.MISSING, Quality.MISSING]
    assert readings.taken_at_us.tolist() <= readings.received_at_us.tolist()


async def test_a_device_that_comes_back_is_read_within_two_seconds_and_reported_once(caplog):
    caplog.set_level(logging.INFO)
    words, clock = at(0, [5000, 200]), Clock()
    async with device(words) as first:
        gauge = gauge_at(first.port, {"T-1": (level(0), temp(1))}, clock)
        assert bits(await gauge.poll()) == [Quality.GOOD]
    for _ in range(100):
        clock.advance(1.0)
        assert bits(await gauge.poll()) == [Quality.MISSING]
    async with device(words, port=first.port):
        clock.advance(2.0)
        readings = await gauge.poll()
        await gauge.poll()
        await gauge.close()

    assert bits(readings) == [Quality.GOOD]
    assert [r.getMessage().split(" ")[0] for r in caplog.records if r.name == "datasources.gauges.modbus"] == [
        "gauge_lost",
        "gauge_back",
    ]
    assert [r for r in caplog.records if r.name.startswith(("pymodbus", "asyncio"))] == []


async def test_missing_rows_still_reach_the_farm():
    points, clock = {"T-1": (level(0), temp(1))}, Clock()
    async with device(at(0, [5000, 200])) as it:
        gauge = gauge_at(it.port, points, clock)
        farm = Farm.unread(tanks(*points)).updated(await gauge.poll())
    clock.advance(1.0)
    farm = farm.updated(await gauge.poll())

    assert farm.quality.tolist() == [Quality.MISSING]
    assert math.isnan(farm.level_mm[0])


async def test_a_silent_block_does_not_starve_the_others():
    """Two blocks that never answer end the poll early; the rest goes first in the next one."""

    async def answer(request, writer):
        if request.start >= 200:
            writer.write(request.reply(own_address(request)))

    points = {f"T-{i}": (level(100 * i), temp(100 * i + 1)) for i in range(4)}
    async with raw_server(answer) as server:
        gauge = gauge_at(server.port, points, timeout_s=0.3)
        first, second = await gauge.poll(), await gauge.poll()
        await gauge.close()

    assert bits(first) == [Quality.MISSING] * 4
    assert bits(second) == [Quality.MISSING, Quality.MISSING, Quality.GOOD, Quality.GOOD]


async def test_a_poll_that_was_cancelled_does_not_spoil_the_next():
    seen = asyncio.Event()

    async def answer(request, writer):
        seen.set()
        if request.nth > 1:
            writer.write(request.reply(own_address(request)))

    async with raw_server(answer) as server:
        gauge = gauge_at(server.port)
        poll = asyncio.create_task(gauge.poll())
        await seen.wait()
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        readings = await gauge.poll()
        await gauge.close()

    assert readings.level_mm.tolist() == [0.0, 100.0]


async def test_one_hanging_gateway_delays_no_other():
    async def hang(request, writer):
        await released.wait()
        writer.write(request.reply(own_address(request)))

    released = asyncio.Event()
    async with raw_server(hang) as stuck, device(at(0, [5000, 200]) | at(100, [6000, 210])) as healthy:
        slow = gauge_at(stuck.port)
        others = [gauge_at(healthy.port) for _ in range(30)]
        waiting = asyncio.create_task(slow.poll())
        rounds = [await asyncio.gather(*(gauge.poll() for gauge in others)) for _ in range(3)]
        still_waiting = not waiting.done()
        released.set()
        late = await waiting
        for gauge in (slow, *others):
            await gauge.close()

    assert still_waiting
    assert all(bits(readings) == [Quality.GOOD, Quality.GOOD] for polls in rounds for readings in polls)
    assert late.level_mm.tolist() == [0.0, 100.0]


@pytest.mark.parametrize("cut", range(14))
def test_a_growing_frame_is_plausible_at_every_length(cut):
    assert plausible(bytes.fromhex("0001 0000 0007 01 03 04 1388 00C8")[:cut])


@pytest.mark.parametrize("cut", [1, 5, 9])
def test_a_frame_behind_another_is_judged_as_well(cut):
    good, bad = bytes.fromhex("0001 0000 0003 01 83 02"), bytes.fromhex("0002 0000 0004 01 06 0001")

    assert plausible(good + good[:cut])
    assert not plausible(good + bad)
