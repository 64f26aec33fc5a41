"""The store behind asyncio: one writer thread per file, so that no commit ever blocks the loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from domain.delivery import Debt
from domain.event import Event
from store.ledger import Committed, Ledger
from store.series import Series

T = TypeVar("T")


class Memory:
    """Ledger and series, each in its own thread."""

    def __init__(self, ledger: Ledger, series: Series) -> None:
        """Takes both files over; ``close`` closes them."""
        self._ledger, self._series = ledger, series
        self._ledger_thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._series_thread = ThreadPoolExecutor(1, thread_name_prefix="series")
        self.rewritten = 0
        """How often the past was told anew."""

    async def commit(
        self,
        *,
        events: Sequence[Event],
        debts: Sequence[Debt],
        now: datetime,
        seen: Sequence[tuple[str, str]] = (),
        dropped: Sequence[str] = (),
    ) -> Committed:
        """One ledger transaction. dropped: keys of debts that these make pointless. Raises StoreError."""
        return await self.ledger(
            lambda book: book.commit(events=events, debts=debts, seen=seen, dropped=dropped, now=now)
        )

    async def ledger(self, work: Callable[[Ledger], T]) -> T:
        """Run one call in the ledger's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._ledger_thread, work, self._ledger)

    async def series(self, work: Callable[[Series], T]) -> T:
        """Run one call in the series' thread."""
        return await asyncio.get_running_loop().run_in_executor(self._series_thread, work, self._series)

    async def rewrite(self, work: Callable[[Series], T]) -> T:
        """As ``series``, for imports: what a past moment is known to have been may be another afterwards."""
        try:
            return await self.series(work)
        finally:
            self.rewritten += 1

    def look(self, work: Callable[[Series], T]) -> T:
        """Read the series in the caller's own thread, which must not be the loop's; writing goes through ``series``."""
        return work(self._series)

    def head(self, tenant: str) -> tuple[int, str]:
        """Where a tenant's chain stands: seq and hash of its last event. From any thread."""
        return self._ledger.head(tenant)

    def reader(self) -> "Memory":
        """The same files for reading only, in threads of its own: a long look at the past holds up no commit."""
        return Memory(self._ledger, self._series)

    def here(self) -> "Memory":
        """The same files for a thread that may wait: everything is read in the caller's own, without handing over."""
        return _Here(self._ledger, self._series)

    def release(self) -> None:
        """End the threads of a reader; the files stay open for whom they belong to."""
        self._ledger_thread.shutdown()
        self._series_thread.shutdown()

    def close(self) -> None:
        """Finish what is under way, then close both files."""
        self._ledger_thread.shutdown()
        self._series_thread.shutdown()
        self._series.close()
        self._ledger.close()


class _Here(Memory):
    """Reads where it is called; its threads never start."""

    async def ledger(self, work: Callable[[Ledger], T]) -> T:
        """Run one call of the ledger at once."""
        return work(self._ledger)

    async def series(self, work: Callable[[Series], T]) -> T:
        """Run one call of the series at once."""
        return work(self._series)
