"""History of prices, books, work orders and ownership into the series. It judges nothing: today's price books stay as they are."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from datetime import datetime, tzinfo
from functools import partial
from typing import Generic, TypeVar

from bot.command.importing.tally import Kept, Tally
from bot.memory import Memory
from bot.statements import IMPORT, StatementTaker
from datasources.imports.claims import (
    Cells,
    ClaimReader,
    ClaimRows,
    balance,
    book_row_of,
    entry_line,
    holding,
    order_line,
    ownership_of,
    price_of,
    publication,
    statement_of,
    work_order_of,
)
from datasources.imports.sheet import Block
from datasources.workspace import Workspace
from domain.movement import BookRow, Feed, WorkOrder
from domain.ownership.entry import Entry
from domain.price import PriceQuote
from domain.statement import Statement
from store.series import Series

SOURCE = "import"
ANSWERS = 50
"""Answers of books that are written in one transaction."""
T = TypeVar("T")


class ClaimsImport(Generic[T]):
    """The claims of one file; each block is written as it is read."""

    def __init__(
        self,
        memory: Memory,
        read: Callable[[Cells], T],
        key: Callable[[T], Hashable],
        merge: Callable[[Series, tuple[T, ...]], int],
        *,
        now: datetime,
        zone: tzinfo | None,
    ) -> None:
        """merge: writes what is new, and says how many that were."""
        self._reader: ClaimReader[T] = ClaimReader(read, key, now=now, zone=zone)
        self._memory = memory
        self._merge = merge

    async def begin(self) -> None:
        """Nothing to make ready."""

    def read(self, block: Block) -> ClaimRows[T]:
        """Check a block; for any thread, one block at a time. Raises SourceMalformed for a file that is too long."""
        return self._reader.read(block)

    async def keep(self, read: ClaimRows[T]) -> Kept:
        """Write what is new. Raises StoreError."""
        added = await self._memory.rewrite(lambda series: self._merge(series, read.claims))
        return _kept(read, added)

    async def end(self) -> Kept:
        """The file is read."""
        return Kept(tally=Tally(), problems=())


class BookImport:
    """The books of one file: answers are whole only when all of it is read, so they are written at the end."""

    def __init__(self, workspace: Workspace, memory: Memory, *, now: datetime, zone: tzinfo | None) -> None:
        tanks = {tank.id: tank for tank in workspace.index.tanks}
        self._reader: ClaimReader[BookRow] = ClaimReader(partial(book_row_of, tanks=tanks), holding, now=now, zone=zone)
        self._memory = memory
        self._now = now
        self._answers: dict[tuple[datetime, str], list[BookRow]] = defaultdict(list)

    async def begin(self) -> None:
        """Nothing to make ready."""

    def read(self, block: Block) -> ClaimRows[BookRow]:
        """Check a block; for any thread, one block at a time. Raises SourceMalformed for a file that is too long."""
        return self._reader.read(block)

    async def keep(self, read: ClaimRows[BookRow]) -> Kept:
        """Lay the rows to the answers that they belong to."""
        for row in read.claims:
            self._answers[row.as_of, row.site_id].append(row)
        return _kept(read, 0, waiting=len(read.claims))

    async def end(self) -> Kept:
        """Write the answers in the order of their times. Raises StoreError."""
        books = [
            Feed(rows=tuple(rows), as_of=as_of, received_at=self._now)
            for (as_of, _), rows in sorted(self._answers.items())
        ]
        added = 0
        for first in range(0, len(books), ANSWERS):
            some = books[first : first + ANSWERS]
            added += await self._memory.rewrite(lambda series, some=some: series.merge_books(some))  # type: ignore[misc]
        rows = sum(len(book.rows) for book in books)
        return Kept(tally=Tally(rows=rows, added=added, already=rows - added), problems=())


class ExposureImport:
    """The balances of one file: events of the lender's chain, not series."""

    def __init__(self, workspace: Workspace, taker: StatementTaker, *, now: datetime, zone: tzinfo | None) -> None:
        read = partial(statement_of, contracts=workspace.contracts, known_at=now)
        self._reader: ClaimReader[Statement] = ClaimReader(read, balance, now=now, zone=zone)
        self._taker = taker

    async def begin(self) -> None:
        """Nothing to make ready."""

    def read(self, block: Block) -> ClaimRows[Statement]:
        """Check a block; for any thread, one block at a time. Raises SourceMalformed for a file that is too long."""
        return self._reader.read(block)

    async def keep(self, read: ClaimRows[Statement]) -> Kept:
        """Commit what has not been said before. Raises StoreError."""
        return _kept(read, await self._taker.take(read.claims, via=IMPORT))

    async def end(self) -> Kept:
        """The file is read."""
        return Kept(tally=Tally(), problems=())


def prices(memory: Memory, *, now: datetime, zone: tzinfo | None) -> ClaimsImport[PriceQuote]:
    """The import of a file of prices."""
    read = partial(price_of, received_at=now, source_id=SOURCE)
    return ClaimsImport(memory, read, publication, lambda series, some: series.merge_prices(some), now=now, zone=zone)


def work_orders(workspace: Workspace, memory: Memory, *, now: datetime, zone: tzinfo | None) -> ClaimsImport[WorkOrder]:
    """The import of a file of work orders."""
    read = partial(work_order_of, tanks={tank.id: tank for tank in workspace.index.tanks})

    def merge(series: Series, orders: tuple[WorkOrder, ...]) -> int:
        return series.append_workorders(orders, received_at=now)

    return ClaimsImport(memory, read, order_line, merge, now=now, zone=zone)


def ownership(workspace: Workspace, memory: Memory, *, now: datetime, zone: tzinfo | None) -> ClaimsImport[Entry]:
    """The import of a file of ledger entries."""
    read = partial(ownership_of, tanks={tank.id: tank for tank in workspace.index.tanks})

    def merge(series: Series, entries: tuple[Entry, ...]) -> int:
        return series.merge_ownership(entries, received_at=now)

    return ClaimsImport(memory, read, entry_line, merge, now=now, zone=zone)


def _kept(read: ClaimRows[T], added: int, *, waiting: int = 0) -> Kept:
    """waiting: rows that are counted when they are written."""
    good, bad = len(read.claims), len(read.problems)
    tally = Tally(rows=good + bad - waiting, added=added, already=good - added - waiting, bad=bad)
    return Kept(tally=tally, problems=read.problems)
