"""A decision that takes two people of the lender: one proposes, another confirms, within a day. Pure; nothing here sends.

``opened``, ``confirmed`` and ``withdrawn`` decide; ``fold`` applies. What a confirmed one brings about is an event of
its own kind, committed together with the confirmation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.errors import NotPermitted
from domain.event import Event, Json, parse_stamp, stamp
from domain.price_origin import ManualPrice
from domain.receipt.life import cancelled, split
from domain.receipt.receipt import ReceiptBook
from domain.statement import Payment, PaymentKind, payment_event

OPENED, CONFIRMED, WITHDRAWN = "proposal.opened", "proposal.confirmed", "proposal.withdrawn"
NOTICED, PRICED = "line.noticed", "price.set"
PROPOSAL_EVENTS = frozenset({OPENED, CONFIRMED, WITHDRAWN})
LASTS = timedelta(hours=24)


class ProposalKind(StrEnum):
    """What is proposed."""

    CONTROL_LINE = "control_line"  # {no, amount, effective_from}
    MANUAL_PRICE = "manual_price"  # {good, price, valid_for_h}
    PAYMENT = "payment"  # {amount, kind, at, case}; with a case {unpaid} too: what it still lacked then
    RECEIPT_SPLIT = "receipt_split"  # {no, good, in_pledge, parts, into: [{no, parts}]}; parts: kg by tank
    RECEIPT_CANCEL = "receipt_cancel"  # {no, good, parts, why}


RECEIPT_KINDS = frozenset({ProposalKind.RECEIPT_SPLIT, ProposalKind.RECEIPT_CANCEL})


class Standing(StrEnum):
    """How a proposal stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposal as its events tell it. body: JSON values as ``ProposalKind`` lists them. chat: where it was made."""

    id: str
    tenant: str
    contract_id: str
    kind: ProposalKind
    body: Json
    by: str
    at: datetime
    expires_at: datetime
    chat: str
    outcome: Standing | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None

    def standing(self, now: datetime) -> Standing:
        """Open until it is decided or its day is over."""
        if self.outcome is not None:
            return self.outcome
        return Standing.OPEN if now < self.expires_at else Standing.EXPIRED

    @property
    def case_id(self) -> str | None:
        """The case that its money is for."""
        return self.body["case"] if self.kind is ProposalKind.PAYMENT else None


def opened(
    *, number: str, tenant: str, contract_id: str, kind: ProposalKind, body: Json, by: str, chat: str, now: datetime
) -> Event:
    """The event of a person who proposes. The caller has checked the role. number: for example PR-20260312-01."""
    said: Json = {
        "proposal": number,
        "contract": contract_id,
        "kind": kind.value,
        "body": body,
        "chat": chat,
        "expires_at": stamp(now + LASTS),
    }
    return Event(tenant=tenant, kind=OPENED, v=1, occurred_at=now, actor=by, body=said)


def confirmed(proposal: Proposal, person: str, *, now: datetime, book: ReceiptBook | None = None) -> list[Event]:
    """The confirmation and what it brings about; nothing unless it is open. Raises NotPermitted for its own author.

    book: the lender's receipts as they stand, for what is about one. Raises ReceiptError where its life has gone on since.
    """
    if proposal.standing(now) is not Standing.OPEN:
        return []
    if person == proposal.by:
        raise NotPermitted(f"{person!r} has made {proposal.id} and cannot confirm it: another person of the lender can")
    said = Event(
        tenant=proposal.tenant,
        kind=CONFIRMED,
        v=1,
        occurred_at=now,
        actor=person,
        body={"proposal": proposal.id, "proposed_by": proposal.by},
    )
    return [said, effect(proposal, person, now, book)]


def withdrawn(proposal: Proposal, person: str, *, now: datetime) -> list[Event]:
    """The event of its author, who takes it back, or of a colleague, who refuses it; nothing unless it is open."""
    if proposal.standing(now) is not Standing.OPEN:
        return []
    body = {"proposal": proposal.id, "proposed_by": proposal.by}
    return [Event(tenant=proposal.tenant, kind=WITHDRAWN, v=1, occurred_at=now, actor=person, body=body)]


def fold(known: Mapping[str, Proposal], events: Iterable[Event]) -> dict[str, Proposal]:
    """A lender's proposals by id after these events; those of other kinds change nothing."""
    found = dict(known)
    for event in events:
        if event.kind == OPENED:
            found[event.body["proposal"]] = _born(event)
        elif event.kind in (CONFIRMED, WITHDRAWN):
            before = found[event.body["proposal"]]
            found[before.id] = replace(
                before,
                outcome=Standing(event.kind.removeprefix("proposal.")),
                decided_by=event.actor,
                decided_at=event.occurred_at,
            )
    return found


def _born(event: Event) -> Proposal:
    body = event.body
    return Proposal(
        id=body["proposal"],
        tenant=event.tenant,
        contract_id=body["contract"],
        kind=ProposalKind(body["kind"]),
        body=body["body"],
        by=event.actor,
        at=event.occurred_at,
        expires_at=parse_stamp(body["expires_at"]),
        chat=body["chat"],
    )


def awaiting(proposals: Iterable[Proposal], case_id: str, now: datetime) -> Proposal | None:
    """The money for this case on which a second person has still to decide; there is one at most."""
    mine = (p for p in proposals if p.case_id == case_id)
    return next((p for p in mine if p.standing(now) is Standing.OPEN), None)


def effect(proposal: Proposal, person: str, now: datetime, book: ReceiptBook | None = None) -> Event:
    """What would hold from now on. Its author is who confirmed it; who proposed it is named. Raises ReceiptError."""
    receipts = book if book is not None else ReceiptBook(lender=proposal.tenant)
    match proposal.kind:
        case ProposalKind.CONTROL_LINE:
            return _event(proposal, NOTICED, person, now, {"contract": proposal.contract_id, **proposal.body})
        case ProposalKind.MANUAL_PRICE:
            until = now + timedelta(hours=proposal.body["valid_for_h"])
            said = {k: proposal.body[k] for k in ("good", "price")}
            return _event(
                proposal, PRICED, person, now, {"contract": proposal.contract_id, **said, "until": stamp(until)}
            )
        case ProposalKind.PAYMENT:
            payment = Payment(
                contract_id=proposal.contract_id,
                amount=Decimal(proposal.body["amount"]),
                at=parse_stamp(proposal.body["at"]),
                kind=PaymentKind(proposal.body["kind"]),
                by=person,
                known_at=now,
                case=proposal.body["case"],
            )
            return payment_event(proposal.tenant, payment, proposed_by=proposal.by, proposal=proposal.id)
        case ProposalKind.RECEIPT_SPLIT:
            into = {child["no"]: child["parts"] for child in proposal.body["into"]}
            (event,) = split(receipts, proposal.body["no"], into, person, now)
            return _named(event, proposal)
        case ProposalKind.RECEIPT_CANCEL:
            (event,) = cancelled(receipts, proposal.body["no"], proposal.body["why"], person, now)
            return _named(event, proposal)


def _named(event: Event, proposal: Proposal) -> Event:
    return replace(event, body={**event.body, "proposed_by": proposal.by, "proposal": proposal.id})


def _event(proposal: Proposal, kind: str, person: str, now: datetime, body: Json) -> Event:
    said = {**body, "by": person, "proposed_by": proposal.by, "proposal": proposal.id}
    return Event(tenant=proposal.tenant, kind=kind, v=1, occurred_at=now, actor=person, body=said)


def manual_price_of(event: Event) -> ManualPrice:
    """What a ``price.set`` says."""
    body = event.body
    return ManualPrice(
        good=body["good"],
        cny_t=Decimal(body["price"]),
        at=event.occurred_at,
        until=parse_stamp(body["until"]),
        proposed_by=body["proposed_by"],
        by=event.actor,
    )
