"""The depots' ownership ledgers: every word on every entry, with when it happened and when it reached us.

A correction is a row; nothing is overwritten. Writing belongs to the series' writer thread, reading to any.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from domain.ownership.entry import Entry, EntryKind
from store.database import Database, as_json, rows
from store.moments import aware, stored
from store.queries import queries

SQL = queries("series/ownership.sql")


class Ownership:
    """The ownership ledgers of one series file."""

    _db: Database

    def append_ownership(self, entries: Iterable[Entry], *, received_at: datetime) -> int:
        """Add words on entries; how many were new. One that repeats the last word on its entry is not kept again."""
        offered = list(entries)
        if not offered:
            return 0
        with self._db.transaction() as run:
            last = {entry.key: entry for entry in _said(run, offered, "last_words")}
            new: list[Entry] = []
            for entry in offered:
                if last.get(entry.key) != entry:
                    last[entry.key] = entry
                    new.append(entry)
            _add(run, new, received_at)
        return len(new)

    def merge_ownership(self, entries: Iterable[Entry], *, received_at: datetime) -> int:
        """Add entries of an import; how many were new. What was said of an entry once is not said again.

        Unlike ``append_ownership``: a file imported anew does not undo a correction that has come since.
        """
        offered = list(dict.fromkeys(entries))
        if not offered:
            return 0
        with self._db.transaction() as run:
            said = set(_said(run, offered, "said_entries"))
            new = [entry for entry in offered if entry not in said]
            _add(run, new, received_at)
        return len(new)

    def ownership_as_of(self, site_id: str, *, valid: datetime, known: datetime) -> tuple[Entry, ...]:
        """The last word on each entry of a site that had happened by ``valid``, as it was known by ``known``."""
        return self.ownerships_as_of([site_id], valid=valid, known=known)[site_id]

    def ownerships_as_of(
        self, site_ids: Iterable[str], *, valid: datetime, known: datetime
    ) -> dict[str, tuple[Entry, ...]]:
        """The same of several sites at once: each of them, also one without a word."""
        said: dict[str, list[Entry]] = {site_id: [] for site_id in site_ids}
        given = {"sites": as_json(list(said)), "known": stored(known)}
        with self._db.reading() as cursor:
            last = {entry.key: entry for entry in map(_entry, rows(cursor.execute(SQL["entries"], given)))}
        for entry in sorted(last.values(), key=lambda e: (e.at, e.no, e.line)):
            if entry.at <= valid:
                said[entry.site_id].append(entry)
        return {site_id: tuple(mine) for site_id, mine in said.items()}

    def ownership_words(self, site_id: str, start: datetime, end: datetime) -> list[tuple[datetime, Entry]]:
        """Words on a site's entries received after start and by end, with when: a later one on an entry counts."""
        given = {"site_id": site_id, "start": stored(start), "end": stored(end)}
        with self._db.reading() as cursor:
            found = rows(cursor.execute(SQL["words"], given))
        return [(aware(row.pop("received_at")), _entry(row)) for row in found]


def _said(run: DuckDBPyConnection, entries: list[Entry], which: str) -> list[Entry]:
    asked = {"nos": as_json(sorted({entry.no for entry in entries}))}
    return [_entry(row) for row in rows(run.execute(SQL[which], asked))]


def _add(run: DuckDBPyConnection, entries: list[Entry], received_at: datetime) -> None:
    if entries:
        lines = as_json([_columns(entry) for entry in entries])
        run.execute(SQL["add_entries"], {"rows": lines, "received_at": stored(received_at)})


def _columns(entry: Entry) -> dict[str, object]:
    return {
        "site_id": entry.site_id,
        "no": entry.no,
        "line": entry.line,
        "kind": entry.kind.value,
        "happened_at": stored(entry.at),
        "tank_id": entry.tank_id,
        "good": entry.good,
        "kg": entry.kg,
        "owner": entry.owner,
        "batch": entry.batch,
        "to_tank": entry.to_tank,
        "to_owner": entry.to_owner,
        "paper": entry.paper,
    }


def _entry(row: Mapping[str, Any]) -> Entry:
    given = {name: value for name, value in row.items() if name not in ("happened_at", "kind")}
    return Entry(at=aware(row["happened_at"]), kind=EntryKind(row["kind"]), **given)
