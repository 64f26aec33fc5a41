"""``xiaoliuzi replay``: today's rules and today's contract over what was, or over what is given. Writes no store."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.command.reaching import running
from bot.command.replaying.account import missing, taken, with_tonnes
from bot.command.replaying.course import Course, Moments, Replay, grid
from bot.command.replaying.facts import JUDGED, Facts, facts_of
from bot.command.replaying.held import Held
from bot.command.replaying.prices import given_prices, recorded_prices, refs_of
from bot.command.replaying.records import Records
from bot.command.replaying.sources import HeldSource, RecordedSource
from bot.command.replaying.stage import Stage, alone
from bot.command.replaying.swift import SwiftReplay, left_out
from bot.command.replaying.titles import Titles
from datasources.workspace import Workspace
from domain.contract import Contract
from domain.errors import SourceUnavailable, StoreLocked
from domain.price import PriceQuote
from domain.proposal import PRICED
from store.ledger import Ledger
from store.series import Series

STEPS = {"1d": timedelta(days=1), "1h": timedelta(hours=1), "1m": timedelta(minutes=1), "5s": timedelta(seconds=5)}


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
        return asyncio.run(_replayed(workspace, asked, None, Facts()))
    file, ledger = (directory / name for name in (workspace.settings.store.series, workspace.settings.store.ledger))
    if not file.exists():
        raise SourceUnavailable(
            f"no series {str(file)!r}: `xiaoliuzi import` brings readings and prices in, --mass TANK=TONNES and "
            "--prices FILE do without"
        )
    _refuse_while_running(directory)
    facts = _facts(ledger, workspace, asked) if ledger.exists() and not asked.tonnes else Facts()
    series = Series.open(file)
    try:
        return asyncio.run(_replayed(workspace, asked, series, facts))
    finally:
        series.close()


def _facts(file: Path, workspace: Workspace, asked: Asked) -> Facts:
    """What the ledger knew of this contract; of prices nothing where they are given or a person is assumed."""
    contract = workspace.contracts[asked.contract_id]
    ledger = Ledger.open(file)
    try:
        facts = facts_of(
            ledger, alone(workspace, contract), contract, asked.start, asked.end, known_then=asked.known_then
        )
    finally:
        ledger.close()
    if asked.prices is not None:
        return facts.without(JUDGED, PRICED)
    return facts if asked.confirm_after is None else facts.unconfirmed()


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


async def _replayed(workspace: Workspace, asked: Asked, series: Series | None, facts: Facts) -> Course:
    contract = workspace.contracts[asked.contract_id]
    stage = Stage(alone(workspace, contract), asked.start)
    refs = refs_of(contract)
    if asked.prices is not None:
        quotes = await given_prices(asked.prices, refs, asked.start, asked.end)
    else:
        assert series is not None, "recorded prices need the series"
        quotes = recorded_prices(series, refs, asked.start, asked.end, known_then=asked.known_then)
    moments = Moments(grid(asked.start, asked.end, asked.step), asked.end)
    if asked.tonnes:
        held = HeldSource(Held(workspace, contract, stage.house.plant), contract, workspace, asked.tonnes)
        course = await Replay(stage, contract, held, confirm_after=asked.confirm_after).run(moments, quotes)
        course.missing.append(with_tonnes())
        return course
    assert series is not None, "recorded readings need the series"
    source = RecordedSource(series, workspace, contract, known_then=asked.known_then)
    return await _over_records(stage, contract, source, facts, asked, moments, quotes)


async def _over_records(
    stage: Stage,
    contract: Contract,
    source: RecordedSource,
    facts: Facts,
    asked: Asked,
    moments: Moments,
    quotes: Sequence[PriceQuote],
) -> Course:
    """With a screen where the columns know all that the contract goes by, else moment by moment: the same course."""
    titles = Titles.of(source.series, source.sites, asked.start, asked.end, known_then=asked.known_then)
    records = Records(stage, contract, facts, titles)
    reasons = left_out(stage, contract, facts)
    way = Replay if reasons else SwiftReplay
    course = await way(stage, contract, source, confirm_after=asked.confirm_after, records=records).run(moments, quotes)
    if not source.readings and not any(point.known for point in course.points):  # quiet moments ask the source nothing
        raise SourceUnavailable(_nothing_read(contract, asked))
    course.taken = taken(facts, titles.entries)
    course.missing = [*missing(records, source, asked.end), *_of_prices(asked)]
    course.slow = reasons
    return course


def _of_prices(asked: Asked) -> list[str]:
    """What was recorded of prices and is not considered because something else was asked for."""
    if asked.prices is not None:
        return ["manual prices and people's words on prices: given prices stand in their place"]
    return [] if asked.confirm_after is None else ["people's words on prices: --confirm-after stands in their place"]


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
