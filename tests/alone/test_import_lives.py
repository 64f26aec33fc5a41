"""``xiaoliuzi import`` on a workspace that runs, and through a kill -9."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from datasources.workspace import load, retarget
from store.series import Series
from tests.fakes.imports import ROOT, brought, counts, demo_copy, history
from tests.fakes.stage import HOST, bot, depot
from tests.fakes.typed import typed

DATA = ROOT / "tests" / "data" / "import"
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    return demo_copy(tmp_path / "w")


def size(directory, store):
    """Of the log of one store file, in bytes."""
    log = directory / "state" / f"{store}.duckdb.wal"
    return log.stat().st_size if log.exists() else 0


def wait_for(happened):
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.002)


def test_an_import_that_is_killed_ends_with_every_row_once_when_it_is_run_again(workspace, tmp_path):
    rows, file = 320_000, tmp_path / "long.csv"
    history(file, rows)
    command = [sys.executable, "-m", "bot", "import", str(workspace), "readings", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_for(lambda: size(workspace, "series") > 1_000_000)
        unsealed = size(workspace, "ledger")
        wait_for(lambda: size(workspace, "ledger") > unsealed)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    before = json.loads(typed("import", workspace, "prices", DATA / "prices.csv", "--json").stdout)
    assert before["added"] == 2, "the file opens after the kill"
    code, answer = brought(workspace, "readings", file)
    assert code == 0
    assert 0 < answer["already"] < rows, "the kill came half-way"
    assert answer["added"] + answer["already"] == rows
    assert counts(brought(workspace, "readings", file)[1]) == (rows, 0, rows, 0)
    proved = typed("verify", workspace).stdout
    batches = int(proved.split("series: ")[1].split()[0])
    assert f"series: {batches} batches ({batches} sealed), {rows} rows, ok" in proved


async def test_a_running_workspace_takes_history_while_it_polls_and_answers(workspace, tmp_path):
    file, before = tmp_path / "long.csv", datetime.now(UTC)
    history(file, 60_000)
    with file.open("a", encoding="utf-8") as more:
        more.write("V999,2025-03-12T00:00:00Z,1,0,20\n")
    async with depot() as at:
        retarget(workspace, modbus={s: (HOST, p) for s, p in at.modbus.items()}, http=at.url, as_of=before)
        async with bot(workspace):
            async with asyncio.timeout(60):
                while not (workspace / "run.json").exists():  # noqa: ASYNC110 - another process writes it
                    await asyncio.sleep(0.05)
            code, answer = await asyncio.to_thread(brought, workspace, "readings", file)
            assert (code, counts(answer)) == (3, (60_001, 60_000, 0, 1))
            assert answer["problems"][0]["line"] == 60_002
            code, answer = await asyncio.to_thread(brought, workspace, "readings", file)
            assert (code, counts(answer)) == (3, (60_001, 0, 60_000, 1))
            refused = await asyncio.to_thread(typed, "import", workspace, "readings", tmp_path / "gone.csv")
            assert (refused.returncode, "gone.csv" in refused.stderr) == (1, True)
            asked = await asyncio.to_thread(typed, "ask", workspace, "货还在不在?", "--json")
            assert json.loads(asked.stdout)["status"] == "ok"
            proved = (await asyncio.to_thread(typed, "verify", workspace)).stdout
            assert "BROKEN" not in proved
    proved = await asyncio.to_thread(typed, "verify", workspace)
    assert proved.returncode == 0, proved.stdout
    index = load(workspace).sound().index
    series = Series.open(workspace / "state" / "series.duckdb")
    then = datetime(2025, 3, 13, tzinfo=UTC)
    assert len(series.as_of(index, valid=then, known=before).rows) == 0, "not known before it was imported"
    assert len(series.as_of(index, valid=then, known=FOREVER).rows) == 8
    series.close()
