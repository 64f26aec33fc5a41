"""A day that a bot lives through minute by minute on the house's stage, and the same day replayed over what it recorded."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from pathlib import Path

from bot.command.replaying.course import Course
from bot.command.replaying.entry import Asked, replay
from datasources.workspace import load
from domain.alarm import Answer, acknowledge
from domain.ownership.entry import Entry, EntryKind
from tests.fakes.house_ground import Edits
from tests.fakes.house_stage import NOW, HouseStage

MINUTE = timedelta(minutes=1)
BEGIN = NOW.replace(hour=15, minute=30)  # half an hour before a midnight in China
STEPS = ("raised", "changed", "renewed", "returned")
Step = tuple[datetime, str, str, str, int]
"""The minute by which it was told, the step, the kind, the subject, and the severity (0: a return tells none)."""
OWN_FILES: Edits = {
    "xiaoliuzi.toml": [("state/series.duckdb", "series.duckdb"), ("state/ledger.duckdb", "ledger.duckdb")]
}


def edits(*several: Edits) -> Edits:
    """All of these, and the store where the stage keeps it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for changes in (OWN_FILES, *several):
        for name, texts in changes.items():
            found.setdefault(name, []).extend(texts)
    return found


async def minutes(stage: HouseStage, many: int = 1, **levels: float) -> None:
    """So many whole minutes since BEGIN: at each the depots' papers are read, then the gauges."""
    for _ in range(many):
        gone = (stage.times.wall - BEGIN).total_seconds()
        stage.times.passes((int(gone // 60) + 1) * 60 - gone)
        await told(stage)
        await stage.read(times=1, every_s=0.0, **levels)
        await stage.deliver()
        levels = {}


async def told(stage: HouseStage) -> None:
    """The depots' papers are read; the book says of now what it said before."""
    now = stage.clock.now()
    stage.papers.rows = [replace(row, as_of=now) for row in stage.papers.rows]
    await stage.paper()


def opening(owner: str, kg: int, line: int) -> Entry:
    """What an owner had in T-2 ten days ago."""
    return Entry(
        no="QC", line=line, kind=EntryKind.OPENING, kg=kg, at=NOW - timedelta(days=10), tank_id="T-2", good="DIESEL0",
        site_id="north", owner=owner,
    )  # fmt: skip


async def answered(stage: HouseStage, kind: str) -> None:
    """Everybody who is obliged by the newest alarm of this kind says 收到."""
    alarm = stage.alarms(kind)[-1]
    roster = stage.house.workspace.roster
    for party in alarm.waiting():
        said = partial(acknowledge, person=party.person, answer=Answer.ACK, roster=roster, via="press")
        mark = ("telegram", f"{alarm.id}-{alarm.revision}-{party.person}")
        await stage.app.judging.apply(alarm, partial(said, now=stage.clock.now()), seen=mark)


async def closed(stage: HouseStage, kind: str) -> None:
    """陈工 closes the newest alarm of this kind, by its button, ten seconds later."""
    stage.times.passes(10)
    await stage.deliver()
    alarm = stage.alarms(kind)[-1]
    buttons = [(m, label, token) for m in stage.at("a_bank") for label, token in m.buttons]
    card, label = next((m, label) for m, label, token in buttons if alarm.id in token and token.endswith("|close"))
    await stage.press("chen", card, label)
    assert not stage.house.alarms[alarm.tenant, alarm.id].open


async def refused(stage: HouseStage) -> None:
    """陈工 refuses every strange price that waits."""
    chen = stage.house.workspace.roster.people["chen"]
    for alarm in stage.alarms("price_outlier"):
        stage.times.passes(1)
        await stage.app.pricing.decide(alarm, chen, taken=False, seen=("telegram", f"no-{alarm.id}"))


async def confirmed(stage: HouseStage, text: str) -> None:
    """王经理 proposes it, 陈工 confirms it."""
    await stage.deliver()
    await stage.say("wang", "a_bank", text)
    card = next(m for m in await stage.deliver() if any(label == "复核确认" for label, _ in m.buttons))
    await stage.press("chen", card, "复核确认")


async def told_live(stage: HouseStage) -> list[Step]:
    """Every step of every alarm of A-1 as the ledger has it."""
    kinds = {a.id: a for a in stage.house.alarms_of("A-1")}
    found = []
    for e in await stage.events(*(f"alarm.{step}" for step in STEPS)):
        if e.tenant == "bank_a" and e.body["alarm"] in kinds:
            alarm = kinds[e.body["alarm"]]
            step = e.kind.removeprefix("alarm.")
            found.append((minute(e.occurred_at), step, alarm.kind.value, alarm.subject, int(e.body.get("severity", 0))))
    return sorted(found)


async def told_again(stage: HouseStage, **asked: object) -> tuple[list[Step], Course]:
    """The same by a replay over what was recorded; the stage has fallen by then."""
    await stage.app.keeping.step()
    end = stage.clock.now()
    stage.fall()
    course = await asyncio.to_thread(replayed, stage.directory, end, **asked)
    found = [
        (minute(h.at), h.step, h.kind.value, h.subject, 0 if h.step == "returned" else int(h.severity))
        for h in course.happenings
        if h.step in STEPS
    ]
    return sorted(found), course


def replayed(directory: Path, end: datetime, **asked: object) -> Course:
    """What ``xiaoliuzi replay --from BEGIN --step 1m`` finds of A-1, unless something else is asked."""
    workspace = load(directory, now=end).sound()
    given = {"prices": None, "tonnes": {}, "confirm_after": None, "known_then": True, "step": MINUTE, **asked}
    return replay(directory, workspace, Asked(contract_id="A-1", start=BEGIN, end=end, **given))  # type: ignore[arg-type]


def minute(at: datetime) -> datetime:
    """The whole minute since BEGIN that it had come to by then."""
    return BEGIN + ceil((at - BEGIN) / MINUTE) * MINUTE
