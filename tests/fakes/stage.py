"""A stage for measurements: the simulated depot, the fake Bot API, and the bot itself as a process of its own."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from datasources.workspace import retarget
from tests.fakes.bot_api import FakeBotApi

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A running depot: its HTTP address and its Modbus ports by site."""

    url: str
    modbus: dict[str, int]


@contextlib.asynccontextmanager
async def depot(*options: str) -> AsyncIterator[Depot]:
    """A depot process that ends with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "depot", "--quiet", "--exit-with-parent", *options,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
        yield Depot(url=f"http://{HOST}:{said['http']}", modbus=said["modbus"])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def bot(directory: Path, *, env: dict[str, str] | None = None, log: Path | None = None) -> AsyncIterator[Any]:
    """``xiaoliuzi run`` on a workspace, as a process that ends with the block."""
    with (log or directory / "bot.log").open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", str(directory), stdout=out, stderr=out, cwd=ROOT,
            env={**os.environ, **(env or {})},
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One tank with a contract, a chat and a borrower of its own; a fall of ``drop_mm`` breaks its line."""

    tank: str
    chat: int
    drop_mm: float
    exposure: Decimal


def lines_of(truth: Iterable[dict[str, Any]], prices: dict[str, Decimal], drop_mm: float) -> list[Line]:
    """For every tank of the depot's truth, an exposure whose warning line lies half of ``drop_mm`` below its level."""
    found = []
    for n, row in enumerate(truth):
        per_mm = row["mass_in_air_kg"] / row["level_mm"]  # kg; upright tanks, and near enough for the others
        kg = row["deliverable_in_air_kg"] - per_mm * drop_mm / 2
        value = Decimal(round(kg)) * prices[row["good"]] / 1000
        found.append(
            Line(tank=row["tank"], chat=-1000 - n, drop_mm=drop_mm, exposure=(value * 7 / 10).quantize(Decimal("0.01")))
        )
    return found


def write_workspace(target: Path, at: Depot, lines: list[Line], *, telegram: str, on_delay: int) -> None:
    """The demo's sites and goods with one contract, chat and borrower per line, told over Telegram."""
    shutil.copytree(ROOT / "examples" / "demo", target)
    for path in (target / "contracts").glob("*.yaml"):
        path.unlink()
    goods = _goods_of(target)
    (target / "people.yaml").write_text(_people(lines), encoding="utf-8")
    for n, line in enumerate(lines):
        (target / "contracts" / f"B-{n:03d}.yaml").write_text(_contract(n, line, goods, on_delay), encoding="utf-8")
    settings = (target / "xiaoliuzi.toml").read_text(encoding="utf-8")
    head, _, rest = settings.partition("[telegram]")
    rest = rest.partition("[[prices]]")
    settings = f'{head}[telegram]\nenabled = true\nbase_url = "{telegram}/bot"\n\n[[prices]]{rest[2]}'
    (target / "xiaoliuzi.toml").write_text(settings.replace("port = 8080", "port = 0"), encoding="utf-8")
    retarget(target, modbus={s: (HOST, p) for s, p in at.modbus.items()}, http=at.url)


def _goods_of(target: Path) -> dict[str, str]:
    """tank → good, read from the site files as plainly as they are written."""
    found = {}
    for path in (target / "sites").glob("*.yaml"):
        for text in path.read_text(encoding="utf-8").split("{id: ")[1:]:
            tank, _, rest = text.partition(",")
            if " good: " in rest[:40]:
                found[tank] = rest.split("good: ")[1].split(",")[0]
    return found


def _people(lines: list[Line]) -> str:
    rows = [
        "organisations:",
        "  - {id: bank, name: 测试银行, short: 测行}",
        "  - {id: gangchu, name: 港储一库, short: 港储一库}",
    ]
    rows += ["  - {id: minchu, name: 民储库, short: 民储库}", "  - {id: changku, name: 厂库, short: 厂库}"]
    rows += ["  - {id: hengyun, name: 恒运化工, short: 恒运}", "people:"]
    rows += ["  - {id: rm, name: 王经理, org: bank, role: relationship_manager, telegram_id: 900}"]
    rows += [
        f"  - {{id: p{n}, name: 赵{n}, org: hengyun, role: borrower, telegram_id: {1000 + n}}}"
        for n in range(len(lines))
    ]
    rows += ["chats:"]
    rows += [
        f"  - {{id: g{n}, name: 群{n}, audience: project, contracts: [B-{n:03d}], members: [rm, p{n}], "
        f"telegram_chat_id: {line.chat}}}"
        for n, line in enumerate(lines)
    ]
    rows += [
        f"  - {{id: k{n}, name: 行{n}, audience: bank, contracts: [B-{n:03d}], members: [rm]}}"
        for n in range(len(lines))
    ]
    return "\n".join(rows) + "\n"


def _contract(n: int, line: Line, goods: dict[str, str], on_delay: int) -> str:
    refs = (ROOT / "examples/demo/contracts/QD-DCZY-2026-018.yaml").read_text(encoding="utf-8")
    good = next(r.strip() for r in refs.splitlines() if f"code: {goods[line.tank]}," in r)
    as_of = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    return f"""id: B-{n:03d}
name: 池{n}
lender: bank
borrower: hengyun
depots: [gangchu, minchu, changku]
effective_from: 2026-01-01
matures_on: 2029-01-01
exposure: {{principal: {line.exposure}, accrued_interest: 0.00, fees_due: 0.00, cash_margin: 0.00, basis: principal,
  as_of: "{as_of}", source: bench, stale_after_hours: 72}}
lines: {{ltv_initial: 0.65, ltv_warn: 0.70, ltv_control: 0.75, ltv_disposal: 0.85, restore_target: warn,
  hysteresis: 0.000001, confirm_k: 1, confirm_minutes: 0, minimum_call: 1.00}}
price_terms: {{stale_after_hours: 48, stale_haircut: 0.05, crash_day: 0.05, outlier: 0.08, agree: 0.02}}
goods:
  {good}
caps: {{}}
quantity_rule: physical
pledged: [{{owner: hengyun, share: 1.00, tanks: [{line.tank}]}}]
duties:
  - kind: value_below_line
    tell: [{{person: p{n}, chat: g{n}, act: top_up, ack_minutes: 600}}]
  - kind: qty_drop
    tell: [{{person: p{n}, chat: g{n}, act: explain_movement, ack_minutes: 600}}]
disclosure: {{value: [borrower], quantity: [borrower], line: [borrower], ltv: [borrower], exposure: [], cash: []}}
clauses: {{value_below_line: "8"}}
tolerances: {{static_ratio: 0.05, static_t: 50, window_minutes: 30}}
staleness: {{warn_minutes: 5, exclude_minutes: 30, restore_minutes: 1, feed_minutes: 5, book_hours: 24}}
on_delay: {on_delay}
"""


async def measured(at: Depot, drop_mm: float) -> list[Line]:
    """Lines for every tank as the depot stands now."""
    async with httpx.AsyncClient(base_url=at.url) as http:
        truth = (await http.get("/truth")).json()["tanks"]
        rows = (await http.get("/prices")).json()["rows"]
    return lines_of(truth, {r["good"]: Decimal(r["price"]) for r in rows}, drop_mm)


__all__ = ["Depot", "FakeBotApi", "Line", "bot", "depot", "measured", "write_workspace"]
