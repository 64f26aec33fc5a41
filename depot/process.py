"""The process: listeners, HTTP and the tick on one event loop, from ready line to clean end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from depot.clock import steady_clock
from depot.farm import Farm
from depot.load import load_world
from depot.station import Station
from depot.web import web_app

GRACE_S = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the process was asked to run. Ports: 0 takes a free one."""

    host: str
    http_port: int
    modbus_ports: tuple[int, ...]
    world: Path
    seed: int
    tick_s: float
    quiet: bool
    exit_with_parent: bool


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the process stops all its parts together."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(settings: Settings) -> None:
    """Serve until a signal, or until the parent goes. Raises WorldError, OSError, RuntimeError."""
    # An exception reply is an ordinary answer here, not worth a log line each.
    logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)
    clock = steady_clock()
    world = load_world(settings.world)
    farm = Farm(world, seed=settings.seed, start_us=clock(), quiet=settings.quiet)
    ports = dict(zip(world.sites, settings.modbus_ports, strict=True))
    station = Station(farm, clock=clock, host=settings.host, ports=ports)
    stop = _stop_event(watch_parent=settings.exit_with_parent)
    with socket.create_server((settings.host, settings.http_port)) as http_socket:
        # Accepted sockets inherit it; without it every small answer waits 40 ms for an ACK.
        http_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await station.open()
        await _serve(station, stop, http_socket, tick_s=settings.tick_s)


async def _serve(station: Station, stop: asyncio.Event, http_socket: socket.socket, *, tick_s: float) -> None:
    config = uvicorn.Config(
        web_app(station), log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=GRACE_S
    )
    server = _Server(config)
    tasks = {
        asyncio.create_task(server.serve(sockets=[http_socket]), name="http"),
        asyncio.create_task(_tick_for_ever(station, tick_s), name="tick"),
        asyncio.create_task(stop.wait(), name="stop"),
    }
    while not server.started and not any(task.done() for task in tasks):  # noqa: ASYNC110
        await asyncio.sleep(0.01)  # uvicorn has no event to wait for
    _say_ready(http_socket.getsockname()[1], {s: it.port for s, it in station.listeners.items()})
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    for task in rest:
        if task.get_name() != "http":
            task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    await station.close()
    for task in done:
        # A part that died takes the process with it, and says why.
        task.result()


async def _tick_for_ever(station: Station, tick_s: float) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        station.tick()
        # Skipped beats are not made up for: the farm's own clock has caught up anyway.
        due = max(due + tick_s, loop.time())
        await asyncio.sleep(due - loop.time())


def _say_ready(http_port: int, modbus: Mapping[str, int]) -> None:
    line = json.dumps({"ready": True, "http": http_port, "modbus": modbus})
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _stop_event(*, watch_parent: bool) -> asyncio.Event:
    """Set by SIGTERM, SIGINT, or the end of standard input where that stands for the parent."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if watch_parent:
        handle = sys.stdin.fileno()

        def wait_for_end() -> None:
            while os.read(handle, 4096):  # not sys.stdin: its lock would be held at exit
                pass
            with contextlib.suppress(RuntimeError):  # the loop may be closed already
                loop.call_soon_threadsafe(stop.set)

        # A daemon thread: a read of standard input cannot be cancelled.
        threading.Thread(target=wait_for_end, name="parent", daemon=True).start()
    return stop
