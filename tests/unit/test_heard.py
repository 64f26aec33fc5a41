"""Amounts and times ahead in what people say they will do; 2026-03-12 is a Thursday, 14:32 in China."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from skills.heard import heard, said

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("我们明天中午12点前补400吨到库", "2026-03-13T04:00"),
        ("今天18点前还款", "2026-03-12T10:00"),
        ("18点前还款", "2026-03-12T10:00"),
        ("上午9点前补齐", "2026-03-13T01:00"),
        ("今天下午补", "2026-03-12T10:00"),
        ("今晚补到", "2026-03-12T16:00"),
        ("今天内补齐", "2026-03-12T16:00"),
        ("后天17点前", "2026-03-14T09:00"),
        ("周五前补足", "2026-03-13T16:00"),
        ("周一前补足", "2026-03-16T16:00"),
    ],
)
def test_a_time_is_the_next_one_ahead(text: str, by: str) -> None:
    assert heard(text, NOW).by == datetime.fromisoformat(by).replace(tzinfo=UTC)


def test_of_a_span_both_ends_are_heard() -> None:
    told = heard("明天8点到后天12点清罐", NOW)
    assert (told.starts, told.by) == (datetime(2026, 3, 13, 0, tzinfo=UTC), datetime(2026, 3, 14, 4, tzinfo=UTC))


@pytest.mark.parametrize("text", ["昨天已经补了400吨", "上周五补的", "补400吨", ""])
def test_what_is_over_or_unsaid_is_no_time_ahead(text: str) -> None:
    assert heard(text, NOW).by is None


@pytest.mark.parametrize(
    ("text", "kg", "cny"),
    [
        ("补400吨", 400_000, None),
        ("补0.5万吨", 5_000_000, None),
        ("款已经打了,三百万", None, Decimal("3000000.00")),
        ("还款1,234.56元", None, Decimal("1234.56")),
        ("补300.5吨,还100万", 300_500, Decimal("1000000.00")),
        ("一定尽快", None, None),
    ],
)
def test_amounts_are_exact(text: str, kg: int | None, cny: Decimal | None) -> None:
    told = heard(text, NOW)
    assert (told.qty_kg, told.amount_cny) == (kg, cny)


def test_a_span_is_kept_as_one() -> None:
    assert heard("先静音两小时", NOW).span == timedelta(hours=2)
    assert heard("40分钟到", NOW).span == timedelta(minutes=40)


def test_words_are_kept_on_one_line_and_not_endless() -> None:
    assert said("  第一行\n第二行 ") == "第一行 第二行"
    assert len(said("长" * 500)) == 120


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("静音到昨天18点", True),
        ("静音到昨天", True),
        ("静音到18点", False),
        ("昨天已经核实,先静音", False),
        ("", False),
    ],
)
def test_an_end_that_lies_behind_is_heard_as_such(text: str, over: bool) -> None:
    assert heard(text, NOW).over is over


@pytest.mark.parametrize(
    ("text", "worded"),
    [
        ("AL-20260312-07", False),
        ("al-20260312-07 到明天9点", False),
        ("AL-20260312-07 两小时。", False),
        ("", False),
        ("静音两小时", True),
        ("AL-20260312-07 在核实", True),
    ],
)
def test_numbers_and_times_alone_are_no_words(text: str, worded: bool) -> None:
    assert heard(text, NOW).worded is worded
