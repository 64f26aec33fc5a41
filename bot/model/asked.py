"""A question on its way to the model and back: whose it is, what it may do, and what came of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.binding import Binder
from domain.event import Event
from domain.people import Chat, Person
from skills.skill import Answer, Skill
from skills.understanding.understand import Clarify, Result, Silence

Run = Callable[[Skill, Mapping[str, str]], Awaitable[Answer]]
"""Runs a skill for the asker, in the asker's chat, with the asker's rights and its own deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """question: the asker's own words. replied: the *bot's* message that they answer, never anybody else's; else None.

    person, chat and now come from the platform and the clock. addressed: the words were meant for the bot. near: names of
    skills that the words alone came near to (``near_to``).
    """

    question: str
    replied: str | None
    person: Person
    chat: Chat
    now: datetime
    addressed: bool
    run: Run
    binder: Binder
    near: frozenset[str] = frozenset()


def near_to(heard: Result) -> frozenset[str]:
    """The skills that were heard, surely or not."""
    if isinstance(heard, Silence):
        return frozenset()
    options = heard.options if isinstance(heard, Clarify) else ()
    return frozenset((*options, *(q.skill for q in heard.questions)))


class Outcome(StrEnum):
    """How the model's part ended."""

    ANSWERED = "answered"
    NOTHING = "nothing"  # it chose nothing that may be answered
    OFF = "off"  # none is configured, or not ready yet
    TIMEOUT = "timeout"
    FAILED = "failed"  # the endpoint did not answer as it promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """answers: what to say, in order; none: ask back as without a model. event: to be recorded with it; None if off.

    At most one answer has a ``request``, and only a press files it.
    """

    outcome: Outcome
    answers: tuple[Answer, ...] = ()
    event: Event | None = None
