"""Every lender's warehouse receipts as the house knows them: pledged at signing by the files, then the chain, which wins."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from datasources.workspace import Workspace
from domain.case.case import Case
from domain.encumbrance import doubled
from domain.event import Event
from domain.receipt.fold import RECEIPT_EVENTS, fold
from domain.receipt.pool import contradictions, renewed, signed
from domain.receipt.receipt import ReceiptBook

log = logging.getLogger(__name__)

EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """books: by lender, with the files' receipts that the chain does not know yet. chained: (lender, number) it knows.

    twice: receipts (issuer, number) that more than one lender has in pledge.
    """

    books: Mapping[str, ReceiptBook]
    chained: frozenset[tuple[str, str]] = frozenset()
    twice: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """As the files say, for a chain that says nothing yet."""
        books: dict[str, ReceiptBook] = {}
        for contract in workspace.contracts.values():
            book = books.get(contract.lender, ReceiptBook(lender=contract.lender))
            books[contract.lender] = fold(book, signed(book, contract, EVER))
        return cls(books=books, twice=_twice(books))

    def after(self, events: Iterable[Event]) -> Self:
        """With these events of the chain; those of lenders that the workspace no longer has are left out."""
        mine = [e for e in events if e.kind in RECEIPT_EVENTS and e.tenant in self.books]
        if not mine:
            return self
        books = dict(self.books)
        for lender in {e.tenant for e in mine}:
            books[lender] = fold(books[lender], (e for e in mine if e.tenant == lender))
        chained = self.chained | {(e.tenant, no) for e in mine for no in _numbers(e)}
        return replace(self, books=books, chained=chained, twice=_twice(books))

    def contracts_of(self, events: Iterable[Event]) -> frozenset[str]:
        """The contracts of the receipts that these events are about."""
        mine = [e for e in events if e.kind in RECEIPT_EVENTS and e.tenant in self.books]
        found = (self.books[e.tenant][no].contract_id for e in mine for no in _numbers(e))
        return frozenset(c for c in found if c is not None)

    def unsigned(self, workspace: Workspace, now: datetime) -> list[Event]:
        """What the chain must still be told of the files' receipts: opened and pledged, once per number; extended."""
        events: list[Event] = []
        for contract in workspace.contracts.values():
            known = {no: s for no, s in self.books[contract.lender].items() if (contract.lender, no) in self.chained}
            book = ReceiptBook(lender=contract.lender, standings=known)
            events += [*signed(book, contract, now), *renewed(book, contract, now)]
        return events

    def tell_contradictions(self, workspace: Workspace) -> None:
        """One line for each receipt that the file describes otherwise than the chain: the file is not followed."""
        for contract in workspace.contracts.values():
            for no in contradictions(self.books[contract.lender], contract):
                log.error("receipts.file_contradicts_chain contract=%s receipt=%s", contract.id, no)


def asked_under(cases: Iterable[Case]) -> frozenset[tuple[str, str]]:
    """(lender, number) of the receipts under which an open case asks for goods: what leaves will be released from them."""
    return frozenset((c.tenant, line.receipt) for c in cases if c.open for line in c.out if line.receipt is not None)


def _twice(books: Mapping[str, ReceiptBook]) -> frozenset[tuple[str, str]]:
    live = ((lender, s.receipt) for lender, book in books.items() for s in book.values() if s.state.live)
    return doubled((lender, (receipt.issuer, receipt.no)) for lender, receipt in live)


def _numbers(event: Event) -> list[str]:
    return [event.body["no"], *(child["no"] for child in event.body.get("into", ()))]
