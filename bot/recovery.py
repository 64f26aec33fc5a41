"""Start-up is recovery: the house as the ledger and the series last knew it, before the first poll."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.house import House
from bot.memory import Memory
from bot.pricing import replay
from datasources.workspace import Workspace
from domain.alarm import Alarm, fold
from domain.event import Event, Recorded, current

LAST_KNOWN = timedelta(hours=24)
ALARM_EVENTS = (
    "alarm.raised",
    "alarm.changed",
    "alarm.renewed",
    "alarm.returned",
    "alarm.acknowledged",
    "alarm.reminded",
    "alarm.closed",
)


async def recover(workspace: Workspace, memory: Memory, now: datetime) -> tuple[House, list[Event]]:
    """The house with its alarms, prices and last readings; and the chats' moves.

    A message that was under way when the process ended is settled as unknown: the policy of delivery decides.
    """
    await memory.ledger(lambda book: book.recover(now))
    recorded = await memory.ledger(lambda book: list(book.events()))
    events = [current(r.event) for r in recorded]
    house = House(workspace, alarms_of(events, workspace))
    replay(house, (e for e in events if e.kind == "price.judged"))
    readings = await memory.series(lambda s: s.latest(workspace.index, now=now, within=LAST_KNOWN))
    if len(readings.rows):
        house.take(readings)
    return house, [e for e in events if e.kind == "chat.moved"]


def alarms_of(events: Iterable[Event], workspace: Workspace) -> list[Alarm]:
    """Every alarm folded from its events; those of contracts no longer in the workspace are left out."""
    alarms: dict[tuple[str, str], Alarm] = {}
    for event in events:
        if event.kind not in ALARM_EVENTS:
            continue
        key = (event.tenant, event.body["alarm"])
        alarms[key] = fold(alarms.get(key), [event])
    return [a for a in alarms.values() if a.contract_id in workspace.contracts]


def last_recorded(recorded: Iterable[Recorded]) -> datetime | None:
    """When memory was last written to: the floor of the clock."""
    return max((r.recorded_at for r in recorded), default=None)
