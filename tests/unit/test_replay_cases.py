"""``*.test.yaml``: a mistake in it is told with its line and a remedy, and one is not part of the workspace's hash."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from datasources.workspace import Workspace, init, load
from datasources.workspace.cases import read_cases
from domain.contract import AlertKind, Line, Severity

NOW = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)
FILE = "contracts/example.test.yaml"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    init(tmp_path / "w")
    return tmp_path / "w"


def workspace(directory: Path) -> Workspace:
    return load(directory, now=NOW).sound()


def change(directory: Path, old: str, new: str) -> None:
    file = directory / FILE
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_the_starters_case_is_read_as_written(directory: Path) -> None:
    (case,), problems = read_cases(directory, workspace(directory))

    assert problems == []
    assert (case.contract_id, case.interval) == ("EXAMPLE-001", timedelta(hours=1))
    assert len(case.prices["SD-METHANOL"]) == 9
    third = case.expected[2]
    assert (third.at, third.before) == (case.start + timedelta(hours=5), case.start + timedelta(hours=6))
    assert (third.kind, third.severity, third.line) == (AlertKind.VALUE_BELOW_LINE, Severity.RED, Line.DISPOSAL)
    assert third.value_cny == Decimal("1124498.00")
    assert third.mentions is None


def test_a_test_file_changes_no_content_hash(directory: Path) -> None:
    before = workspace(directory).content_hash
    change(directory, "severity: yellow", "severity: red")
    assert workspace(directory).content_hash == before


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("interval: 1h", "interval: 1 hour", "interval", "write e.g. 1m, 12h or 1d"),
        ("    expect:", "    expected:", "expected", "write 'expect'"),
        (
            "kind: value_below_line, severity: red",
            "kind: value_below, severity: red",
            "severity: red",
            "value_below_line",
        ),
        ("SD-METHANOL:", "SD-METHANOI:", "price:", "write 'SD-METHANOL'"),
        ("{T-101: 650}", "{T-102: 650}", "mass_t", "write 'T-101'"),
        ("mentions: [zhao, wang]", "mentions: [zhao, wong]", "wong", "write 'wang'"),
        ("contract: EXAMPLE-001", "contract: EXAMPLE-002", "contract:", "write 'EXAMPLE-001'"),
        ("2000x4", "2000x", "price:", "2650x3 2480"),
        ("at: 2h", "at: 2026-03-12", "2026-03-12,", "time zone"),
        ("interval: 1h", "interval: 999999d", "interval", "more than a century"),
        ("interval: 1h", "interval: 36500d", "interval", "more than a century"),
        ("interval: 1h", "interval: 1h\n    until: 999999d", "until", "more than a century"),
        ("{start: 0h, end: 1h}", "{start: 0h, end: 999999d}", "{start", "more than a century"),
        ("interval: 1h", 'interval: 1h\n    until: "2026-03-12T08:59:00+08:00"', "until", "lies before start"),
    ],
)
def test_a_mistake_stands_in_its_line_with_what_to_write(
    directory: Path, old: str, new: str, at: str, said: str
) -> None:
    change(directory, old, new)

    cases, problems = read_cases(directory, workspace(directory))

    assert cases == [] or len(problems) == 1
    (problem,) = problems
    assert problem.file == FILE
    assert at in (directory / FILE).read_text("utf-8").splitlines()[(problem.line or 0) - 1]
    assert said in str(problem)


def test_prices_come_from_one_place_only(directory: Path) -> None:
    change(directory, "      mass_t:", "      price_file: prices/daily.csv\n      mass_t:")

    _, (problem,) = read_cases(directory, workspace(directory))

    assert "has both price and price_file" in problem.wrong
