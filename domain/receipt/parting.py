"""Splits as a register's extract tells them: new numbers that name the number before. Pure, and told twice changes nothing.

The extract has the number before with nothing in pledge, which alone would read as a release: whoever follows an extract
looks for the splits first, and leaves that row alone where its split could not be followed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.contract import Contract
from domain.errors import ReceiptError
from domain.event import Event
from domain.receipt.fold import fold
from domain.receipt.life import opened, split
from domain.receipt.receipt import ReceiptBook, Standing, State
from domain.receipt.register import Registered


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What one number was split into, all of one contract. before: that number's own rows, if the extract has them."""

    no: str
    contract_id: str
    parts: tuple[Registered, ...]
    before: Registered | None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The number before and the new ones."""
        return (self.no, *(p.receipt.no for p in self.parts))


def families(said: Sequence[Registered]) -> list[Family]:
    """Every split that the extract tells of; one of a number that is a part itself comes after the one that made it."""
    rows = {(s.contract_id, s.receipt.no): s for s in said}
    parts: dict[tuple[str, str], list[Registered]] = {}
    for one in said:
        if one.receipt.split_from is not None:
            parts.setdefault((one.contract_id, one.receipt.split_from), []).append(one)
    ordered = sorted(parts, key=lambda key: _generation(key, rows))
    return [Family(contract_id=c, no=no, parts=tuple(parts[c, no]), before=rows.get((c, no))) for c, no in ordered]


def _generation(key: tuple[str, str], rows: Mapping[tuple[str, str], Registered]) -> int:
    """How many splits lie before this number in the extract; a circle ends, and is refused as unknown."""
    seen: set[str] = set()
    contract, no = key
    while no not in seen and (row := rows.get((contract, no))) is not None and row.receipt.split_from is not None:
        seen.add(no)
        no = row.receipt.split_from
    return len(seen)


def parted(
    book: ReceiptBook, contract: Contract, family: Family, asked: Collection[str], by: str, now: datetime
) -> list[Event]:
    """The split, of a number that is opened first where only the extract knows it; nothing where it is known.

    asked: numbers under which an open case asks for goods. Raises ReceiptError where it cannot be followed whole.
    """
    no, events = family.no, list[Event]()
    if no in book and book[no].state is State.SPLIT:
        _check_known(book, family)
        return []
    before = family.before
    if before is not None and before.in_pledge:
        raise ReceiptError(f"receipt {no!r} is split and still in pledge in the same file", code="split")
    if no not in book and before is not None and before.receipt.split_from is None:
        events = opened(book, before.receipt, contract, by, now)
        book = fold(book, events)
    if no in book:
        _check_same(book[no], family)
    if no in asked:
        raise ReceiptError(f"receipt {no!r} is split while a case is open under it", code="case")
    return [*events, *split(book, no, {p.receipt.no: p.receipt.parts for p in family.parts}, by, now)]


def _check_known(book: ReceiptBook, family: Family) -> None:
    """The chain has split it into these and no others that are given now."""
    parts = sorted(s.receipt.no for s in book.values() if s.receipt.split_from == family.no)
    strange = sorted(set(family.numbers[1:]) - set(parts))
    if strange:
        raise ReceiptError(
            f"receipt {family.no!r} was split into {parts} already, {strange} not among them", code="split"
        )


def _check_same(was: Standing, family: Family) -> None:
    """The parts are of the same batch: owner, good, depot and contract do not change by a split."""
    if was.contract_id not in (None, family.contract_id):
        raise ReceiptError(f"receipt {family.no!r} belongs to contract {was.contract_id!r}, not {family.contract_id!r}")
    ours = (was.receipt.owner, was.receipt.good, was.receipt.issuer)
    for part in family.parts:
        theirs = (part.receipt.owner, part.receipt.good, part.receipt.issuer)
        if theirs != ours:
            raise ReceiptError(f"receipt {part.receipt.no!r} is of {theirs}, {family.no!r} before it of {ours}")
