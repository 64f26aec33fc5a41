"""What the lender has said of a loan since the file was written: balances as stated, and money confirmed as received.

The newest statement stands until a newer one; money that came later than it is taken off what it says. So a fresher
statement, which contains that money, never counts it twice. Both times are kept: when it was so, and when we knew.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.account import exposure_on, spent
from domain.contract import Exposure
from domain.event import Event, Json, parse_stamp, stamp
from domain.loan import Claim, MarginMove, Repayment
from domain.money import total

STATED, PAID = "exposure.stated", "payment.confirmed"
USUAL = (Claim.FEES, Claim.INTEREST, Claim.PRINCIPAL)
"""What money pays first where the contract does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Balances of one contract at ``as_of`` in CNY, none below 0, as ``source`` stated them; known to us from ``known_at``."""

    contract_id: str
    as_of: datetime
    principal: Decimal
    accrued_interest: Decimal
    fees_due: Decimal
    cash_margin: Decimal
    source: str
    known_at: datetime

    @property
    def says(self) -> tuple[str, datetime, Decimal, Decimal, Decimal, Decimal]:
        """The figures and of when they are, whoever states them and whenever."""
        return (
            self.contract_id,
            self.as_of,
            self.principal,
            self.accrued_interest,
            self.fees_due,
            self.cash_margin,
        )


class PaymentKind(StrEnum):
    """What money was received for."""

    REPAYMENT = "repayment"  # 还款
    MARGIN = "margin"  # 保证金


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that a person of the lender has confirmed as received at ``at``. case: the release or top-up it is for."""

    contract_id: str
    amount: Decimal
    at: datetime
    kind: PaymentKind
    by: str
    known_at: datetime
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything said of one contract's loan. statements: by ``as_of``, of one moment by when they were known;

    payments: as they reached us. A feed may state balances every few minutes, and every judgement asks for the newest.
    """

    statements: tuple[Statement, ...] = ()
    payments: tuple[Payment, ...] = ()

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.statements, key=lambda s: (s.as_of, s.known_at)))
        object.__setattr__(self, "statements", ordered)

    def knows(self, statement: Statement) -> bool:
        """The same has been said before, so that an old file brought in again does not undo a correction."""
        first = bisect_left(self.statements, statement.as_of, key=_as_of)
        last = bisect_right(self.statements, statement.as_of, lo=first, key=_as_of)
        return any(s.says == statement.says for s in self.statements[first:last])

    def after(self, events: Iterable[Event]) -> "Told":
        """With more events, in the order in which they were recorded; those of other kinds change nothing."""
        more = list(events)
        stated = (statement_of(e) for e in more if e.kind == STATED)
        paid = (payment_of(e) for e in more if e.kind == PAID)
        return Told(statements=(*self.statements, *stated), payments=(*self.payments, *paid))


def in_force(exposure: Exposure, told: Told, at: datetime, *, known: datetime | None = None) -> Exposure:
    """The exposure that held at ``at``, as far as was known at ``known`` (None: at that moment itself).

    exposure: of the contract's file, which counts as a statement of its ``as_of``. Between two of one moment the later
    known one stands. Movements of a file end where a newer statement stands in place of them.
    """
    known = at if known is None else known
    newest = _newest(told.statements, at, known)
    if newest is not None and (newest.as_of >= exposure.as_of or exposure.as_of > at):
        exposure = _stated(exposure, newest)
    paid = [p for p in told.payments if exposure.as_of < p.at <= at and p.known_at <= known]
    return _less(exposure, paid, at) if paid else exposure_on(exposure, at)


def _newest(statements: Sequence[Statement], at: datetime, known: datetime) -> Statement | None:
    """Of those in order the last that spoke of ``at`` or earlier and was known by ``known``."""
    end = bisect_right(statements, at, key=_as_of)
    return next((s for n in range(end - 1, -1, -1) if (s := statements[n]).known_at <= known), None)


def _as_of(statement: Statement) -> datetime:
    return statement.as_of


def _stated(exposure: Exposure, by: Statement) -> Exposure:
    """Basis and staleness limit stay the contract's. Interest grows no more until the next statement says so."""
    return replace(
        exposure,
        principal=by.principal,
        accrued_interest=by.accrued_interest,
        fees_due=by.fees_due,
        cash_margin=by.cash_margin,
        as_of=by.as_of,
        source=by.source,
        allocation=exposure.loan.allocation if exposure.loan is not None else exposure.allocation,
        loan=None,
    )


def _less(exposure: Exposure, paid: list[Payment], at: datetime) -> Exposure:
    """With this money: through the loan's own movements where it has them, else off the balances in their order."""
    received = total(p.amount for p in paid)
    if exposure.loan is not None:
        repaid = tuple(Repayment(at=p.at, amount=p.amount) for p in paid if p.kind is PaymentKind.REPAYMENT)
        margin = tuple(MarginMove(at=p.at, amount=p.amount) for p in paid if p.kind is PaymentKind.MARGIN)
        loan = exposure.loan
        moved = replace(loan, repayments=(*loan.repayments, *repaid), margin=(*loan.margin, *margin))
        return replace(exposure_on(replace(exposure, loan=moved), at), paid_since=received)
    return replace(_off_balances(exposure, paid), paid_since=received)


def _off_balances(exposure: Exposure, paid: list[Payment]) -> Exposure:
    for payment in sorted(paid, key=lambda p: p.at):
        if payment.kind is PaymentKind.MARGIN:
            exposure = replace(exposure, cash_margin=exposure.cash_margin + payment.amount)
            continue
        owed = {
            Claim.FEES: exposure.fees_due,
            Claim.INTEREST: exposure.accrued_interest,
            Claim.PRINCIPAL: exposure.principal,
        }
        parts, left = spent(payment.amount, owed, exposure.allocation or USUAL)
        exposure = replace(
            exposure,
            fees_due=exposure.fees_due - parts[Claim.FEES],
            accrued_interest=exposure.accrued_interest - parts[Claim.INTEREST],
            principal=exposure.principal - parts[Claim.PRINCIPAL],
            cash_margin=exposure.cash_margin + left,
        )
    return exposure


def stated_event(tenant: str, statement: Statement, *, via: str) -> Event:
    """The statement as an event of the lender's chain. via: 'import', or 'feed:' and the source's id."""
    body: Json = {
        "contract": statement.contract_id,
        "as_of": stamp(statement.as_of),
        "principal": str(statement.principal),
        "accrued_interest": str(statement.accrued_interest),
        "fees_due": str(statement.fees_due),
        "cash_margin": str(statement.cash_margin),
        "source": statement.source,
        "via": via,
    }
    return Event(tenant=tenant, kind=STATED, v=1, occurred_at=statement.known_at, actor="system", body=body)


def statement_of(event: Event) -> Statement:
    """What ``stated_event`` wrote down."""
    body = event.body
    return Statement(
        contract_id=body["contract"],
        as_of=parse_stamp(body["as_of"]),
        principal=Decimal(body["principal"]),
        accrued_interest=Decimal(body["accrued_interest"]),
        fees_due=Decimal(body["fees_due"]),
        cash_margin=Decimal(body["cash_margin"]),
        source=body["source"],
        known_at=event.occurred_at,
    )


def payment_event(tenant: str, payment: Payment, *, proposed_by: str, proposal: str | None = None) -> Event:
    """The confirmed money as an event of the lender's chain; its author is who confirmed it."""
    body: Json = {
        "contract": payment.contract_id,
        "amount": str(payment.amount),
        "at": stamp(payment.at),
        "kind": payment.kind.value,
        "case": payment.case,
        "by": payment.by,
        "proposed_by": proposed_by,
        "proposal": proposal,
    }
    return Event(tenant=tenant, kind=PAID, v=1, occurred_at=payment.known_at, actor=payment.by, body=body)


def payment_of(event: Event) -> Payment:
    """What ``payment_event`` wrote down."""
    body = event.body
    return Payment(
        contract_id=body["contract"],
        amount=Decimal(body["amount"]),
        at=parse_stamp(body["at"]),
        kind=PaymentKind(body["kind"]),
        case=body["case"],
        by=body["by"],
        known_at=event.occurred_at,
    )
