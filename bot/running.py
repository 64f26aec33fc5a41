"""A skill is run for one person in one chat: who may ask it, in a worker thread, within its deadline; and put into words.

Does not know how a question was put. A fault in one skill, or in the words for what it says, ends one answer.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from bot.archive import Archive
from bot.clock import Clock
from bot.house import House
from bot.memory import Memory
from bot.past import Looks, Stood
from bot.view import ChatView
from bot.words import Words
from domain.errors import SourceUnavailable
from domain.message import OutMessage
from domain.people import Audience, Chat, Person
from skills.refusals import REFUSALS
from skills.registry import HELP, SKILLS
from skills.scope import reasoned
from skills.skill import Answer, Skill, Status

log = logging.getLogger(__name__)

DEADLINE_S = 10.0
FAILED = Answer(status=Status.NO_DATA, kind="failed", facts={})
"""In the place of an answer that cannot be worked out, or not be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An answer with its words: what is recorded is what is said, a failure too."""

    answer: Answer
    message: OutMessage


_FOR_A_PROGRAM: ContextVar[bool] = ContextVar("for_a_program", default=False)


@contextmanager
def for_a_program() -> Iterator[None]:
    """What is run within is a program's question: no chat's question waits behind it."""
    token = _FOR_A_PROGRAM.set(True)
    try:
        yield
    finally:
        _FOR_A_PROGRAM.reset(token)


class Running:
    """Two threads for all chats, one for programs; looks into the past and papers are read there."""

    def __init__(self, house: House, memory: Memory, clock: Clock, words: Words) -> None:
        """memory: for looks into the past."""
        self._house = house
        self._clock = clock
        self._words = words
        self._archive = Archive(house, memory)
        self._past = Looks(memory)
        self._chats = ThreadPoolExecutor(2, thread_name_prefix="skill")
        self._programs = ThreadPoolExecutor(1, thread_name_prefix="skill-program")

    async def spoken(
        self,
        skill: Skill,
        arguments: Mapping[str, str],
        person: Person | None,
        chat: Chat | None,
        now: datetime | None = None,
    ) -> Spoken:
        """``run``, and what it says; 'failed' where the one or the other cannot be."""
        return self.worded(await self.run(skill, arguments, person, chat, now))

    def worded(self, answer: Answer) -> Spoken:
        """An answer with its words, or with those for a failure."""
        try:
            return Spoken(answer=answer, message=self._words.answer(answer))
        except Exception:  # figures that no template was written for: the platform would bring the question for ever
            log.exception("answer.unspeakable kind=%s", answer.kind)
            return Spoken(answer=FAILED, message=self._words.answer(FAILED))

    async def run(
        self,
        skill: Skill,
        arguments: Mapping[str, str],
        person: Person | None,
        chat: Chat | None,
        now: datetime | None = None,
    ) -> Answer:
        """now: of the question that was understood, so that 今天到现在 ends where the answer is of; None: this moment."""
        view = ChatView(self._house, person, chat, now or self._clock.now(), self._look, self._archive)
        try:
            return reasoned(view, await self._permitted(skill, view, arguments))
        except Exception:  # a fault in one skill ends one answer: the platform would bring the question again for ever
            log.exception("skill.failed skill=%s", skill.name)
            return FAILED

    async def _permitted(self, skill: Skill, view: ChatView, arguments: Mapping[str, str]) -> Answer:
        person, chat = view.actor, view.chat
        if skill in REFUSALS or (skill is HELP and chat is not None and chat.audience is Audience.OPERATORS):
            return skill.run(view, arguments)
        if view.denied or person is None or person.role not in skill.roles:
            return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={"skill": not view.denied})
        return await self._within_deadline(skill, view, arguments)

    async def _within_deadline(self, skill: Skill, view: ChatView, arguments: Mapping[str, str]) -> Answer:
        loop = asyncio.get_running_loop()
        pool = self._programs if _FOR_A_PROGRAM.get() else self._chats
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await loop.run_in_executor(pool, skill.run, view, arguments)
        except TimeoutError:
            log.warning("skill.timeout skill=%s", skill.name)
            return Answer(status=Status.NO_DATA, kind="busy", facts={})

    def _look(self, at: datetime) -> Stood | None:
        """A look into the past, in a skill's thread; None before anything was recorded."""
        try:
            return self._past.at(self._house.workspace, at, self._clock.now(), plant=self._house.plant)
        except SourceUnavailable:
            return None

    def close(self) -> None:
        """Let the running skills finish."""
        for pool in (self._chats, self._programs):
            pool.shutdown(wait=False, cancel_futures=True)


def skill_named(name: str) -> Skill | None:
    """The skill of this name; None where none has it."""
    return next((s for s in SKILLS if s.name == name), None)
