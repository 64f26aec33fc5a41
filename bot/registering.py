"""A register's extract of receipts becomes events of the lenders' chains, in a running bot or beside one that stands still."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bot.clock import Clock
from bot.house import House
from bot.judging import Judging
from bot.memory import Memory
from bot.receipts import Receipts
from datasources.workspace import Workspace
from domain.errors import ReceiptError
from domain.event import Event
from domain.receipt.fold import RECEIPT_EVENTS
from domain.receipt.register import Registered, followed

BY = "system"
Told = dict[tuple[str, str], str | None]
"""By contract and number: None where the chain has followed, '' where it knew all of it already, else why it does not."""


class RegisterTaker(Protocol):
    """Where a register's receipts go."""

    async def take(self, said: Sequence[Registered]) -> Told:
        """Follow each as far as it can be followed, in one commit; what became of each."""


class Register:
    """Takes a register into a running house, which then judges whose receipts have changed."""

    def __init__(self, house: House, judging: Judging, clock: Clock) -> None:
        self._house = house
        self._judging = judging
        self._clock = clock
        self._lock = asyncio.Lock()

    async def take(self, said: Sequence[Registered]) -> Told:
        """Commit what is new. Raises StoreError."""
        async with self._lock:
            events, told = news(self._house.receipts, self._house.workspace, said, self._clock)
            if events:
                await self._judging.record(events, [])
            return told


class StoredRegister:
    """Takes a register into a ledger that no bot has open; the next start reads it."""

    def __init__(self, workspace: Workspace, memory: Memory, clock: Clock) -> None:
        self._workspace = workspace
        self._memory = memory
        self._clock = clock

    async def take(self, said: Sequence[Registered]) -> Told:
        """Commit what is new, after what the files pledge and the chain does not know yet. Raises StoreError."""
        kept = await self._memory.ledger(lambda book: [r.event for r in book.events(kinds=RECEIPT_EVENTS)])
        receipts = Receipts.of(self._workspace).after(kept)
        unsigned = receipts.unsigned(self._workspace, self._clock.now())
        events, told = news(receipts.after(unsigned), self._workspace, said, self._clock)
        if unsigned or events:
            await self._memory.commit(events=[*unsigned, *events], debts=[], now=self._clock.now())
        return told


def news(
    receipts: Receipts, workspace: Workspace, said: Sequence[Registered], clock: Clock
) -> tuple[list[Event], Told]:
    """The events, each decided after the ones before; and what became of each."""
    events: list[Event] = []
    told: Told = {}
    for one in said:
        contract = workspace.contracts[one.contract_id]
        try:
            made = followed(receipts.books[contract.lender], contract, one, BY, clock.now())
        except ReceiptError as e:
            told[one.contract_id, one.receipt.no] = str(e)
            continue
        receipts = receipts.after(made)
        events += made
        told[one.contract_id, one.receipt.no] = None if made else ""
    return events, told
