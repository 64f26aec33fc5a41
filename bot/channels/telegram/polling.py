"""Long polling that forgets nothing before it is done.

Telegram forgets every update below the offset of the next getUpdates. So the offset stays at the oldest update that
the consumer has not committed; after a crash that update comes again under the same event id. While one takes a while
(``aside``), those behind it are read past it; Telegram shows the 100 from the offset on, which is as far as that goes.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

from telegram.error import Conflict, RetryAfter, TelegramError

from bot.channels.telegram.connection import Timing
from bot.channels.telegram.outcome import retry_after_s
from domain.message import Inbound

_log = logging.getLogger(__name__)


class Offsets:
    """Which update may be forgotten. Pure."""

    def __init__(self) -> None:
        self._open: dict[int, set[str]] = {}
        self._aside: set[str] = set()
        self._given: set[int] = set()  # from the oldest open one on
        self._top: int | None = None

    @property
    def next(self) -> int | None:
        """The offset for the next call; None before the first update."""
        if self._open:
            return min(self._open)
        return None if self._top is None else self._top + 1

    @property
    def open(self) -> int:
        """Updates handed out and not yet done."""
        return len(self._open)

    @property
    def held(self) -> int:
        """Of the open ones those that hold up what follows."""
        return sum(not events <= self._aside for events in self._open.values())

    def given(self, update_id: int) -> bool:
        """This update came before, and only stands there for an older one that is not done."""
        return update_id in self._given

    def saw(self, update_id: int, event_ids: set[str]) -> None:
        """An update arrived; without events in it, it is done at once."""
        self._given = {n for n in self._given if n >= min(self._open)} if self._open else set()
        self._given.add(update_id)
        self._top = update_id if self._top is None else max(self._top, update_id)
        if event_ids:
            self._open[update_id] = event_ids

    def done(self, event_id: str) -> None:
        """One event is committed. A second time, or for an event of an earlier life, this changes nothing."""
        update_id = int(event_id.partition("/")[0])
        waiting = self._open.get(update_id, set())
        waiting.discard(event_id)
        self._aside.discard(event_id)
        if not waiting:
            self._open.pop(update_id, None)

    def aside(self, event_id: str) -> None:
        """One event takes a while. After it is done, this changes nothing."""
        if event_id in self._open.get(int(event_id.partition("/")[0]), ()):
            self._aside.add(event_id)

    def rewind(self) -> None:
        """Whatever was handed out and not done shall come again."""
        start = self.next
        self._open.clear()
        self._aside.clear()
        self._given.clear()
        self._top = None if start is None else start - 1


class Poller:
    """One consumer's endless stream of events, over ``fetch(offset)`` → raw updates and ``translate(raw)``."""

    def __init__(
        self,
        *,
        fetch: Callable[[int | None], Awaitable[list[Any]]],
        translate: Callable[[Any], list[Inbound]],
        timing: Timing,
    ) -> None:
        self.malformed = 0  # updates that could not be read, since the start
        self._fetch = fetch
        self._translate = translate
        self._timing = timing
        self._offsets = Offsets()
        self._settled = asyncio.Event()
        self._trouble: str | None = None

    @property
    def offset(self) -> int | None:
        """Everything below is committed; None before the first update."""
        return self._offsets.next

    async def events(self) -> AsyncIterator[Inbound]:
        """Events in order. The next batch is asked for when all of this one are done or aside. Never ends by itself."""
        self._offsets.rewind()
        while True:
            batch = [self._read(raw) for raw in await self._next_batch()]
            for events in batch:
                for event in events:
                    yield event
            await self._all_done()
            if self._offsets.open and not any(batch):
                await self._settle(self._timing.again_s)

    def done(self, event_id: str) -> None:
        """The event is committed: Telegram may forget it."""
        self._offsets.done(event_id)
        self._release()

    def aside(self, event_id: str) -> None:
        """The event takes a while: what follows is handed out before it is done."""
        self._offsets.aside(event_id)
        self._release()

    def _release(self) -> None:
        if not self._offsets.held:
            self._settled.set()

    def _read(self, raw: Any) -> list[Inbound]:
        update_id = _update_id(raw)
        if update_id is None:
            self._say_malformed("no update_id")
            return []
        if self._offsets.given(update_id):
            return []
        events: list[Inbound] = []
        try:
            events = self._translate(raw)
        except Exception as error:  # noqa: BLE001 - the loop's edge: one odd update must not stop all the others
            self._say_malformed(type(error).__name__)
        self._offsets.saw(update_id, {e.event_id for e in events})
        return events

    def _say_malformed(self, why: str) -> None:
        self.malformed += 1
        _log.warning("telegram.update_malformed why=%s count=%d", why, self.malformed)

    async def _all_done(self) -> None:
        while self._offsets.held:
            self._settled.clear()
            try:
                await asyncio.wait_for(self._settled.wait(), self._timing.held_s)
            except TimeoutError:
                _log.warning("telegram.events_held open=%d", self._offsets.held)

    async def _settle(self, seconds: float) -> None:
        """So long, or until what takes a while is done."""
        self._settled.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._settled.wait(), seconds)

    async def _next_batch(self) -> list[Any]:
        pause = self._timing.retry_first_s
        while True:
            try:
                batch = await self._ask()
            except TelegramError as error:
                self._say_lost(error)
                await asyncio.sleep(self._pause_after(error, pause))
                pause = min(pause * 2, self._timing.retry_max_s)
            else:
                self._say_back()
                return batch

    async def _ask(self) -> list[Any]:
        batch = await self._fetch(self.offset)
        if batch and all(_update_id(raw) is None for raw in batch):
            raise TelegramError("no update has an update_id")  # nothing to step past: asking at once would spin
        return batch

    def _pause_after(self, error: TelegramError, pause: float) -> float:
        if isinstance(error, RetryAfter):
            return retry_after_s(error)
        return self._timing.conflict_s if isinstance(error, Conflict) else pause

    def _say_lost(self, error: TelegramError) -> None:
        event = "telegram.polling_conflict" if isinstance(error, Conflict) else "telegram.polling_lost"
        if event != self._trouble:
            _log.warning("%s why=%s:%s", event, type(error).__name__, error)
            self._trouble = event

    def _say_back(self) -> None:
        if self._trouble is not None:
            _log.info("telegram.polling_back")
            self._trouble = None


def _update_id(raw: Any) -> int | None:
    found = raw.get("update_id") if isinstance(raw, dict) else None
    return found if isinstance(found, int) else None
