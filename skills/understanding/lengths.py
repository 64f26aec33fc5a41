"""Lengths and periods of time as people say them, each as its token: 近三天, 三天前, 两小时内, 上周五, 月底, 去年今天, 这个班.

Reads one expression at a time; days and clocks are ``days``'.
"""

import re
from datetime import datetime, timedelta

from skills.understanding.days import DAY, Groups, N, count_of, day_of, half_of, months_on

_BEFORE = "(?:之|以)?前(?!后)"
_WEEK = "(?:周|星期|礼拜)"
_WEEKDAY = "一(?![共直般样次]|个|些)|[二三四五六日天末]"
_SINCE = (
    rf"(?P<since>(?:从|自|打)?(?:(?P<since_day>{DAY})|(?P<since_last>上(?:个)?月底|上(?:个)?月末|上周[一二三四五六日]|月初|年初|周一))"
    rf"(?:以来|开始|起|到现在|至今|到今天(?!早|上午|中午|下午|晚|凌晨|夜里|傍晚|清晨| ?\d|{N}点)|到目前))"
)
_RECENT = (
    rf"(?!这个?{_WEEK}(?:{_WEEKDAY}))"
    r"(?:(?:最?近|过去|这)(?:的)?(?=个?(?:周|月|星期|礼拜|季度|年|天|[半一二两三四五六七八九十几0-9]))|(?<![提目当之以])前(?=[一二两三四五六七八九十几0-9]))"
    rf"(?P<n>{N}|几)?个?(?P<andhalf>半)?个?(?P<unit>天|日|小时|钟头|分钟|刻钟|周|星期|礼拜|月|年|季度)(?:之?内|以来|以内|里|来)?"
)
_WITHIN = (
    rf"(?<![0-9.])(?P<within>{N})?个?(?P<withinhalf>半)?个?(?P<withinunit>小时|钟头|分钟|刻钟)(?:之|以)?[内里]"
    r"(?=.{0,6}?(?:动过|动没|动了|有没有|有无|[进出]过|[进出走少掉跌涨]了|变化|来过|报过|几|多少|啥|什么))"
)
_AGO = (
    rf"(?<![0-9.第期前])(?P<ago>{N}|半)个?(?P<agohalf>(?<=个)半)?个?"
    rf"(?P<agounit>小时|钟头|刻钟|分钟|天|周|星期|礼拜|(?<=[个半])月|季度|年){_BEFORE}"
)
_AGO_UNREAD = (
    r"(?<![0-9.第期前])(?P<unread>[0-9零一二两三四五六七八九十百半几多数好若干来]+个?[半多]?个?"
    rf"(?:秒钟?|分钟?|刻钟|小时|钟头|天|周|星期|礼拜|(?<=[个半多])月|季度|年)[半多]?{_BEFORE}"
    rf"|[一二三四五六七八九十数]+日{_BEFORE}"
    r"|(?:前不久|不久前|前阵子|前一阵子?|前些[天日]|前一?段时间|早些时候)"
    r"|刚(?:才|刚)(?![那这为怎没是在]|[说报响叫录通出]了?[的那])(?=[^那这条警你说报通]*(?:多少|几[吨米个]))"
    r"|(?<![0-9一-鿿])(?:之|以|从)前的?(?=(?:总?货值|质押率|抵押率|覆盖率|敞口|液位|库存|价)))"
)
"""A time of the past that is no single one: 几天前, 五日前, 刚才货值多少."""
_SHIFT = (
    r"(?P<shift>早|白|中|夜|晚)班"
    r"|(?P<turn>这个?|上上?一?个|上一|前一个?|[本当])班(?![车次组人长员子级])(?!接|交|的?是?谁|(?<=[本当]班)(?!一?共|总共|到|的?[出进走发装卸收提拉]|累计|以来|至今|开始))"
    rf"|(?P<handover>(?P<handday>{DAY})?(?P<handpart>早上|早晨|晚上)?(?:交接?|接)班(?:的?时候?|那会儿?)(?![我没忘来]))"
)
_SAME_DAY = (
    rf"(?P<back>(?:上上?个?(?:月|{_WEEK})|去年|前年))的?(?:今[天日]|同期|同一天|这一?天)"
    rf"|(?P<ofmonth>上上|上|本|这|下)个?月的?(?P<number>{N})[号日](?!罐|#)"
)
_PERIOD = (
    rf"(?P<which>上上|上|这|本|下)个?{_WEEK}(?P<weekday>{_WEEKDAY})(?:的)?"
    rf"|{_WEEK}(?P<plainday>{_WEEKDAY})"
    r"|(?P<end>上上|上|本|这|下)?个?月(?P<edge>[底末初])"
    r"|(?P<whole>上上|上|本|这|下)个?(?P<period>周|星期|礼拜|月|季度?|年)(?!一(?![共直般样次])|[二三四五六日天末底初])"
    r"|(?P<yearedge>去年底|今年底|年底|年末|年初|季末|季度末)"
    rf"|(?P<yearword>去年|今年|前年|明年|当月|当周)(?!的?{N}月)"
)
PATTERN = "|".join((_SINCE, _RECENT, _WITHIN, _AGO, _AGO_UNREAD, _SHIFT, _SAME_DAY, _PERIOD))
_WEEKDAYS = dict(
    zip("一二三四五六日天末", ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "sun", "weekend"), strict=True)
)
_PERIODS = {
    "周": "week", "星期": "week", "礼拜": "week", "月": "month", "季": "quarter", "季度": "quarter", "年": "year",
}  # fmt: skip
_BACK = {"上上": "last_last", "上": "last", "本": "this", "这": "this", "下": "next"}
_MONTHS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1}
_MINUTES = {"小时": 60, "钟头": 60, "刻钟": 15, "分钟": 1}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "季度": 90, "年": 365}
_SHIFTS = {"早": "shift.morning", "白": "shift.day", "中": "shift.middle", "夜": "shift.night", "晚": "shift.night"}
_YEAR_EDGES = {"去年底": "last_year_end", "年初": "this_year_start", "季末": "this_quarter_end", "季度末": "this_quarter_end"}  # fmt: skip
_YEARS = {"去年": "last_year", "前年": "last_last_year", "明年": "next_year", "当月": "this_month", "当周": "this_week"}
_HANDED = {"morning": 8, "night": 20}
"""The hours at which a shift is handed over."""


def length_token(g: Groups, m: re.Match[str], now: datetime) -> str | None:
    """The token of what ``PATTERN`` found; None for what is no single length. now: in China's time."""
    if g["since"]:
        return "since:" + _since(g["since_day"], g["since_last"])
    if g["unit"]:
        return _recent(m[0], g["n"], g["unit"], half=g["andhalf"] is not None)
    if g["withinunit"]:
        return _recent(m[0], g["within"], g["withinunit"], half=g["withinhalf"] is not None)
    if g["ago"]:
        return _ago(g["ago"], g["agounit"] or "", now, half=g["agohalf"] is not None)
    if g["back"]:
        return _same_day(g["back"], now)
    if g["ofmonth"]:
        return _of_month(g["ofmonth"], g["number"] or "", now)
    if g["handover"]:
        return _handover(g["handday"] or "", g["handpart"] or "", now)
    return _shift(g) or _period(g)


def unknown_length(g: Groups) -> bool:
    """A length is said of which nobody knows how long it is: 几天前, 近两三天."""
    return bool(g["unread"] or g["ago"] or g["turn"] or g["ofmonth"] or g["handover"] or (g["unit"] and g["n"]))


def _shift(g: Groups) -> str | None:
    if g["shift"]:
        return _SHIFTS[g["shift"]]
    if g["turn"] is None or g["turn"].startswith("上上"):
        return None
    return "shift.last" if g["turn"][0] in "上前" else "shift.this"


def _period(g: Groups) -> str | None:
    if g["weekday"]:
        return f"{_BACK[g['which'] or '']}_week.{_WEEKDAYS[g['weekday']]}"
    if g["plainday"]:
        return f"this_week.{_WEEKDAYS[g['plainday']]}"
    if g["edge"]:
        return f"{_BACK[g['end'] or '本']}_month_{'start' if g['edge'] == '初' else 'end'}"
    if g["period"]:
        return f"{_BACK[g['whole'] or '']}_{_PERIODS[g['period']]}"
    if g["yearedge"]:
        return _YEAR_EDGES.get(g["yearedge"], "this_year_end")
    return _YEARS.get(g["yearword"], "this_year") if g["yearword"] else None


def _since(day: str | None, last: str | None) -> str:
    """昨晚到现在 begins with the evening."""
    if day:
        return day_of(day) + (f".{half_of(day)}" if half_of(day) else "")
    words = (last or "").replace("个", "")
    if words.startswith("上月"):
        return "last_month_end"
    if words.startswith("上周"):
        return f"last_week.{_WEEKDAYS[words[-1]]}"
    return {"月初": "this_month_start", "年初": "this_year_start"}.get(words, "this_week.mon")


def _recent(text: str, n: str | None, unit: str, *, half: bool) -> str | None:
    """近三天, 过去半小时, 最近一个半月."""
    if n is None and not half:
        if text.startswith(("前", "过去")):
            return None
        if text.startswith("这"):
            return f"this_{_PERIODS[unit]}" if unit in _PERIODS else None
    if n == "几" and unit in ("天", "日"):
        return "last_days"
    number = (0 if half else 1) if n is None else 3 if n == "几" else count_of(n)
    if number is None:
        return None
    halves = 2 * number + half
    if unit in _MINUTES:
        minutes = _MINUTES[unit] * halves // 2
        return f"last_{minutes}m" if minutes % 60 else f"last_{minutes // 60}h"
    days = _DAYS[unit] * halves
    return f"last_{days // 2}d" if days > 1 else "last_12h"


def _ago(n: str, unit: str, now: datetime, *, half: bool) -> str | None:
    """两小时前 is a moment, 三天前 a day as 大前天 is one, 一个月前 the day of the same number."""
    number = 0.5 if n == "半" else count_of(n)
    if not number:
        return None
    number += half / 2
    if unit in _MINUTES or (unit in _DAYS and number * _DAYS[unit] < 1):
        moment = now - timedelta(minutes=number * _MINUTES.get(unit, 1440))
        return f"{moment:%Y-%m-%dT%H:%M}"
    months = number * {"月": 1, "季度": 3, "年": 12}.get(unit, 0)
    if months and months == int(months):
        return months_on(now.date(), -int(months)).isoformat()
    days = number * _DAYS[unit]
    return f"D-{int(days)}" if days < _FARTHEST else None


_FARTHEST = 1000
"""Days that are counted back; more is a slip."""


def _same_day(back: str, now: datetime) -> str:
    """去年今天, 上月同期; 上周同期 is the weekday."""
    far = 2 if back.startswith(("上上", "前")) else 1
    if back.endswith("年"):
        return months_on(now.date(), -12 * far).isoformat()
    if back.endswith("月"):
        return months_on(now.date(), -far).isoformat()
    return f"D-{7 * far}"


def _of_month(which: str, number: str, now: datetime) -> str | None:
    """上个月15号."""
    day = count_of(number)
    first = months_on(now.date().replace(day=1), _MONTHS[which])
    return f"{first:%Y-%m}-{day:02d}" if day is not None and 1 <= day <= 31 else None


def _handover(day: str, part: str, now: datetime) -> str | None:
    """昨晚交班 is that evening's; without a day it is the last one; 昨天交班 may be either."""
    half = half_of(day) if day else ""
    if part:
        half = "night" if part.startswith("晚") else "morning"
    if half:
        return f"{(day_of(day) if day else '').removeprefix('today')}T{_HANDED[half]:02d}:00"
    if day:
        return None
    last = max((h for h in _HANDED.values() if h <= now.hour), default=None)
    return f"T{last:02d}:00" if last is not None else f"D-1T{_HANDED['night']:02d}:00"
