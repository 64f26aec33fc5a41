"""The running app as the interface sees it (``bot.api.ports.Inside``)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice, takewhile
from typing import Any

from bot.app import App
from bot.command.asking import answer_as
from bot.recovery import ALARM_EVENTS
from bot.running import for_a_program
from bot.view import ChatView
from domain.alarm import Alarm
from domain.contract import Field
from domain.event import Recorded
from domain.people import Chat, Person, Roster
from skills.refusals import REFUSALS
from skills.registry import SKILLS
from skills.skill import Answer, Skill
from store.ledger import Ledger

SERVED = tuple(s for s in SKILLS if s not in REFUSALS)


class HouseInside:
    """One app. Looks into the ledger have a thread of their own: no commit waits for them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._reader = app.memory.reader()

    @property
    def roster(self) -> Roster:
        """Everybody."""
        return self._app.workspace.roster

    def now(self) -> datetime:
        """The bot's own time."""
        return self._app.clock.now()

    def view(self, person: Person, chat: Chat) -> ChatView:
        """What this person may see in this chat."""
        return ChatView(self._app.house, person, chat, self.now())

    def skills(self) -> tuple[Skill, ...]:
        """Every skill but the refusals: those meet what people say, and a program that wants none of them need not ask."""
        return SERVED

    async def run(self, skill: Skill, arguments: Mapping[str, str], person: Person, chat: Chat) -> tuple[Answer, str]:
        """One skill, and its words."""
        with for_a_program():
            return await self._app.answering.run(skill, arguments, person, chat)

    async def ask(self, question: str, after: str | None, person: Person, chat: Chat) -> Mapping[str, Any]:
        """As `xiaoliuzi ask --json`; a machine's questions are never taken for the person's last turn in the chat."""
        asked = {"question": question, "as": person.id, "chat": chat.id, "after": after or ""}
        with for_a_program():
            return await answer_as(self._app, asked, via="api")

    async def alarm_events(
        self, since: datetime | None, wanted: Callable[[Recorded], bool], most: int
    ) -> list[Recorded]:
        """At most so many wanted events of alarms, in the order of recording, up to what is only just being committed."""

        def read(book: Ledger) -> list[Recorded]:
            settled = takewhile(self._taken_up, book.events(kinds=ALARM_EVENTS, since=since))
            return list(islice((r for r in settled if wanted(r)), most))

        return await self._reader.ledger(read)

    def _taken_up(self, recorded: Recorded) -> bool:
        """False between the commit that raises an alarm and the house's knowing it; a contract that is gone stays unknown."""
        event = recorded.event
        if event.kind != "alarm.raised" or event.body["contract"] not in self._app.workspace.contracts:
            return True
        return self.alarm(event.tenant, event.body["alarm"]) is not None

    def alarm(self, tenant: str, alarm_id: str) -> Alarm | None:
        """The alarm as it stands."""
        return self._app.house.alarms.get((tenant, alarm_id))

    def title(self, alarm: Alarm, seen: frozenset[Field]) -> str:
        """What it is about, in a few words."""
        return self._app.words.title(alarm, seen)

    def close(self) -> None:
        """Let go of the reader; the app's memory stays open."""
        self._reader.release()
