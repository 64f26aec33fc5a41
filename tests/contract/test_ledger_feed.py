"""A depot's ownership ledger over HTTP; a depot that keeps none is no fault."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from datasources.depot_feed import DepotFeed
from domain.errors import SourceMalformed, SourceUnavailable
from domain.ownership.entry import Entry, EntryKind
from tests.fakes.http_source import answer, document, http_source

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
AS_OF = "2026-11-16T08:59:58.250Z"
ROW = {
    "no": "DT-7",
    "line": 2,
    "site": "gangchu",
    "tank": "T-110",
    "kind": "transfer",
    "at": "2026-11-16T08:00:00+08:00",
    "good": "METHANOL",
    "kg": 45000,
    "owner": None,
    "batch": None,
    "to_tank": "T-114",
    "paper": "WO-1116-01",
}


async def heard(response, *, since=None):
    async with http_source(response) as source:
        feed = DepotFeed(source.url, site_ids=frozenset({"gangchu"}), timeout_s=30.0)
        try:
            return await feed.ledger(since, NOW), source.asked
        finally:
            await feed.close()


def rows(*given):
    return document({"as_of": AS_OF, "rows": list(given)})


async def test_entries_come_with_their_times_in_utc():
    (feed, bad), asked = await heard(rows(ROW, {**ROW, "line": 3, "owner": "hengyun", "batch": "B-1"}))
    assert feed.rows[0] == Entry(
        no="DT-7",
        line=2,
        site_id="gangchu",
        kind=EntryKind.TRANSFER,
        at=datetime(2026, 11, 16, tzinfo=UTC),
        tank_id="T-110",
        good="METHANOL",
        kg=45000,
        to_tank="T-114",
        paper="WO-1116-01",
    )
    assert (feed.rows[1].owner, feed.rows[1].batch) == ("hengyun", "B-1")
    assert (bad, asked) == ((), ["/ledger"])


async def test_only_what_is_new_is_asked_for():
    _, asked = await heard(rows(), since=NOW)
    assert parse_qs(urlsplit(asked[0]).query) == {"since": ["2026-11-16T09:00:00Z"]}


async def test_a_depot_without_a_ledger_has_none_and_one_that_fails_is_lost():
    found, _ = await heard(answer(b"", "404 Not Found"))
    assert found is None
    with pytest.raises(SourceUnavailable, match="503"):
        await heard(answer(b"", "503 Service Unavailable"))
    with pytest.raises(SourceMalformed, match="'rows'"):
        await heard(document({"as_of": AS_OF}))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"site": "minchu"}, "'minchu'"),
        ({"kind": "gift"}, "'kind'"),
        ({"kg": -1}, "'kg'"),
        ({"line": "2"}, "'line'"),
        ({"line": 2**31}, "'line'"),
        ({"to_tank": None}, "'to_tank'"),
        ({"at": "2026-11-16T08:00:00"}, "'at'"),
    ],
)
async def test_a_bad_row_is_told_and_hides_no_other(wrong, says):
    (feed, bad), _ = await heard(rows(ROW | {"no": "X"} | wrong, ROW))
    assert [e.no for e in feed.rows] == ["DT-7"]
    assert [b.place for b in bad] == ["ledger[0]"]
    assert says in bad[0].wrong


async def test_a_number_used_again_for_something_else_is_told_and_the_first_is_kept():
    (feed, bad), _ = await heard(rows(ROW, ROW, ROW | {"kg": 1}))
    assert [e.kg for e in feed.rows] == [45000]
    assert [b.place for b in bad] == ["ledger[2]"]
