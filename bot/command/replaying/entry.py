"""``xiaoliuzi replay``: today's rules and today's contract over what was, or over what is given. Writes no store."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.command.reaching import running
from bot.command.replaying.course import Course, Moments, Replay, grid
from bot.command.replaying.held import Held
from bot.command.replaying.prices import given_prices, recorded_prices, refs_of
from bot.command.replaying.sources import HeldSource, RecordedSource
from bot.command.replaying.stage import Stage, alone
from bot.command.replaying.swift import SwiftReplay, left_out
from datasources.workspace import Workspace
from domain.contract import Contract
from domain.errors import SourceUnavailable, StoreLocked
from store.series import Series

log = logging.getLogger(__name__)

STEPS = {"1d": timedelta(days=1), "1h": timedelta(hours=1), "1m": timedelta(minutes=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be replayed. prices None: the recorded ones; tonnes empty: the recorded readings."""

    contract_id: str
    start: datetime
    end: datetime
    step: timedelta
    prices: Path | None
    tonnes: Mapping[str, float]
    confirm_after: timedelta | None
    known_then: bool


def replay(directory: Path, workspace: Workspace, asked: Asked) -> Course:
    """Live through the asked time.

    Raises StoreLocked while a bot runs on the workspace and its series is needed, SourceError for what is not there.
    """
    if asked.prices is not None and asked.tonnes:
        return asyncio.run(_replayed(workspace, asked, None))
    file = directory / workspace.settings.store.series
    if not file.exists():
        raise SourceUnavailable(
            f"no series {str(file)!r}: `xiaoliuzi import` brings readings and prices in, --mass TANK=TONNES and "
            "--prices FILE do without"
        )
    _refuse_while_running(directory)
    series = Series.open(file)
    try:
        return asyncio.run(_replayed(workspace, asked, series))
    finally:
        series.close()


def _refuse_while_running(directory: Path) -> None:
    try:
        answer = running(directory, "ask", {})
    except (SourceUnavailable, ValueError):
        answer = {}
    if answer is not None:
        raise StoreLocked(
            f"a bot runs on {str(directory)!r} and holds its series: stop it, replay a copy of the directory, or give "
            "both --prices FILE and --mass TANK=TONNES"
        )


async def _replayed(workspace: Workspace, asked: Asked, series: Series | None) -> Course:
    contract = workspace.contracts[asked.contract_id]
    stage = Stage(alone(workspace, contract), asked.start)
    source: HeldSource | RecordedSource
    if asked.tonnes:
        source = HeldSource(Held(workspace, contract, stage.house.plant), contract, workspace, asked.tonnes)
    else:
        assert series is not None, "recorded readings need the series"
        source = RecordedSource(series, workspace, contract, known_then=asked.known_then)
    refs = refs_of(contract)
    if asked.prices is not None:
        quotes = await given_prices(asked.prices, refs, asked.start, asked.end)
    else:
        assert series is not None, "recorded prices need the series"
        quotes = recorded_prices(series, refs, asked.start, asked.end, known_then=asked.known_then)
    replay_ = _way(stage, contract, source, asked.confirm_after)
    course = await replay_.run(Moments(grid(asked.start, asked.end, asked.step), asked.end), quotes)
    if isinstance(source, RecordedSource) and not source.readings:
        raise SourceUnavailable(_nothing_read(contract, asked))
    return course


def _way(
    stage: Stage, contract: Contract, source: HeldSource | RecordedSource, confirm_after: timedelta | None
) -> Replay:
    """With a screen where the columns know all that the contract goes by, else moment by moment: the same course."""
    if isinstance(source, RecordedSource):
        reasons = left_out(stage, contract)
        if not reasons:
            return SwiftReplay(stage, contract, source, confirm_after=confirm_after)
        log.info("replay.moment_by_moment because=%s", ", ".join(reasons))
    return Replay(stage, contract, source, confirm_after=confirm_after)


def _nothing_read(contract: Contract, asked: Asked) -> str:
    span = f"{asked.start:%Y-%m-%d} to {asked.end:%Y-%m-%d}"
    if asked.known_then:
        return f"{contract.id!r}: no reading was known in {span}; what was imported later counts with --known now"
    return f"{contract.id!r}: the series has no reading of {span}"


def moment_of(text: str, *, end: bool = False) -> datetime:
    """A date (its first moment in China, or its last with ``end``), or a time with its zone. Raises ValueError."""
    if len(text) == len("2020-04-20"):
        text += "T23:59:59+08:00" if end else "T00:00:00+08:00"
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone: write {text}+08:00 if that is China time")
    return moment.astimezone(UTC)
