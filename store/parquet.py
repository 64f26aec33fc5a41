"""A Parquet file as rows of texts, block by block: DuckDB reads it, everything else happens as with CSV.

Texts are exact: a double is written so that it reads back as the same one, a decimal keeps its digits. A time with a
zone comes as UTC with its offset, one without as it stands.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from domain.errors import SourceMalformed, SourceUnavailable

MEMORY_LIMIT = "512MB"


class ParquetFile:
    """One open Parquet file. ``names``: its columns; ``rows``: how many rows it has."""

    def __init__(self, path: Path) -> None:
        """Raises SourceUnavailable (not readable) or SourceMalformed (no Parquet, or damaged)."""
        self._name = path.name
        self._connection = duckdb.connect(":memory:", config={"memory_limit": MEMORY_LIMIT})
        try:
            self._table = self._connection.read_parquet(str(path))
            self.names = tuple(self._table.columns)
            self.rows = int((self._table.count("*").fetchone() or (0,))[0])
        except duckdb.IOException as e:
            self._connection.close()
            raise SourceUnavailable(f"{path.name!r}: {e}") from e
        except duckdb.Error as e:
            self._connection.close()
            raise SourceMalformed(f"{path.name!r}: not readable as Parquet ({e})") from e

    def blocks(self, names: tuple[str, ...], block_rows: int) -> Iterator[list[tuple[str, ...]]]:
        """The cells of these columns, '' for a null. Raises SourceMalformed where the file is damaged."""
        text, blank = duckdb.sqltypes.VARCHAR, duckdb.ConstantExpression("")
        cells = [duckdb.CoalesceOperator(duckdb.ColumnExpression(name).cast(text), blank).alias(name) for name in names]
        try:
            found = self._table.select(*cells)
            while block := found.fetchmany(block_rows):
                yield block
        except duckdb.Error as e:
            raise SourceMalformed(f"{self._name!r}: damaged ({e})") from e

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def is_parquet(path: Path) -> bool:
    """The file says so in its first bytes. Raises SourceUnavailable when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError as e:
        raise SourceUnavailable(f"{path.name!r}: {e.strerror}") from e
