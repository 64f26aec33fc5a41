"""A question's life: what is understood, what may be seen, the skills in a worker thread, the answer in the outbox."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from bot.answer_kept import Done, kept, said
from bot.archive import Archive
from bot.clock import Clock
from bot.house import House
from bot.judging import Judging
from bot.memory import Memory
from bot.model.asked import Asked
from bot.model.binding import WordsBinder
from bot.model.path import ModelPath
from bot.notice_asked import unknown_notice
from bot.past import Looks, Stood
from bot.pending import Pending, Waiting
from bot.pictures import Pictures
from bot.quota import Quota
from bot.refusing import refused
from bot.replied import about, alarm_in, visible_alarm
from bot.tokens import parse_offer
from bot.turns import Turns, turn_of
from bot.view import ChatView
from bot.words import Words
from domain.delivery import Debt
from domain.errors import SourceUnavailable
from domain.event import Event
from domain.message import Inbound, OutMessage
from domain.notice import Priority, notice_key
from domain.people import Audience, Chat, Person, Role
from skills.refusals import BY_NAME, REFUSALS
from skills.registry import HELP, SKILLS
from skills.skill import Answer, Request, Skill, Status
from skills.understanding.names import Scope, within
from skills.understanding.normal import called
from skills.understanding.turns import Turn, told_by
from skills.understanding.understand import Question, Result, Silence, Understood, understand, vocabulary_of

log = logging.getLogger(__name__)

DEADLINE_S = 10.0
SILENT = "silent"
"""The kind of an answer that needs no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said to one message. heard: what was understood of it; answers: one for each question, in order.

    event: to be recorded with it, but for an asker who is nobody. modelled: a model took part.
    """

    heard: Result
    answers: tuple[Answer, ...]
    message: OutMessage
    event: Event | None = None
    modelled: bool = False
    latency_ms: float = 0.0

    def kept(self, message: OutMessage, *, via: str, key: str | None = None) -> list[Event]:
        """The event with what is said in the end."""
        if self.event is None:
            return []
        return [said(self.event, message, via=via, latency_ms=self.latency_ms, key=key)]

    @property
    def status(self) -> Status:
        """The first status that is not ok."""
        return next((a.status for a in self.answers if a.status is not Status.OK), Status.OK)

    @property
    def asking(self) -> Answer | None:
        """The answer that proposes something, if exactly one does: a press must not be of two minds."""
        found = [a for a in self.answers if a.proposes]
        return found[0] if len(found) == 1 else None


class Answering:
    """Answers in chat and on the command line; the same skills, the same view."""

    def __init__(
        self,
        house: House,
        judging: Judging,
        words: Words,
        clock: Clock,
        memory: Memory,
        pictures: Pictures,
        model: ModelPath | None = None,
    ) -> None:
        """memory: for looks into the past. model: asked where the words alone are not sure."""
        self.model = model
        self.pictures = pictures
        self._archive = Archive(house, memory)
        self._house = house
        self._memory = memory
        self._past = Looks(memory)
        self._judging = judging
        self._words = words
        self._clock = clock
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="skill")
        self._scopes: dict[tuple[str, ...], Scope] = {}
        self._turns = Turns()
        self.pending = Pending()
        limits = house.workspace.settings.questions
        self._quota = Quota(per_person=limits.per_person, per_chat=limits.per_chat)

    async def ask(self, inbound: Inbound, person: Person, chat: Chat) -> None:
        """Answer a text in a chat; silence where it is no question and nobody addressed the bot."""
        addressed, now = inbound.addressed or inbound.private, self._clock.now()
        if self._quota.full(person.id, chat.id, now) is not None:
            await self._over(inbound, person, chat, addressed=addressed)
            return
        thread = await self._thread(inbound, chat)
        reply = await self.answer(inbound.text, person, chat, addressed=addressed, thread=thread)
        if reply is None:
            return
        if [a.kind for a in reply.answers] == [SILENT]:
            if reply.modelled:
                await self._judging.record(reply.kept(reply.message, via="chat"), [])
            return
        self._quota.count(person.id, chat.id, now)
        events: list[Event] = []
        debts: list[Debt] = []
        for answer in reply.answers:
            more, lines = self._aside(answer, inbound.text, person, chat, modelled=reply.modelled)
            events, debts = [*events, *more], [*debts, *lines]
        message = self._noted(self._waiting(inbound, person, chat, reply.asking, reply.message), reply, chat)
        key = notice_key("answer", inbound.platform, inbound.event_id)
        await self._owe(inbound, chat, message, [*reply.kept(message, via="chat", key=key), *events], debts)
        for answer in reply.answers:
            self._draw(inbound, chat, answer)

    async def _thread(self, inbound: Inbound, chat: Chat) -> str | None:
        """The alarm or case whose message this one answers."""
        if inbound.reply_to is None:
            return None
        ref, chat_id = inbound.reply_to, chat.id
        return await self._memory.ledger(lambda book: book.thread_of(chat_id, ref))

    def _noted(self, message: OutMessage, reply: Reply, chat: Chat) -> OutMessage:
        """Why an answer has no figures where somebody unknown may read along, or no buttons where two things were wanted."""
        keys = ["two_at_once"] if sum(a.proposes for a in reply.answers) > 1 else []
        keys += ["unverified"] if chat.id in self._house.deeds.unverified else []
        return replace(message, spans=(*message.spans, *(f"\n{self._words.line(k)}" for k in keys)))

    async def _over(self, inbound: Inbound, person: Person, chat: Chat, *, addressed: bool) -> None:
        """Too much was asked: said once to whoever addresses the bot; what would be refused is recorded all the same."""
        now = self._clock.now()
        heard = self.hear(inbound.text, ChatView(self._house, person, chat, now), addressed=addressed)
        events: list[Event] = []
        debts: list[Debt] = []
        for question in heard.questions if isinstance(heard, Understood) else ():
            if (refusal := BY_NAME.get(question.skill)) is not None:
                answer = await self._run(refusal, question.arguments, person, chat, now)
                more, lines = self._aside(answer, inbound.text, person, chat)
                events, debts = [*events, *more], [*debts, *lines]
        full = self._quota.full(person.id, chat.id, now)
        if addressed and full is not None and self._quota.say(person.id, chat.id, now):
            line = OutMessage(spans=(self._words.line("quota", who=full[0], until=full[1]),))
            await self._owe(inbound, chat, line, events, debts)
        elif events:
            await self._judging.record(events, debts, seen=(inbound.platform, inbound.event_id))

    def _waiting(
        self, inbound: Inbound, person: Person, chat: Chat, answer: Answer | None, message: OutMessage
    ) -> OutMessage:
        """A proposal with the buttons that file or drop it; any other answer as it is."""
        wanted = None if answer is None else answer.request or answer.act
        if wanted is None:
            return message
        key, now = notice_key("answer", inbound.platform, inbound.event_id), self._clock.now()
        waiting = Waiting(request=wanted, by=person.id, chat=chat.id, card=key, message=message, at=now)
        ident, words = self.pending.keep(waiting), self._words
        buttons = words.request_buttons(ident) if isinstance(wanted, Request) else words.act_buttons(ident)
        return replace(message, buttons=buttons)

    async def press(self, inbound: Inbound, person: Person, chat: Chat) -> None:
        """A button that offered a further answer."""
        offer = parse_offer(inbound.text)
        skill = next((s for s in SKILLS if offer is not None and s.name == offer.skill), None)
        if offer is None or skill is None:
            return
        began, now = time.perf_counter(), self._clock.now()
        answer = await self._run(skill, offer.arguments, person, chat, now)
        message = self._waiting(inbound, person, chat, answer, self._words.answer(answer))
        done = Done(skill=skill, arguments=offer.arguments, answer=answer)
        event = kept(None, [done], person, chat, tenant=self._tenant(chat), now=now, by="button", outcome="answered")
        key = notice_key("answer", inbound.platform, inbound.event_id)
        told = said(event, message, via="chat", latency_ms=_since(began), key=key)
        await self._owe(inbound, chat, message, [told])
        self._draw(inbound, chat, answer)

    def _draw(self, inbound: Inbound, chat: Chat, answer: Answer) -> None:
        """The answer's picture follows as a message of its own, if it can be drawn."""
        key = notice_key("answer", inbound.platform, inbound.event_id)
        self.pictures.follow(key, answer.picture, chat, tenant=self._tenant(chat), reply_to=inbound.message_ref)

    def _tenant(self, chat: Chat) -> str:
        """Whose outbox a chat's answers stand in."""
        return self._house.workspace.contracts[chat.contracts[0]].lender if chat.contracts else "@"

    async def answer(
        self,
        text: str,
        person: Person | None,
        chat: Chat | None,
        *,
        addressed: bool,
        after: str | None = None,
        thread: str | None = None,
    ) -> Reply | None:
        """The answers and their words; None where silence is right. after: what went before, instead of the last turn.

        thread: the alarm whose message the text answers.
        """
        began = time.perf_counter()
        view = ChatView(self._house, person, chat, self._clock.now())
        replied = visible_alarm(self._house, view, thread or alarm_in(after or ""))
        heard = self.hear(text, view, addressed=addressed, after=after, told="alarm" if replied else "")
        if isinstance(heard, Silence) and called(text, addressed=addressed):
            heard = Understood(questions=(Question(skill=HELP.name, arguments={"what": "call"}, intent=HELP.name),))
        if isinstance(heard, Silence):
            return None
        if isinstance(heard, Understood) and replied is not None:
            heard = Understood(questions=about(heard.questions, replied))
        done: list[Done] = []
        told: tuple[Answer, ...] = ()
        event: Event | None = None
        if isinstance(heard, Understood):
            for q in _different(heard.questions):
                answer = await self._run(self._skill(q), q.arguments, person, chat, view.now)
                done.append(Done(skill=self._skill(q), arguments=q.arguments, answer=answer))
            answers = [d.answer for d in done]
        else:
            told, event = await self._modelled(text, view, person, chat, after, addressed=addressed)
            answers = [*told] or [heard.answer()]
        modelled = event is not None
        if event is None and person is not None and chat is not None:
            event = kept(
                text if addressed else None, done, person, chat, tenant=self._tenant(chat), now=view.now, by="words",
                outcome="answered" if done else "asked_back",
            )  # fmt: skip
        return Reply(
            heard=heard, answers=tuple(answers), message=self._joined(answers), event=event, modelled=modelled,
            latency_ms=_since(began),
        )  # fmt: skip

    def hear(self, text: str, view: ChatView, *, addressed: bool, after: str | None = None, told: str = "") -> Result:
        """What a text asks of this person in this chat; the turn is kept unless ``after`` stands for the one before.

        told: what kind of message the text answers.
        """
        scope, now = self._scope(view), view.now
        place = (view.actor.id if view.actor else "", view.chat.id if view.chat else "")
        if after is not None:
            return understand(
                text, SKILLS, scope, now, addressed=addressed, previous=_before(after, scope, now), told=told_by(after)
            )
        previous = self._turns.last(place, now)
        heard = understand(
            text, SKILLS, scope, now, addressed=addressed, previous=previous, told=told or self._told(view)
        )
        self._turns.hear(place, heard, now)
        return heard

    def _told(self, view: ChatView) -> str:
        """'alarm' where one waits for an answer of this person here."""
        actor, heard = view.actor, view.heard_in()
        if actor is None:
            return ""
        alarms = (a for c in view.contracts() for a in view.alarms(c.id))
        mine = any(p.chat in heard and p.person == actor.id for a in alarms for p in a.waiting())
        return "alarm" if mine else ""

    def _skill(self, question: Question) -> Skill:
        return next(s for s in SKILLS if s.name == question.skill)

    def _joined(self, answers: Sequence[Answer]) -> OutMessage:
        """The words of all answers, one after the other, with the buttons of the first that has any."""
        messages = [self._words.answer(a) for a in answers]
        if len(messages) == 1:
            return messages[0]
        text = "\n\n".join(m.text for m in messages if m.text)
        return OutMessage(spans=(text,), buttons=next((m.buttons for m in messages if m.buttons), ()))

    async def _modelled(
        self,
        text: str,
        view: ChatView,
        person: Person | None,
        chat: Chat | None,
        after: str | None,
        *,
        addressed: bool,
    ) -> tuple[tuple[Answer, ...], Event | None]:
        """What a model makes of words that are not sure; nothing where there is none, or it fails."""
        if self.model is None or person is None or chat is None or not addressed:
            return (), None
        run: Callable[[Skill, Mapping[str, str]], Awaitable[Answer]] = lambda s, a: self._run(s, a, person, chat)  # noqa: E731
        asked = Asked(
            question=text,
            replied=after,
            person=person,
            chat=chat,
            now=view.now,
            addressed=addressed,
            run=run,
            binder=WordsBinder(vocabulary_of(self._scope(view)), view.now),
        )
        told = await self.model.answer(asked)
        return told.answers, told.event

    async def run(self, skill: Skill, arguments: Mapping[str, str], person: Person, chat: Chat) -> tuple[Answer, str]:
        """One skill with arguments that a machine has named, and its words. What the skill raises over them is raised on."""
        answer = await self._run(skill, arguments, person, chat)
        events, debts = self._aside(answer, arguments.get("text", ""), person, chat)
        await self._judging.record(events, debts)
        return answer, self._words.answer(answer).text

    def _aside(
        self, answer: Answer, text: str, person: Person, chat: Chat, *, modelled: bool = False
    ) -> tuple[list[Event], list[Debt]]:
        """What an answer brings about besides: a strange notice number, or a refusal."""
        now = self._clock.now()
        strange, told = unknown_notice(answer, person, chat, self._house, self._words, now)
        more, lines = refused(answer, text, person, chat, self._house, self._words, now, quiet=modelled)
        return [*strange, *more], [*told, *lines]

    async def _run(
        self,
        skill: Skill,
        arguments: Mapping[str, str],
        person: Person | None,
        chat: Chat | None,
        now: datetime | None = None,
    ) -> Answer:
        """now: of the question that was understood, so that 今天到现在 ends where the answer is of; None: this moment."""
        view = ChatView(self._house, person, chat, now or self._clock.now(), self._look, self._archive)
        if skill in REFUSALS or (skill is HELP and chat is not None and chat.audience is Audience.OPERATORS):
            return skill.run(view, arguments)
        if view.denied or person is None or person.role not in skill.roles:
            return Answer(status=Status.NOT_PERMITTED, kind="not_permitted", facts={"skill": not view.denied})
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await loop.run_in_executor(self._pool, skill.run, view, arguments)
        except TimeoutError:
            log.warning("skill.timeout skill=%s", skill.name)
            return Answer(status=Status.NO_DATA, kind="busy", facts={})
        except Exception:  # a fault in one skill ends one answer: the platform would bring the question again for ever
            log.exception("skill.failed skill=%s", skill.name)
            return Answer(status=Status.NO_DATA, kind="failed", facts={})

    def _look(self, at: datetime) -> Stood | None:
        """A look into the past, in a skill's thread; None before anything was recorded."""
        try:
            return self._past.at(self._house.workspace, at, self._clock.now(), plant=self._house.plant)
        except SourceUnavailable:
            return None

    async def _owe(
        self,
        inbound: Inbound,
        chat: Chat,
        message: OutMessage,
        events: Sequence[Event] = (),
        debts: Sequence[Debt] = (),
    ) -> None:
        """The answer, and whatever else this question brings about, in one commit."""
        debt = Debt(
            key=notice_key("answer", inbound.platform, inbound.event_id),
            tenant=self._tenant(chat),
            chat=chat.id,
            priority=Priority.ANSWER,
            message=OutMessage(spans=message.spans, buttons=message.buttons, reply_to=inbound.message_ref),
            template="answer",
        )
        await self._judging.record([*events], [debt, *debts], seen=(inbound.platform, inbound.event_id))

    def _scope(self, view: ChatView) -> Scope:
        """What may be named here; kept, because making a vocabulary costs more than using one."""
        contracts, actor = view.contracts(), view.actor
        depot = actor.org if actor is not None and actor.role is Role.DEPOT else None
        key = (depot or "", *(c.id for c in contracts))
        if key not in self._scopes:
            self._scopes[key] = within(self._house.workspace, contracts, depot=depot)
        return self._scopes[key]

    def close(self) -> None:
        """Let the running skills finish."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _since(began: float) -> float:
    """ms by the machine's own counter."""
    return (time.perf_counter() - began) * 1000


def _different(questions: Sequence[Question]) -> list[Question]:
    """Each skill with the same arguments once: 货还在不在 and 多少货值 have one answer."""
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Question] = {}
    for q in questions:
        seen.setdefault((q.skill, tuple(sorted(q.arguments.items()))), q)
    return [q for q in seen.values() if not _within(q, seen.values())]


def _within(question: Question, others: Collection[Question]) -> bool:
    """A part of a contract's state beside the question about all of it, which tells the part as well."""
    if not question.arguments.get("want") or "line" in question.arguments:
        return False
    whole = {k: v for k, v in question.arguments.items() if k != "want"}
    return question.skill == "status" and any(q.skill == "status" and q.arguments == whole for q in others)


def _before(after: str, scope: Scope, now: datetime) -> Turn | None:
    """The turn that a text before this one was."""
    told = told_by(after)
    if told == "asked":
        return Turn(intent="q_tank", missing="tank")
    return turn_of(understand(after, SKILLS, scope, now, addressed=True)) if told == "answer" else None
