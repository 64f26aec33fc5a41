"""A CSV file as blocks of text cells: comma or tab, UTF-8 (with or without BOM) or GB 18030 as Chinese Excel writes it.

One line is one row: no cell may hold a line break, so an open quotation mark spoils its own line only and a line
number is what an editor shows. Knows nothing of what the columns mean.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from datasources.imports.problem import RowProblem, Wrong
from datasources.imports.sheet import LINE_BREAK, Block, Columns, Header, block_of, header_of
from domain.errors import SourceMalformed, SourceUnavailable

CHUNK = 1 << 20
SAVE_AS = "save it from Excel as 'CSV UTF-8'"
OTHERS = {
    b"PK\x03\x04": "an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
NOT_TEXT = Wrong(wrong="bytes that are neither UTF-8 nor GB 18030", instead="write the row anew as UTF-8")
LONE = ("\udc80", "\udcff")
"""What ``surrogateescape`` makes of bytes that are no UTF-8."""


class CsvSheet:
    """One open CSV file. ``notes``: what a person should know about how it is read; ``total``: its bytes."""

    def __init__(self, path: Path, columns: Columns, *, block_rows: int) -> None:
        """Raises SourceUnavailable (not readable) or SourceMalformed (no table, a column missing)."""
        try:
            self._bytes, self._file, self.notes = _opened(path)
            self.total = path.stat().st_size
            first = self._file.readline()
        except OSError as e:
            raise SourceUnavailable(f"{path.name!r}: {e.strerror}") from e
        self._delimiter = "\t" if "\t" in first else ","
        try:
            self.header: Header = header_of(path.name, self._row(first), columns)
        except (csv.Error, SourceMalformed) as e:
            self._file.close()
            raise SourceMalformed(str(e) if isinstance(e, SourceMalformed) else f"{path.name!r} line 1: {e}") from e
        if self.header.ignored:
            self.notes += (f"not read: {', '.join(self.header.ignored)}",)
        self._block_rows = block_rows

    def __iter__(self) -> Iterator[Block]:
        """The rows, so many lines at once. Raises SourceUnavailable when the disk fails underneath."""
        line = 2
        try:
            while texts := list(islice(self._file, self._block_rows)):
                yield self._block(line, texts)
                line += len(texts)
        except OSError as e:
            raise SourceUnavailable(f"{self._file.name!r}: {e.strerror}") from e

    def done(self) -> int:
        """About how many bytes have been read."""
        return min(self._bytes.tell(), self.total)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _block(self, line: int, texts: list[str]) -> Block:
        lines = range(line, line + len(texts))
        if self._file.errors != "strict":
            return self._one_by_one(lines, texts)
        if (plain := self._plain(lines, texts)) is not None:
            return plain
        try:
            rows = list(csv.reader(texts, delimiter=self._delimiter, strict=True))
        except csv.Error:
            rows = []
        if len(rows) != len(texts):
            return self._one_by_one(lines, texts)
        return block_of(self.header, lines, [row or [""] for row in rows], [])

    def _plain(self, lines: range, texts: list[str]) -> Block | None:
        """Rows without quotation marks, each with as many cells as the header: ten times faster than any reader."""
        width, mark = self.header.width, self._delimiter
        joined = "".join(texts)
        if '"' in joined or {text.count(mark) for text in texts} != {width - 1}:
            return None
        cells = joined.removesuffix("\n").replace("\n", mark).split(mark)
        columns = {name: cells[place::width] for name, place in self.header.places.items()}
        return Block(lines=lines, cells=columns) if "" not in cells[::width] else None

    def _one_by_one(self, lines: range, texts: list[str]) -> Block:
        good: list[int] = []
        rows: list[list[str]] = []
        broken: list[RowProblem] = []
        for line, text in zip(lines, texts, strict=True):
            try:
                row = self._row(text)
            except csv.Error:
                broken.append(LINE_BREAK.at(line, ""))
                continue
            if any(LONE[0] <= character <= LONE[1] for character in text):
                broken.append(NOT_TEXT.at(line, ""))
                continue
            good.append(line)
            rows.append(row or [""])
        return block_of(self.header, good, rows, broken)

    def _row(self, text: str) -> list[str]:
        return next(csv.reader([text], delimiter=self._delimiter, strict=True), [])


def _opened(path: Path) -> tuple[io.BufferedReader, io.TextIOWrapper, tuple[str, ...]]:
    """The file as bytes and as text, and what to say about its encoding. Raises SourceMalformed for what is no CSV."""
    with path.open("rb") as file:
        start = file.read(4)
    for magic, what in OTHERS.items():
        if start.startswith(magic):
            raise SourceMalformed(f"{path.name!r} is {what}: {SAVE_AS}")
    encoding, errors, notes = _encoding(path)
    raw = path.open("rb")
    return raw, io.TextIOWrapper(raw, encoding=encoding, errors=errors), notes


def _encoding(path: Path) -> tuple[str, str, tuple[str, ...]]:
    """How the whole file can be read, what to do with other bytes, and what to say about it."""
    if _reads(path, "utf-8"):
        return "utf-8-sig", "strict", ()
    if _reads(path, "gb18030"):
        return "gb18030", "strict", ("not UTF-8: read as GB 18030",)
    note = "neither UTF-8 nor GB 18030 throughout: read as UTF-8, rows with other bytes are bad"
    return "utf-8-sig", "surrogateescape", (note,)


def _reads(path: Path, encoding: str) -> bool:
    """The whole file is in this encoding; about a second per GB."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
