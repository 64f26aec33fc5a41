"""``xiaoliuzi token``: given out, listed and revoked, beside a bot that stands still and in one that runs."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from bot.cli import app
from store.ledger import Ledger
from tests.fakes.house_ground import write_ground

NOW = datetime.now(UTC)


@pytest.fixture
def directory(tmp_path):
    write_ground(tmp_path / "w", NOW)
    return tmp_path / "w"


def typed(directory, *words, code=0):
    result = CliRunner().invoke(app, ["token", str(directory), *words])
    assert result.exit_code == code, result.output
    return result.output


def test_a_token_is_shown_once_listed_without_its_secret_and_revoked(directory):
    shown = typed(directory, "create", "--person", "chen", "--chat", "a_bank", "--name", "核心系统", "--days", "7")
    text = shown.split()[0]
    ident, secret = text.split("_")[1], text.split("_", 2)[2]

    listed = typed(directory, "list")
    typed(directory, "revoke", ident)
    after = json.loads(typed(directory, "list", "--json"))["tokens"]

    assert "it is not shown again" in shown
    assert f"{ident}  valid    chen in a_bank" in listed
    assert "核心系统" in listed
    assert [(t["id"], t["state"]) for t in after] == [(ident, "revoked")]
    ledger = Ledger.open(directory / "state" / "ledger.duckdb")
    kept = "".join(r.canonical for r in ledger.events())
    ledger.close()
    assert ident in kept
    assert secret not in kept + listed


def test_a_wish_that_cannot_be_is_told_and_fails(directory):
    told = typed(directory, "create", "--person", "chen", "--chat", "b_bank", "--name", "x", code=1)
    assert "'chen' is no member of 'b_bank'; write one of" in told
    assert "write create, list or revoke" in typed(directory, "steal", code=1)
    assert typed(directory, "list") == "\n"
