"""``xiaoliuzi run``: one workspace and its loops; the web server joins once they run."""

import asyncio
import importlib
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import Clock
from bot.console.channel import ConsoleChannel
from bot.console.refill import KEPT, past
from bot.naming import WorkspaceNames
from bot.wiring import build, open_memory
from bot.words import Words
from datasources.workspace import Workspace
from domain.delivery import Owed
from store.ledger import Ledger

RUN_FILE = "run.json"


Announce = Callable[[str], None]


async def run(directory: Path, workspace: Workspace, *, announce: Announce, levers_url: str | None = None) -> None:
    """Run until a signal or a failure; raises the failure. announce: told the console's address once it serves."""
    memory = open_memory(directory, workspace)
    clock = Clock(floor=await memory.ledger(lambda book: book.last_recorded_at()))
    words = Words(WorkspaceNames(workspace))
    console = ConsoleChannel(
        workspace.roster.chats.values(), name=words.line("bot_name"), now=clock.now, cut_mark=words.line("cut_mark")
    )
    app = await build(directory, workspace, memory, console, clock, words)
    console.restore(past(await memory.ledger(_sent_to_console(workspace)), name=words.line("bot_name")))
    loops = asyncio.create_task(app.run(), name="app")
    _stop_with(loops)
    try:
        ready = asyncio.create_task(app.ready.wait())
        await asyncio.wait({loops, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if not loops.done():
            await asyncio.to_thread(words.warm)
            # The web framework takes half a second to import: the gauges are polled before and meanwhile.
            serving = await asyncio.to_thread(importlib.import_module, "bot.command.serving")
            await serving.serve(directory, app, console, loops, announce=announce, levers_url=levers_url)
    finally:
        loops.cancel()
        (directory / RUN_FILE).unlink(missing_ok=True)
        with suppress(asyncio.CancelledError):
            await loops


def _sent_to_console(workspace: Workspace) -> Callable[[Ledger], list[Owed]]:
    """What was sent in chats that the console serves, oldest first."""
    here = {
        c.id
        for c in workspace.roster.chats.values()
        if not workspace.settings.telegram.enabled or c.telegram_chat_id is None
    }

    def read(book: Ledger) -> list[Owed]:
        rows = [r for r in book.latencies(datetime.min.replace(tzinfo=UTC)) if r.chat in here][-2 * KEPT :]
        return [owed for r in rows if (owed := book.debt(r.key)) is not None]

    return read


def _stop_with(loops: asyncio.Task[None]) -> None:
    """SIGTERM and SIGINT end the loops in order: what is under way is written before the process ends."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, loops.cancel)
