"""The depots' release notices, list by list, and when their work orders were last told. Claims, not measurements.

A list that says nothing new is kept as its times only, so that the age of the papers is known at any past moment.
Writing belongs to the series' writer thread, reading to any.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from domain.movement import Feed, ReleaseNotice
from store.database import Database, as_json, rows
from store.moments import FOREVER, aware, stored
from store.queries import queries

SQL = queries("series/papers.sql")


class Papers:
    """The release notices of one series file."""

    _db: Database

    def append_releases(self, site_id: str, told: Feed[ReleaseNotice]) -> bool:
        """Add one answer of a site; whether it says anything new. Raises ValueError for a notice of another site."""
        for notice in told.rows:
            if notice.site_id != site_id:
                raise ValueError(f"release notices of {site_id!r}: {notice.no!r} speaks of {notice.site_id!r}")
        with self._db.transaction() as run:
            before = _newest(run, site_id, told.as_of, told.received_at)
            new = before is None or _rows_of(run, before[2], site_id) != told.rows
            content = _add_rows(run, told.rows) if before is None or new else before[2]
            times = {"as_of": stored(told.as_of), "received_at": stored(told.received_at)}
            run.execute(SQL["add_list"], {"site_id": site_id, **times, "content": content})
            return new

    def releases_as_of(self, site_id: str, *, valid: datetime, known: datetime) -> Feed[ReleaseNotice] | None:
        """The newest list of a site for ``valid`` that had reached us by ``known``; None before the first."""
        return self.all_releases_as_of([site_id], valid=valid, known=known).get(site_id)

    def all_releases_as_of(
        self, site_ids: Iterable[str], *, valid: datetime, known: datetime
    ) -> dict[str, Feed[ReleaseNotice]]:
        """The same of several sites at once: of those that have given a list."""
        with self._db.reading() as cursor:
            found = {s: answer for s in site_ids if (answer := _newest(cursor, s, valid, known)) is not None}
            lists = as_json(sorted({content for _, _, content in found.values()}))
            lines = rows(cursor.execute(SQL["lists_rows"], {"contents": lists})) if found else []
        told: dict[int, list[dict[str, Any]]] = {}
        for line in lines:
            told.setdefault(line.pop("content"), []).append(line)
        return {
            site_id: Feed(
                rows=tuple(_notice(line, site_id) for line in told.get(content, ())),
                as_of=as_of,
                received_at=received_at,
            )
            for site_id, (as_of, received_at, content) in found.items()
        }

    def release_answers(
        self, site_id: str, start: datetime, end: datetime, *, known_then: bool
    ) -> list[tuple[datetime, datetime, int]]:
        """Lists of a site that can be the newest after start and by end: as_of, received_at, number of its notices.

        In the order in which a later one is the newer; the one that stands at ``start`` first. known_then: none that
        was received after ``end``.
        """
        known = end if known_then else FOREVER
        given = {"site_id": site_id, "start": stored(start), "end": stored(end), "known": stored(known)}
        with self._db.reading() as cursor:
            standing = _newest(cursor, site_id, start, start if known_then else FOREVER)
            found = cursor.execute(SQL["lists"], given).fetchall()
        answers = [(aware(as_of), aware(received_at), int(content)) for as_of, received_at, content in found]
        if standing is None:
            return answers
        return [standing, *(a for a in answers if a[:2] > standing[:2])]

    def release_rows(self, site_id: str, contents: Iterable[int]) -> dict[int, tuple[ReleaseNotice, ...]]:
        """The notices of a site's lists, by their numbers."""
        with self._db.reading() as cursor:
            return {content: _rows_of(cursor, content, site_id) for content in sorted(set(contents))}

    def orders_heard(
        self, site_id: str, start: datetime, end: datetime, *, known_then: bool
    ) -> list[tuple[datetime, datetime]]:
        """When a site's work orders were told: as_of and received_at of each time that spoke of a moment by end.

        Of those that counted by ``start`` the last only. known_then: none that was received after ``end``.
        """
        known = end if known_then else FOREVER
        given = {"site_id": site_id, "start": stored(start), "end": stored(end), "known": stored(known)}
        last = self.workorders_heard(site_id, valid=start, known=start if known_then else FOREVER)
        with self._db.reading() as cursor:
            found = cursor.execute(SQL["times_heard"], given).fetchall()
        later = [(aware(as_of), aware(received_at)) for as_of, received_at in found]
        return later if last is None else [(last, last), *later]

    def hear_workorders(self, site_id: str, *, as_of: datetime, received_at: datetime) -> None:
        """A site's work orders were told, new ones or not."""
        given = {"site_id": site_id, "as_of": stored(as_of), "received_at": stored(received_at)}
        with self._db.transaction() as run:
            run.execute(SQL["heard"], given)

    def workorders_heard(self, site_id: str, *, valid: datetime, known: datetime) -> datetime | None:
        """Of when the work orders last told by ``valid`` were, as it was known by ``known``; None: never told."""
        given = {"site_id": site_id, "valid": stored(valid), "known": stored(known)}
        with self._db.reading() as cursor:
            found = cursor.execute(SQL["last_heard"], given).fetchone()
        return aware(found[0]) if found is not None and found[0] is not None else None


def _newest(
    run: DuckDBPyConnection, site_id: str, valid: datetime, known: datetime
) -> tuple[datetime, datetime, int] | None:
    given = {"site_id": site_id, "valid": stored(valid), "known": stored(known)}
    found = run.execute(SQL["list"], given).fetchone()
    return (aware(found[0]), aware(found[1]), int(found[2])) if found is not None else None


def _rows_of(run: DuckDBPyConnection, content: int, site_id: str) -> tuple[ReleaseNotice, ...]:
    return tuple(_notice(row, site_id) for row in rows(run.execute(SQL["list_rows"], {"content": content})))


def _notice(row: Mapping[str, Any], site_id: str) -> ReleaseNotice:
    times = {"issued_at": aware(row["issued_at"]), "valid_until": aware(row["valid_until"])}
    return ReleaseNotice(**{**row, **times, "site_id": site_id})


def _add_rows(run: DuckDBPyConnection, told: tuple[ReleaseNotice, ...]) -> int:
    content = 1 + max(int(n) for (n,) in run.execute(SQL["newest_content"]).fetchall())
    lines = [
        {
            "place": place,
            "no": notice.no,
            "owner": notice.owner,
            "tank_id": notice.tank_id,
            "good": notice.good,
            "mass_kg": notice.mass_kg,
            "issued_at": stored(notice.issued_at),
            "valid_until": stored(notice.valid_until),
            "sealed": notice.sealed,
        }
        for place, notice in enumerate(told)
    ]
    if lines:
        run.execute(SQL["add_list_rows"], {"content": content, "rows": as_json(lines)})
    return content
