"""Times as people say them, in China's time: 昨天17点, 3月12日14:32, 上周五下午, 月底, 近7天. Knows no skill.

A time is one moment or a span with an end. What is over lies in the past: 周五 said on a Thursday is last week's.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from skills.normal import number_of

CHINA = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
_N = "零〇一二两三四五六七八九十"
_NUM = rf"(?:\d{{1,2}}|[{_N}]{{1,3}})"
_WEEKDAYS = {c: n for n, c in enumerate("一二三四五六日")} | {"末": 6, "天": 6}
_DAYS = {"大前": 3, "前": 2, "昨": 1, "今": 0, "明": -1, "后": -2}

_DATE = (
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?:(?P<year>\d{4}|去|今)年)?(?P<month>" + _NUM + r")月(?:(?P<day>" + _NUM + r")[日号]?|(?P<edge>[底末初]))"
    r"|(?P<near>大前|前|昨|今|明|后)(?P<word>[天日]|(?=[早晚夜]))"
    r"|(?P<which>上上|上|本|这)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])"
    r"|(?P<back>上|本|这)?个?月(?P<close>[底末初])"
    r"|(?P<last>去)?年底"
)
_PART = r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|夜间|半夜|早|晚|夜)"
_CLOCK = (
    rf"(?:(?P<hour>{_NUM}点钟?|\d{{1,2}}时)(?![温样])(?:(?P<half>半)|(?P<quarter>[一三]刻)|(?P<minute>{_NUM})分?)?"
    r"|(?P<hh>\d{1,2}):(?P<mm>\d{2})(?::(?P<ss>\d{2}))?)"
)
_MOMENT = re.compile(rf"(?:{_DATE})? ?(?:{_PART})? ?{_CLOCK}?")
_SPAN = re.compile(
    rf"(?:最?近|过去)(?P<n>{_NUM}|几)?个?(?P<unit>天|日|小时|周|星期|月)|(?P<whole>上上|上|本|这)个?(?P<period>周|星期|月)(?![一二三四五六日天末底初])"
)
_PARTS: dict[str, tuple[int, int]] = {
    "凌晨": (0, 6), "清晨": (5, 8), "早上": (6, 9), "早晨": (6, 9), "早": (6, 9), "上午": (8, 12), "中午": (11, 13),
    "下午": (12, 18), "傍晚": (17, 19), "晚上": (18, 24), "晚": (18, 24), "夜里": (22, 30), "夜间": (22, 30),
    "半夜": (23, 29), "夜": (22, 30),
}  # fmt: skip
"""Hours of the day at which a part begins and ends; above 24 is the next morning."""
_NIGHT = frozenset({"晚上", "晚", "夜里", "夜间", "半夜", "夜"})
_LATE = _NIGHT | {"下午", "傍晚"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A time that was said: start = end for a moment; both aware. text: as it stood in the clause."""

    start: datetime
    end: datetime
    text: str

    @property
    def moment(self) -> bool:
        """One moment, not a span."""
        return self.start == self.end


def found(clause: str, now: datetime, sign: str) -> tuple[str, tuple[Said, ...]]:
    """The clause with ``sign`` for each time that is understood, and the times in their order. now: aware."""
    said: list[Said] = []
    local = now.astimezone(CHINA)

    def replaced(read: Callable[[re.Match[str], datetime], Said | None]) -> Callable[[re.Match[str]], str]:
        def one(match: re.Match[str]) -> str:
            time_ = read(match, local)
            if time_ is None:
                return match[0]
            said.append(time_)
            return sign

        return one

    left = _MOMENT.sub(replaced(_moment), _SPAN.sub(replaced(_span), clause))
    return left, tuple(said)


def _span(match: re.Match[str], now: datetime) -> Said | None:
    """Days and weeks up to now, or a whole calendar week or month."""
    if match["unit"]:
        n = 1 if match["n"] is None else (3 if match["n"] == "几" else number_of(match["n"]))
        if not n:
            return None
        each = {"天": DAY, "日": DAY, "小时": timedelta(hours=1), "周": 7 * DAY, "星期": 7 * DAY, "月": 30 * DAY}
        return Said(start=now - n * each[match["unit"]], end=now, text=match[0])
    back = {"上上": 2, "上": 1}.get(match["whole"], 0)
    first = _first_of_month(now.date(), back) if match["period"] == "月" else _monday(now.date()) - 7 * back * DAY
    following = _first_of_month(first, -1) if match["period"] == "月" else first + 7 * DAY
    return Said(start=_at(first), end=min(_at(following), now), text=match[0])


def _moment(match: re.Match[str], now: datetime) -> Said | None:
    """A moment where a clock time is said, else the day or its part."""
    parts = match.groupdict()
    if not _says(parts):
        return None
    day = _day(parts, now)
    if day is None:
        return None
    clock = _clock(parts)
    if clock is None:
        return None
    if clock is not _NO_CLOCK:
        moment = _at(day) + clock
        if _undated(parts) and moment > now:
            moment -= DAY
        return Said(start=moment, end=moment, text=match[0])
    begin, end = _PARTS[parts["part"]] if parts["part"] else (0, 24)
    start, stop = _at(day) + timedelta(hours=begin), _at(day) + timedelta(hours=end)
    return Said(start=start, end=max(start, min(stop, now)) if start <= now else stop, text=match[0])


def _says(parts: dict[str, str | None]) -> bool:
    """今天 alone is no time but a habit of speech, and 早 or 晚 alone is part of a word."""
    clock, part = parts["hour"] or parts["hh"], parts["part"] or ""
    dated = not _undated(parts) and (parts["near"] != "今" or bool(clock) or bool(part))
    return bool(clock) or dated or len(part) > 1


def _undated(parts: dict[str, str | None]) -> bool:
    return not any(parts[k] for k in ("iso", "month", "near", "weekday", "close", "last"))


_NO_CLOCK = timedelta(days=-1)


def _clock(parts: dict[str, str | None]) -> timedelta | None:
    """Since midnight; _NO_CLOCK where none is said; None for a time that no clock shows."""
    if parts["hh"] is not None:
        hour, minute, second = int(parts["hh"]), int(parts["mm"] or 0), int(parts["ss"] or 0)
    elif parts["hour"] is not None:
        hour = number_of(re.sub("[点钟时]", "", parts["hour"])) or 0
        minute = 30 if parts["half"] else {"一刻": 15, "三刻": 45}.get(parts["quarter"] or "", 0)
        minute, second = (number_of(parts["minute"]) or 0 if parts["minute"] else minute), 0
    else:
        return _NO_CLOCK
    if parts["part"] in _NIGHT and hour < 6:
        hour += 24  # 昨晚2点 is this morning's two o'clock
    elif parts["part"] in _LATE and 1 <= hour < 12:
        hour += 12
    if (hour > 24 and parts["part"] not in _NIGHT) or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _day(parts: dict[str, str | None], now: datetime) -> date | None:
    """The day that is meant; None for one that no calendar has."""
    today = now.date()
    try:
        if parts["iso"]:
            return date(*(int(x) for x in parts["iso"].split("-")))
        if parts["month"]:
            return _dated(parts, today)
    except ValueError:
        return None
    if parts["near"]:
        return today - _DAYS[parts["near"]] * DAY
    if parts["weekday"]:
        monday = _monday(today) - {"上上": 14, "上": 7}.get(parts["which"] or "", 0) * DAY
        day = monday + _WEEKDAYS[parts["weekday"]] * DAY
        return day - 7 * DAY if parts["which"] is None and day > today else day
    if parts["close"]:
        back = 1 if parts["back"] == "上" else 0
        first = _first_of_month(today, back)
        return first if parts["close"] == "初" else _first_of_month(first, -1) - DAY
    if parts["last"]:
        return date(today.year - 1, 12, 31)
    return today


def _dated(parts: dict[str, str | None], today: date) -> date:
    """Raises ValueError for the 30th of February. Without a year it is the last such day that has come, or comes this year."""
    month = number_of(parts["month"] or "") or 0
    year = {"去": today.year - 1, "今": today.year, None: today.year}.get(parts["year"]) or int(parts["year"] or 0)
    if parts["edge"]:
        first = date(year, month, 1)
        return first if parts["edge"] == "初" else _first_of_month(first, -1) - DAY
    day = date(year, month, number_of(parts["day"] or "") or 0)
    ahead = parts["year"] is None and day > today + 183 * DAY
    return date(year - 1, month, day.day) if ahead else day


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _first_of_month(day: date, back: int) -> date:
    """The first of the month so many months before; negative: after."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
