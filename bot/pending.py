"""Proposals that wait for a press: in memory only, under a short id, for ten minutes. A restart forgets them."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.deed.deed import Wanted
from domain.delivery import Debt
from domain.message import OutMessage
from domain.notice import Priority, notice_key
from skills.proposing import KEPT_MINUTES
from skills.skill import Request

KEPT = timedelta(minutes=KEPT_MINUTES)
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One proposal: what would be filed or done, said by whom in which chat, and the message that shows it."""

    request: Request | Wanted
    by: str
    chat: str
    card: str
    message: OutMessage
    at: datetime


def closed(waiting: Waiting, tenant: str, line: str) -> Debt:
    """The proposal's message says what became of it, and has no buttons any more."""
    return Debt(
        key=notice_key(waiting.card, "closed"),
        tenant=tenant,
        chat=waiting.chat,
        priority=Priority.ANSWER,
        message=OutMessage(spans=(f"{waiting.message.text}\n{line}",)),
        template="answer",
        edit_of=waiting.card,
    )


class Pending:
    """What was proposed lately."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    def keep(self, waiting: Waiting) -> str:
        """Keep it; the id that its buttons carry. The oldest is forgotten when there are too many."""
        ident = secrets.token_hex(5)
        self._waiting[ident] = waiting
        while len(self._waiting) > MOST:
            self._waiting.popitem(last=False)
        return ident

    def find(self, ident: str, chat: str, now: datetime) -> Waiting | None:
        """The proposal of this id in this chat, unless its time is over."""
        found = self._waiting.get(ident)
        fits = found is not None and found.chat == chat and now - found.at <= KEPT
        return found if fits else None

    def forget(self, ident: str) -> None:
        """It was filed or dropped."""
        self._waiting.pop(ident, None)
