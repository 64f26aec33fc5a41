"""The papers of a contract's test: read as written, told as a depot tells them, and every mistake at its line."""

import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.command.testing.inputs import booked, papers
from datasources.workspace import Problem, load
from datasources.workspace.cases import Case, read_cases
from domain.case.case import Stage
from domain.movement import Direction

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
START = datetime(2026, 3, 12, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def read(tmp_path: Path, name: str, old: str = "", new: str = "") -> tuple[list[Case], list[Problem], Path]:
    """The example's cases with the first of these texts replaced."""
    shutil.copytree(EXAMPLES / name, tmp_path / "w")
    (file,) = (tmp_path / "w" / "contracts").glob("*.test.yaml")
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return *read_cases(tmp_path / "w", load(tmp_path / "w", now=NOW).sound()), file


def test_an_order_moves_evenly_from_its_start_to_its_end(tmp_path: Path) -> None:
    cases, _, _ = read(tmp_path, "formaldehyde")
    told = {h: papers(cases[0], START + h * HOUR)["plant"].work_orders for h in (6, 10, 12, 16, 26)}
    inward = {h: [o for o in orders if o.direction is Direction.IN] for h, orders in told.items()}
    assert inward[6] == []
    assert [(o.done_kg, o.closed_at) for o in inward[10]] == [(120_000, None)]
    assert [(o.done_kg, o.closed_at) for o in inward[12]] == [(240_000, START + 12 * HOUR)]
    sold = next(o for o in told[16] if o.direction is Direction.OUT)
    assert (sold.tank_id, sold.done_kg, sold.release_no) == ("F-2", 60_000, "TH-0312-01")
    assert len(told[26]) == 4


def test_an_order_may_say_itself_how_far_it_has_come(tmp_path: Path) -> None:
    plan = "direction: in, planned_t: 240, start: 8h, end: 12h"
    cases, _, _ = read(tmp_path, "formaldehyde", plan, f'{plan}, done_t: "0x5 30.5 _x9"')
    done = [
        o.done_kg
        for h in (8, 10, 20)
        for o in papers(cases[0], START + h * HOUR)["plant"].work_orders
        if o.direction is Direction.IN
    ]
    assert done == [0, 30_500, 30_500]


def test_a_notice_is_known_from_its_issue(tmp_path: Path) -> None:
    cases, _, _ = read(tmp_path, "formaldehyde")
    notices = [papers(cases[0], START + h * HOUR)["plant"].releases for h in (9, 10)]
    assert [[n.no for n in known] for known in notices] == [[], ["TH-0312-01"]]
    assert (notices[1][0].owner, notices[1][0].mass_kg, notices[1][0].sealed) == ("plant", 120_000, True)


def test_the_book_follows_its_own_series_and_else_stands_at_the_first_mass(tmp_path: Path) -> None:
    cases, _, _ = read(tmp_path, "refinery")
    workspace = load(EXAMPLES / "refinery", now=NOW).sound()
    contract = workspace.contracts["HZ-2026-003"]
    feed = booked(cases[0], contract, workspace.index, 6, START)["refinery"]
    assert {r.tank_id: r.mass_kg for r in feed.rows} == {
        "R-301": 22_000_000,
        "R-302": 22_000_000,
        "R-303": 22_000_000,
        "R-304": 22_000_000,
        "R-305": 20_000_000,
    }


def test_a_request_is_read_with_its_moments(tmp_path: Path) -> None:
    cases, problems, _ = read(tmp_path, "refinery")
    assert problems == []
    (request,) = cases[2].requests
    assert (request.filed, request.paid, request.sealed) == (START, START + 4 * HOUR, START + 8 * HOUR)
    assert (request.line.kg, request.line.receipt, request.amount) == (11_000_000, "CD-0009", Decimal("20000000.00"))
    assert request.becomes is Stage.REQUESTED


@pytest.mark.parametrize(
    ("name", "old", "new", "wrong", "instead"),
    [
        ("formaldehyde", "tank: M-2, direction: in", "tank: M-3, direction: in", "'M-3' is no tank", "M-"),
        ("formaldehyde", "direction: process_in", "direction: product", "'product' is unknown", "process_in"),
        ("formaldehyde", "start: 8h, end: 12h", "start: 8h, end: 7h", "lies before start", "exchange the two"),
        ("formaldehyde", "release: TH-0312-01", "release: TH-0312-10", "no notice 'TH-0312-10'", "TH-0312-01"),
        ("formaldehyde", "planned_t: 240,", "", "planned_t", "tonnes"),
        ("formaldehyde", "book_t: {M-1:", "book_t: {M-9:", "'M-9' is unknown", "delete it"),
        ("refinery", "becomes: executed", "becomes: done", "'done' is unknown", "executed"),
        ("refinery", "tank: R-305, t: 11000", "tank: R-306, t: 11000", "'R-306' is no tank", "R-305"),
    ],
)
def test_a_mistake_is_told_in_its_line(name: str, old: str, new: str, wrong: str, instead: str, tmp_path: Path) -> None:
    _, problems, file = read(tmp_path, name, old, new)
    told = next((p for p in problems if wrong in f"{p.where}: {p.wrong}"), None)
    assert told is not None, "\n".join(map(str, problems))
    assert instead in told.instead
    assert told.line is not None
    assert told.file == f"contracts/{file.name}"


def test_requests_need_a_contract_with_terms_of_release(tmp_path: Path) -> None:
    old = "      releases:\n        - {no: TH-0312-01, tank: F-2, t: 120, start: 10h, end: 34h}\n"
    new = "      requests: [{no: TH-0312-01, tank: F-2, t: 120, filed: 2h}]\n"
    _, problems, _ = read(tmp_path, "formaldehyde", old, new)
    assert [p.wrong for p in problems] == ["the contract has no terms of release"]
