"""Skills as tools: the name, the purpose and a typed schema of words. No example sentence, no figure, no name of anybody."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from domain.event import Json
from domain.people import Role
from skills.skill import Parameter, Skill

Cleared = Callable[[str], str]
ACTION = "a_"
"""Skills whose names begin so propose something that a person then presses."""
REFUSAL = "r_"
"""Skills whose names begin so refuse something."""
NEVER = frozenset({"smalltalk"})
"""Skills that answer no question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """What a model is told of one skill. schema: JSON Schema of its arguments, every one a text."""

    name: str
    about: str
    schema: Json


def offered(skills: Iterable[Skill], role: Role, near: Container[str]) -> dict[str, Skill]:
    """The skills that this role may use, by name; to propose a deed or to refuse only what the words alone came near to.

    Neither has an echo in the question: nothing else would hold a model off them.
    """
    return {s.name: s for s in skills if role in s.roles and s.name not in NEVER and (_answers(s) or s.name in near)}


def _answers(skill: Skill) -> bool:
    return not skill.name.startswith((ACTION, REFUSAL))


def proposes(skill: Skill) -> bool:
    """Whether the skill leads to a deed, by its name; what an answer requests is looked at besides."""
    return skill.name.startswith(ACTION)


def tool_of(skill: Skill, cleared: Cleared = str) -> Tool:
    """The tool of a skill. cleared: takes out of our own words what an endpoint may not read."""
    schema: Json = {
        "type": "object",
        "properties": {p.name: _property(p, cleared) for p in skill.parameters},
        "required": [p.name for p in skill.parameters if p.required],
        "additionalProperties": False,
    }
    return Tool(name=skill.name, about=cleared(skill.purpose), schema=schema)


def _property(parameter: Parameter, cleared: Cleared) -> Json:
    if parameter.kind == "choice":
        values = [v for v, _ in parameter.choices]
        said = "; ".join(f"{v}: {'/'.join(words)}" for v, words in parameter.choices)
        return {"type": "string", "enum": values, "description": cleared(f"{parameter.about} ({said})")}
    return {"type": "string", "description": cleared(parameter.about or parameter.kind)}
