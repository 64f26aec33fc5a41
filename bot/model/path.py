"""The path with a model: what it understood, run and rendered by our own code. It never makes an answer worse than none.

Whatever happens at the endpoint, ``ModelPath.answer`` returns within the settings' seconds; without langchain, without a key
or before ``warm`` it returns at once, and the caller asks back as if there were no model.
"""

import asyncio
import gc
import importlib
import logging
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

from bot.model.asked import Asked, Outcome, Told
from bot.model.handles import Handles, Known
from bot.model.prompting import Prompts
from bot.model.record import Course, answered
from bot.model.session import Session
from bot.model.tools import offered, tool_of
from bot.tenancy import tenant_of
from bot.words import Words
from datasources.workspace import Workspace
from datasources.workspace.settings import ModelSettings
from skills.skill import Skill

log = logging.getLogger(__name__)

AGENT = "bot.model.agent"
AT_ONCE = 4
"""So many questions are at the endpoint at a time; the others wait, within their seconds."""
LONGEST = 500
"""Characters of a question that goes to a model."""


def _library() -> Any:
    """The module that imports langchain. Its two hundred thousand objects stay for good, and the collector passes them by: else
    each of its full rounds would hold up the loop, and every poll in it, for more than 0.1 s.
    """
    first = AGENT not in sys.modules
    module = importlib.import_module(AGENT)
    if first:
        gc.freeze()
    return module


class ModelPath:
    """One per process. ``warm`` it after the first poll; ``close`` it at the end."""

    def __init__(self, settings: ModelSettings, workspace: Workspace, words: Words, skills: Sequence[Skill]) -> None:
        """skills: all of them; who may use which is asked for each question."""
        self._settings = settings
        self._workspace = workspace
        self._words = words
        self._skills = tuple(skills)
        self._prompts = Prompts(internal=settings.internal)
        self._known = Known.of(workspace)
        cleared = str if settings.internal else self._known.without
        self._tools = {s.name: tool_of(s, cleared) for s in self._skills}
        self._given_up: dict[str, float] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._library: Any = None
        self._agent: Any = None

    @property
    def ready(self) -> bool:
        """Whether a question would reach the endpoint."""
        return self._agent is not None

    async def warm(self) -> bool:
        """Import what is needed, in a thread, and make ready; whether it can be used. Says why not, once, in the log."""
        for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING"):
            os.environ.pop(name, None)
        key = os.environ.get(self._settings.key_variable, "")
        if not key and not self._settings.internal:
            log.warning("model.off why=no_key variable=%s", self._settings.key_variable)
            return False
        try:
            self._library = await asyncio.to_thread(_library)
            self._agent = await asyncio.to_thread(self._library.Agent, self._settings, key, self._prompts.system)
        except ImportError as e:
            log.warning("model.off why=missing library=%s", e.name)
            return False
        log.info("model.ready model=%s internal=%s", self._settings.name, self._settings.internal)
        return True

    async def answer(self, asked: Asked) -> Told:
        """What to say to the question. Never raises for what the endpoint does; cancelled, it stops at once."""
        if self._agent is None or not asked.question.strip() or len(asked.question) > LONGEST or self._hung(asked):
            return Told(outcome=Outcome.OFF)
        handles = None if self._settings.internal else Handles(self._known)
        skills = offered(self._skills, asked.person.role, asked.near)
        session = Session(asked, skills, self._words, self._prompts, handles)
        spent, began = self._library.Spent(), time.monotonic()
        outcome, why, spoke = await self._asked(asked, session, spent, skills, handles)
        if outcome is Outcome.TIMEOUT and not spent.models:
            self._given_up[asked.person.id] = time.monotonic()
        said = session.said()
        if said:
            outcome = Outcome.ANSWERED
        course = Course(
            outcome=outcome,
            why=why,
            latency_ms=round((time.monotonic() - began) * 1000),
            calls=spent.calls,
            tokens_in=spent.tokens_in,
            tokens_out=spent.tokens_out,
            models=tuple(dict.fromkeys(spent.models)),
            failed=tuple(spent.failed),
            remark="dropped" if spoke else "",
        )
        event = answered(
            asked, session.ran, said, session.refused, course, self._settings,
            tenant=tenant_of(asked.chat, self._workspace.contracts, [r.arguments for r in session.ran]), prompt=self._prompts.hash,
        )  # fmt: skip
        log.info("model.asked outcome=%s calls=%d latency_ms=%d", outcome.value, spent.calls, course.latency_ms)
        return Told(outcome=outcome, answers=tuple(r.answer for r in said), event=event)

    async def _asked(
        self, asked: Asked, session: Session, spent: Any, skills: dict[str, Skill], handles: Handles | None
    ) -> tuple[Outcome, str, bool]:
        """How it ended, why if badly, and whether the model said something. What was run before a failure still counts."""
        question = asked.question if handles is None else handles.hide(asked.question)
        prompt = self._prompts.question(question=question, replied=asked.replied if handles is None else None)
        tools = [self._tools[name] for name in skills]
        try:
            async with asyncio.timeout(self._settings.seconds), self._places:
                own = await self._agent.ask(prompt, tools, session, spent)
        except TimeoutError:
            return Outcome.TIMEOUT, "timeout", False
        except self._library.FAILURES as e:
            return Outcome.FAILED, type(e).__name__, False
        return Outcome.NOTHING, "", bool(own.strip())

    def _hung(self, asked: Asked) -> bool:
        """The endpoint has just hung for this person, whose next questions waited for that: they do not wait once more each."""
        since = self._given_up.get(asked.person.id)
        if since is not None and time.monotonic() - since >= self._settings.seconds:
            del self._given_up[asked.person.id]
            since = None
        return since is not None

    async def close(self) -> None:
        """Let go of the endpoint."""
        if self._agent is not None:
            await self._agent.close()
            self._agent = None
