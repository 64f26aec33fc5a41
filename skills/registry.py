"""Every skill that people may use, in the order in which the help shows them."""

from skills import alarms, status, tanks
from skills.helping import help_of
from skills.skill import Skill

_ASKED = (status.SKILL, tanks.SKILL, alarms.SKILL)

SKILLS: tuple[Skill, ...] = (*_ASKED, help_of(_ASKED))
