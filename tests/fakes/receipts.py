"""Receipts for tests on the small pledge of ``tests.fakes.pledge``: a book in pledge, and a scene under it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from domain.contract import Contract
from domain.encumbrance import Encumbered
from domain.holding import NO_BOOKS, Books, holdings
from domain.position import take_position
from domain.receipt.fold import fold
from domain.receipt.pool import covered_kg, signed, under_receipts
from domain.receipt.receipt import Receipt, ReceiptBook
from domain.scene import DepotPapers, Scene
from domain.stock import Stock
from tests.fakes.pledge import NOW, contract, prices, scene

ISSUED = date(2026, 1, 10)


def receipt(no: str, parts: Mapping[str, int], *, good: str = "METHANOL", end: date | None = None) -> Receipt:
    return Receipt(
        no=no, issuer="gangchu", owner="hengyun", good=good, parts=dict(parts), issued_on=ISSUED, expires_on=end
    )


def under(*receipts: Receipt, **changes: object) -> Contract:
    """The small pledge by these receipts."""
    return contract(receipts=receipts, **changes)


def book_of(of: Contract) -> ReceiptBook:
    """As signed."""
    book = ReceiptBook(lender=of.lender)
    return fold(book, signed(book, of, NOW))


def receipt_scene(
    stock: Stock,
    of: Contract,
    *,
    book: ReceiptBook | None = None,
    now: datetime = NOW,
    encumbered: Sequence[Encumbered] = (),
    papers: DepotPapers | None = None,
    books: Books = NO_BOOKS,
) -> Scene:
    """One contract's world as the house makes it."""
    held = book if book is not None else book_of(of)
    bare = scene(stock, of=of, now=now, papers=papers, books=books)
    position = take_position(
        of,
        holdings=under_receipts(holdings(of, stock, books, now), covered_kg(held, of, now)),
        prices=prices(when=now),
        book_stale=False,
        now=now,
    )
    return replace(bare, position=position, receipts=held.of(of.id), encumbered=tuple(encumbered))
