"""The messages of one chat, in memory and bounded: what was said, edited, pressed, and who has read how far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.message import Button, OutMessage

KEPT = 300  # messages per chat; older ones leave the page, the ledger keeps what matters


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message as the page shows it.

    no: its place in the log, from 1. rev: the log's count of changes when this one last changed. author: a person
    id, None for the bot. spent: buttons that an edit took away. pressed: person id → token of that person's press.
    """

    ref: str
    no: int
    rev: int
    at: datetime
    author: str | None
    name: str
    message: OutMessage
    spent: tuple[Button, ...] = ()
    edited_at: datetime | None = None
    pressed: Mapping[str, str] = field(default_factory=dict)

    @property
    def tokens(self) -> frozenset[str]:
        """What the buttons that still work would send."""
        return frozenset(b.token for b in self.message.buttons)


class Log:
    """At most ``KEPT`` bubbles, oldest first. ``rev`` grows with every change, so that a page asks for the rest."""

    def __init__(self) -> None:
        self._bubbles: dict[str, Bubble] = {}
        self._no = 0
        self._read: dict[str, int] = {}
        self.rev = 0

    def add(self, *, ref: str, at: datetime, author: str | None, name: str, message: OutMessage) -> None:
        """Append; the oldest goes when there are too many."""
        self._no += 1
        self.rev += 1
        self._bubbles[ref] = Bubble(
            ref=ref, no=self._no, rev=self.rev, at=at, author=author, name=name, message=message
        )
        if len(self._bubbles) > KEPT:
            del self._bubbles[next(iter(self._bubbles))]

    def edit(self, ref: str, message: OutMessage, at: datetime) -> bool:
        """Put ``message`` in the place of ``ref``, which keeps its thread; False when that is no longer here."""
        old = self._bubbles.get(ref)
        if old is None:
            return False
        self._put(
            replace(
                old,
                message=replace(
                    message,
                    reply_to=message.reply_to or old.message.reply_to,
                    edits=None,
                    picture=message.picture or old.message.picture,
                ),
                spent=() if message.buttons else old.message.buttons or old.spent,
                edited_at=at,
            )
        )
        return True

    def press(self, ref: str, person: str, token: str) -> bool:
        """Remember the press; False when there is no such button any more."""
        old = self._bubbles.get(ref)
        if old is None or token not in old.tokens:
            return False
        self._put(replace(old, pressed={**old.pressed, person: token}))
        return True

    def get(self, ref: str) -> Bubble | None:
        """The bubble of this reference, while it is kept."""
        return self._bubbles.get(ref)

    def since(self, rev: int) -> list[Bubble]:
        """What was added or changed after ``rev``, in the order of the log."""
        return [b for b in self._bubbles.values() if b.rev > rev]

    def read(self, person: str) -> None:
        """Everything up to now is before this person's eyes."""
        self._read[person] = self._no

    def unread(self, person: str) -> tuple[int, int]:
        """Messages of others not yet seen, and how many of those mention the person."""
        seen = self._read.get(person, 0)
        fresh = [b for b in self._bubbles.values() if b.no > seen and b.author != person]
        return len(fresh), sum(any(m.person_id == person for m in b.message.mentions) for b in fresh)

    def _put(self, bubble: Bubble) -> None:
        self.rev += 1
        self._bubbles[bubble.ref] = replace(bubble, rev=self.rev)
