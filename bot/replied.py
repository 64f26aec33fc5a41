"""A question that answers an alarm's message is about that alarm, whatever else is open."""

from collections.abc import Sequence
from dataclasses import replace

from bot.house import House
from bot.view import ChatView
from domain.alarm import Alarm
from domain.tank import TankIndex
from skills.registry import SKILLS
from skills.understanding.normal import normal
from skills.understanding.papers import found
from skills.understanding.understand import Question
from skills.which_alarm import Which

OF_TANKS = frozenset({"q_tank", "q_quality", "q_movement", "q_quantity"})
"""What is asked of the tank that an alarm is about."""
PLACES = frozenset({"tank", "good", "site"})


def visible_alarm(house: House, view: ChatView, alarm_id: str | None) -> Alarm | None:
    """The alarm of this number, if it is told in this chat; None for any other, as if it did not exist."""
    mine = (a for c in view.contracts() for a in house.alarms_of(c.id) if a.id == alarm_id)
    return next((a for a in mine if view.told(a)), None)


def alarm_in(text: str) -> str | None:
    """The first alarm number in the text of a message; None where there is none."""
    numbers = [n for clause in normal(text).clauses for n in found(clause)[1].get("alarm", ())]
    return numbers[0] if numbers else None


def about(questions: Sequence[Question], alarm: Alarm, tanks: TankIndex) -> tuple[Question, ...]:
    """The questions with this alarm where they ask about one and number none themselves, or with its tank: 液位多少."""
    return tuple(_about(q, alarm, tanks) for q in questions)


def _about(question: Question, alarm: Alarm, tanks: TankIndex) -> Question:
    skill = next((s for s in SKILLS if s.name == question.skill), None)
    kinds = {p.kind: p.name for p in skill.parameters} if skill is not None else {}
    asked = question.arguments
    if "alarm" in kinds:
        numbered = "metric" in asked or Which.of(asked.get(kinds["alarm"], "")).ids
        return question if numbered else replace(question, arguments={**asked, kinds["alarm"]: alarm.id})
    if "tank" in kinds and alarm.subject in tanks.row and question.intent in OF_TANKS and not PLACES & asked.keys():
        return replace(question, arguments={**asked, kinds["tank"]: alarm.subject})
    return question
