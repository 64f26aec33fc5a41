"""Money to the fen and mass to the kilogram: where floats end and Decimals begin."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal
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
    return fen(Decimal(mass_kg) * price_cny_t / 1000 * (1 - haircut))


def round_up(amount: Decimal, step: Decimal) -> Decimal:
    """The next multiple of ``step`` at or above ``amount``: calls for money or goods are never rounded down."""
    return (amount / step).quantize(Decimal(1), rounding=ROUND_UP) * step
