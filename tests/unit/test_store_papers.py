"""The depots' papers as they were known at a moment: notices list by list, and when the orders were last told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.movement import Feed, ReleaseNotice
from store.series import Series

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
S = timedelta(seconds=1)
NOTICE = ReleaseNotice(
    no="TH-0301",
    owner="hengyun",
    site_id="gangchu",
    tank_id="T-107",
    good="DIESEL0",
    mass_kg=500_000,
    issued_at=NOW - timedelta(hours=1),
    valid_until=NOW + timedelta(hours=47),
    sealed=True,
)


def told(*notices: ReleaseNotice, at: datetime = NOW, late: timedelta = S) -> Feed[ReleaseNotice]:
    return Feed(rows=notices, as_of=at, received_at=at + late)


@pytest.fixture
def series() -> Iterator[Series]:
    opened = Series.open(":memory:")
    yield opened
    opened.close()


def test_a_list_is_as_it_was_known_at_the_moment(series: Series) -> None:
    second = replace(NOTICE, no="TH-0302")
    assert series.append_releases("gangchu", told(NOTICE))
    assert series.append_releases("gangchu", told(NOTICE, second, at=NOW + 60 * S))
    before = series.releases_as_of("gangchu", valid=NOW + 30 * S, known=NOW + 30 * S)
    after = series.releases_as_of("gangchu", valid=NOW + 90 * S, known=NOW + 90 * S)
    assert before is not None
    assert after is not None
    assert [n.no for n in before.rows] == ["TH-0301"]
    assert after.rows == (NOTICE, second)


def test_what_had_not_reached_us_was_not_known(series: Series) -> None:
    series.append_releases("gangchu", told(NOTICE, late=600 * S))
    assert series.releases_as_of("gangchu", valid=NOW + 60 * S, known=NOW + 60 * S) is None
    assert series.releases_as_of("gangchu", valid=NOW + 60 * S, known=NOW + 700 * S) is not None


def test_a_withdrawn_notice_is_gone_from_then_on_only(series: Series) -> None:
    series.append_releases("gangchu", told(NOTICE))
    series.append_releases("gangchu", told(at=NOW + 60 * S))
    gone = series.releases_as_of("gangchu", valid=NOW + 90 * S, known=NOW + 90 * S)
    assert gone is not None
    assert gone.rows == ()
    still = series.releases_as_of("gangchu", valid=NOW + 30 * S, known=NOW + 90 * S)
    assert still is not None
    assert still.rows == (NOTICE,)


def test_a_list_that_says_nothing_new_only_grows_younger(series: Series) -> None:
    assert series.append_releases("gangchu", told(NOTICE))
    assert not series.append_releases("gangchu", told(NOTICE, at=NOW + 60 * S))
    found = series.releases_as_of("gangchu", valid=NOW + 90 * S, known=NOW + 90 * S)
    assert found is not None
    assert (found.rows, found.as_of) == ((NOTICE,), NOW + 60 * S)


def test_nobody_speaks_for_another_site(series: Series) -> None:
    with pytest.raises(ValueError, match="'TH-0301' speaks of 'gangchu'"):
        series.append_releases("minchu", told(NOTICE))


def test_work_orders_were_last_told_when_they_were(series: Series) -> None:
    assert series.workorders_heard("gangchu", valid=NOW, known=NOW) is None
    for n in range(3):
        at = NOW + 60 * n * S
        series.hear_workorders("gangchu", as_of=at, received_at=at + S)
    assert series.workorders_heard("gangchu", valid=NOW + 90 * S, known=NOW + 90 * S) == NOW + 60 * S
    assert series.workorders_heard("gangchu", valid=NOW + 120 * S, known=NOW + 90 * S) == NOW + 60 * S
    assert series.workorders_heard("minchu", valid=NOW + 90 * S, known=NOW + 90 * S) is None


def test_the_lists_of_a_span_are_those_that_stood_at_each_of_its_moments(series: Series) -> None:
    series.append_releases("gangchu", told(NOTICE, at=NOW - 60 * S))
    series.append_releases("gangchu", told(at=NOW + 60 * S))
    series.append_releases("gangchu", told(NOTICE, at=NOW + 30 * S, late=600 * S))
    end = NOW + 120 * S

    answers = series.release_answers("gangchu", NOW, end, known_then=True)
    late = series.release_answers("gangchu", NOW, end, known_then=False)

    assert [as_of for as_of, _, _ in answers] == [NOW - 60 * S, NOW + 60 * S]
    assert [as_of for as_of, _, _ in late] == [NOW - 60 * S, NOW + 30 * S, NOW + 60 * S]
    rows = series.release_rows("gangchu", (content for _, _, content in answers))
    assert [rows[content] for _, _, content in answers] == [(NOTICE,), ()]


def test_when_orders_were_told_in_a_span_begins_with_the_last_time_before_it(series: Series) -> None:
    for n in (-2, -1, 1):
        series.hear_workorders("gangchu", as_of=NOW + 60 * n * S, received_at=NOW + (60 * n + 1) * S)
    before, within = (NOW - 60 * S, NOW - 60 * S), (NOW + 60 * S, NOW + 61 * S)
    assert series.orders_heard("gangchu", NOW, NOW + 90 * S, known_then=True) == [before, within]
    assert series.orders_heard("gangchu", NOW, NOW + 60 * S, known_then=True) == [before]
    assert series.orders_heard("gangchu", NOW, NOW + 60 * S, known_then=False) == [before, within]
