"""``xiaoliuzi demo``: a simulated depot, a copy of the demo workspace pointed at it, and the bot, on this machine."""

import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

from bot.command.running import Announce, run
from datasources.workspace import load, retarget
from domain.errors import SourceUnavailable, WorkspaceInvalid

START_S = 30.0
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotPorts:
    """Where the depot listens."""

    http: int
    modbus: dict[str, int]


@contextlib.asynccontextmanager
async def depot_process() -> AsyncIterator[DepotPorts]:
    """A depot in its own process on free ports; it ends with us. Raises SourceUnavailable if it does not start."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "depot", "--host", HOST, "--exit-with-parent",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_S):
            line = await process.stdout.readline()
        try:
            said = json.loads(line)
        except ValueError as e:
            raise SourceUnavailable(f"the simulated depot did not start: {line!r}") from e
        yield DepotPorts(http=said["http"], modbus=said["modbus"])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def demo_workspace() -> Path:
    """Where the demo's files are: in the wheel beside this package, or in the source tree."""
    with as_file(files("bot") / "example_demo") as packed:
        if packed.is_dir():
            return packed
    return Path(__file__).parents[2] / "examples" / "demo"


async def demo(directory: Path | None, *, port: int | None, announce: Announce) -> None:
    """Run the demo in a fresh directory (None: a temporary one that goes away) until a signal."""
    async with contextlib.AsyncExitStack() as stack:
        if directory is None:
            directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xiaoliuzi-demo-")))
        depot = await stack.enter_async_context(depot_process())
        target = directory / "workspace"
        if not target.exists():
            shutil.copytree(demo_workspace(), target)
        http = f"http://{HOST}:{depot.http}"
        retarget(
            target,
            modbus={site: (HOST, p) for site, p in depot.modbus.items()},
            http=http,
            console_port=port,
            as_of=datetime.now(UTC),
        )
        loaded = load(target)
        if loaded.workspace is None:
            raise WorkspaceInvalid("\n".join(str(p) for p in loaded.problems))
        await run(target, loaded.workspace, announce=announce, levers_url=http)
