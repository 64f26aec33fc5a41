"""Which of the sums that somebody names is for what: 还款1000万能放多少 is repaid first, 补421万货 is what goods are worth.

A skill has a parameter of that name where it wants them apart; every other sum is what it was.
"""

import re
from dataclasses import replace
from decimal import Decimal

from skills.skill import Skill
from skills.understanding.changes import supposes_repaying
from skills.understanding.frame import Frame

_REPAID = re.compile(r"(?:还款|偿还|归还|还本金?|还掉|还上|还了?(?:银行|贵行|你们|他们)?) ?$")
_OF_GOODS = re.compile(r"(?:元|块)?的?(?:货(?![款币])|G)")
PURPOSES = ("repaid", "worth")
"""Parameters of kind 'money' that hold a sum for its purpose."""
TOLD = "told"
"""What has been repaid already is in the balance, or is not: nobody is answered as if it were still to come."""


def sums_of(skill: Skill, frame: Frame) -> dict[str, Decimal]:
    """The sums by the skill's parameters for them; none where two would be for the same. ``TOLD`` is for none of them."""
    places = {p.name for p in skill.parameters} & set(PURPOSES)
    signs = [m.span() for m in re.finditer("R", frame.masked)]
    said = frame.amount("money")
    if not places or len(signs) != len(said):
        return {}
    purposes = [(_purpose(frame, *span), amount.value) for span, amount in zip(signs, said, strict=True)]
    names = [name for name, _ in purposes]
    if "repaid" in places:
        places.add(TOLD)
    return {name: value for name, value in purposes if name in places and names.count(name) == 1}


def without(frame: Frame, sums: dict[str, Decimal]) -> Frame:
    """The frame less these sums."""
    held = set(sums.values())
    return replace(frame, amounts=tuple(a for a in frame.amounts if a.kind != "money" or a.value not in held))


def _purpose(frame: Frame, start: int, end: int) -> str:
    if _REPAID.search(frame.masked[:start]):
        return "repaid" if supposes_repaying(frame.plain) else TOLD
    return "worth" if _OF_GOODS.match(frame.masked, end) else ""
