"""Times as people say them: each becomes one token, and a token one moment or span in China's time, or is left alone."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.understanding.binding import told
from skills.understanding.normal import normal
from skills.understanding.spans import CHINA, FIRST, LAST, Span, span_of
from skills.understanding.when import SIGN, times_in

NOW = datetime(2026, 3, 12, 14, 32, tzinfo=CHINA)  # a Thursday
UTTERANCES = Path(__file__).parent.parent / "data" / "words" / "utterances.csv"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def meant(said: str) -> Span:
    """The only time of a text."""
    left, (when,) = times_in(normal(f"{said}货值多少").whole, NOW)
    assert left == f"{SIGN}{'收盘' if said.endswith('收盘') else ''}货值多少"
    span = span_of(when.token, NOW)
    assert span is not None, when.token
    return span


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("昨天17点", "2026-03-11T17:00"),
        ("昨天下午5点", "2026-03-11T17:00"),
        ("昨天下午五点半", "2026-03-11T17:30"),
        ("前天上午十点一刻", "2026-03-10T10:15"),
        ("昨天中午1点", "2026-03-11T13:00"),
        ("3月11日15:00", "2026-03-11T15:00"),
        ("3月11号 15:04:05", "2026-03-11T15:04:05"),
        ("3月11日下午3点", "2026-03-11T15:00"),
        ("三月十一日十五点", "2026-03-11T15:00"),
        ("2026-03-12 09:41", "2026-03-12T09:41"),
        ("2025年12月31日24点", "2026-01-01T00:00"),
        ("今早8点", "2026-03-12T08:00"),
        ("今天9:30", "2026-03-12T09:30"),
        ("14:00", "2026-03-12T14:00"),
        ("17:00", "2026-03-11T17:00"),
        ("凌晨2点", "2026-03-12T02:00"),
        ("昨夜2点", "2026-03-12T02:00"),
        ("昨天凌晨2点", "2026-03-11T02:00"),
        ("半夜3点", "2026-03-12T03:00"),
        ("昨天夜里11点", "2026-03-11T23:00"),
        ("昨晚10点", "2026-03-11T22:00"),
        ("昨天半夜11点", "2026-03-11T23:00"),
        ("上周五16点", "2026-03-06T16:00"),
        ("上周五下午4点", "2026-03-06T16:00"),
        ("周五16点", "2026-03-06T16:00"),
        ("周二16点", "2026-03-10T16:00"),
        ("本周三中午12点", "2026-03-11T12:00"),
        ("上月底15点", "2026-02-28T15:00"),
        ("12月31日16点", "2025-12-31T16:00"),
        ("昨天这时候", "2026-03-11T14:32"),
        ("昨天这个时候", "2026-03-11T14:32"),
        ("前天此时", "2026-03-10T14:32"),
        ("上周五同一时间", "2026-03-06T14:32"),
        ("上月底这时候", "2026-02-28T14:32"),
        ("两小时前", "2026-03-12T12:32"),
        ("半小时前", "2026-03-12T14:02"),
        ("20分钟之前", "2026-03-12T14:12"),
        ("15个小时前", "2026-03-11T23:32"),
    ],
)
def test_a_moment(said: str, moment: str) -> None:
    span = meant(said)
    assert (span.moment, span.start) == (True, at(moment))


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("昨天", "2026-03-11T00:00", "2026-03-12T00:00"),
        ("昨天夜里", "2026-03-11T18:00", "2026-03-12T06:00"),
        ("昨晚", "2026-03-11T18:00", "2026-03-12T06:00"),
        ("今天上午", "2026-03-12T06:00", "2026-03-12T12:00"),
        ("今天下午", "2026-03-12T12:00", "2026-03-12T14:32"),
        ("3月11日夜里", "2026-03-11T18:00", "2026-03-12T06:00"),
        ("上周五", "2026-03-06T00:00", "2026-03-07T00:00"),
        ("上周五晚上", "2026-03-06T18:00", "2026-03-07T06:00"),
        ("上周末", "2026-03-07T00:00", "2026-03-09T00:00"),
        ("二月末", "2026-02-28T00:00", "2026-03-01T00:00"),
        ("3月初", "2026-03-01T00:00", "2026-03-02T00:00"),
        ("近7天", "2026-03-05T14:32", "2026-03-12T14:32"),
        ("最近一周", "2026-03-05T14:32", "2026-03-12T14:32"),
        ("过去24小时", "2026-03-11T14:32", "2026-03-12T14:32"),
        ("近10分钟", "2026-03-12T14:22", "2026-03-12T14:32"),
        ("过去半小时", "2026-03-12T14:02", "2026-03-12T14:32"),
        ("最近一个半小时", "2026-03-12T13:02", "2026-03-12T14:32"),
        ("近90分钟内", "2026-03-12T13:02", "2026-03-12T14:32"),
        ("近半天", "2026-03-12T02:32", "2026-03-12T14:32"),
        ("近半个月", "2026-02-25T14:32", "2026-03-12T14:32"),
        ("上周", "2026-03-02T00:00", "2026-03-09T00:00"),
        ("本月", "2026-03-01T00:00", "2026-03-12T14:32"),
        ("上个月", "2026-02-01T00:00", "2026-03-01T00:00"),
        ("上季度", "2025-10-01T00:00", "2026-01-01T00:00"),
        ("昨天以来", "2026-03-11T00:00", "2026-03-12T14:32"),
        ("白班", "2026-03-12T08:00", "2026-03-12T14:32"),
        ("夜班", "2026-03-11T20:00", "2026-03-12T08:00"),
        ("昨天夜里到今天早上", "2026-03-11T18:00", "2026-03-12T12:00"),
        ("昨晚到今早", "2026-03-11T18:00", "2026-03-12T12:00"),
        ("昨天到今天早上", "2026-03-11T00:00", "2026-03-12T12:00"),
        ("昨天到今天9点", "2026-03-11T00:00", "2026-03-12T09:00"),
        ("昨天18点到今天6点", "2026-03-11T18:00", "2026-03-12T06:00"),
        ("昨天18点到6点", "2026-03-11T18:00", "2026-03-12T06:00"),
        ("昨天8点到10点", "2026-03-11T08:00", "2026-03-11T10:00"),
        ("昨天8点到今天10点", "2026-03-11T08:00", "2026-03-12T10:00"),
        ("22点到6点", "2026-03-11T22:00", "2026-03-12T06:00"),
        ("周一到现在", "2026-03-09T00:00", "2026-03-12T14:32"),
        ("周二到现在", "2026-03-10T00:00", "2026-03-12T14:32"),
        ("昨天17点到现在", "2026-03-11T17:00", "2026-03-12T14:32"),
        ("周一到周三", "2026-03-09T00:00", "2026-03-12T00:00"),
        ("周五到周一", "2026-03-06T00:00", "2026-03-10T00:00"),
        ("周一到周五", "2026-03-09T00:00", "2026-03-12T14:32"),
        ("3号到5号", "2026-03-03T00:00", "2026-03-06T00:00"),
        ("3号至5号", "2026-03-03T00:00", "2026-03-06T00:00"),
        ("2月3日到5日", "2026-02-03T00:00", "2026-02-06T00:00"),
        ("3月3号到3月5号", "2026-03-03T00:00", "2026-03-06T00:00"),
        ("26号到3号", "2026-02-26T00:00", "2026-03-04T00:00"),
        ("12月30日到2日", "2025-12-30T00:00", "2026-01-03T00:00"),
        ("昨晚收盘", "2026-03-11T00:00", "2026-03-12T00:00"),
        ("昨天晚上收盘", "2026-03-11T00:00", "2026-03-12T00:00"),
    ],
)
def test_a_span(said: str, start: str, end: str) -> None:
    span = meant(said)
    assert (span.start, span.end) == (at(start), at(end))


@pytest.mark.parametrize(
    ("said", "end"),
    [("上月底", "2026-03-01T00:00"), ("月底", "2026-04-01T00:00"), ("去年底", "2026-01-01T00:00")],
)
def test_the_end_of_a_month_is_the_moment_at_which_it_is_over(said: str, end: str) -> None:
    span = meant(said)
    assert (span.start, span.end, span.ahead) == (at(end), at(end), at(end) > NOW)


def test_a_row_of_tanks_is_no_span() -> None:
    _, whens = times_in("3号到5号罐的液位", NOW)
    assert all(".." not in w.token for w in whens)


def test_two_times_that_are_no_span_have_none() -> None:
    assert span_of("today..D-2", NOW) is None


@pytest.mark.parametrize("said", ["今晚", "明天", "明天9点", "下周一", "下个月"])
def test_what_is_to_come_lies_ahead(said: str) -> None:
    assert meant(said).ahead


@pytest.mark.parametrize(
    "text",
    [
        "测三点温度",
        "24小时值班",
        "25:00的货值",
        "跌了12.3点",
        "12号罐",
        "t-112",
        "qd-dczy-2026-018的货值",
        "1234.56吨",
        "几天之内要补上",
        "点一下",
        "",
    ],
)
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert times_in(text, NOW) == (text, ())


@pytest.mark.parametrize("said", ["2月30日", "9999-12-31", "9999年12月31日晚上", "0001-01-01 03:00", "1月1号99:00"])
def test_a_time_that_no_calendar_has_is_heard_and_has_no_span(said: str) -> None:
    _, whens = times_in(said, NOW)
    assert whens
    assert all(span_of(w.token, NOW) is None for w in whens) or said.startswith("1月1号")


def test_two_times_come_in_their_order() -> None:
    left, whens = times_in("昨天17点和前天17点的货值", NOW)
    assert left == f"{SIGN}和{SIGN}的货值"
    assert [w.token for w in whens] == ["D-1T17:00", "D-2T17:00"]


def _tokens(value: Any) -> Iterator[str]:
    """The time tokens in the slots of the evaluation file."""
    for one in value if isinstance(value, list) else [value]:
        for key in ("time", "compare", "deadline"):
            if key in one:
                yield one[key]


with UTTERANCES.open(encoding="utf-8") as opened:
    TOKENS = sorted({t for row in csv.DictReader(opened) for t in _tokens(json.loads(row["slots"]))})


@pytest.mark.parametrize("token", TOKENS)
def test_every_time_of_the_evaluation_file_has_a_span(token: str) -> None:
    span = span_of(token, NOW)
    assert span is not None
    assert span.start <= span.end


ALL = [
    *TOKENS,
    *("D-3", "D+2", "D-1T24:00", "T00:00", "today.early", "D+1.evening", "last_days", "last_999d", "last_999h"),
    *(f"{which}_{unit}{edge}" for which in ("last_last", "last", "this", "next")
      for unit in ("week", "month", "quarter", "year") for edge in ("", "_start", "_end")),
    *(f"last_week.{d}" for d in ("mon", "sun", "weekend")), "this_week.satT23:59:59", "last_month_end.night",
    *("shift.morning", "shift.day", "shift.middle", "shift.night", "holiday.spring_festival", "nonsense", ""),
    *("2026-02", "2026-02-30", "9999-12", "0001-01-01T00:00", "2999-12-31.night", "1900-01-01T00:00"),
    *("D-1.night..today.morning", "T22:00..T06:00", "2026-02-30..2026-03-01", "since:D-1..now", "D-1..nonsense", "..", "9999-12-31..T24:00"),
    *("since:D-1", "since:last_month_end", "since:nonsense", "since:last_week.fri"),
]  # fmt: skip


@given(
    token=st.sampled_from(ALL),
    now=st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31, 23, 59)),  # noqa: DTZ001
)
def test_no_time_at_any_moment_of_the_calendar_breaks_anything(token: str, now: datetime) -> None:
    span = span_of(token, now.replace(tzinfo=UTC))
    if span is not None:
        assert span.start <= span.end
        assert FIRST <= span.start.year <= LAST
        assert told(span).count("/") == 1


@given(
    text=st.text(
        alphabet="0123456789年月日号点时:-/.昨前明今天周五上下个近夜晚早里中午底初末半刻分一二十去", max_size=20
    )
)
def test_no_text_about_time_breaks_anything(text: str) -> None:
    left, whens = times_in(text, NOW)
    assert left.count(SIGN) == len(whens)
    for when in whens:
        span_of(when.token, NOW)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("半小时内动过罐没", ["last_30m"]),
        ("两小时内有没有出库", ["last_2h"]),
        ("十分钟内走了几车", ["last_10m"]),
        ("两小时内补上", []),
        ("30分钟内确认", []),
        ("半小时内到货", []),
    ],
)
def test_within_an_hour_is_past_where_something_of_it_is_asked_and_a_promise_keeps_its_term(
    text: str, tokens: list[str]
) -> None:
    assert [w.token for w in times_in(normal(text).whole, NOW)[1]] == tokens


@pytest.mark.parametrize("said", ["昨天25点", "13月1日", "前天30点", "今天下午26时"])
def test_what_is_no_time_of_the_calendar_is_a_time_that_nobody_can_read(said: str) -> None:
    (when,) = times_in(normal(f"{said}货值多少").whole, NOW)[1]
    assert span_of(when.token, NOW) is None


def test_a_year_is_a_span() -> None:
    assert (meant("2025年").start, meant("2025年").end) == (at("2025-01-01T00:00"), at("2026-01-01T00:00"))
    assert times_in("2025年报发我", NOW)[1] == ()
