"""A farm at a fixed moment, a station on a clock that tests move, and a reader of register documents."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from depot.farm import Farm
from depot.station import Station
from depot.web import web_app
from depot.world import World
from tests.fakes.packaged_world import packaged_world

START_US = 1_773_295_200_000_000  # 2026-03-12 14:00 in China


class HandClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now_us = START_US

    def __call__(self) -> int:
        return self.now_us

    def forward(self, seconds: float) -> None:
        self.now_us += round(seconds * 1e6)


@pytest.fixture(scope="session")
def world() -> World:
    return packaged_world()


@pytest.fixture
def farm(world: World) -> Farm:
    return Farm(world, seed=7, start_us=START_US, quiet=True)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def station(farm: Farm, clock: HandClock) -> Station:
    return Station(farm, clock=clock, host="127.0.0.1", ports={"gangchu": 0, "minchu": 0, "changku": 0})


@pytest.fixture
async def web(station: Station) -> Any:
    transport = httpx.ASGITransport(app=web_app(station))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client
    await station.close()  # a restore opens its listeners


@pytest.fixture(scope="session")
def decode() -> Callable[[dict[str, Any], list[int]], float | None]:
    """Registers to a value by the /registers document alone; None for a fail value."""

    def value(point: dict[str, Any], words: list[int]) -> float | None:
        wire = b"".join(w.to_bytes(2, "big") for w in words)
        halves = [wire[i : i + 2] for i in range(0, len(wire), 2)]
        if point["byte_order"] == "little":
            halves = [h[::-1] for h in halves]
        if point["word_order"] == "little":
            halves = halves[::-1]
        packed = b"".join(halves)
        if int.from_bytes(packed, "big") in [int(f, 16) for f in point["fail_values"]]:
            return None
        form = {"float32": ">f", "int32": ">i", "uint32": ">I", "uint16": ">H"}[point["data_type"]]
        return (struct.unpack(form, packed)[0] + point["offset"]) * point["scale"]

    return value
