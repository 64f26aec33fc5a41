"""An import in a running bot: the bot's own threads read and write, the command line listens."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from bot.api.loopback import Teller
from bot.app import App
from bot.command.importing.course import BESIDE, Kind, Wanted, imported, wanted_of
from bot.owning import recall
from bot.registering import Register
from domain.errors import SourceError, StoreError
from store.moments import FOREVER

log = logging.getLogger(__name__)
Said = dict[str, Any]
AHEAD = 4
"""Words that wait for a slow listener before the import waits too."""


def told_by(app: App) -> Teller:
    """{'kind', 'path', 'timezone'} → a ``Told`` per block; {'error'} and no more where the file cannot be used.

    One import at a time: a second one waits for its turn. When the listener goes away it stops after the block.
    """
    turn = asyncio.Lock()

    async def told(request: Said) -> AsyncIterator[Said]:
        said: asyncio.Queue[Said | None] = asyncio.Queue(AHEAD)
        task = asyncio.create_task(_import(app, request, said, turn), name="import")
        try:
            while (word := await said.get()) is not None:
                yield word
        finally:
            task.cancel()

    return told


async def _import(app: App, request: Said, said: asyncio.Queue[Said | None], turn: asyncio.Lock) -> None:
    """Import, and say how it goes; None at the end, whatever the end is."""
    try:
        wanted = wanted_of(str(request.get("kind")), str(request.get("path")), request.get("timezone"))
        async with turn:
            await _go(app, wanted, said)
    except (SourceError, StoreError) as e:
        await said.put({"error": str(e)})
    except BaseException as e:  # a bug, or nobody listens any more: whoever waits is not left waiting
        while not said.empty():
            said.get_nowait()
        said.put_nowait({"error": f"the import ended with {type(e).__name__}; the bot's log says more"})
        said.put_nowait(None)
        raise
    await said.put(None)


async def _go(app: App, wanted: Wanted, said: asyncio.Queue[Said | None]) -> None:
    rows = 0
    log.info("import.begun kind=%s", wanted.kind)
    taker = app.statements if wanted.kind is Kind.EXPOSURE else None
    register = Register(app.house, app.judging) if wanted.kind is Kind.RECEIPTS else None
    course = imported(
        wanted, app.workspace, app.memory, app.clock, readings_at_once=BESIDE, taker=taker, register=register
    )
    try:
        async for told in course:
            rows = told.tally.rows
            await said.put(told.as_json())
    finally:
        await course.aclose()
        if wanted.kind is Kind.OWNERSHIP:  # also of a file that was given up halfway: what is written counts
            await recall(app.house, app.memory, app.clock.now(), known=FOREVER)
        log.info("import.ended kind=%s rows=%s", wanted.kind, rows)
