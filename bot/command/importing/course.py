"""The course of one import: a thread reads and checks the next block while the series' writer takes the last one.

Each block is a transaction of its own, so live readings wait for one block at most, and an import that ends half-way
leaves whole blocks; the same file again adds the rest.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.clock import Clock
from bot.command.importing.claims import BookImport, ExposureImport, ownership, prices, work_orders
from bot.command.importing.readings import ReadingsImport
from bot.command.importing.receipts import ReceiptImport
from bot.command.importing.sheet import Sheet, opened
from bot.command.importing.tally import Kept, Tally, Told
from bot.memory import Memory
from bot.registering import RegisterTaker, StoredRegister
from bot.statements import StatementTaker, StoredStatements
from datasources.imports import claims, readings
from datasources.imports.receipts import RECEIPTS
from datasources.imports.sheet import Block, Columns
from datasources.workspace import Workspace
from domain.errors import SourceMalformed


class Kind(StrEnum):
    """What a file holds."""

    READINGS = "readings"
    PRICES = "prices"
    BOOK = "book"
    WORK_ORDERS = "workorders"
    OWNERSHIP = "ownership"
    EXPOSURE = "exposure"
    RECEIPTS = "receipts"


COLUMNS: dict[Kind, Columns] = {
    Kind.READINGS: readings.COLUMNS,
    Kind.PRICES: claims.PRICES,
    Kind.BOOK: claims.BOOK,
    Kind.WORK_ORDERS: claims.WORK_ORDERS,
    Kind.OWNERSHIP: claims.OWNERSHIP,
    Kind.EXPOSURE: claims.EXPOSURE,
    Kind.RECEIPTS: RECEIPTS,
}
WHOLE, BESIDE = 100_000, 20_000
"""Readings in a block: where nothing else runs, and beside a running bot, whose writer thread a block holds for about
a tenth of a second."""
CLAIMS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be imported. zone: of times without an offset; None where they are bad."""

    kind: Kind
    path: Path
    zone: tzinfo | None


class Keeper(Protocol):
    """One kind of history on its way into the series."""

    async def begin(self) -> None:
        """Make ready."""

    def read(self, block: Block) -> Any:
        """Check a block, in any thread; what ``keep`` takes."""

    async def keep(self, read: Any) -> Kept:
        """Write what is new of it."""

    async def end(self) -> Kept:
        """Write what waited for the end."""


async def imported(
    wanted: Wanted,
    workspace: Workspace,
    memory: Memory,
    clock: Clock,
    *,
    readings_at_once: int,
    taker: StatementTaker | None = None,
    register: RegisterTaker | None = None,
) -> AsyncGenerator[Told]:
    """Import a file, telling after every block. Raises SourceError for the file as a whole, StoreError for memory.

    taker, register: of balances and of receipts in a running bot; None where none runs.
    """
    at_once = readings_at_once if wanted.kind is Kind.READINGS else CLAIMS
    sheet = await asyncio.to_thread(opened, wanted.path, COLUMNS[wanted.kind], block_rows=at_once)
    takers = (taker or StoredStatements(workspace, memory, clock), register or StoredRegister(workspace, memory, clock))
    keeper = _keeper(wanted, sheet, workspace, memory, clock, *takers)
    tally, blocks = Tally(), iter(sheet)
    reading: asyncio.Task[Any] | None = None
    try:
        await keeper.begin()
        reading = asyncio.create_task(asyncio.to_thread(_next, blocks, keeper))
        while (read := await reading) is not None:
            reading = asyncio.create_task(asyncio.to_thread(_next, blocks, keeper))
            kept = await asyncio.shield(asyncio.create_task(keeper.keep(read)))
            tally += kept.tally
            yield Told(tally=tally, problems=kept.problems, notes=sheet.notes, done=sheet.done(), total=sheet.total)
        last = await keeper.end()
        tally += last.tally
        yield Told(
            tally=tally, problems=last.problems, notes=sheet.notes, done=sheet.total, total=sheet.total, final=True
        )
    finally:
        if reading is not None and not reading.done():
            await asyncio.wait({reading})
        sheet.close()


def wanted_of(kind: str, path: str, zone: str | None) -> Wanted:
    """What a person has asked for. Raises SourceMalformed for a kind or time zone that does not exist."""
    if kind not in set(Kind):
        raise SourceMalformed(f"no kind {kind!r}; there are {', '.join(Kind)}")
    try:
        place = ZoneInfo(zone) if zone is not None else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as e:
        raise SourceMalformed(f"no time zone {zone!r}; write one such as Asia/Shanghai") from e
    return Wanted(kind=Kind(kind), path=Path(path), zone=place)


def _keeper(
    wanted: Wanted,
    sheet: Sheet,
    workspace: Workspace,
    memory: Memory,
    clock: Clock,
    taker: StatementTaker,
    register: RegisterTaker,
) -> Keeper:
    now: datetime = clock.now()
    match wanted.kind:
        case Kind.READINGS:
            dated = "received_at" in sheet.header.places
            return ReadingsImport(workspace, memory, clock, now=now, zone=wanted.zone, dated=dated)
        case Kind.PRICES:
            return prices(memory, now=now, zone=wanted.zone)
        case Kind.BOOK:
            return BookImport(workspace, memory, now=now, zone=wanted.zone)
        case Kind.WORK_ORDERS:
            return work_orders(workspace, memory, now=now, zone=wanted.zone)
        case Kind.OWNERSHIP:
            return ownership(workspace, memory, now=now, zone=wanted.zone)
        case Kind.EXPOSURE:
            return ExposureImport(workspace, taker, now=now, zone=wanted.zone)
        case Kind.RECEIPTS:
            return ReceiptImport(workspace, register, now=now, zone=wanted.zone)


def _next(blocks: Iterator[Block], keeper: Keeper) -> Any:
    """The next block, checked; None at the end."""
    block = next(blocks, None)
    return None if block is None else keeper.read(block)
