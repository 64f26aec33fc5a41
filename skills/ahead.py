"""Times that lie ahead in what somebody says they will do: 18点 at noon is today's, 周五 the coming one, 三天内 ends with a day."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from domain.calendar import WorkingCalendar
from skills.understanding.days import TO
from skills.understanding.normal import number_of
from skills.understanding.spans import CHINA, span_said
from skills.understanding.when import When

DAY = timedelta(days=1)
SIGN = "Z"
"""What stands for a term in a clause whose terms have been read."""
_ENDS = {"early": 6, "morning": 12, "noon": 13, "afternoon": 18, "evening": 20, "night": 24}
"""The hour at which a part of today is over."""
_N = r"(?<![0-9.月第一二两三四五六七八九十-])(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_TERM = re.compile(
    rf"{_N}个?(?:(?P<work>工作日)(?:(?:之|以)?[内里])?|(?P<unit>天|日|周|星期|礼拜|(?<=个)月)(?:之|以)?[内里])"
)
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}
_TODAY = re.compile("[今当]")
_THIS = re.compile("[这本]")
_DATED = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:]+)?$")
_DAY_NAMED = re.compile(r"(?!\d{4}).*[月号日]")
FAR = 183 * DAY
"""A date without a year that is farther ahead than this is rather the one that is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Within so long from now: ``end`` (aware), or so many working days, which only a contract's calendar counts."""

    end: datetime | None = None
    working_days: int | None = None


def terms_in(clause: str, now: datetime) -> tuple[str, tuple[Term, ...]]:
    """The clause with ``SIGN`` for each term, and the terms. The day of ``now`` (aware) does not count.

    Source: 民法典 art. 201, 202 (the first day is not counted in; months end on the day of the same number).
    """
    terms: list[Term] = []

    def one(match: re.Match[str]) -> str:
        term = _term(match, now)
        if term is None:
            return match[0]
        terms.append(term)
        return SIGN

    return _TERM.sub(one, clause), tuple(terms)


def working_end(calendar: WorkingCalendar | None, now: datetime, days: int) -> datetime | None:
    """The end of that working day (UTC); None without a calendar."""
    if calendar is None:
        return None
    day = calendar.add_working_days(now.astimezone(CHINA).date(), days).day
    return datetime.combine(day + DAY, time(), CHINA).astimezone(UTC)


def ahead(when: When, now: datetime) -> tuple[datetime, datetime] | None:
    """Begin and end of a time that is not over yet (UTC); None for one that is. 今天 stays today."""
    said = when.token
    if said == "today" or (said.startswith("today.") and TO not in said):
        return _rest_of_today(said, now)
    span = span_said(when, now, whole=not said.startswith(("D-", "last_")))
    if span is None:
        return None
    start, end = span.start, span.end
    if said.startswith("T"):
        if end <= now and not _TODAY.match(when.text):
            start, end = start + DAY, end + DAY
    elif end <= now and said.startswith("this_week.") and not _THIS.match(when.text):
        start, end = start + 7 * DAY, end + 7 * DAY
    elif end <= now and _DATED.match(said) and _DAY_NAMED.match(when.text):
        start, end = _next_date(start, end, now, months=12 if "月" in when.text else 1)
    if end <= now:
        return None
    return (start if "T" in said else max(start, now)).astimezone(UTC), end.astimezone(UTC)


def _term(match: re.Match[str], now: datetime) -> Term | None:
    half = match["n"] == "半"
    number = 0 if half else number_of(match["n"]) or 0
    if match["work"]:
        return Term(working_days=number) if number else None
    if half and match["unit"] in ("天", "日"):
        return Term(end=now + DAY / 2)
    midnight = datetime.combine(now.astimezone(CHINA).date() + DAY, time(), CHINA)
    if match["unit"] == "月":
        return Term(end=midnight + 15 * DAY if half else _months_on(midnight - DAY, number) + DAY)
    return Term(end=midnight + number * _DAYS[match["unit"]] * DAY) if number else None


def _months_on(day: datetime, months: int) -> datetime:
    """The day of the same number, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _rest_of_today(token: str, now: datetime) -> tuple[datetime, datetime] | None:
    midnight = datetime.combine(now.astimezone(CHINA).date(), time(), CHINA)
    end = (midnight + timedelta(hours=_ENDS.get(token.partition(".")[2], 24))).astimezone(UTC)
    return (now, end) if end > now else None


def _next_date(start: datetime, end: datetime, now: datetime, *, months: int) -> tuple[datetime, datetime]:
    """1月5日 in November is the coming one, and 5号 on the 22nd that of the next month; 10月3日 is over."""
    later = _months_on(start, months)
    return (later, later + (end - start)) if later <= now + FAR else (start, end)
