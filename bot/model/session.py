"""One question's dealings with the model: which skill it may run with which words, and what it is told in return.

Everything that a model says is judged here as if it wanted to do harm. An argument must echo the asker (``bot.model.echo``).
Once a text from the data has been read, nothing is proposed any more, so that a sentence hidden in a name or a note can start
nothing. Knows no langchain.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.model.asked import Asked
from bot.model.binding import Unclear
from bot.model.echo import Echo
from bot.model.handles import Handles
from bot.model.prompting import Prompts
from bot.model.tools import proposes
from bot.reply import SILENT
from bot.words import Words
from skills.skill import Answer, Skill, Status

MOST_ANSWERS = 3
MOST_CALLS = 12
"""Calls of one question that are judged at all; those after them are told to stop, and not listed."""
LONGEST = 1500
"""Characters of a result that a model reads."""
WORDS_LONGEST = 200
"""Characters of an argument."""


class Refusal(StrEnum):
    """Why a call was not run; the words for it are in ``prompts/refused.j2``."""

    NO_TOOL = "no_tool"
    MALFORMED = "malformed"
    UNCLEAR = "unclear"
    NOT_SAID = "not_said"
    UNREAD = "unread"
    LEFT_OUT = "left_out"
    TAINTED = "tainted"
    AGAIN = "again"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A skill that was run, with its bound arguments, its answer and what people will read of it."""

    skill: Skill
    arguments: Mapping[str, str]
    answer: Answer
    text: str


class Session:
    """Runs the calls of one question. ``ran`` holds what came of them, ``refused`` why others did not."""

    def __init__(
        self, asked: Asked, skills: Mapping[str, Skill], words: Words, prompts: Prompts, handles: Handles | None
    ) -> None:
        """skills: those offered, by name. handles: for an endpoint that may read no name and no answer; else None."""
        self._asked = asked
        self._skills = skills
        self._words = words
        self._prompts = prompts
        self._handles = handles
        self._hidden = _close(handles.hide(asked.question)) if handles is not None else ""
        self._echo = Echo(asked.binder, asked.question)
        self._replied = asked.replied if handles is None else None
        self._tainted = bool(self._replied)
        self._turn = asyncio.Lock()
        self._calls = self._runs = 0
        self.ran: list[Ran] = []
        self.refused: list[Refusal] = []

    def begins(self) -> None:
        """A turn of the model's begins: what it has read by now may speak through it."""
        self._tainted = bool(self._replied) or (self._handles is None and bool(self.ran))

    async def call(self, name: str, arguments: object) -> str:
        """Run a skill, one after the other; the text that the model gets back. Never raises for what a model says."""
        async with self._turn:
            self._calls += 1
            if self._calls > MOST_CALLS:
                return self._prompts.refused(code=Refusal.ENOUGH.value, parameter="", why="")
            return await self._called(name, arguments)

    async def _called(self, name: str, arguments: object) -> str:
        skill, words = self._skills.get(name), self._heard(arguments)
        if skill is None:
            return self._no(Refusal.NO_TOOL)
        if words is None:
            return self._no(Refusal.MALFORMED)
        if (guessed := self._guessed(skill, words)) is not None:
            return self._no(Refusal.NOT_SAID, guessed)
        meant = {k: self._handles.show(v) for k, v in words.items()} if self._handles is not None else words
        bound = self._asked.binder.bind(skill, meant)
        if isinstance(bound, Unclear):
            return self._no(Refusal.UNCLEAR, bound.parameter, bound.why)
        if (refusal := self._judged(skill, meant, bound)) is not None:
            return self._no(*refusal)
        return await self._run(skill, bound)

    async def _run(self, skill: Skill, arguments: Mapping[str, str]) -> str:
        self._runs += 1
        answer = await self._asked.run(skill, arguments)
        if answer.proposes and (self._tainted or any(r.answer.proposes for r in self.ran)):
            return self._no(Refusal.TAINTED)
        text = self._words.answer(answer).text
        self.ran.append(Ran(skill=skill, arguments=arguments, answer=answer, text=text))
        shown = text if self._handles is None else None
        return self._prompts.result(
            skill=skill.name,
            status=answer.status.value,
            text=shown[:LONGEST] if shown is not None else None,
            cut=len(text) > LONGEST,
        )

    def said(self) -> tuple[Ran, ...]:
        """What may be answered; nothing where a part of the question was passed over, or the model took it for a bad one.

        No model refuses anybody: what it would refuse is asked back.
        """
        useful = [r for r in self.ran if r.answer.status is not Status.CLARIFY and r.answer.kind != SILENT]
        if any(r.answer.status is Status.REFUSED for r in useful):
            return ()
        if not self._echo.covered((r.skill, r.arguments) for r in useful):
            return ()
        found = [r for r in useful if r.answer.kind != "not_found"] or useful
        return tuple(found[:MOST_ANSWERS])

    def _no(self, refusal: Refusal, parameter: str = "", why: str = "") -> str:
        self.refused.append(refusal)
        return self._prompts.refused(code=refusal.value, parameter=parameter, why=why)

    def _heard(self, arguments: object) -> dict[str, str] | None:
        """The words of the arguments; None where they are no words."""
        if not isinstance(arguments, Mapping):
            return None
        given: dict[str, Any] = {str(k): v for k, v in arguments.items() if v not in (None, "")}
        return None if any(not isinstance(v, str) or len(v) > WORDS_LONGEST for v in given.values()) else given

    def _guessed(self, skill: Skill, words: Mapping[str, str]) -> str | None:
        """What a foreign endpoint did not copy. Refused before it is looked up, so that no name can be probed."""
        if self._handles is None:
            return None
        choices = {p.name for p in skill.parameters if p.kind == "choice"}
        return next((k for k, v in words.items() if k not in choices and _close(v) not in self._hidden), None)

    def _judged(self, skill: Skill, words: Mapping[str, str], bound: Mapping[str, str]) -> tuple[Refusal, str] | None:
        """Why this call may not be run, and about which argument."""
        if proposes(skill) and self._tainted:
            return Refusal.TAINTED, ""
        if any(r.skill is skill and r.arguments == bound for r in self.ran):
            return Refusal.AGAIN, ""
        if self._runs >= MOST_ANSWERS:
            return Refusal.ENOUGH, ""
        if self._echo.unread(skill):
            return Refusal.UNREAD, ""
        shown = [self._replied] if self._replied else []
        if self._handles is None:
            shown += [r.text for r in self.ran]
        for p in (p for p in skill.parameters if p.name in bound):
            if not self._echo.faithful(p, words[p.name], bound[p.name], shown):
                return Refusal.NOT_SAID, p.name
        if not self._echo.paired(skill, bound):
            return Refusal.NOT_SAID, ",".join(bound)
        left = self._echo.left_out(skill, bound)
        return (Refusal.LEFT_OUT, ",".join(left)) if left else None


def _close(text: str) -> str:
    return "".join(text.split())
