"""What may happen to a receipt, as events: pure decisions on the lender's book as it stands.

The caller has checked who the person is. Numbers are never reused, kilograms are conserved per tank, and what was
released, cancelled or split is never pledged again: ReceiptError says which of it was tried.
"""

from collections.abc import Mapping
from datetime import date, datetime

from domain.contract import Contract
from domain.errors import ReceiptError
from domain.event import Event, Json
from domain.receipt.receipt import Receipt, ReceiptBook, Standing, State


def opened(book: ReceiptBook, receipt: Receipt, contract: Contract, by: str, now: datetime) -> list[Event]:
    """A receipt that the depot has issued, written to a contract and not yet pledged.

    Raises ReceiptError for a number known already, no kg, or an end before its issue.
    """
    if receipt.no in book:
        raise _reused(book, receipt.no)
    _check_parts(receipt.no, receipt.parts)
    if receipt.expires_on is not None and receipt.expires_on < receipt.issued_on:
        raise ReceiptError(f"receipt {receipt.no!r} expires on {receipt.expires_on}, before its issue")
    body: Json = {
        "no": receipt.no,
        "contract": contract.id,
        "issuer": receipt.issuer,
        "owner": receipt.owner,
        "good": receipt.good,
        "parts": dict(receipt.parts),
        "issued_on": receipt.issued_on.isoformat(),
        "expires_on": receipt.expires_on.isoformat() if receipt.expires_on is not None else None,
        "split_from": receipt.split_from,
    }
    return [_event(book, "receipt.opened", body, by, now)]


def pledged(book: ReceiptBook, no: str, contract: Contract, by: str, now: datetime) -> list[Event]:
    """The receipt is pledged to this contract, whole.

    Raises ReceiptError unless it is open and good, and every tank of it is pledged there for the same owner.
    """
    was = _known(book, no)
    if was.state.live:
        raise ReceiptError(f"receipt {no!r} is pledged already, to contract {was.contract_id!r}")
    if was.state is not State.OPEN:
        raise ReceiptError(f"receipt {no!r} is {was.state}: that number is never pledged again")
    if was.receipt.expired(now):
        raise ReceiptError(f"receipt {no!r} expired on {was.receipt.expires_on}: extend it first")
    if contract.lender != book.lender or contract.receipts is None:
        raise ReceiptError(f"contract {contract.id!r} takes no receipts of {book.lender!r}")
    places = {p.tank_id for p in contract.pledged if p.owner == was.receipt.owner}
    strange = sorted(was.receipt.parts.keys() - places)
    if strange:
        raise ReceiptError(f"receipt {no!r}: {strange} not pledged under {contract.id!r} for {was.receipt.owner!r}")
    return [_event(book, "receipt.pledged", {"no": no, "contract": contract.id}, by, now)]


def released(
    book: ReceiptBook, no: str, parts: Mapping[str, int], case: str | None, by: str, now: datetime
) -> list[Event]:
    """So many kg by tank leave the pledge; the rest stays under the same number. case: the case that released it.

    Raises ReceiptError unless it is in pledge and holds so much in each of these tanks.
    """
    was = _live(book, no)
    _check_parts(no, parts)
    for tank, kg in parts.items():
        if kg > was.pledged.get(tank, 0):
            raise ReceiptError(f"receipt {no!r}: {kg} kg of {tank!r} to release, {was.pledged.get(tank, 0)} kg pledged")
    left = {tank: kg - parts.get(tank, 0) for tank, kg in was.pledged.items() if kg > parts.get(tank, 0)}
    body: Json = {"no": no, "parts": dict(parts), "case": case, "left": left}
    return [_event(book, "receipt.released", body, by, now)]


def split(book: ReceiptBook, no: str, into: Mapping[str, Mapping[str, int]], by: str, now: datetime) -> list[Event]:
    """The receipt goes on as several: new number → kg by tank. What is pledged stays so, under the new numbers.

    Raises ReceiptError unless there are two or more new numbers, and the kg of every tank are those it holds now.
    """
    was = _usable(book, no)
    if len(into) < 2:
        raise ReceiptError(f"receipt {no!r}: a split needs two new numbers or more, {len(into)} given", code="few")
    for child, parts in into.items():
        if child in book:
            raise _reused(book, child)
        _check_parts(child, parts)
    held = was.pledged if was.state.live else was.receipt.parts
    given: dict[str, int] = {}
    for parts in into.values():
        for tank, kg in parts.items():
            given[tank] = given.get(tank, 0) + kg
    if given != dict(held):
        raise ReceiptError(
            f"receipt {no!r} holds {dict(held)} kg, split into {given} kg: they must be the same", code="sum"
        )
    rows = [{"no": child, "parts": dict(parts)} for child, parts in into.items()]
    return [_event(book, "receipt.split", {"no": no, "into": rows}, by, now)]


def cancelled(book: ReceiptBook, no: str, why: str, by: str, now: datetime) -> list[Event]:
    """A receipt that was never pledged is void. Raises ReceiptError for any other: what is pledged is released first."""
    was = _known(book, no)
    if was.state.live:
        raise ReceiptError(
            f"receipt {no!r} is {was.state} to contract {was.contract_id!r}, {was.left_kg} kg: only an open one can be"
            f" cancelled, {book.lender!r} releases it first",
            code="pledged",
        )
    _usable(book, no)
    return [_event(book, "receipt.cancelled", {"no": no, "why": why}, by, now)]


def extended(book: ReceiptBook, no: str, expires_on: date, by: str, now: datetime) -> list[Event]:
    """The depot has extended it. Raises ReceiptError unless it is open or pledged and the day is later than its last."""
    was = _usable(book, no)
    before = was.receipt.expires_on or was.receipt.issued_on
    if expires_on <= before:
        raise ReceiptError(f"receipt {no!r}: {expires_on} is not later than {before}")
    return [_event(book, "receipt.extended", {"no": no, "expires_on": expires_on.isoformat()}, by, now)]


def _known(book: ReceiptBook, no: str) -> Standing:
    was = book.get(no)
    if was is None:
        raise ReceiptError(f"receipt {no!r} is unknown", code="unknown")
    return was


def _live(book: ReceiptBook, no: str) -> Standing:
    was = _known(book, no)
    if not was.state.live:
        raise ReceiptError(f"receipt {no!r} is {was.state}, not pledged")
    return was


def _usable(book: ReceiptBook, no: str) -> Standing:
    was = _known(book, no)
    if was.state.over:
        raise ReceiptError(f"receipt {no!r} is {was.state}: nothing can happen to that number any more", code="over")
    return was


def _reused(book: ReceiptBook, no: str) -> ReceiptError:
    return ReceiptError(f"receipt {no!r} is known already ({book[no].state}): numbers are not reused", code="known")


def _check_parts(no: str, parts: Mapping[str, int]) -> None:
    bad = {tank: kg for tank, kg in parts.items() if kg <= 0}
    if bad or not parts:
        raise ReceiptError(f"receipt {no!r}: {bad or 'no tank'}, kg above 0 in at least one tank are needed")


def _event(book: ReceiptBook, kind: str, body: Json, by: str, now: datetime) -> Event:
    return Event(tenant=book.lender, kind=kind, v=1, occurred_at=now, actor=by, body=body)
