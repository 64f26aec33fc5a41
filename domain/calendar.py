"""Working days: weekdays, less the public holidays, plus the weekend days that are worked instead (调休).

Knows only what it is given: a published span, its holidays and its make-up days. Beyond that span it counts weekends
only, and every result says so (``covered``). Days and times are China's (UTC+8; no summer time since 1991).
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """Whether a day is worked; true in an ``if`` when it is. covered False: judged by the weekday alone."""

    working: bool
    covered: bool

    def __bool__(self) -> bool:
        """The day is worked."""
        return self.working


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A day found by counting. covered False: a part of the way lies outside the published calendar."""

    day: date
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A moment (aware, UTC) by which something must be done. covered False: it may move once holidays are published."""

    at: datetime
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """Published from ``first`` to ``last``, both included. workdays: weekend days that are worked.

    Raises ValueError if the span is empty or a day is both a holiday and worked.
    """

    first: date
    last: date
    holidays: frozenset[date] = field(repr=False)
    workdays: frozenset[date] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what no notice can mean."""
        if self.first > self.last:
            raise ValueError(f"calendar from {self.first} to {self.last}: the first day must not be after the last")
        if both := self.holidays & self.workdays:
            raise ValueError(f"{min(both)} is both a holiday and a working day: it can be one only")

    def covers(self, day: date) -> bool:
        """The holidays around this day have been published."""
        return self.first <= day <= self.last

    def is_working(self, day: date) -> Working:
        """Whether this day is worked, and whether that is published or only its weekday's."""
        if not self.covers(day):
            return Working(working=day.weekday() < SATURDAY, covered=False)
        working = day in self.workdays or (day.weekday() < SATURDAY and day not in self.holidays)
        return Working(working=working, covered=True)

    def next_working(self, day: date) -> Counted:
        """The day itself if it is worked, else the first one after it."""
        found = day
        while not self.is_working(found):
            found += DAY
        return Counted(day=found, covered=self.covers(day) and self.covers(found))

    def add_working_days(self, day: date, n: int) -> Counted:
        """The n-th working day after ``day``, before it for a negative n; the day itself does not count.

        n = 0: the day itself if it is worked, else the first one after it. Source: 民法典 art. 201 (the first day of
        a period is not counted in) and art. 203 (a period does not end on a holiday).
        """
        if n == 0:
            return self.next_working(day)
        step, found = DAY if n > 0 else -DAY, day
        for _ in range(abs(n)):
            found += step
            while not self.is_working(found):
                found += step
        return Counted(day=found, covered=self.covers(day) and self.covers(found))

    def deadline(self, start: datetime, *, working_days: int, at: time) -> Deadline:
        """``at`` o'clock in China, so many working days (1 or more) after the day of ``start``.

        Raises ValueError for a naive ``start`` or less than one day: that moment might lie in the past.
        """
        if start.tzinfo is None:
            raise ValueError(f"naive time {start!r}: give it a time zone")
        if working_days < 1:
            raise ValueError(f"{working_days} working days: a deadline needs 1 or more")
        end = self.add_working_days(start.astimezone(CHINA).date(), working_days)
        return Deadline(at=datetime.combine(end.day, at, CHINA).astimezone(UTC), covered=end.covered)

    def trading(self) -> "WorkingCalendar":
        """The exchanges' days: closed on the same holidays, and on weekends even where those are worked."""
        return replace(self, workdays=frozenset())
