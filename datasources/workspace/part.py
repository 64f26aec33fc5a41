"""Trees → pydantic models, with every mistake at its line; what is sound stays usable when a neighbour is not.

A broken element is taken out of its list, a broken section out of its file, so that cross-checks go on over the rest.
Therefore the top level of each file's model is optional throughout and names what it needs in ``NEEDED``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from datasources.workspace.problem import Problem, Severity, suggestion
from datasources.workspace.secret import SECRET_KEYS, shown
from datasources.workspace.tree import Listing, Node, Scalar, Section

NODE = "\x00node"
NAMING_KEYS = ("id", "code", "no", "ref", "tank", "person", "kind", "name")
Key = str | int


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
            for key in data:
                if key not in known and key != NODE:
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


@dataclass(frozen=True, slots=True)
class Clerk:
    """Writes down the mistakes of one file."""

    file: str
    root: Section
    problems: list[Problem]

    def unknown(self, section: Section, key: str, known: list[str]) -> None:
        """A key that nobody reads, usually a misspelling."""
        variable = SECRET_KEYS.get(key.lower())
        instead = (
            f"delete it and set the environment variable {variable}"
            if variable
            else suggestion(key, known, add="delete it")
        )
        self.say(section, (key,), wrong="is an unknown key", instead=instead, severity="error")

    def missing(self, section: Section, key: str, remedy: str | None) -> None:
        """A key that must be there, or has no value."""
        instead = f"write '{key}: …', {remedy}" if remedy else f"write '{key}: …'"
        self.say(section, (key,), wrong="is missing or empty", instead=instead, severity="error")

    def say(self, start: Section, keys: tuple[Key, ...], *, wrong: str, instead: str, severity: Severity) -> None:
        """A problem at a place below ``start``, as far down as the file goes."""
        self.problems.append(
            Problem(
                file=self.file,
                line=_line(start, keys),
                where=_where(self.root, start, keys),
                wrong=wrong,
                instead=instead,
                severity=severity,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[P]):
    """One file as read: what is sound of it, and where to write down more mistakes."""

    part: P
    clerk: Clerk

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
    clerk = Clerk(file, root, problems)
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
    return Sheet(part=model.model_validate(data), clerk=clerk)


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


def _line(start: Section, keys: tuple[Key, ...]) -> int:
    node: Node = start
    line = start.line
    for key in keys:
        match node:
            case Section() if key in node.entries:
                line, node = node.key_lines[str(key)], node.entries[str(key)]
            case Listing() if isinstance(key, int) and key < len(node.items):
                node = node.items[key]
                line = node.line
            case _:
                break
    return line


def _where(root: Section, start: Section, keys: tuple[Key, ...]) -> str:
    """A path that a person recognises: tanks[T-107].heel_mm."""
    words = ""
    node: Node | None = root
    for key in (*(_path_to(root, start) or ()), *keys):
        if isinstance(key, int) and isinstance(node, Listing):
            node = node.items[key] if key < len(node.items) else None
            words += f"[{_name(node) or key + 1}]"
        else:
            node = node.entries.get(str(key)) if isinstance(node, Section) else None
            words += f".{key}" if words else str(key)
    return words


def _name(node: Node | None) -> str | None:
    if not isinstance(node, Section):
        return None
    named = (node.entries.get(key) for key in NAMING_KEYS)
    return next((n.text for n in named if isinstance(n, Scalar) and n.text), None)


def _path_to(node: Node, target: Section) -> tuple[Key, ...] | None:
    if node is target:
        return ()
    children: list[tuple[Key, Node]] = []
    if isinstance(node, Section):
        children = list(node.entries.items())
    elif isinstance(node, Listing):
        children = list(enumerate(node.items))
    for key, child in children:
        below = _path_to(child, target)
        if below is not None:
            return (key, *below)
    return None
