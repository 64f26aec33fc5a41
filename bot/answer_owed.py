"""What an answer owes: its message, the buttons of what it proposes, and what it brings about besides, in one commit.

Besides are a release notice that nobody knows, and what was refused. Knows no question and no skill.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.house import House
from bot.judging import Judging
from bot.notice_asked import unknown_notice
from bot.pending import Pending, Waiting
from bot.refusing import refused
from bot.tenancy import tenant_of
from bot.words import Words
from domain.delivery import Debt
from domain.event import Event
from domain.message import Inbound, OutMessage
from domain.notice import Priority, notice_key
from domain.people import Chat, Person
from skills.skill import Answer, Request


class AnswerOwed:
    """Answers go out through the outbox of the lender whose chat it is."""

    def __init__(self, house: House, judging: Judging, words: Words, clock: Clock) -> None:
        """Keeps what waits for a press (``pending``); everything else stands in the ledger."""
        self.pending = Pending()
        self._house = house
        self._judging = judging
        self._words = words
        self._clock = clock

    async def owe(
        self,
        inbound: Inbound,
        chat: Chat,
        message: OutMessage,
        events: Sequence[Event] = (),
        debts: Sequence[Debt] = (),
    ) -> None:
        """The answer, and whatever else this question brings about, in one commit."""
        debt = Debt(
            key=key_of(inbound),
            tenant=self.tenant(chat),
            chat=chat.id,
            priority=Priority.ANSWER,
            message=OutMessage(spans=message.spans, buttons=message.buttons, reply_to=inbound.message_ref),
            template="answer",
        )
        await self._judging.record([*events], [debt, *debts], seen=(inbound.platform, inbound.event_id))

    def tenant(self, chat: Chat, asked: Iterable[Mapping[str, str]] = ()) -> str:
        """Whose chain and outbox an answer stands in. asked: the arguments of what was answered."""
        return tenant_of(chat, self._house.workspace.contracts, asked)

    def aside(
        self, answers: Iterable[Answer], text: str, person: Person, chat: Chat, *, modelled: bool = False
    ) -> tuple[list[Event], list[Debt]]:
        """What answers bring about besides: strange notice numbers, and refusals. modelled: a model chose them."""
        events: list[Event] = []
        debts: list[Debt] = []
        for answer in answers:
            now = self._clock.now()
            strange, told = unknown_notice(answer, person, chat, self._house, self._words, now)
            more, lines = refused(answer, text, person, chat, self._house, self._words, now, quiet=modelled)
            events, debts = [*events, *strange, *more], [*debts, *told, *lines]
        return events, debts

    def waiting(
        self, inbound: Inbound, person: Person, chat: Chat, answer: Answer | None, message: OutMessage
    ) -> OutMessage:
        """A proposal with the buttons that file or drop it; any other answer as it is."""
        wanted = None if answer is None else answer.request or answer.act
        if wanted is None:
            return message
        key, now = key_of(inbound), self._clock.now()
        waiting = Waiting(request=wanted, by=person.id, chat=chat.id, card=key, message=message, at=now)
        ident, words = self.pending.keep(waiting), self._words
        buttons = words.request_buttons(ident) if isinstance(wanted, Request) else words.act_buttons(ident)
        return replace(message, buttons=buttons)


def key_of(inbound: Inbound) -> str:
    """The outbox's key of the answer to a message: one answer to each, however often the platform brings it."""
    return notice_key("answer", inbound.platform, inbound.event_id)
