"""Working days in the workspace: a contract's cure periods, and ``calendar.yaml`` for years the library lacks yet."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator
from pydantic import Field as Needs

from datasources.calendars import published
from datasources.workspace.number import whole
from datasources.workspace.part import Part, Sheet
from datasources.workspace.secret import shown
from datasources.workspace.word import Day, Text, refuse, written
from domain.calendar import SATURDAY, WorkingCalendar
from domain.contract import CureTerm, Severity

CALENDAR = "calendar.yaml"
CALENDARS: Mapping[str, str] = {"CN": "CN"}
STATUTORY_DAYS = 13
"""Public holidays a year. Source: 全国年节及纪念日放假办法, as revised in November 2024, art. 2."""


def clock(value: Any) -> time:
    """A time of day in China, 24 hours."""
    word = written(value)
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", word, re.ASCII):
        refuse(f"{shown(word)} is not a time of day", 'write hours and minutes, e.g. "17:00"')
    return time.fromisoformat(word)


class CureTermPart(Part):
    """By when one severity's breach must be made good."""

    working_days: Annotated[int, whole(low=1, high=250)] = Needs(
        description="working days after the day of the alert, e.g. 3"
    )
    at: Annotated[time, BeforeValidator(clock)] = Needs(description='the time of that day in China, e.g. "17:00"')


class CurePart(Part):
    """补足期限: a severity without an entry has none."""

    yellow: CureTermPart | None = None
    orange: CureTermPart | None = None
    red: CureTermPart | None = None


class HolidayNoticePart(Part):
    """One notice of the State Council: a year's holidays with their weekends, and the weekend days that are worked."""

    no: Text = Needs(description="the notice's number, e.g. 国办发明电〔2024〕12号")
    year: Annotated[int, whole(low=2004, high=2100)] = Needs(description="the year that it arranges, e.g. 2027")
    holidays: tuple[Day, ...] = Needs(description="every day off, e.g. [2027-01-01, 2027-01-02]")
    workdays: tuple[Day, ...] = ()


class CalendarFile(Part):
    """The whole file."""

    NEEDED: ClassVar[Mapping[str, str]] = {"notices": "a list of notices: no, year, holidays, workdays"}
    notices: tuple[HolidayNoticePart, ...] = ()


def build_calendar(file: CalendarFile | None) -> WorkingCalendar:
    """The library's calendar with the workspace's notices over it; what a notice says wins."""
    calendar = published()
    for notice in sorted(file.notices, key=lambda n: n.year) if file is not None else ():
        calendar = _amended(calendar, notice)
    return calendar


def _amended(calendar: WorkingCalendar, notice: HolidayNoticePart) -> WorkingCalendar:
    """Longer by the notice's year only if that is the next one: a calendar has no hole."""
    off, worked = frozenset(notice.holidays), frozenset(notice.workdays)
    follows = notice.year == calendar.last.year + 1
    return replace(
        calendar,
        last=date(notice.year, 12, 31) if follows else calendar.last,
        holidays=(calendar.holidays - worked) | off,
        workdays=(calendar.workdays | worked) - off,
    )


def build_cure(part: CurePart | None) -> dict[Severity, CureTerm]:
    """The terms by severity; none without the block."""
    terms = {severity: getattr(part, severity.name.lower(), None) for severity in Severity}
    return {s: CureTerm(working_days=t.working_days, at=t.at) for s, t in terms.items() if t is not None}


def check_calendar(sheet: Sheet[CalendarFile]) -> None:
    """Every day once, inside its year, off or worked but not both; years without a hole."""
    known, years = published(), Counter(n.year for n in sheet.part.notices)
    last = known.last.year
    while years[last + 1]:
        last += 1
    seen: dict[int, HolidayNoticePart] = {}
    for notice in sheet.part.notices:
        if seen.setdefault(notice.year, notice) is not notice:
            wrong = f"{notice.year} is there already, by {seen[notice.year].no}"
            sheet.error(notice, "year", wrong=wrong, instead="write both notices' days into one entry")
        if notice.year > last:
            wrong = f"{notice.year} does not follow {last}, the last year known"
            sheet.error(notice, "year", wrong=wrong, instead=f"add the notice of {last + 1}, or correct the year")
        if notice.year > known.last.year and len(set(notice.holidays)) < STATUTORY_DAYS:
            wrong = f"{len(set(notice.holidays))} days off; a year has {STATUTORY_DAYS} public holidays at least"
            sheet.warn(notice, "holidays", wrong=wrong, instead="write every day off of the notice, weekends included")
        _check_days(sheet, notice, known)


def _check_days(sheet: Sheet[CalendarFile], notice: HolidayNoticePart, known: WorkingCalendar) -> None:
    for key, days in (("holidays", notice.holidays), ("workdays", notice.workdays)):
        for n, day in enumerate(days):
            if not date(notice.year - 1, 12, 1) <= day <= date(notice.year, 12, 31):
                wrong = f"{day} is not arranged by a notice for {notice.year}"
                sheet.error(notice, key, n, wrong=wrong, instead="correct the date, or move it to its year's notice")
            if day in days[:n]:
                sheet.warn(notice, key, n, wrong=f"{day} is there twice", instead="delete one of the two")
    for n, day in enumerate(notice.workdays):
        if day in notice.holidays:
            wrong = f"{day} is both a holiday and a working day"
            sheet.error(notice, "workdays", n, wrong=wrong, instead="delete it in one of the two lists")
        elif day.weekday() < SATURDAY and day not in known.holidays:
            wrong = f"{day} is a weekday, a working day already"
            sheet.warn(notice, "workdays", n, wrong=wrong, instead="delete it, or correct the date")
