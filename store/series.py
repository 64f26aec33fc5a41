"""The series: readings of every tank, sealed batch by batch; by inheritance, prices, books, ownership, courses.

Threads: everything that writes belongs to one writer thread; calls that read may come from any thread meanwhile.
Times are those of ``domain.farm``: taken_at of the gauge, received_at here. History is read as it was known at a
moment, so a later correction changes no answer about an earlier day's knowledge.
"""

import threading
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from domain.farm import Readings
from domain.tank import TankIndex
from store.batches import SQL, add, listed, minute_rows, replace_by, rows_of, strays, thinnable
from store.bringing import Brought, Offers, offered, sort_out
from store.claims import Claims
from store.columns import Columns, joined, last_words, picked, plain, readings_of
from store.courses import Courses
from store.database import Database, as_json
from store.moments import BEGINNING, FOREVER, aware, stored
from store.ownership import Ownership
from store.papers import Papers
from store.proof import SeriesReport, proved
from store.seal import FIRST, Sealed

BLOCK_BYTES = 65_536
"""Of a new file. A column of one row group (122 880 rows) fills whole blocks: with DuckDB's 262 144 a reading of the
year benchmark took 11.3 bytes, with 65 536 8.7."""
LOOKBACKS = (timedelta(hours=1), timedelta(days=1), timedelta(days=31), None)
"""How far ``as_of`` looks back, step by step, for tanks that it has not found; None: to the beginning."""


class Series(Claims, Ownership, Papers, Courses):
    """One open series file."""

    def __init__(self, database: Database) -> None:
        """Takes the file over; ``close`` closes it. Use ``open``."""
        super().__init__(database)
        self._changing = threading.Lock()
        with database.reading() as cursor:
            self._tank_nos = {str(tank_id): int(no) for no, tank_id in cursor.execute(SQL["tanks"]).fetchall()}
            end = cursor.execute(SQL["end"]).fetchone()
        self._end: tuple[int, bytes] = (0, FIRST) if end is None else (int(end[0]), bytes(end[1]))

    @classmethod
    def open(cls, path: Path | str, *, memory_limit: str = "1GB") -> Self:
        """Open or create the file. Raises StoreLocked, StoreBroken (newer or not ours), StoreFull, StoreError."""
        return cls(Database.open(path, "series", memory_limit=memory_limit, block_bytes=BLOCK_BYTES))

    def close(self) -> None:
        """Close the file; no call may follow."""
        self._db.close()

    def checkpoint(self) -> None:
        """Move the log into the file; appends wait meanwhile, so call it when nothing is owed."""
        self._db.checkpoint()

    def log_bytes(self) -> int:
        """How much the next ``checkpoint`` has to move."""
        return self._db.log_bytes()

    def append(self, batch: Sequence[Readings], index: TankIndex, *, source: str = "gauges") -> Sealed:
        """Write these polls as one batch, one transaction; its digest links on to the batch before.

        source: whose ``keep`` it follows when it is thinned. Raises ValueError for no rows, StoreFull or StoreError
        with nothing written.
        """
        with self._changing:
            columns = joined(batch, self._numbers(index))
            with self._db.transaction() as run:
                sealed = self._add(run, columns, source)
            return self._ended(sealed)

    def begin_import(self, *, dated: bool) -> Offers:
        """Make ready for the blocks of one file. dated: its rows have a received_at of their own. One at a time."""
        with self._changing, self._db.transaction() as run:
            run.execute(SQL["begin_offers"])
        return Offers(dated=dated)

    def bring(
        self, readings: Readings, lines: NDArray[np.int64], index: TankIndex, offers: Offers, *, source: str = "import"
    ) -> Brought:
        """Write those rows of an import that are new, one batch, one transaction. lines: of the file, rising.

        What counts as new, held or repeated: ``store.bringing``. Raises StoreFull or StoreError with nothing written.
        """
        with self._changing:
            columns = joined([readings], self._numbers(index))
            with self._db.transaction() as run:
                found = sort_out(run, columns, lines, offers)
                sealed = self._add(run, picked(columns, found.fresh), source) if found.fresh.any() else None
            offered(columns, offers)
            kept = self._ended(sealed) if sealed is not None else None
        return Brought(sealed=kept, already=found.already, repeats=found.repeats, differing=found.differing)

    def end_import(self) -> None:
        """Forget what the last import offered."""
        with self._changing, self._db.transaction() as run:
            run.execute(SQL["end_offers"])

    def batches_of(self, source: str) -> list[Sealed]:
        """Every batch of a source as it was written, in order."""
        with self._db.reading() as cursor:
            return [_sealed(row) for row in cursor.execute(SQL["batches_of"], {"source": source}).fetchall()]

    def thin(self, before: datetime, *, source: str = "gauges") -> list[Sealed]:
        """Replace a source's batches that end before a moment by minute rows; returns the batches that hold those.

        Kept is the last good reading of each tank and minute (the last where none is good). Batches in which nothing
        can be spared stay as they are, with their digests.
        """
        done: list[Sealed] = []
        with self._changing:
            while True:
                with self._db.transaction() as run:
                    old, rows = thinnable(run, before, source)
                    if not old:
                        return done
                    kept = minute_rows(run, old)
                    sealed = self._add(run, kept, source, minutes=True) if len(kept["tank_no"]) < rows else None
                    replace_by(run, old, sealed)
                if sealed is not None:
                    done.append(self._ended(sealed))

    def latest(self, index: TankIndex, *, now: datetime, within: timedelta) -> Readings:
        """The newest reading of every tank taken less than ``within`` ago; tanks with none are not in the rows."""
        with self._db.reading() as cursor:
            found = plain(cursor.execute(SQL["latest"], {"after": stored(now - within)}).fetchnumpy())
        return readings_of(found, self._places(index))

    def latest_good(self, index: TankIndex, *, now: datetime, within: timedelta, known: datetime = FOREVER) -> Readings:
        """The newest *good* reading of every tank taken by ``now``, less than ``within`` before it, known by ``known``."""
        given = {"after": stored(now - within), "until": stored(now), "known": stored(known)}
        with self._db.reading() as cursor:
            found = plain(cursor.execute(SQL["latest_good"], given).fetchnumpy())
        return readings_of(found, self._places(index))

    def as_of(self, index: TankIndex, *, valid: datetime, known: datetime) -> Readings:
        """The newest reading of every tank taken by ``valid``, from what had reached us by ``known``.

        Of two readings taken at the same time the one received later counts. Tanks with none are not in the rows.
        """
        wanted, parts = set(self._places(index)), []
        with self._db.reading() as cursor:
            for lookback in LOOKBACKS:
                after = BEGINNING if lookback is None else valid - lookback
                given = {"after": stored(after), "valid": stored(valid), "known": stored(known)}
                part = plain(cursor.execute(SQL["as_of"], {**given, "tank_nos": as_json(sorted(wanted))}).fetchnumpy())
                parts.append(part)
                wanted -= set(part["tank_no"].tolist())
                if not wanted:
                    break
        found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return readings_of(found, self._places(index))

    def window(
        self,
        index: TankIndex,
        tank_ids: Collection[str],
        start: datetime,
        end: datetime,
        *,
        known: datetime = FOREVER,
    ) -> Readings:
        """Every reading of these tanks with start < taken_at ≤ end, known by ``known``, ordered by tank, then time.

        The arrays have one entry per reading; ``rows`` repeats the tank's place. Corrected readings are left out.
        """
        wanted = sorted(self._tank_nos[tank_id] for tank_id in tank_ids if tank_id in self._tank_nos)
        given = {"start": stored(start), "end": stored(end), "known": stored(known), "tank_nos": as_json(wanted)}
        with self._db.reading() as cursor:
            found = plain(cursor.execute(SQL["window"], given).fetchnumpy())
        return readings_of(last_words(found), self._places(index))

    def samples(
        self,
        index: TankIndex,
        tank_ids: Collection[str],
        start: datetime,
        end: datetime,
        *,
        every: timedelta,
        known: datetime = FOREVER,
    ) -> Readings:
        """Good readings of these tanks with start < taken_at ≤ end, by tank, then time.

        The first of each tank, and the last in each stretch ``every``.
        """
        wanted = sorted(self._tank_nos[tank_id] for tank_id in tank_ids if tank_id in self._tank_nos)
        given = {"start": stored(start), "end": stored(end), "known": stored(known), "tank_nos": as_json(wanted)}
        with self._db.reading() as cursor:
            step = {"every_us": every // timedelta(microseconds=1)}
            found = plain(cursor.execute(SQL["samples"], {**given, **step}).fetchnumpy())
        return readings_of(last_words(found), self._places(index))

    def words(self, index: TankIndex, start: datetime, end: datetime, *, known_then: bool) -> Readings:
        """Every word on the index's tanks that began to count with start < … ≤ end, ordered by tank, then both times.

        known_then: a word counts from when it was both taken and received; else from when it was taken, whenever it
        reached us. Unlike ``window`` the corrected ones are there too.
        """
        given = {"start": stored(start), "end": stored(end), "tank_nos": as_json(sorted(self._places(index)))}
        with self._db.reading() as cursor:
            known = {"known": stored(end if known_then else FOREVER)}
            found = plain(cursor.execute(SQL["window"], {**given, **known}).fetchnumpy())
            if known_then:
                late = plain(cursor.execute(SQL["belated"], given).fetchnumpy())
                if len(late["tank_no"]):
                    found = {name: np.concatenate([found[name], late[name]]) for name in found}
        return readings_of(found, self._places(index))

    def sealed(self, batch: int) -> Sealed | None:
        """A batch as it was written, to be held against the seal kept in the ledger; None for one never written."""
        with self._db.reading() as cursor:
            row = cursor.execute(SQL["batch"], {"batch": batch}).fetchone()
        return None if row is None else _sealed(row)

    def newest(self) -> Sealed | None:
        """The last batch that was written; None before the first one."""
        return self.sealed(self._end[0])

    def verify(self) -> SeriesReport:
        """Prove every batch anew from its rows, as of one moment; appends go on meanwhile. About 1 µs per row."""
        with self._db.reading() as cursor:
            cursor.begin()
            found = listed(cursor)
            return proved(found, lambda first, last: rows_of(cursor, first, last), self._tank_ids(), strays(cursor))

    def _numbers(self, index: TankIndex) -> NDArray[np.int32]:
        """The number of the tank at each place, new tanks numbered for ever first."""
        new = [tank.id for tank in index.tanks if tank.id not in self._tank_nos]
        if new:
            first = max(self._tank_nos.values(), default=0) + 1
            numbers = {tank_id: first + i for i, tank_id in enumerate(new)}
            lines = [{"tank_no": no, "tank_id": tank_id} for tank_id, no in numbers.items()]
            with self._db.transaction() as run:
                run.execute(SQL["number_tanks"], {"rows": as_json(lines)})
            self._tank_nos = {**self._tank_nos, **numbers}
        return np.array([self._tank_nos[tank.id] for tank in index.tanks], dtype=np.int32)

    def _tank_ids(self) -> dict[int, str]:
        return {no: tank_id for tank_id, no in self._tank_nos.items()}

    def _places(self, index: TankIndex) -> dict[int, int]:
        """Place in the index of each tank number that it knows."""
        return {self._tank_nos[t]: place for t, place in index.row.items() if t in self._tank_nos}

    def _add(self, run: DuckDBPyConnection, columns: Columns, source: str, *, minutes: bool = False) -> Sealed:
        """One batch after the last, inside the caller's transaction."""
        batch, previous = self._end
        return add(
            run,
            columns,
            batch=batch + 1,
            previous=previous,
            tank_ids=self._tank_ids(),
            source=source,
            minutes=minutes,
        )

    def _ended(self, sealed: Sealed) -> Sealed:
        """The batch is committed: the next one links on to it."""
        self._end = (sealed.batch, bytes.fromhex(sealed.sha256))
        return sealed


def _sealed(row: tuple[Any, ...]) -> Sealed:
    no, rows, first_at, last_at, sha256 = row
    return Sealed(batch=no, rows=rows, first_at=aware(first_at), last_at=aware(last_at), sha256=sha256.hex())
