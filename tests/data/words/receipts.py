"""恒运池 as a pool of receipts: all of its cargo is covered; the three of messages.md M9 end within the week."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from domain.encumbrance import Check, Encumbered
from domain.holding import NO_BOOKS, holdings
from domain.position import take_position
from domain.receipt.fold import fold
from domain.receipt.pool import covered_kg, signed, under_receipts
from domain.receipt.receipt import Receipt, ReceiptBook
from domain.scene import Scene
from tests.data.words.hengyun import CONTRACT, GOOD_OF, NOW, SITE_OF, SITES, TONNES, scene

ENDING: Mapping[str, tuple[str, int, date]] = {
    "CD-0087": ("T-112", 800_000, date(2026, 3, 15)),
    "CD-0091": ("T-107", 450_000, date(2026, 3, 17)),
    "CD-0094": ("V203", 900_000, date(2026, 3, 18)),
}


def _receipts() -> tuple[Receipt, ...]:
    left = {t: round(tonnes * 1000) for t, tonnes in TONNES.items()}
    made = []
    for no, (tank, kg, end) in ENDING.items():
        made.append(_receipt(no, tank, kg, end))
        left[tank] -= kg
    return (*made, *(_receipt(f"CD-1{n:03d}", tank, kg, None) for n, (tank, kg) in enumerate(left.items())))


def _receipt(no: str, tank: str, kg: int, end: date | None) -> Receipt:
    return Receipt(
        no=no,
        issuer=SITES[SITE_OF[tank[0]]].depot,
        owner="恒运化工",
        good=GOOD_OF[tank],
        parts={tank: kg},
        issued_on=date(2026, 1, 10),
        expires_on=end,
    )


POOL = replace(CONTRACT, receipts=_receipts())


def book() -> ReceiptBook:
    """All of them in pledge."""
    empty = ReceiptBook(lender=POOL.lender)
    return fold(empty, signed(empty, POOL, NOW))


def receipt_scene(now: datetime = NOW, *, of_book: ReceiptBook | None = None, check: Check | None = None) -> Scene:
    """The pool at ``now``; check: what does not add up in T-112, where 800 t are pledged and 750 t are there."""
    held = of_book if of_book is not None else book()
    bare = scene(now, contract=POOL)
    position = take_position(
        POOL,
        holdings=under_receipts(holdings(POOL, bare.stock, NO_BOOKS, now), covered_kg(held, POOL, now)),
        prices=bare.prices,
        book_stale=False,
        now=now,
    )
    own = check is Check.OVER_OWN
    claim = Encumbered(
        tank_id="T-112",
        own_kg=800_000,
        physical_kg=750_000 if own else 1_250_000,
        check=check,
        edge=check,
        over_kg=50_000 if own else None,
        numbers=("CD-0087",),
        owner_known=True,
    )
    return replace(bare, position=position, receipts=held.of(POOL.id), encumbered=(claim,))
