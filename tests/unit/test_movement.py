"""A depot's papers as values: what they may not be, and for which moment they speak."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import SourceMalformed
from domain.movement import BookRow, Direction, Feed, ReleaseNotice, WorkOrder

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAIVE = datetime(2026, 11, 16, 12)  # noqa: DTZ001
ORDER = WorkOrder(
    no="WO-1116-01",
    site_id="gangchu",
    tank_id="T-107",
    direction=Direction.OUT,
    good="DIESEL0",
    planned_kg=60000,
    done_kg=0,
    opened_at=NOON,
)
NOTICE = ReleaseNotice(
    no="TH-0231",
    owner="hengyun",
    site_id="gangchu",
    tank_id="T-107",
    good="DIESEL0",
    mass_kg=60000,
    issued_at=NOON,
    valid_until=NOON + 48 * HOUR,
    sealed=True,
)
ROW = BookRow(site_id="gangchu", tank_id="T-107", good="DIESEL0", owner="hengyun", mass_kg=1, as_of=NOON)


@pytest.mark.parametrize(
    ("paper", "wrong", "names"),
    [
        (ORDER, {"planned_kg": -1}, "planned_kg -1"),
        (ORDER, {"done_kg": -1}, "done_kg -1"),
        (ORDER, {"opened_at": NAIVE}, "opened_at"),
        (ORDER, {"closed_at": NAIVE}, "closed_at"),
        (ORDER, {"closed_at": NOON - HOUR}, "before opened_at"),
        (NOTICE, {"mass_kg": -1}, "TH-0231.*mass_kg -1"),
        (NOTICE, {"issued_at": NAIVE}, "issued_at"),
        (NOTICE, {"valid_until": NOON - HOUR}, "before issued_at"),
        (ROW, {"mass_kg": -1}, "T-107.*mass_kg -1"),
        (ROW, {"as_of": NAIVE}, "as_of"),
    ],
)
def test_an_impossible_paper_is_refused_by_name(paper, wrong, names):
    with pytest.raises(SourceMalformed, match=names):
        replace(paper, **wrong)


def test_an_order_covers_the_time_from_opening_to_closing():
    closed = replace(ORDER, closed_at=NOON + HOUR)

    assert [ORDER.open_at(NOON + i * HOUR) for i in (-1, 0, 1, 100)] == [False, True, True, True]
    assert [closed.open_at(NOON + i * HOUR) for i in (-1, 0, 1, 2)] == [False, True, True, False]


def test_a_notice_is_in_force_from_its_issue_to_its_end():
    assert [NOTICE.valid_at(NOON + i * HOUR) for i in (-1, 0, 48, 49)] == [False, True, True, False]


def test_cargo_leaves_by_out_by_transfer_out_and_into_a_plant():
    assert [d for d in Direction if d.leaves] == [Direction.OUT, Direction.TRANSFER_OUT, Direction.PROCESS_OUT]


@pytest.mark.parametrize(
    ("as_of", "age_s"),
    [(NOON - HOUR, 7200.0), (NOON, 3600.0), (NOON + 5 * HOUR, 3600.0)],
    ids=["an old document", "a fresh one", "a clock that runs ahead"],
)
def test_a_feed_is_as_old_as_what_it_says_but_never_younger_than_its_arrival(as_of, age_s):
    feed = Feed(rows=(ROW,), as_of=as_of, received_at=NOON)

    assert feed.age_s(NOON + HOUR) == age_s
