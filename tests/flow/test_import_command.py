"""``xiaoliuzi import`` as a person types it: on a workspace that stands still, and what is kept of it."""

from datetime import UTC, datetime

import duckdb
import pytest

from datasources.workspace import load
from store.series import Series
from tests.fakes.imports import ROOT, brought, counts, demo_copy, history
from tests.fakes.typed import typed

DATA = ROOT / "tests" / "data" / "import"
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    return demo_copy(tmp_path / "w")


def levels(directory, tank):
    """Every level in the series, oldest first."""
    index = load(directory).sound().index
    series = Series.open(directory / "state" / "series.duckdb")
    window = series.window(index, [tank], LONG_AGO, FOREVER)
    series.close()
    return window.level_mm.tolist()


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
