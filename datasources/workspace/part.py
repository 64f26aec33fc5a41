"""Trees → pydantic models, with every mistake at its line; what is sound stays usable when a neighbour is not.

A broken element is taken out of its list, a broken section out of its file, so that cross-checks go on over the rest.
Therefore the top level of each file's model is optional throughout and names what it needs in ``NEEDED``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from datasources.workspace.place import Clerk, Key, places_in
from datasources.workspace.problem import Problem
from datasources.workspace.secret import shown
from datasources.workspace.tree import Listing, Node, Scalar, Section

NODE = "\x00node"


class Part(BaseModel):
    """A block of key: value in a file; ``node`` is its place. Field descriptions are the remedies for missing keys."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    NEEDED: ClassVar[Mapping[str, str]] = {}

    node: Section = Field(alias="\x00node", repr=False)

    @model_validator(mode="before")
    @classmethod
    def _compare_keys(cls, data: Any, info: ValidationInfo) -> Any:
        """Tell of unknown and missing keys while both the place and the known names are at hand."""
        if isinstance(data, dict) and NODE in data and isinstance(info.context, Clerk):
            known = [name for name in cls.model_fields if name != "node"]
            for key in data[NODE].entries:
                if key not in known:
                    info.context.unknown(data[NODE], key, known)
            for key, field in cls.model_fields.items():
                if field.is_required() and key not in data and key != "node":
                    info.context.missing(data[NODE], key, field.description)
            for key, remedy in cls.NEEDED.items():
                if key not in data:
                    info.context.missing(data[NODE], key, remedy)
        return data


P = TypeVar("P", bound=Part)


def _without_node(value: Any) -> Any:
    return {k: v for k, v in value.items() if k != NODE} if isinstance(value, dict) else value


free_keys = BeforeValidator(_without_node)
"""For a block whose keys are not ours to name, such as tank ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[P]):
    """One file as read: what is sound of it, and where to write down more mistakes.

    broken: top-level keys below which something was taken out; what is not found there may only be misspelled.
    """

    part: P
    clerk: Clerk
    broken: frozenset[Key] = frozenset()

    @property
    def file(self) -> str:
        """The file's path in the workspace."""
        return self.clerk.file

    def declared(self, listing: str, key: str) -> set[str]:
        """What a list's elements call themselves in this file, broken elements included."""
        return declared(self.clerk.root, listing, key)

    def error(self, at: Part, *keys: Key, wrong: str, instead: str) -> None:
        """A mistake that keeps the bot from starting."""
        self.clerk.say(at.node, keys, wrong=wrong, instead=instead, severity="error")

    def warn(self, at: Part, *keys: Key, wrong: str, instead: str) -> None:
        """Something to look at."""
        self.clerk.say(at.node, keys, wrong=wrong, instead=instead, severity="warning")


def read(model: type[P], root: Section, file: str, problems: list[Problem]) -> Sheet[P]:
    """The sound part of a file as a model; every mistake found in it is added to ``problems``."""
    clerk = Clerk(file, root, problems, places_in(root))
    data = _plain(root)
    try:
        return Sheet(part=model.model_validate(data, context=clerk), clerk=clerk)
    except ValidationError as e:
        broken = set()
        for error in e.errors(include_url=False):
            broken.add(_smallest_loss(error["loc"]))
            if error["type"] != "missing":
                wrong, instead = _words(error)
                clerk.say(root, error["loc"], wrong=wrong, instead=instead, severity="error")
        for loc in _outermost_last_first(broken):
            _drop(data, loc)
    return Sheet(part=model.model_validate(data), clerk=clerk, broken=frozenset(loc[0] for loc in broken))


def declared(root: Section, listing: str, key: str) -> set[str]:
    """What a list's elements call themselves, broken elements included: their names are not unknown elsewhere."""
    items = root.entries.get(listing)
    sections = [i for i in items.items if isinstance(i, Section)] if isinstance(items, Listing) else []
    found = [section.entries.get(key) for section in sections]
    return {node.text for node in found if isinstance(node, Scalar) and node.text is not None}


def _plain(node: Node) -> Any:
    match node:
        case Scalar():
            return node.text
        case Listing():
            return [_plain(item) for item in node.items]
        case Section():
            values = {key: _plain(value) for key, value in node.entries.items()}
            return {NODE: node, **{key: value for key, value in values.items() if value is not None}}


def _smallest_loss(loc: tuple[Key, ...]) -> tuple[Key, ...]:
    """The deepest list element on the way to a mistake, else the file's section in which it lies."""
    deepest = max((i for i, key in enumerate(loc) if isinstance(key, int)), default=0)
    return loc[: deepest + 1]


def _outermost_last_first(broken: set[tuple[Key, ...]]) -> list[tuple[Key, ...]]:
    """Without those inside others, and in an order in which no deletion moves one still to come."""
    outermost = [loc for loc in broken if not any(loc[:n] in broken for n in range(1, len(loc)))]
    return sorted(outermost, key=lambda loc: tuple(-key if isinstance(key, int) else 0 for key in loc))


def _drop(data: Any, loc: tuple[Key, ...]) -> None:
    holder = data
    for key in loc[:-1]:
        holder = holder[key]
    holder.pop(loc[-1], None) if isinstance(holder, dict) else holder.pop(loc[-1])


def _words(error: Any) -> tuple[str, str]:
    match error["type"]:
        case "workspace":
            return error["ctx"]["wrong"], error["ctx"]["instead"]
        case "list_type" | "tuple_type":
            return "is not a list", "write [a, b], or one '- …' line for each"
        case "dict_type" | "model_type" | "model_attributes_type":
            given = f"{shown(error['input'])} " if isinstance(error["input"], str) else ""
            return f"{given}is not a block", "write indented 'key: value' lines"
        case _:
            return error["msg"], "see `xiaoliuzi init` for an example"
