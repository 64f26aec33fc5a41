"""The declarations from which command, help, route, tool and API come."""

import re

import pytest

from bot.words import Words
from domain.people import Role
from skills.refusals import REFUSALS
from skills.registry import SKILLS
from skills.skill import Skill
from skills.understanding.understand import Clarify
from tests.data.words.hearing import hear, questions
from tests.data.words.hengyun import ROSTER, Labels
from tests.data.words.window import Window

WORDS = Words(Labels())
HELP = next(s for s in SKILLS if s.name == "help")


@pytest.mark.parametrize("skill", SKILLS, ids=lambda s: s.name)
def test_a_declaration_is_complete(skill: Skill) -> None:
    assert re.fullmatch(r"[a-z_]{1,32}", skill.command)  # Bot API: BotCommand
    assert 3 <= len(skill.purpose) <= 256
    assert len(skill.examples) >= 2
    assert skill.roles


def test_names_and_commands_are_unique() -> None:
    for words in ([s.name for s in SKILLS], [s.command for s in SKILLS], [a for s in SKILLS for a in s.aliases]):
        assert len(words) == len(set(words))


@pytest.mark.parametrize("skill", SKILLS, ids=lambda s: s.name)
def test_every_example_leads_to_its_own_skill(skill: Skill) -> None:
    for example in skill.examples:
        found = hear(example)
        if isinstance(found, Clarify) and found.about in ("tank", "name"):  # of cargo that is not here
            assert found.options == (skill.name,), example
        else:
            assert [q.skill for q in questions(found)] == [skill.name], example


def test_the_help_shows_each_role_what_it_may_use() -> None:
    for who in ("chen", "wang", "zhao", "li"):
        shown = WORDS.answer(HELP.run(Window(who=who), {"what": "all"})).text
        for skill in (s for s in SKILLS if s not in REFUSALS and s.name not in ("help", "smalltalk")):
            mine = ROSTER.people[who].role in skill.roles
            assert (f"/{skill.command} {skill.purpose}" in shown) == mine, (who, skill.name)
    operator = WORDS.answer(HELP.run(_Operator(), {"what": "all"})).text
    assert "/status" not in operator
    assert Role.OPERATOR in HELP.roles


class _Operator(Window):
    """Somebody who runs the program and sees no cargo."""

    @property
    def actor(self):
        from dataclasses import replace

        from tests.data.words.hengyun import ROSTER

        return replace(ROSTER.people["chen"], role=Role.OPERATOR)
