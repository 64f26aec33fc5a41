"""Days, dates, parts of a day and clocks as people say them, each as its token: 昨天下午3点, 3月11日, 前天凌晨, 零点, 下班前.

Reads one expression at a time; lengths and periods are ``lengths``', and what stands beside each other joins ``when``.
"""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from skills.understanding.normal import number_of

Groups = dict[str, str | None]
N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
"""A number as it stands in a time."""
TO = ".."
"""Between the tokens of a span's first and last time."""
DAY = (
    r"(?:大*前天|前[晚夜]|昨儿个?|今儿个?|明儿个?|昨[天日晚夜早晨]|今[天日晚夜早晨]|明[天日晚夜早晨]|大*后天|当天|当日)"
)
PART = r"(?:凌晨|清晨|一早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|夜间|半夜|深夜|午夜|子夜|早(?!班)|晚(?!班))"
_DATE = rf"(?P<date>{DAY})(?:的)? ?(?P<datepart>[上下前]半夜|{PART})?"
_NO_CLOCK = (
    r"(?![温样])(?![五零一二两三四六七八九]?(?:五|几)?%)"
    r"(?![零一二三四五六七八九\d]{1,4}(?:[米吨万亿元块]|公分|厘米))(?![一二三四五六七八九\d]度)"
)
"""Behind 三点: 三点温度, 3点5%, 三点二米."""
_HOUR = rf"(?:(?<![0-9.])(?P<hour>{N})(?:点[钟整]?|时(?!候|间|刻))|(?P<zero>零点[钟整]?(?![漂飘校标偏误])(?![一二三四五六七八九零几\d](?!十))))"
_MINUTE = r"(?:(?P<half>半)|(?P<minute>[0-5]?\d|[一二三四五]?十[一二三四五六七八九]?)分?|(?P<quarter>[一三]刻))?"
_CLOCK = (
    rf"{_HOUR}{_NO_CLOCK}{_MINUTE}"
    r"|(?<![0-9.:])(?P<hh>[01]?\d|2[0-4]):(?P<mm>[0-5]\d)(?::(?P<ss>[0-5]\d))?(?!\d)"
    r"|(?P<off>下班(?:的?时候?|(?=(?:之|以)?前)|(?<=[到至]下班)(?![了啦吧咯喽])))"
    r"|(?P<midnight>[午子]夜(?!\d|[一二三四五六七八九十零]))"
)
_MONTH_DAY = rf"{N}月(?:份|[底末初]|{N}[日号]?)?"
PATTERN = (
    r"(?<![0-9a-z-])(?P<iso>(?:\d{4}[-年]|20\d\d[/.])\d{1,2}(?:[-月/.]\d{1,2}(?:[日号]|(?![0-9-]))|月份?|(?![0-9/.-])))"
    r"|(?<![0-9])(?P<year>(?:19|20)\d\d)年(?![0-9报审度])"
    rf"|(?<![0-9.])(?:(?P<month>{N})月份?)?(?P<from>3[01]|[12]?\d)[号日](?:到|至|[~-])(?P<upto>3[01]|[12]?\d)[号日](?!罐|#|的?液位)"
    rf"|(?P<mdyear>去年|前年|今年|明年)的?(?P<ymd>{_MONTH_DAY})"
    rf"|(?<![0-9.])(?P<md>{_MONTH_DAY})"
    r"|(?P<dom>(?:3[01]|[12]?\d)(?:日|号(?=之?前|以前|以后|之后|当天|那天|那晚|晚上|早上|上午|下午|中午|凌晨|夜里|开始|起(?!泵)|至|到\d|[-~]\d)))(?:那天)?"
    r"|(?P<holiday>国庆|春节|五一|元旦|清明|端午|中秋|过年)(?:假期|期间|节)?"
    rf"|(?:(?P<day>{DAY})的? ?)?(?:(?P<part>{PART})的? ?)?(?:{_CLOCK})"
    rf"|{_DATE}"
    r"|(?P<alone>[上下前]半夜|凌晨|早上|上午|中午|下午|傍晚|晚上|夜里|夜间|半夜|深夜)"
)
_PARTS = {
    "凌晨": "early", "清晨": "morning", "一早": "morning", "早上": "morning", "早晨": "morning", "早": "morning",
    "晨": "morning", "上午": "morning", "中午": "noon", "下午": "afternoon", "傍晚": "evening", "晚上": "night",
    "晚": "night", "夜里": "night", "夜间": "night", "半夜": "night", "深夜": "night", "夜": "night",
    "上半夜": "before_midnight", "前半夜": "before_midnight", "下半夜": "after_midnight",
}  # fmt: skip
_HOLIDAYS = {
    "国庆": "national_day", "春节": "spring_festival", "过年": "spring_festival", "五一": "labour_day",
    "元旦": "new_year", "清明": "qingming", "端午": "dragon_boat", "中秋": "mid_autumn",
}  # fmt: skip
_YEARS = {"去年": -1, "前年": -2, "今年": 0, "明年": 1}
_TODAY = "today"
_MIDNIGHT = 24
_OFF = 18
"""The hour at which a working day ends; no calendar here knows hours."""
_CLOSE = re.compile("的?收[盘市]")
_COMING = re.compile("(?:之|以)?前(?!后|[^,]*?[了过])|补|打款|付|到账|还(?=[款清0-9一二三四五六七八九百两])")
"""What follows a date that is meant to come: 12月1号前补."""
_FAR = timedelta(days=183)


def day_token(g: Groups, m: re.Match[str], now: datetime) -> str | None:
    """The token of what ``PATTERN`` found; None for what no calendar has. now: in China's time."""
    if g["holiday"]:
        return "holiday." + _HOLIDAYS[g["holiday"]]
    if g["upto"]:
        return _days_of_month(g["month"], int(g["from"] or 0), int(g["upto"]), now)
    if g["year"]:
        return f"{g['year']}-01-01{TO}{g['year']}-12-31"
    if g["iso"]:
        parts = re.findall(r"\d+", g["iso"])
        return "-".join(p.zfill(2) for p in parts)
    if g["mdyear"]:
        return _month_day(g["ymd"] or "", now.year + _YEARS[g["mdyear"]])
    if g["md"]:
        return _dated(g["md"], m, now)
    if g["dom"]:
        return _day_of_month(int(re.sub(r"[号日]", "", g["dom"])), m, now)
    if g["alone"]:
        return _part_alone(g["alone"], now)
    if g["date"] and _CLOSE.match(m.string, m.end()):
        return day_of(g["date"])  # 昨晚收盘 is how yesterday ended
    return _part_of(g["date"], g["datepart"]) if g["date"] else _clock(g)


def day_of(day: str) -> str:
    """大前天 is D-3, 昨晚 D-1."""
    if "前" in day or day.endswith("后天"):
        return f"D{'-' if '前' in day else '+'}{2 + day.count('大')}"
    return {"昨": "D-1", "今": _TODAY, "明": "D+1", "当": _TODAY}[day[0]]


def half_of(day: str) -> str:
    """The part of the day that its own word names: 昨晚 is the night's; '' for 昨天."""
    return _PARTS[day[-1]] if day[-1] in "晚夜早晨" else ""


def next_day(day: str) -> str:
    """The token of the day after one that ``day_of`` gives; '' stays."""
    if not day:
        return ""
    n = 1 + int(day.removeprefix("D").replace("today", "0"))
    return _TODAY if n == 0 else f"D{n:+d}"


def _part_of(day: str, part: str | None) -> str:
    token = day_of(day)
    if part in ("午夜", "子夜"):
        return f"{token}T24:00"
    if part in ("凌晨", "清晨") and half_of(day) == "night":
        token = next_day(token)  # 昨晚凌晨 is this morning's
    name = _PARTS[part] if part else half_of(day)
    return token + (f".{name}" if name else "")


def _part_alone(part: str, now: datetime) -> str:
    """上半夜 by itself is tonight's only once it has begun."""
    day = "D-1" if part.endswith("半夜") and part != "半夜" and now.hour < _OFF else "today"
    return f"{day}.{_PARTS[part]}"


def _dated(text: str, m: re.Match[str], now: datetime) -> str | None:
    """A date without its year is the last one, and the coming one where it is said for what is to be done."""
    month = number_of(text.partition("月")[0]) or 0
    found = _month_day(text, now.year - (month > now.month))
    if found is None or len(found) < 10 or not _COMING.match(m.string, m.end()):
        return found
    coming = next((t for y in (now.year, now.year + 1) if (t := _month_day(text, y)) and t >= f"{now:%Y-%m-%d}"), found)
    return coming if coming <= f"{now + _FAR:%Y-%m-%d}" else found


def _month_day(text: str, year: int) -> str | None:
    month, _, day = text.partition("月")
    m, edge = number_of(month), day in ("底", "末", "初")
    d = number_of(re.sub(r"[日号]", "", day)) if day not in ("", "份") and not edge else None
    if not m or m > 12 or (d is not None and not 1 <= d <= 31):
        return None
    if edge:
        d = 1 if day == "初" else monthrange(year, m)[1]
    return f"{year}-{m:02d}" if d is None else f"{year}-{m:02d}-{d:02d}"


def _day_of_month(day: int, m: re.Match[str], now: datetime) -> str:
    """This month's; 5号前补 on the 22nd is the next month's."""
    over = day < now.day and _COMING.match(m.string, m.end()) is not None
    year, month = divmod(now.year * 12 + now.month - 1 + over, 12)
    return f"{year}-{month + 1:02d}-{day:02d}"


def _days_of_month(month: str | None, first: int, last: int, now: datetime) -> str | None:
    """3号到5号; the 28th to the 3rd is over a month's end, the one that is nearer."""
    m = number_of(month) if month else now.month
    if not m or m > 12:
        return None
    year = now.year - (m > now.month)
    begins = f"{year}-{m:02d}-{first:02d}"
    if last >= first:
        return f"{begins}{TO}{year}-{m:02d}-{last:02d}"
    before, after = (year, m - 1) if m > 1 else (year - 1, 12), (year, m + 1) if m < 12 else (year + 1, 1)
    (y0, m0), (y1, m1) = (before, (year, m)) if month is None and last <= now.day else ((year, m), after)
    return f"{y0}-{m0:02d}-{first:02d}{TO}{y1}-{m1:02d}-{last:02d}"


def months_on(day: date, months: int) -> date:
    """The day of the same number so many months on, or back, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _clock(g: Groups) -> str | None:
    """A clock on its day; '' for a day is today. Past midnight the night is the next day's."""
    read = _hour_and_minute(g)
    if read is None:
        return None
    hour, minute = read
    day, part = g["day"] or "", g["part"] or ""
    token = day_of(day) if day else ""
    half = half_of(day) if day else ""
    on = _of_part(hour, part or half)
    if on is not None and part == "凌晨" and half == "night":
        on += _MIDNIGHT  # 昨晚凌晨2点 is this morning's
    if on is None:
        return None
    if on > _MIDNIGHT or (on == _MIDNIGHT and minute):
        token, on = next_day(token), on - _MIDNIGHT
    seconds = f":{g['ss']}" if g["ss"] else ""
    return f"{'' if token == _TODAY else token}T{on:02d}:{minute:02d}{seconds}"


def _hour_and_minute(g: Groups) -> tuple[int, int] | None:
    """As they were said; None for an hour that no clock has, and for 两三点."""
    if g["hh"]:
        return int(g["hh"]), int(g["mm"] or 0)
    if g["off"]:
        return _OFF, 0
    if g["midnight"]:
        return (24 if g["day"] else 0), 0
    hour = 0 if g["zero"] else count_of(g["hour"] or "")
    if hour is None or hour > 24:
        return None
    quarter = {"一刻": 15, "三刻": 45}.get(g["quarter"] or "")
    return hour, 30 if g["half"] else quarter or number_of(g["minute"] or "0") or 0


def _of_part(hour: int, part: str) -> int | None:
    """The hour of 0–23 that is meant, and 24 and more on the morning after; None where it may be either half of the day."""
    if hour > 12:
        return hour
    match part:
        case "晚上" | "晚" | "night":
            return {12: 24, 4: None}.get(hour, hour + (24 if hour < 4 else 12))
        case "夜里" | "夜间" | "半夜" | "深夜" | "午夜" | "子夜":
            return hour + 12 if 6 <= hour <= 12 else hour + 24
        case "凌晨" | "清晨":
            return 0 if hour == 12 else hour
        case "早上" | "早晨" | "一早" | "早" | "morning":
            return None if hour == 12 else hour
        case "中午":
            return hour if hour >= 10 else hour + 12 if 1 <= hour <= 3 else None
        case "下午" | "傍晚":
            return hour if hour == 12 and part == "下午" else hour + 12 if 1 <= hour < 12 else None
        case _:
            return hour


def count_of(text: str) -> int | None:
    """The whole number that is said; None for 两三, which is none."""
    if len(text) > 1 and "十" not in text and not text.isdigit():
        return None
    return number_of(text)
