"""Every skill that people may use, in the order in which the help shows them."""

from skills import (
    alarms,
    alarms_then,
    alert_why,
    bring,
    cases,
    disposal,
    duty,
    evidence,
    exposure,
    goods_worth,
    headroom,
    inspection,
    insurance,
    movement,
    notice_check,
    owners,
    owners_then,
    price,
    quality,
    ranking,
    receipts,
    reconcile,
    registration,
    release,
    report,
    sensor,
    status,
    swap,
    swap_check,
    talk,
    tanks,
    term,
    then,
    top_up,
    trend,
    what_if,
    words_given,
)
from skills.acts import ACTS
from skills.helping import help_of
from skills.refusals import REFUSALS
from skills.skill import Skill

_ASKED = (
    status.SKILL,
    goods_worth.SKILL,
    tanks.SKILL,
    alarms.SKILL,
    alarms_then.SKILL,
    top_up.SKILL,
    headroom.SKILL,
    what_if.SKILL,
    swap_check.SKILL,
    exposure.SKILL,
    disposal.SKILL,
    owners.SKILL,
    receipts.RECEIPT,
    receipts.RECEIPTS,
    then.SKILL,
    owners_then.SKILL,
    ranking.SKILL,
    trend.SKILL,
    report.SKILL,
    price.SKILL,
    term.SKILL,
    insurance.SKILL,
    registration.SKILL,
    evidence.SKILL,
    duty.SKILL,
    inspection.SKILL,
    movement.SKILL,
    sensor.SKILL,
    quality.SKILL,
    reconcile.SKILL,
    alert_why.SKILL,
)
_MOVED = (release.SKILL, swap.SKILL, bring.SKILL, cases.CASES, cases.CASE, notice_check.SKILL, words_given.SKILL)

_TALK = (talk.SKILL,)

HELP = help_of((*_ASKED, *_MOVED, *ACTS))
SKILLS: tuple[Skill, ...] = (*_ASKED, *_MOVED, *ACTS, HELP, *_TALK, *REFUSALS)
