"""Figures as a Chinese reader writes them. Pure; rounds for the eye only, never across a line that is judged."""

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

_WAN = Decimal(10_000)
_YI = Decimal(100_000_000)


def money(amount: Decimal) -> str:
    """An amount in CNY: 1.2492亿元, 6,439.86万元 or 9,950.00元."""
    size = abs(amount)
    if size >= _YI:
        return f"{_rounded(amount / _YI, '0.0001'):,}亿元"
    if size >= _WAN:
        return f"{_rounded(amount / _WAN, '0.01'):,}万元"
    return f"{_rounded(amount, '0.01'):,}元"


def percent(ratio: Decimal, *, places: int = 2) -> str:
    """A ratio (0.7236) as 72.36%."""
    return f"{_rounded(ratio * 100, str(Decimal(1).scaleb(-places)))}%"


def at_most(ratio: Decimal) -> str:
    """A share as a percentage with one place, rounded down: 99.96 % fresh is not 100.0 %."""
    return f"{(ratio * 100).quantize(Decimal('0.1'), rounding=ROUND_FLOOR)}%"


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_EVEN)
