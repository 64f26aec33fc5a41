"""YAML text → a tree that remembers lines and exact spelling, so that 0.10 stays 0.10 and mistakes have a place.

Scalars stay text: no float, no date, no yes/no is guessed here. Aliases, tags and further documents are refused,
depth and size are bounded: a file cannot grow in memory beyond what was written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_DEPTH = 16
KEPT = 32
"""Trees kept: reading them is most of loading a workspace, and one of then has mostly today's files (``bot.past``)."""
EMPTY = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A value as written; None for an empty one. ``start`` and ``end`` are its place in the text, in characters."""

    text: str | None
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list."""

    items: list["Node"]
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A block of key: value. ``key_lines``: where each key stands."""

    entries: dict[str, "Node"]
    key_lines: dict[str, int]
    line: int


Node = Scalar | Listing | Section


@dataclass(frozen=True, slots=True)
class Repeat:
    """A key that was written before in the same block; the first one is kept."""

    key: str
    line: int
    first_line: int


class TreeError(ValueError):
    """The text is not a tree that we accept: the line, what is wrong and what to write instead."""

    def __init__(self, line: int, wrong: str, instead: str) -> None:
        super().__init__(f"line {line}: {wrong}; {instead}")
        self.line, self.wrong, self.instead = line, wrong, instead


def yaml_tree(text: str) -> tuple[Section, list[Repeat]]:
    """The tree of a YAML document whose top is a block of key: value; nobody changes it. Raises TreeError at the first bad line."""
    top, repeats = _parsed(text)
    return top, list(repeats)


@lru_cache(maxsize=KEPT)
def _parsed(text: str) -> tuple[Section, tuple[Repeat, ...]]:
    repeats: list[Repeat] = []
    try:
        events = YAML(typ="safe", pure=True).parse(text)
        top = _document(events, repeats)
    except MarkedYAMLError as e:
        raise _syntax(e) from e
    except ReaderError as e:
        line = text.count("\n", 0, e.position) + 1
        raise TreeError(line, "contains a character that YAML forbids", "delete the control character") from e
    except YAMLError as e:
        raise TreeError(1, f"is not YAML: {e}", "write key: value lines") from e
    return top, tuple(repeats)


def _document(events: Iterator[Any], repeats: list[Repeat]) -> Section:
    top: Section | None = None
    for event in events:
        match event:
            case DocumentStartEvent() if top is not None:
                _refuse(event, "has a second document after '---'", "keep one document per file")
            case MappingStartEvent():
                top = _section(event, events, repeats, depth=1)
            case ScalarEvent() | SequenceStartEvent():
                _refuse(event, "is not a block of key: value", "begin with a key, for example 'goods:'")
            case StreamEndEvent():
                break
    if top is None:
        raise TreeError(1, "is empty", "write the file's keys; `xiaoliuzi init` shows an example")
    return top


def _node(event: Any, events: Iterator[Any], repeats: list[Repeat], depth: int) -> Node:
    if depth > MAX_DEPTH:
        _refuse(event, f"is nested deeper than {MAX_DEPTH} levels", "write it flatter")
    if isinstance(event, AliasEvent):
        _refuse(event, f"uses the YAML alias *{event.anchor}", "write the value out; aliases are not read here")
    tag = getattr(event, "tag", None)
    if tag is not None and str(tag) != "!":
        _refuse(event, f"uses the YAML tag {tag}", "delete the tag")
    match event:
        case MappingStartEvent():
            return _section(event, events, repeats, depth)
        case SequenceStartEvent():
            return _listing(event, events, repeats, depth)
        case _:
            return _scalar(event)


def _scalar(event: Any) -> Scalar:
    empty = event.style is None and event.value in EMPTY
    start, end = event.start_mark, event.end_mark
    return Scalar(None if empty else event.value, start.line + 1, start.index, end.index)


def _listing(opening: Any, events: Iterator[Any], repeats: list[Repeat], depth: int) -> Listing:
    items: list[Node] = []
    for event in events:
        if isinstance(event, SequenceEndEvent):
            break
        items.append(_node(event, events, repeats, depth + 1))
    return Listing(items, opening.start_mark.line + 1)


def _section(opening: Any, events: Iterator[Any], repeats: list[Repeat], depth: int) -> Section:
    section = Section({}, {}, opening.start_mark.line + 1)
    for event in events:
        if isinstance(event, MappingEndEvent):
            break
        if not isinstance(event, ScalarEvent):
            _refuse(event, "has a list or block as key", "write a plain word before the colon")
        key, line = event.value, event.start_mark.line + 1
        value = _node(next(events), events, repeats, depth + 1)
        if key in section.entries:
            repeats.append(Repeat(key, line, section.key_lines[key]))
        else:
            section.entries[key] = value
            section.key_lines[key] = line
    return section


def _refuse(event: Any, wrong: str, instead: str) -> NoReturn:
    raise TreeError(event.start_mark.line + 1, wrong, instead)


def _syntax(error: MarkedYAMLError) -> TreeError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    said = error.problem or error.context or "cannot be read"
    if "\\t" in said:
        return TreeError(line, "is indented with a tab", "indent with spaces")
    if "',' or" in said:
        return TreeError(line, f"is not YAML: {said}", "close the bracket or add a comma, here or in the line above")
    if "':'" in said or "mapping values" in said:
        return TreeError(line, f"is not YAML: {said}", "write 'key: value' with an ASCII colon and a space (not ：)")
    return TreeError(line, f"is not YAML: {said}", "check quotes, brackets and indentation at and above this line")
