"""What a text is heard to ask at 恒运池 on 12 March: its names, its moment, and the turn that went before."""

from collections.abc import Sequence

from bot.hearing import different
from bot.turns import turn_of
from skills.registry import SKILLS
from skills.skill import Skill
from skills.understanding.scope import Scope, within
from skills.understanding.turns import Turn, told_by
from skills.understanding.understand import Question, Result, Understood, understand
from tests.data.words.hengyun import CONTRACT, NOW, Names

HERE = within(Names(), [CONTRACT])


def hear(
    text: str,
    *,
    addressed: bool = True,
    previous: Turn | None = None,
    told: str = "",
    names: Scope = HERE,
    skills: Sequence[Skill] = SKILLS,
) -> Result:
    """As the bot hears it."""
    return understand(text, skills, names, NOW, addressed=addressed, previous=previous, told=told)


def turn(text: str) -> Turn | None:
    """The turn that this text makes."""
    return turn_of(hear(text)) if text else None


def after(context: str, text: str) -> Result:
    """Heard after what went before: an alarm, a task, a question of the bot's, or the same person's question."""
    told = told_by(context)
    if told == "asked":
        return hear(text, previous=Turn(intent="q_tank", missing="tank"), told=told)
    return hear(text, previous=turn(context) if told == "answer" else None, told=told)


def questions(found: Result) -> list[Question]:
    """What is answered, each once; nothing where it is asked back."""
    return different(found.questions) if isinstance(found, Understood) else []


def one(found: Result) -> Question:
    """The only thing that is answered."""
    (question,) = questions(found)
    return question
