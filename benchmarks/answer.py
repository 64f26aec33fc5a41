"""货还在不在？现在大概多少货值？ answered by a running bot that has a year of minute readings of 56 tanks in its series.

    python -m benchmarks.answer [--days 365] [--questions 500]

The bot polls the depot each second meanwhile. Measured at the client, over the loopback interface.
"""

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np

from benchmarks.figures import spread
from benchmarks.year import DAY, TANKS, polled
from datasources.workspace import load, retarget
from store.series import Series
from tests.fakes.stage import HOST, ROOT, bot, depot

QUESTION = "货还在不在?现在大概多少货值?"


async def main(days: int, questions: int) -> None:
    """Fill, start, ask."""
    folder = Path(tempfile.mkdtemp(prefix="xiaoliuzi-answer-"))
    try:
        async with depot() as at:
            target = folder / "workspace"
            shutil.copytree(ROOT / "examples" / "demo", target)
            ports = {site: (HOST, port) for site, port in at.modbus.items()}
            retarget(target, modbus=ports, http=at.url, console_port=0, as_of=datetime.now(UTC))
            print(f"{_fill(target, days):,} readings stored")
            async with bot(target):
                reach = await _reach(target)
                await asyncio.sleep(10)
                await _ask(reach, questions)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(target: Path, days: int) -> int:
    """Minute readings of all tanks up to an hour ago."""
    workspace = load(target).sound()
    file = target / workspace.settings.store.series
    file.parent.mkdir(parents=True, exist_ok=True)
    series, rng = Series.open(file), np.random.default_rng(1)
    level = rng.uniform(3000.0, 9000.0, TANKS)
    begin = datetime.now(UTC) - timedelta(days=days, hours=1)
    rows = 0
    for day in range(days):
        readings, level = polled(rng, begin + timedelta(days=day), DAY, level)
        rows += series.append([readings], workspace.index).rows
    series.checkpoint()
    series.close()
    return rows


async def _reach(target: Path) -> dict[str, str]:
    while not (target / "run.json").exists():
        await asyncio.sleep(0.1)
    found: dict[str, str] = json.loads((target / "run.json").read_text())
    return found


async def _ask(reach: dict[str, str], questions: int) -> None:
    took, inside, statuses = [], [], set()
    headers = {"Authorization": f"Bearer {reach['token']}"}
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{reach['port']}", headers=headers, timeout=30) as http:
        for _ in range(questions):
            began = time.perf_counter()
            answer = (await http.post("/api/ask", json={"question": QUESTION})).json()
            took.append((time.perf_counter() - began) * 1000)
            inside.append(answer["latency_ms"])
            statuses.add(answer["status"])
            await asyncio.sleep(0.02)
    print(answer["text"].splitlines()[0])
    print(spread("question → answer, at the client", took))
    print(spread("  of which in the bot", inside))
    print(f"statuses: {sorted(statuses)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--questions", type=int, default=500)
    given = parser.parse_args()
    asyncio.run(main(given.days, given.questions))
