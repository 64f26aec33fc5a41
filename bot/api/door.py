"""What a machine may do once it is in: run a skill, ask in words, follow alarms. One door for HTTP, MCP and stdio.

Nothing here changes anything: a skill is pure, and what it would change is only proposed; it is filed in the chat.
"""

import logging
import time
from http import HTTPStatus

from bot.api.arguments import Known, arguments, checked
from bot.api.at_once import AtOnce
from bot.api.following import page
from bot.api.gate import Access, Gate
from bot.api.parameters import model_of
from bot.api.ports import Inside
from bot.api.problem import Problem, problem
from bot.api.replies import (
    AlarmsReply,
    AnswerReply,
    AskBody,
    AskReply,
    FigureReply,
    ProposalReply,
)
from domain.event import Json, stamp
from skills.skill import Answer, Skill, Status

log = logging.getLogger(__name__)

REFUSALS = frozenset({Status.NOT_PERMITTED, Status.REFUSED})


def proposes(skill: Skill) -> bool:
    """Whether this skill would change something: intents of actions are named a_…, 补货 is the one without such a name."""
    return skill.name == "bring" or any(name.startswith("a_") for name in (skill.name, *skill.answers))


class Door:
    """Serves requests of somebody who was admitted."""

    def __init__(self, inside: Inside, gate: Gate) -> None:
        self.inside, self.gate = inside, gate
        self._at_once = AtOnce()

    def skill(self, name: str) -> Skill | Problem:
        """The skill of this name."""
        found = next((s for s in self.inside.skills() if s.name == name), None)
        if found is not None:
            return found
        names = ", ".join(s.name for s in self.inside.skills())
        return problem(
            HTTPStatus.NOT_FOUND,
            "no_skill",
            place="",
            detail=f"no skill {name[:100]!r}",
            remedy=f"there are {names}; GET /api/openapi.json describes them",
        )

    async def run(self, access: Access, skill: Skill, body: bytes) -> AnswerReply | Problem:
        """A skill's answer to the JSON arguments in ``body``. Raises StoreError."""
        with self._at_once.one(access.token.id) as busy:
            return await self._busy(busy, f"skills/{skill.name}", access) or await self._run(access, skill, body)

    async def _busy(self, busy: Problem | None, what: str, access: Access) -> Problem | None:
        """Too many at once is a refusal like any other."""
        if busy is not None:
            await self.gate.refusals.tell(busy.code, what, access.token)
        return busy

    async def _run(self, access: Access, skill: Skill, body: bytes) -> AnswerReply | Problem:
        started, now = time.perf_counter(), self.inside.now()
        values = checked(skill, body)
        if isinstance(values, Problem):
            return values
        view = self.inside.view(access.person, access.chat)
        given = arguments(skill, values, Known.of(view, self.inside.roster))
        if isinstance(given, Problem):
            return given
        try:
            answer, text = await self.inside.run(skill, given, access.person, access.chat)
        except (ArithmeticError, LookupError, ValueError) as e:
            log.error("api.skill_failed skill=%s why=%s", skill.name, type(e).__name__)  # noqa: TRY400 - its text names ids
            return _not_together(skill)
        if answer.status in REFUSALS:
            await self.gate.refusals.tell(answer.status.value, f"skills/{skill.name}", access.token)
        return _reply(skill, answer, text, access, asked_at=stamp(now), started=started)

    async def ask(self, access: Access, body: AskBody) -> AskReply | Problem:
        """The answer to a question in plain words. Raises StoreError."""
        with self._at_once.one(access.token.id) as busy:
            return await self._busy(busy, "ask", access) or await self._ask(access, body)

    async def _ask(self, access: Access, body: AskBody) -> AskReply:
        said = await self.inside.ask(body.question, body.after, access.person, access.chat)
        reply = AskReply.model_validate(
            {"intents": [], **{k: v for k, v in said.items() if k in AskReply.model_fields}}, strict=False
        )
        if reply.status in REFUSALS:
            await self.gate.refusals.tell(reply.status, "ask", access.token)
        return reply

    async def alarms(self, access: Access, query: dict[str, str]) -> AlarmsReply | Problem:
        """A page of alarms. Raises StoreError."""
        with self._at_once.one(access.token.id) as busy:
            found = await self._busy(busy, "alarms", access) or await page(self.inside, access, query)
        if isinstance(found, Problem) and found.status is HTTPStatus.FORBIDDEN:
            await self.gate.refusals.tell(found.code, "alarms", access.token)
        return found

    def tools(self, access: Access) -> list[Json]:
        """The questions that this person may ask, as tools: name, title, description, input_schema, output_schema."""
        mine = (s for s in self.inside.skills() if access.person.role in s.roles and not proposes(s))
        return [_tool(skill) for skill in mine]

    async def call(self, access: Access, name: str, body: bytes) -> AnswerReply | Problem:
        """A tool's answer. What would change something is no tool. Raises StoreError."""
        skill = self.skill(name)
        if isinstance(skill, Problem):
            return skill
        if proposes(skill):
            return problem(
                HTTPStatus.FORBIDDEN,
                "not_a_tool",
                place="",
                detail=f"{skill.name} would change something",
                remedy=f"ask for it in the chat {access.chat.name!r}; a person of the right role confirms it there",
            )
        return await self.run(access, skill, body)


def _tool(skill: Skill) -> Json:
    return {
        "name": skill.name,
        "title": skill.purpose,
        "description": f"{skill.purpose}。例:{' / '.join(skill.examples[:3])}",
        "input_schema": model_of(skill).model_json_schema(by_alias=True),
        "output_schema": AnswerReply.model_json_schema(mode="serialization"),
    }


def _reply(skill: Skill, answer: Answer, text: str, access: Access, *, asked_at: str, started: float) -> AnswerReply:
    times = [f.as_of for f in answer.figures if f.as_of is not None]
    only = proposes(skill) or answer.request is not None
    remedy = f"ask for it in the chat {access.chat.name!r}: a person of the right role files and confirms it there"
    return AnswerReply(
        skill=skill.name,
        status=answer.status,
        kind=answer.kind,
        text=text,
        figures=[FigureReply(name=f.name, value=f.value, unit=f.unit, as_of=f.as_of) for f in answer.figures],
        as_of=min(times, default=None),
        asked_at=asked_at,
        latency_ms=round((time.perf_counter() - started) * 1000, 1),
        proposal=ProposalReply(chat=access.chat.id, remedy=remedy) if only else None,
    )


def _not_together(skill: Skill) -> Problem:
    return problem(
        HTTPStatus.CONFLICT,
        "conflict",
        place="",
        detail="these arguments do not go together",
        remedy=f"ask one thing at a time, e.g. as in {skill.examples[0]!r}",
    )
