"""A skill's parameters as a pydantic model: the JSON schema of its endpoint and tool, and the check of what comes in.

Values are typed by the parameter's kind; names of tanks, goods, sites, contracts and people may stand for ids.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from domain.contract import Line
from skills.skill import Parameter, Skill

Word = Annotated[str, Field(min_length=1, max_length=100)]
Words = Word | Annotated[list[Word], Field(min_length=1, max_length=50)]
Number = Annotated[str, Field(min_length=1, max_length=100, pattern="^[^,]+$")]
Numbers = Number | Annotated[list[Number], Field(min_length=1, max_length=50)]
Kg = Annotated[str, Field(pattern=r"^-?[0-9]{1,9}$")]
Kgs = Kg | Annotated[list[Kg], Field(min_length=1, max_length=2)]
Cny = Annotated[str, Field(pattern=r"^[0-9]{1,13}(\.[0-9]{1,2})?$")]
Percent = Annotated[str, Field(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,4})?$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class Span(BaseModel):
    """A stretch of time, both ends included."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)
    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]


SHAPES: Mapping[str, tuple[Any, str]] = {
    "contract": (Words, "id or name of a contract, or a list of them"),
    "tank": (Words, "id or name of a tank, or a list of them"),
    "good": (Words, "code or name of a good, or a list of them"),
    "site": (Words, "id or name of a site, or a list of them"),
    "person": (Words, "id or name of a member of the chat, or a list of them"),
    "receipt": (Numbers, "number of a warehouse receipt, or a list of them"),
    "alarm": (Numbers, "number of an alarm, e.g. AL-20260312-07, or a list of them"),
    "time": (AwareDatetime | Span, 'a moment, e.g. 2026-03-12T14:32:00+08:00, or {"from": …, "to": …}'),
    "mass": (Kgs, "whole kg as a string; what leaves is negative; two of them for a swap"),
    "money": (Cny, "CNY as a decimal string"),
    "percent": (Percent, "percent as a decimal string; a fall is negative"),
    "line": (Literal[*(line.value for line in Line)], "a line of the contract"),
    "text": (Text, "words as one would write them"),
}
"""By a parameter's kind: the type of its value, and what to write."""


@cache
def model_of(skill: Skill) -> type[BaseModel]:
    """The model of a skill's arguments. Fields that it does not have are refused."""
    fields: dict[str, Any] = {p.name: _field(p) for p in skill.parameters}
    return create_model(
        f"{skill.name}_arguments",
        __config__=ConfigDict(extra="forbid", strict=True, title=f"{skill.name} arguments"),
        __doc__=skill.purpose,
        **fields,
    )


def meant(parameter: Parameter) -> str:
    """What to write for this parameter."""
    if parameter.kind == "choice":
        return f"one of {', '.join(repr(value) for value, _ in parameter.choices)}"
    return _shape(parameter)[1]


def _field(parameter: Parameter) -> tuple[Any, Any]:
    about = " · ".join(part for part in (parameter.about, meant(parameter)) if part)
    if parameter.required:
        return _shape(parameter)[0], Field(description=about)
    return _shape(parameter)[0] | None, Field(default=None, description=about)


def _shape(parameter: Parameter) -> tuple[Any, str]:
    """Type and meaning. A kind that is not known yet is taken as words."""
    if parameter.kind == "choice":
        return Literal[*(value for value, _ in parameter.choices)], ""
    return SHAPES.get(parameter.kind, SHAPES["text"])


def several(value: object) -> list[str]:
    """One value or many, as many."""
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def ends(value: object) -> tuple[datetime, datetime]:
    """Both ends of a time; equal for a moment."""
    if isinstance(value, Span):
        return value.start, value.end
    assert isinstance(value, datetime)
    return value, value
