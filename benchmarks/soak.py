"""100 × kill −9 at random moments while alarms are raised, answered and delivered: none lost, none invented.

    python -m benchmarks.soak [--kills 100]

Every round starts the bot, lets tanks fall through their lines and rise again, and kills it at a random moment.
At the end the bot runs until its outbox is empty; then the ledger is held against what the chat server received.
"""

import argparse
import asyncio
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import httpx

from domain.delivery import DeliveryState
from store.ledger import Ledger
from tests.fakes.stage import Depot, FakeBotApi, Line, bot, depot, measured, write_workspace

DROP_MM = 20.0
TANKS = 24


async def main(kills: int, seed: int) -> int:
    """Run all rounds; 0 if nothing was lost or invented."""
    directory = Path(tempfile.mkdtemp(prefix="xiaoliuzi-soak-"))
    rng = random.Random(seed)
    try:
        async with depot() as at, FakeBotApi(privacy=False) as api:
            lines = (await measured(at, DROP_MM))[:TANKS]
            for n, line in enumerate(lines):
                api.world.group(line.chat, members=(900, 1000 + n))
            target = directory / "workspace"
            write_workspace(target, at, lines, telegram=api.url, on_delay=2)
            levels = dict.fromkeys((line.tank for line in lines), False)
            for n in range(kills):
                await _round(at, api, target, lines, levels, rng)
                print(f"\rkill {n + 1}/{kills}", end="", flush=True)
            print()
            await _drain(api, target)
            return _judge(target / "state" / "ledger.duckdb", api, kills)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


async def _round(
    at: Depot, api: FakeBotApi, target: Path, lines: list[Line], low: dict[str, bool], rng: random.Random
) -> None:
    """Start, disturb, kill."""
    async with bot(target, env={"TELEGRAM_BOT_TOKEN": api.token}) as process:
        life = rng.uniform(1.5, 7.0)
        end = time.monotonic() + life
        async with httpx.AsyncClient(base_url=at.url, timeout=10) as http:
            while time.monotonic() < end:
                line = rng.choice(lines)
                step = line.drop_mm if low[line.tank] else -line.drop_mm
                answer = await http.post("/levers/set_level", json={"tank": line.tank, "delta_mm": step})
                if answer.status_code == 200:
                    low[line.tank] = not low[line.tank]
                await asyncio.sleep(rng.uniform(0.0, 0.4))
        if process.returncode is not None:
            sys.exit(f"the bot ended by itself with {process.returncode}; see {target}/bot.log")
        process.send_signal(signal.SIGKILL)


async def _drain(api: FakeBotApi, target: Path) -> None:
    """A last run that delivers everything, ended in peace."""
    async with bot(target, env={"TELEGRAM_BOT_TOKEN": api.token}):
        quiet, seen = time.monotonic(), len(api.messages)
        while time.monotonic() - quiet < 15:
            await asyncio.sleep(0.5)
            if len(api.messages) != seen:
                quiet, seen = time.monotonic(), len(api.messages)


def _judge(ledger_file: Path, api: FakeBotApi, kills: int) -> int:
    """Hold the ledger against the chat server. Chats named g… are on Telegram, the banks' on the console."""
    ledger = Ledger.open(ledger_file)
    try:
        broken = [c for c in ledger.verify() if c.broken_at is not None]
        counts = {state.value: n for state, n in ledger.counts().items() if n}
        open_debts = ledger.open_debts()
        sent = [r for r in ledger.latencies(datetime.min.replace(tzinfo=UTC)) if r.chat.startswith("g")]
        told = list(ledger.events(kinds={"alarm.raised", "alarm.renewed", "alarm.returned"}))
        attempts = dict(Counter(a.outcome.value for a in ledger.attempts()))
    finally:
        ledger.close()
    received = len(api.messages)
    resent = sum(1 for m in api.messages if "补发" in m.text)
    unknown = counts.get(DeliveryState.UNKNOWN.value, 0)
    doubles = received - len(sent)
    print(f"kills {kills} · alarm events that owe messages {len(told)} · all debts {counts} · attempts {attempts}")
    print(f"chat server: received {received}, settled as sent {len(sent)}, marked 补发 {resent}, doubles {doubles}")
    print(f"lost {len(open_debts) + unknown} · invented {max(0, doubles - resent)} · chains broken {len(broken)}")
    lost = bool(open_debts) or unknown > 0 or received < len(sent)
    return 1 if lost or doubles > resent or broken else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.kills, given.seed)))
