"""Start to first poll: from the start of the process until the first gateway has a connection, on the demo's workspace.

python -m benchmarks.start [--times 5]
"""

import argparse
import asyncio
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from benchmarks.figures import spread
from datasources.workspace import retarget
from tests.fakes.stage import HOST, ROOT, bot, depot


async def main(times: int) -> None:
    """Start it so many times; the first start makes the store, the others recover from it."""
    folder = Path(tempfile.mkdtemp(prefix="xiaoliuzi-start-"))
    took = []
    try:
        async with depot() as at:
            target = folder / "workspace"
            shutil.copytree(ROOT / "examples" / "demo", target)
            ports = {site: (HOST, port) for site, port in at.modbus.items()}
            retarget(target, modbus=ports, http=at.url, console_port=0, as_of=datetime.now(UTC))
            for _ in range(times):
                began = time.perf_counter()
                async with bot(target):
                    await _polled(at.url)
                    took.append((time.perf_counter() - began) * 1000)
                    await asyncio.sleep(3)
                await asyncio.sleep(2)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(spread("start of the process → first poll", took))


async def _polled(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as http:
        for _ in range(3000):
            health = (await http.get("/health")).json()
            if sum(site["connections"] for site in health["sites"].values()) > 0:
                return
            await asyncio.sleep(0.01)
    raise TimeoutError("the bot never polled")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    asyncio.run(main(parser.parse_args().times))
