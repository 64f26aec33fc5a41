"""Money to the fen and mass to the kilogram: where floats end and Decimals begin."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from math import isfinite

from domain.errors import Unmeasurable

FEN = Decimal("0.01")
ZERO = Decimal("0.00")


def fen(amount: Decimal) -> Decimal:
    """This amount in CNY, rounded to the fen, half to even."""
    return amount.quantize(FEN, rounding=ROUND_HALF_EVEN)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Exact sum of amounts in CNY; 0.00 for none."""
    return sum(amounts, ZERO)


def whole_kg(mass_kg: float) -> int:
    """A measured mass as the integer kg that a contract rests on; the one rounding of a mass. Raises Unmeasurable."""
    if not isfinite(mass_kg):
        raise Unmeasurable(f"mass {mass_kg!r} kg is not a finite number")
    return round(mass_kg)


def worth(mass_kg: int, price_cny_t: Decimal, haircut: Decimal) -> Decimal:
    """Value in CNY of so many kg at a price per tonne after the haircut (0.05 = 5 %), to the fen."""
    numerator, denominator = _fen_per_kg(price_cny_t, haircut)
    return cny(half_even(mass_kg * numerator, denominator))


def half_even(numerator: int, denominator: int) -> int:
    """The quotient rounded to an integer, half to even: the rounding of ``fen``, in integers. denominator > 0."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def cny(amount_fen: int) -> Decimal:
    """So many fen as an amount in CNY with two decimals."""
    return Decimal(amount_fen).scaleb(-2)


def in_fen(amount: Decimal) -> int:
    """An amount in CNY that is whole fen, in fen."""
    return int(amount.scaleb(2))


@lru_cache(maxsize=4096)
def _fen_per_kg(price_cny_t: Decimal, haircut: Decimal) -> tuple[int, int]:
    """As a fraction: the same for every tank of a good, and a thousand contracts share a few dozen."""
    return (Fraction(price_cny_t) / 10 * (1 - Fraction(haircut))).as_integer_ratio()


def round_up(amount: Decimal, step: Decimal) -> Decimal:
    """The next multiple of ``step`` at or above ``amount``: calls for money or goods are never rounded down."""
    return (amount / step).quantize(Decimal(1), rounding=ROUND_UP) * step
