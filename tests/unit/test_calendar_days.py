"""Counting working days: properties over any calendar, honesty beyond it, deadlines in China's time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import CHINA, WorkingCalendar

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """A year with any weekdays off (three weeks in a row at most) and any weekend days worked."""
    year = [FIRST + n * DAY for n in range(365)]
    off = draw(st.sets(st.sampled_from([d for d in year if d.weekday() < 5]), max_size=60))
    worked = draw(st.sets(st.sampled_from([d for d in year if d.weekday() >= 5]), max_size=20))
    return WorkingCalendar(first=FIRST, last=LAST, holidays=frozenset(off), workdays=frozenset(worked))


days = st.dates(min_value=date(2025, 12, 1), max_value=date(2027, 1, 31))
counts = st.integers(min_value=-30, max_value=30)


@given(calendar=calendars(), day=days, n=counts)
def test_counting_back_returns_to_the_working_day_it_came_from(calendar: WorkingCalendar, day: date, n: int) -> None:
    start = calendar.next_working(day).day
    there = calendar.add_working_days(start, n).day
    assert calendar.add_working_days(there, -n).day == start


@given(calendar=calendars(), day=days, n=st.integers(min_value=1, max_value=30))
def test_between_lie_exactly_so_many_working_days(calendar: WorkingCalendar, day: date, n: int) -> None:
    end = calendar.add_working_days(day, n).day
    between = [day + k * DAY for k in range(1, (end - day).days + 1)]
    assert sum(bool(calendar.is_working(d)) for d in between) == n
    assert calendar.is_working(end)


@given(calendar=calendars(), day=days, later=st.integers(min_value=0, max_value=20), n=counts)
def test_a_later_start_never_ends_earlier(calendar: WorkingCalendar, day: date, later: int, n: int) -> None:
    assert calendar.add_working_days(day, n).day <= calendar.add_working_days(day + later * DAY, n).day


@given(calendar=calendars(), day=days, n=st.integers(min_value=-30, max_value=29))
def test_one_day_more_ends_later(calendar: WorkingCalendar, day: date, n: int) -> None:
    start = calendar.next_working(day).day
    assert calendar.add_working_days(start, n).day < calendar.add_working_days(start, n + 1).day


PLAIN = WorkingCalendar(first=FIRST, last=LAST, holidays=frozenset(), workdays=frozenset())


def test_beyond_the_calendar_weekends_count_and_the_answer_says_so() -> None:
    saturday, monday = date(2027, 1, 2), date(2027, 1, 4)
    assert not PLAIN.is_working(saturday)
    assert PLAIN.is_working(monday)
    assert not PLAIN.is_working(monday).covered
    assert PLAIN.is_working(date(2026, 12, 31)).covered


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [
        (date(2026, 12, 28), date(2026, 12, 31), True),
        (date(2026, 12, 29), date(2027, 1, 1), False),  # a Friday, and in truth New Year's Day: hence the flag
        (date(2027, 3, 1), date(2027, 3, 4), False),
    ],
)
def test_a_count_that_leaves_the_calendar_is_flagged(start: date, end: date, covered: bool) -> None:
    counted = PLAIN.add_working_days(start, 3)
    assert (counted.day, counted.covered) == (end, covered)


def test_the_day_of_the_alert_is_chinas_not_greenwichs() -> None:
    late_evening = datetime(2026, 3, 11, 16, 30, tzinfo=UTC)  # 12 March 00:30 in China, a Thursday
    due = PLAIN.deadline(late_evening, working_days=1, at=time(12, 0))
    assert due.at == datetime(2026, 3, 13, 4, 0, tzinfo=UTC)


def test_a_deadline_keeps_its_hour_all_year() -> None:
    starts = [datetime(2026, 1, 1, 3, 0, tzinfo=UTC) + n * DAY for n in range(365)]
    hours = {PLAIN.deadline(s, working_days=3, at=time(17, 0)).at.astimezone(UTC).time() for s in starts}
    assert hours == {time(9, 0)}
    assert {s.astimezone(CHINA).utcoffset() for s in starts} == {timedelta(hours=8)}


def test_a_naive_moment_or_no_days_make_no_deadline() -> None:
    with pytest.raises(ValueError, match="naive time"):
        PLAIN.deadline(datetime(2026, 3, 11, 9, 0), working_days=3, at=time(17, 0))  # noqa: DTZ001
    with pytest.raises(ValueError, match="0 working days"):
        PLAIN.deadline(datetime(2026, 3, 11, 9, 0, tzinfo=UTC), working_days=0, at=time(17, 0))


def test_a_day_cannot_be_off_and_worked() -> None:
    day = frozenset({date(2026, 2, 14)})
    with pytest.raises(ValueError, match="2026-02-14 is both"):
        WorkingCalendar(first=FIRST, last=LAST, holidays=day, workdays=day)
