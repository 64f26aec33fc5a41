"""Every contract's standing, one point a quarter of an hour, and one an hour after a while. Not evidence: see ``as_of``.

Writing belongs to the series' writer thread, reading to any.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from domain.contract import Line
from domain.course import CoursePart, CoursePoint, CourseSum, slot_of
from store.database import Database, as_json, rows
from store.moments import aware, aware_or_none, stored
from store.queries import queries

SQL = queries("series/courses.sql")


class Courses:
    """The courses of one series file."""

    _db: Database

    def append_course(self, contract_id: str, point: CoursePoint, parts: Iterable[CoursePart]) -> bool:
        """Keep a point, unless its quarter of an hour has one; whether it was kept."""
        key = {"contract_id": contract_id, "slot": slot_of(point.at)}
        values = {"recognised": point.recognised, "last_known": point.last_known, "exposure": point.exposure}
        lines = {line.value: point.lines[line] for line in Line}
        with self._db.transaction() as run:
            newest = run.execute(SQL["newest"], {"contract_id": contract_id}).fetchone()
            if newest is not None and newest[0] is not None and newest[0] >= key["slot"]:
                return False
            run.execute(SQL["add"], {**key, "at_time": stored(point.at), **values, **lines, "complete": point.complete})
            kept = [_columns(p) for p in parts]
            if kept:
                run.execute(SQL["add_parts"], {**key, "rows": as_json(kept)})
        return True

    def course(self, contract_id: str, start: datetime, end: datetime) -> list[CoursePoint]:
        """Points with start < at ≤ end, oldest first."""
        given = {"contract_id": contract_id, "start": stored(start), "end": stored(end)}
        with self._db.reading() as cursor:
            found = rows(cursor.execute(SQL["course"], given))
        return [
            CoursePoint(at=aware(row.pop("at_time")), lines={line: row.pop(line.value) for line in Line}, **row)
            for row in found
        ]

    def course_sums(
        self,
        contract_id: str,
        start: datetime,
        end: datetime,
        *,
        tanks: Collection[str] | None = None,
        goods: Collection[str] | None = None,
        sites: Collection[str] | None = None,
    ) -> list[CourseSum]:
        """The same points of some tanks, goods or sites in sum; None: of all. Points without any of them are left out."""
        given = {"contract_id": contract_id, "start": stored(start), "end": stored(end)}
        chosen = {"tanks": tanks, "goods": goods, "sites": sites}
        lists = {name: None if ids is None else as_json(sorted(ids)) for name, ids in chosen.items()}
        with self._db.reading() as cursor:
            found = rows(cursor.execute(SQL["sums"], {**given, **lists}))
        return [CourseSum(at=aware(row.pop("at_time")), **row) for row in found]

    def tank_masses(
        self, contract_id: str, start: datetime, end: datetime, tanks: Collection[str]
    ) -> dict[str, list[tuple[datetime, int]]]:
        """When, and kg of the contract, in each of these tanks at its points with start < at ≤ end, where measured."""
        given = {
            "contract_id": contract_id,
            "start": stored(start),
            "end": stored(end),
            "tanks": as_json(sorted(tanks)),
        }
        found: dict[str, list[tuple[datetime, int]]] = {tank: [] for tank in tanks}
        with self._db.reading() as cursor:
            for tank, at, kg in cursor.execute(SQL["tank_masses"], given).fetchall():
                found[tank].append((aware(at), kg))
        return found

    def course_begins(self, contract_id: str) -> datetime | None:
        """When a contract's points begin; None before the first."""
        with self._db.reading() as cursor:
            found = cursor.execute(SQL["first"], {"contract_id": contract_id}).fetchone()
        return aware_or_none(found[0]) if found is not None else None

    def thin_courses(self, before: datetime) -> None:
        """Of what is older, keep one point an hour."""
        given = {"before": slot_of(before)}
        with self._db.transaction() as run:
            run.execute(SQL["thin_parts"], given)
            run.execute(SQL["thin"], given)


def _columns(part: CoursePart) -> dict[str, object]:
    return {
        "tank_id": part.tank_id,
        "site_id": part.site_id,
        "good": part.good,
        "kg": part.kg,
        "value_cny": str(part.value_cny),
        "cny_t": None if part.cny_t is None else str(part.cny_t),
    }
