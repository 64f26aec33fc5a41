"""这个月哪些仓单到期、本周新入池、已注销的: by state and by time, which texts ask so, and what is answered."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from bot.words import Words
from domain.receipt.fold import fold
from domain.receipt.life import cancelled, opened, pledged, released, split
from domain.receipt.receipt import Receipt, ReceiptBook
from skills.receipts import RECEIPTS
from skills.skill import Answer, Status
from tests.data.words.hearing import hear, one
from tests.data.words.hengyun import HY, NOW, Labels
from tests.data.words.receipts import POOL, book, receipt_scene
from tests.data.words.snapshots import assert_snapshot
from tests.data.words.window import Window

WORDS = Words(Labels())
DAY = timedelta(days=1)
MARCH = "2026-02-28T16:00:00Z/2026-03-31T16:00:00Z"
WEEK = "2026-03-08T16:00:00Z/2026-03-15T16:00:00Z"
LAST_WEEK = "2026-03-01T16:00:00Z/2026-03-08T16:00:00Z"


def lived() -> ReceiptBook:
    """CD-0087 was released in part on Tuesday, CD-0091 last week, CD-0094 split on Wednesday; CD-2001 is new, CD-2002 void."""
    held = book()
    held = fold(held, released(held, "CD-0091", {"T-107": 450_000}, "RC-1", "chen", NOW - 8 * DAY))
    held = fold(held, released(held, "CD-0087", {"T-112": 300_000}, "RC-2", "chen", NOW - 2 * DAY))
    parts = {"CD-0094A": {"V203": 600_000}, "CD-0094B": {"V203": 300_000}}
    held = fold(held, split(held, "CD-0094", parts, "chen", NOW - DAY))
    for no, tank, good in (("CD-2001", "T-113", "MEOH"), ("CD-2002", "V203", "MTBE")):
        new = Receipt(no=no, issuer="gcyk", owner="恒运化工", good=good, parts={tank: 50_000}, issued_on=date(2026, 3, 9),
                      expires_on=date(2026, 4, 20))  # fmt: skip
        held = fold(held, opened(held, new, POOL, "chen", NOW - 3 * DAY))
    held = fold(held, pledged(held, "CD-2001", POOL, "chen", NOW - 3 * DAY))
    return fold(held, cancelled(held, "CD-2002", "开错", "chen", NOW - timedelta(hours=2)))


def told(**arguments: str) -> Answer:
    window = Window(scenes={HY: receipt_scene(of_book=lived())}, contract_list=(POOL,))
    return RECEIPTS.run(window, arguments)


def numbers(**arguments: str) -> set[str]:
    return {r["no"] for r in told(**arguments).facts["rows"]}


@pytest.mark.parametrize(
    ("case", "arguments"),
    [
        ("ending", {"which": "soon,ending", "time": MARCH}),
        ("entered_cancelled", {"which": "entered,cancelled", "time": WEEK}),
        ("released", {"which": "released"}),
        ("changed", {"time": WEEK}),
        ("none", {"which": "cancelled", "time": LAST_WEEK}),
    ],
)
def test_an_answer_by_state_and_time_reads_so(case: str, arguments: Mapping[str, str]) -> None:
    message = WORDS.answer(told(**arguments))
    assert message.text.count("\n") < 12
    assert_snapshot(f"receipts_asked.{case}", message)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"which": "soon,ending", "time": MARCH}, {"CD-0087", "CD-0094A", "CD-0094B"}),
        ({"which": "ending", "time": "2026-03-14T16:00:00Z/2026-03-15T16:00:00Z"}, {"CD-0087"}),
        ({"which": "ending", "time": "2026-03-15T16:00:00Z/2026-03-17T16:00:00Z"}, set()),
        ({"which": "ending", "time": "2026-03-31T16:00:00Z/2026-04-30T16:00:00Z"}, {"CD-2001"}),
        ({"which": "released", "time": LAST_WEEK}, {"CD-0091"}),
        ({"which": "released", "time": WEEK}, {"CD-0087"}),
        ({"which": "released"}, {"CD-0087", "CD-0091"}),
        ({"which": "partly,released"}, {"CD-0087"}),
        ({"which": "entered", "time": WEEK}, {"CD-2001"}),
        ({"which": "cancelled"}, {"CD-2002"}),
        ({"which": "split"}, {"CD-0094"}),
        ({"good": "MTBE", "which": "cancelled"}, {"CD-2002"}),
        ({"good": "MEOH", "which": "cancelled"}, set()),
    ],
)
def test_only_what_is_asked_for_is_told(arguments: Mapping[str, str], found: set[str]) -> None:
    assert numbers(**arguments) == found


def test_what_was_in_pledge_at_a_past_end_is_told_though_it_is_released_now() -> None:
    then = told(which="pledged", time="2026-03-02T16:00:00Z/2026-03-03T16:00:00Z").facts
    now = told(which="pledged").facts
    assert "CD-0091" in {r["no"] for r in then["rows"]}
    assert "CD-0091" not in {r["no"] for r in now["rows"]}
    assert "CD-2001" not in {r["no"] for r in then["rows"]}


def test_a_wider_word_inside_a_narrower_one_asks_for_nothing_more() -> None:
    live = told(which="live,released").facts["total"]
    assert live == told().facts["total"] == told(which="ending").facts["total"]


def test_an_expired_receipt_of_the_time_is_told_as_such() -> None:
    late = NOW + 4 * DAY
    window = Window(scenes={HY: receipt_scene(late)}, contract_list=(POOL,), now=late)
    text = WORDS.answer(RECEIPTS.run(window, {"which": "expired", "time": WEEK})).text
    assert "3月9日至3月15日 已过期仓单 1 张" in text
    assert "CD-0087" in text


def test_a_time_that_is_none_is_asked_for() -> None:
    assert told(time="这个月").status is Status.CLARIFY


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("这个月有哪些仓单要到期", {"which": "soon,ending", "time": MARCH}),
        ("下个月到期的仓单有哪些", {"which": "ending", "time": "2026-03-31T16:00:00Z/2026-04-30T16:00:00Z"}),
        ("月底前哪些仓单到期", {"which": "ending", "time": "2026-03-12T06:32:00Z/2026-03-31T16:00:00Z"}),
        ("今天有仓单到期吗", {"which": "ending", "time": "2026-03-11T16:00:00Z/2026-03-12T16:00:00Z"}),
        ("本周注销的仓单", {"which": "cancelled", "time": WEEK}),
        ("本周新入池和注销的仓单有哪些", {"which": "entered,cancelled", "time": WEEK}),
        ("已注销的仓单有哪些", {"which": "cancelled"}),
        ("哪些仓单已解押", {"which": "released"}),
        ("还有哪些仓单没解押", {"which": "live,released"}),
        ("/receipts 这个月到期", {"which": "ending", "time": MARCH}),
        ("/receipts 已注销", {"which": "cancelled"}),
        ("在押仓单有哪些", {"which": "pledged"}),
    ],
)
def test_state_and_time_are_heard(text: str, arguments: Mapping[str, str]) -> None:
    found = one(hear(text))
    assert (found.skill, found.arguments) == ("receipts", arguments)


def test_a_split_is_no_new_receipt_in_the_pool() -> None:
    held = lived()["CD-0094A"]
    assert held.pledged_at == lived()["CD-0094"].pledged_at
    assert held.changed_at == NOW - DAY
