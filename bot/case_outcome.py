"""What people say with an act on a case, what became of it, and when it has been done already."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from domain.case.case import Case, Stage
from domain.case.rights import CaseAct
from domain.statement import PaymentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseValues:
    """What an act says besides itself. amount None: all that is still to pay. valid_until None: the contract's time."""

    amount: Decimal | None = None
    payment: PaymentKind = PaymentKind.REPAYMENT
    no: str = ""
    valid_until: datetime | None = None
    reason: str = ""


NOTHING_SAID = CaseValues()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A request that was filed, or why it was not.

    problem: not_permitted, repeated, not_pledged, wrong_good, or a code of ``domain.case.acts``.
    """

    case: Case | None = None
    problem: str | None = None


class Done(Enum):
    """What became of a person's act on a case."""

    DONE = "done"
    NOTHING = "nothing"  # it stands so already
    REPEATED = "repeated"  # this very event was handled before
    REFUSED = "refused"  # see the code


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an act, and the case as it now is. code, where refused: not_permitted, no_case, number_taken,
    proposed (its money waits for a second person), or a code of ``domain.case.acts``.
    """

    done: Done
    case: Case | None
    code: str | None = None


ENDING = {CaseAct.REFUSE: Stage.REFUSED, CaseAct.WITHDRAW: Stage.WITHDRAWN, CaseAct.REVOKE: Stage.REVOKED}


def stands(case: Case, action: CaseAct, values: CaseValues) -> bool:
    """The act has been done already, so that doing it again changes nothing."""
    notice = case.notice
    match action:
        case CaseAct.PAID:
            return case.open and case.paid_cny > 0 and case.unpaid_cny == 0 and values.amount is None
        case CaseAct.SIGN:
            if notice is None or not case.open:
                return False
            return notice.named(values.no) and values.valid_until in (None, notice.valid_until)
        case CaseAct.COUNTERSIGN:
            return case.open and notice is not None and notice.sealed_by is not None
        case CaseAct.VERIFY:
            return case.open and case.verified_by is not None and case.declined is None
        case CaseAct.DECLINE:
            return case.open and case.declined is not None
        case CaseAct.ACCEPT:
            return case.accepted_by is not None
        case CaseAct.REFUSE | CaseAct.WITHDRAW | CaseAct.REVOKE:
            return case.stage is ENDING[action]
