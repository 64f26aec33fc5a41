"""One DuckDB file in the hands of this process: a single writer, readers beside it, DuckDB's errors translated.

Threads: ``transaction`` and ``checkpoint`` may be called from any thread, one at a time (a lock sees to it; the bot
gives each file one writer thread). ``reading`` may be called from any thread at any time, also while a transaction
runs: each reader sees the last commit before its statement began.
"""

import json
import re
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import duckdb
from duckdb import DuckDBPyConnection

from domain.errors import StoreBroken, StoreError, StoreFull, StoreLocked
from store.migrations import Kind, migrate

SETTINGS: Mapping[str, str | bool | int | float | list[str]] = {
    # A commit that passes the threshold checkpoints inside the commit: with 1 MB the p99 of a commit rose from 53 to
    # 579 ms and the worst from 160 to 2 937 ms (3 000 commits, busy machine). So only ``checkpoint`` does it.
    "wal_autocheckpoint": "1TB",
    # Older formats, DuckDB's default, do not compress DOUBLE columns in small blocks: 28 bytes per reading, not 9.
    "storage_compatibility_version": "v1.5.0",
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # Reading the newest row's other columns in a second look pays for wide rows; ours are narrow: planning it doubled the
    # time of "the newest answer" (1.6 and 0.8 ms in a new file, 5.5 and 4.7 ms of 200 000).
    "late_materialization_max_rows": "0",
    "python_enable_replacements": "false",  # a statement means the file's tables, never a variable of ours by that name
}
THREADS: Mapping[Kind, Mapping[str, int]] = {"ledger": {"threads": 1}, "series": {}}
"""The ledger's statements touch few rows: a second thread costs them a third more time than it saves (20 commits with a look at
the newest each: 13–16 ms with one, 21 ms with two, 35 ms with four)."""
FULL = re.compile(r"No space left on device|File too large|Disk quota exceeded")
LOCKED = re.compile(r"Could not set lock on file")
HOLDER = re.compile(r"held in (.*?\(PID \d+\))")
BROKEN = re.compile(r"not a valid DuckDB database file|Corrupt database file|version number", re.IGNORECASE)

# DuckDB's binding looks for pandas twice per value of a parameter, and where there is none anew each time (0.15 ms and
# more): a third of a commit. Python itself remembers a module that is known to be missing.
if "pandas" not in sys.modules and find_spec("pandas") is None:
    sys.modules["pandas"] = None  # type: ignore[assignment]

_open_here: set[str] = set()
_open_guard = threading.Lock()


class Database:
    """An open store file."""

    def __init__(self, name: str, connection: DuckDBPyConnection) -> None:
        """name: the resolved path, or ':memory:'. Use ``open``."""
        self._name = name
        self._connection = connection
        self._writing = threading.Lock()

    @classmethod
    def open(cls, path: Path | str, kind: Kind, *, memory_limit: str, block_bytes: int = 262_144) -> Self:
        """Open or create the file and bring it to today's schema; ':memory:' for one that is forgotten.

        block_bytes: of a new file, a power of two from 16 384 to 262 144. Raises StoreLocked, StoreBroken, StoreFull,
        StoreError.
        """
        name = ":memory:" if str(path) == ":memory:" else str(Path(path).resolve())
        _claim(name)
        try:
            with _translated(name):
                settings = {
                    **SETTINGS, "memory_limit": memory_limit, "default_block_size": str(block_bytes), **THREADS[kind],
                }  # fmt: skip
                connection = duckdb.connect(name, config=settings)
                try:
                    migrate(connection, kind, name)
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            _release(name)
            raise
        return cls(name, connection)

    @contextmanager
    def transaction(self) -> Iterator[DuckDBPyConnection]:
        """All or nothing: committed and on the disk when the block ends, rolled back when it raises.

        Raises StoreFull with nothing committed, StoreError otherwise.
        """
        with self._writing, _translated(self._name):
            self._connection.begin()
            try:
                yield self._connection
                self._connection.commit()
            except BaseException:
                with suppress(duckdb.Error):  # a failed commit has rolled back by itself
                    self._connection.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[DuckDBPyConnection]:
        """A reader of its own, closed at the end of the block. Raises StoreError."""
        with _translated(self._name):
            cursor = self._connection.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    def checkpoint(self) -> None:
        """Move the log into the file. Commits wait meanwhile (about 0.1 s per 10 MB of log): call it when idle."""
        with self._writing, _translated(self._name):
            self._connection.checkpoint()

    def log_bytes(self) -> int:
        """Size of the log that the next ``checkpoint`` will move, and that a start after a crash has to replay."""
        log_file = Path(f"{self._name}.wal")
        return log_file.stat().st_size if log_file.exists() else 0

    def close(self) -> None:
        """Close the file, its log moved into it where the disk allows. A second close does nothing."""
        with self._writing:
            self._connection.close()
            _release(self._name)


def rows(cursor: DuckDBPyConnection, at_most: int | None = None) -> list[dict[str, Any]]:
    """The rows of the statement just run, by column name: all, or the next so many."""
    names = [column[0] for column in cursor.description or []]
    found = cursor.fetchall() if at_most is None else cursor.fetchmany(at_most)
    return [dict(zip(names, row, strict=True)) for row in found]


def as_json(values: Sequence[object]) -> str:
    """Many values, or rows of values, as one parameter; times as the store keeps them.

    DuckDB's binding turns each value of a parameter into one of its own, also inside a list: slow for the debts of 200
    alarms.
    """
    return json.dumps(values, ensure_ascii=False, default=datetime.isoformat)


def _claim(name: str) -> None:
    """DuckDB shares one file between connections of a process: two owners would fork the chain. Raises StoreLocked."""
    with _open_guard:
        if name in _open_here:
            raise StoreLocked(f"{name!r} is open in this process already: use that one")
        if name != ":memory:":
            _open_here.add(name)


def _release(name: str) -> None:
    with _open_guard:
        _open_here.discard(name)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """DuckDB's errors as ours; it tells them apart by their text only."""
    try:
        yield
    except duckdb.Error as e:
        said = str(e)
        if LOCKED.search(said):
            holder = HOLDER.search(said)
            raise StoreLocked(
                f"{name!r} is held by {holder[1] if holder else 'another process'}: stop that process, or let it answer "
                f"(a running bot serves the command line through the address in its run.json)"
            ) from e
        if FULL.search(said):
            raise StoreFull(f"no space for {name!r}, nothing was committed: free some and start again ({said})") from e
        if BROKEN.search(said):
            raise StoreBroken(f"{name!r} cannot be read: restore it from the last backup ({said})") from e
        raise StoreError(f"{name!r}: {said}") from e
