"""Balances that the lender states: by feed and by file, into its chain once, at work at once, and known after a restart."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.command.importing.course import CLAIMS, Wanted, imported, wanted_of
from bot.statements import Loans
from datasources.loans.rows import Balances
from domain.contract import Line
from domain.errors import SourceUnavailable
from domain.position import Position
from domain.statement import Statement
from tests.fakes.house_stage import HouseStage, texts

D = Decimal


@pytest.fixture
async def stage(tmp_path):
    stage = await HouseStage.calm(tmp_path / "workspace")
    yield stage
    stage.fall()


def position_of(stage: HouseStage, contract: str = "A-1") -> Position:
    return stage.house.scene(stage.house.workspace.contracts[contract], stage.clock.now()).position


def stated(stage: HouseStage, principal: str, *, at: datetime | None = None) -> Statement:
    zero, now = D("0.00"), stage.clock.now()
    return Statement(
        contract_id="A-1",
        as_of=at or now,
        principal=D(principal),
        accrued_interest=zero,
        fees_due=zero,
        cash_margin=zero,
        source="核心系统",
        known_at=now,
    )


class HeldLoans:
    """A feed of balances that says what a test wants, or is away."""

    def __init__(self, *statements: Statement) -> None:
        self.statements = statements
        self.away = False

    async def fetch(self, now: datetime) -> Balances:
        if self.away:
            raise SourceUnavailable("away")
        return Balances(statements=tuple(replace(s, known_at=now) for s in self.statements), bad_rows=())

    async def close(self) -> None:
        pass


async def test_a_larger_debt_crosses_a_line_in_the_same_breath(stage):
    feed = HeldLoans(stated(stage, "4200000.00"))
    await Loans("core", feed, stage.app.statements, stage.clock).step()
    assert position_of(stage).breached is Line.CONTROL
    (event,) = await stage.events("exposure.stated")
    assert (event.tenant, event.actor, event.body["via"]) == ("bank_a", "system", "feed:core")
    assert "货值" in texts(await stage.deliver())


async def test_what_a_feed_repeats_is_kept_once_and_a_correction_is_a_new_event(stage):
    first = stated(stage, "3800000.00")
    feed = HeldLoans(first)
    loans = Loans("core", feed, stage.app.statements, stage.clock)
    for _ in range(3):
        await loans.step()
        stage.times.passes(60)
    assert len(await stage.events("exposure.stated")) == 1
    feed.statements = (replace(first, principal=D("3700000.00")),)
    await loans.step()
    assert len(await stage.events("exposure.stated")) == 2
    assert position_of(stage).exposure == D("3700000.00")


async def test_a_feed_that_is_away_leaves_balances_that_grow_old_and_are_never_normal(stage):
    feed = HeldLoans(stated(stage, "3800000.00"))
    loans = Loans("core", feed, stage.app.statements, stage.clock)
    await loans.step()
    feed.away = True
    stage.times.passes(timedelta(hours=73).total_seconds())
    await loans.step()
    await stage.market("1")
    await stage.paper()
    await stage.read(times=2)
    position = position_of(stage)
    assert position.exposure_stale
    assert not position.complete()
    await stage.say("chen", "a_bank", "敞口多少", addressed=True)
    assert "敞口数据已过期(3天1小时前)" in texts(await stage.deliver())


async def test_after_a_restart_the_same_balances_hold_and_the_chain_proves_them(stage):
    await stage.app.statements.take([stated(stage, "3500000.00")], via="import")
    await stage.restart()
    assert position_of(stage).exposure == D("3500000.00")
    assert all(r.broken_at is None for r in await stage.memory.ledger(lambda book: book.verify()))


async def test_another_banks_contract_is_not_touched(stage):
    before = position_of(stage, "B-1").exposure
    await stage.app.statements.take([stated(stage, "1.00")], via="import")
    assert position_of(stage, "B-1").exposure == before


async def test_a_file_is_brought_into_a_running_bot_once(stage, tmp_path):
    now = stage.clock.now()
    file = tmp_path / "balances.csv"
    file.write_text(
        "contract,as_of,principal,accrued_interest,fees_due,cash_margin,source\n"
        f"A-1,{now.isoformat()},3000000.00,0.00,0.00,0.00,台账\n"
        f"X-9,{now.isoformat()},1.00,0.00,0.00,0.00,台账\n",
        encoding="utf-8",
    )
    assert await brought(stage, wanted_of("exposure", str(file), None)) == (2, 1, 0, 1)
    assert position_of(stage).exposure == D("3000000.00")
    assert await brought(stage, wanted_of("exposure", str(file), None)) == (2, 0, 1, 1)
    assert len(await stage.events("exposure.stated")) == 1


async def brought(stage: HouseStage, wanted: Wanted) -> tuple[int, int, int, int]:
    """rows, added, already, bad."""
    app = stage.app
    course = imported(wanted, app.workspace, app.memory, stage.clock, readings_at_once=CLAIMS, taker=app.statements)
    tally = [told async for told in course][-1].tally
    return tally.rows, tally.added, tally.already, tally.bad
