"""Every skill that people may use, in the order in which the help shows them."""

from skills import alarms, headroom, status, tanks, top_up, what_if
from skills.helping import help_of
from skills.skill import Skill

_ASKED = (status.SKILL, tanks.SKILL, alarms.SKILL, top_up.SKILL, headroom.SKILL, what_if.SKILL)

SKILLS: tuple[Skill, ...] = (*_ASKED, help_of(_ASKED))
