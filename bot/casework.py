"""Releases, swaps and top-ups: filed, acted on by people, watched against the depots' papers, reminded of.

Everything goes through the one judging lock and one ledger transaction with the messages that it owes; the mark of the
platform's event goes with it, so that a repeat after a crash changes nothing. The lender decides; this records it.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.case_figures import figures
from bot.case_outcome import (
    ENDING,
    NOTHING_SAID,
    CaseValues,
    Done,
    Filed,
    Outcome,
    stands,
)
from bot.clock import Clock
from bot.compose import Composer
from bot.judging import Applied, Decision, Judging
from domain.case import acts
from domain.case.case import Case, CaseKind, CaseLine
from domain.case.check import Ask, ask_of
from domain.case.fold import fold
from domain.case.notice import owed
from domain.case.papers import let_out, taken_in
from domain.case.rights import CaseAct, depots_of, may, may_file
from domain.case.watch import caught_up, watched
from domain.contract import Contract, Severity
from domain.errors import CaseError, ReceiptError
from domain.event import Event, Json
from domain.money import ZERO
from domain.people import Chat, Person
from domain.proposal import Proposal, awaiting
from domain.proposal import fold as fold_proposals
from domain.scene import Scene

log = logging.getLogger(__name__)

__all__ = ["NOTHING_SAID", "CaseValues", "Casework", "Done", "Filed", "Outcome"]

LOCAL = ZoneInfo("Asia/Shanghai")
Seen = tuple[str, str]


class Casework:
    """The one place where cases change."""

    def __init__(self, judging: Judging, composer: Composer, clock: Clock) -> None:
        """Follows every judgement from now on."""
        self._judging = judging
        self._house = judging.house
        self._composer = composer
        self._clock = clock
        judging.follow(self)

    def case(self, case_id: str, chat: Chat) -> Case | None:
        """The case of this id among the contracts of this chat; other lenders' cases do not exist here."""
        mine = (c for contract in chat.contracts for c in self._house.cases_of(contract))
        return next((c for c in mine if c.id == case_id), None)

    def cases(self, contract_id: str) -> tuple[Case, ...]:
        """The open cases of a contract, oldest first."""
        return tuple(c for c in self._house.cases_of(contract_id) if c.open)

    def preview(
        self,
        contract: Contract,
        kind: CaseKind,
        *,
        out: Sequence[CaseLine],
        into: Sequence[CaseLine],
        cash: Decimal | None,
    ) -> Json:
        """The figures that a request would be filed with, of this moment. Raises CaseError without terms of release."""
        scene = self._house.scene(contract, self._clock.now())
        return self.checked(scene, Ask(kind=kind, out=out, into=into, cash_cny=cash or ZERO))

    async def file(
        self,
        contract: Contract,
        kind: CaseKind,
        *,
        out: Sequence[CaseLine],
        into: Sequence[CaseLine],
        cash: Decimal | None,
        by: Person,
        chat: Chat,
        seen: Seen,
    ) -> Filed:
        """File a request, with what the figures say of it. The card goes to this chat and to the lender's own."""
        if not may_file(by, chat, contract):
            await self._refused(contract, by, "file", None, seen)
            return Filed(problem="not_permitted")
        problem = self._misplaced(contract, (*out, *into))
        if problem is not None:
            return Filed(problem=problem)
        made: list[Case] = []

        def decide(decision: Decision, now: datetime) -> None:
            scene = self._house.scene(contract, now)
            number = self._number(contract.lender, kind, now)
            check = self.checked(scene, Ask(kind=kind, out=out, into=into, cash_cny=cash or ZERO))
            events = acts.filed(
                scene.contract,
                number=number,
                kind=kind,
                out=out,
                into=into,
                cash_cny=cash,
                check=check,
                by=by.id,
                chat=chat.id,
                index=self._house.workspace.index,
                now=now,
            )
            made.append(self.add(decision, None, events, scene.contract))

        try:
            applied = await self._judging.settle(decide, seen=seen)
        except CaseError as e:
            return Filed(problem=e.code)
        return Filed(case=made[0]) if applied is Applied.DONE else Filed(problem="repeated")

    async def act(
        self,
        case_id: str,
        action: CaseAct,
        person: Person,
        chat: Chat,
        seen: Seen,
        values: CaseValues = NOTHING_SAID,
    ) -> Outcome:
        """Record what a person does to a case, if their role may do it here and its turn has come.

        Money is not one person's act: ``case_money.py``.
        """
        case = await self.allowed(case_id, action, person, chat, seen)
        if isinstance(case, Outcome):
            return case

        def decide(decision: Decision, now: datetime) -> None:
            current = self._house.cases[case.tenant, case.id]
            if not stands(current, action, values):
                self._decide(decision, current, action, person, values, now)

        try:
            applied = await self._judging.settle(decide, seen=seen)
        except CaseError as e:
            return Outcome(done=Done.REFUSED, case=self._house.cases[case.tenant, case.id], code=e.code)
        return Outcome(done=Done(applied.value), case=self._house.cases[case.tenant, case.id])

    async def allowed(self, case_id: str, action: CaseAct, person: Person, chat: Chat, seen: Seen) -> Case | Outcome:
        """The case, if this person may do this to it here; else why not. An attempt is recorded."""
        case = self.case(case_id, chat)
        if case is None:
            return Outcome(done=Done.REFUSED, case=None, code="no_case")
        contract = self._house.workspace.contracts[case.contract_id]
        depots = depots_of(case.out or case.into, self._house.workspace.index, self._house.workspace.sites)
        chat = self._house.workspace.roster.chats.get(chat.id, chat)
        if may(action, person, chat, contract, case, depots):
            return case
        await self._refused(contract, person, action.value, case, seen)
        return Outcome(done=Done.REFUSED, case=case, code="not_permitted")

    def judged(self, scene: Scene, decision: Decision) -> None:
        """What the papers say of the contract's open cases, at every judgement of it."""
        if scene.contract.release is None:
            return
        cases = {c.id: decision.cases.get((c.tenant, c.id), c) for c in scene.cases}
        for case in [c for c in cases.values() if c.open]:
            events = watched(
                case,
                cases.values(),
                scene.contract,
                papers=scene.papers,
                position=scene.position,
                index=scene.stock.index,
                now=scene.now,
            )
            if events:
                cases[case.id] = self.add(decision, case, events, scene.contract)

    def ticked(self, contract: Contract, decision: Decision, now: datetime) -> None:
        """Reminders that are due, at the pace of an orange alarm."""
        pause_s = self._house.workspace.settings.rules.remind_s[Severity.ORANGE]
        for case in self.cases(contract.id) if contract.release is not None else ():
            events = acts.remind(case, pause_s=pause_s, now=now)
            if events:
                self.add(decision, case, events, contract)

    def _decide(
        self, decision: Decision, case: Case, action: CaseAct, person: Person, values: CaseValues, now: datetime
    ) -> None:
        """The events of this act on the case as it now stands. Raises CaseError where its turn has not come."""
        scene = self._house.scene(self._house.workspace.contracts[case.contract_id], now)
        contract, index, by = scene.contract, scene.stock.index, person.id

        def check() -> Json:
            return self.checked(scene, ask_of(case))

        match action:
            case CaseAct.PAID:
                raise AssertionError(f"{case.id}: money takes two people, see bot.case_money")
            case CaseAct.SIGN:
                self._check_number(case, values.no)
                until, no = values.valid_until, values.no
                events = acts.signed(case, contract, index, no=no, valid_until=until, check=check(), by=by, now=now)
            case CaseAct.COUNTERSIGN:
                events = acts.sealed(case, contract, index, by=by, now=now)
            case CaseAct.VERIFY:
                events = acts.verified(case, contract, index, by=by, now=now)
            case CaseAct.DECLINE:
                events = acts.declined(case, reason=values.reason, by=by, now=now)
            case CaseAct.ACCEPT:
                events = acts.accepted(case, contract, index, check=check(), by=by, now=now)
            case CaseAct.REFUSE | CaseAct.WITHDRAW | CaseAct.REVOKE:
                moved = caught_up(case, contract, papers=scene.papers, position=scene.position, index=index, now=now)
                after = fold(case, moved)
                events = [*moved, *acts.ended(after, ENDING[action], why=values.reason, by=by, now=now)]
        self.add(decision, case, events, contract)

    def add(self, decision: Decision, case: Case | None, events: Sequence[Event], contract: Contract) -> Case:
        """Fold each event and compose what it owes, with what it does to receipts; the case after them."""
        assert events, "nothing to add"
        roster = self._house.workspace.roster
        for event in events:
            case = fold(case, [event])
            decision.events += [event, *self._receipts(event, case, contract)]
            confirming = self.confirming(case, decision, event.occurred_at)
            for notice in owed(event, case, contract, roster, confirming=confirming):
                decision.debts.extend(self._composer.case_debts(notice, event.occurred_at))
        assert case is not None
        decision.cases[case.tenant, case.id] = case
        return case

    def confirming(self, case: Case, decision: Decision, now: datetime) -> Proposal | None:
        """Money for this case that waits for a second person, once this decision is committed."""
        known = fold_proposals(self._house.said.proposals.get(case.tenant, {}), decision.said)
        return awaiting(known.values(), case.id, now)

    def _receipts(self, event: Event, case: Case, contract: Contract) -> list[Event]:
        """Goods accepted under receipts are pledged, goods that left are released. Raises CaseError for a bad receipt.

        Where the register contradicts what an ended case let out, it is left as it is and the log tells: the goods
        have left, whatever the register says.
        """
        book, workspace = self._house.receipts.books[contract.lender], self._house.workspace
        by, now = event.actor, event.occurred_at
        try:
            if event.kind == "case.accepted":
                return taken_in(case, book, contract, workspace.index, workspace.sites, by=by, now=now)
            return let_out(case, book, by=by, now=now) if event.kind == "case.ended" else []
        except ReceiptError as e:
            if event.kind == "case.accepted":
                raise CaseError(f"{case.id}: {e}", code="receipt") from e
            log.exception("case.receipts_contradict case=%s contract=%s", case.id, contract.id)
            return []

    def checked(self, scene: Scene, ask: Ask) -> Json:
        """The figures of a request on this scene. Raises CaseError without terms of release."""
        return figures(scene, ask, self._house.open_alarms(scene.contract.id).values())

    def _misplaced(self, contract: Contract, lines: Sequence[CaseLine]) -> str | None:
        index = self._house.workspace.index
        if any(line.tank_id not in contract.tank_ids() for line in lines):
            return "not_pledged"
        strange = any(index.tanks[index.row[line.tank_id]].good != line.good for line in lines)
        return "wrong_good" if strange else None

    def _check_number(self, case: Case, no: str) -> None:
        """A notice's number is good for one case of the lender; one that was never sealed may be given again."""
        others = (c for c in self._house.cases.values() if c.tenant == case.tenant and c.id != case.id)
        for other in others:
            notice = other.notice
            if notice is not None and notice.named(no) and (other.open or notice.sealed_at is not None):
                raise CaseError(f"notice {no!r} belongs to {other.id}", code="number_taken")

    def _number(self, tenant: str, kind: CaseKind, now: datetime) -> str:
        """The next number of this lender's local day and kind, for example RC-20260312-01."""
        day = f"{acts.PREFIX[kind]}-{now.astimezone(LOCAL):%Y%m%d}-"
        used = sum(1 for t, number in self._house.case_numbers if t == tenant and number.startswith(day))
        return f"{day}{used + 1:02d}"

    async def _refused(self, contract: Contract, person: Person, action: str, case: Case | None, seen: Seen) -> None:
        """Somebody tried what is not theirs: recorded, in the lender's chain."""
        body: Json = {"case": case.id if case else None, "person": person.id, "action": action, "platform": seen[0]}
        now = self._clock.now()
        event = Event(tenant=contract.lender, kind="person.refused", v=1, occurred_at=now, actor=person.id, body=body)
        await self._judging.record([event], [], seen=seen)
