"""A depot's or registry's extract (仓单登记) against what the chain knows: the events by which the chain follows it.

An extract says of each receipt how much it was issued for, how much of it is in pledge today, and whether the depot has
cancelled it. Saying it again changes nothing. What it cannot do is give back: a number that was released does not return
to pledge. Splits come before (``parting.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.contract import Contract
from domain.errors import ReceiptError
from domain.event import Event
from domain.receipt.fold import fold
from domain.receipt.life import cancelled, extended, opened, pledged, released
from domain.receipt.receipt import Receipt, ReceiptBook, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One receipt as the extract has it. in_pledge: kg by tank that is pledged today; tanks with none are left out.

    cancelled_on: the day (China) on which the depot has cancelled it; None: it has not.
    """

    contract_id: str
    receipt: Receipt
    in_pledge: Mapping[str, int]
    cancelled_on: date | None = None


def followed(book: ReceiptBook, contract: Contract, said: Registered, by: str, now: datetime) -> list[Event]:
    """What must have happened since the chain last knew of it; nothing where it says what the chain says.

    Raises ReceiptError where the two cannot both be right: other kg at issue, more in pledge than the chain has left, or
    cancelled while the chain has it in pledge.
    """
    no, events = said.receipt.no, list[Event]()
    if no not in book:
        events += opened(book, said.receipt, contract, by, now)
        book = fold(book, events)
    known = book[no]
    _check_same(known, said)
    if said.cancelled_on is not None:
        why = f"register {said.cancelled_on.isoformat()}"
        return events if known.state.over else [*events, *cancelled(book, no, why, by, now)]
    if _later(said.receipt, known) and not known.state.over:
        events += extended(book, no, said.receipt.expires_on or said.receipt.issued_on, by, now)
        book = fold(book, events[-1:])
    if not known.state.live and not known.state.over and said.in_pledge:
        events += pledged(book, no, contract, by, now)
        book = fold(book, events[-1:])
    return [*events, *_let_go(book, said, by, now)]


def _check_same(known: Standing, said: Registered) -> None:
    theirs, ours = said.receipt, known.receipt
    if (theirs.owner, theirs.good, dict(theirs.parts)) != (ours.owner, ours.good, dict(ours.parts)):
        raise ReceiptError(f"receipt {ours.no!r} was issued for {dict(ours.parts)} kg of {ours.good!r}, not so")
    if known.contract_id not in (None, said.contract_id):
        raise ReceiptError(f"receipt {ours.no!r} belongs to contract {known.contract_id!r}, not {said.contract_id!r}")


def _later(said: Receipt, known: Standing) -> bool:
    end = known.receipt.expires_on
    return said.expires_on is not None and (end is None or said.expires_on > end)


def _let_go(book: ReceiptBook, said: Registered, by: str, now: datetime) -> list[Event]:
    """What is pledged by the chain and no longer by the extract is released."""
    no = said.receipt.no
    held = book[no].pledged
    for tank, kg in said.in_pledge.items():
        if kg > held.get(tank, 0):
            raise ReceiptError(
                f"receipt {no!r}: {kg} kg of {tank!r} in pledge, the chain has {held.get(tank, 0)} kg left"
            )
    gone = {tank: kg - said.in_pledge.get(tank, 0) for tank, kg in held.items() if kg > said.in_pledge.get(tank, 0)}
    return released(book, no, gone, None, by, now) if gone else []
