"""China's calendar day by day against the State Council's notices, and against the library that it comes from."""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
import pytest

from datasources.calendars import published

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a notice prints: every block off as (first, last), every weekend day that is worked. Month and day."""

    year: int
    source: str
    off: tuple[tuple[str, str], ...]
    worked: tuple[str, ...]

    def day(self, month_day: str) -> date:
        return date.fromisoformat(f"{self.year}-{month_day}")

    def works(self, day: date) -> bool:
        if any(self.day(first) <= day <= self.day(last) for first, last in self.off):
            return False
        return day.weekday() < 5 or day in {self.day(d) for d in self.worked}


NOTICES = (
    Notice(
        year=2024,
        source="国办发明电〔2023〕7号, 2023-10-25; 人民日报 2023-10-26 p. 6; zh.wikisource.org",
        off=(
            ("01-01", "01-01"),
            ("02-10", "02-17"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-10", "06-10"),
            ("09-15", "09-17"),
            ("10-01", "10-07"),
        ),
        worked=("02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"),
    ),
    Notice(
        year=2025,
        source="国办发明电〔2024〕12号, 2024-11-12; 新华社 2024-11-12",
        off=(
            ("01-01", "01-01"),
            ("01-28", "02-04"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("05-31", "06-02"),
            ("10-01", "10-08"),
        ),
        worked=("01-26", "02-08", "04-27", "09-28", "10-11"),
    ),
    Notice(
        year=2026,
        source="国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04; 新华社, politics.gmw.cn/2025-11/04/content_38391083.htm",
        off=(
            ("01-01", "01-03"),
            ("02-15", "02-23"),
            ("04-04", "04-06"),
            ("05-01", "05-05"),
            ("06-19", "06-21"),
            ("09-25", "09-27"),
            ("10-01", "10-07"),
        ),
        worked=("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
    ),
)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + n * DAY for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("notice", NOTICES, ids=lambda n: str(n.year))
def test_every_day_of_a_year_is_what_its_notice_says(notice: Notice) -> None:
    calendar = published()
    wrong = [d for d in days_of(notice.year) if bool(calendar.is_working(d)) != notice.works(d)]
    assert wrong == [], notice.source


@pytest.mark.parametrize(
    ("first", "pattern"),
    [
        # O: worked, .: off; from a Sunday (or Saturday) before the block to the make-up day after it
        (date(2024, 2, 4), "OOOOOO........O"),  # 2024 Spring Festival: 4 and 18 February worked
        (date(2024, 9, 29), "OO.......OOOOO"),  # 2024 National Day: 29 September and 12 October worked
        (date(2025, 1, 26), "OO........OOOO"),  # 2025 Spring Festival: 26 January and 8 February worked
        (date(2025, 9, 28), "OOO........OOO."),  # 2025 National Day with mid-autumn: 28 September, 11 October worked
        (date(2026, 2, 14), "O.........OOOOO"),  # 2026 Spring Festival: nine days; 14 and 28 February worked
        (date(2026, 9, 28), "OOO.......OOO."),  # 2026 National Day: 10 October worked
    ],
)
def test_the_long_holidays_read_so(first: date, pattern: str) -> None:
    calendar = published()
    assert "".join("O" if calendar.is_working(first + n * DAY) else "." for n in range(len(pattern))) == pattern


def test_our_reading_of_the_library_is_the_librarys_own() -> None:
    calendar = published()
    for year in range(calendar.first.year, calendar.last.year + 1):
        for day in days_of(year):
            assert bool(calendar.is_working(day)) == chinese_calendar.is_workday(day), day


def test_the_year_under_way_is_known_whole() -> None:
    """Raise the pinned library each November; a workspace bridges the time until then (calendar.yaml)."""
    assert published().covers(date(2026, 12, 31))


def test_exchanges_rest_on_days_that_offices_make_up() -> None:
    calendar, make_up = published(), date(2026, 2, 28)
    assert calendar.is_working(make_up)
    assert not calendar.trading().is_working(make_up)
    assert not calendar.trading().is_working(date(2026, 10, 1))
    assert calendar.trading().is_working(date(2026, 10, 9))
