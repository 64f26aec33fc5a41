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
        ("明天12点前补一亿两千万", None, Decimal("120000000.00")),
        ("款已经打了,一百二十三万四千五百", None, Decimal("1234500.00")),
        ("款已打,120万5千", None, Decimal("1205000.00")),
        ("款已打,¥1234500", None, Decimal("1234500.00")),
        ("明天补2千5吨甲醇", 2_500_000, None),
        ("补T-107 400吨", 400_000, None),
        ("分两次补400吨到2号罐", 400_000, None),
        ("一定尽快", None, None),
    ],
)
def test_amounts_are_exact(text: str, kg: int | None, cny: Decimal | None) -> None:
    told = heard(text, NOW)
    assert (told.qty_kg, told.amount_cny) == (kg, cny)


@pytest.mark.parametrize(
    "text",
    [
        "明天补400吨500公斤甲醇",
        "补400到500吨",
        "补50-80吨",
        "补400~500吨",
        "补400吨,后天再补400吨",
        "款已打,一亿两千",
        "补400吨,还100万再还20万",
    ],
)
def test_an_amount_that_is_not_one_figure_is_no_amount(text: str) -> None:
    told = heard(text, NOW)
    assert told.doubtful
    assert None in (told.qty_kg, told.amount_cny)


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


EVENING = datetime(2026, 11, 22, 13, 35, tzinfo=UTC)
"""A Sunday, 21:35 in China."""


@pytest.mark.parametrize(
    "text",
    [
        "我们下午补200吨甲醇",
        "今天12点前补400吨",
        "今天上午10点打款300万",
        "报备T-107昨天清罐",
        "今天下午3点到5点装车",
        "2025年12月3日前还款",
        "两小时前补",
    ],
)
def test_a_time_that_is_over_is_heard_as_over_and_never_as_the_next_one(text: str) -> None:
    told = heard(text, EVENING)
    assert (told.past, told.by) == (True, None)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("三天内补400吨甲醇", "2026-11-25T16:00"),
        ("10天之内补", "2026-12-02T16:00"),
        ("3日内补", "2026-11-25T16:00"),
        ("一周内补", "2026-11-29T16:00"),
        ("两个月内还清", "2027-01-22T16:00"),
        ("半天内补", "2026-11-23T01:35"),
        ("本周内补", "2026-11-22T16:00"),
        ("12月3日前还", "2026-12-03T16:00"),
        ("1月5日前还", "2027-01-05T16:00"),
        ("5号前还款", "2026-12-05T16:00"),
    ],
)
def test_a_term_ends_with_its_last_day_and_a_date_is_the_coming_one(text: str, by: str) -> None:
    assert heard(text, EVENING).by == datetime.fromisoformat(by).replace(tzinfo=UTC)


def test_working_days_are_left_to_be_counted_by_a_calendar() -> None:
    told = heard("十个工作日内还款500万", EVENING)
    assert (told.working_days, told.span, told.by) == (10, None, None)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("从下午3点到5点装车", "2026-11-23T07:00", "2026-11-23T09:00"),
        ("22点到5点清罐", "2026-11-22T14:00", "2026-11-22T21:00"),
        ("晚上8点到10点清罐", "2026-11-22T12:00", "2026-11-22T14:00"),
    ],
)
def test_two_clocks_are_the_span_between_them(text: str, start: str, end: str) -> None:
    told = heard(text, EVENING)
    assert (told.starts, told.by) == tuple(datetime.fromisoformat(t).replace(tzinfo=UTC) for t in (start, end))


@pytest.mark.parametrize("text", ["静音30秒", "静音 -1小时", "静音几小时"])
def test_a_length_that_is_not_read_is_known_to_be_said(text: str) -> None:
    told = heard(text, NOW)
    assert (told.unread, told.span) == (True, None)
