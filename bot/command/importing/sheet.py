"""A file to be imported, whatever it is: a CSV file, or a Parquet file read through the store, as blocks of cells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from datasources.imports.csv_file import CsvSheet
from datasources.imports.sheet import Block, Columns, Header, block_of, header_of
from domain.errors import SourceMalformed
from store.parquet import ParquetFile, is_parquet


class Sheet(Protocol):
    """An open file. ``total`` and ``done`` in one unit; ``notes``: what a person should know about how it is read."""

    header: Header
    notes: tuple[str, ...]
    total: int

    def __iter__(self) -> Iterator[Block]:
        """The rows, block by block."""

    def done(self) -> int:
        """How much has been read."""

    def close(self) -> None:
        """Close the file."""


class ParquetSheet:
    """A Parquet file; a row's line is its number, from 1."""

    def __init__(self, path: Path, columns: Columns, *, block_rows: int) -> None:
        """Raises SourceUnavailable or SourceMalformed."""
        self._file = ParquetFile(path)
        try:
            written = header_of(path.name, self._file.names, columns)
        except SourceMalformed:
            self._file.close()
            raise
        self._names = tuple(written.places)
        self.header = header_of(path.name, self._names, columns)
        self.notes: tuple[str, ...] = (f"not read: {', '.join(written.ignored)}",) if written.ignored else ()
        self.total = self._file.rows
        self._block_rows = block_rows
        self._done = 0

    def __iter__(self) -> Iterator[Block]:
        """The rows, so many at once. Raises SourceMalformed where the file is damaged."""
        for rows in self._file.blocks(self._names, self._block_rows):
            lines = range(self._done + 1, self._done + len(rows) + 1)
            self._done += len(rows)
            yield block_of(self.header, lines, rows, [])

    def done(self) -> int:
        """How many rows have been read."""
        return self._done

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def opened(path: Path, columns: Columns, *, block_rows: int) -> Sheet:
    """The file, known by what it is and not by its name. Raises SourceUnavailable or SourceMalformed."""
    sheet = ParquetSheet if is_parquet(path) else CsvSheet
    return sheet(path, columns, block_rows=block_rows)
