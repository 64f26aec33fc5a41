"""Gauge history into the series: each block a batch of its own, sealed in the ledger before the next one."""

from dataclasses import replace
from datetime import datetime, tzinfo

import numpy as np

from bot.clock import Clock
from bot.command.importing.tally import Kept, Tally
from bot.memory import Memory
from bot.watching import HOUSE, sealed_body
from datasources.imports.problem import RowProblem
from datasources.imports.readings import ReadingRows, ReadRows
from datasources.imports.sheet import Block
from datasources.workspace import Workspace
from domain.event import Event
from domain.farm import Quality
from store.bringing import Brought, Offers
from store.seal import Sealed
from store.series import Series

SOURCE = "import"
LOOK_BACK = 200
"""Events of the house's chain in which the seal of the last import is looked for; a seal said twice does no harm."""
LOG_BYTES = 32_000_000
"""So much log is moved into the file at once: a quarter of a second, in which live batches wait."""


class ReadingsImport:
    """The readings of one file."""

    def __init__(
        self, workspace: Workspace, memory: Memory, clock: Clock, *, now: datetime, zone: tzinfo | None, dated: bool
    ) -> None:
        """dated: the file has a column received_at; otherwise every row is received ``now``."""
        self._rows = ReadingRows(workspace.index, workspace.goods, now=now, zone=zone)
        self._index = workspace.index
        self._memory = memory
        self._clock = clock
        self._dated = dated
        self._offers: Offers | None = None

    async def begin(self) -> None:
        """Make ready, and seal the batch that an import before a crash may have left without one."""
        self._offers = await self._memory.series(lambda series: series.begin_import(dated=self._dated))
        written = await self._memory.series(lambda series: series.batches_of(SOURCE))
        if written and written[-1].batch not in await self._sealed_lately():
            await self._seal(written[-1])

    def read(self, block: Block) -> ReadRows:
        """Check a block; for any thread."""
        return self._rows.read(block)

    async def keep(self, read: ReadRows) -> Kept:
        """Write what is new, and seal it. Raises StoreError."""
        if len(read.lines) == 0:
            return Kept(tally=Tally(rows=read.bad, bad=read.bad), problems=read.problems)
        offers = self._offers
        assert offers is not None, "begun before the first block"
        brought = await self._memory.rewrite(
            lambda series: series.bring(read.readings, read.lines, self._index, offers)
        )
        if brought.sealed is not None:
            await self._seal(brought.sealed)
            await self._memory.series(_tidied)
        problems = [*read.problems, *_contradictions(read, brought, dated=self._dated)]
        bad = read.bad + len(brought.repeats) + len(brought.differing)
        tally = Tally(rows=len(read.lines) + read.bad, added=brought.added, already=brought.already, bad=bad)
        return Kept(
            tally=replace(tally, unusable=_unusable(read, brought)),
            problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        )

    async def end(self) -> Kept:
        """The file is read."""
        await self._memory.rewrite(lambda series: series.end_import())
        return Kept(tally=Tally(), problems=())

    async def _seal(self, sealed: Sealed) -> None:
        now = self._clock.now()
        event = Event(
            tenant=HOUSE,
            kind="series.sealed",
            v=1,
            occurred_at=now,
            actor="system",
            body={"batches": [sealed_body(sealed)]},
        )
        await self._memory.commit(events=[event], debts=[], now=now)

    async def _sealed_lately(self) -> set[int]:
        """Batches that the last events of the house's chain have sealed."""
        head, _ = await self._memory.ledger(lambda book: book.head(HOUSE))
        found = await self._memory.ledger(
            lambda book: list(book.events(tenant=HOUSE, kinds={"series.sealed"}, after=max(0, head - LOOK_BACK)))
        )
        return {seal["batch"] for recorded in found for seal in recorded.event.body["batches"]}


def _tidied(series: Series) -> None:
    if series.log_bytes() > LOG_BYTES:
        series.checkpoint()


def _unusable(read: ReadRows, brought: Brought) -> int:
    kept = np.ones(len(read.lines), dtype=bool)
    kept[[*(repeat.place for repeat in brought.repeats), *brought.differing]] = False
    return int((read.readings.quality[kept] != Quality.GOOD).sum())


def _contradictions(read: ReadRows, brought: Brought, *, dated: bool) -> list[RowProblem]:
    """Rows that repeat an earlier line, or say other than what is held under their own times."""
    correct = "give a correction a received_at of its own" + ("" if dated else " (a column of that name)")
    found = []
    for repeat in brought.repeats:
        wrong = f"{'says the same as' if repeat.same else 'contradicts'} line {repeat.first_line}"
        instead = "keep one of the two; the first is taken" if repeat.same else f"keep one of the two, or {correct}"
        found.append(RowProblem(line=int(read.lines[repeat.place]), column="", wrong=wrong, instead=instead))
    for place in brought.differing:
        wrong = "other values are here under the same tank, taken_at and received_at"
        found.append(RowProblem(line=int(read.lines[place]), column="received_at", wrong=wrong, instead=correct))
    return found
