"""The declarations from which command, help, route, tool and API come."""

import re

import pytest

from bot.words import Words
from domain.people import Role
from skills.naming import EXAMPLE_NAMES
from skills.registry import SKILLS
from skills.skill import Skill
from skills.understand import Understood, understand
from tests.data.words.hengyun import ROSTER, Labels, Names
from tests.data.words.window import Window

WORDS = Words(Labels())
HELP = next(s for s in SKILLS if s.name == "help")


@pytest.mark.parametrize("skill", SKILLS, ids=lambda s: s.name)
def test_a_declaration_is_complete(skill: Skill) -> None:
    assert re.fullmatch(r"[a-z_]{1,32}", skill.command)  # Bot API: BotCommand
    assert 3 <= len(skill.purpose) <= 256
    assert len(skill.examples) >= 5
    assert skill.roles


def test_names_and_commands_are_unique() -> None:
    for words in ([s.name for s in SKILLS], [s.command for s in SKILLS], [a for s in SKILLS for a in s.aliases]):
        assert len(words) == len(set(words))


@pytest.mark.parametrize("skill", SKILLS, ids=lambda s: s.name)
def test_every_example_leads_to_its_own_skill(skill: Skill) -> None:
    for example in skill.examples:
        found = understand(example, SKILLS, Names(), addressed=True)
        assert isinstance(found, Understood), example
        assert found.skill == skill.name, example


@pytest.mark.parametrize("skill", [s for s in SKILLS if s.reads is None], ids=lambda s: s.name)
def test_examples_use_only_the_names_that_the_router_knows(skill: Skill) -> None:
    known = [n for names in EXAMPLE_NAMES.values() for n in names]
    for example in skill.examples:
        left = example
        for name in known:
            left = left.replace(name, "")
        assert not re.search(r"[A-Za-z]|\d", left), example


def test_the_help_shows_each_role_what_it_may_use() -> None:
    for who in ("chen", "wang", "zhao", "li"):
        shown = WORDS.answer(HELP.run(Window(who=who), {})).text
        for skill in SKILLS[:-1]:
            mine = ROSTER.people[who].role in skill.roles
            assert (f"/{skill.command} {skill.purpose}" in shown) == mine, (who, skill.name)
    operator = WORDS.answer(HELP.run(_Operator(), {})).text
    assert "/status" not in operator
    assert Role.OPERATOR in HELP.roles


class _Operator(Window):
    """Somebody who runs the program and sees no cargo."""

    @property
    def actor(self):
        from dataclasses import replace

        from tests.data.words.hengyun import ROSTER

        return replace(ROSTER.people["chen"], role=Role.OPERATOR)
