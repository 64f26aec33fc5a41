"""The past is answered as it was judged: to the fen, by what was known then, under the terms then in force."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.command.importing.course import imported, wanted_of
from bot.command.valuing import lines_of, valued
from bot.desk import HouseDesk
from bot.gauged import reading_of
from bot.memory import Memory
from bot.naming import WorkspaceNames
from bot.past import Looks, stood
from bot.words import Words
from domain.contract import Line
from domain.errors import SourceUnavailable
from domain.event import Event
from domain.position import Position
from tests.fakes.house_ground import rewrite
from tests.fakes.house_stage import HouseStage

S = timedelta(seconds=1)
A, B = "A-1", "B-1"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[HouseStage]:
    stage = await HouseStage.start(tmp_path / "w")
    await stage.app.remember_workspace()
    await stage.market("1")
    await stage.paper()
    await stage.read(times=2)
    yield stage
    stage.fall()


async def lived(stage: HouseStage) -> tuple[datetime, dict[str, Position]]:
    """Now, and every position as it was last judged; what has been read is in the series."""
    await stage.app.keeping.step()
    now = stage.clock.now()
    contracts = stage.house.workspace.contracts.values()
    return now, {c.id: stage.house.scene(c, now).position for c in contracts}


async def test_every_moment_lived_through_is_answered_as_it_was(stage: HouseStage) -> None:
    past = [await lived(stage)]
    for factor, level in (("0.97", 2400.0), ("0.93", 2500.0), ("1.01", 2350.0), ("1.05", 2600.0)):
        await stage.market(factor)
        await stage.read(times=2, T_1=level)
        past.append(await lived(stage))
        await stage.pass_time(400)
    await stage.restart()
    assert len({positions[A].recognised for _, positions in past}) == 5
    for at, positions in past:
        found = await stood(stage.house.workspace, stage.memory, at)
        assert found.of_then
        assert found.positions == positions


async def test_the_terms_of_then_count_and_not_those_of_today(stage: HouseStage) -> None:
    before, positions = await lived(stage)
    await stage.pass_time(60)
    stage.fall()
    rewrite(
        stage.directory, {"contracts/a.yaml": [("ltv_warn: 0.70", "ltv_warn: 0.66"), ("haircut: 0,", "haircut: 0.10,")]}
    )
    await stage.rise()
    await stage.app.remember_workspace()
    after = stage.clock.now()
    then = await stood(stage.house.workspace, stage.memory, before)
    now = await stood(stage.house.workspace, stage.memory, after)
    assert then.positions == positions
    assert then.terms != now.terms
    assert now.positions[A].recognised < then.positions[A].recognised
    assert now.positions[A].line_values[Line.WARN] > then.positions[A].line_values[Line.WARN]


async def test_what_came_later_was_not_known(stage: HouseStage) -> None:
    at, positions = await lived(stage)
    await stage.market("0.80")
    await stage.read(times=3, T_1=1000.0)
    await lived(stage)
    assert (await stood(stage.house.workspace, stage.memory, at)).positions == positions


async def test_looking_back_changes_nothing(stage: HouseStage) -> None:
    at, _ = await lived(stage)
    await stage.market("0.95")
    owed, events = await stage.owed(), await stage.events()
    await stood(stage.house.workspace, stage.memory, at)
    assert (await stage.owed(), await stage.events()) == (owed, events)


async def test_before_the_first_record_there_is_no_answer(stage: HouseStage) -> None:
    with pytest.raises(SourceUnavailable, match="recording began at 2026-03-12"):
        await stood(stage.house.workspace, stage.memory, stage.clock.now() - timedelta(days=1))


async def test_a_start_whose_files_were_not_kept_says_that_todays_terms_served(tmp_path: Path) -> None:
    stage = await HouseStage.start(tmp_path / "w")
    workspace = stage.house.workspace
    body = {"hash": "e" * 64, "files": dict(workspace.files)}  # as an earlier program started, with other files
    now = stage.clock.now()
    await stage.app.judging.record(
        [Event(tenant="@", kind="workspace.loaded", v=1, occurred_at=now, actor="system", body=body)], []
    )
    await stage.market("1")
    await stage.read(times=2)
    at, positions = await lived(stage)
    found = await stood(workspace, stage.memory, at)
    stage.fall()
    assert not found.of_then
    assert found.positions == positions


async def test_the_command_tells_the_parts_and_their_sum(stage: HouseStage) -> None:
    at, positions = await lived(stage)
    told = await valued(stage.house.workspace, stage.memory, {"at": at.isoformat(), "contract": A})
    (mine,) = told["contracts"]
    assert sum(Decimal(t["value_cny"]) for t in mine["tanks"]) == positions[A].recognised
    assert Decimal(mine["recognised_cny"]) == positions[A].recognised
    text = "\n".join(lines_of(told))
    assert f"recognised {positions[A].recognised:,.2f}" in text
    assert "the terms then in force" in text
    assert B not in text


async def test_a_contract_that_writes_coverage_is_told_in_coverage(stage: HouseStage) -> None:
    stage.fall()
    ratios = "ltv_initial: 0.65, ltv_warn: 0.70, ltv_control: 0.75, ltv_disposal: 0.85"
    written = "coverage: {initial: 1.55, warn: 1.43, control: 1.33, disposal: 1.18}"
    rewrite(stage.directory, {"contracts/a.yaml": [(ratios, written)]})
    await stage.rise()
    await stage.app.remember_workspace()
    await stage.read(times=2)
    at, positions = await lived(stage)
    told = await valued(stage.house.workspace, stage.memory, {"at": at.isoformat(), "contract": A})
    (mine,) = told["contracts"]
    assert Decimal(mine["coverage"]) == positions[A].recognised / positions[A].exposure
    text = "\n".join(lines_of(told))
    assert f"coverage {Decimal(mine['coverage']):.2%}" in text
    assert "LTV" not in text
    board = HouseDesk(stage.house, Words(WorkspaceNames(stage.house.workspace)), stage.clock).board(None)
    ratios_of = {p.contract_id: (p.ltv, p.coverage) for p in board.projects}
    assert ratios_of[A] == (None, positions[A].coverage)
    assert ratios_of[B] == (positions[B].ltv, None)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"at": "2026-03-12T14:32:00"}, "write the zone"),
        ({"at": "yesterday"}, "Invalid isoformat"),
        ({"at": "2020-01-01T00:00:00+08:00"}, "recording began at"),
        ({"at": "0001-01-01T00:00:00+08:00"}, "lies outside the years"),
        ({"at": "NOW", "contract": "C-9"}, "no contract 'C-9' then; there were A-1, B-1"),
    ],
)
async def test_what_cannot_be_asked_is_said(stage: HouseStage, request_: dict[str, str], says: str) -> None:
    request_ = {k: v.replace("NOW", stage.clock.now().isoformat()) for k, v in request_.items()}
    assert says in (await valued(stage.house.workspace, stage.memory, request_))["error"]


async def test_a_clerk_asks_in_the_chat_and_reads_the_value_of_then(stage: HouseStage) -> None:
    at, positions = await lived(stage)
    await stage.pass_time(600)
    await stage.market("0.90")
    await stage.read(times=2)
    await stage.deliver()
    local = at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert local.microsecond == 0
    await stage.say("chen", "a_bank", f"今天{local:%H:%M:%S}恒运池货值多少", addressed=True)
    (answer,) = await stage.deliver()
    assert f"认可货值 {positions[A].recognised / 10_000:,.2f}万元" in answer.text
    assert "按当时所知、当时条款" in answer.text
    assert B not in answer.text


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01 03:00"])
async def test_a_day_at_the_end_of_the_calendar_ends_no_loop(stage: HouseStage, day: str) -> None:
    await stage.deliver()
    await stage.say("chen", "a_bank", f"{day}货值多少", addressed=True)
    assert len(await stage.deliver()) == 1


async def test_to_look_back_takes_none_of_the_loops_time(stage: HouseStage) -> None:
    """A year of events takes seconds to fold; the polls and the alerts go on meanwhile."""
    at, _ = await lived(stage)
    threads: list[threading.Thread] = []

    class Watched(Memory):
        def here(self) -> Memory:
            threads.append(threading.current_thread())
            return super().here()

    stage.memory.__class__ = Watched
    await stage.pass_time(600)
    await stage.say("chen", "a_bank", "今天14点35分货值多少", addressed=True)
    await valued(stage.house.workspace, stage.memory, {"at": at.isoformat()})
    assert len(threads) == 2
    assert threading.main_thread() not in threads


async def test_a_tank_is_asked_about_at_a_past_moment_and_told_by_its_reading_of_then(stage: HouseStage) -> None:
    at, _ = await lived(stage)
    then = reading_of(stage.house, "T-1")
    await stage.pass_time(600)
    await stage.read(times=2, T_1=2400.0)
    await stage.deliver()
    local = at.astimezone(ZoneInfo("Asia/Shanghai"))
    await stage.say("chen", "a_bank", f"今天{local:%H:%M:%S} T-1液位多少", addressed=True)
    (answer,) = await stage.deliver()
    assert then.level_mm is not None
    assert f"液位 {then.level_mm / 1000:.3f}米" in answer.text
    assert f"{local:%H:%M}(按当时所知、当时条款)" in answer.text
    now = reading_of(stage.house, "T-1")
    assert now.level_mm is not None
    assert f"{now.level_mm / 1000:.3f}米" not in answer.text


async def test_a_moment_that_was_looked_at_is_not_recovered_again_and_the_newest_ones_are(stage: HouseStage) -> None:
    at, positions = await lived(stage)
    await stage.pass_time(600)
    now, looked = stage.clock.now(), 0

    class Counted(Memory):
        def here(self) -> Memory:
            nonlocal looked
            looked += 1
            return super().here()

    stage.memory.__class__ = Counted
    looks = Looks(stage.memory)
    found = [await asyncio.to_thread(looks.at, stage.house.workspace, at, now) for _ in range(3)]
    assert (looked, [f.positions for f in found]) == (1, [positions] * 3)
    for _ in range(3):
        await asyncio.to_thread(looks.at, stage.house.workspace, now, now)
    assert looked == 4


async def test_an_import_that_tells_the_past_anew_is_seen_by_the_next_look(stage: HouseStage, tmp_path: Path) -> None:
    await lived(stage)
    await stage.pass_time(30)
    at = stage.clock.now()
    await stage.pass_time(600)
    now, looks = stage.clock.now(), Looks(stage.memory)
    before = await asyncio.to_thread(looks.at, stage.house.workspace, at, now)
    file = tmp_path / "late.csv"
    told = (at - timedelta(seconds=1)).isoformat()
    file.write_text(
        f"tank,taken_at,received_at,level_mm,water_mm,temp_c\nT-1,{told},{told},1000,0,20\n", encoding="utf-8"
    )
    wanted = wanted_of("readings", str(file), None)
    async for last in imported(wanted, stage.house.workspace, stage.memory, stage.clock, readings_at_once=10):
        assert last.problems == ()
    after = await asyncio.to_thread(looks.at, stage.house.workspace, at, now)
    assert (before.readings["T-1"].level_mm, after.readings["T-1"].level_mm) == (2500.0, 1000.0)
