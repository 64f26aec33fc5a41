"""From a time's token to its moment or span, in China's time; what is over lies in the past: 18点 at noon is yesterday's."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from skills.understanding.days import TO
from skills.understanding.when import PRESENT, When

CHINA = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
FIRST, LAST = 1900, 2999
"""Years that can be meant; at the ends of the calendar a day's time in UTC does not exist."""
_HOURS = {
    "early": (0, 6), "morning": (6, 12), "noon": (11, 13), "afternoon": (12, 18), "evening": (17, 20),
    "night": (18, 30), "before_midnight": (18, 24), "after_midnight": (24, 30),
}  # fmt: skip
"""Hours of a day at which a part of it begins and ends; above 24 is the next morning."""
_MORNING = 30
"""The last hour of a night, counted on from its evening."""
_SHIFTS = {"shift.morning": (8, 16), "shift.day": (8, 20), "shift.middle": (16, 24), "shift.night": (20, 32)}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TURNS = ("shift.day", "shift.night")
"""The shifts that follow each other; 这个班 is the one of them that it is."""
_NEAR = re.compile(r"D([+-]\d{1,3})$")
_WEEKS = {"last_last": -2, "last": -1, "this": 0, "next": 1}
_LAST = re.compile(r"last_(?:(\d+)([dhm])|days)$")
_CLOCK = re.compile(r"(?P<day>.*)T(?P<h>\d{2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?$")
_PART = re.compile(rf"(?P<day>.+?)\.(?P<part>{'|'.join(_HOURS)}|shift\.\w+)$")
_WEEKDAY = re.compile(r"(last_last|last|this|next)_week\.(\w+)$")
_PERIOD = re.compile(r"(last_last|last|this|next)_(week|month|quarter|year)(_start|_end)?$")
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?$")


_NAMED_WEEK = re.compile("[这本]个?(?:周|星期|礼拜)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A moment where start = end, else a span that ends with the present at the latest; aware.

    ahead: it lies in the future, and nothing has been recorded of it.
    """

    start: datetime
    end: datetime
    ahead: bool = False

    @property
    def moment(self) -> bool:
        """One moment."""
        return self.start == self.end


def span_of(token: str, now: datetime, *, whole: bool = False) -> Span | None:
    """What a token means at ``now`` (aware); None for one that names no time that a calendar has, or no single one.

    whole: 这个月 is all of it, and not only what is over.
    """
    try:
        local = now.astimezone(CHINA)
        found = _span(token, local)
    except (ValueError, OverflowError):  # the 30th of February, or a day beyond the calendar
        return None
    if found is None or not all(FIRST <= t.year <= LAST for t in found):
        return None
    start, end = found
    if start > local:
        return Span(start=start, end=end, ahead=True)
    return Span(start=start, end=end if whole or start == end else min(end, local))


def span_said(when: When, now: datetime, *, whole: bool = False) -> Span | None:
    """What somebody meant: 今天18点 is today's and 本周五 this week's also where it is to come."""
    token = when.token
    if token.startswith("T") and when.text.startswith(("今", "当")):
        token = "today" + token
    span = span_of(token, now, whole=whole)
    if span is None or not _NAMED_WEEK.match(when.text) or not token.startswith("this_week.") or TO in token:
        return span
    monday = now.astimezone(CHINA).date() - now.astimezone(CHINA).weekday() * DAY
    if span.start >= _at(monday):
        return span
    return Span(start=span.start + 7 * DAY, end=span.end + 7 * DAY, ahead=True)


def _span(token: str, now: datetime) -> tuple[datetime, datetime] | None:
    if token == PRESENT:
        return now, now
    if TO in token:
        first_said, _, last_said = token.partition(TO)
        return _between(first_said, last_said, now)
    if token.startswith("since:"):
        first = _span(token.removeprefix("since:"), now)
        return (first[0] if "_end" not in token else first[1], now) if first is not None else None
    if (m := _LAST.match(token)) is not None:
        return now - _length(m), now
    if (m := _CLOCK.match(token)) is not None:
        return _clock(m, now)
    if token.startswith("shift."):
        return _shift(token, now)
    if (m := _PART.match(token)) is not None:
        return _part(_day_of(m["day"], now), (_HOURS | _SHIFTS)[m["part"]], None)
    if (m := _WEEKDAY.match(token)) is not None:
        return _weekday(m[1], m[2], now)
    if (m := _PERIOD.match(token)) is not None:
        return _period(m[1], m[2], m[3], now.date())
    if (m := _ISO.match(token)) is not None:
        return _dated(int(m[1]), int(m[2]), m[3])
    return _near(token, now)


def _between(first: str, last: str, now: datetime) -> tuple[datetime, datetime] | None:
    """From where one time begins to where another ends. A bare clock or a weekday at the end is the next one."""
    begins, ends = _span(first, now), _span(last, now)
    if begins is None or ends is None:
        return None
    start, end = begins[0], ends[1]
    if last.startswith("T"):
        end -= (end - start) // DAY * DAY
        end += DAY * (end == start)
    elif last.startswith("this_week.") and end <= start:
        end += 7 * DAY
    return (start, end) if start < end else None


def _length(m: re.Match[str]) -> timedelta:
    """Of 'last_7d' and the like; people mean three days by 这几天."""
    if m[1] is None:
        return 3 * DAY
    return int(m[1]) * {"d": DAY, "h": timedelta(hours=1), "m": timedelta(minutes=1)}[m[2]]


def _near(token: str, now: datetime) -> tuple[datetime, datetime] | None:
    day = _NEAR.match(token.replace("today", "D+0"))
    return None if day is None else _whole(now.date() + int(day[1]) * DAY)


def _shift(name: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The newest shift of this name that has begun; 'this' the one of now, 'last' the one before."""
    if name not in ("shift.this", "shift.last"):
        hours = _SHIFTS.get(name)
        return None if hours is None else _part(now.date(), hours, now)
    start, end = max(_part(now.date(), _SHIFTS[turn], now) for turn in _TURNS)
    return (start, end) if name.endswith("this") else (start - (end - start), start)


def _day_of(token: str, now: datetime) -> date:
    """The day that a token names, of a month's end its last. Raises ValueError for one that names none."""
    found = _span(token or "today", now)
    if found is None:
        raise ValueError(token)
    start, end = found
    return (start - DAY if start == end else start).date()


def _clock(m: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    hour, minute, second = int(m["h"]), int(m["m"]), int(m["s"] or 0)
    if hour > (_MORNING if m["day"] else 24) or minute > 59 or second > 59:
        raise ValueError(m[0])
    moment = _at(_day_of(m["day"], now)) + timedelta(hours=hour, minutes=minute, seconds=second)
    if not m["day"] and moment > now:
        moment -= DAY
    return moment, moment


def _weekday(which: str, name: str, now: datetime) -> tuple[datetime, datetime]:
    monday = now.date() - now.weekday() * DAY + 7 * _WEEKS[which] * DAY
    if name == "weekend":
        return _at(monday + 5 * DAY), _at(monday + 7 * DAY)
    day = monday + _WEEKDAYS.index(name) * DAY
    if which == "this" and day > now.date():
        day -= 7 * DAY
    return _at(day), _at(day + DAY)


def _period(which: str, unit: str, edge: str | None, today: date) -> tuple[datetime, datetime]:
    first, following = _bounds(unit, _WEEKS[which], today)
    if edge == "_start":
        return _at(first), _at(first + DAY)
    if edge == "_end":
        return _at(following), _at(following)
    return _at(first), _at(following)


def _bounds(unit: str, shift: int, today: date) -> tuple[date, date]:
    if unit == "week":
        monday = today - today.weekday() * DAY + 7 * shift * DAY
        return monday, monday + 7 * DAY
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    index = ((today.year * 12 + today.month - 1) // months + shift) * months
    return _month(index), _month(index + months)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _dated(year: int, month: int, day: str | None) -> tuple[datetime, datetime]:
    first = date(year, month, int(day) if day else 1)
    return _whole(first) if day else (_at(first), _at(_month(year * 12 + month)))


def _whole(day: date) -> tuple[datetime, datetime]:
    return _at(day), _at(day + DAY)


def _part(day: date, hours: tuple[int, int], now: datetime | None) -> tuple[datetime, datetime]:
    """now given: the newest such part that has begun."""
    start, end = (_at(day) + timedelta(hours=h) for h in hours)
    if now is not None and start > now:
        start, end = start - DAY, end - DAY
    return start, end


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
