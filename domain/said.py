"""What was born outside the files, as a fold of its events: statements, money, control-line notices, prices, proposals.

A contract's file is how it was written; ``contract_at`` is how it stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from domain import proposal
from domain.contract import Contract, ControlLineNotice
from domain.event import Event, parse_stamp
from domain.price_origin import ManualPrice
from domain.proposal import NOTICED, PRICED, PROPOSAL_EVENTS, Proposal
from domain.statement import PAID, STATED, Told, in_force

SAID_EVENTS = PROPOSAL_EVENTS | {STATED, PAID, NOTICED, PRICED}
"""Kinds of events that a start has to read again."""
NOTHING = Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardNotice:
    """A control-line notice and since when it is known: before that it held nobody to anything."""

    notice: ControlLineNotice
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """told and notices by contract id, prices by (lender, good), proposals by lender and then by id."""

    told: Mapping[str, Told] = field(default_factory=dict)
    notices: Mapping[str, tuple[HeardNotice, ...]] = field(default_factory=dict)
    prices: Mapping[tuple[str, str], tuple[ManualPrice, ...]] = field(default_factory=dict)
    proposals: Mapping[str, Mapping[str, Proposal]] = field(default_factory=dict)

    def after(self, events: Iterable[Event]) -> "Said":
        """With these events, in the order in which they were recorded; other kinds change nothing."""
        told, notices, prices = dict(self.told), dict(self.notices), dict(self.prices)
        proposals, of_loans = dict(self.proposals), dict[str, list[Event]]()
        for event in events:
            if event.kind in (STATED, PAID):
                of_loans.setdefault(event.body["contract"], []).append(event)
            elif event.kind == NOTICED:
                contract = event.body["contract"]
                notices[contract] = (*notices.get(contract, ()), _notice(event))
            elif event.kind == PRICED:
                price = proposal.manual_price_of(event)
                key = (event.tenant, price.good)
                prices[key] = (*prices.get(key, ()), price)
            elif event.kind in PROPOSAL_EVENTS:
                proposals[event.tenant] = proposal.fold(proposals.get(event.tenant, {}), [event])
        for contract, mine in of_loans.items():
            told[contract] = told.get(contract, NOTHING).after(mine)
        return Said(told=told, notices=notices, prices=prices, proposals=proposals)


def contract_at(contract: Contract, said: Said, at: datetime, *, known: datetime | None = None) -> Contract:
    """The contract as it stood at ``at`` by what was known at ``known`` (None: then): its exposure and its notices.

    The very same contract where nothing was said of it.
    """
    told, notices = said.told.get(contract.id), said.notices.get(contract.id)
    if told is not None:
        contract = replace(contract, exposure=in_force(contract.exposure, told, at, known=known))
    if notices:
        known = at if known is None else known
        heard = tuple(n.notice for n in notices if n.known_at <= known)
        contract = replace(contract, lines=replace(contract.lines, notices=(*contract.lines.notices, *heard)))
    return contract


def _notice(event: Event) -> HeardNotice:
    body = event.body
    notice = ControlLineNotice(
        no=body["no"], amount=Decimal(body["amount"]), effective_from=parse_stamp(body["effective_from"])
    )
    return HeardNotice(notice=notice, known_at=event.occurred_at)
