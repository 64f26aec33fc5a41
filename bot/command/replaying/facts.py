"""What the ledger knew, for a replay: said of the loan and of prices, receipts, cases, and how people answered alarms.

Read once, in the order in which it was recorded. What people decided is taken as they decided it; nothing is decided here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from datasources.workspace import Workspace
from domain.case.fold import CASE_EVENTS
from domain.contract import AlertKind, Contract
from domain.event import Event, Recorded, parse_stamp
from domain.proposal import NOTICED, PRICED
from domain.receipt.fold import RECEIPT_EVENTS
from domain.statement import PAID, STATED
from store.ledger import Ledger

JUDGED = "price.judged"
SAID = frozenset({STATED, PAID, NOTICED, PRICED})
ALARMS = frozenset({"alarm.raised", "alarm.returned", "alarm.renewed", "alarm.acknowledged", "alarm.closed"})
WANTED = SAID | CASE_EVENTS | RECEIPT_EVENTS | ALARMS | {JUDGED}
OWN_TIME = {STATED: "as_of", PAID: "at"}
"""What is told of a moment of its own: as known now it counts from that moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One event and from when it counts. about: of a person's answer, the kind and subject of the alarm; None: no answer."""

    at: datetime
    event: Event
    about: tuple[AlertKind, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """before: what counted when the replay begins. coming: the rest up to its end. Both in the order in which it counts.

    verdicts: on prices, from before the beginning. chained: receipts (lender, number) that the chain ever knows. open:
    alarms of the contract that were open at the beginning. kept: there is a ledger.
    """

    before: tuple[Fact, ...] = ()
    coming: tuple[Fact, ...] = ()
    verdicts: tuple[Event, ...] = ()
    chained: frozenset[tuple[str, str]] = frozenset()
    open: int = 0
    kept: bool = False

    def without(self, *kinds: str) -> Self:
        """Leaving out events of these kinds; with JUDGED the verdicts too."""
        return replace(
            self,
            before=tuple(f for f in self.before if f.event.kind not in kinds),
            coming=tuple(f for f in self.coming if f.event.kind not in kinds),
            verdicts=() if JUDGED in kinds else self.verdicts,
        )

    def unconfirmed(self) -> Self:
        """Without people's words on prices after the beginning: what they let in before stands."""
        return replace(self, coming=tuple(f for f in self.coming if f.event.kind != JUDGED))

    def every(self) -> Iterator[Fact]:
        """All that counts by the end."""
        yield from self.before
        yield from self.coming


def facts_of(
    ledger: Ledger, workspace: Workspace, contract: Contract, start: datetime, end: datetime, *, known_then: bool
) -> Facts:
    """What concerns this contract. workspace: the replay's, whose lenders' receipts can touch it.

    known_then: a thing counts once it was recorded; else a statement counts from when it speaks of, and money from
    when it came, whenever that was told.
    """
    recorded = [r for r in ledger.events(kinds=WANTED) if r.recorded_at <= end or not known_then]
    lenders = {c.lender for c in workspace.contracts.values()}
    mine = list(_concerning(recorded, contract, lenders))
    if not known_then:
        mine = list(_corrected(mine))
    facts = sorted((f for f in mine if f.at <= end), key=lambda f: f.at)
    return Facts(
        before=tuple(f for f in facts if f.at <= start),
        coming=tuple(f for f in facts if f.at > start),
        verdicts=tuple(r.event for r in recorded if r.event.kind == JUDGED and r.recorded_at <= start),
        chained=frozenset((r.event.tenant, no) for r in recorded for no in _numbers(r.event)),
        open=_open(recorded, contract, start),
        kept=True,
    )


def _concerning(recorded: Iterable[Recorded], contract: Contract, lenders: set[str]) -> Iterator[Fact]:
    cases: set[tuple[str, str]] = set()
    alarms: dict[tuple[str, str], tuple[AlertKind, str]] = {}
    for r in recorded:
        event, body = r.event, r.event.body
        own = event.tenant == contract.lender
        if event.kind in RECEIPT_EVENTS and event.tenant in lenders:
            signed = event.actor == "system" and event.kind in ("receipt.opened", "receipt.pledged")
            yield Fact(at=event.occurred_at if signed else r.recorded_at, event=event)
        elif event.kind in SAID and own and (event.kind == PRICED or body["contract"] == contract.id):
            yield Fact(at=r.recorded_at, event=event)
        elif event.kind in CASE_EVENTS:
            key = (event.tenant, body["case"])
            if body.get("contract") == contract.id:
                cases.add(key)
            if key in cases:
                yield Fact(at=r.recorded_at, event=event)
        elif event.kind == JUDGED and own and body["verdict"] in ("taken", "refused"):
            yield Fact(at=r.recorded_at, event=event)
        elif event.kind == "alarm.raised" and body["contract"] == contract.id:
            alarms[event.tenant, body["alarm"]] = (AlertKind(body["kind"]), body["subject"])
        elif event.kind in ("alarm.acknowledged", "alarm.closed") and event.actor != "system":
            about = alarms.get((event.tenant, body["alarm"]))
            if about is not None:
                yield Fact(at=r.recorded_at, event=event, about=about)


def _corrected(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Statements and money at the moments that they speak of; of two statements of one moment only the later."""
    last: dict[datetime, Event] = {}
    every = list(facts)
    for fact in every:
        if fact.event.kind == STATED:
            last[parse_stamp(fact.event.body["as_of"])] = fact.event
    for fact in every:
        time = OWN_TIME.get(fact.event.kind)
        if time is None:
            yield fact
            continue
        at = parse_stamp(fact.event.body[time])
        if fact.event.kind != STATED or last[at] is fact.event:
            yield Fact(at=at, event=replace(fact.event, occurred_at=at))


def _numbers(event: Event) -> list[str]:
    if event.kind not in RECEIPT_EVENTS:
        return []
    return [event.body["no"], *(child["no"] for child in event.body.get("into", ()))]


def _open(recorded: Iterable[Recorded], contract: Contract, start: datetime) -> int:
    """How many alarms of the contract stood at the beginning."""
    active: dict[str, bool] = {}
    for r in recorded:
        event = r.event
        if r.recorded_at >= start or event.kind not in ALARMS or event.tenant != contract.lender:
            continue
        number = event.body["alarm"]
        if event.kind == "alarm.raised" and event.body["contract"] == contract.id:
            active[number] = True
        elif number in active and event.kind != "alarm.acknowledged":
            active[number] = event.kind == "alarm.renewed"
    return sum(active.values())
