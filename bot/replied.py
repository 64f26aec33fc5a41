"""A question that answers an alarm's message is about that alarm, whatever else is open."""

from collections.abc import Sequence
from dataclasses import replace

from bot.house import House
from bot.view import ChatView
from skills.registry import SKILLS
from skills.understanding.normal import normal
from skills.understanding.papers import found
from skills.understanding.understand import Question
from skills.which_alarm import Which


def visible_alarm(house: House, view: ChatView, alarm_id: str | None) -> str | None:
    """The alarm of this number, if it is told in this chat; None for any other, as if it did not exist."""
    mine = (a for c in view.contracts() for a in house.alarms_of(c.id) if a.id == alarm_id)
    return next((a.id for a in mine if view.told(a)), None)


def alarm_in(text: str) -> str | None:
    """The first alarm number in the text of a message; None where there is none."""
    numbers = [n for clause in normal(text).clauses for n in found(clause)[1].get("alarm", ())]
    return numbers[0] if numbers else None


def about(questions: Sequence[Question], alarm_id: str) -> tuple[Question, ...]:
    """The questions with this alarm where they ask about one and number none themselves."""
    return tuple(_about(q, alarm_id) for q in questions)


def _about(question: Question, alarm_id: str) -> Question:
    skill = next((s for s in SKILLS if s.name == question.skill), None)
    place = next((p.name for p in skill.parameters if p.kind == "alarm"), None) if skill is not None else None
    if place is None or "metric" in question.arguments or Which.of(question.arguments.get(place, "")).ids:
        return question
    return replace(question, arguments={**question.arguments, place: alarm_id})
