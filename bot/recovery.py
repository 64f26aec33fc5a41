"""Start-up is recovery: the house as the ledger and the series last knew it, before the first poll."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.house import House
from bot.memory import Memory
from bot.pricing import replay
from datasources.workspace import Workspace
from domain.alarm import Alarm, fold
from domain.event import Event
from domain.farm import COLUMNS, Quality, Readings
from rules import quantity_drop

LAST_KNOWN = timedelta(days=7)
"""How far back the last good reading of a tank is looked for."""
STEP_US = 10_000_000
"""Grid on which the rules' window is lived through again."""
ALARM_EVENTS = frozenset(
    {
        "alarm.raised",
        "alarm.changed",
        "alarm.renewed",
        "alarm.returned",
        "alarm.acknowledged",
        "alarm.reminded",
        "alarm.closed",
    }
)
WANTED = ALARM_EVENTS | {"price.judged", "chat.moved"}


async def recover(workspace: Workspace, memory: Memory, now: datetime) -> tuple[House, list[Event]]:
    """The house with its alarms, prices, last readings and the rules' window; and the chats' moves.

    A message that was under way when the process ended is settled as unknown: the policy of delivery decides.
    """
    await memory.ledger(lambda book: book.recover(now))
    events = [r.event for r in await memory.ledger(lambda book: list(book.events(kinds=WANTED)))]
    numbers = ((e.tenant, e.body["alarm"]) for e in events if e.kind == "alarm.raised")  # never given again
    house = House(workspace, alarms_of(events, workspace), numbers)
    replay(house, (e for e in events if e.kind == "price.judged"))
    await _books(house, memory, now)
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


async def _books(house: House, memory: Memory, now: datetime) -> None:
    """Each site's book as it was last heard."""
    for site in house.workspace.sites:
        book = await memory.series(lambda s, of=site: s.book_as_of(of, valid=now, known=now))  # type: ignore[misc]
        if book is not None:
            house.take_book(site, book)


async def _last_readings(house: House, memory: Memory, now: datetime) -> None:
    """The last good reading of every tank, then the window of the rules, lived through once more."""
    workspace = house.workspace
    contracts = list(workspace.contracts.values())
    longest = max((c.tolerances.window_s for c in contracts), default=0.0)
    begin = now - timedelta(seconds=longest)
    before = await memory.series(lambda s: s.latest_good(workspace.index, now=begin, within=LAST_KNOWN))
    if len(before.rows):
        house.take(before)
        _sample(house, begin)
    ids = [t.id for t in workspace.index.tanks]
    window = await memory.series(lambda s: s.window(workspace.index, ids, begin, now))
    for at, readings in _steps(window):
        house.take(readings)
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
    """The good readings of a window in steps of STEP_US: of each tank the last one of each step, with its time."""
    good = np.flatnonzero(window.quality == Quality.GOOD)
    order = good[np.argsort(window.taken_at_us[good], kind="stable")]
    slots = window.taken_at_us[order] // STEP_US
    for slot in np.unique(slots):
        mine = order[slots == slot][::-1]  # newest first, so that unique keeps each tank's newest
        last = mine[np.unique(window.rows[mine], return_index=True)[1]]
        columns = {name: getattr(window, name)[last] for name in COLUMNS}
        at = datetime.fromtimestamp(int(columns["taken_at_us"].max()) / 1e6, UTC)
        yield at, Readings(rows=window.rows[last], **columns)
