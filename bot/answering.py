"""A question's life: heard (``hearing``), run (``running``), put into words, owed to the outbox (``answer_owed``).

Says nothing itself, and decides nobody's rights.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.answer_kept import Done, kept, said
from bot.answer_owed import AnswerOwed, key_of
from bot.apart import may_wait
from bot.clock import Clock
from bot.hearing import Hearing, different
from bot.house import House
from bot.judging import Judging
from bot.limiting import Limiting
from bot.memory import Memory
from bot.model.asked import Asked, near_to
from bot.model.binding import WordsBinder
from bot.model.path import ModelPath
from bot.offer_taken import taken
from bot.pictures import Pictures
from bot.reply import Reply, joined
from bot.running import Running, Spoken, skill_named
from bot.tokens import parse_offer
from bot.view import ChatView
from bot.words import Words
from domain.delivery import Debt
from domain.event import Event
from domain.message import Inbound, OutMessage
from domain.people import Chat, Person
from skills.skill import Answer, Skill
from skills.understanding.understand import Question, Result, Silence, Understood


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
        self.hearing = Hearing(house)
        self.running = Running(house, memory, clock, words)
        self._house = house
        self._memory = memory
        self._judging = judging
        self._words = words
        self._clock = clock
        self._owed = AnswerOwed(house, judging, words, clock)
        self._limiting = Limiting(house, self.hearing, self.running, self._owed, judging, words, clock)
        self.pending = self._owed.pending

    async def ask(self, inbound: Inbound, person: Person, chat: Chat) -> None:
        """Answer a text in a chat; silence where it is no question and nobody addressed the bot."""
        addressed, now = inbound.addressed or inbound.private, self._clock.now()
        if self._limiting.quota.full(person.id, chat.id, now) is not None:
            await self._limiting.over(inbound, person, chat, addressed=addressed)
            return
        thread = await self._thread(inbound, chat)
        unverified = chat.id in self._house.deeds.unverified
        reply = await self.answer(inbound.text, person, chat, addressed=addressed, thread=thread)
        if reply is not None and not unverified and chat.id in self._house.deeds.unverified:
            # Somebody has come while a model was asked: figures of before are not for them.
            await self._judging.record(reply.kept(OutMessage(spans=()), via="chat"), [])
            reply = await self.answer(inbound.text, person, chat, addressed=addressed, thread=thread)
        if reply is None:
            return
        if not reply.silent:
            self._limiting.quota.count(person.id, chat.id, now)
            await self._tell(reply, inbound, person, chat)
        elif reply.modelled:
            mark = (inbound.platform, inbound.event_id)
            await self._judging.record(reply.kept(reply.message, via="chat"), [], seen=mark)

    async def _thread(self, inbound: Inbound, chat: Chat) -> str | None:
        """The alarm or case whose message this one answers."""
        if inbound.reply_to is None:
            return None
        ref, chat_id = inbound.reply_to, chat.id
        return await self._memory.ledger(lambda book: book.thread_of(chat_id, ref))

    async def _tell(self, reply: Reply, inbound: Inbound, person: Person, chat: Chat) -> None:
        events, debts = self._owed.aside(reply.answers, inbound.text, person, chat, modelled=reply.modelled)
        message = self._noted(self._owed.waiting(inbound, person, chat, reply.asking, reply.message), reply, chat)
        told = reply.kept(message, via="chat", key=key_of(inbound))
        await self._owe(inbound, chat, message, [*told, *events], debts)
        for answer in reply.answers:
            self._draw(inbound, chat, answer)

    async def _owe(
        self, inbound: Inbound, chat: Chat, message: OutMessage, events: list[Event], debts: list[Debt] | None = None
    ) -> None:
        """The answer goes out; what it offers may be pressed without counting as a question."""
        self._limiting.offered.keep(chat.id, (b.token for b in message.buttons))
        await self._owed.owe(inbound, chat, message, events, debts or [])

    def _noted(self, message: OutMessage, reply: Reply, chat: Chat) -> OutMessage:
        """Why an answer has no figures where somebody unknown may read along, or no buttons where two things were wanted."""
        keys = ["two_at_once"] if sum(a.proposes for a in reply.answers) > 1 else []
        keys += ["unverified"] if chat.id in self._house.deeds.unverified else []
        return replace(message, spans=(*message.spans, *(f"\n{self._words.line(k)}" for k in keys)))

    async def press(self, inbound: Inbound, person: Person, chat: Chat) -> str:
        """A button that offered a further answer; the line for whoever pressed what is no such button, else ''."""
        offer = parse_offer(inbound.text)
        skill = taken(offer) if offer is not None else None
        if offer is None or skill is None:
            return self._words.line("old_button")
        full = self._limiting.pressed(inbound.text, person, chat)
        if full:
            return full
        began, now = time.perf_counter(), self._clock.now()
        spoken = await self.running.spoken(skill, offer.arguments, person, chat, now)
        answer = spoken.answer
        message = self._owed.waiting(inbound, person, chat, answer, spoken.message)
        done = Done(skill=skill, arguments=offer.arguments, answer=answer)
        tenant = self._owed.tenant(chat, [offer.arguments])
        event = kept(None, [done], person, chat, tenant=tenant, now=now, by="button", outcome="answered")
        told = said(event, message, via="chat", latency_ms=_since(began), key=key_of(inbound))
        await self._owe(inbound, chat, message, [told])
        self._draw(inbound, chat, answer)
        return ""

    def _draw(self, inbound: Inbound, chat: Chat, answer: Answer) -> None:
        """The answer's picture follows as a message of its own, if it can be drawn."""
        tenant = self._owed.tenant(chat)
        self.pictures.follow(key_of(inbound), answer.picture, chat, tenant=tenant, reply_to=inbound.message_ref)

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
        heard = self.hearing.asked(text, view, addressed=addressed, after=after, thread=thread)
        if isinstance(heard, Silence):
            return None
        done: list[Done] = []
        event: Event | None = None
        if isinstance(heard, Understood):
            rows = [await self._done(q, person, chat, view.now) for q in different(heard.questions)]
            done, spoken = [d for d, _ in rows], [s for _, s in rows]
        else:
            told, event = await self._modelled(text, heard, view, person, chat, after, addressed=addressed)
            spoken = [self.running.worded(a) for a in told or (heard.answer(),)]
        modelled = event is not None
        if event is None and person is not None and chat is not None:
            event = kept(
                text if addressed else None, done, person, chat, tenant=self._owed.tenant(chat, [d.arguments for d in done]), now=view.now, by="words",
                outcome="answered" if done else "asked_back",
            )  # fmt: skip
        return Reply(
            heard=heard, answers=tuple(s.answer for s in spoken), message=joined([s.message for s in spoken]),
            event=event, modelled=modelled, latency_ms=_since(began),
        )  # fmt: skip

    async def _done(
        self, question: Question, person: Person | None, chat: Chat | None, now: datetime
    ) -> tuple[Done, Spoken]:
        skill = skill_named(question.skill)
        assert skill is not None, f"{question.skill!r} was understood, and is no skill"
        spoken = await self.running.spoken(skill, question.arguments, person, chat, now)
        return Done(skill=skill, arguments=question.arguments, answer=spoken.answer), spoken

    async def _modelled(
        self,
        text: str,
        heard: Result,
        view: ChatView,
        person: Person | None,
        chat: Chat | None,
        after: str | None,
        *,
        addressed: bool,
    ) -> tuple[tuple[Answer, ...], Event | None]:
        """What a model makes of words that are not sure; nothing where there is none, or it fails."""
        if self.model is None or person is None or chat is None or not addressed or not may_wait():
            return (), None

        async def run(skill: Skill, arguments: Mapping[str, str]) -> Answer:
            return (await self.running.spoken(skill, arguments, person, chat)).answer

        binder = WordsBinder(self.hearing.vocabulary(view), view.now)
        asked = Asked(
            question=text, replied=after, person=person, chat=chat, now=view.now, addressed=addressed, run=run, binder=binder,
            near=near_to(heard),
        )  # fmt: skip
        told = await self.model.answer(asked)
        return told.answers, told.event

    async def run(self, skill: Skill, arguments: Mapping[str, str], person: Person, chat: Chat) -> tuple[Answer, str]:
        """One skill with arguments that a machine has named, and its words."""
        spoken = await self.running.spoken(skill, arguments, person, chat)
        events, debts = self._owed.aside([spoken.answer], arguments.get("text", ""), person, chat)
        await self._judging.record(events, debts)
        return spoken.answer, spoken.message.text

    def aside(self, reply: Reply, text: str, person: Person, chat: Chat) -> tuple[list[Event], list[Debt]]:
        """What a reply that is posted nowhere brings about besides: refusals and strange notice numbers, as in the chat."""
        return self._owed.aside(reply.answers, text, person, chat, modelled=reply.modelled)

    def close(self) -> None:
        """Let the running skills finish."""
        self.running.close()


def _since(began: float) -> float:
    """ms by the machine's own counter."""
    return (time.perf_counter() - began) * 1000
