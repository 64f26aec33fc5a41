"""The process as others meet it: a ready line, real Modbus TCP, real HTTP, a clean end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ConnectionException, ModbusIOException

ROOT = Path(__file__).parents[2]
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, GATEWAY_NO_RESPONSE = 1, 2, 11
Depot = tuple[subprocess.Popen[str], dict[str, Any]]


def start(*arguments: str) -> Depot:
    process = subprocess.Popen(
        [sys.executable, "-m", "depot", "--tick", "0.2", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    return process.returncode, errors


@pytest.fixture(scope="module")
def depot() -> Iterator[Depot]:
    process, ready = start("--quiet")
    yield process, ready
    assert finish(process) == (0, "")


def url(depot: Depot, path: str) -> str:
    return f"http://127.0.0.1:{depot[1]['http']}{path}"


def registers_of(depot: Depot, site: str) -> dict[str, Any]:
    document: dict[str, Any] = httpx.get(url(depot, f"/registers/{site}")).json()
    return document


def truth_of(depot: Depot) -> dict[str, Any]:
    return {t["tank"]: t for t in httpx.get(url(depot, "/truth")).json()["tanks"]}


def pull(depot: Depot, lever: str, **params: Any) -> dict[str, Any]:
    answer = httpx.post(url(depot, f"/levers/{lever}"), json=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def connected(document: dict[str, Any]) -> AsyncModbusTcpClient:
    client = AsyncModbusTcpClient(
        document["host"], port=document["port"], timeout=2, retries=0, reconnect_delay=0, reconnect_delay_max=0
    )
    await client.connect()
    return client


async def read_point(client: AsyncModbusTcpClient, document: dict[str, Any], point: dict[str, Any]) -> list[int]:
    ask = client.read_input_registers if point["function_code"] == 4 else client.read_holding_registers
    reply = await ask(point["address"], count=point["count"], device_id=document["unit_id"])
    assert not reply.isError(), (point, reply)
    return list(reply.registers)


def point_of(document: dict[str, Any], tank: str, quantity: str) -> dict[str, Any]:
    return next(p for p in document["points"] if (p["tank"], p["quantity"]) == (tank, quantity))


def test_the_ready_line_names_every_port(depot: Depot) -> None:
    _, ready = depot
    assert ready["ready"] is True
    assert set(ready["modbus"]) == {"gangchu", "minchu", "changku"}
    assert httpx.get(url(depot, "/health")).json()["ok"] is True


@pytest.mark.parametrize("site", ["gangchu", "minchu", "changku"])
async def test_every_tank_reads_true_over_the_wire(
    depot: Depot, site: str, decode: Callable[[dict[str, Any], list[int]], float | None]
) -> None:
    document = registers_of(depot, site)
    truth = truth_of(depot)
    client = await connected(document)
    for point in document["points"]:
        value = decode(point, await read_point(client, document, point))
        assert value is not None, point
        if point["quantity"] == "level":
            level_mm = value * 1000 if point["unit"] == "m" else value
            assert level_mm == pytest.approx(truth[point["tank"]]["level_mm"], abs=3.0)
        if point["quantity"] == "temperature":
            assert value == pytest.approx(truth[point["tank"]]["temp_c"], abs=0.25)
    client.close()


async def test_a_lever_is_in_the_registers_before_its_answer(
    depot: Depot, decode: Callable[[dict[str, Any], list[int]], float | None]
) -> None:
    document = registers_of(depot, "gangchu")
    point = point_of(document, "T-112", "level")
    client = await connected(document)
    before = decode(point, await read_point(client, document, point))
    assert before is not None
    started_us = time.time_ns() // 1000
    answer = pull(depot, "set_level", tank="T-112", delta_mm=-525)
    after = decode(point, await read_point(client, document, point))
    assert after == pytest.approx(before - 0.525, abs=0.005)
    assert started_us <= answer["changed_at_us"] <= time.time_ns() // 1000
    pull(depot, "restore")
    client.close()


async def test_addresses_units_and_functions_outside_the_map_get_exceptions(depot: Depot) -> None:
    document = registers_of(depot, "minchu")
    client = await connected(document)
    unit = document["unit_id"]
    outside = await client.read_holding_registers(1000, count=2, device_id=unit)
    straddling = await client.read_holding_registers(410, count=20, device_id=unit)
    wrong_unit = await client.read_holding_registers(200, count=2, device_id=99)
    wrong_function = await client.read_input_registers(200, count=2, device_id=unit)
    assert [outside.exception_code, straddling.exception_code] == [ILLEGAL_ADDRESS, ILLEGAL_ADDRESS]
    assert wrong_unit.exception_code == GATEWAY_NO_RESPONSE
    assert wrong_function.exception_code == ILLEGAL_FUNCTION
    client.close()


async def test_writing_is_refused_and_changes_nothing(depot: Depot) -> None:
    document = registers_of(depot, "minchu")
    point = next(p for p in document["status"]["points"] if p["tank"] == "V203")
    client = await connected(document)
    unit, address = document["unit_id"], point["address"]
    replies = [
        await client.write_register(address, 99, device_id=unit),
        await client.write_registers(address, [1, 2, 3], device_id=unit),
        await client.write_coil(address, True, device_id=unit),
        await client.mask_write_register(address=address, and_mask=0, or_mask=9, device_id=unit),
        await client.readwrite_registers(
            read_address=address, read_count=1, write_address=address, values=[7], device_id=unit
        ),
    ]
    assert [r.exception_code for r in replies] == [ILLEGAL_FUNCTION] * 5
    assert await read_point(client, document, point) == [0]
    client.close()


async def test_a_cut_site_refuses_and_comes_back_on_the_same_port(depot: Depot) -> None:
    document = registers_of(depot, "changku")
    point = point_of(document, "C-01", "level")
    client = await connected(document)
    await read_point(client, document, point)
    pull(depot, "cut_site", site="changku")
    with pytest.raises((ConnectionException, ModbusIOException)):
        await client.read_holding_registers(point["address"], count=2, device_id=document["unit_id"])
    client.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(document["host"], document["port"])
    others = await connected(registers_of(depot, "gangchu"))
    assert others.connected
    others.close()
    pull(depot, "restore")
    again = await connected(document)
    assert await read_point(again, document, point)
    again.close()


async def test_many_clients_read_whole_snapshots(depot: Depot) -> None:
    document = registers_of(depot, "gangchu")
    clients = [await connected(document) for _ in range(10)]
    replies = await asyncio.gather(*(c.read_input_registers(4000, count=48, device_id=1) for c in clients))
    assert all(len(r.registers) == 48 for r in replies)
    for client in clients:
        client.close()


def test_sigterm_ends_it_within_two_seconds_even_with_clients() -> None:
    process, ready = start("--quiet")

    async def hold_and_stop() -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", ready["modbus"]["gangchu"])
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 5)
        writer.close()
        assert await reader.read() == b""
        return time.monotonic() - began

    took_s = asyncio.run(hold_and_stop())
    assert finish(process) == (0, "")
    assert took_s < 2.0


def test_it_goes_when_its_parent_goes() -> None:
    process, _ = start("--quiet", "--exit-with-parent")
    assert process.stdin is not None
    process.stdin.close()
    process.stdin = None
    process.wait(timeout=5)
    assert finish(process) == (0, "")


def test_a_taken_port_is_said_and_ends_with_code_2(depot: Depot) -> None:
    _, ready = depot
    taken = subprocess.run(
        [sys.executable, "-m", "depot", "--modbus-ports", f"{ready['modbus']['gangchu']},0,0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert taken.returncode == 2
    assert "gangchu" in taken.stderr
    assert taken.stdout == ""


@pytest.mark.parametrize(
    "arguments", [["--host", "0.0.0.0"], ["--host", "example.com"], ["--modbus-ports", "1,2"], ["--tick", "5"]]
)
def test_what_it_will_not_do_is_refused_at_the_start(arguments: list[str]) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "depot", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    assert refused.returncode == 2
    assert arguments[0] in refused.stderr
