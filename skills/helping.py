"""你能干啥: what may be asked here, made from the other skills' declarations."""

from collections.abc import Mapping, Sequence
from itertools import islice

from domain.contract import Field
from domain.event import Json
from domain.people import LENDER_ROLES, Audience, Role
from skills.ports import View
from skills.skill import Answer, Parameter, Skill, Status

SHOWN = 4
"""So many questions are shown as examples: the brief help fits a phone."""


CALLED = 3
"""So many, where nothing but the bot's name was said."""
TANK = "T-107"
"""The tank of the examples."""


def help_of(skills: Sequence[Skill]) -> Skill:
    """The help skill over these others; each person is shown what their role may use."""

    def run(view: View, arguments: Mapping[str, str]) -> Answer:
        if view.chat is not None and view.chat.audience is Audience.OPERATORS:
            return Answer(status=Status.OK, kind="help_operators", facts={})
        role = view.actor.role if view.actor is not None else None
        mine = [s for s in skills if role in s.roles]
        if arguments.get("what") == "call":
            return Answer(status=Status.OK, kind="help_call", facts={"examples": _fitting(view, mine)})
        facts: Json = {
            "brief": arguments.get("what") != "all",
            "skills": [_row(s) for s in mine],
            "asks": [s.command for s in mine if not _acts(s)],
            "acts": [s.command for s in mine if _acts(s)],
            "examples": [s.examples[0] for s in mine if not _acts(s)][:SHOWN],
            "lender": role in LENDER_ROLES,
        }
        return Answer(status=Status.OK, kind="help", facts=facts)

    return Skill(
        name="help",
        command="help",
        purpose="能问什么",
        examples=(
            "你能干啥",
            "怎么用",
            "帮助",
            "能问你什么",
            "有哪些功能",
            "有什么功能",
            "有哪些命令",
            "使用说明",
            "说明书",
            "怎么用你",
            "有哪些命令可以用",
            "你会什么",
            "你是谁",
            "可以查什么",
            "能查些什么",
        ),
        roles=frozenset(Role),
        run=run,
        parameters=(
            Parameter(name="what", kind="choice", about="全部:逐条说明", choices=(("all", ("全部", "详细", "逐条")),)),
        ),
        aliases=("帮助",),
    )


def _fitting(view: View, skills: Sequence[Skill]) -> list[str]:
    """The first questions that are answered here, of a tank that is there; a depot's person is shown one of theirs."""
    tanks = [t for c in view.contracts() if Field.QUANTITY in view.may(c.id) for t in c.tank_ids()]
    tank = next((t for t in tanks if view.runs(t)), None)
    asked = [s.examples[0] for s in skills if not _acts(s)]
    fits = (e.replace(TANK, tank or "") for e in asked if tank is not None or TANK not in e)
    return list(islice(fits, CALLED))


def _row(skill: Skill) -> Json:
    return {"command": skill.command, "purpose": skill.purpose, "example": skill.examples[0]}


def _acts(skill: Skill) -> bool:
    """It proposes something, and tells nothing by itself."""
    return any(i.startswith("a_") for i in skill.intents) or skill.name == "bring"
