"""One workspace on a stage: the live house, judging and pricing, fed by hand, moment by moment.

No rule, no order of rules and no alarm's life is repeated here: a replay is evidence because it runs the same parts.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.claimants import Claimants
from bot.closing import accept
from bot.command.replaying.scratch import NoticeTaker, ScratchMemory, SetClock
from bot.house import House
from bot.judging import Judging
from bot.naming import WorkspaceNames
from bot.pricing import Pricing, replay
from bot.words import Words
from datasources.workspace import Workspace
from domain.alarm import Alarm, Answer, Condition, acknowledge, close
from domain.case.fold import CASE_EVENTS, fold
from domain.contract import AlertKind, Contract, Line, Severity
from domain.delivery import Timing
from domain.errors import AlarmError, SourceMalformed
from domain.event import Event, Json
from domain.farm import Readings
from domain.movement import BookRow, Feed
from domain.ownership.entry import Entry
from domain.ownership.journal import Journal
from domain.people import LENDER_ROLES, Person
from domain.price import PriceQuote
from domain.said import SAID_EVENTS
from domain.scene import DepotPapers

STEPS = frozenset({"raised", "changed", "renewed", "returned", "closed"})
"""Of an alarm's life, what a replay tells: not that people answered, and no reminder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One step of an alarm's life as it would have been told.

    step: raised, changed, renewed, returned or closed. line: none where the alarm is not about one. Amounts in CNY as
    judged at that moment. mentions: person ids in the contract's order.
    """

    at: datetime
    contract_id: str
    alarm_id: str
    kind: AlertKind
    subject: str
    severity: Severity
    step: str
    active: bool
    line: Line | None
    value_cny: Decimal | None
    exposure_cny: Decimal | None
    ltv: Decimal | None
    mentions: tuple[str, ...]
    facts: Json


class Stage:
    """The live parts on a clock that is set. Use ``at`` before every act of a moment."""

    def __init__(self, workspace: Workspace, start: datetime) -> None:
        """Nothing is read and no price is known at ``start``."""
        words = Words(WorkspaceNames(workspace))
        self.house = House(workspace)
        self._clock = SetClock(start)
        self._memory = ScratchMemory()
        self._notices = NoticeTaker(words, workspace.roster)
        self._judging = Judging(self.house, self._memory, self._notices, self._clock, asyncio.Event())
        self._pricing = Pricing(self.house, self._judging, self._memory, words, self._clock)
        self._told = 0

    def at(self, moment: datetime) -> None:
        """It is now this moment; time never goes back."""
        self._clock.at = moment

    def read(self, readings: Readings) -> None:
        """A poll's readings."""
        if len(readings.rows):
            self.house.take(readings)

    def book(self, site_id: str, feed: Feed[BookRow]) -> None:
        """A site's book."""
        self.house.take_book(site_id, feed)

    def ledger(self, site_id: str, entries: Iterable[Entry], at: datetime) -> None:
        """A site's ownership ledger, in place of the one before."""
        self.house.take_journal(site_id, Journal().heard(entries, at), at)

    def titles(self, site_id: str, words: Iterable[Entry], at: datetime) -> None:
        """Words on a site's ownership ledger; those dated ahead of ``at`` wait for their time."""
        self.house.take_journal(site_id, self.house.journals[site_id].heard(words, at), None)

    def recorded(self, events: Sequence[Event]) -> None:
        """What was once committed, in its order: said, receipts, cases, words on prices. Nothing is decided anew."""
        said = [e for e in events if e.kind in SAID_EVENTS]
        if said:
            self.house.hear(said)
        self.house.take_receipts(events)
        for event in (e for e in events if e.kind in CASE_EVENTS):
            known = self.house.cases.get((event.tenant, event.body["case"]))
            self.house.put_cases([fold(known, [event])])
        replay(self.house, (e for e in events if e.kind == "price.judged"))

    async def answered(self, contract_id: str, about: tuple[AlertKind, str], event: Event) -> bool:
        """A person answers or closes the open alarm about this, as they did then; False where there is none.

        Nor does an answer count of somebody whom today's contract does not oblige.
        """
        alarm = self._about(contract_id, *about)
        if alarm is None:
            return False
        now = self._clock.now()

        def decide(current: Alarm) -> list[Event]:
            if event.kind == "alarm.closed":
                return close(current, event.actor, event.body["reason"], now=now)
            said, via = Answer(event.body["answer"]), event.body["via"]
            return acknowledge(current, event.actor, said, self.house.workspace.roster, via=via, now=now)

        try:
            await self._judging.apply(alarm, decide, seen=("replay", f"{alarm.id}:{alarm.revision}"))
        except AlarmError:
            return False
        if event.kind == "alarm.closed":
            accept(self.house, contract_id, alarm.kind, alarm.subject, now)
        return True

    def _about(self, contract_id: str, kind: AlertKind, subject: str) -> Alarm | None:
        """Of prices that fell together the moment is no part of the name: a replay may see it a little later."""
        mine = [a for a in self.house.open_alarms(contract_id).values() if a.kind is kind]
        alike = [a for a in mine if a.subject.partition("@")[0] == subject.partition("@")[0]]
        return next((a for a in alike if a.subject == subject), alike[0] if len(alike) == 1 else None)

    def papers(self, papers: Mapping[str, DepotPapers]) -> None:
        """Work orders and release notices by site, in place of those before."""
        self.house.papers = {**self.house.papers, **papers}

    def contract(self, contract: Contract) -> None:
        """The contract as it is from now on, in place of the one of the same id."""
        workspace = self.house.workspace
        self.house.workspace = replace(workspace, contracts={**workspace.contracts, contract.id: contract})

    async def quote(self, quotes: Iterable[PriceQuote]) -> None:
        """Publications that have just arrived, oldest first; judged as the live bot judges them."""
        await self._pricing.take(quotes)

    async def judge(self, contract_ids: Iterable[str]) -> None:
        """Judge these contracts on what is known now."""
        await self._judging.judge([self.house.workspace.contracts[c] for c in contract_ids], Timing())

    def strange_prices(self, contract_id: str) -> list[Alarm]:
        """Active alarms about a price that waits for a second source or a person."""
        mine = self.house.open_alarms(contract_id).values()
        return [a for a in mine if a.kind is AlertKind.PRICE_OUTLIER and a.condition is Condition.ACTIVE]

    async def confirm(self, alarm: Alarm) -> None:
        """A person of the lender lets the strange price in, as by the button of that alarm."""
        person = lender_person(self.house.workspace, alarm.contract_id)
        await self._pricing.decide(alarm, person, taken=True, seen=("replay", f"{alarm.id}:{alarm.revision}"))

    def happened(self) -> list[Happening]:
        """What has become of alarms since this was last asked, in order."""
        new, self._told = self._memory.events[self._told :], len(self._memory.events)
        return [self._happening(e) for e in new if e.kind.removeprefix("alarm.") in STEPS]

    def _happening(self, event: Event) -> Happening:
        alarm = self.house.alarms[event.tenant, event.body["alarm"]]
        facts = event.body.get("facts", {})
        position = self.house.projects[alarm.contract_id].position
        known = position if position is not None and position.known else None
        step = event.kind.removeprefix("alarm.")
        return Happening(
            at=event.occurred_at,
            contract_id=alarm.contract_id,
            alarm_id=alarm.id,
            kind=alarm.kind,
            subject=alarm.subject,
            severity=Severity(event.body.get("severity", alarm.severity)),
            step=step,
            active=step not in ("returned", "closed"),
            line=Line(facts["line"]) if facts.get("line") in set(Line) else None,
            value_cny=known.recognised if known is not None else None,
            exposure_cny=known.exposure if known is not None else None,
            ltv=known.ltv if known is not None else None,
            mentions=tuple(self._notices.mentions.get((alarm.tenant, alarm.id, event.body["revision"]), ())),
            facts=facts,
        )


def alone(workspace: Workspace, contract: Contract) -> Workspace:
    """The workspace with this contract only, where no other's claims can touch its own: nobody else need be judged."""
    if Claimants.of(workspace.contracts.values()).tanks_of(contract):
        return workspace
    return replace(workspace, contracts={contract.id: contract})


def lender_person(workspace: Workspace, contract_id: str) -> Person:
    """The first person of the contract's lender. Raises SourceMalformed where people.yaml names none."""
    lender = workspace.contracts[contract_id].lender
    for person in workspace.roster.people.values():
        if person.org == lender and person.role in LENDER_ROLES:
            return person
    raise SourceMalformed(f"contract {contract_id!r}: people.yaml has nobody of lender {lender!r} to confirm a price")
