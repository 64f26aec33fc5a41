"""Figures as people read them: 1.2492亿元, 924.89万元, 18,240.6吨, 72.36%, 3月12日 14:32, 12分钟.

Rounded half to even, and never across the figure that they are judged by: ``…apart`` writes several figures with as
many digits as it takes for their order to survive. None is written 未知, never 0.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Decimal

from domain.event import parse_stamp

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
"""Beijing time; no daylight saving since 1991, so that no time zone database is needed."""
UNKNOWN = "未知"
WAN, YI = Decimal(10_000), Decimal(100_000_000)

Number = Decimal | int | float | str
Moment = datetime | str
Written = tuple[Decimal, str]
Writer = Callable[[Decimal], Written]


def yi(amount: Number | None) -> str:
    """CNY in the unit of its size: 亿元 with 4 decimals, 万元 with 2, 元 with 2."""
    return UNKNOWN if amount is None else _money(_decimal(amount))[1]


def exact(amount: Number | None) -> str:
    """CNY to the fen, every digit: 121,000,000.00元; for what a person is asked to decide on."""
    return UNKNOWN if amount is None else _fixed(_decimal(amount), 2)[1] + "元"


def yi_up(amount: Number | None) -> str:
    """CNY that somebody is asked for: as ``yi``, but never rounded down."""
    return UNKNOWN if amount is None else _money(_decimal(amount), ROUND_UP)[1]


def yi_down(amount: Number | None) -> str:
    """CNY that may at most be taken: as ``yi``, but never rounded up."""
    return UNKNOWN if amount is None else _money(_decimal(amount), ROUND_DOWN)[1]


def signed(amount: Number | None) -> str:
    """A change in CNY with its sign: +118.12万元."""
    if amount is None:
        return UNKNOWN
    return f"+{yi(amount)}" if _decimal(amount) > 0 else yi(amount)


def yi_apart(*amounts: Number) -> tuple[str, ...]:
    """Amounts in CNY that are compared with one another: in the largest one's unit if their order survives, else finer."""
    largest = max(abs(_decimal(a)) for a in amounts)
    units: list[Writer] = [lambda x: _unit(x, Decimal(1), 2, "元")]
    if largest >= WAN:
        units.insert(0, lambda x: _unit(x, WAN, 2, "万元"))
    if largest >= YI:
        units.insert(0, lambda x: _unit(x, YI, 4, "亿元"))
    return _apart(amounts, units)


def t(kg: Number | None) -> str:
    """Kilograms as tonnes with one decimal; nothing at all is 0吨."""
    if kg is None:
        return UNKNOWN
    return _tonnes(1)(_decimal(kg))[1] if kg else "0吨"


def t_whole(kg: Number | None) -> str:
    """Kilograms as a person or a paper wrote them, as tonnes with as many decimals as it takes: 500吨, 300.55吨."""
    if kg is None:
        return UNKNOWN
    written = f"{_decimal(kg) / 1000:,.3f}".rstrip("0").rstrip(".")
    return f"{written}吨"


def t_apart(*kg: Number) -> tuple[str, ...]:
    """Masses in kg that are compared with one another, in tonnes; three decimals are exact."""
    return _apart(kg, (_tonnes(1), _tonnes(2), _tonnes(3)))


def t_up(tonnes: Number | None) -> str:
    """Tonnes that somebody is asked for, rounded up to one decimal."""
    return UNKNOWN if tonnes is None else _fixed(_decimal(tonnes), 1, ROUND_UP)[1] + "吨"


def t_more(kg: Number | None) -> str:
    """Kilograms that somebody is asked for, as tonnes, rounded up to one decimal."""
    return UNKNOWN if kg is None else t_up(_decimal(kg) / 1000)


def t_down(kg: Number | None) -> str:
    """Kilograms that may at most be taken, as tonnes, rounded down to one decimal."""
    return UNKNOWN if kg is None else _fixed(_decimal(kg) / 1000, 1, ROUND_DOWN)[1] + "吨"


def rate(t_h: Number | None) -> str:
    """Tonnes per hour."""
    return UNKNOWN if t_h is None else _fixed(_decimal(t_h), 1)[1] + "吨/时"


def pct(ratio: Number | None) -> str:
    """A ratio in percent: 0.7236 → 72.36%. What is not 0 is not written 0.00%."""
    if ratio is None:
        return UNKNOWN
    exact = _decimal(ratio)
    rounded, text = _percent(2)(exact)
    if rounded == 0 and exact != 0:
        return "<0.01%" if exact > 0 else ">-0.01%"
    return text


def points(ratio: Number | None) -> str:
    """A change of a ratio in percentage points: -0.0304 → -3.04个百分点."""
    return UNKNOWN if ratio is None else _fixed(_decimal(ratio) * 100, 2)[1] + "个百分点"


def pct_apart(*ratios: Number) -> tuple[str, ...]:
    """Ratios that are compared with one another, in percent."""
    return _apart(ratios, tuple(_percent(n) for n in (2, 3, 4, 6, 8, 12)))


def share(ratio: Number | None) -> str:
    """A part of a whole in percent: 100% only if it is all of it."""
    if ratio is None:
        return UNKNOWN
    exact = _decimal(ratio)
    return "100%" if exact == 1 else _fixed(exact * 100, 2, ROUND_DOWN)[1] + "%"


def price(cny_t: Number | None) -> str:
    """CNY per tonne without its unit: 2,410 or 2,318.50."""
    if cny_t is None:
        return UNKNOWN
    exact = _decimal(cny_t)
    return f"{exact:,.0f}" if exact == exact.to_integral_value() else _fixed(exact, 2)[1]


def metres(mm: Number | None) -> str:
    """A level in mm as metres to the millimetre."""
    return UNKNOWN if mm is None else _fixed(_decimal(mm) / 1000, 3)[1] + "米"


def celsius(temp_c: Number | None) -> str:
    """A temperature with one decimal."""
    return UNKNOWN if temp_c is None else _fixed(_decimal(temp_c), 1)[1] + "℃"


def m3(volume: Number | None) -> str:
    """A volume in m³ to the litre."""
    return UNKNOWN if volume is None else _fixed(_decimal(volume), 3)[1] + "m³"


def factor(ratio: Number | None) -> str:
    """A correction factor as the tables of 2004 print it, five decimals."""
    return UNKNOWN if ratio is None else _fixed(_decimal(ratio), 5)[1]


def density(kg_m3: Number | None) -> str:
    """A density in kg/m³ to a tenth."""
    return UNKNOWN if kg_m3 is None else _fixed(_decimal(kg_m3), 1)[1] + "kg/m³"


def gap(kg_m3: Number | None) -> str:
    """How much denser or lighter than the certificate says: 比证书高 0.3kg/m³."""
    if kg_m3 is None:
        return UNKNOWN
    rounded, text = _fixed(_decimal(kg_m3), 1)
    return f"比证书{'低' if rounded < 0 else '高'} {text.lstrip('-')}kg/m³" if rounded else "与证书一致"


def twice_t(u_kg: Number | None) -> str:
    """Twice a standard uncertainty in kg, as tonnes, never rounded down: the interval that holds 95 %."""
    return UNKNOWN if u_kg is None else _fixed(_decimal(u_kg) * 2 / 1000, 1, ROUND_UP)[1] + "吨"


def mdhm(when: Moment | None) -> str:
    """3月12日 14:32, in China."""
    if when is None:
        return UNKNOWN
    local = _local(when)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def mdahm(when: Moment | None) -> str:
    """3月16日(周一)17:00, in China: a deadline, with its weekday."""
    if when is None:
        return UNKNOWN
    local = _local(when)
    return f"{local.month}月{local.day}日(周{WEEKDAYS[local.weekday()]}){local:%H:%M}"


def day(iso: str | None) -> str:
    """A calendar date: 3月15日."""
    if iso is None:
        return UNKNOWN
    when = date.fromisoformat(iso)
    return f"{when.month}月{when.day}日"


def hm(when: Moment | None) -> str:
    """14:32, in China; only beside a time that has its date."""
    return UNKNOWN if when is None else f"{_local(when):%H:%M}"


def ago(seconds: Number | None) -> str:
    """How long: 46秒, 12分钟, 3小时5分, 2天3小时."""
    if seconds is None:
        return UNKNOWN
    whole = max(0, int(_decimal(seconds)))
    if whole < 60:
        return f"{whole}秒"
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if minutes < 60:
        return f"{minutes}分钟"
    if hours < 48:
        return f"{hours}小时" + (f"{minutes % 60}分" if minutes % 60 else "")
    return f"{days}天" + (f"{hours % 24}小时" if hours % 24 else "")


def minutes(m: Number | None) -> str:
    """A duration given in minutes."""
    return UNKNOWN if m is None else ago(_decimal(m) * 60)


def age(since: Moment | None, until: Moment) -> str:
    """How long it was from ``since`` to ``until``."""
    return UNKNOWN if since is None else ago((_local(until) - _local(since)).total_seconds())


def _apart(numbers: Sequence[Number], writers: Sequence[Writer]) -> tuple[str, ...]:
    """The first way of writing that keeps every pair in order; the last is exact enough for all."""
    exact = [_decimal(n) for n in numbers]
    for write in writers:
        written = [write(x) for x in exact]
        if _order([r for r, _ in written]) == _order(exact):
            break
    return tuple(text for _, text in written)


def _order(values: Sequence[Decimal]) -> list[int]:
    return [(a > b) - (a < b) for i, a in enumerate(values) for b in values[i + 1 :]]


def _money(amount: Decimal, rounding: str = ROUND_HALF_EVEN) -> Written:
    for unit, decimals, word, limit in ((Decimal(1), 2, "元", WAN), (WAN, 2, "万元", YI)):
        rounded, text = _unit(amount, unit, decimals, word, rounding)
        if abs(rounded) < limit:
            return rounded, text
    return _unit(amount, YI, 4, "亿元", rounding)


def _unit(amount: Decimal, unit: Decimal, decimals: int, word: str, rounding: str = ROUND_HALF_EVEN) -> Written:
    if amount == 0:
        return amount, "0.00元"
    rounded, text = _fixed(amount / unit, decimals, rounding)
    return rounded * unit, text + word


def _tonnes(decimals: int) -> Writer:
    def write(kg: Decimal) -> Written:
        rounded, text = _fixed(kg / 1000, decimals)
        return rounded, text + "吨"

    return write


def _percent(decimals: int) -> Writer:
    def write(ratio: Decimal) -> Written:
        rounded, text = _fixed(ratio * 100, decimals)
        return rounded, text + "%"

    return write


def _fixed(value: Decimal, decimals: int, rounding: str = ROUND_HALF_EVEN) -> Written:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=rounding)
    rounded = abs(rounded) if rounded == 0 else rounded  # no -0.00
    return rounded, f"{rounded:,.{decimals}f}"


def _decimal(number: Number) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(str(number))


def _local(when: Moment) -> datetime:
    return (parse_stamp(when) if isinstance(when, str) else when).astimezone(CHINA)
