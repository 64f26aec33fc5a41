"""How every contract stood at a past moment, under the terms then in force: the past is recovered as a start recovers.

The workspace of then is read anew from the files that the ledger keeps; the house is restored from what had been
recorded and had reached us by then. Nothing is changed and nothing is said.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from bot.gauged import reading_of
from bot.memory import Memory
from bot.owned import owned
from bot.recovery import restored
from datasources.workspace import Workspace, load
from domain.contract import Contract
from domain.errors import SourceUnavailable
from domain.event import Event
from domain.metering.plant import Plant
from domain.position import Position
from skills.ports import Owned, Reading
from store.ledger import Ledger

LOADED = "workspace.loaded"
KEPT = 16
"""So many moments are kept."""
SETTLED = timedelta(minutes=1)
"""What is older has been committed by now, readings that wait for their file (``flush_s``) too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """The contracts and their positions at ``at``, by id. terms: content hash of the files that they were read from.

    of_then: those files were in force then; false where they were never kept, so that today's had to serve. readings: by
    tank, the newest of then.
    """

    at: datetime
    terms: str
    of_then: bool
    contracts: Mapping[str, Contract]
    positions: Mapping[str, Position]
    owned: Mapping[str, tuple[Owned, ...]]
    readings: Mapping[str, Reading]


async def stood(workspace: Workspace, memory: Memory, at: datetime, *, plant: Plant | None = None) -> Stood:
    """How it stood. plant: of the workspace's tanks, where it is there already.

    Raises SourceUnavailable for a moment before anything was recorded, StoreError.
    """
    looking = memory.here()
    then = await _workspace_then(workspace, looking, at)
    todays = then is None or then is workspace
    house, _ = await restored(then or workspace, looking, at, plant=plant if todays else None)
    scenes = {c.id: house.scene(c, at) for c in house.workspace.contracts.values()}
    return Stood(
        at=at,
        terms=house.workspace.content_hash,
        of_then=then is not None,
        contracts={i: scene.contract for i, scene in scenes.items()},
        positions={i: scene.position for i, scene in scenes.items()},
        owned={i: owned(house, scene.contract, at) for i, scene in scenes.items()},
        readings={t.id: reading_of(house, t.id) for t in house.workspace.index.tanks},
    )


def look_back(workspace: Workspace, memory: Memory, at: datetime, *, plant: Plant | None = None) -> Stood:
    """The same, for every thread but the loop's: to fold a year of events would hold up polls and alerts."""
    return asyncio.run(stood(workspace, memory, at, plant=plant))


class Looks:
    """Looks into the past for questions: the moments asked about lately are kept until an import tells the past anew.

    A day's questions all look at its beginning, a month's at the last month's end. Used from many threads.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._kept: OrderedDict[tuple[str, int, datetime], Stood] = OrderedDict()
        self._lock = Lock()

    def at(self, workspace: Workspace, at: datetime, now: datetime, *, plant: Plant | None = None) -> Stood:
        """As ``look_back``."""
        key = workspace.content_hash, self._memory.rewritten, at
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = look_back(workspace, self._memory, at, plant=plant)
        settled = max(SETTLED, timedelta(seconds=2 * workspace.settings.store.flush_s))
        if now - at >= settled and self._memory.rewritten == key[1]:
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, int, datetime], found: Stood) -> None:
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


async def _workspace_then(today: Workspace, memory: Memory, at: datetime) -> Workspace | None:
    """The workspace that was in force; None where its files were never kept, or this program cannot read them.

    Where today's files were in force already, they need not be read again: that takes longer than all the rest.
    """
    events = await memory.ledger(lambda book: list(book.events(kinds={LOADED})))
    if not events or events[0].recorded_at > at:
        first = f"recording began at {events[0].recorded_at.isoformat()}" if events else "nothing was ever recorded"
        raise SourceUnavailable(f"{at.isoformat()}: {first}; ask for a later moment")
    event = next(r.event for r in reversed(events) if r.recorded_at <= at)
    if event.body["hash"] == today.content_hash:
        return today
    contents = await memory.ledger(lambda book: _kept(book, event))
    return None if contents is None else await asyncio.to_thread(_read, contents, at)


def _kept(book: Ledger, event: Event) -> dict[str, bytes] | None:
    found = {path: book.kept_file(digest) for path, digest in event.body["files"].items()}
    whole = {path: content for path, content in found.items() if content is not None}
    return whole if len(whole) == len(found) else None


def _read(contents: Mapping[str, bytes], at: datetime) -> Workspace | None:
    with TemporaryDirectory() as folder:
        for path, content in contents.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return load(Path(folder), now=at).workspace
