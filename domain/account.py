"""What is owed of a loan at any moment: the fold of its movements up to then.

What comes later is not known yet, so that the past can be asked for as it stood. Interest is exact until it is told,
then rounded once per drawing. A repayment is spread in the contract's order over what is owed at its moment, within
each part the oldest drawing first, and its parts add up to it; what is left over is the borrower's money and is kept
as margin. Nothing falls below zero.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from domain.contract import Contract, Exposure
from domain.interest import dawn, day_of, to_fen
from domain.loan import Claim, Drawing, Fee, Loan, MarginMove, Repayment
from domain.money import ZERO, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is left of one drawing: principal, and exact interest up to ``until``."""

    drawing: Drawing
    principal: Decimal
    interest: Fraction
    until: date

    def on(self, day: date) -> "Owed":
        """The same with interest up to a day, not before ``until``."""
        if day <= self.until:
            return self
        more = self.drawing.accrued(self.principal, self.until, day)
        return replace(self, interest=self.interest + more, until=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """Where one repayment went; the four parts add up to its amount. surplus: more than was owed, kept as margin."""

    repayment: Repayment
    fees: Decimal
    interest: Decimal
    principal: Decimal
    surplus: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A loan as it stands at ``at`` (None: before its first movement). Amounts in CNY to the fen, never below 0."""

    owed: tuple[Owed, ...] = ()
    fees_due: Decimal = ZERO
    cash_margin: Decimal = ZERO
    allotments: tuple[Allotment, ...] = ()
    at: datetime | None = None

    @property
    def principal(self) -> Decimal:
        """Principal outstanding over all drawings."""
        return total(o.principal for o in self.owed)

    @property
    def accrued_interest(self) -> Decimal:
        """Interest accrued and unpaid: rounded to the fen per drawing, then added."""
        return total(to_fen(o.interest) for o in self.owed)


Movement = Drawing | Fee | MarginMove | Repayment


def exposure_at(contract: Contract, now: datetime) -> Exposure:
    """The contract's balances at ``now``, which may lie in the past; see ``exposure_on``."""
    return exposure_on(contract.exposure, now)


def exposure_on(exposure: Exposure, now: datetime) -> Exposure:
    """The balances at ``now``: as the lender stated them, or, where there are movements, as they then stood.

    as_of of movements is never after ``now``: of a moment before it, everything is confirmed.
    """
    if exposure.loan is None:
        return exposure
    standing = account(exposure.loan, now)
    return replace(
        exposure,
        principal=standing.principal,
        accrued_interest=standing.accrued_interest,
        fees_due=standing.fees_due,
        cash_margin=standing.cash_margin,
        as_of=min(exposure.as_of, now),
    )


def account(loan: Loan, now: datetime) -> Account:
    """The loan as it stood at ``now``, which may lie in the past; movements after it are left out."""
    return carried(loan, Account(), now)


def carried(loan: Loan, standing: Account, now: datetime) -> Account:
    """The same account at a later moment: the movements in between applied, interest grown up to the day."""
    for moment, movement in sorted(_movements(loan), key=lambda m: m[0]):
        if moment <= now and (standing.at is None or moment > standing.at):
            standing = _applied(loan, standing, movement)
    return replace(_grown(standing, now), at=now)


def spent(
    money: Decimal, owed: Mapping[Claim, Decimal], order: Iterable[Claim]
) -> tuple[dict[Claim, Decimal], Decimal]:
    """How much of ``money`` each balance takes in this order, none more than is owed; and what is left over."""
    parts = dict.fromkeys(Claim, ZERO)
    for claim in order:
        parts[claim] = min(money, owed[claim])
        money -= parts[claim]
    return parts, money


def _movements(loan: Loan) -> Iterator[tuple[datetime, Movement]]:
    """Each with its moment. The order decides within one moment: what is owed comes before what pays it."""
    yield from ((dawn(d.drawn_on), d) for d in loan.drawings)
    yield from ((dawn(f.due_on), f) for f in loan.fees)
    yield from ((m.at, m) for m in loan.margin)
    yield from ((r.at, r) for r in loan.repayments)


def _grown(standing: Account, moment: datetime) -> Account:
    return replace(standing, owed=tuple(o.on(day_of(moment)) for o in standing.owed))


def _applied(loan: Loan, standing: Account, movement: Movement) -> Account:
    match movement:
        case Drawing():
            since = movement.interest_from or movement.drawn_on
            brought = Fraction(movement.interest_before)
            fresh = Owed(drawing=movement, principal=movement.principal, interest=brought, until=since)
            return replace(standing, owed=(*standing.owed, fresh))
        case Fee():
            return replace(standing, fees_due=standing.fees_due + movement.amount)
        case MarginMove():
            return replace(standing, cash_margin=max(standing.cash_margin + movement.amount, ZERO))
        case Repayment():
            return _repaid(loan, _grown(standing, movement.at), movement)


def _repaid(loan: Loan, standing: Account, repayment: Repayment) -> Account:
    left = repayment.amount
    spent: dict[Claim, Decimal] = {}
    for claim in loan.allocation:
        standing, rest = _paid(standing, claim, left, repayment.drawing)
        spent[claim], left = left - rest, rest
    part = Allotment(
        repayment=repayment,
        fees=spent.get(Claim.FEES, ZERO),
        interest=spent.get(Claim.INTEREST, ZERO),
        principal=spent.get(Claim.PRINCIPAL, ZERO),
        surplus=left,
    )
    return replace(standing, cash_margin=standing.cash_margin + left, allotments=(*standing.allotments, part))


def _paid(standing: Account, claim: Claim, money: Decimal, drawing: str | None) -> tuple[Account, Decimal]:
    """The account after so much money went to this claim, and the money left."""
    if claim is Claim.FEES:
        part = min(money, standing.fees_due) if drawing is None else ZERO
        return replace(standing, fees_due=standing.fees_due - part), money - part
    after = []
    for owed in standing.owed:  # in the order drawn: the oldest first
        open_to_it = drawing in (None, owed.drawing.id)
        paid, money = _less(owed, claim, money) if open_to_it and money else (owed, money)
        after.append(paid)
    return replace(standing, owed=tuple(after)), money


def _less(owed: Owed, claim: Claim, money: Decimal) -> tuple[Owed, Decimal]:
    if claim is Claim.PRINCIPAL:
        part = min(money, owed.principal)
        return replace(owed, principal=owed.principal - part), money - part
    due = to_fen(owed.interest)
    part = min(money, due)
    # Interest paid in full is settled: the fraction of a fen that rounding left over is nobody's.
    rest = Fraction(0) if part == due else owed.interest - Fraction(part)
    return replace(owed, interest=rest), money - part
