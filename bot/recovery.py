"""Start-up is recovery: the house as the ledger and the series last knew it, before the first poll."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.house import House
from bot.memory import Memory
from bot.owning import recall
from bot.pricing import replay
from datasources.workspace import Workspace
from domain.alarm import Alarm, fold
from domain.case.case import Case
from domain.case.fold import CASE_EVENTS
from domain.case.fold import fold as fold_case
from domain.deed.fold import DEED_EVENTS
from domain.event import Event
from domain.farm import COLUMNS, Quality, Readings
from domain.metering.plant import Plant
from domain.receipt.fold import RECEIPT_EVENTS
from domain.said import SAID_EVENTS
from rules import quantity_drop

LAST_KNOWN = timedelta(days=7)
"""How far back the last good reading of a tank is looked for."""
STEP_US = 10_000_000
"""Grid on which the rules' window is lived through again."""
FINE_US, FINE_FOR_US = 500_000, 20_000_000
"""Finer at the end: of gauges that are polled every second, the readings that the stock still holds against one another."""
ALARM_EVENTS = frozenset(
    {
        "alarm.raised",
        "alarm.changed",
        "alarm.renewed",
        "alarm.returned",
        "alarm.acknowledged",
        "alarm.reminded",
        "alarm.lapsed",
        "alarm.shelved",
        "alarm.unshelved",
        "alarm.closed",
    }
)
WANTED = ALARM_EVENTS | CASE_EVENTS | RECEIPT_EVENTS | SAID_EVENTS | DEED_EVENTS | {"price.judged", "chat.moved"}


async def recover(workspace: Workspace, memory: Memory, now: datetime) -> tuple[House, list[Event]]:
    """The house with its alarms, prices, last readings and the rules' window; and the chats' moves.

    A message that was under way when the process ended is settled as unknown: the policy of delivery decides.
    """
    await memory.ledger(lambda book: book.recover(now))
    house, moved = await restored(workspace, memory, now)
    await _sign_receipts(house, memory, now)
    return house, moved


async def restored(
    workspace: Workspace, memory: Memory, now: datetime, *, plant: Plant | None = None
) -> tuple[House, list[Event]]:
    """The house as it stood at ``now``, by what had been recorded and had reached us by then; changes nothing.

    plant: of this workspace's tanks, where it is there already.
    """
    recorded = await memory.ledger(lambda book: list(book.events(kinds=WANTED)))
    events = [r.event for r in recorded if r.recorded_at <= now]
    numbers = ((e.tenant, e.body["alarm"]) for e in events if e.kind == "alarm.raised")  # never given again
    house = House(workspace, alarms_of(events, workspace), numbers, plant=plant)
    replay(house, (e for e in events if e.kind == "price.judged"))
    house.hear(e for e in events if e.kind in SAID_EVENTS)
    house.take_receipts(events)
    house.take_deeds(events)
    house.put_cases(cases_of(events, workspace), ((e.tenant, e.body["case"]) for e in events if e.kind == "case.filed"))
    await _books(house, memory, now)
    await recall(house, memory, now)
    await _last_readings(house, memory, now)
    return house, [e for e in events if e.kind == "chat.moved"]


def alarms_of(events: Iterable[Event], workspace: Workspace) -> list[Alarm]:
    """Every alarm folded from its events; those of contracts no longer in the workspace are left out."""
    alarms: dict[tuple[str, str], Alarm] = {}
    for event in events:
        if event.kind in ALARM_EVENTS:
            key = (event.tenant, event.body["alarm"])
            alarms[key] = fold(alarms.get(key), [event])
    return [a for a in alarms.values() if a.contract_id in workspace.contracts]


def cases_of(events: Iterable[Event], workspace: Workspace) -> list[Case]:
    """Every case folded from its events; those of contracts no longer in the workspace are left out."""
    cases: dict[tuple[str, str], Case] = {}
    for event in events:
        if event.kind in CASE_EVENTS:
            key = (event.tenant, event.body["case"])
            cases[key] = fold_case(cases.get(key), [event])
    return [c for c in cases.values() if c.contract_id in workspace.contracts]


async def _sign_receipts(house: House, memory: Memory, now: datetime) -> None:
    """Receipts that the contracts' files pledge, and the chain does not know yet, enter it; once."""
    house.receipts.tell_contradictions(house.workspace)
    new = house.receipts.unsigned(house.workspace, now)
    if new:
        await memory.commit(events=new, debts=[], now=now)
        house.take_receipts(new)


async def _books(house: House, memory: Memory, now: datetime) -> None:
    """Each site's book as it was last heard."""
    sites = list(house.workspace.sites)
    for site, book in (await memory.series(lambda s: s.books_as_of(sites, valid=now, known=now))).items():
        house.take_book(site, book)


async def _last_readings(house: House, memory: Memory, now: datetime) -> None:
    """The last good reading of every tank, then the window of the rules, lived through once more."""
    workspace = house.workspace
    contracts = list(workspace.contracts.values())
    longest = max((c.tolerances.window_s for c in contracts), default=0.0)
    begin = now - timedelta(seconds=longest)
    before = await memory.series(lambda s: s.latest_good(workspace.index, now=begin, within=LAST_KNOWN, known=now))
    if len(before.rows):
        house.take(before)
        _sample(house, begin)
    ids = [t.id for t in workspace.index.tanks]
    window = await memory.series(lambda s: s.window(workspace.index, ids, begin, now, known=now))
    steps = list(_steps(window))
    for (at, _), _ in zip(steps, house.taking([readings for _, readings in steps]), strict=True):
        _sample(house, at)


def _sample(house: House, at: datetime) -> None:
    for project in house.projects.values():
        contract = project.contract
        project.memories[quantity_drop.NAME] = quantity_drop.sampled(
            project.memories[quantity_drop.NAME],
            stock=house.stocks[contract.on_delay],
            farm=house.farm,
            now=at,
            window_s=contract.tolerances.window_s,
        )


def _steps(window: Readings) -> Iterator[tuple[datetime, Readings]]:
    """The good readings of a window, step by step: of each tank the last one of each step, with its time."""
    good = np.flatnonzero(window.quality == Quality.GOOD)
    order = good[np.argsort(window.taken_at_us[good], kind="stable")]
    taken = window.taken_at_us[order]
    late = taken > taken[-1] - FINE_FOR_US if len(taken) else np.zeros(0, dtype=np.bool_)
    slots = np.where(late, taken // FINE_US * FINE_US, taken // STEP_US * STEP_US)
    for slot in np.unique(slots):
        mine = order[slots == slot][::-1]  # newest first, so that unique keeps each tank's newest
        last = mine[np.unique(window.rows[mine], return_index=True)[1]]
        columns = {name: getattr(window, name)[last] for name in COLUMNS}
        at = datetime.fromtimestamp(int(columns["taken_at_us"].max()) / 1e6, UTC)
        yield at, Readings(rows=window.rows[last], **columns)
