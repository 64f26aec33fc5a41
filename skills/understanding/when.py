"""Times as people say them: a sign for each in the clause, and its token (D-1.night, last_7d, T18:00, since:D-1, D-1..today).

``days`` and ``lengths`` read one expression each; here they are found, and joined where they are one time: 上周五 下午4点到6点.
``spans`` turns a token into a moment or a span in China's time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from skills.understanding import days, lengths
from skills.understanding.days import DAY, PART, TO, N, day_token
from skills.understanding.lengths import length_token, unknown_length

SIGN = "D"
_CHINA = ZoneInfo("Asia/Shanghai")
PRESENT = "now"
"""The token of the present."""
UNREADABLE = "unreadable:"
"""What was said for a time, and is none of the calendar's, or no single one: 昨天25点, 13月1日, 几天前."""
_NOW = r"(?P<now>现在|目前|当前|此刻|眼下|这会儿?|此时|实时|刻下|截至目前)"
_EXPRESSION = re.compile("|".join((lengths.PATTERN, days.PATTERN, _NOW)))
_NO_SUCH = re.compile(
    rf"(?:{DAY}|{PART}).*(?:点钟?|时).*|.*月(?:.*[日号])"
    r"|[一二两三四五六七八九]{2}点.*"
)
_SHORT = re.compile(
    rf"(?<![0-9a-z.:一-鿿-])({N})(?=(?:到|至|[~-]){N}点)|(?<=[从自天晚早上午夜里晨])({N})(?=(?:到|至|[~-]){N}点)"
)
"""昨晚8到9点 is 8点到9点."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """One time that was said. token: as machines write it. text: as it stood."""

    token: str
    text: str


def times_in(clause: str, now: datetime) -> tuple[str, tuple[When, ...]]:
    """The clause with ``SIGN`` for each time, and the times in order. now: aware; 现在 is a time, and a token of its own."""
    whens: list[When] = []
    local = now.astimezone(_CHINA)

    def one(match: re.Match[str]) -> str:
        token = _token(match, local)
        if token is None and not (unknown_length(match.groupdict()) or _NO_SUCH.fullmatch(match[0])):
            return match[0]
        whens.append(When(token=token or f"{UNREADABLE}{match[0]}", text=match[0]))
        return SIGN

    left = _EXPRESSION.sub(one, _SHORT.sub(lambda m: m[0] + "点", clause))
    left = _same_hour(left, whens, local)
    left, joined = _spanned(*_together(left, whens))
    return _open(left, list(joined))


def _token(m: re.Match[str], now: datetime) -> str | None:
    g = m.groupdict()
    if g["now"]:
        return PRESENT
    found = length_token(g, m, now)
    if found is not None or unknown_length(g) or g["unit"]:
        return found
    return day_token(g, m, now)


_SAME = re.compile(r"的?(?:这个?时候|这个时间|这个点|同一时[间刻])")
_ONE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$|D[+-]\d{1,3}$|today$|\w+_week\.\w+$|\w+_(?:start|end)$")


def _same_hour(left: str, whens: list[When], now: datetime) -> str:
    """昨天这时候 is yesterday's moment of this hour and minute, and so is 昨天此时."""
    clock = f"T{now:%H:%M}"
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


def _together(left: str, whens: list[When]) -> tuple[str, tuple[When, ...]]:
    """上周五 下午4点 is one time: a day, and at once its hour, its part or its shift."""
    at = 0
    while at + 1 < len(whens):
        sign = _place(left, at)
        first, second = whens[at], whens[at + 1]
        hour = _on_its_day(second)
        beside = re.match(f"{SIGN}(?:的| )?{SIGN}", left[sign:])
        if beside is None or not _ONE_DAY.match(first.token) or hour is None:
            at += 1
            continue
        left = left[:sign] + SIGN + left[sign + beside.end() :]
        whens[at : at + 2] = [When(token=first.token + hour, text=first.text + second.text)]
    return left, tuple(whens)


_NIGHT = re.compile("晚|夜里|夜间|[半深午子]夜")
_EARLY = re.compile(r"T0([0-5])(:.*)")


def _on_its_day(second: When) -> str | None:
    """What of a clock, a part or a shift stands behind its day; 周五晚上2点 is Friday's 26:00. None for another time."""
    early = _EARLY.fullmatch(second.token)
    if early is not None and _NIGHT.match(second.text):
        return f"T{int(early[1]) + 24}{early[2]}"
    if second.token.startswith(_SHIFTS):
        return f".{second.token}"
    told = re.sub("^(?:today|D-1)(?=[.])", "", second.token)
    return told if told.startswith(("T", ".")) else None


_SHIFTS = ("shift.morning", "shift.day", "shift.middle", "shift.night")
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
        left = left[:sign] + SIGN + left[beside.end() :]
        text = f"{first.text}到{second.text}"
        token = f"{first.token.removeprefix('since:')}{TO}{_last(first, second)}"
        if UNREADABLE in token:
            token = f"{UNREADABLE}{text}"
        whens[at : at + 2] = [When(token=token, text=text)]
    return left, tuple(whens)


_HALF = re.compile(rf"(?:{DAY}|{PART}|下班)")
_LATE = re.compile("下午|中午|傍晚|晚|夜")
_FORENOON = re.compile("早|上午|晨")
_BOTH = re.compile(r"(?:.*T)(\d\d):\S* T(\d\d)(:.*)")
_NOON = 12


def _last(first: When, second: When) -> str:
    """The token of a span's end: of 昨晚8点到9点 and 下午2点到4点 the second clock is of the same half of the day."""
    if second.token.startswith("T") and second.text.startswith("今"):
        return "today" + second.token
    clocks = _BOTH.fullmatch(f"{first.token} {second.token}")
    if clocks is None:
        return second.token
    begins, ends = int(clocks[1]) % 24, int(clocks[2])
    if _HALF.match(second.text):
        either = second.text.startswith("凌晨") and begins < _NOON and not _HALF.search(first.text)
        return f"{UNREADABLE}{second.text}" if either else second.token  # 十点到凌晨两点 begins at ten of the evening
    later = f"T{ends + _NOON:02d}{clocks[3]}"
    if ends > _NOON or ends == 0:
        return second.token
    if _LATE.search(first.text) or begins == _NOON:
        return later if begins >= _NOON - 1 and ends + _NOON > begins else second.token
    if ends >= begins or begins > _NOON:
        return second.token
    return later if _FORENOON.search(first.text) else f"{UNREADABLE}{second.text}"


_BEFORE = re.compile(f"{SIGN}(?:之|以)?前(?!后)")
_SINCE = re.compile(f"(?<![到至])({SIGN})(?:以来|至今|到目前|截至目前)")
_UNTIL = re.compile(
    f"({SIGN})(?:之|以)?前(?!后)(?:一?共|总共|都|累计)?(?=[^ ]{{0,6}}?[出进入走提拉装卸发收动掉跌涨少](?:了|过|多少|没))"
)


def _open(left: str, whens: list[When]) -> tuple[str, tuple[When, ...]]:
    """昨天下午3点以来 goes on until now; 8点前出了多少 begins with its day; 中午前 is before twelve."""
    for before in _BEFORE.finditer(left):
        noon = whens[at := left[: before.start()].count(SIGN)]
        if noon.token.endswith(".noon"):
            whens[at] = replace(noon, token=re.sub(r"^today(?=T)", "", noon.token.removesuffix(".noon") + "T12:00"))
    for pattern, opened in ((_SINCE, _since), (_UNTIL, _until)):
        while (found := pattern.search(left)) is not None:
            at = left[: found.start()].count(SIGN)
            token = opened(whens[at].token)
            whens[at] = When(token=token, text=whens[at].text + found[0][1:])
            left = left[: found.start() + 1] + left[found.end() :]
    return left, tuple(whens)


def _since(token: str) -> str:
    return token if token.startswith(("since:", "last_", UNREADABLE)) or TO in token else f"since:{token}"


def _until(token: str) -> str:
    day, at, clock = token.rpartition("T")
    return f"{day or 'today'}{TO}{token if day else 'today' + at + clock}" if at and TO not in token else token


def _place(left: str, number: int) -> int:
    """Where the sign of this number stands."""
    return [m.start() for m in re.finditer(SIGN, left)][number]
