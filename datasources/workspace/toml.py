"""``xiaoliuzi.toml`` → the same kind of tree as the YAML files, with the line of every key."""

import re
import tomllib
from decimal import Decimal
from typing import Any

from datasources.workspace.tree import Listing, Node, Scalar, Section, TreeError

_HEADER = re.compile(r"\s*\[(\[)?\s*([A-Za-z0-9_.\-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=\s*")
Path = tuple[str | int, ...]


def toml_tree(text: str) -> Section:
    """The tree of a TOML text. Raises TreeError with the line that the parser names."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as e:
        found = re.search(r"line (\d+)", str(e))
        line = int(found[1]) if found else text.count("\n") + 1
        said = re.sub(r" \(at .*\)", "", str(e))
        raise TreeError(line, f"is not TOML: {said}", "write key = value; texts in double quotes") from e
    return _section(data, (), key_lines(text), 1)


def key_lines(text: str) -> dict[Path, int]:
    """Lines (from 1) of headers and keys, by path; the n-th [[table]] has n (from 0) in its path."""
    lines: dict[Path, int] = {}
    here: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            here = tuple(header[2].split("."))
            if header[1]:
                nth = counts[here] = counts.get(here, -1) + 1
                lines.setdefault(here, number)
                here = (*here, nth)
            for depth in range(1, len(here) + 1):
                lines.setdefault(here[:depth], number)
        elif key := _KEY.match(line):
            lines.setdefault((*here, key[1]), number)
    return lines


def _node(value: Any, path: Path, lines: dict[Path, int], line: int) -> Node:
    line = lines.get(path, line)
    match value:
        case dict():
            return _section(value, path, lines, line)
        case list():
            return Listing([_node(v, (*path, i), lines, line) for i, v in enumerate(value)], line)
        case bool():
            return Scalar("true" if value else "false", line, 0, 0)
        case _:
            return Scalar(str(value), line, 0, 0)


def _section(data: dict[str, Any], path: Path, lines: dict[Path, int], line: int) -> Section:
    entries = {key: _node(value, (*path, key), lines, line) for key, value in data.items()}
    key_at = {key: lines.get((*path, key), line) for key in data}
    return Section(entries, key_at, line)
