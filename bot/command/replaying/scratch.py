# ruff: noqa: ARG002 - the signatures are the live ones
"""What stands in for store, chat and clock while a contract is replayed: nothing is written, nothing is sent.

Judging and pricing are the live ones; only what they would have committed and told is kept here instead.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.clock import Clock
from bot.compose import Composer
from bot.memory import Memory
from bot.words import Words
from domain.alarm import Alarm
from domain.contract import Contract
from domain.delivery import Debt, Timing
from domain.event import Event
from domain.message import Caps
from domain.notice import Notice
from domain.people import Roster
from store.ledger import Committed, Ledger
from store.series import Series

T = TypeVar("T")


class SetClock(Clock):
    """The moment that is being replayed."""

    def __init__(self, at: datetime) -> None:
        """at: the first moment, aware UTC."""
        self.at = at
        super().__init__(lambda: self.at, monotonic_s=lambda: 0.0)


class ScratchMemory(Memory):
    """Keeps the events that the live bot would have committed; the series is not touched."""

    def __init__(self) -> None:
        """No file, no thread."""
        self.events: list[Event] = []

    async def commit(
        self,
        *,
        events: Sequence[Event],
        debts: Sequence[Debt],
        now: datetime,
        seen: Sequence[tuple[str, str]] = (),
        dropped: Sequence[str] = (),
    ) -> Committed:
        """Keep the events in the order in which they were decided."""
        self.events.extend(events)
        return Committed(recorded=[], new_debts=[], repeated=False)

    async def ledger(self, work: Callable[[Ledger], T]) -> T:
        """Raises AssertionError: a replay has no ledger."""
        raise AssertionError("a replay opens no ledger")

    async def series(self, work: Callable[[Series], T]) -> T | None:  # type: ignore[override]  # it answers nothing
        """Nothing is written; what only writes may go on."""
        return None

    def close(self) -> None:
        """Nothing is open."""


class NoticeTaker(Composer):
    """Keeps whom each event of an alarm would have @-mentioned, and composes nothing."""

    def __init__(self, words: Words, roster: Roster) -> None:
        """Takes what a composer takes, but for the platform."""
        super().__init__(words, lambda: roster, _no_platform)
        self.mentions: dict[tuple[str, str, int], list[str]] = {}

    def debts(self, notice: Notice, alarm: Alarm, contract: Contract, timing: Timing, now: datetime) -> list[Debt]:
        """No debt; remembered are the people, by alarm and revision, in the contract's order."""
        people = self.mentions.setdefault((alarm.tenant, alarm.id, alarm.revision), [])
        people.extend(p for p in notice.mentions if p not in people)
        return []


def _no_platform(chat: str) -> Caps:
    raise AssertionError(f"a replay sends nothing, so nobody may ask what the platform of {chat!r} can do")
