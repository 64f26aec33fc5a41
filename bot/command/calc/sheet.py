"""A batch's file: read as text, so that what is not ours comes out as it went in; never executed, never interpreted."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Final, Self

from domain.errors import SourceMalformed

CHUNK: Final = 50_000
"""Rows computed at once: enough for numpy, little memory."""
_DELIMITERS: Final = (",", "\t", ";")
_LARGEST_CELL: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file with a header. places: parameter → its column."""

    header: tuple[str, ...]
    places: Mapping[str, int]
    delimiter: str
    text: str

    @classmethod
    def read(cls, raw: bytes, names: Mapping[str, str], where: str) -> Self:
        """The sheet in these bytes. names: accepted column → parameter.

        Raises SourceMalformed for what is not UTF-8 or not CSV, has no column of ours, or has one of them twice.
        """
        csv.field_size_limit(_LARGEST_CELL)
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as e:
            raise SourceMalformed(f"{where}: byte {e.start} is not UTF-8; save the file as CSV UTF-8") from e
        headers = [(_header(text, delimiter, where), delimiter) for delimiter in _DELIMITERS]
        header, delimiter = max(headers, key=lambda h: (sum(named(c) in names for c in h[0]), len(h[0])))
        if not header:
            raise SourceMalformed(f"{where}: is empty; the first line names the columns")
        places = _places(header, names, where)
        _demand_closed_quotes(text, delimiter, where)
        return cls(header=tuple(header), places=places, delimiter=delimiter, text=text)

    def chunks(self, size: int = CHUNK) -> Iterator[list[list[str]]]:
        """The rows, some at a time, without empty lines."""
        rows = filter(None, islice(_reader(self.text, self.delimiter), 1, None))
        while chunk := list(islice(rows, size)):
            yield chunk


def named(cell: str) -> str:
    """A header's cell as a parameter is named: no case, no leading dashes, - and space as _."""
    return cell.strip().lower().lstrip("-").replace("-", "_").replace(" ", "_")


def squared(rows: list[list[str]], width: int) -> tuple[list[list[str]], dict[int, str]]:
    """Rows of the header's width, and the problems of those that had more cells: then no cell is where it seems."""
    problems: dict[int, str] = {}
    if set(map(len, rows)) <= {width}:
        return rows, problems
    found = []
    for i, row in enumerate(rows):
        if any(cell.strip() for cell in row[width:]):
            problems[i] = f"row has {len(row)} cells, the header {width}; quote a value that contains the separator"
        found.append((row + [""] * (width - len(row)))[:width])
    return found, problems


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _header(text: str, delimiter: str, where: str) -> list[str]:
    try:
        return next(_reader(text, delimiter), [])
    except csv.Error as e:
        raise SourceMalformed(f"{where}: header: {e}") from e


def _places(header: Sequence[str], names: Mapping[str, str], where: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for i, cell in enumerate(header):
        name = names.get(named(cell))
        if name is None:
            continue
        if name in places:
            raise SourceMalformed(f"{where}: columns {header[places[name]]!r} and {cell!r} both say {name}; keep one")
        places[name] = i
    if not places:
        raise SourceMalformed(f"{where}: no column is named as a flag; there are {', '.join(sorted(names))}")
    return places


def _demand_closed_quotes(text: str, delimiter: str, where: str) -> None:
    """An open quote would swallow all rows below it; it is found before anything is written."""
    if '"' not in text:
        return
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error as e:
        raise SourceMalformed(f"{where}: line {reader.line_num}: {e}") from e
