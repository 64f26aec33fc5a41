"""``exposure:`` as movements instead of balances: drawings, repayments, fees, margin; and what they become."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic import Field as Needs

from datasources.workspace.number import Money, money, ratio
from datasources.workspace.part import Part
from datasources.workspace.word import Day, Label, Moment, names_of, one_of, written
from domain.interest import DayCount, dawn
from domain.loan import Claim, Drawing, Fee, Loan, MarginMove, Repayment
from domain.money import ZERO

Rate = Annotated[Decimal, ratio(high=Decimal("0.36"))]
"""An annual rate; above 36 % it is taken for a slip, such as 3.65 for 3.65 %."""
USUAL = (Claim.FEES, Claim.INTEREST, Claim.PRINCIPAL)
STATED = ("principal", "accrued_interest", "fees_due", "cash_margin")
MOVED = ("facility_limit", "repayments", "fees", "margin", "allocation")


def signed_money(value: Any) -> Decimal:
    """An amount in CNY, to the fen at most, that may be negative."""
    word = written(value).strip()
    return -money(word[1:]) if word.startswith("-") else money(word)


class DrawingPart(Part):
    """One 借据."""

    id: Label = Needs(description="the drawing's number, e.g. JJ-2026-018")
    principal: Money = Needs(description="本金 in CNY, e.g. 96000000.00")
    drawn_on: Day = Needs(description="the day on which it was paid out, e.g. 2026-01-31")
    matures_on: Day = Needs(description="the day on which it is to be repaid, e.g. 2026-07-31")
    rate: Rate = Needs(description="the annual rate as a ratio, e.g. 0.0365 for 3.65 %")
    day_count: Annotated[DayCount, one_of(names_of(DayCount))] = Needs(
        description=f"how interest counts days: one of {', '.join(DayCount)}"
    )
    overdue_rate: Rate | None = None
    interest_from: Day | None = None
    interest_before: Money = ZERO


class RepaymentPart(Part):
    """Money received: on a day (counted from its beginning), or at a time."""

    on: Day | None = None
    at: Moment | None = None
    amount: Money = Needs(description="in CNY, e.g. 1000000.00")
    drawing: Label | None = None

    @property
    def moment(self) -> datetime | None:
        """From when it counts; None while neither key is written."""
        return self.at if self.on is None else dawn(self.on)


class FeePart(Part):
    """A fee that falls due."""

    due_on: Day = Needs(description="the day from which it is owed, e.g. 2026-03-31")
    amount: Money = Needs(description="in CNY, e.g. 12000.00")


class MarginPart(Part):
    """保证金 paid in, or, with a minus, given back."""

    at: Moment = Needs(description="when, e.g. 2026-03-12T09:00:00+08:00")
    amount: Annotated[Decimal, BeforeValidator(signed_money)] = Needs(
        description="in CNY, e.g. 6000000.00, with a minus when it was given back"
    )


class Movements(Part):
    """The second form of ``exposure:``; absent keys mean the first."""

    facility_limit: Money | None = None
    drawings: tuple[DrawingPart, ...] = ()
    repayments: tuple[RepaymentPart, ...] = ()
    fees: tuple[FeePart, ...] = ()
    margin: tuple[MarginPart, ...] = ()
    allocation: tuple[Annotated[Claim, one_of(names_of(Claim))], ...] = USUAL

    def written(self, keys: tuple[str, ...]) -> list[str]:
        """Those of these keys that the file has."""
        entries: Mapping[str, object] = self.node.entries
        return [key for key in keys if key in entries]


def build_loan(part: Movements) -> Loan:
    """The movements as the domain's loan. Days begin at midnight in China."""
    return Loan(
        drawings=tuple(_drawing(d) for d in part.drawings),
        fees=tuple(Fee(due_on=f.due_on, amount=f.amount) for f in part.fees),
        repayments=tuple(
            Repayment(at=moment, amount=r.amount, drawing=r.drawing)
            for r in part.repayments
            if (moment := r.moment) is not None
        ),
        margin=tuple(MarginMove(at=m.at, amount=m.amount) for m in part.margin),
        allocation=tuple(part.allocation),
        facility_limit=part.facility_limit,
    )


def _drawing(part: DrawingPart) -> Drawing:
    return Drawing(
        id=part.id,
        principal=part.principal,
        drawn_on=part.drawn_on,
        matures_on=part.matures_on,
        rate=part.rate,
        day_count=part.day_count,
        overdue_rate=part.overdue_rate,
        interest_from=part.interest_from,
        interest_before=part.interest_before,
    )
