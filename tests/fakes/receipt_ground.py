"""The house's ground with both banks lending against receipts: 650 t of A and 690 t of B in T-2, where 1,394.9 t can go.

B may be called and may be worth whatever a test wants: A must never notice.
"""

from collections.abc import Sequence

from domain.event import Event
from domain.receipt.fold import fold
from domain.receipt.life import opened, pledged
from domain.receipt.receipt import Receipt
from tests.fakes.house_ground import Edits
from tests.fakes.house_stage import HouseStage

A_RECEIPTS = """receipts:
  - {no: CD-0001, good: DIESEL0, tank: T-2, kg: 650000, issued_on: 2026-01-10, expires_on: 2026-06-30}
  - {no: CD-0002, good: METHANOL, tank: T-1, kg: 278000, issued_on: 2026-01-10, expires_on: 2026-06-30}
  - {no: CD-0003, good: METHANOL, tank: S-1, kg: 17000, issued_on: 2026-01-10}
"""
A_DUTIES = """  - {kind: dup_pledge, tell: [{person: chen, chat: a_bank, act: check_receipts, ack_minutes: 10}]}
  - {kind: receipt_expiring, tell: [{person: zhao, chat: a_group, act: renew_receipts, ack_minutes: 1440}]}
"""
B_DUTIES = """  - {kind: dup_pledge, tell: [{person: ma, chat: b_bank, act: check_receipts, ack_minutes: 10}]}
  - {kind: receipt_expiring, tell: [{person: qian, chat: b_group, act: renew_receipts, ack_minutes: 1440}]}
"""


def by_receipts(
    *, b_no: str = "HC-0601", b_kg: int = 690_000, a: Sequence[tuple[str, str]] = (), b: Sequence[tuple[str, str]] = ()
) -> Edits:
    """Edits of the ground; a, b: more of them in the contracts' files."""
    b_receipt = f"receipts: [{{no: {b_no}, good: DIESEL0, tank: T-2, kg: {b_kg}, issued_on: 2026-02-01}}]\n"
    return {
        "contracts/a.yaml": [
            ("principal: 3796000.00", "principal: 3500000.00"),
            ("duties:\n", f"{A_RECEIPTS}duties:\n"),
            ("  - {kind: book_gap", f"{A_DUTIES}  - {{kind: book_gap"),
            *a,
        ],
        "contracts/b.yaml": [
            ("duties:\n", f"{b_receipt}duties:\n"),
            ("  - {kind: book_gap", f"{B_DUTIES}  - {{kind: book_gap"),
            *b,
        ],
    }


def pledge_of(stage: HouseStage, contract_id: str, receipt: Receipt) -> list[Event]:
    """What happens when a lender takes one more receipt into pledge."""
    contract, now = stage.house.workspace.contracts[contract_id], stage.clock.now()
    book = stage.house.receipts.books[contract.lender]
    first = opened(book, receipt, contract, "system", now)
    return [*first, *pledged(fold(book, first), receipt.no, contract, "system", now)]
