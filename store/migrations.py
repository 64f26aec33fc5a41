"""Brings a store file to this program's schema, by numbered steps that are never edited once they have shipped."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from duckdb import CatalogException, DuckDBPyConnection

from domain.errors import StoreBroken
from store.queries import queries

SQL = queries("migrations.sql")
Kind = Literal["ledger", "series"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step: its number, its file's name, and its statements."""

    no: int
    name: str
    sql: str


def migrations(kind: Kind) -> list[Migration]:
    """The steps of this kind of file, from 1 on without a gap. Raises ValueError for a gap."""
    folder = files("store").joinpath("sql", kind, "migrations")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    steps = [Migration(no=int(f.name[:4]), name=f.name, sql=f.read_text("utf-8")) for f in found]
    if [s.no for s in steps] != list(range(1, len(steps) + 1)):
        raise ValueError(f"migrations of the {kind} have a gap: {[s.name for s in steps]}")
    return steps


def migrate(connection: DuckDBPyConnection, kind: Kind, path: str) -> None:
    """Apply the steps that the file lacks, each in a transaction of its own. Raises StoreBroken.

    StoreBroken: the file was written by a newer program, is the other kind of store, or is not ours at all.
    """
    steps = migrations(kind)
    applied = _applied(connection, kind, path)
    if applied > len(steps):
        raise StoreBroken(
            f"{path!r} has schema {applied}, this program knows {len(steps)}: it was written by a newer xiaoliuzi; "
            f"update the program, or restore the backup made before the update"
        )
    for step in steps[applied:]:
        _apply(connection, kind, step)


def _applied(connection: DuckDBPyConnection, kind: Kind, path: str) -> int:
    """How many steps the file has seen. A file of ours says so at once; only others are searched for their tables."""
    try:
        seen = connection.execute(SQL["seen"]).fetchall()
    except CatalogException as e:
        tables = sorted(name for (name,) in connection.execute(SQL["tables"]).fetchall())
        if tables:
            raise StoreBroken(f"{path!r} is a DuckDB file, but none of ours: it holds {tables}") from e
        return 0
    kinds = sorted({of for of, _ in seen})
    if kinds != [kind]:
        raise StoreBroken(f"{path!r} is no {kind}: it holds {kinds}")
    return max(int(no) for _, no in seen)


def _apply(connection: DuckDBPyConnection, kind: Kind, step: Migration) -> None:
    connection.begin()
    if step.no == 1:
        connection.execute(SQL["create"])
    connection.execute(step.sql)
    connection.execute(SQL["applied"], {"kind": kind, "no": step.no, "name": step.name})
    connection.commit()
