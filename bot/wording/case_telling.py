"""What the templates of a case's messages are given: the figures of ``domain.case.notice``, and who is waited for here.

Decides nothing about who is told: that is ``domain.case.notice``. Makes no sentence: that is ``bot/messages``.
"""

from datetime import datetime

from domain.case.notice import CARD
from domain.event import Json
from domain.notice import Notice
from domain.people import Audience, Roster


def case_telling(notice: Notice, roster: Roster, now: datetime) -> Json:
    """The context of one message. ``f`` is what everybody in the chat may read.

    awaited: the people whom the case waits for, as far as this chat may know them, grouped by step and time; a step
    without any is waited for from its party. A reply names only those whom it notifies.
    """
    chat = roster.chats[notice.chat]
    waits = notice.body["waits"]
    if notice.template != CARD:
        waits = [w for w in waits if w["person"] in notice.mentions]
    return {
        "f": notice.body,
        "bank": chat.audience is Audience.BANK and chat.verified,
        "awaited": awaited(notice.body["due"], waits),
        "now": now,
    }


def awaited(due: list[str], waits: list[Json]) -> list[Json]:
    """One row for each step and time: the step, its people (none known: empty), and by when."""
    groups: dict[tuple[str, str | None], list[str]] = {}
    for wait in waits:
        groups.setdefault((wait["step"], wait["due"]), []).append(wait["person"])
    for step in due:
        if all(s != step for s, _ in groups):
            groups[step, None] = []
    return [{"step": s, "due": by, "people": list(dict.fromkeys(p))} for (s, by), p in groups.items()]
