"""What a contract's receipts cover now, tank by tank; the receipts of its file, and where chain and file disagree."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from domain.calendar import CHINA
from domain.contract import Contract
from domain.event import Event
from domain.position import Holding
from domain.receipt.fold import fold
from domain.receipt.life import extended, opened, pledged
from domain.receipt.receipt import Receipt, ReceiptBook, Standing


def covered_kg(book: ReceiptBook, contract: Contract, now: datetime) -> dict[str, int] | None:
    """Kg by tank under receipts that are pledged and not expired; None for a contract without receipts."""
    if contract.receipts is None:
        return None
    return _by_tank([s for s in book.of(contract.id) if s.counts(now)])


def claimed_kg(book: ReceiptBook, contract: Contract) -> dict[str, int] | None:
    """Kg by tank that the lender holds in pledge, expired receipts included: an end of the paper frees no cargo."""
    if contract.receipts is None:
        return None
    return _by_tank([s for s in book.of(contract.id) if s.state.live])


def under_receipts(holdings: tuple[Holding, ...], covered: Mapping[str, int] | None) -> tuple[Holding, ...]:
    """The holdings, each with what receipts cover in its tank; as they are where ``covered`` is None."""
    if covered is None:
        return holdings
    return tuple(replace(h, pledged_kg=covered.get(h.tank_id, 0)) for h in holdings)


def _by_tank(standings: list[Standing]) -> dict[str, int]:
    kg: dict[str, int] = {}
    for standing in standings:
        for tank, mass in standing.pledged.items():
            kg[tank] = kg.get(tank, 0) + mass
    return kg


def signed(book: ReceiptBook, contract: Contract, now: datetime) -> list[Event]:
    """The receipts pledged at signing that the book has never known, opened and pledged by the system.

    They happened on the day from which the contract is in force, or on that of their issue if it is later; not in the
    future.
    """
    events: list[Event] = []
    for receipt in contract.receipts or ():
        if receipt.no in book:
            continue
        day = max(contract.effective_from, receipt.issued_on)
        at = min(now, datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC))
        book, made = _taken(book, receipt, contract, at)
        events += made
    return events


def _taken(book: ReceiptBook, receipt: Receipt, contract: Contract, at: datetime) -> tuple[ReceiptBook, list[Event]]:
    first = opened(book, receipt, contract, "system", at)
    book = fold(book, first)
    second = pledged(book, receipt.no, contract, "system", at)
    return fold(book, second), [*first, *second]


def renewed(book: ReceiptBook, contract: Contract, now: datetime) -> list[Event]:
    """Receipts to which the file gives a later last day than the book knows: extended, by the system."""
    return [
        event
        for r in contract.receipts or ()
        if r.no in book and not book[r.no].state.over and book[r.no].contract_id == contract.id
        if _later(r.expires_on, book[r.no].receipt.expires_on)
        for event in extended(book, r.no, r.expires_on or r.issued_on, "system", now)
    ]


def _later(file: date | None, known: date | None) -> bool:
    return file is not None and known is not None and file > known


def contradictions(book: ReceiptBook, contract: Contract) -> tuple[str, ...]:
    """Numbers that the contract's file describes otherwise than the chain does. The chain is what happened."""
    known = ((r, book[r.no]) for r in contract.receipts or () if r.no in book)
    return tuple(r.no for r, standing in known if standing.contract_id != contract.id or _differs(r, standing))


def _differs(file: Receipt, standing: Standing) -> bool:
    known = standing.receipt
    as_opened: tuple[object, ...] = (known.issuer, known.owner, known.good, dict(known.parts), known.issued_on)
    return as_opened != (file.issuer, file.owner, file.good, dict(file.parts), file.issued_on)
