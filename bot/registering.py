"""A register's extract of receipts becomes events of the lenders' chains, in a running bot or beside one that stands still."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum
from typing import Protocol

from bot.clock import Clock
from bot.house import House
from bot.judging import Decision, Judging
from bot.memory import Memory
from bot.receipts import Receipts, asked_under
from bot.recovery import cases_of
from datasources.workspace import Workspace
from domain.case.fold import CASE_EVENTS
from domain.errors import ReceiptError
from domain.event import Event
from domain.receipt.fold import RECEIPT_EVENTS
from domain.receipt.parting import families, parted
from domain.receipt.register import Registered, followed

BY = "system"


class Followed(Enum):
    """What became of a number that the register has told."""

    ANEW = "anew"
    KNOWN = "known"  # the chain knew all of it already


Became = Followed | ReceiptError
"""An error says why the chain does not follow."""
Told = dict[tuple[str, str], Became]
"""By contract and number."""


class RegisterTaker(Protocol):
    """Where a register's receipts go."""

    async def take(self, said: Sequence[Registered]) -> Told:
        """Follow each as far as it can be followed, in one commit; what became of each."""


class Register:
    """Takes a register into a running house, which then judges whose receipts have changed."""

    def __init__(self, house: House, judging: Judging) -> None:
        self._house = house
        self._judging = judging

    async def take(self, said: Sequence[Registered]) -> Told:
        """Commit what is new. Raises StoreError."""
        told: Told = {}

        def decide(decision: Decision, now: datetime) -> None:
            asked = asked_under(self._house.cases.values())
            decision.events, became = news(self._house.receipts, self._house.workspace, said, asked, now)
            told.update(became)

        await self._judging.settle(decide)
        return told


class StoredRegister:
    """Takes a register into a ledger that no bot has open; the next start reads it."""

    def __init__(self, workspace: Workspace, memory: Memory, clock: Clock) -> None:
        self._workspace = workspace
        self._memory = memory
        self._clock = clock

    async def take(self, said: Sequence[Registered]) -> Told:
        """Commit what is new, after what the files pledge and the chain does not know yet. Raises StoreError."""
        kinds, now = RECEIPT_EVENTS | CASE_EVENTS, self._clock.now()
        kept = await self._memory.ledger(lambda book: [r.event for r in book.events(kinds=kinds)])
        receipts = Receipts.of(self._workspace).after(kept)
        unsigned = receipts.unsigned(self._workspace, now)
        asked = asked_under(cases_of(kept, self._workspace))
        events, told = news(receipts.after(unsigned), self._workspace, said, asked, now)
        if unsigned or events:
            await self._memory.commit(events=[*unsigned, *events], debts=[], now=now)
        return told


def news(
    receipts: Receipts,
    workspace: Workspace,
    said: Sequence[Registered],
    asked: Collection[tuple[str, str]],
    now: datetime,
) -> tuple[list[Event], Told]:
    """The events, each decided after the ones before, splits first; and what became of each.

    asked: (lender, number) under which a case is open. Where a split cannot be followed, none of its rows is: the number
    before would read as released.
    """
    receipts, events, told = _splits(receipts, workspace, said, asked, now)
    for one in said:
        key = (one.contract_id, one.receipt.no)
        if isinstance(told.get(key), ReceiptError):
            continue
        contract = workspace.contracts[one.contract_id]
        try:
            made = followed(receipts.books[contract.lender], contract, one, BY, now)
        except ReceiptError as e:
            told[key] = e
            continue
        receipts = receipts.after(made)
        events += made
        told[key] = Followed.ANEW if made else told.get(key, Followed.KNOWN)
    return events, told


def _splits(
    receipts: Receipts,
    workspace: Workspace,
    said: Sequence[Registered],
    asked: Collection[tuple[str, str]],
    now: datetime,
) -> tuple[Receipts, list[Event], Told]:
    """What the splits make, and by number whether it was new or why it is not followed."""
    events: list[Event] = []
    told: Told = {}
    for family in families(said):
        contract = workspace.contracts[family.contract_id]
        book, mine = receipts.books[contract.lender], {no for lender, no in asked if lender == contract.lender}
        became: Became
        try:
            made = parted(book, contract, family, mine, BY, now)
            became = Followed.ANEW if made else Followed.KNOWN
        except ReceiptError as e:
            made, became = [], e
        receipts = receipts.after(made)
        events += made
        for no in family.numbers:
            told[family.contract_id, no] = _both(told.get((family.contract_id, no), Followed.KNOWN), became)
    return receipts, events, told


def _both(one: Became, other: Became) -> Became:
    """A number may be a part of one split and parted by the next: the first thing that went wrong, else whether any is new."""
    if isinstance(one, ReceiptError) or other is Followed.KNOWN:
        return one
    return other
