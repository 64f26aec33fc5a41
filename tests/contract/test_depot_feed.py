"""A depot's papers over HTTP, as the simulated depot serves them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from datasources.depot_feed import DepotFeed
from domain.errors import SourceMalformed, SourceUnavailable
from domain.movement import BookRow, Direction, ReleaseNotice, WorkOrder
from tests.fakes.http_source import answer, document, http_source

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
AS_OF = "2026-11-16T08:59:58.250Z"
ORDER = {
    "no": "WO-1116-01",
    "site": "gangchu",
    "tank": "T-110",
    "direction": "transfer_out",
    "counter_tank": "T-114",
    "kind": "倒罐",
    "good": "METHANOL",
    "owner": "hengyun",
    "planned_kg": 45000,
    "done_kg": 12000,
    "opened_at": "2026-11-16T08:00:00.000Z",
    "updated_at": "2026-11-16T08:30:00.000Z",
    "closed_at": None,
    "release_no": None,
}
RELEASE = {
    "no": "TH-0231",
    "contract_ref": "QD-DCZY-2026-018",
    "owner": "hengyun",
    "site": "gangchu",
    "tank": "T-107",
    "good": "DIESEL0",
    "mass_kg": 60000,
    "issued_at": "2026-11-16T08:00:00.000Z",
    "valid_until": "2026-11-18T08:00:00.000Z",
    "sealed": True,
}
BOOK = {
    "site": "gangchu",
    "tank": "T-108",
    "good": "DIESEL0",
    "owner": "haichuan",
    "owner_name": "海川化工",
    "mass_kg": 300000,
    "heel_kg": 17400,
}


async def heard(what, response, *, since=NOW - timedelta(hours=1)):
    """One feed read once: its rows and bad rows, and what was asked."""
    async with http_source(response) as source:
        feed = DepotFeed(source.url + "/", site_ids=frozenset({"gangchu"}), timeout_s=30.0)
        try:
            match what:
                case "workorders":
                    answered = await feed.work_orders(since, NOW)
                case "releases":
                    answered = await feed.releases(NOW)
                case "book":
                    answered = await feed.book(NOW)
        finally:
            await feed.close()
    return *answered, source.asked


def rows(*given):
    return document({"as_of": AS_OF, "rows": list(given)})


async def test_work_orders_come_with_their_times_in_utc():
    feed, bad, asked = await heard("workorders", rows(ORDER, ORDER | {"tank": "T-114", "direction": "transfer_in"}))

    assert feed.rows[0] == WorkOrder(
        no="WO-1116-01",
        site_id="gangchu",
        tank_id="T-110",
        direction=Direction.TRANSFER_OUT,
        good="METHANOL",
        planned_kg=45000,
        done_kg=12000,
        opened_at=datetime(2026, 11, 16, 8, tzinfo=UTC),
        owner="hengyun",
    )
    assert [(o.tank_id, o.direction) for o in feed.rows[1:]] == [("T-114", Direction.TRANSFER_IN)]
    assert bad == ()
    assert feed.as_of == datetime(2026, 11, 16, 8, 59, 58, 250000, tzinfo=UTC)
    assert (feed.received_at, feed.age_s(NOW)) == (NOW, 1.75)
    assert urlsplit(asked[0]).path == "/workorders"


async def test_since_is_asked_for_in_utc():
    china = timezone(timedelta(hours=8))
    _, _, asked = await heard("workorders", rows(), since=datetime(2026, 11, 16, 8, tzinfo=china))

    assert parse_qs(urlsplit(asked[0]).query) == {"since": ["2026-11-16T00:00:00Z"]}


async def test_a_naive_since_is_our_own_mistake():
    with pytest.raises(ValueError, match="no time zone"):
        await heard("workorders", rows(), since=datetime(2026, 11, 16))  # noqa: DTZ001


async def test_closed_orders_and_their_notices_are_tied_by_number():
    closed = {"closed_at": "2026-11-16T08:40:00+00:00", "release_no": "TH-0231", "direction": "out"}
    feed, _, _ = await heard("workorders", rows(ORDER | closed))

    assert feed.rows[0].closed_at == datetime(2026, 11, 16, 8, 40, tzinfo=UTC)
    assert feed.rows[0].release_no == "TH-0231"


async def test_release_notices_come_with_their_validity_and_seal():
    feed, bad, asked = await heard("releases", rows(RELEASE))

    assert feed.rows == (
        ReleaseNotice(
            no="TH-0231",
            owner="hengyun",
            site_id="gangchu",
            tank_id="T-107",
            good="DIESEL0",
            mass_kg=60000,
            issued_at=datetime(2026, 11, 16, 8, tzinfo=UTC),
            valid_until=datetime(2026, 11, 18, 8, tzinfo=UTC),
            sealed=True,
        ),
    )
    assert (bad, asked) == ((), ["/releases"])


async def test_book_rows_are_as_of_the_book():
    without_heel = {k: v for k, v in BOOK.items() if k != "heel_kg"} | {"owner": "hengyun"}
    feed, bad, asked = await heard("book", rows(BOOK, without_heel))
    as_of = datetime(2026, 11, 16, 8, 59, 58, 250000, tzinfo=UTC)

    assert feed.rows[0] == BookRow(
        site_id="gangchu",
        tank_id="T-108",
        good="DIESEL0",
        owner="haichuan",
        mass_kg=300000,
        heel_kg=17400,
        as_of=as_of,
    )
    assert feed.rows[1].heel_kg == 0
    assert (bad, asked) == ((), ["/book"])


@pytest.mark.parametrize(
    ("what", "good_row", "wrong", "names"),
    [
        ("workorders", ORDER, {"opened_at": "2026-11-16T08:00:00"}, "'opened_at'"),
        ("workorders", ORDER, {"closed_at": "2026-11-16"}, "'closed_at'"),
        ("workorders", ORDER, {"closed_at": "2026-11-16T07:00:00Z"}, "before opened_at"),
        ("workorders", ORDER, {"direction": "sideways"}, "'direction'.*transfer_out"),
        ("workorders", ORDER, {"done_kg": -1}, "'done_kg'"),
        ("workorders", ORDER, {"planned_kg": 45000.5}, "'planned_kg'"),
        ("workorders", ORDER, {"site": "minchu"}, "'minchu'.*gangchu"),
        ("workorders", ORDER, {"no": ""}, "'no'"),
        ("releases", RELEASE, {"sealed": "yes"}, "'sealed'"),
        ("releases", RELEASE, {"mass_kg": True}, "'mass_kg'"),
        ("releases", RELEASE, {"valid_until": "2026-11-15T08:00:00Z"}, "before issued_at"),
        ("releases", RELEASE, {"site": "minchu"}, "'minchu'"),
        ("book", BOOK, {"mass_kg": "300000"}, "'mass_kg'"),
        ("book", BOOK, {"mass_kg": None}, "'mass_kg' is missing"),
        ("book", BOOK, {"heel_kg": -1}, "'heel_kg'"),
        ("book", BOOK, {"site": "minchu"}, "'minchu'"),
    ],
)
async def test_a_bad_row_is_told_by_place_and_field_and_hides_no_other(what, good_row, wrong, names):
    feed, bad, _ = await heard(what, rows(good_row | wrong, good_row))

    assert len(feed.rows) == 1
    assert [row.place for row in bad] == [f"{what}[0]"]
    assert re.search(names, bad[0].wrong), bad[0].wrong


@pytest.mark.parametrize(
    ("what", "row", "changed", "names"),
    [
        ("workorders", ORDER, {"planned_kg": 99000}, "WO-1116-01"),
        ("releases", RELEASE, {"mass_kg": 99000}, "TH-0231"),
        ("releases", RELEASE, {"tank": "T-108"}, "TH-0231"),
        ("book", BOOK, {"mass_kg": 1}, "T-108"),
    ],
)
async def test_a_number_used_again_for_something_else_is_told_and_the_first_is_kept(what, row, changed, names):
    feed, bad, _ = await heard(what, rows(row, row, row | changed))
    first, _, _ = await heard(what, rows(row))

    assert feed.rows == first.rows
    assert [b.place for b in bad] == [f"{what}[2]"]
    assert names in bad[0].wrong


@pytest.mark.parametrize("what", ["workorders", "releases", "book"])
async def test_a_document_without_a_time_or_rows_is_malformed(what):
    with pytest.raises(SourceMalformed, match="'as_of'"):
        await heard(what, document({"as_of": "2026-11-16T09:00:00", "rows": []}))
    with pytest.raises(SourceMalformed, match="'rows'"):
        await heard(what, document({"as_of": AS_OF}))


@pytest.mark.parametrize("what", ["workorders", "releases", "book"])
async def test_a_depot_that_does_not_answer_properly_is_unavailable(what):
    with pytest.raises(SourceUnavailable, match="503"):
        await heard(what, answer(b"", "503 Service Unavailable"))
