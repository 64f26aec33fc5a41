"""你能干啥: what may be asked here, made from the other skills' declarations."""

from collections.abc import Mapping, Sequence

from domain.event import Json
from domain.people import LENDER_ROLES, Role
from skills.ports import View
from skills.skill import Answer, Skill, Status


def help_of(skills: Sequence[Skill]) -> Skill:
    """The help skill over these others; each person is shown what their role may use."""

    def run(view: View, arguments: Mapping[str, str]) -> Answer:
        del arguments
        role = view.actor.role if view.actor is not None else None
        facts: Json = {"skills": [_row(s) for s in skills if role in s.roles], "lender": role in LENDER_ROLES}
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
        aliases=("帮助",),
    )


def _row(skill: Skill) -> Json:
    return {"command": skill.command, "purpose": skill.purpose, "example": skill.examples[0]}
