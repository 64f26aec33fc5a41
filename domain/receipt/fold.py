"""A lender's receipts from its events. Nothing here decides: what is folded was decided once (``life.py``)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from domain.errors import ReceiptError
from domain.event import Event, Json
from domain.receipt.receipt import Receipt, ReceiptBook, Standing, State

RECEIPT_EVENTS = frozenset(
    {
        "receipt.opened",
        "receipt.pledged",
        "receipt.released",
        "receipt.split",
        "receipt.cancelled",
        "receipt.extended",
    }
)


def fold(book: ReceiptBook, events: Iterable[Event]) -> ReceiptBook:
    """The book after these events of its lender, others' kinds left out. Raises ReceiptError where a number is unknown."""
    standings = dict(book.standings)
    for event in events:
        if event.kind in RECEIPT_EVENTS:
            standings.update({s.receipt.no: s for s in _changed(standings, event)})
    return ReceiptBook(lender=book.lender, standings=standings)


def _changed(standings: Mapping[str, Standing], event: Event) -> list[Standing]:
    """The receipts that one event changes or makes, as they then are."""
    body, at = event.body, event.occurred_at
    if event.kind == "receipt.opened":
        return [replace(_opened(body), changed_at=at)]
    was = standings.get(body["no"])
    if was is None:
        raise ReceiptError(f"{event.kind} before receipt.opened: {body['no']!r}")
    match event.kind:
        case "receipt.pledged":
            pledged = dict(was.receipt.parts)
            now = replace(was, state=State.PLEDGED, pledged=pledged, contract_id=body["contract"])
            return [replace(now, pledged_at=at, changed_at=at)]
        case "receipt.released":
            left = _kg(body["left"])
            state = State.PARTLY_RELEASED if left else State.RELEASED
            return [replace(was, state=state, pledged=left, changed_at=at)]
        case "receipt.split":
            gone = replace(was, state=State.SPLIT, pledged={}, changed_at=at)
            return [gone, *(replace(c, changed_at=at) for c in _children(was, body["into"]))]
        case "receipt.cancelled":
            return [replace(was, state=State.CANCELLED, pledged={}, changed_at=at)]
        case "receipt.extended":
            extended = replace(was.receipt, expires_on=date.fromisoformat(body["expires_on"]))
            return [replace(was, receipt=extended)]
        case _:
            raise ReceiptError(f"{event.kind!r} is no event of a receipt")


def _opened(body: Json) -> Standing:
    receipt = Receipt(
        no=body["no"],
        issuer=body["issuer"],
        owner=body["owner"],
        good=body["good"],
        parts=_kg(body["parts"]),
        issued_on=date.fromisoformat(body["issued_on"]),
        expires_on=date.fromisoformat(body["expires_on"]) if body["expires_on"] is not None else None,
        split_from=body["split_from"],
    )
    return Standing(receipt=receipt, state=State.OPEN, pledged={}, contract_id=body["contract"])


def _children(was: Standing, into: list[Json]) -> list[Standing]:
    """What a receipt was split into: pledged where it was pledged, for as long, from the same hand."""
    made: list[Standing] = []
    for child in into:
        receipt = replace(was.receipt, no=child["no"], parts=_kg(child["parts"]), split_from=was.receipt.no)
        live = was.state.live
        made.append(
            Standing(
                receipt=receipt,
                state=State.PLEDGED if live else State.OPEN,
                pledged=dict(receipt.parts) if live else {},
                contract_id=was.contract_id,
                pledged_at=was.pledged_at,
            )
        )
    return made


def _kg(parts: Mapping[str, int]) -> dict[str, int]:
    return {tank: int(kg) for tank, kg in parts.items()}
