"""A store file is brought to today's schema step by step, and refused where this program cannot know what it holds."""

from pathlib import Path

import duckdb
import pytest

from domain.errors import StoreBroken, StoreError
from store.database import SETTINGS
from store.ledger import Ledger
from store.migrations import migrate, migrations
from store.series import Series
from tests.fakes.memory_stage import NOW, happened

SQL = Path(__file__).parents[2] / "store" / "sql"
TABLES = "SELECT table_name, column_name, data_type, is_nullable, column_default FROM duckdb_columns() ORDER BY ALL"
RULES = "SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints() ORDER BY ALL"
VIEWS = "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
INDEXES = "SELECT table_name, index_name, sql FROM duckdb_indexes() ORDER BY ALL"


def shape(connection):
    return [
        [row for row in connection.execute(question).fetchall() if row[0] != "migrations"]
        for question in (TABLES, RULES, VIEWS, INDEXES)
    ]


@pytest.mark.parametrize("kind", ["ledger", "series"])
def test_replaying_all_migrations_gives_the_schema(kind):
    replayed, written = duckdb.connect(":memory:", config=SETTINGS), duckdb.connect(":memory:")
    migrate(replayed, kind, ":memory:")
    written.execute((SQL / kind / "schema.sql").read_text("utf-8"))
    assert shape(replayed) == shape(written)
    assert shape(written)[0]


@pytest.mark.parametrize("kind", ["ledger", "series"])
def test_opening_an_up_to_date_file_applies_nothing_again(kind):
    connection = duckdb.connect(":memory:", config=SETTINGS)
    migrate(connection, kind, ":memory:")
    migrate(connection, kind, ":memory:")
    assert connection.execute("SELECT no FROM migrations").fetchall() == [(m.no,) for m in migrations(kind)]


def test_every_ledger_row_carries_its_tenant_from_the_first_migration():
    connection = duckdb.connect(":memory:")
    connection.execute(migrations("ledger")[0].sql)
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    with_tenant = connection.execute("SELECT table_name FROM duckdb_columns() WHERE column_name = 'tenant'").fetchall()
    assert {name for (name,) in with_tenant} == tables


def test_what_was_committed_is_there_after_closing_and_opening(tmp_path):
    first = Ledger.open(tmp_path / "ledger.duckdb")
    first.commit(events=[happened(1)], now=NOW)
    first.close()
    again = Ledger.open(tmp_path / "ledger.duckdb")
    again.commit(events=[happened(2)], now=NOW)
    assert [r.seq for r in again.events()] == [1, 2]
    assert [r.broken_at for r in again.verify()] == [None]
    again.close()


def test_a_file_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "ledger.duckdb"
    Ledger.open(path).close()
    with duckdb.connect(str(path)) as newer:
        newer.execute("INSERT INTO migrations VALUES ('ledger', 99, '0099_later.sql')")
    before = path.read_bytes()
    with pytest.raises(StoreBroken, match=r"ledger\.duckdb' has schema 99, this program knows .* update the program"):
        Ledger.open(path)
    assert path.read_bytes() == before


def test_a_series_file_is_no_ledger(tmp_path):
    Series.open(tmp_path / "series.duckdb").close()
    with pytest.raises(StoreBroken, match="is no ledger"):
        Ledger.open(tmp_path / "series.duckdb")


def test_a_database_of_somebody_else_is_refused(tmp_path):
    with duckdb.connect(str(tmp_path / "other.duckdb")) as other:
        other.execute("CREATE TABLE theirs (a INTEGER)")
    with pytest.raises(StoreBroken, match="none of ours"):
        Ledger.open(tmp_path / "other.duckdb")


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "ledger.duckdb").write_bytes(b"not a database at all" * 1000)
    with pytest.raises(StoreBroken, match="restore it from the last backup"):
        Ledger.open(tmp_path / "ledger.duckdb")


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "ledger.duckdb"
    ledger = Ledger.open(path)
    ledger.commit(events=[happened(1)], now=NOW)
    ledger.close()
    damaged = bytearray(path.read_bytes())
    damaged[12_300:] = bytes(b ^ 0x55 for b in damaged[12_300:])
    path.write_bytes(damaged)
    with pytest.raises(StoreBroken):
        Ledger.open(path)


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(StoreError, match="nowhere"):
        Ledger.open(tmp_path / "nowhere" / "ledger.duckdb")
