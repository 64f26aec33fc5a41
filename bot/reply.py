"""What is said to one message: what was heard of it, its answers, their words, and the event that is kept of them.

Knows neither chats nor the outbox: where it is said, and what it brings about besides, is for ``answer_owed``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer_kept import said
from domain.event import Event
from domain.message import OutMessage
from skills.skill import Answer, Status
from skills.understanding.understand import Result

SILENT = "silent"
"""The kind of an answer that needs no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said to one message. heard: what was understood of it; answers: one for each question, in order.

    event: to be recorded with it, but for an asker who is nobody. modelled: a model took part.
    """

    heard: Result
    answers: tuple[Answer, ...]
    message: OutMessage
    event: Event | None = None
    modelled: bool = False
    latency_ms: float = 0.0

    def kept(self, message: OutMessage, *, via: str, key: str | None = None) -> list[Event]:
        """The event with what is said in the end."""
        if self.event is None:
            return []
        return [said(self.event, message, via=via, latency_ms=self.latency_ms, key=key)]

    @property
    def silent(self) -> bool:
        """The only answer needs no words."""
        return [a.kind for a in self.answers] == [SILENT]

    @property
    def status(self) -> Status:
        """The first status that is not ok."""
        return next((a.status for a in self.answers if a.status is not Status.OK), Status.OK)

    @property
    def asking(self) -> Answer | None:
        """The answer that proposes something, if exactly one does: a press must not be of two minds."""
        found = [a for a in self.answers if a.proposes]
        return found[0] if len(found) == 1 else None


def joined(messages: Sequence[OutMessage]) -> OutMessage:
    """The words of all answers, one after the other, with the buttons of the first that has any."""
    if len(messages) == 1:
        return messages[0]
    text = "\n\n".join(m.text for m in messages if m.text)
    return OutMessage(spans=(text,), buttons=next((m.buttons for m in messages if m.buttons), ()))
