"""What a button offers, read as if a stranger had written it: only what a skill could have offered is asked.

A platform hands on whatever a client sends back for a button. Names are looked up by the skill, among what may be seen; here
it is decided whether each argument is one at all.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from bot.running import skill_named
from bot.tokens import Offer
from skills.skill import Parameter, Skill
from skills.span import span_of

YEARS = range(2000, 2100)
"""A button's times lie in these."""
PERCENT = (Decimal(-100), Decimal(1000))
"""No price falls by more than all of it."""
_AMOUNT = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")
"""kg or CNY: a trillion of either is beyond every contract."""


def taken(offer: Offer) -> Skill | None:
    """The skill that the offer names, if it takes these arguments; None: it is no button of ours, or an old one."""
    skill = skill_named(offer.skill)
    if skill is None:
        return None
    known = {p.name: p for p in skill.parameters}
    if any(p.required and not offer.arguments.get(p.name) for p in skill.parameters):
        return None
    fits = all(name in known and fitting(known[name], value) for name, value in offer.arguments.items())
    return skill if fits else None


def fitting(parameter: Parameter, value: str) -> bool:
    """Whether the parameter may have this value; of ids and texts, only whether there is one."""
    check = _CHECKS.get(parameter.kind)
    return bool(value.strip()) if check is None else check(parameter, value)


def _choice(parameter: Parameter, value: str) -> bool:
    several = value.split(",") if parameter.many else [value]
    return all(v in dict(parameter.choices) for v in several)


def _amount(parameter: Parameter, value: str) -> bool:
    del parameter
    return _AMOUNT.fullmatch(value) is not None


def _percent(parameter: Parameter, value: str) -> bool:
    low, high = PERCENT
    return _amount(parameter, value) and low <= Decimal(value) <= high


def _time(parameter: Parameter, value: str) -> bool:
    del parameter
    span = span_of(value)
    return span is not None and span.start.year in YEARS and span.end.year in YEARS


_CHECKS: Mapping[str, Callable[[Parameter, str], bool]] = {
    "choice": _choice,
    "mass": _amount,
    "money": _amount,
    "percent": _percent,
    "time": _time,
}
