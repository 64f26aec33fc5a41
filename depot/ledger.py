"""The depot's ownership ledger (货权台账): a line for everything that came, left or was moved, batch by batch.

The book says who owns how much; this says how it came to that. What has no paper (a theft) is in neither; a book that
was touched up (改账存) parts from its ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from depot.clock import local_day, local_time
from depot.world import Holding

FIRST_BATCH_PERCENT = 60
"""An owner's opening cargo in a tank came in two ships."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line, kg in air with the heel; times µs since 1970. batch None: of the owner's batches by their shares."""

    no: str
    line: int
    site: str
    tank: str
    kind: str
    at_us: int
    good: str
    kg: int
    owner: str
    batch: str | None = None
    to_tank: str | None = None
    paper: str | None = None


class Ledger:
    """All lines since the process began, in the order of writing."""

    def __init__(self) -> None:
        self.lines: list[LedgerLine] = []
        self._last_line: dict[str, int] = {}

    def open(self, holdings: Iterable[Holding], now_us: int) -> None:
        """An opening of every tank: the start, or a new beginning after a restore."""
        no = f"QC-{local_day(now_us)}-{local_time(now_us)}"
        batches: dict[str, int] = {}
        for held in holdings:
            whole_kg = held.mass_kg + held.heel_kg
            first_kg = whole_kg * FIRST_BATCH_PERCENT // 100
            for kg in (first_kg, whole_kg - first_kg):
                n = batches[held.tank] = batches.get(held.tank, 0) + 1
                self.write(
                    no=no,
                    site=held.site,
                    tank=held.tank,
                    kind="opening",
                    at_us=now_us,
                    good=held.good,
                    kg=kg,
                    owner=held.owner,
                    batch=f"PC-{held.tank}-{n}",
                )

    def write(
        self,
        *,
        no: str,
        site: str,
        tank: str,
        kind: str,
        at_us: int,
        good: str,
        kg: int,
        owner: str,
        batch: str | None = None,
        to_tank: str | None = None,
        paper: str | None = None,
    ) -> None:
        """Add the next line of this number; a number may have many, one for each lot that was posted."""
        line = self._last_line[no] = self._last_line.get(no, 0) + 1
        self.lines.append(
            LedgerLine(
                no=no,
                line=line,
                site=site,
                tank=tank,
                kind=kind,
                at_us=at_us,
                good=good,
                kg=kg,
                owner=owner,
                batch=batch,
                to_tank=to_tank,
                paper=paper,
            )
        )
