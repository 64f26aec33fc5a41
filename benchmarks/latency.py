"""Register change → message accepted by the chat server, real sockets at both ends, stage by stage.

56 tanks polled each second, one contract and one chat per tank, so that no chat's pace ever queues. Each tank's level
falls through its line at a random moment and later rises again; each fall must bring one message.

    python -m benchmarks.latency [--minutes 10] [--on-delay 2]
"""

import argparse
import asyncio
import random
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from benchmarks.figures import spread
from domain.notice import Priority
from store.ledger import Ledger
from tests.fakes.stage import Depot, FakeBotApi, Line, bot, depot, measured, write_workspace

DROP_MM = 8.0
GIVE_UP_S = 20.0


async def main(minutes: float, on_delay: int, seed: int) -> None:
    """Measure for so many minutes and print the distribution."""
    directory = Path(tempfile.mkdtemp(prefix="xiaoliuzi-latency-"))
    try:
        async with depot("--tick", "1.0") as at, FakeBotApi(privacy=False) as api:
            lines = await measured(at, DROP_MM)
            for n, line in enumerate(lines):
                api.world.group(line.chat, members=(900, 1000 + n))
            target = directory / "workspace"
            write_workspace(target, at, lines, telegram=api.url, on_delay=on_delay)
            began = time.perf_counter()
            async with bot(target, env={"TELEGRAM_BOT_TOKEN": api.token}):
                await _first_poll(at)
                print(f"start to first poll: {time.perf_counter() - began:.2f} s")
                await asyncio.sleep(12)  # prices and the first valuations
                falls, missed = await _falls(at, api, lines, minutes, random.Random(seed))
            print(spread(f"change → accepted (on_delay {on_delay})", falls))
            print(f"falls without a message within {GIVE_UP_S:.0f} s: {missed}")
            _stages(target / "state" / "ledger.duckdb")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


async def _first_poll(at: Depot) -> None:
    async with httpx.AsyncClient(base_url=at.url) as http:
        for _ in range(2000):
            health = (await http.get("/health")).json()
            if sum(s["connections"] for s in health["sites"].values()) > 0:
                return
            await asyncio.sleep(0.01)
    raise TimeoutError("the bot never polled")


async def _falls(
    at: Depot, api: FakeBotApi, lines: list[Line], minutes: float, rng: random.Random
) -> tuple[list[float], int]:
    """Delays in ms of all falls, and how many brought no message."""
    end = time.monotonic() + minutes * 60
    delays: list[float] = []
    missed = 0

    async def one(line: Line, http: httpx.AsyncClient, own: random.Random) -> None:
        nonlocal missed
        await asyncio.sleep(own.uniform(0, 30))
        while time.monotonic() < end:
            seen = sum(1 for m in api.messages if m.chat_id == line.chat)
            answer = await http.post("/levers/set_level", json={"tank": line.tank, "delta_mm": -line.drop_mm})
            changed_us = answer.json()["changed_at_us"]
            shown = await _next(api, line.chat, seen)
            if shown is None:
                missed += 1
            else:
                delays.append(shown / 1000 - changed_us / 1000)
            await asyncio.sleep(own.uniform(5, 8))
            await http.post("/levers/set_level", json={"tank": line.tank, "delta_mm": line.drop_mm})
            await asyncio.sleep(own.uniform(12, 36))

    async with httpx.AsyncClient(base_url=at.url, timeout=10) as http:
        await asyncio.gather(*(one(line, http, random.Random(rng.random())) for line in lines))
    return delays, missed


async def _next(api: FakeBotApi, chat: int, seen: int) -> float | None:
    """Arrival in µs of the chat's next message; None if it does not come."""
    until = time.monotonic() + GIVE_UP_S
    while time.monotonic() < until:
        mine = [m for m in api.messages if m.chat_id == chat]
        if len(mine) > seen:
            return mine[seen].arrived_ns / 1000
        await asyncio.sleep(0.01)
    return None


def _stages(ledger_file: Path) -> None:
    """Where the time goes, from the ledger's own times of the breach messages."""
    ledger = Ledger.open(ledger_file)
    try:
        rows = [
            r
            for r in ledger.latencies(datetime(2000, 1, 1, tzinfo=UTC))
            if r.taken_at and r.priority == Priority.BREACH
        ]
    finally:
        ledger.close()
    for name, a, b in (
        ("taken → received", "taken_at", "received_at"),
        ("received → judged", "received_at", "judged_at"),
        ("judged → committed", "judged_at", "committed_at"),
        ("committed → accepted", "committed_at", "sent_at"),
        ("taken → accepted", "taken_at", "sent_at"),
    ):
        print(spread(f"  {name}", [(getattr(r, b) - getattr(r, a)).total_seconds() * 1000 for r in rows]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--on-delay", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(main(given.minutes, given.on_delay, given.seed))
