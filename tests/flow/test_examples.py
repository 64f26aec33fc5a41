"""The two examples after real cases: `check` has nothing against them, their own tests pass, and what lies behind these."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.command.testing import entry
from datasources.workspace import Workspace, load
from datasources.workspace.cases import Case, read_cases
from domain.case.case import Stage
from domain.receipt.receipt import State

EXAMPLES = Path(__file__).parents[2] / "examples"
AS_OF = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
DOCUMENT = (EXAMPLES.parent / "docs" / "examples.md").read_text(encoding="utf-8")


def workspace(name: str) -> Workspace:
    return load(EXAMPLES / name, now=AS_OF).sound()


def cases(name: str) -> list[Case]:
    found, problems = read_cases(EXAMPLES / name, workspace(name))
    assert problems == []
    return found


@pytest.mark.parametrize("name", ["formaldehyde", "refinery"])
async def test_every_test_of_an_example_passes(name: str) -> None:
    results = [await entry.tested(EXAMPLES / name, workspace(name), case) for case in cases(name)]
    assert len(results) >= 5
    assert {r.case.name: r.wrong for r in results if r.wrong} == {}


def test_the_refinery_has_no_problem_and_the_plant_only_that_it_keeps_its_own_goods() -> None:
    assert load(EXAMPLES / "refinery", now=AS_OF).problems == ()
    assert ["质权设立" in p.wrong for p in load(EXAMPLES / "formaldehyde", now=AS_OF).problems] == [True]


@pytest.mark.parametrize("name", ["formaldehyde", "refinery"])
def test_every_test_is_told_in_the_document(name: str) -> None:
    assert f"examples/{name}" in DOCUMENT
    assert [c.name for c in cases(name) if c.name not in DOCUMENT] == []


async def life(name: str, word: str) -> entry.Life:
    (case,) = [c for c in cases(name) if word in c.name]
    return await entry.lived(EXAMPLES / name, workspace(name), case)


async def test_money_releases_exactly_the_receipts_that_it_was_paid_for() -> None:
    after = await life("refinery", "part of the loan is repaid")
    book = after.stage.house.receipts.books["bank"]
    ended = {c.stage: c.to_pay_cny for c in after.stage.house.cases_of("HZ-2026-003")}
    last = after.course.points[-1]
    assert ended == {Stage.EXECUTED: Decimal("25740000.00")}
    assert {no for no, standing in book.items() if standing.state is State.RELEASED} == {"CD-0009", "CD-0010"}
    assert (last.exposure_cny, last.value_cny) == (Decimal("188520000.00"), Decimal("316800000.00"))
    assert last.breached is None


async def test_the_value_is_above_its_lines_at_every_moment_of_the_release() -> None:
    after = await life("refinery", "part of the loan is repaid")
    assert [p.at for p in after.course.points if p.known and p.breached is not None] == []


async def test_without_money_every_receipt_stays_in_pledge() -> None:
    after = await life("refinery", "without the money")
    book = after.stage.house.receipts.books["bank"]
    assert {standing.state for standing in book.values()} == {State.PLEDGED}
    assert after.course.points[-1].exposure_cny == Decimal("240000000.00")


async def test_the_missing_product_is_told_with_its_worth() -> None:
    after = await life("formaldehyde", "a fifth of the product")
    told = next(h for h in after.course.happenings if h.kind == "yield_gap")
    wanted = {"fed_kg": 20_000, "due_least_kg": 43_000, "due_most_kg": 48_000, "made_kg": 36_400, "gap_kg": 6_600}
    assert {k: told.facts[k] for k in wanted} == wanted
    assert told.facts["value_cny"] == "6652.80"
