"""China's public holidays and make-up days as the library ``chinesecalendar`` has them (docs/adr/0009).

The library names single days; which years are complete is read from them: from its first year to its last.
"""

from datetime import date

import chinese_calendar

from domain.calendar import SATURDAY, WorkingCalendar


def published() -> WorkingCalendar:
    """The calendar of the State Council's notices that the installed library knows.

    Weekend days inside a holiday are left as holidays; a make-up day that falls on a weekday is left out, it is worked
    anyway.
    """
    holidays: frozenset[date] = frozenset(chinese_calendar.holidays)
    workdays: frozenset[date] = frozenset(d for d in chinese_calendar.workdays if d.weekday() >= SATURDAY)
    return WorkingCalendar(
        first=date(min(holidays).year, 1, 1),
        last=date(max(holidays).year, 12, 31),
        holidays=holidays - workdays,
        workdays=workdays,
    )
