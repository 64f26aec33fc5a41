"""A loan as its movements: drawings, repayments, fees, cash margin. What is owed of them: domain/account.py."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.interest import DayCount, interest
from domain.money import ZERO


class Claim(StrEnum):
    """What a repayment can pay off."""

    FEES = "fees"
    INTEREST = "interest"
    PRINCIPAL = "principal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One drawing (借据). Rates are annual, 0.0365 for 3.65 %; amounts CNY.

    overdue_rate: instead of ``rate`` from ``matures_on`` on; None = the same. For a loan taken over in its life,
    ``principal`` and ``interest_before`` are what was left on ``interest_from``, the day up to which interest is
    paid or stated; None = ``drawn_on``. Moments before that day are answered with those same amounts.
    """

    id: str
    principal: Decimal
    drawn_on: date
    matures_on: date
    rate: Decimal
    day_count: DayCount
    overdue_rate: Decimal | None = None
    interest_from: date | None = None
    interest_before: Decimal = ZERO

    def accrued(self, principal: Decimal, start: date, end: date) -> Fraction:
        """Exact interest in CNY on this much principal between two days, at the overdue rate past maturity."""
        late = self.rate if self.overdue_rate is None else self.overdue_rate
        turn = min(max(self.matures_on, start), end)
        due = interest(principal, self.rate, start, turn, self.day_count)
        return due + interest(principal, late, turn, end, self.day_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A fee of the loan, owed from the first moment of ``due_on``."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Repayment:
    """Money received. ``drawing``: pays the interest and principal of that drawing only, and no fees."""

    at: datetime
    amount: Decimal
    drawing: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginMove:
    """Cash margin (保证金) paid in, or, negative, given back."""

    at: datetime
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """All movements of one facility, in any order. ``allocation``: what a repayment pays first."""

    drawings: tuple[Drawing, ...]
    fees: tuple[Fee, ...] = ()
    repayments: tuple[Repayment, ...] = ()
    margin: tuple[MarginMove, ...] = ()
    allocation: tuple[Claim, ...] = (Claim.FEES, Claim.INTEREST, Claim.PRINCIPAL)
    facility_limit: Decimal | None = None
