"""How far cargo on paper and cargo in the tank may lie apart before somebody must explain it, kg."""

from datetime import datetime, timedelta

from domain.contract import Tolerances

A_MONTH = timedelta(days=30)


def natural_loss_kg(
    tolerances: Tolerances, good: str, booked_kg: int, *, stock_taken_at: datetime | None, now: datetime
) -> float:
    """自然损耗: the contract's monthly ratio of the book for as long as stock has not been taken; 0 where none knows when."""
    monthly = tolerances.natural_loss.get(good, 0.0)
    if stock_taken_at is None or monthly == 0.0:
        return 0.0
    months = max(now - stock_taken_at, timedelta(0)) / A_MONTH
    return min(monthly * months, 1.0) * booked_kg


def allowed_kg(
    tolerances: Tolerances,
    good: str,
    booked_kg: int,
    *,
    u_kg: float,
    short: bool,
    stock_taken_at: datetime | None,
    now: datetime,
) -> float:
    """The contract's share of the book, but never finer than the gauge itself (u, k = 2).

    short: less is there than is booked; what the good may lose by itself since stock was last taken comes on top.
    """
    either = max(tolerances.book_ratio * booked_kg, 2.0 * u_kg)
    lost = natural_loss_kg(tolerances, good, booked_kg, stock_taken_at=stock_taken_at, now=now) if short else 0.0
    return either + lost
