"""Empty store files at today's schema: migrated once per test run, then copied; what a new workspace has after a start."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from store.ledger import Ledger
from store.series import Series


def lay_out(directory: Path) -> None:
    """Put both files where the bot opens them, unless they are there already (a restart)."""
    for name, content in _migrated().items():
        if not (directory / name).exists():
            (directory / name).write_bytes(content)


@cache
def _migrated() -> dict[str, bytes]:
    with TemporaryDirectory() as made:
        ledger, series = Path(made, "ledger.duckdb"), Path(made, "series.duckdb")
        Ledger.open(ledger, memory_limit="128MB").close()
        Series.open(series).close()
        return {file.name: file.read_bytes() for file in (ledger, series)}
