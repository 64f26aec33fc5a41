"""What a text asks of this person in this chat: the names that may be meant, the turn before, the alarm it answers.

Knows no answer, and runs nothing. Names and turns are kept in memory only.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.house import House
from bot.replied import about, alarm_in, visible_alarm
from bot.turns import Turns, turn_of
from bot.view import ChatView
from domain.people import Role
from skills.registry import HELP, SKILLS
from skills.understanding.normal import called
from skills.understanding.scope import Scope, within
from skills.understanding.turns import Turn, told_by
from skills.understanding.understand import Question, Result, Silence, Understood, understand, vocabulary_of
from skills.understanding.vocabulary import Vocabulary


class Hearing:
    """One per process: what was heard last is the next text's past."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._scopes: dict[tuple[str, ...], Scope] = {}
        self._turns = Turns()

    def asked(
        self, text: str, view: ChatView, *, addressed: bool, after: str | None = None, thread: str | None = None
    ) -> Result:
        """What is asked of the bot: a mere call is answered with help, a question below an alarm is about that alarm.

        after: what went before, instead of the last turn. thread: the alarm whose message the text answers.
        """
        replied = visible_alarm(self._house, view, thread or alarm_in(after or ""))
        heard = self.hear(text, view, addressed=addressed, after=after, told="alarm" if replied else "")
        if isinstance(heard, Silence) and called(text, addressed=addressed):
            heard = Understood(questions=(Question(skill=HELP.name, arguments={"what": "call"}, intent=HELP.name),))
        if isinstance(heard, Understood) and replied is not None:
            return Understood(questions=about(heard.questions, replied, self._house.workspace.index))
        return heard

    def hear(self, text: str, view: ChatView, *, addressed: bool, after: str | None = None, told: str = "") -> Result:
        """The bare words; their turn is kept unless ``after`` stands for the one before.

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
            text, SKILLS, scope, now, addressed=addressed, previous=previous, told=told or _waits_for(view)
        )
        self._turns.hear(place, heard, now)
        return heard

    def vocabulary(self, view: ChatView) -> Vocabulary:
        """What may be named here, ready to be looked for."""
        return vocabulary_of(self._scope(view))

    def _scope(self, view: ChatView) -> Scope:
        """What may be named here; kept, because making a vocabulary costs more than using one."""
        contracts, actor = view.contracts(), view.actor
        depot = actor.org if actor is not None and actor.role is Role.DEPOT else None
        key = (depot or "", *(c.id for c in contracts))
        if key not in self._scopes:
            self._scopes[key] = within(self._house.workspace, contracts, depot=depot)
        return self._scopes[key]


def different(questions: Sequence[Question]) -> list[Question]:
    """Each skill with the same arguments once: 货还在不在 and 多少货值 have one answer."""
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Question] = {}
    for q in questions:
        seen.setdefault((q.skill, tuple(sorted(q.arguments.items()))), q)
    return [q for q in seen.values() if not _told_with(q, seen.values())]


def _told_with(question: Question, others: Collection[Question]) -> bool:
    """A part of a contract's state beside the question about all of it, which tells the part as well."""
    if not question.arguments.get("want") or "line" in question.arguments:
        return False
    whole = {k: v for k, v in question.arguments.items() if k != "want"}
    return question.skill == "status" and any(q.skill == "status" and q.arguments == whole for q in others)


def _waits_for(view: ChatView) -> str:
    """'alarm' where one waits for an answer of this person here."""
    actor, heard = view.actor, view.heard_in()
    if actor is None:
        return ""
    alarms = (a for c in view.contracts() for a in view.alarms(c.id))
    mine = any(p.chat in heard and p.person == actor.id for a in alarms for p in a.waiting())
    return "alarm" if mine else ""


def _before(after: str, scope: Scope, now: datetime) -> Turn | None:
    """The turn that a text before this one was."""
    told = told_by(after)
    if told == "asked":
        return Turn(intent="q_tank", missing="tank")
    return turn_of(understand(after, SKILLS, scope, now, addressed=True)) if told == "answer" else None
