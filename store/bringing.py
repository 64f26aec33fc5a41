"""One import of readings: which rows of a file are new, which are here already, which contradict themselves.

Rows with a received_at of their own (``dated``) are known by tank, taken_at and received_at. Rows without one are
received when the import runs; they are known by tank, taken_at and what they say, so that a file that is imported
again, or once more after a crash, adds nothing. Whether a row repeats another of its own file depends on the file
alone, never on what is here, so that a second import judges it as the first did.
"""

from dataclasses import dataclass, field

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from store.batches import met, offer, repeated, thinned_away
from store.columns import DTYPES, Columns
from store.moments import from_micros
from store.seal import Sealed

Places = NDArray[np.int64]
SAID = tuple(name for name in DTYPES if name not in ("tank_no", "taken_at", "received_at", "status", "quality"))
"""What a reading says; the bits count only as usable or not, the device's status not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A row that an earlier line of the same file has already: its place, that line, and whether it says the same."""

    place: int
    first_line: int
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a block. ``already``: rows that were here; ``differing``: places whose key is here, saying other."""

    sealed: Sealed | None
    already: int
    repeats: tuple[Repeat, ...]
    differing: tuple[int, ...]

    @property
    def added(self) -> int:
        """How many rows are new."""
        return self.sealed.rows if self.sealed is not None else 0


@dataclass(slots=True, kw_only=True)
class Offers:
    """What one import has offered so far; the rows themselves stand in a temporary table of the series."""

    dated: bool
    newest: dict[int, int] = field(default_factory=dict)  # tank_no → µs; a later row cannot repeat an earlier one


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Places of a block's rows by what becomes of them."""

    fresh: NDArray[np.bool_]
    already: int
    repeats: tuple[Repeat, ...]
    differing: tuple[int, ...]


def sort_out(run: DuckDBPyConnection, columns: Columns, lines: Places, offers: Offers) -> Sorted:
    """Judge the rows of a block, inside the caller's transaction; ``offered`` is to be called once that is committed."""
    count = len(lines)
    offer(run, columns, lines)
    found = repeated(run) if _may_repeat(columns, offers) else []
    repeats = tuple(Repeat(place=place, first_line=line, same=same) for place, line, same in found)
    held, differing = _held(run, columns, dated=offers.dated)
    run.unregister("incoming")
    again = np.zeros(count, dtype=bool)
    again[[repeat.place for repeat in repeats]] = True
    held, differing = held & ~again, differing & ~again
    return Sorted(
        fresh=~(again | held | differing),
        already=int(held.sum()),
        repeats=repeats,
        differing=tuple(np.flatnonzero(differing).tolist()),
    )


def offered(columns: Columns, offers: Offers) -> None:
    """The block is committed: from here on only later rows are known to be no repeats."""
    for tank_no in np.unique(columns["tank_no"]).tolist():
        last = int(columns["taken_at"][columns["tank_no"] == tank_no].max())
        offers.newest[tank_no] = max(last, offers.newest.get(tank_no, last))


def _may_repeat(columns: Columns, offers: Offers) -> bool:
    """Whether any row is not after all earlier ones of its tank: only then is it worth looking."""
    order = np.lexsort((columns["taken_at"], columns["tank_no"]))
    tank_no, taken_at = columns["tank_no"][order], columns["taken_at"][order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = tank_no[1:] != tank_no[:-1]
    if ((taken_at[1:] == taken_at[:-1]) & ~first[1:]).any():
        return True
    begins = zip(tank_no[first].tolist(), taken_at[first].tolist(), strict=True)
    return any(at <= offers.newest.get(tank, at - 1) for tank, at in begins)


def _held(run: DuckDBPyConnection, columns: Columns, *, dated: bool) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows are here already, and which meet another word under their own key."""
    count = len(columns["tank_no"])
    held, differing = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    first_at, last_at = (from_micros(int(end)) for end in (columns["taken_at"].min(), columns["taken_at"].max()))
    place, here = met(run, first_at, last_at)
    equal = (columns["quality"][place] == 0) == (here["quality"] == 0)
    for name in SAID:
        mine, theirs = columns[name][place], here[name]
        equal &= (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))
    if not dated:
        held[place[equal]] = True
        return held, differing
    mine_too = here["received_at"] == columns["received_at"][place]
    held[place[mine_too & equal]] = True
    differing[place[mine_too]] = True
    differing &= ~held
    held[thinned_away(run, first_at, last_at)] = True
    return held, differing & ~held
