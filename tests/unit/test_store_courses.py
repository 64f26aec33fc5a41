"""A contract's course: one point a quarter of an hour, sums of any part, one an hour after a while; and the pictures."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.contract import Line
from domain.course import CoursePart, CoursePoint, CourseSum, slot_of, summed
from store.ledger import Ledger
from store.series import Series

NOW = datetime(2026, 3, 12, 6, 30, tzinfo=UTC)
Q = timedelta(minutes=15)
ALWAYS = (NOW - timedelta(days=400), NOW + timedelta(days=400))


def point(at: datetime, value: str = "131402600.01") -> CoursePoint:
    lines = {Line.WARN: Decimal("1.10"), Line.CONTROL: Decimal("1.05"), Line.DISPOSAL: Decimal("0.90")}
    exposure = Decimal("90386400.00")
    return CoursePoint(
        at=at, recognised=Decimal(value), last_known=Decimal(value), exposure=exposure, lines=lines, complete=True
    )


def part(
    tank: str, good: str = "MEOH", site: str = "gangchu", kg: int | None = 1000, price: str | None = "2410"
) -> CoursePart:
    cny_t = None if price is None else Decimal(price)
    return CoursePart(tank_id=tank, site_id=site, good=good, kg=kg, value_cny=Decimal("10.01"), cny_t=cny_t)


@pytest.fixture
def series() -> Iterator[Series]:
    made = Series.open(":memory:")
    yield made
    made.close()


def test_a_point_is_read_as_it_was_written_and_only_once_a_quarter(series: Series) -> None:
    assert series.append_course("A-1", point(NOW), [part("T-1")])
    assert not series.append_course("A-1", point(NOW + Q - timedelta(seconds=1), "5"), [part("T-1")])
    assert series.append_course("B-1", point(NOW, "7.00"), [])
    assert series.append_course("A-1", point(NOW + Q, "8.00"), [])
    assert series.course("A-1", *ALWAYS) == [point(NOW), point(NOW + Q, "8.00")]
    assert series.course_begins("A-1") == NOW
    assert series.course_begins("C-1") is None


def test_a_clock_that_stepped_back_writes_no_second_point(series: Series) -> None:
    series.append_course("A-1", point(NOW), [])
    assert not series.append_course("A-1", point(NOW - Q), [])


def test_the_span_leaves_out_its_start_and_holds_its_end(series: Series) -> None:
    for n in range(3):
        series.append_course("A-1", point(NOW + n * Q), [part("T-1")])
    assert [p.at for p in series.course("A-1", NOW, NOW + Q)] == [NOW + Q]
    assert [p.at for p in series.course_sums("A-1", NOW, NOW + Q)] == [NOW + Q]


@pytest.mark.parametrize(
    ("only", "kg", "value", "unmeasured"),
    [
        ({}, 6000, "40.04", 1),
        ({"tanks": ["T-1"]}, 1000, "10.01", 0),
        ({"goods": ["MEOH"]}, 3000, "20.02", 0),
        ({"sites": ["minchu"]}, 3000, "20.02", 1),
        ({"goods": ["D0"], "sites": ["minchu"]}, 3000, "20.02", 1),
        ({"tanks": ["S-2"]}, None, "10.01", 1),
    ],
)
def test_any_part_is_summed(
    series: Series, only: dict[str, list[str]], kg: int | None, value: str, unmeasured: int
) -> None:
    rows = [
        part("T-1"),
        part("T-2", kg=2000),
        part("S-1", "D0", "minchu", 3000, "7000"),
        part("S-2", "D0", "minchu", None, None),
    ]
    series.append_course("A-1", point(NOW), rows)
    (found,) = series.course_sums("A-1", *ALWAYS, **only)
    assert (found.kg, found.value_cny, found.unmeasured) == (kg, Decimal(value), unmeasured)
    chosen = [
        r
        for r in rows
        if all(getattr(r, {"tanks": "tank_id", "goods": "good", "sites": "site_id"}[k]) in v for k, v in only.items())
    ]
    assert found == summed(NOW, chosen)


def test_a_part_that_was_not_there_has_no_points(series: Series) -> None:
    series.append_course("A-1", point(NOW), [part("T-1")])
    assert series.course_sums("A-1", *ALWAYS, tanks=["T-9"]) == []


def test_older_points_are_kept_once_an_hour(series: Series) -> None:
    for n in range(12):
        series.append_course("A-1", point(NOW.replace(minute=0) + n * Q), [part("T-1")])
    series.thin_courses(NOW.replace(minute=0) + 8 * Q)
    kept = [slot_of(p.at) - slot_of(NOW.replace(minute=0)) for p in series.course("A-1", *ALWAYS)]
    assert kept == [0, 4, 8, 9, 10, 11]
    assert len(series.course_sums("A-1", *ALWAYS)) == 6


def test_nothing_at_all_sums_to_unknown() -> None:
    assert summed(NOW, []) == CourseSum(at=NOW, kg=None, unmeasured=0, value_cny=Decimal(0), cny_t=None)


def test_a_picture_is_kept_once_for_each_lender_and_goes_in_time() -> None:
    ledger = Ledger.open(":memory:")
    digest = ledger.keep_picture("jiayin", b"png", NOW)
    assert ledger.keep_picture("jiayin", b"png", NOW + Q) == digest
    assert ledger.keep_picture("yiyin", b"png", NOW + Q) == digest
    assert ledger.picture(digest) == b"png"
    ledger.drop_pictures(NOW + Q)
    assert ledger.picture(digest) == b"png"
    ledger.drop_pictures(NOW + Q + Q)
    assert ledger.picture(digest) is None
    ledger.close()
