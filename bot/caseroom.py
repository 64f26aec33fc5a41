"""What people do to cases in chats: press a card's button, file or drop a proposal, type /paid or /notice.

Identity is the platform's user id; who may do what is ``domain.case.rights``. Here it becomes an act and a line back.
"""

from bot.answering import Answering
from bot.case_command import CaseCommand, command_of
from bot.casework import NOTHING_SAID, CaseValues, Casework, Done, Outcome
from bot.clock import Clock
from bot.judging import Judging
from bot.pending import Waiting, closed
from bot.proposals import Proposals
from bot.tokens import CasePressed, RequestPressed
from bot.words import Words
from domain.case.acts import due
from domain.case.case import Case
from domain.case.rights import CaseAct, may_file
from domain.delivery import Debt
from domain.event import Event
from domain.message import Inbound, OutMessage
from domain.notice import Priority, notice_key
from domain.people import Chat, Person
from skills.skill import Request


class CaseRoom:
    """Hears presses and commands about cases."""

    def __init__(
        self,
        *,
        casework: Casework,
        proposals: Proposals,
        judging: Judging,
        answering: Answering,
        words: Words,
        clock: Clock,
    ) -> None:
        self._casework = casework
        self._proposals = proposals
        self._judging = judging
        self._contracts = judging.house.workspace.contracts
        self._pending = answering.pending
        self._words = words
        self._clock = clock

    async def pressed(self, inbound: Inbound, press: CasePressed, person: Person, chat: Chat) -> str:
        """Do what a card's button says, if this person may; the line that tells them. Raises StoreError."""
        case = self._casework.case(press.case_id, chat)
        if case is None:
            return self._words.line("case_gone", case=press.case_id)
        if case.open and _outdated(press, case):
            return self._words.line("case_changed", case=case.id)
        return await self._act(inbound, case.id, press.act, person, chat, NOTHING_SAID)

    async def said(self, inbound: Inbound, person: Person, chat: Chat) -> bool:
        """Handle a text if it is a command about a case; whether it was. Raises StoreError."""
        command = command_of(inbound.text, self._clock.now())
        if command is None:
            return False
        line = await self._commanded(inbound, command, person, chat)
        if line is not None:
            await self._say(inbound, chat, line)
        return True

    async def _commanded(self, inbound: Inbound, command: CaseCommand, person: Person, chat: Chat) -> str | None:
        """The line back; none where the card of a proposal of money is the answer."""
        case_id, act = command.case_id, command.act
        if command.unclear is not None:
            return self._words.line("case_unread", case=case_id, about=command.unclear)
        if act is not CaseAct.PAID:
            return await self._act(inbound, case_id, act, person, chat, command.values)
        outcome = await self._paid(inbound, case_id, person, chat, command.values)
        return self._told(case_id, act, outcome) if outcome.done is not Done.DONE else None

    async def _act(
        self, inbound: Inbound, case_id: str, act: CaseAct, person: Person, chat: Chat, values: CaseValues
    ) -> str:
        if act is CaseAct.PAID:
            return self._told(case_id, act, await self._paid(inbound, case_id, person, chat, values))
        outcome = await self._casework.act(case_id, act, person, chat, _mark(inbound), values)
        if outcome.code == "same_person":
            await self._same_person(inbound, outcome, person, act)
        return self._told(case_id, act, outcome)

    async def _paid(self, inbound: Inbound, case_id: str, person: Person, chat: Chat, values: CaseValues) -> Outcome:
        """Money is only proposed here: another person of the lender confirms it."""
        case = await self._casework.allowed(case_id, CaseAct.PAID, person, chat, _mark(inbound))
        if isinstance(case, Outcome):
            return case
        return await self._proposals.for_case(inbound, case, person, chat, values)

    def _told(self, case_id: str, act: CaseAct, outcome: Outcome) -> str:
        match outcome.done:
            case Done.DONE:
                return self._words.line("case_done", case=case_id, act=act.value)
            case Done.REPEATED:
                return self._words.line("handled", alarm=case_id)
            case Done.NOTHING:
                return self._words.line("case_already", case=case_id)
            case Done.REFUSED:
                return self._refused(case_id, outcome)

    def _refused(self, case_id: str, outcome: Outcome) -> str:
        """Why the act was not taken, and what the case waits for instead."""
        case, code = outcome.case, outcome.code or "not_now"
        steps = due(case, self._contracts[case.contract_id]) if case is not None else ()
        stage = case.stage.value if case is not None else ""
        return self._words.line("case_refused", case=case_id, code=code, due=[s.value for s in steps], stage=stage)

    async def requested(self, inbound: Inbound, press: RequestPressed, person: Person, chat: Chat) -> str:
        """File or drop the proposal on whose button somebody pressed; the line that tells them. Raises StoreError."""
        waiting = self._pending.find(press.request, chat.id, self._clock.now())
        if waiting is None:
            new = await self._judging.record([], [], seen=_mark(inbound))
            return self._words.line("request_gone" if new else "request_handled")
        contract = self._contracts[waiting.request.contract_id]
        if press.file:
            return await self._filed(inbound, press.request, waiting, person, chat)
        if not may_file(person, chat, contract):
            return self._words.line("not_yours")
        self._pending.forget(press.request)
        await self._closed(inbound, waiting, self._words.line("request_dropped"))
        return self._words.line("request_dropped")

    async def _filed(self, inbound: Inbound, ident: str, waiting: Waiting, person: Person, chat: Chat) -> str:
        request = waiting.request
        assert isinstance(request, Request), "a deed is pressed elsewhere: see bot.acting"
        filed = await self._casework.file(
            self._contracts[request.contract_id],
            request.kind,
            out=request.out,
            into=request.into,
            cash=request.cash_cny,
            by=person,
            chat=chat,
            seen=_mark(inbound),
        )
        if filed.case is None:
            code = filed.problem or "not_now"
            return self._words.line("request_handled" if code == "repeated" else "request_refused", code=code)
        self._pending.forget(ident)
        line = self._words.line("case_filed", case=filed.case.id)
        await self._closed(inbound, waiting, line)
        return line

    async def _closed(self, inbound: Inbound, waiting: Waiting, line: str) -> None:
        """The proposal's message says what became of it."""
        debt = closed(waiting, self._contracts[waiting.request.contract_id].lender, line)
        platform, ident = _mark(inbound)
        await self._judging.record([], [debt], seen=(platform, f"{ident}/card"))

    async def _same_person(self, inbound: Inbound, outcome: Outcome, person: Person, act: CaseAct) -> None:
        """Who registered a notice has tried to confirm it as well: recorded, as every act that is not one's own."""
        assert outcome.case is not None
        body = {"case": outcome.case.id, "person": person.id, "action": act.value, "platform": inbound.platform}
        now = self._clock.now()
        event = Event(
            tenant=outcome.case.tenant, kind="person.refused", v=1, occurred_at=now, actor=person.id, body=body
        )
        await self._judging.record([event], [], seen=_mark(inbound))

    async def _say(self, inbound: Inbound, chat: Chat, line: str) -> None:
        """A line back, under a mark of its own: the act has used the event's."""
        debt = Debt(
            key=notice_key("line", inbound.platform, inbound.event_id),
            tenant=self._contracts[chat.contracts[0]].lender if chat.contracts else "@",
            chat=chat.id,
            priority=Priority.ANSWER,
            message=OutMessage(spans=(line,), reply_to=inbound.message_ref),
            template="line",
        )
        platform, ident = _mark(inbound)
        await self._judging.record([], [debt], seen=(platform, f"{ident}/line"))


def _outdated(press: CasePressed, case: Case) -> bool:
    """A button confirms what its card showed: an amount, or a notice that may have been registered anew since."""
    if press.act is CaseAct.COUNTERSIGN:
        return case.notice is not None and press.revision < case.notice.revision
    return press.act is CaseAct.PAID and press.revision < case.revision


def _mark(inbound: Inbound) -> tuple[str, str]:
    return inbound.platform, inbound.event_id
