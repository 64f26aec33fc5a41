"""What a contract says of how a shortfall may be made good and of who pays for storage. Only told, never computed with."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CureMethod(StrEnum):
    """How a shortfall may be made good."""

    GOODS = "goods"  # 补货
    REPAYMENT = "repayment"  # 还款
    MARGIN = "margin"  # 追加保证金


class FeeBearer(StrEnum):
    """Who pays the storage fee. Unpaid fees may give whoever stores the goods a lien on them (留置)."""

    BORROWER = "borrower"
    LENDER = "lender"
    DEPOT = "depot"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageFee:
    """paid_until: the last day that is paid for; None: not recorded."""

    bearer: FeeBearer
    paid_until: date | None = None
