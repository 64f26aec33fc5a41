"""`xiaoliuzi import DIR receipts FILE`: a register's extract, beside a running bot and beside one that stands still."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.command.importing.course import imported, wanted_of
from bot.command.importing.tally import Tally
from bot.registering import Register
from datasources.imports.problem import RowProblem
from domain.event import Event
from tests.fakes.house_stage import HouseStage
from tests.fakes.receipt_ground import by_receipts

HEAD = "contract,no,tank,good,kg,pledged_kg,issued_on,expires_on\n"
WIDE = HEAD.strip() + ",split_from,cancelled_on\n"
ROWS = (
    "A-1,CD-0001,T-2,DIESEL0,650000,600000,2026-01-10,2026-12-31\n"  # 50 t let go, extended
    "A-1,CD-0002,T-1,METHANOL,278000,278000,2026-01-10,2026-06-30\n"  # as it is known
    "A-1,CD-0009,S-1,METHANOL,500,500,2026-03-01,\n"  # new
)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.calm(tmp_path / "w", edits=by_receipts())
    yield stage
    stage.fall()


async def bring(
    stage: HouseStage, rows: str, *, running: bool = True, head: str = HEAD
) -> tuple[Tally, list[RowProblem]]:
    file = stage.directory / "register.csv"
    file.write_text(head + rows, encoding="utf-8")
    app = stage.app
    register = Register(app.house, app.judging) if running else None
    tally, problems = Tally(), []
    wanted = wanted_of("receipts", str(file), None)
    async for told in imported(wanted, app.workspace, app.memory, app.clock, readings_at_once=100, register=register):
        tally, problems = told.tally, [*problems, *told.problems]
    return tally, problems


def left(stage: HouseStage) -> dict[str, int]:
    return {no: s.left_kg for no, s in stage.house.receipts.books["bank_a"].items()}


async def test_a_running_house_follows_at_once_and_the_same_file_again_adds_nothing(stage: HouseStage) -> None:
    tally, problems = await bring(stage, ROWS)
    assert (tally, problems) == (Tally(rows=3, added=2, already=1), [])
    assert left(stage) == {"CD-0001": 600_000, "CD-0002": 278_000, "CD-0003": 17_000, "CD-0009": 500}
    assert stage.house.projects["A-1"].position is not None
    counted = {i.holding.tank_id: i.eligible_kg for i in stage.house.projects["A-1"].position.items}
    assert counted == {"T-1": 278_000, "T-2": 600_000, "S-1": 17_500}, "judged on the new receipts already"
    assert (await bring(stage, ROWS))[0] == Tally(rows=3, already=3)


async def test_beside_a_house_that_stands_still_it_is_there_at_the_next_start(stage: HouseStage) -> None:
    assert (await bring(stage, ROWS, running=False))[0] == Tally(rows=3, added=2, already=1)
    await stage.restart()
    assert left(stage) == {"CD-0001": 600_000, "CD-0002": 278_000, "CD-0003": 17_000, "CD-0009": 500}
    events = await stage.events("receipt.opened")
    assert len(events) == len({(e.tenant, e.body["no"]) for e in events}) == 5


@pytest.mark.parametrize(
    ("row", "column", "wrong"),
    [
        ("A-9,X,T-2,DIESEL0,1,1,2026-01-10,", "contract", "is 'A-9'"),
        ("B-1,X,T-1,METHANOL,1,1,2026-01-10,", "tank", "is 'T-1'"),
        ("A-1,X,T-1,DIESEL0,1,1,2026-01-10,", "good", "is 'DIESEL0'"),
        ("A-1,X,T-1,METHANOL,1,2,2026-01-10,", "pledged_kg", "is 2"),
        ("A-1,X,T-1,METHANOL,1,1,10.1.2026,", "issued_on", "is '10.1.2026'"),
        ("A-1,X,T-1,METHANOL,1'000,1,2026-01-10,", "kg", "thousands separator"),
        ("A-1,CD-0002,T-1,METHANOL,270000,270000,2026-01-10,2026-06-30", "no", "was issued for"),
        ("A-1,X,T-1,METHANOL,9,9,2026-01-10,2026-02-01", "no", "expired"),
        ("A-1,X,T-1,METHANOL,9,9,2026-01-10,,X,", "split_from", "is 'X'"),
        ("A-1,X,T-1,METHANOL,9,9,2026-01-10,,,2026-03-01", "pledged_kg", "is 9"),
        ("A-1,X,T-1,METHANOL,9,0,2026-01-10,,,2026-03-13", "cancelled_on", "is '2026-03-13'"),
        ("A-1,CD-0002,T-1,METHANOL,278000,0,2026-01-10,2026-06-30,,2026-03-01", "no", "'bank_a' releases it first"),
    ],
)  # fmt: skip
async def test_a_bad_row_is_told_by_its_line_and_the_good_ones_are_kept(
    stage: HouseStage, row: str, column: str, wrong: str
) -> None:
    good = "A-1,CD-0009,S-1,METHANOL,500,500,2026-03-01,"
    rows = (line + "," * (9 - line.count(",")) for line in (good, row))
    tally, [problem] = await bring(stage, "\n".join(rows), head=WIDE)
    assert (tally.rows, tally.added, tally.bad) == (2, 1, 1)
    assert (problem.line, problem.column) == (3, column)
    assert wrong in problem.wrong
    assert "CD-0009" in left(stage)


async def test_the_tanks_of_one_number_are_one_receipt(stage: HouseStage) -> None:
    rows = "A-1,CD-0010,T-1,METHANOL,300,300,2026-03-01,\nA-1,CD-0010,S-1,METHANOL,200,200,2026-03-01,\n"
    assert (await bring(stage, rows))[0] == Tally(rows=2, added=2)
    assert left(stage)["CD-0010"] == 500


SPLIT = (
    "A-1,CD-0001,T-2,DIESEL0,650000,0,2026-01-10,2026-06-30,,2026-03-11\n"  # the old paper is void: it was split
    "A-1,CD-0001A,T-2,DIESEL0,400000,400000,2026-03-11,2026-06-30,CD-0001,\n"
    "A-1,CD-0001B,T-2,DIESEL0,250000,250000,2026-03-11,2026-06-30,CD-0001,\n"
    "A-1,CD-0098,T-2,DIESEL0,5000,0,2026-03-01,,,2026-03-11\n"  # never pledged here, void
)
AFTER = {"CD-0001": 0, "CD-0001A": 400_000, "CD-0001B": 250_000, "CD-0002": 278_000, "CD-0003": 17_000, "CD-0098": 0}


@pytest.mark.parametrize("running", [True, False])
async def test_a_split_and_a_void_paper_are_followed_once_and_survive_a_restart(
    stage: HouseStage, running: bool
) -> None:
    assert await bring(stage, SPLIT, head=WIDE, running=running) == (Tally(rows=4, added=4), [])
    await stage.restart()
    assert left(stage) == AFTER
    events = [e for e in await stage.events() if e.kind in ("receipt.split", "receipt.cancelled", "receipt.released")]
    assert [(e.kind, e.actor, e.body["no"]) for e in events] == [
        ("receipt.split", "system", "CD-0001"),
        ("receipt.cancelled", "system", "CD-0098"),
    ]
    assert await bring(stage, SPLIT, head=WIDE, running=running) == (Tally(rows=4, already=4), [])
    assert left(stage) == AFTER


async def test_a_split_that_does_not_add_up_is_told_on_every_row_of_it_with_what_helps(stage: HouseStage) -> None:
    before = left(stage)
    tally, problems = await bring(stage, SPLIT.replace("250000,250000", "250001,250001"), head=WIDE)
    assert (tally.added, tally.bad) == (1, 3)
    assert [p.line for p in problems] == [2, 3, 4]
    assert "holds {'T-2': 650000} kg, split into {'T-2': 650001} kg" in problems[0].wrong
    assert "together the kg that are left" in problems[0].instead
    assert left(stage) == {**before, "CD-0098": 0}, "the old number is not taken as released"


async def test_where_a_part_cannot_be_read_the_number_before_is_not_taken_as_released(stage: HouseStage) -> None:
    rows = SPLIT.replace("400000,400000", "400 t,0").replace("250000,250000", "250 t,0")
    rows = rows.replace("2026-06-30,,2026-03-11", "2026-06-30,,")
    tally, problems = await bring(stage, rows, head=WIDE)
    assert (tally.added, tally.bad) == (1, 3)
    assert {p.line: p.column for p in problems} == {2: "no", 3: "kg", 4: "kg"}
    assert left(stage)["CD-0001"] == 650_000


@pytest.mark.parametrize("running", [True, False])
async def test_while_a_case_is_open_under_it_no_split_is_followed(stage: HouseStage, running: bool) -> None:
    body = {"case": "RC-20260312-01", "revision": 1, "contract": "A-1", "kind": "release", "chat": "a_group",
            "out": [{"tank": "T-2", "good": "DIESEL0", "kg": 1_000, "receipt": "CD-0001"}], "into": [], "cash_cny": None,
            "check": {}, "waits": []}  # fmt: skip
    filed = Event(tenant="bank_a", kind="case.filed", v=1, occurred_at=stage.clock.now(), actor="zhao", body=body)
    await stage.app.judging.record([filed], [])
    await stage.restart()
    tally, problems = await bring(stage, SPLIT, head=WIDE, running=running)
    assert (tally.added, tally.bad) == (1, 3)
    assert {p.instead for p in problems} == {"end the case, then import this again"}
