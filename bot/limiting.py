"""Who has asked too much in an hour is told so once; what would be refused is recorded all the same.

Counts answers (``quota``) and runs nothing but refusals.
"""

from bot.answer_owed import AnswerOwed
from bot.clock import Clock
from bot.hearing import Hearing
from bot.house import House
from bot.judging import Judging
from bot.quota import Offered, Quota
from bot.running import Running
from bot.view import ChatView
from bot.words import Words
from domain.message import Inbound, OutMessage
from domain.people import Chat, Person
from skills.refusals import BY_NAME
from skills.understanding.understand import Understood


class Limiting:
    """The workspace's limits of questions, of persons and of chats."""

    def __init__(
        self, house: House, hearing: Hearing, running: Running, owed: AnswerOwed, judging: Judging, words: Words,
        clock: Clock,
    ) -> None:  # fmt: skip
        """hearing, running: for what would be refused."""
        limits = house.workspace.settings.questions
        self.quota = Quota(per_person=limits.per_person, per_chat=limits.per_chat)
        self.offered = Offered()
        self._house = house
        self._hearing = hearing
        self._running = running
        self._owed = owed
        self._judging = judging
        self._words = words
        self._clock = clock

    def pressed(self, token: str, person: Person, chat: Chat) -> str:
        """A press on what no answer has offered here counts as a question; the line for whoever may ask no more, else ''."""
        if self.offered.has(chat.id, token):
            return ""
        now = self._clock.now()
        full = self.quota.full(person.id, chat.id, now)
        if full is not None:
            return self._words.line("quota", who=full[0], until=full[1])
        self.quota.count(person.id, chat.id, now)
        return ""

    async def over(self, inbound: Inbound, person: Person, chat: Chat, *, addressed: bool) -> None:
        """Too much was asked: said once to whoever addresses the bot; what would be refused is recorded all the same."""
        now = self._clock.now()
        heard = self._hearing.hear(inbound.text, ChatView(self._house, person, chat, now), addressed=addressed)
        refusals = [
            await self._running.run(BY_NAME[q.skill], q.arguments, person, chat, now)
            for q in (heard.questions if isinstance(heard, Understood) else ())
            if q.skill in BY_NAME
        ]
        events, debts = self._owed.aside(refusals, inbound.text, person, chat)
        full = self.quota.full(person.id, chat.id, now)
        if addressed and full is not None and self.quota.say(person.id, chat.id, now):
            line = OutMessage(spans=(self._words.line("quota", who=full[0], until=full[1]),))
            await self._owed.owe(inbound, chat, line, events, debts)
        elif events:
            await self._judging.record(events, debts, seen=(inbound.platform, inbound.event_id))
