"""A replay that leaves moments out comes to the very course of one that judges each."""

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.command.replaying.course import Course, Moments, Replay, grid
from bot.command.replaying.sources import RecordedSource
from bot.command.replaying.stage import Stage
from bot.command.replaying.swift import SwiftReplay, left_out
from datasources.workspace import Workspace
from tests.fakes.replay_world import START, World, calm_world, ground, reading, world

WORLDS = int(os.environ.get("REPLAY_WORLDS", "5"))
"""So many random worlds; hundreds after a change of the screen."""
SPANS = (timedelta(minutes=25), timedelta(hours=2), timedelta(days=4))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return ground(tmp_path_factory.mktemp("ground"))


async def slowly(given: World) -> Course:
    stage = Stage(given.workspace, given.start)
    source = RecordedSource(given.series, given.workspace, given.contract, known_then=given.known_then)
    records = given.records(stage)
    replay = Replay(stage, given.contract, source, confirm_after=given.confirm_after, records=records)
    return await replay.run(Moments(grid(given.start, given.end, given.step), given.end), given.quotes)


async def swiftly(given: World, span: timedelta = SPANS[-1]) -> tuple[Course, int]:
    stage = Stage(given.workspace, given.start)
    assert left_out(stage, given.contract) == []
    source = RecordedSource(given.series, given.workspace, given.contract, known_then=given.known_then)
    records = given.records(stage)
    replay = SwiftReplay(stage, given.contract, source, confirm_after=given.confirm_after, records=records, span=span)
    course = await replay.run(Moments(grid(given.start, given.end, given.step), given.end), given.quotes)
    return course, replay.judged


@pytest.mark.parametrize("seed", range(WORLDS))
async def test_in_a_nasty_world_nothing_is_missed_and_nothing_differs(files: Workspace, seed: int) -> None:
    given = world(files, seed, minutes=60)

    every = await slowly(given)
    some, _ = await swiftly(given, SPANS[seed % len(SPANS)])

    assert some.happenings == every.happenings
    assert some.points == every.points


@pytest.mark.parametrize("near", ["1.10", "0.98", "0.80"])
async def test_above_and_below_every_line_hardly_a_moment_is_judged(files: Workspace, near: str) -> None:
    given = calm_world(files, minutes=90, near=Decimal(near))

    every = await slowly(given)
    some, judged = await swiftly(given)

    assert some.happenings == every.happenings
    assert some.points == every.points
    assert len(some.points) == 91
    assert judged <= 3, "the first moment, and what follows from the publication that came with it"


async def test_a_fall_below_a_line_is_judged_at_its_very_minute(files: Workspace) -> None:
    given = calm_world(files, minutes=90, near=Decimal("1.002"), outflow_from=40)

    some, judged = await swiftly(given)

    (raised,) = [h for h in some.happenings if h.kind == "value_below_line" and h.step == "raised"]
    before = [p for p in some.points if p.at < raised.at]
    assert raised.at > START + timedelta(minutes=40)
    assert all(p.breached is None for p in before)
    assert raised.facts["change"]["since"] == "2026-03-12T15:20:00Z", "it is compared with a moment that nobody judged"
    assert judged < 60


async def test_two_words_with_the_same_times_leave_the_moments_to_the_series_itself(files: Workspace) -> None:
    given = calm_world(files, minutes=30, near=Decimal("1.10"))
    at = START + timedelta(minutes=10, seconds=5)
    for _ in range(2):
        given.series.append([reading(given.workspace, "T-1", at, 2500.0)], given.workspace.index)

    every = await slowly(given)
    some, judged = await swiftly(given)

    assert (some.happenings, some.points) == (every.happenings, every.points)
    assert judged == len(every.points)


def test_a_term_that_the_columns_do_not_know_leaves_the_contract_to_moment_by_moment(files: Workspace) -> None:
    given = calm_world(files, minutes=1, near=Decimal(1))
    contract = given.contract
    lossy = replace(contract, tolerances=replace(contract.tolerances, natural_loss={"METHANOL": 0.002}))
    batch = replace(contract, pledged=(replace(contract.pledged[0], batches=("B-1",)), *contract.pledged[1:]))
    stage = Stage(given.workspace, START)

    assert left_out(stage, contract) == []
    assert left_out(stage, lossy) == ["Tolerances.natural_loss"]
    assert left_out(stage, batch) == ["PledgedTank.batches"]
    assert left_out(stage, replace(contract, receipts=())) == ["Contract.receipts"]


def test_fixed_parts_of_two_contracts_in_one_tank_are_left_to_moment_by_moment(files: Workspace) -> None:
    stage = Stage(files, START)
    assert left_out(stage, files.contracts["A-1"]) == ["claims of others in T-2"]


def test_moments_come_once_each_in_order_and_none_after_the_end() -> None:
    end = START + timedelta(minutes=3)
    moments = Moments(grid(START, end, timedelta(minutes=1)), end)
    assert moments.next() == START
    for late in (end + timedelta(seconds=1), START + timedelta(minutes=1), START + timedelta(seconds=90)):
        moments.add(late)

    assert moments.within(timedelta(seconds=60)) == [START + timedelta(seconds=s) for s in (60, 90, 120)]
    assert [m - START for m in moments] == [timedelta(seconds=s) for s in (60, 90, 120, 180)]
    assert len(moments) == 0
