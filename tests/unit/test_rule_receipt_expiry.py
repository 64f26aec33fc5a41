"""Receipts near their end: a digest a day, what a lapse would do, and when it is told no more."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.alarm import fold as fold_alarm
from domain.alarm import observe
from domain.contract import AlertKind, Severity
from domain.receipt.fold import fold
from domain.receipt.life import extended, released
from domain.receipt.receipt import ReceiptBook
from rules.receipt_expiry import Memory, judge, recall
from tests.fakes.pledge import NOW, contract, stock_of
from tests.fakes.receipts import book_of, receipt, receipt_scene, under

HELD = [400.0, 300.0, 200.0]  # t; E 700,000 wants 1,000,000 at the warning line, 933,333.33 at the control line
POOL = under(
    receipt("CD-1", {"T-1": 50_000}, end=date(2026, 3, 15)),  # 0.1 M
    receipt("CD-2", {"T-3": 50_000}, good="DIESEL0", end=date(2026, 3, 19)),  # 0.35 M
    receipt("CD-3", {"T-3": 100_000}, good="DIESEL0", end=date(2026, 3, 20)),  # 0.7 M
    receipt("CD-4", {"T-3": 50_000}, good="DIESEL0"),  # 0.35 M, without an end
)
BOOK = book_of(POOL)


def judged(now: datetime = NOW, memory: Memory | None = None, *, book: ReceiptBook = BOOK, of=POOL):
    return judge(receipt_scene(stock_of(HELD, now), of, book=book, now=now), memory or Memory())


def test_all_that_end_within_the_notice_are_told_together_with_what_a_lapse_would_do() -> None:
    [found], _ = judged()
    assert (found.kind, found.subject) == (AlertKind.RECEIPT_EXPIRING, "2026-03-12")
    assert [(r["no"], r["kg"], r["expires_on"]) for r in found.facts["receipts"]] == [
        ("CD-1", 50_000, "2026-03-15"),
        ("CD-2", 50_000, "2026-03-19"),
    ]
    assert (found.facts["value_cny"], found.facts["value_after_cny"]) == ("450000.00", "1050000.00")
    assert Decimal(found.facts["ltv_after"]) == Decimal(700_000) / Decimal(1_050_000)


def test_it_is_yellow_and_orange_where_the_lapse_crosses_a_line() -> None:
    assert judged()[0][0].severity is Severity.YELLOW
    [found], _ = judged(of=contract(receipts=POOL.receipts, receipt_notice_days=8))
    assert (found.severity, found.facts["line_after"]) == (Severity.ORANGE, "disposal")


def test_a_receipt_that_comes_near_later_is_a_digest_of_its_own() -> None:
    _, memory = judged()
    first, second = judged(NOW + timedelta(days=1), memory)[0]
    assert [r["no"] for r in first.facts["receipts"]] == ["CD-1", "CD-2"]
    assert ([r["no"] for r in second.facts["receipts"]], second.facts["others"]) == (["CD-3"], 2)
    assert second.subject == "2026-03-13"


@pytest.mark.parametrize(("hour", "told"), [(0, 0), (1, 1)])
def test_nobody_is_woken_for_it(hour: int, told: int) -> None:
    """00:59 UTC is 8:59 in China."""
    at = datetime(2026, 3, 12, hour, 59 if hour == 0 else 0, tzinfo=UTC)
    assert len(judged(at)[0]) == told


def test_it_stands_past_the_end_until_it_is_renewed_or_released() -> None:
    _, memory = judged()
    late = NOW + timedelta(days=5)
    [first, *_], memory = judged(late, memory)
    assert [(r["no"], r["expired"]) for r in first.facts["receipts"]] == [("CD-1", True), ("CD-2", False)]
    book = fold(BOOK, extended(BOOK, "CD-1", date(2026, 9, 15), "wang", late))
    [first, *_], memory = judged(late, memory, book=book)
    assert [r["no"] for r in first.facts["receipts"]] == ["CD-2"]
    book = fold(book, released(book, "CD-2", {"T-3": 50_000}, None, "chen", late))
    assert [f.subject for f in judged(late, memory, book=book)[0]] == ["2026-03-17"], "only CD-3's own"


def test_a_digest_that_was_orange_stays_so() -> None:
    of = contract(receipts=POOL.receipts, receipt_notice_days=8)
    _, memory = judged(of=of)
    assert judged(NOW, memory)[0][0].severity is Severity.ORANGE


def test_without_receipts_or_without_ends_nothing_is_told() -> None:
    assert judged(of=contract(), book=ReceiptBook(lender="jia")) == ([], Memory())
    endless = under(receipt("CD-4", {"T-3": 50_000}, good="DIESEL0"))
    assert judged(of=endless, book=book_of(endless))[0] == []


def test_after_a_restart_nothing_is_told_again() -> None:
    [found], memory = judged()
    [event] = observe(None, found, POOL, number="AL-1", recovery={}, now=NOW)
    assert recall([fold_alarm(None, [event])]) == memory
