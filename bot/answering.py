"""A question's life: what is understood, what may be seen, the skill in a worker thread, the answer in the outbox."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.house import House
from bot.judging import Judging
from bot.memory import Memory
from bot.notice_asked import unknown_notice
from bot.past import Stood, stood
from bot.pending import Pending, Waiting
from bot.tokens import parse_offer
from bot.view import ChatView, Look
from bot.words import Words
from domain.delivery import Debt
from domain.errors import SourceUnavailable
from domain.event import Event
from domain.message import Inbound, OutMessage
from domain.notice import Priority, notice_key
from domain.people import Chat, Person
from skills.naming import Scope, within
from skills.registry import SKILLS
from skills.skill import Answer, Skill, Status
from skills.understand import Clarify, Turn, Understood, understand

log = logging.getLogger(__name__)

DEADLINE_S = 10.0
TURN = timedelta(minutes=10)
TURNS_KEPT = 2000


class Answering:
    """Answers in chat and on the command line; the same skills, the same view."""

    def __init__(self, house: House, judging: Judging, words: Words, clock: Clock, memory: Memory) -> None:
        """memory: for looks into the past."""
        self._house = house
        self._memory = memory
        self._judging = judging
        self._words = words
        self._clock = clock
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="skill")
        self._scopes: dict[tuple[str, ...], Scope] = {}
        self._turns: OrderedDict[tuple[str, str], tuple[datetime, Turn]] = OrderedDict()
        self.pending = Pending()

    async def ask(self, inbound: Inbound, person: Person, chat: Chat) -> None:
        """Answer a text in a chat; silence where it is no question and nobody addressed the bot."""
        message = await self.answer(inbound.text, person, chat, addressed=inbound.addressed or inbound.private)
        if message is not None:
            events, debts = unknown_notice(message[0], person, chat, self._house, self._words, self._clock.now())
            await self._owe(inbound, chat, self._waiting(inbound, chat, *message), events, debts)

    def _waiting(self, inbound: Inbound, chat: Chat, answer: Answer, message: OutMessage) -> OutMessage:
        """A proposal with the buttons that file or drop it; any other answer as it is."""
        if answer.request is None:
            return message
        key = notice_key("answer", inbound.platform, inbound.event_id)
        waiting = Waiting(request=answer.request, chat=chat.id, card=key, message=message, at=self._clock.now())
        return replace(message, buttons=self._words.request_buttons(self.pending.keep(waiting)))

    async def press(self, inbound: Inbound, person: Person, chat: Chat) -> None:
        """A button that offered a further answer."""
        offer = parse_offer(inbound.text)
        skill = next((s for s in SKILLS if offer is not None and s.name == offer.skill), None)
        if offer is None or skill is None:
            return
        answer = await self._run(skill, offer.arguments, person, chat)
        await self._owe(inbound, chat, self._words.answer(answer))

    async def answer(
        self, text: str, person: Person | None, chat: Chat | None, *, addressed: bool
    ) -> tuple[Answer, OutMessage] | None:
        """The answer and its words; None where silence is right."""
        place = (person.id if person else "", chat.id if chat else "")
        view = ChatView(self._house, person, chat, self._clock.now())
        found = understand(text, SKILLS, self._scope(view), addressed=addressed, previous=self._previous(place))
        match found:
            case Understood(skill=name, arguments=arguments):
                skill = next(s for s in SKILLS if s.name == name)
                self._remember(place, Turn(skill=name, arguments=arguments))
                answer = await self._run(skill, arguments, person, chat)
            case Clarify():
                answer = found.answer()
            case _:
                return None
        return answer, self._words.answer(answer)

    async def _run(
        self, skill: Skill, arguments: Mapping[str, str], person: Person | None, chat: Chat | None
    ) -> Answer:
        view = ChatView(self._house, person, chat, self._clock.now(), self._look(asyncio.get_running_loop()))
        if view.denied or person is None or person.role not in skill.roles:
            return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={"skill": not view.denied})
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await loop.run_in_executor(self._pool, skill.run, view, arguments)
        except TimeoutError:
            log.warning("skill.timeout skill=%s", skill.name)
            return Answer(status=Status.NO_DATA, kind="busy", facts={})

    def _look(self, loop: asyncio.AbstractEventLoop) -> Look:
        """Looks into the past from a skill's thread; the reading itself has threads of its own."""

        def look(at: datetime) -> Stood | None:
            try:
                return asyncio.run_coroutine_threadsafe(stood(self._house.workspace, self._memory, at), loop).result()
            except SourceUnavailable:
                return None

        return look

    async def _owe(
        self,
        inbound: Inbound,
        chat: Chat,
        message: OutMessage,
        events: Sequence[Event] = (),
        debts: Sequence[Debt] = (),
    ) -> None:
        """The answer, and whatever else this question brings about, in one commit."""
        contracts = self._house.workspace.contracts
        debt = Debt(
            key=notice_key("answer", inbound.platform, inbound.event_id),
            tenant=contracts[chat.contracts[0]].lender if chat.contracts else "@",
            chat=chat.id,
            priority=Priority.ANSWER,
            message=OutMessage(spans=message.spans, buttons=message.buttons, reply_to=inbound.message_ref),
            template="answer",
        )
        await self._judging.record([*events], [debt, *debts], seen=(inbound.platform, inbound.event_id))

    def _scope(self, view: ChatView) -> Scope:
        """What may be named here; kept, because making a vocabulary costs more than using one."""
        contracts = view.contracts()
        key = tuple(c.id for c in contracts)
        if key not in self._scopes:
            self._scopes[key] = within(self._house.workspace, contracts)
        return self._scopes[key]

    def _previous(self, place: tuple[str, str]) -> Turn | None:
        kept = self._turns.get(place)
        return kept[1] if kept is not None and self._clock.now() - kept[0] <= TURN else None

    def _remember(self, place: tuple[str, str], turn: Turn) -> None:
        self._turns[place] = (self._clock.now(), turn)
        self._turns.move_to_end(place)
        while len(self._turns) > TURNS_KEPT:
            self._turns.popitem(last=False)

    def close(self) -> None:
        """Let the running skills finish."""
        self._pool.shutdown(wait=False, cancel_futures=True)
