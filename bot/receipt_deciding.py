"""What a proposal about a warehouse receipt is held against: the lender's receipts, and the cases that are open under them."""

from collections.abc import Iterable
from datetime import datetime

from bot.house import House
from bot.receipts import asked_under
from domain.contract import Contract
from domain.errors import ReceiptError
from domain.proposal import RECEIPT_KINDS, Proposal, effect
from domain.receipt.receipt import Standing


def known_under(house: House, contracts: Iterable[Contract]) -> list[Standing]:
    """The receipts of these contracts, dead ones too."""
    books = house.receipts.books
    return [s for c in contracts for s in books[c.lender].of(c.id)]


def refuse_where_over(house: House, proposal: Proposal, now: datetime) -> None:
    """Raises ReceiptError for a proposal that could not be confirmed as the receipts stand; others pass."""
    if proposal.kind in RECEIPT_KINDS:
        effect(proposal, proposal.by, now, house.receipts.books.get(proposal.tenant))
        refuse_while_asked(house, proposal)


def refuse_while_asked(house: House, proposal: Proposal) -> None:
    """Raises ReceiptError while a case asks for goods under its receipt: what leaves is released from that very number."""
    if proposal.kind not in RECEIPT_KINDS:
        return
    no = proposal.body["no"]
    if (proposal.tenant, no) in asked_under(house.cases.values()):
        raise ReceiptError(f"receipt {no!r}: a case is open under it", code="case")
