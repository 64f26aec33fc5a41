"""A pledge's part of a tank by the ledger, beside the depot's book: what counts, and whether the two agree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.ownership.allocation import pro_rata
from domain.ownership.ledger import Lot

AGREES_WITHIN = Decimal("0.01")
"""Ledger and book of one depot are two hands of the same office: one per cent apart is more than a ticket on its way."""
Lots = Mapping[str, Sequence[Lot]]
"""By tank id, of every tank whose site keeps a ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """An owner's part of one tank. share: 0–1, rounded down. kg: what counts as booked, the lower where they differ.

    ledger_kg: the pledged batches of the owner there, or all of them. owner_kg: the owner's whole cargo by the ledger.
    book_kg: by the depot's book, None where it names none. agrees: ledger and book of the owner lie within 1 %.
    """

    share: Decimal
    kg: int
    ledger_kg: int
    owner_kg: int
    book_kg: int | None
    agrees: bool


def stake(
    lots: Sequence[Lot], owner: str, *, batches: tuple[str, ...] = (), book_kg: int | None, book_tank_kg: int | None
) -> Stake:
    """The owner's part of the tank with these lots. batches: only these of the owner's count (特定物); (): all.

    book_kg, book_tank_kg: the depot's book of the owner and of the whole tank; None: it does not say.
    """
    whole = sum(lot.kg for lot in lots)
    mine = [lot for lot in lots if lot.owner == owner]
    owner_kg = sum(lot.kg for lot in mine)
    ledger_kg = sum(lot.kg for lot in mine if not batches or lot.batch in batches)
    by_ledger = part_of(ledger_kg, whole)
    if book_tank_kg is None:
        return Stake(share=by_ledger, kg=ledger_kg, ledger_kg=ledger_kg, owner_kg=owner_kg, book_kg=None, agrees=True)
    booked = book_kg or 0
    agrees = abs(owner_kg - booked) <= AGREES_WITHIN * max(owner_kg, booked)
    return Stake(
        share=by_ledger if agrees else min(by_ledger, part_of(booked, book_tank_kg)),
        kg=ledger_kg if agrees else min(ledger_kg, booked),
        ledger_kg=ledger_kg,
        owner_kg=owner_kg,
        book_kg=booked,
        agrees=agrees,
    )


def part_of(kg: int, whole_kg: int) -> Decimal:
    """kg ÷ whole as 0–1, rounded down to 18 places: parts of one whole never add up to more than 1. 0 of nothing."""
    return Decimal(kg * 10**18 // whole_kg).scaleb(-18) if whole_kg > 0 else Decimal(0)


def deliverable_kg(lots: Sequence[Lot], heel_kg: int) -> list[int]:
    """What of each lot can leave: the heel (不可提底量) lies under all of them by mass and stays. Never below 0."""
    masses = [lot.kg for lot in lots]
    whole = sum(masses)
    if whole <= 0:
        return masses
    heels = pro_rata(min(heel_kg, whole), masses)
    return [kg - heel for kg, heel in zip(masses, heels, strict=True)]


def physical_kg(lots: Sequence[Lot], measured_kg: int, *, allowed_kg: int) -> list[int] | None:
    """What the gauge's mass makes of each lot: a gap within ``allowed_kg`` is shared out by mass (损耗分摊).

    None: the gap is wider, or there is no lot to share among; then nobody's cargo is rewritten by a reading.
    """
    masses = [lot.kg for lot in lots]
    whole = sum(masses)
    if whole <= 0 or abs(measured_kg - whole) > allowed_kg:
        return None
    return pro_rata(measured_kg, masses)


def others_kg(lots: Iterable[Lot], owner: str) -> int:
    """What all other owners have there, as the one sum that may be told."""
    return sum(lot.kg for lot in lots if lot.owner != owner)
