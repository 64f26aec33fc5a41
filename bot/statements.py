"""Balances that a feed or a file states become events of the lender's chain, each once; then the contracts are judged."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from bot.clock import Clock
from bot.house import House
from bot.judging import Judging
from bot.memory import Memory
from bot.ports import LoanFeed
from datasources.workspace import Workspace
from domain.delivery import Timing
from domain.errors import SourceError
from domain.event import Event
from domain.said import NOTHING, SAID_EVENTS, Said
from domain.statement import Statement, stated_event

log = logging.getLogger(__name__)
IMPORT = "import"


class StatementTaker(Protocol):
    """Where statements go, in a running bot or beside one that stands still."""

    async def take(self, statements: Sequence[Statement], *, via: str) -> int:
        """Keep what is new; how many that were. Raises StoreError."""


class Statements:
    """Takes statements into a running house."""

    def __init__(self, house: House, judging: Judging, clock: Clock) -> None:
        self._house = house
        self._judging = judging
        self._clock = clock
        self._lock = asyncio.Lock()  # a feed and an import must not both find the same statement new

    async def take(self, statements: Sequence[Statement], *, via: str) -> int:
        """Commit what is new and judge the contracts that it is about; how many were new. Raises StoreError."""
        async with self._lock:
            events = new_events(self._house.said, self._house.workspace, statements, via=via)
            if not events:
                return 0
            await self._judging.record(events, [])
            self._house.hear(events)
        contracts = self._house.workspace.contracts
        named = dict.fromkeys(e.body["contract"] for e in events)
        await self._judging.judge([contracts[c] for c in named], Timing(received_at=self._clock.now()))
        return len(events)


class StoredStatements:
    """Takes statements into a ledger that no bot has open; the next start reads them."""

    def __init__(self, workspace: Workspace, memory: Memory, clock: Clock) -> None:
        self._workspace = workspace
        self._memory = memory
        self._clock = clock
        self._said: Said | None = None

    async def take(self, statements: Sequence[Statement], *, via: str) -> int:
        """Commit what is new; how many that were. Raises StoreError."""
        if self._said is None:
            kept = await self._memory.ledger(lambda book: [r.event for r in book.events(kinds=SAID_EVENTS)])
            self._said = Said().after(kept)
        events = new_events(self._said, self._workspace, statements, via=via)
        if events:
            await self._memory.commit(events=events, debts=[], now=self._clock.now())
            self._said = self._said.after(events)
        return len(events)


def new_events(said: Said, workspace: Workspace, statements: Sequence[Statement], *, via: str) -> list[Event]:
    """An event for every statement that has not been made before, neither earlier nor among these."""
    new: dict[object, Statement] = {}
    for statement in statements:
        if not said.told.get(statement.contract_id, NOTHING).knows(statement):
            new.setdefault(statement.says, statement)
    return [stated_event(workspace.contracts[s.contract_id].lender, s, via=via) for s in new.values()]


class Loans:
    """One feed of loan balances."""

    def __init__(self, name: str, feed: LoanFeed, statements: Statements, clock: Clock) -> None:
        self._name = name
        self._feed = feed
        self._statements = statements
        self._clock = clock
        self._failing = False

    async def step(self) -> None:
        """Read what it states now. A feed that fails leaves the last balances, which grow old and say so."""
        try:
            balances = await self._feed.fetch(self._clock.now())
        except SourceError as e:
            if not self._failing:
                log.warning("loans.lost source=%s why=%s", self._name, e)
            self._failing = True
            return
        if self._failing:
            log.info("loans.back source=%s", self._name)
        self._failing = False
        for row in balances.bad_rows:
            field = row.wrong.partition(" ")[0]  # not the rest of it: an amount is nothing for a log
            log.warning("loans.bad_row source=%s place=%s field=%s", self._name, row.place, field)
        await self._statements.take(balances.statements, via=f"feed:{self._name}")
