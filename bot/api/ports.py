"""What the interface needs of the house: views, answers, and what has happened to alarms. Defined here, matched by ``bot.api.house``."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.view import ChatView
from domain.alarm import Alarm
from domain.contract import Field
from domain.event import Recorded
from domain.people import Chat, Person, Roster
from skills.skill import Answer, Skill


class Inside(Protocol):
    """The running house, seen by a person in a chat."""

    @property
    def roster(self) -> Roster:
        """Everybody."""

    def now(self) -> datetime:
        """Aware UTC."""

    def view(self, person: Person, chat: Chat) -> ChatView:
        """What this person may see in this chat."""

    def skills(self) -> tuple[Skill, ...]:
        """Every skill that a program may call by its name."""

    async def run(self, skill: Skill, arguments: Mapping[str, str], person: Person, chat: Chat) -> tuple[Answer, str]:
        """One skill, and its words; nothing is posted as an answer. Raises what a skill raises over wrong arguments."""

    async def ask(self, question: str, after: str | None, person: Person, chat: Chat) -> Mapping[str, Any]:
        """As `xiaoliuzi ask --json`."""

    async def alarm_events(
        self, since: datetime | None, wanted: Callable[[Recorded], bool], most: int
    ) -> list[Recorded]:
        """At most so many wanted events of alarms, recorded then or later, in the order of recording.

        ``wanted`` is asked in another thread. None from the first event on that the house has not taken up yet.
        """

    def alarm(self, tenant: str, alarm_id: str) -> Alarm | None:
        """The alarm as it stands."""

    def title(self, alarm: Alarm, seen: frozenset[Field]) -> str:
        """What it is about, in a few words."""
