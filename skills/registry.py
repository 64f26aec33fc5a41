"""Every skill that people may use, in the order in which the help shows them."""

from skills import (
    alarms,
    bring,
    cases,
    disposal,
    exposure,
    headroom,
    notice_check,
    owners,
    owners_then,
    receipts,
    release,
    status,
    swap,
    tanks,
    then,
    top_up,
    what_if,
)
from skills.helping import help_of
from skills.skill import Skill

_ASKED = (
    status.SKILL,
    tanks.SKILL,
    alarms.SKILL,
    top_up.SKILL,
    headroom.SKILL,
    what_if.SKILL,
    exposure.SKILL,
    disposal.SKILL,
    owners.SKILL,
    receipts.RECEIPTS,
    receipts.RECEIPT,
    then.SKILL,
    owners_then.SKILL,
)
_MOVED = (release.SKILL, swap.SKILL, bring.SKILL, cases.CASES, cases.CASE, notice_check.SKILL)

SKILLS: tuple[Skill, ...] = (*_ASKED, *_MOVED, help_of((*_ASKED, *_MOVED)))
