"""Questions that wait for a model are handled apart from their channel's loop, so that nobody else waits with them.

A channel's events are begun one after another; each has ended, or has stepped aside, before the next is begun. Questions
of one person in one chat keep their order. What people do besides, presses and 收到, waits for none of them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

MOST = 16
"""So many events are apart at a time: those at the endpoint, and a few for each of its places."""
EACH = 4
"""Of these, so many of one person in one chat."""


@dataclass(slots=True, eq=False)
class Errand:
    """One event under way. free: its channel's loop may go on. hurried: too many wait, so it may wait for nothing."""

    apart: "Apart"
    free: asyncio.Event = field(default_factory=asyncio.Event)
    aside: bool = False
    hurried: bool = False

    def step_aside(self) -> bool:
        """Let the loop go on; whether there is room for this."""
        if not self.aside and not self.hurried and self.apart.aside < MOST:
            self.aside = True
            self.apart.aside += 1
            self.free.set()
        return self.aside


@dataclass(slots=True)
class Line:
    """The questions of one person in one chat. waiting: with the one that is answered."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


_MINE: ContextVar[Errand | None] = ContextVar("errand", default=None)


class Apart:
    """One for all channels."""

    def __init__(self) -> None:
        self.aside = 0
        self._lines: dict[tuple[str, str], Line] = {}

    async def begin(self, group: asyncio.TaskGroup, work: Callable[[], Awaitable[None]]) -> bool:
        """Begin one event; whether it has ended. If not it goes on in the group, where its failure ends everything."""
        errand = Errand(self)
        group.create_task(self._run(errand, work))
        await errand.free.wait()
        return not errand.aside

    async def _run(self, errand: Errand, work: Callable[[], Awaitable[None]]) -> None:
        _MINE.set(errand)  # a task's own context: no other event sees it
        try:
            await work()
        finally:
            self.aside -= errand.aside
            errand.free.set()

    @asynccontextmanager
    async def turn(self, chat: str, person: str) -> AsyncIterator[None]:
        """Wait until this person's earlier questions in this chat are answered; without waiting where too many wait."""
        mine, line = _MINE.get(), self._lines.setdefault((chat, person), Line())
        if mine is not None and line.lock.locked() and (line.waiting >= EACH or not mine.step_aside()):
            mine.hurried = True
            yield
            return
        line.waiting += 1
        try:
            async with line.lock:
                yield
        finally:
            line.waiting -= 1
            if not line.waiting:
                del self._lines[chat, person]


def may_wait() -> bool:
    """Said before a long wait: whether it may be. From then on no channel's loop waits for the event under way."""
    mine = _MINE.get()
    return mine is None or mine.step_aside()
