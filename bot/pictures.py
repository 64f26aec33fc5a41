"""The pictures of answers: drawn after the text has gone out, kept in the ledger, sent as a message of their own.

A picture is never waited for and never owed by a contract: if it cannot be drawn, one line in the log says so.
"""

import asyncio
import logging
from datetime import datetime

from jinja2 import TemplateError

from bot.clock import Clock
from bot.judging import Judging
from bot.memory import Memory
from bot.painter import Painter
from bot.ports import Draws
from bot.words import Words
from domain.delivery import Debt
from domain.errors import NotDrawn
from domain.message import OutMessage, Picture
from domain.notice import Priority
from domain.people import Chat
from skills.skill import PictureRequest

log = logging.getLogger(__name__)

AT_ONCE = 20
"""So many pictures wait at most; what is asked beyond that is answered in text only."""


class Pictures:
    """Draws what answers ask for and owes it to their chats."""

    def __init__(
        self, words: Words, judging: Judging, memory: Memory, clock: Clock, painter: Draws | None = None
    ) -> None:
        """painter: one of its own if none is given; ``close`` ends it."""
        self._words = words
        self._judging = judging
        self._memory = memory
        self._clock = clock
        self._painter: Draws = painter or Painter()
        self._under_way: set[asyncio.Task[None]] = set()

    async def drawn(self, request: PictureRequest) -> tuple[bytes, str] | None:
        """The picture and its title; None where it cannot be drawn."""
        try:
            chart = self._words.picture(request)
            return await self._painter.paint(chart), chart.title
        except (NotDrawn, KeyError, ValueError, TemplateError) as e:
            log.warning("picture.failed kind=%s why=%r", request.kind, e)
            return None

    def follow(
        self, key: str, request: PictureRequest | None, chat: Chat, *, tenant: str, reply_to: str | None
    ) -> None:
        """Begin to draw. key: of the answer's debt, so that a repeated question gets no second picture."""
        if request is None or len(self._under_way) >= AT_ONCE:
            return
        task = asyncio.create_task(self._owe(key, request, chat, tenant, reply_to), name="picture")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait for the pictures that are under way."""
        await asyncio.gather(*self._under_way)

    async def _owe(self, key: str, request: PictureRequest, chat: Chat, tenant: str, reply_to: str | None) -> None:
        found = await self.drawn(request)
        if found is None:
            return
        png, title = found
        now: datetime = self._clock.now()
        digest = await self._memory.ledger(lambda book: book.keep_picture(tenant, png, now))
        debt = Debt(
            key=f"{key}/picture",
            tenant=tenant,
            chat=chat.id,
            priority=Priority.REPORT,
            message=OutMessage(spans=(title,), reply_to=reply_to, picture=Picture(sha256=digest, about=title)),
            template="picture",
        )
        await self._judging.record([], [debt])

    async def close(self) -> None:
        """Leave undrawn what is under way, and end the worker."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._painter.close()
