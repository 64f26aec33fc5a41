"""Times as people say them: a sign for each in the clause, and its token (D-1.night, last_7d, T18:00, since:D-1, D-1..today).

``spans`` turns a token into a moment or a span in China's time.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from skills.understanding.normal import number_of

SIGN = "D"
_CHINA = ZoneInfo("Asia/Shanghai")
PRESENT = "now"
"""The token of the present."""
_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_DAY = r"(?P<day>大前天|前[天晚]|昨[天日晚夜儿]|今[天日晚早儿]|明[天日晚早儿]|后天|当天|当日)"
_PART = r"(?P<part>凌晨|清晨|一早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|夜间|半夜|深夜|夜班|早(?!班)|晚(?!班))"
_CLOCK = (
    rf"(?<![0-9.])(?P<hour>{_N})(?:点钟?|时(?!候|间|刻))(?![温样])(?![五零一二两三四六七八九]?(?:五|几)?%)(?:(?P<half>半)|(?P<minute>[0-5]?\d|[一二三四五]?十[一二三四五六七八九]?)分?|(?P<quarter>[一三]刻))?"
    r"|(?<![0-9.:])(?P<hh>[01]?\d|2[0-4]):(?P<mm>[0-5]\d)(?::(?P<ss>[0-5]\d))?(?!\d)"
)
_EXPRESSION = re.compile(
    rf"(?P<since>(?:从|自|打)?(?:{_DAY.replace('P<day>', 'P<since_day>')}|(?P<since_last>上(?:个)?月底|上(?:个)?月末|上周[一二三四五六日]|月初|年初|周一))"
    rf"(?:以来|开始|起|到现在|至今|到今天(?!早|上午|中午|下午|晚|凌晨|夜里|傍晚|清晨| ?\d|{_N}点)|到目前))"
    rf"|(?:(?:最?近|过去|这)(?:的)?(?=个?(?:周|月|星期|礼拜|季度|年|天|[半一二两三四五六七八九十几0-9]))|前(?=[一二两三四五六七八九十几0-9]))(?P<n>{_N}|几)?个?(?P<andhalf>半)?个?(?P<unit>天|日|小时|钟头|分钟|刻钟|周|星期|礼拜|月|年|季度)(?:之?内|以来|以内|里|来)?"
    rf"|(?<![0-9.])(?P<within>{_N})?个?(?P<withinhalf>半)?个?(?P<withinunit>小时|钟头|分钟|刻钟)(?:之|以)?[内里](?=.{{0,6}}?(?:动过|动没|动了|有没有|有无|[进出]过|[进出走少掉跌涨]了|变化|来过|报过|几|多少|啥|什么))"
    rf"|(?<![0-9.])(?P<ago>{_N}|半)个?(?P<agounit>小时|钟头|分钟)(?:之|以)?前(?!后)"
    r"|(?P<shift>早|白|中|夜|晚)班"
    r"|(?P<which>上上|上|这|本|下)个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])(?:的)?"
    r"|(?:周|星期|礼拜)(?P<plainday>[一二三四五六日天末])"
    r"|(?P<end>上上|上|本|这|下)?个?月(?P<edge>[底末初])"
    r"|(?P<whole>上上|上|本|这|下)个?(?P<period>周|星期|礼拜|月|季度?|年)(?![一二三四五六日天末底初])"
    r"|(?P<yearedge>去年底|今年底|年底|年末|年初|季末|季度末)"
    r"|(?P<yearword>去年|今年|前年|明年|当月|当周)"
    r"|(?<![0-9a-z-])(?P<iso>(?:\d{4}[-年]|20\d\d[/.])\d{1,2}(?:[-月/.]\d{1,2}(?:[日号]|(?![0-9-]))|月份?|(?![0-9/.-])))"
    r"|(?<![0-9])(?P<year>(?:19|20)\d\d)年(?![0-9报审度])"
    rf"|(?<![0-9.])(?:(?P<month>{_N})月份?)?(?P<from>3[01]|[12]?\d)[号日](?:到|至|[~-])(?P<upto>3[01]|[12]?\d)[号日](?!罐|#|的?液位)"
    rf"|(?<![0-9.])(?P<md>{_N}月(?:份|[底末初]|{_N}[日号]?)?)"
    r"|(?P<dom>(?:3[01]|[12]?\d)(?:日|号(?=之?前|以前|以后|之后|当天|那天|那晚|晚上|早上|上午|下午|中午|凌晨|夜里|开始|起(?!泵)|至|到\d|[-~]\d)))(?:那天)?"
    r"|(?P<holiday>国庆|春节|五一|元旦|清明|端午|中秋|过年)(?:假期|期间|节)?"
    rf"|(?:{_DAY} ?)?(?:{_PART} ?)?(?:{_CLOCK})"
    rf"|{_DAY.replace('P<day>', 'P<date>')}(?:的)? ?(?:{_PART.replace('P<part>', 'P<datepart>')})?"
    rf"|(?P<alone>凌晨|早上|上午|中午|下午|傍晚|晚上|夜里|夜间|半夜|深夜)"
    r"|(?P<now>现在|目前|当前|此刻|眼下|这会儿?|此时|实时|刻下|截至目前)"
)
_DAYS = {"大前": "D-3", "前": "D-2", "昨": "D-1", "今": "today", "明": "D+1", "后": "D+2", "当": "today"}
_PARTS = {
    "凌晨": "early", "清晨": "morning", "一早": "morning", "早上": "morning", "早晨": "morning", "早": "morning",
    "上午": "morning", "中午": "noon", "下午": "afternoon", "傍晚": "evening", "晚上": "night", "晚": "night",
    "夜里": "night", "夜间": "night", "半夜": "night", "深夜": "night", "夜班": "night", "夜": "night",
}  # fmt: skip
_NEXT = {"D-2": "D-1", "D-1": "today", "today": "D+1", "D+1": "D+2"}
_LATE = frozenset({"下午", "傍晚", "晚上", "晚", "夜里", "夜间", "半夜", "深夜"})
_WEEKDAYS = dict(
    zip("一二三四五六日天末", ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "sun", "weekend"), strict=True)
)
_HOLIDAYS = {
    "国庆": "national_day", "春节": "spring_festival", "过年": "spring_festival", "五一": "labour_day",
    "元旦": "new_year", "清明": "qingming", "端午": "dragon_boat", "中秋": "mid_autumn",
}  # fmt: skip
_PERIODS = {
    "周": "week", "星期": "week", "礼拜": "week", "月": "month", "季": "quarter", "季度": "quarter", "年": "year",
}  # fmt: skip
_BACK = {"上上": "last_last", "上": "last", "本": "this", "这": "this", "下": "next"}


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """One time that was said. token: as machines write it. text: as it stood."""

    token: str
    text: str


UNREADABLE = "unreadable:"
"""What was said for a time, and is none of the calendar's: 昨天25点, 13月1日."""
_NO_SUCH = re.compile(
    rf"(?:{_DAY.replace('P<day>', ':')}|{_PART.replace('P<part>', ':')}).*(?:点钟?|时).*|.*月(?:.*[日号])"
)


def times_in(clause: str, now: datetime) -> tuple[str, tuple[When, ...]]:
    """The clause with ``SIGN`` for each time, and the times in order. now: aware; 现在 is a time, and a token of its own."""
    whens: list[When] = []

    def one(match: re.Match[str]) -> str:
        token = _token(match, now)
        if token is None and _NO_SUCH.fullmatch(match[0]) is None:
            return match[0]
        whens.append(When(token=token or f"{UNREADABLE}{match[0]}", text=match[0]))
        return SIGN

    left = _same_hour(_EXPRESSION.sub(one, clause), whens, now)
    return _spanned(*_together(left, whens))


_SAME = re.compile(r"的?(?:这个?时候|这个时间|这个点|同一时[间刻])")


def _same_hour(left: str, whens: list[When], now: datetime) -> str:
    """昨天这时候 is yesterday's moment of this hour and minute, and so is 昨天此时."""
    clock = f"T{now.astimezone(_CHINA):%H:%M}"
    for at in reversed(range(len(whens))):
        sign, day = _place(left, at), whens[at]
        same = _SAME.match(left, sign + 1)
        if same is not None and _other_day(day.token):
            whens[at] = When(token=day.token + clock, text=day.text + same[0])
            left = left[: sign + 1] + left[same.end() :]
        elif at and day.token == PRESENT and left[sign - 1] == SIGN and _other_day(whens[at - 1].token):
            whens[at] = When(token=clock, text=day.text)
    return left


def _other_day(named: str) -> bool:
    return not named.startswith("today") and _ONE_DAY.match(named) is not None


_ONE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$|D[+-]\d$|today$|\w+_week\.\w+$|\w+_(?:start|end)$")


def _together(left: str, whens: list[When]) -> tuple[str, tuple[When, ...]]:
    """上周五 下午4点 is one time: a day, and at once its hour or its part."""
    at = 0
    while at + 1 < len(whens):
        sign = _place(left, at)
        first, second = whens[at], whens[at + 1]
        hour = second.token.removeprefix("today")
        beside = re.match(f"{SIGN}(?:的| )?{SIGN}", left[sign:])
        if beside is None or not _ONE_DAY.match(first.token) or not hour.startswith(("T", ".")):
            at += 1
            continue
        left = left[:sign] + SIGN + left[sign + beside.end() :]
        whens[at : at + 2] = [When(token=first.token + hour, text=first.text + second.text)]
    return left, tuple(whens)


TO = ".."
"""Between the tokens of a span's first and last time."""
_TO = re.compile(f"{SIGN}(?:到|至|[~—-]+) ?{SIGN}")


def _spanned(left: str, whens: Sequence[When]) -> tuple[str, tuple[When, ...]]:
    """昨天夜里到今天早上 is one span. A clock of today keeps its day: 昨天8点到今天10点 is no span of yesterday."""
    whens, at = list(whens), 0
    while at + 1 < len(whens):
        sign, first, second = _place(left, at), whens[at], whens[at + 1]
        beside = _TO.match(left, sign)
        if beside is None or first.token == PRESENT or TO in first.token + second.token:
            at += 1
            continue
        last = "today" + second.token if second.token.startswith("T") and second.text.startswith("今") else second.token
        left = left[:sign] + SIGN + left[beside.end() :]
        text = f"{first.text}到{second.text}"
        whens[at : at + 2] = [When(token=f"{first.token.removeprefix('since:')}{TO}{last}", text=text)]
    return left, tuple(whens)


def _place(left: str, number: int) -> int:
    """Where the sign of this number stands."""
    return [m.start() for m in re.finditer(SIGN, left)][number]


def _token(m: re.Match[str], now: datetime) -> str | None:
    g = m.groupdict()
    if g["now"]:
        return PRESENT
    if g["since"]:
        return "since:" + (_day(g["since_day"]) if g["since_day"] else _past(g["since_last"]))
    if g["unit"]:
        return _recent(m[0], g["n"], g["unit"], half=g["andhalf"] is not None)
    if g["withinunit"]:
        return _recent(m[0], g["within"], g["withinunit"], half=g["withinhalf"] is not None)
    if g["ago"]:
        return _ago(g["ago"], g["agounit"] or "", now)
    if g["shift"]:
        return {"早": "shift.morning", "白": "shift.day", "中": "shift.middle"}.get(g["shift"], "shift.night")
    if g["weekday"]:
        return f"{_BACK[g['which']]}_week.{_WEEKDAYS[g['weekday']]}"
    if g["plainday"]:
        return f"this_week.{_WEEKDAYS[g['plainday']]}"
    if g["edge"]:
        return f"{_BACK[g['end'] or '本']}_month_{'start' if g['edge'] == '初' else 'end'}"
    if g["period"]:
        return f"{_BACK[g['whole']]}_{_PERIODS[g['period']]}"
    if g["yearedge"]:
        return {"去年底": "last_year_end", "年初": "this_year_start"}.get(
            g["yearedge"], "this_quarter_end" if "季" in g["yearedge"] else "this_year_end"
        )
    if g["yearword"]:
        return {"去年": "last_year", "前年": "last_last_year", "明年": "next_year", "当月": "this_month",
                "当周": "this_week"}.get(g["yearword"], "this_year")  # fmt: skip
    if g["holiday"]:
        return "holiday." + _HOLIDAYS[g["holiday"]]
    if g["upto"]:
        return _days_of_month(g["month"], int(g["from"] or 0), int(g["upto"]), now)
    if g["date"] and _CLOSE.match(m.string, m.end()):
        return _day(g["date"])  # 昨晚收盘 is how yesterday ended
    return _dated(g, now)


_CLOSE = re.compile("的?收[盘市]")


def _days_of_month(month: str | None, first: int, last: int, now: datetime) -> str | None:
    """3号到5号; the 28th to the 3rd is over a month's end, the one that is nearer."""
    local = now.astimezone(_CHINA)
    m = number_of(month) if month else local.month
    if not m or m > 12:
        return None
    year = local.year - (m > local.month)
    begins = f"{year}-{m:02d}-{first:02d}"
    if last >= first:
        return f"{begins}{TO}{year}-{m:02d}-{last:02d}"
    before, after = (year, m - 1) if m > 1 else (year - 1, 12), (year, m + 1) if m < 12 else (year + 1, 1)
    (y0, m0), (y1, m1) = (before, (year, m)) if month is None and last <= local.day else ((year, m), after)
    return f"{y0}-{m0:02d}-{first:02d}{TO}{y1}-{m1:02d}-{last:02d}"


def _ago(n: str, unit: str, now: datetime) -> str | None:
    """两小时前 is a moment of today, or of yesterday."""
    hours = unit != "分钟"
    number = (0.5 if hours else None) if n == "半" else number_of(n)
    if not number:
        return None
    moment = (now - timedelta(minutes=number * (60 if hours else 1))).astimezone(_CHINA)
    return f"{moment:%Y-%m-%dT%H:%M}"


def _dated(g: dict[str, str | None], now: datetime) -> str | None:
    if g["year"]:
        return f"{g['year']}-01-01{TO}{g['year']}-12-31"
    if g["iso"]:
        parts = re.findall(r"\d+", g["iso"])
        return "-".join(p.zfill(2) for p in parts)
    if g["md"]:
        return _month_day(g["md"], now)
    if g["dom"]:
        return f"{now:%Y-%m}-{int(re.sub(r'[号日]', '', g['dom'])):02d}"
    if g["hour"] or g["hh"]:
        return _clock(g)
    if g["alone"]:
        return f"today.{_PARTS[g['alone']]}"
    day = g["date"]
    assert day is not None
    part = g["datepart"] or (
        "晚" if day.endswith("晚") else "夜" if day.endswith("夜") else "早" if day.endswith("早") else ""
    )
    return _day(day) + (f".{_PARTS[part]}" if part else "")


def _month_day(text: str, now: datetime) -> str | None:
    month, _, day = text.partition("月")
    m, edge = number_of(month), day in ("底", "末", "初")
    d = number_of(re.sub(r"[日号]", "", day)) if day not in ("", "份") and not edge else None
    if not m or m > 12 or (d is not None and not 1 <= d <= 31):
        return None
    year = now.year if m <= now.month else now.year - 1
    if edge:
        d = 1 if day == "初" else monthrange(year, m)[1]
    return f"{year}-{m:02d}" if d is None else f"{year}-{m:02d}-{d:02d}"


def _clock(g: dict[str, str | None]) -> str | None:
    part = g["part"] or ""
    if g["hh"]:
        hour, minute, seconds = int(g["hh"]), int(g["mm"] or 0), f":{g['ss']}" if g["ss"] else ""
    else:
        read = number_of(g["hour"] or "")
        if read is None or read > 24:
            return None
        hour, seconds = read, ""
        minute = (
            30 if g["half"] else {"一刻": 15, "三刻": 45}.get(g["quarter"] or "", number_of(g["minute"] or "0") or 0)
        )
    day = g["day"] or ""
    token = _day(day) if day else ""
    if part in _LATE or day.endswith(("晚", "夜")):
        if hour < 6 and part not in ("下午", "傍晚"):
            token = _NEXT.get(token, token)  # 昨晚2点 is this morning's two o'clock
        elif hour < 12:
            hour += 12
    if part == "中午" and hour in (1, 2):
        hour += 12
    return f"{'' if token in ('', 'today') else token}T{hour:02d}:{minute:02d}{seconds}"


def _recent(text: str, n: str | None, unit: str, *, half: bool) -> str | None:
    """近三天, 过去半小时, 最近一个半月."""
    if n is None and not half:
        if text.startswith(("前", "过去")):
            return None
        if text.startswith("这"):
            return f"this_{_PERIODS[unit]}" if unit in _PERIODS else None
    if n == "几" and unit in ("天", "日"):
        return "last_days"
    number = (0 if half else 1) if n is None else 3 if n == "几" else number_of(n)
    if number is None:
        return None
    halves = 2 * number + half
    if unit in _MINUTES:
        minutes = _MINUTES[unit] * halves // 2
        return f"last_{minutes}m" if minutes % 60 else f"last_{minutes // 60}h"
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "季度": 90, "年": 365}[unit] * halves
    return f"last_{days // 2}d" if days > 1 else "last_12h"


_MINUTES = {"小时": 60, "钟头": 60, "刻钟": 15, "分钟": 1}


def _day(day: str) -> str:
    return next(token for word, token in _DAYS.items() if day.startswith(word))


def _past(words: str | None) -> str:
    words = (words or "").replace("个", "")
    if words.startswith("上月"):
        return "last_month_end"
    if words.startswith("上周"):
        return f"last_week.{_WEEKDAYS[words[-1]]}"
    return {"月初": "this_month_start", "年初": "this_year_start"}.get(words, "this_week.mon")
