"""Times of depots and banks, each the one that is meant, or asked back: never silently now, and never another.

2026-03-12 is a Thursday, 14:32 in China.
"""

from datetime import UTC, datetime

import pytest

from skills.heard import heard
from skills.registry import SKILLS
from skills.skill import Status
from skills.understanding.normal import normal
from skills.understanding.spans import CHINA, Span, span_said
from skills.understanding.understand import Clarify
from skills.understanding.when import SIGN, times_in
from tests.data.words.hearing import hear, one
from tests.data.words.window import Window

NOW = datetime(2026, 3, 12, 14, 32, tzinfo=CHINA)
EVENING = datetime(2026, 11, 22, 21, 35, tzinfo=CHINA)
"""A Sunday."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def meant(said: str, now: datetime = NOW) -> Span | None:
    """The only time of a text."""
    left, (when,) = times_in(normal(f"{said}货值多少").whole, now)
    assert left in (f"{SIGN}货值多少", f"{SIGN}前货值多少")
    return span_said(when, now)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("三天前这个点", "2026-03-09T14:32"),
        ("三天前下午3点", "2026-03-09T15:00"),
        ("72小时前", "2026-03-09T14:32"),
        ("一个半小时前", "2026-03-12T13:02"),
        ("半天前", "2026-03-12T02:32"),
        ("昨晚12点", "2026-03-12T00:00"),
        ("昨晚十二点半", "2026-03-12T00:30"),
        ("昨晚12:30", "2026-03-12T00:30"),
        ("昨天半夜12点", "2026-03-12T00:00"),
        ("昨天午夜", "2026-03-12T00:00"),
        ("昨天24点", "2026-03-12T00:00"),
        ("昨天零点", "2026-03-11T00:00"),
        ("今天凌晨12点半", "2026-03-12T00:30"),
        ("今天零点", "2026-03-12T00:00"),
        ("零点半", "2026-03-12T00:30"),
        ("午夜", "2026-03-12T00:00"),
        ("24点", "2026-03-12T00:00"),
        ("昨天凌晨3点", "2026-03-11T03:00"),
        ("昨天夜里3点", "2026-03-12T03:00"),
        ("昨晚凌晨2点", "2026-03-12T02:00"),
        ("昨天夜里11点半", "2026-03-11T23:30"),
        ("大前天晚上2点", "2026-03-10T02:00"),
        ("上周五夜里2点", "2026-03-07T02:00"),
        ("上周五晚上12点", "2026-03-07T00:00"),
        ("昨晚5点", "2026-03-11T17:00"),
        ("傍晚6点", "2026-03-11T18:00"),
        ("中午12点半", "2026-03-12T12:30"),
        ("中午1点", "2026-03-12T13:00"),
        ("中午11点", "2026-03-12T11:00"),
        ("今晨3点", "2026-03-12T03:00"),
        ("晚上8点前", "2026-03-11T20:00"),
        ("上个月15号下午3点", "2026-02-15T15:00"),
        ("去年12月31号16点", "2025-12-31T16:00"),
        ("昨晚交班时", "2026-03-11T20:00"),
        ("今早交接班时", "2026-03-12T08:00"),
        ("交班时", "2026-03-12T08:00"),
        ("上周五下班时", "2026-03-06T18:00"),
    ],
)
def test_a_moment(said: str, moment: str) -> None:
    span = meant(said)
    assert span is not None
    assert (span.start, span.end) == (at(moment), at(moment))


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("3天前", "2026-03-09T00:00", "2026-03-10T00:00"),
        ("三天以前", "2026-03-09T00:00", "2026-03-10T00:00"),
        ("10天前", "2026-03-02T00:00", "2026-03-03T00:00"),
        ("一周前", "2026-03-05T00:00", "2026-03-06T00:00"),
        ("一个星期前", "2026-03-05T00:00", "2026-03-06T00:00"),
        ("半个月前", "2026-02-25T00:00", "2026-02-26T00:00"),
        ("两个月前", "2026-01-12T00:00", "2026-01-13T00:00"),
        ("一年前", "2025-03-12T00:00", "2025-03-13T00:00"),
        ("去年今天", "2025-03-12T00:00", "2025-03-13T00:00"),
        ("上月同期", "2026-02-12T00:00", "2026-02-13T00:00"),
        ("三天前到现在", "2026-03-09T00:00", "2026-03-12T14:32"),
        ("三天前的晚上", "2026-03-09T18:00", "2026-03-10T06:00"),
        ("昨天下午2点到4点", "2026-03-11T14:00", "2026-03-11T16:00"),
        ("昨晚8点到9点", "2026-03-11T20:00", "2026-03-11T21:00"),
        ("昨晚8点半到9点半", "2026-03-11T20:30", "2026-03-11T21:30"),
        ("昨晚8到9点", "2026-03-11T20:00", "2026-03-11T21:00"),
        ("昨天8-10点", "2026-03-11T08:00", "2026-03-11T10:00"),
        ("昨晚8点到12点", "2026-03-11T20:00", "2026-03-12T00:00"),
        ("昨晚11点到1点", "2026-03-11T23:00", "2026-03-12T01:00"),
        ("昨晚12点到2点", "2026-03-12T00:00", "2026-03-12T02:00"),
        ("昨天上午9点到3点", "2026-03-11T09:00", "2026-03-11T15:00"),
        ("昨天中午12点到2点", "2026-03-11T12:00", "2026-03-11T14:00"),
        ("昨天下午两点半到三点", "2026-03-11T14:30", "2026-03-11T15:00"),
        ("昨天12点到2点", "2026-03-11T12:00", "2026-03-11T14:00"),
        ("昨天早上8点到晚上8点", "2026-03-11T08:00", "2026-03-11T20:00"),
        ("昨晚10点到凌晨2点", "2026-03-11T22:00", "2026-03-12T02:00"),
        ("8点到10点", "2026-03-12T08:00", "2026-03-12T10:00"),
        ("今早6点到8点", "2026-03-12T06:00", "2026-03-12T08:00"),
        ("前天晚上10点到昨天早上6点", "2026-03-10T22:00", "2026-03-11T06:00"),
        ("今天零点到现在", "2026-03-12T00:00", "2026-03-12T14:32"),
        ("昨天下午3点以来", "2026-03-11T15:00", "2026-03-12T14:32"),
        ("昨晚到现在", "2026-03-11T18:00", "2026-03-12T14:32"),
        ("今早到现在", "2026-03-12T06:00", "2026-03-12T14:32"),
        ("这个班", "2026-03-12T08:00", "2026-03-12T14:32"),
        ("本班到现在", "2026-03-12T08:00", "2026-03-12T14:32"),
        ("上个班", "2026-03-11T20:00", "2026-03-12T08:00"),
        ("昨天夜班", "2026-03-11T20:00", "2026-03-12T08:00"),
        ("昨天白班", "2026-03-11T08:00", "2026-03-11T20:00"),
        ("上半夜", "2026-03-11T18:00", "2026-03-12T00:00"),
        ("昨晚下半夜", "2026-03-12T00:00", "2026-03-12T06:00"),
        ("昨晚凌晨", "2026-03-12T00:00", "2026-03-12T06:00"),
        ("昨天凌晨", "2026-03-11T00:00", "2026-03-11T06:00"),
        ("昨天夜里", "2026-03-11T18:00", "2026-03-12T06:00"),
        ("昨天中午", "2026-03-11T11:00", "2026-03-11T13:00"),
        ("大前天", "2026-03-09T00:00", "2026-03-10T00:00"),
        ("大大前天", "2026-03-08T00:00", "2026-03-09T00:00"),
        ("前晚", "2026-03-10T18:00", "2026-03-11T06:00"),
        ("前两天", "2026-03-10T14:32", "2026-03-12T14:32"),
        ("过去两天", "2026-03-10T14:32", "2026-03-12T14:32"),
        ("上周三晚上", "2026-03-04T18:00", "2026-03-05T06:00"),
        ("上上周五", "2026-02-27T00:00", "2026-02-28T00:00"),
        ("周日晚上", "2026-03-08T18:00", "2026-03-09T06:00"),
        ("本周一", "2026-03-09T00:00", "2026-03-10T00:00"),
        ("月初到现在", "2026-03-01T00:00", "2026-03-12T14:32"),
        ("上个月15号", "2026-02-15T00:00", "2026-02-16T00:00"),
        ("上月十五号", "2026-02-15T00:00", "2026-02-16T00:00"),
        ("12月31号", "2025-12-31T00:00", "2026-01-01T00:00"),
        ("去年12月31号", "2025-12-31T00:00", "2026-01-01T00:00"),
    ],
)
def test_a_span(said: str, start: str, end: str) -> None:
    span = meant(said)
    assert span is not None
    assert (span.start, span.end) == (at(start), at(end))


@pytest.mark.parametrize(
    "said",
    [
        *("几天前", "好几天前", "两三天前", "近两三天", "10多天前", "五日前", "30秒前", "前阵子", "之前", "刚才"),
        *("昨天两三点", "七八点", "早上12点", "昨晚4点", "昨天8点到5点", "十点到凌晨两点", "昨天交班时", "上上个班"),
        *("春节前", "国庆第一天", "昨天25点", "2月30日"),
    ],
)
def test_what_is_no_single_time_is_a_time_that_nobody_can_read(said: str) -> None:
    _, whens = times_in(normal(f"{said}货值多少").whole, NOW)
    assert [span_said(w, NOW) for w in whens] == [None]


@pytest.mark.parametrize("said", ["今天18点", "今天18点到20点", "今晚12点", "今天24点", "本周五", "这周日", "大后天"])
def test_what_is_named_of_this_day_or_week_is_not_moved_into_the_past(said: str) -> None:
    span = meant(said)
    assert span is not None
    assert span.ahead


@pytest.mark.parametrize(
    "text",
    [
        "下班了",
        "上班第一件事",
        "谁当班",
        "这班车",
        "中班接班正常",
        "交班给老刘",
        "提前3天",
        "密度零点七八九",
        "零点五米",
        "零点漂移",
    ],
)
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert [w.token for w in times_in(text, NOW)[1]] in ([], ["shift.middle"])


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-03-12T07:59", "2026-03-11T20:00", "2026-03-12T07:59"),
        ("2026-03-12T08:00", "2026-03-12T08:00", "2026-03-12T08:00"),
        ("2026-03-12T23:00", "2026-03-12T20:00", "2026-03-12T23:00"),
    ],
)
def test_the_shift_of_now_is_the_day_or_the_night(now: str, start: str, end: str) -> None:
    span = meant("这个班", at(now))
    assert span is not None
    assert (span.start, span.end) == (at(start), at(end))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("8点前出了多少", "2026-03-11T16:00:00Z/2026-03-12T00:00:00Z"),
        ("昨晚8点到9点出了多少", "2026-03-11T12:00:00Z/2026-03-11T13:00:00Z"),
        ("上个班出了多少", "2026-03-11T12:00:00Z/2026-03-12T00:00:00Z"),
        ("三天前这个点甲醇多少钱", "2026-03-09T06:32:00Z/2026-03-09T06:32:00Z"),
        ("11月20日17点敞口", "2025-11-20T09:00:00Z/2025-11-20T09:00:00Z"),
        ("T-112昨晚12点液位", "2026-03-11T16:00:00Z/2026-03-11T16:00:00Z"),
    ],
)
def test_a_question_of_another_time_is_asked_of_that_time(text: str, span: str) -> None:
    assert one(hear(text)).arguments["time"] == span


@pytest.mark.parametrize("text", ["几天前货值", "刚才货值多少", "前阵子质押率多少", "昨天8点到5点出了多少"])
def test_a_question_of_no_single_time_is_asked_back(text: str) -> None:
    found = hear(text)
    assert isinstance(found, Clarify)
    assert found.about == "time"


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("今晚12点前补100吨", "2026-11-23T00:00"),
        ("今晚2点前补", "2026-11-23T02:00"),
        ("后天晚上12点前补", "2026-11-25T00:00"),
        ("明天中午之前补", "2026-11-23T12:00"),
        ("明天中午补", "2026-11-23T13:00"),
        ("周五下班前补", "2026-11-27T18:00"),
        ("下班前补", "2026-11-23T18:00"),
        ("今晚8点到12点清罐", "2026-11-23T00:00"),
    ],
)
def test_what_is_to_be_done_ends_when_it_was_said(text: str, by: str) -> None:
    assert heard(text, EVENING).by == at(by).astimezone(UTC)


@pytest.mark.parametrize(("text", "day"), [("12月1号前补200吨", "2026-12-01"), ("5号前还款300万", "2026-12-05")])
def test_a_date_of_a_promise_is_the_coming_one(text: str, day: str) -> None:
    (when,) = times_in(normal(text).whole, EVENING)[1]
    assert when.token == day


@pytest.mark.parametrize("text", ["三天前补的400吨", "本周三前补400吨", "今天中午前补400吨"])
def test_what_is_over_is_never_taken_for_the_next_one(text: str) -> None:
    told = heard(text, EVENING)
    assert (told.past, told.by) == (True, None)


@pytest.mark.parametrize("text", ["T-112明天8点到5点清罐", "T-112明天25点清罐"])
def test_work_at_hours_that_nobody_can_read_is_not_announced_for_others(text: str) -> None:
    works = next(s for s in SKILLS if s.name == "a_maintenance")
    answer = works.run(Window(where="group"), {"text": text, "tank": "T-112", "kind": "clean"})
    assert (answer.status, answer.facts["about"]) == (Status.CLARIFY, "hours")
