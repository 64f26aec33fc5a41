"""A replay of a recorded day tells what the live bot told: same alarms, same minutes; what it leaves out, it says."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from bot.casework import CaseValues
from domain.case.case import CaseKind, CaseLine, Stage
from domain.case.rights import CaseAct
from domain.movement import BookRow, Direction
from domain.receipt.receipt import Receipt
from domain.statement import Statement
from tests.fakes.case_ground import RELEASE, order
from tests.fakes.house_ground import Edits
from tests.fakes.house_sources import outflow
from tests.fakes.house_stage import NOW, HouseStage
from tests.fakes.receipt_ground import by_receipts, pledge_of
from tests.fakes.recorded_day import (
    BEGIN,
    answered,
    closed,
    confirmed,
    edits,
    minutes,
    opening,
    refused,
    told,
    told_again,
    told_live,
)
from tests.fakes.typed import typed

BY_LEDGER: Edits = {
    "contracts/a.yaml": [("tanks: [T-2], owner: hengyun, share: 0.50", "tanks: [T-2], owner: hengyun")],
    "contracts/b.yaml": [("tanks: [T-2], owner: haichuan, share: 0.50", "tanks: [T-2], owner: haichuan")],
}
CD_2 = "kg: 278000, issued_on: 2026-01-10, expires_on: 2026-06-30"
RELEASING: Edits = {"contracts/a.yaml": [("duties:\n", f"{RELEASE}duties:\n")]}
LINE = CaseLine(tank_id="T-1", good="METHANOL", kg=20_000, receipt="CD-0002")


async def begun(tmp_path: Path, *several: Edits) -> HouseStage:
    stage = await HouseStage.start(tmp_path / "w", edits=edits(BY_LEDGER, *several))
    await stage.app.remember_workspace()
    stage.papers.entries = [opening("hengyun", 900_000, 1), opening("haichuan", 600_000, 2)]
    kg = {"hengyun": 900_000, "haichuan": 600_000}
    stage.papers.rows = [
        BookRow(site_id="north", tank_id="T-2", good="DIESEL0", owner=o, mass_kg=m, as_of=BEGIN) for o, m in kg.items()
    ]
    stage.times.passes((BEGIN - stage.times.wall).total_seconds())
    await stage.paper()
    await stage.market("1")
    await minutes(stage, 3)
    return stage


async def stated(stage: HouseStage, principal: str) -> None:
    stage.times.passes(7)
    zero, now = Decimal("0.00"), stage.clock.now()
    statement = Statement(
        contract_id="A-1", as_of=now, principal=Decimal(principal), accrued_interest=zero, fees_due=zero,
        cash_margin=zero, source="核心系统", known_at=now,
    )  # fmt: skip
    await stage.app.statements.take([statement], via="feed:core")


async def released(stage: HouseStage) -> None:
    """A case from the request to its end: 20 t of T-1 under a notice of two people."""
    roster = stage.house.workspace.roster
    work, contract = stage.app.casework, stage.house.workspace.contracts["A-1"]
    await work.file(
        contract, CaseKind.RELEASE, out=(LINE,), into=(), cash=None, by=roster.people["zhao"],
        chat=roster.chats["a_group"], seen=("telegram", "f"),
    )  # fmt: skip
    (case,) = stage.house.cases_of("A-1")
    stage.times.passes(2)
    await confirmed(stage, f"/paid {case.id}")
    for act, who in ((CaseAct.SIGN, "wang"), (CaseAct.COUNTERSIGN, "chen")):
        stage.times.passes(2)
        values = CaseValues(no="TH-0301" if act is CaseAct.SIGN else "")
        await work.act(case.id, act, roster.people[who], roster.chats["a_bank"], ("telegram", act.value), values)
    await minutes(stage, 1)
    lifting = {"kg": 20_000, "at": stage.clock.now(), "notice": "TH-0301"}
    stage.papers.orders = [order("T-1", Direction.OUT, done_kg=0, **lifting)]
    await minutes(stage, 2)
    stage.levels["T-1"] -= 2500 * 20_000 / 360_000
    await minutes(stage, 2)
    stage.papers.orders = [order("T-1", Direction.OUT, done_kg=20_000, closed_at=stage.clock.now(), **lifting)]
    await minutes(stage, 2)
    assert stage.house.cases_of("A-1")[0].stage is Stage.EXECUTED


async def test_a_day_with_receipts_a_case_and_a_theft_is_told_again_to_the_minute(tmp_path: Path) -> None:
    ends = by_receipts(
        a=[(CD_2, CD_2.replace("2026-06-30", "2026-03-12")), ("principal: 3500000", "principal: 3000000")]
    )
    stage = await begun(tmp_path, ends, RELEASING)
    await stated(stage, "3750000.00")
    await minutes(stage, 2)
    await answered(stage, "value_below_line")
    more = Receipt(
        no="CD-0100", issuer="north", owner="hengyun", good="DIESEL0", parts={"T-2": 100_000}, issued_on=NOW.date()
    )
    await stage.app.judging.record(pledge_of(stage, "A-1", more), [])
    await minutes(stage, 3)
    await released(stage)
    await minutes(stage, 2, T_2=9800.0)
    await closed(stage, "qty_drop")
    await minutes(stage, 2, T_2=9500.0)
    stage.papers.entries = [opening("hengyun", 300_000, 1), opening("haichuan", 600_000, 2)]
    await minutes(stage, 4)
    stage.papers.entries = [opening("hengyun", 900_000, 1), opening("haichuan", 600_000, 2)]
    await minutes(stage, 4)
    await minutes(stage, 5)
    assert stage.clock.now() > BEGIN + timedelta(minutes=31), "CD-0002 has ended"

    live = await told_live(stage)
    again, course = await told_again(stage)

    assert {kind for _, _, kind, _, _ in live} >= {"value_below_line", "qty_drop", "receipt_expiring"}
    assert {step for _, step, _, _, _ in live} >= {"raised", "returned"}
    assert again == live
    assert course.taken["cases"] == 1
    assert "cases" in course.slow
    assert "Contract.receipts" in course.slow
    assert not [m for m in course.missing if not m.startswith(("release notices of", "when the work orders"))]


async def test_statements_money_notices_and_prices_set_by_hand_are_told_again_from_columns(tmp_path: Path) -> None:
    stage = await begun(tmp_path)
    await minutes(stage, 2)
    await stated(stage, "4700000.00")
    await minutes(stage, 2)
    await answered(stage, "value_below_line")
    stage.times.passes(5)
    await confirmed(stage, "/paid 150万")
    await minutes(stage, 4)
    await confirmed(stage, "/controlline KZX-1 900万")
    await minutes(stage, 2)
    await confirmed(stage, "/setprice DIESEL0 12000 1")
    await minutes(stage, 4)
    order, notice = outflow("T-2", "north", "DIESEL0", 40_000, stage.clock.now())
    stage.papers.orders, stage.papers.notices = [order], [notice]
    await minutes(stage, 3, T_2=9850.0)
    stage.papers.notices = []
    await minutes(stage, 3)
    await closed(stage, "qty_drop")
    stage.papers.entries = [opening("hengyun", 500_000, 1), opening("haichuan", 600_000, 2)]
    await minutes(stage, 3)
    await stage.market("1.2")
    await minutes(stage, 2)
    await refused(stage)
    await minutes(stage, 2)

    live = await told_live(stage)
    again, course = await told_again(stage)

    assert {kind for _, _, kind, _, _ in live} >= {"value_below_line", "qty_drop", "price_outlier"}
    assert again == live
    assert course.slow == []
    assert course.taken["payments"] == course.taken["control-line notices"] == course.taken["manual prices"] == 1
    assert course.taken["words on prices"] == 2
    assert course.taken["ownership entries"] == 2


async def test_gauges_that_are_polled_every_five_seconds_are_replayed_so(tmp_path: Path) -> None:
    stage = await begun(tmp_path)
    await stage.read(times=30, T_2=9900.0)
    await answered(stage, "qty_drop")
    await stated(stage, "4700000.00")
    stage.times.passes(3)
    for level in (9880.0, 9400.0, 10050.0):
        await told(stage)
        await stage.read(times=25, T_2=level)

    live = await told_live(stage)
    again, _ = await told_again(stage, step=timedelta(seconds=5))

    assert {step for _, step, _, _, _ in live} >= {"raised", "returned"}
    assert {kind for _, _, kind, _, _ in live} >= {"qty_drop", "value_below_line"}
    assert again == live


async def test_without_a_ledger_the_output_says_what_was_not_considered(
    tmp_path: Path,
) -> None:
    stage = await begun(tmp_path)
    await stated(stage, "4700000.00")
    await minutes(stage, 2)
    live = await told_live(stage)
    again, _ = await told_again(stage)
    (stage.directory / "ledger.duckdb").unlink()

    span = ("--from", BEGIN.isoformat(), "--to", (BEGIN + timedelta(minutes=5)).isoformat())
    done = await asyncio.to_thread(typed, "replay", stage.directory, "--contract", "A-1", "--step", "1m", *span)
    printed = done.stdout + done.stderr

    assert [kind for _, _, kind, _, _ in live] == ["value_below_line"]
    assert again == live
    assert "alarms raised: 0" in printed
    assert "not considered: statements of balances, payments, control-line notices" in printed
    assert "there is no ledger" in printed
    assert not (stage.directory / "ledger.duckdb").exists()
