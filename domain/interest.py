"""Simple interest by day count, exactly: nothing is rounded before it is told. Knows days, not loans.

The first day bears interest and the last does not (算头不算尾), so a period and the next one never share a day.
Days are those of China (UTC+8, without summer time since 1991).
"""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


class DayCount(StrEnum):
    """How days become a part of a year.

    30/360 is the European form (30E/360, ISDA 2006 §4.16(g)): a 31st counts as the 30th at either end, so every
    month has 30 days, as in the Chinese rule 每月按30天、全年按360天; unlike the US form it adds up over any split.
    """

    ACT_360 = "ACT/360"
    ACT_365 = "ACT/365"
    THIRTY_360 = "30/360"


def days_between(start: date, end: date, count: DayCount) -> int:
    """Days that bear interest from ``start`` to ``end``; 0 where ``end`` is not after it."""
    if end <= start:
        return 0
    match count:
        case DayCount.ACT_360 | DayCount.ACT_365:
            return (end - start).days
        case DayCount.THIRTY_360:
            return _months_of_30(end) - _months_of_30(start)


def _months_of_30(day: date) -> int:
    return day.year * 360 + day.month * 30 + min(day.day, 30)


def interest(principal: Decimal, rate: Decimal, start: date, end: date, count: DayCount) -> Fraction:
    """Simple interest in CNY, exact. ``rate`` is annual, 0.0365 for 3.65 %."""
    year = 365 if count is DayCount.ACT_365 else 360
    return Fraction(principal) * Fraction(rate) * days_between(start, end, count) / year


def to_fen(amount: Fraction) -> Decimal:
    """An exact amount of at least 0 in CNY, to the fen, half a fen upwards as banks do (四舍五入)."""
    return Decimal(int(amount * 100 + Fraction(1, 2))).scaleb(-2)


def day_of(moment: datetime) -> date:
    """The calendar day in China."""
    return moment.astimezone(CHINA).date()


def dawn(day: date) -> datetime:
    """The first moment of a day in China."""
    return datetime.combine(day, time(), CHINA)
