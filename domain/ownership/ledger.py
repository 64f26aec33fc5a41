"""The ledger as the fold of its entries: per tank the lots, and every entry that could not be, with its reason.

A lot is one owner's part of one batch in one tank. In a commingled tank (混存) nobody's drop can be told from another's:
what moves the mix takes from every lot by its mass. Kilograms are whole and never lost or made by rounding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from domain.ownership.allocation import ShareMethod, first_in, pro_rata
from domain.ownership.entry import Entry, EntryKind, Order


class Refusal(StrEnum):
    """Why an entry was not booked."""

    UNKNOWN_TANK = "unknown_tank"  # nothing was ever booked into it
    NOT_ENOUGH = "not_enough"  # more than the owner, the batch or the tank has
    OTHER_GOOD = "other_good"  # the tank holds another good


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One owner's part of one batch in one tank, whole kg in air. since: from when this owner has had it there."""

    owner: str
    batch: str | None
    good: str
    kg: int
    since: datetime

    @property
    def order(self) -> tuple[datetime, str, str]:
        """Oldest first, then by name."""
        return self.since, self.owner, self.batch or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one entry did to one lot: these kg, from or into it, and where they went."""

    entry: Entry
    owner: str
    batch: str | None
    kg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An entry that stands in the depot's ledger and could not be booked."""

    entry: Entry
    why: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What a tank's lots came to when an opening took their place (重新建账): what was before is not added to it."""

    tank_id: str
    at: datetime
    kg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What all entries so far come to.

    lots: by tank, oldest first; an empty tank that was once booked into has none. opened: a tank's last opening;
    stock_taken: its last opening, loss or gain. last: the order of the newest entry folded.
    """

    lots: Mapping[str, tuple[Lot, ...]] = field(default_factory=dict)
    opened: Mapping[str, datetime] = field(default_factory=dict)
    stock_taken: Mapping[str, datetime] = field(default_factory=dict)
    closed: tuple[Closed, ...] = ()
    refused: tuple[Refused, ...] = ()
    last: Order | None = None


EMPTY = Ledger()
ADDS = frozenset({EntryKind.OPENING, EntryKind.INBOUND})
TAKES_STOCK = frozenset({EntryKind.OPENING, EntryKind.LOSS, EntryKind.GAIN})


def fold(entries: Iterable[Entry], valid: datetime, *, method: ShareMethod = ShareMethod.PRO_RATA) -> Ledger:
    """The ledger at ``valid``. entries: the last word on each (site, no, line), in any order."""
    ledger = EMPTY
    for entry in sorted((e for e in entries if e.at <= valid), key=lambda e: e.order):
        ledger, _ = post(ledger, entry, method)
    return ledger


def joined(ledgers: Iterable[Ledger]) -> Ledger:
    """The ledgers of several sites as one; no tank stands at two sites."""
    several = list(ledgers)
    return Ledger(
        lots={tank: lots for ledger in several for tank, lots in ledger.lots.items()},
        stock_taken={tank: at for ledger in several for tank, at in ledger.stock_taken.items()},
        opened={tank: at for ledger in several for tank, at in ledger.opened.items()},
        closed=tuple(c for ledger in several for c in ledger.closed),
        refused=tuple(r for ledger in several for r in ledger.refused),
        last=max((ledger.last for ledger in several if ledger.last is not None), default=None),
    )


def post(ledger: Ledger, entry: Entry, method: ShareMethod) -> tuple[Ledger, tuple[Part, ...]]:
    """The ledger after one more entry, later than all before it, and the parts that it moved; refused, or all of it."""
    ledger = replace(ledger, last=entry.order)
    if entry.kg == 0:
        return ledger, ()
    if entry.kind is EntryKind.OPENING:
        ledger = _opened(ledger, entry)
    why = _why_not(ledger, entry)
    if why is not None:
        return replace(ledger, refused=(*ledger.refused, Refused(entry=entry, why=why))), ()
    parts = _parts(ledger, entry, method)
    lots = dict(ledger.lots)
    for tank, sign, owner in _ends(entry):
        lots[tank] = _booked(lots.get(tank, ()), entry, parts, sign, owner)
    after = replace(ledger, lots=lots)
    if entry.kind in TAKES_STOCK:
        after = replace(after, stock_taken={**ledger.stock_taken, entry.tank_id: entry.at})
    return after, parts


def _opened(ledger: Ledger, entry: Entry) -> Ledger:
    """The first line of an opening puts the tank's earlier lots aside; the other lines of that moment add to it."""
    tank, before = entry.tank_id, ledger.lots.get(entry.tank_id, ())
    if ledger.opened.get(tank) == entry.at:
        return ledger
    aside = (Closed(tank_id=tank, at=entry.at, kg=sum(lot.kg for lot in before)),) if before else ()
    return replace(
        ledger,
        lots={**ledger.lots, tank: ()},
        opened={**ledger.opened, tank: entry.at},
        closed=(*ledger.closed, *aside),
    )


def _why_not(ledger: Ledger, entry: Entry) -> Refusal | None:
    here = ledger.lots.get(entry.tank_id)
    if here is None and entry.kind not in ADDS:
        return Refusal.UNKNOWN_TANK
    there = ledger.lots.get(entry.to_tank, ()) if entry.to_tank is not None else ()
    if any(lot.good != entry.good for lot in (*(here or ()), *there)):
        return Refusal.OTHER_GOOD
    if entry.kind in ADDS:
        return None
    had = sum(lot.kg for lot in _meant(here or (), entry))
    enough = had > 0 if entry.kind is EntryKind.GAIN else had >= entry.kg
    return None if enough else Refusal.NOT_ENOUGH


def _meant(lots: Sequence[Lot], entry: Entry) -> list[Lot]:
    """The lots of the tank that an entry speaks of."""
    return [x for x in lots if entry.owner in (None, x.owner) and entry.batch in (None, x.batch)]


def _parts(ledger: Ledger, entry: Entry, method: ShareMethod) -> tuple[Part, ...]:
    if entry.kind in ADDS:
        assert entry.owner is not None, "entries check it"
        return (Part(entry=entry, owner=entry.owner, batch=entry.batch, kg=entry.kg),)
    meant = _meant(ledger.lots[entry.tank_id], entry)
    measured = entry.owner is None or entry.kind in TAKES_STOCK
    divided = first_in if method is ShareMethod.FIRST_IN and not measured else pro_rata
    masses = divided(entry.kg, [lot.kg for lot in meant])
    return tuple(
        Part(entry=entry, owner=lot.owner, batch=lot.batch, kg=kg)
        for lot, kg in zip(meant, masses, strict=True)
        if kg > 0
    )


def _ends(entry: Entry) -> list[tuple[str, int, str | None]]:
    """Where the parts are booked: tank, sign, and the owner whom they belong to there (None: as before)."""
    match entry.kind:
        case EntryKind.OPENING | EntryKind.INBOUND | EntryKind.GAIN:
            return [(entry.tank_id, 1, None)]
        case EntryKind.OUTBOUND | EntryKind.LOSS:
            return [(entry.tank_id, -1, None)]
        case EntryKind.TRANSFER:
            assert entry.to_tank is not None, "entries check it"
            return [(entry.tank_id, -1, None), (entry.to_tank, 1, None)]
        case EntryKind.TITLE:
            return [(entry.tank_id, -1, None), (entry.tank_id, 1, entry.to_owner)]


def _booked(lots: Iterable[Lot], entry: Entry, parts: Iterable[Part], sign: int, owner: str | None) -> tuple[Lot, ...]:
    """The tank's lots with these parts in or out; what is added to a lot keeps the lot's own time."""
    held = {(lot.owner, lot.batch): lot for lot in lots}
    for part in parts:
        name = (owner or part.owner, part.batch)
        lot = held.get(name) or Lot(owner=name[0], batch=name[1], good=entry.good, kg=0, since=entry.at)
        held[name] = replace(lot, kg=lot.kg + sign * part.kg)
    return tuple(sorted((lot for lot in held.values() if lot.kg > 0), key=lambda lot: lot.order))
