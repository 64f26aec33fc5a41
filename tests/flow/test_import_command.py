"""``xiaoliuzi import`` as a person types it: on a workspace that stands still, on one that runs, and through a kill -9."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from datasources.workspace import load, retarget
from store.series import Series
from tests.fakes.stage import HOST, ROOT, bot, depot
from tests.fakes.typed import typed

DATA = ROOT / "tests" / "data" / "import"
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    shutil.copytree(ROOT / "examples" / "demo", tmp_path / "w")
    settings = tmp_path / "w" / "xiaoliuzi.toml"
    settings.write_text(settings.read_text("utf-8").replace("port = 8080", "port = 0"), "utf-8")
    return tmp_path / "w"


def brought(directory, kind, file, *options):
    """Exit code and the answer for machines."""
    done = typed("import", directory, kind, file, "--json", *options)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def counts(answer):
    return answer["rows"], answer["added"], answer["already"], answer["bad"]


def levels(directory, tank):
    """Every level in the series, oldest first."""
    index = load(directory).sound().index
    series = Series.open(directory / "state" / "series.duckdb")
    window = series.window(index, [tank], LONG_AGO, FOREVER)
    series.close()
    return window.level_mm.tolist()


def history(path, rows):
    """So many minute readings of one tank after the other minute, of eight tanks."""
    tanks = ("V201", "V202", "V203", "V204", "V205", "V206", "V207", "V208")
    begin = datetime(2025, 3, 12, tzinfo=UTC)
    with path.open("w", encoding="utf-8") as file:
        file.write("tank,taken_at,level_mm,water_mm,temp_c\n")
        for n in range(rows):
            at = begin + timedelta(minutes=n // len(tanks))
            file.write(f"{tanks[n % len(tanks)]},{at.isoformat()},{1000 + n % 700},0,20.5\n")


def size(directory, store):
    """Of the log of one store file, in bytes."""
    log = directory / "state" / f"{store}.duckdb.wal"
    return log.stat().st_size if log.exists() else 0


def wait_for(happened):
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.002)


def test_the_good_rows_are_kept_the_bad_ones_told_and_the_second_time_adds_nothing(workspace, tmp_path):
    done = typed("import", workspace, "readings", DATA / "readings.csv", "--problems", tmp_path / "bad.csv")
    assert done.returncode == 3
    assert done.stdout == "7 rows: 4 added, 0 already here, 3 bad (1 of those kept have a quality bit)\n"
    told = done.stderr.splitlines()
    assert [line.split(":")[0] for line in told] == ["line 4, level_mm", "line 6, tank", "line 7, taken_at"]
    assert "write 4100" in told[0]
    written = (tmp_path / "bad.csv").read_text("utf-8-sig").splitlines()
    assert (written[0], written[1][:11]) == ("line,column,wrong,instead", "4,level_mm,")
    assert len(written) == 4
    code, again = brought(workspace, "readings", DATA / "readings.csv")
    assert (code, counts(again)) == (3, (7, 0, 4, 3))
    assert [p["line"] for p in again["problems"]] == [4, 6, 7]
    assert levels(workspace, "V203") == [5200.0, 5200.5]
    assert "series: 1 batches (1 sealed), 4 rows, ok" in typed("verify", workspace).stdout


def test_an_offset_may_be_given_for_the_whole_file(workspace):
    code, answer = brought(workspace, "readings", DATA / "readings.csv", "--timezone", "Asia/Shanghai")
    assert (code, [p["line"] for p in answer["problems"]]) == (3, [4, 6])


@pytest.mark.parametrize(
    ("kind", "first", "again"),
    [
        ("prices", (3, 2, 0, 1), (3, 0, 2, 1)),
        ("book", (4, 3, 0, 1), (4, 0, 3, 1)),
        ("workorders", (3, 2, 0, 1), (3, 0, 2, 1)),
        ("ownership", (5, 3, 0, 2), (5, 0, 3, 2)),
        ("exposure", (4, 2, 0, 2), (4, 0, 2, 2)),
    ],
)
def test_claims_are_kept_once(workspace, kind, first, again):
    assert counts(brought(workspace, kind, DATA / f"{kind}.csv")[1]) == first
    code, answer = brought(workspace, kind, DATA / f"{kind}.csv")
    assert (code, counts(answer)) == (3, again)


def test_parquet_and_gb_18030_say_the_same_as_the_csv(workspace, tmp_path):
    plain = tmp_path / "plain.csv"
    history(plain, 800)
    assert counts(brought(workspace, "readings", plain)[1]) == (800, 800, 0, 0)
    parquet = tmp_path / "same.parquet"
    with duckdb.connect(":memory:") as db:
        db.read_csv(str(plain)).write_parquet(str(parquet))
    code, answer = brought(workspace, "readings", parquet)
    assert (code, counts(answer)) == (0, (800, 0, 800, 0))
    chinese = tmp_path / "chinese.csv"
    chinese.write_bytes(
        plain.read_text("utf-8").replace("temp_c", "temp_c,备注").replace("20.5\n", "20.5,好\n").encode("gb18030")
    )
    code, answer = brought(workspace, "readings", chinese)
    assert (code, counts(answer)) == (0, (800, 0, 800, 0))
    assert answer["notes"] == ["not UTF-8: read as GB 18030", "not read: 备注"]


@pytest.mark.parametrize(
    ("content", "says"), [(b"PK\x03\x04", "an Excel workbook"), (b"a,b\n", "no column tank"), (b"PAR1x", "Parquet")]
)
def test_a_file_that_cannot_be_read_at_all_is_exit_code_1(workspace, tmp_path, content, says):
    (tmp_path / "f").write_bytes(content)
    done = typed("import", workspace, "readings", tmp_path / "f")
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert typed("import", workspace, "readings", tmp_path / "gone").returncode == 1


def test_mistakes_in_the_workspace_are_exit_code_2(workspace):
    (workspace / "goods.yaml").write_text("goods: []", "utf-8")
    assert typed("import", workspace, "readings", DATA / "readings.csv").returncode == 2


@pytest.mark.alone
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


@pytest.mark.alone
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
