"""Decisions of two people of the lender in its own chat: a command makes a card, another person's press makes it hold.

Never from a model and never in another chat. The confirmation, what it brings about and the card's new text are one
commit; the contracts are judged right after it.
"""

import asyncio
from datetime import datetime

from bot.case_money import CaseMoney
from bot.case_outcome import CaseValues, Done, Outcome, stands
from bot.clock import Clock
from bot.house import House
from bot.judging import LOCAL, Applied, Decision, Judging
from bot.proposal_command import Unclear, Wanted, command_of, read
from bot.receipt_deciding import known_under, refuse_where_over, refuse_while_asked
from bot.tokens import Decided
from bot.words import Words
from domain.case.case import Case
from domain.case.rights import CaseAct
from domain.deed.rights import takes_part
from domain.delivery import Debt, Timing
from domain.errors import CaseError, NotPermitted, ReceiptError
from domain.event import Event
from domain.message import Inbound, OutMessage
from domain.notice import Priority, notice_key
from domain.people import LENDER_ROLES, Audience, Chat, Person
from domain.proposal import RECEIPT_KINDS, Proposal, ProposalKind, confirmed, fold, opened, withdrawn

ASKED = 4
"""So many are @-mentioned: no platform refuses a message for these."""


class Proposals:
    """Hears the commands of ``proposal_command.COMMANDS`` and the cards' buttons."""

    def __init__(self, house: House, judging: Judging, money: CaseMoney, words: Words, clock: Clock) -> None:
        """money: what a proposal of money does to the case that it is for."""
        self._house = house
        self._judging = judging
        self._money = money
        self._words = words
        self._clock = clock
        self._lock = asyncio.Lock()  # two presses, or two proposals, must not each decide on what was before

    async def said(self, inbound: Inbound, person: Person, chat: Chat) -> bool:
        """Handle a text if it is one of the commands; whether it was. Raises StoreError."""
        command = command_of(inbound.text)
        if command is None:
            return False
        kind, words = command
        if not self._may(person, chat):
            await self._refused(inbound, person, chat, f"propose_{kind.value}")
            return True
        async with self._lock:
            now = self._clock.now()
            mine = [c for c in (self._house.contract_now(i, now) for i in chat.contracts) if takes_part(person, c)]
            wanted = read(kind, words, mine, self._house.workspace.goods, now, known_under(self._house, mine))
            if isinstance(wanted, Unclear):
                line = self._words.line(f"propose_{wanted.what}", command=kind.value)
                await self._judging.record([], [self._line(inbound, chat, line)], seen=_mark(inbound))
            else:
                await self._open(inbound, person, chat, wanted)
        return True

    async def for_case(self, inbound: Inbound, case: Case, person: Person, chat: Chat, values: CaseValues) -> Outcome:
        """Propose money for a case, for a person who may: its card asks for a second one. Raises StoreError."""

        def decide(decision: Decision, now: datetime) -> None:
            current = self._house.cases[case.tenant, case.id]
            if not stands(current, CaseAct.PAID, values):
                self._opened(decision, self._money.wanted(current, values, person.id, now), person, chat, now)

        async with self._lock:
            try:
                done = Done((await self._judging.settle(decide, seen=_mark(inbound))).value)
                code = None
            except CaseError as e:
                done, code = await self._out_of_turn(inbound, e)
        return Outcome(done=done, case=self._house.cases[case.tenant, case.id], code=code)

    async def _out_of_turn(self, inbound: Inbound, error: CaseError) -> tuple[Done, str | None]:
        """The same event once more, after a crash, finds its own proposal open: it was handled before."""
        new = error.code != "proposed" or await self._judging.record([], [], seen=_mark(inbound))
        return (Done.REFUSED, error.code) if new else (Done.REPEATED, None)

    async def pressed(self, inbound: Inbound, press: Decided, person: Person, chat: Chat) -> str:
        """Do what a card's button says, if this person may; the line that tells them. Raises StoreError."""
        async with self._lock:
            proposal = self._proposal(press.proposal_id, chat)
            if proposal is None:
                return self._words.line("old_alarm", alarm=press.proposal_id)
            if not self._may(person, chat) or person.org != proposal.tenant:
                await self._refused_press(inbound, person, proposal, press.action)
                return self._words.line("not_permitted")
            try:
                key, events = await self._decided(inbound, person, proposal, press.action)
            except ReceiptError as e:
                return self._words.line("proposal_receipt", proposal=proposal.id, code=e.code)
            except CaseError as e:
                return self._words.line("proposal_case", proposal=proposal.id, code=e.code)
        await self._judged(events, proposal)
        return self._words.line(key, proposal=proposal.id)

    async def _open(self, inbound: Inbound, person: Person, chat: Chat, wanted: Wanted) -> None:
        def decide(decision: Decision, now: datetime) -> None:
            self._opened(decision, wanted, person, chat, now)

        try:
            await self._judging.settle(decide, seen=_mark(inbound))
        except ReceiptError as e:
            line = self._words.line("propose_receipt", code=e.code)
            await self._judging.record([], [self._line(inbound, chat, line)], seen=_mark(inbound))

    def _opened(self, decision: Decision, wanted: Wanted, person: Person, chat: Chat, now: datetime) -> None:
        """A new proposal with its card. Raises ReceiptError where it could not be confirmed."""
        tenant = self._house.workspace.contracts[wanted.contract_id].lender
        event = opened(
            number=self._number(tenant),
            tenant=tenant,
            contract_id=wanted.contract_id,
            kind=wanted.kind,
            body=wanted.body,
            by=person.id,
            chat=chat.id,
            now=now,
        )
        proposal = fold({}, [event])[event.body["proposal"]]
        refuse_where_over(self._house, proposal, now)
        decision.events, decision.said = [event], [event]
        decision.debts.append(self._card(proposal, now, others=self._others(person, chat)))
        self._money.follow(decision, proposal, now)

    async def _decided(
        self, inbound: Inbound, person: Person, proposal: Proposal, action: str
    ) -> tuple[str, list[Event]]:
        """Which line tells of it, and the events that are now committed. Raises ReceiptError, CaseError where it cannot be any more."""
        after, events = proposal, list[Event]()

        def decide(decision: Decision, now: datetime) -> None:
            nonlocal after
            events.extend(self._events(proposal, person.id, action, now))
            after = fold({proposal.id: proposal}, events)[proposal.id]
            decision.events, decision.said = list(events), list(events)
            decision.debts.append(self._card(after, now, edit=True))
            self._money.follow(decision, after, now)

        try:
            applied = await self._judging.settle(decide, seen=_mark(inbound))
        except NotPermitted:
            await self._refused_press(inbound, person, proposal, action)
            return "proposal_own", []
        if applied is Applied.REPEATED:
            return "proposal_handled", []
        return f"proposal_{after.standing(self._clock.now()).value}", events

    def _events(self, proposal: Proposal, person: str, action: str, now: datetime) -> list[Event]:
        """What a press makes of it, with the receipts as they are at this moment. Raises NotPermitted, ReceiptError."""
        if action != "confirm":
            return withdrawn(proposal, person, now=now)
        events = confirmed(proposal, person, now=now, book=self._house.receipts.books.get(proposal.tenant))
        if events:
            refuse_while_asked(self._house, proposal)
        return events

    def _card(self, proposal: Proposal, now: datetime, *, others: tuple[str, ...] = (), edit: bool = False) -> Debt:
        """The card, or its text as the proposal now stands."""
        key = notice_key("proposal", proposal.tenant, proposal.id)
        return Debt(
            key=notice_key(key, proposal.standing(now).value) if edit else key,
            tenant=proposal.tenant,
            chat=proposal.chat,
            priority=Priority.TASK,
            message=self._words.proposal(proposal, now, others=others),
            template="proposal",
            edit_of=key if edit else None,
        )

    async def _judged(self, events: list[Event], proposal: Proposal) -> None:
        """What holds now is judged at once: a price for all contracts of the lender, else the one it is about."""
        if len(events) < 2 or proposal.kind in RECEIPT_KINDS:  # receipts that change are judged in their own commit
            return
        contracts = self._house.workspace.contracts
        if proposal.kind is ProposalKind.MANUAL_PRICE:
            about = [c for c in contracts.values() if c.lender == proposal.tenant]
        else:
            about = [contracts[proposal.contract_id]] if proposal.contract_id in contracts else []
        await self._judging.judge(about, Timing(received_at=events[0].occurred_at))

    def _proposal(self, number: str, chat: Chat) -> Proposal | None:
        """The proposal of this number made in this chat; those of other chats do not exist here."""
        lenders = {self._house.workspace.contracts[c].lender for c in chat.contracts}
        found = (known.get(number) for lender, known in self._house.said.proposals.items() if lender in lenders)
        return next((p for p in found if p is not None and p.chat == chat.id), None)

    def _may(self, person: Person, chat: Chat) -> bool:
        """The lender's own people among themselves: not where strangers may read along."""
        known = self._house.workspace.roster.chats.get(chat.id, chat)
        return person.role in LENDER_ROLES and chat.audience is Audience.BANK and known.verified

    def _others(self, person: Person, chat: Chat) -> tuple[str, ...]:
        """Who in this chat could confirm; the card asks the first few, everybody there may."""
        people = self._house.workspace.roster.people
        mine = (m for m in chat.members if people[m].role in LENDER_ROLES and people[m].org == person.org)
        return tuple(m for m in mine if m != person.id)[:ASKED]

    def _number(self, tenant: str) -> str:
        """The next number of this lender's local day, for example PR-20260312-01."""
        day = f"PR-{self._clock.now().astimezone(LOCAL):%Y%m%d}-"
        used = sum(i.startswith(day) for i in self._house.said.proposals.get(tenant, {}))
        return f"{day}{used + 1:02d}"

    async def _refused(self, inbound: Inbound, person: Person, chat: Chat, action: str) -> None:
        """A command of somebody else, or in another chat: recorded with every lender that it would have been about."""
        lenders = dict.fromkeys(self._house.workspace.contracts[c].lender for c in chat.contracts)
        events = [self._refusal(inbound, person, lender, action, None) for lender in lenders]
        line = self._line(inbound, chat, self._words.line("propose_not_here"))
        await self._judging.record(events, [line], seen=_mark(inbound))

    async def _refused_press(self, inbound: Inbound, person: Person, proposal: Proposal, action: str) -> None:
        event = self._refusal(inbound, person, proposal.tenant, f"{action}_proposal", proposal.id)
        await self._judging.record([event], [], seen=_mark(inbound))

    def _refusal(self, inbound: Inbound, person: Person, tenant: str, action: str, proposal: str | None) -> Event:
        body = {
            "alarm": None,
            "proposal": proposal,
            "person": person.id,
            "action": action,
            "platform": inbound.platform,
        }
        now = self._clock.now()
        return Event(tenant=tenant, kind="person.refused", v=1, occurred_at=now, actor=person.id, body=body)

    def _line(self, inbound: Inbound, chat: Chat, line: str) -> Debt:
        contracts = self._house.workspace.contracts
        return Debt(
            key=notice_key("line", inbound.platform, inbound.event_id),
            tenant=contracts[chat.contracts[0]].lender if chat.contracts else "@",
            chat=chat.id,
            priority=Priority.ANSWER,
            message=OutMessage(spans=(line,), reply_to=inbound.message_ref),
            template="line",
        )


def _mark(inbound: Inbound) -> tuple[str, str]:
    return inbound.platform, inbound.event_id
