"""All SQL stands in store/sql, named, with a sentence, and none of it is dead."""

import re
from pathlib import Path

import pytest

from store.queries import queries

STORE = Path(__file__).parents[2] / "store"
FILES = {
    "migrations.sql": ["migrations.py"],
    "ledger/chain.sql": ["chain.py", "ledger.py"],
    "ledger/outbox.sql": ["debts.py", "outbox.py"],
    "ledger/files.sql": ["files.py"],
    "ledger/pictures.sql": ["pictures.py"],
    "series/readings.sql": ["batches.py", "series.py"],
    "series/claims.sql": ["claims.py"],
    "series/papers.sql": ["papers.py"],
    "series/courses.sql": ["courses.py"],
    "series/ownership.sql": ["ownership.py"],
}


@pytest.mark.parametrize("file", FILES)
def test_every_statement_has_a_sentence_and_somebody_who_runs_it(file):
    code = "".join((STORE / name).read_text("utf-8") for name in FILES[file])
    for name, statement in queries(file).items():
        sentence = statement.splitlines()[0]
        assert sentence.startswith("-- "), name
        assert len(sentence) > 20, name
        assert f'"{name}"' in code, f"{name} is never run"


def test_every_file_of_statements_is_known_to_this_test():
    found = {str(f.relative_to(STORE / "sql")) for f in (STORE / "sql").rglob("*.sql")}
    assert {f for f in found if "migrations/" not in f and not f.endswith("schema.sql")} == set(FILES)


def test_no_sql_stands_in_python_code():
    verbs = re.compile(r"[\"'](SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|WITH|PRAGMA|SET) ")
    for file in STORE.glob("*.py"):
        assert verbs.search(file.read_text("utf-8")) is None, file.name


def test_only_the_outbox_is_ever_updated():
    updated = set()
    for file in FILES:
        for statement in queries(file).values():
            updated |= set(re.findall(r"^UPDATE (\w+)", statement, re.MULTILINE))
    assert updated == {"outbox"}
