"""An alarm that is named by its tank or its kind where something is done about it: T-112这个报警不对, 跌价那条静音.

A tank or a kind elsewhere in the sentence is a reason and names none: 这条不对,是T-110倒罐.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from domain.contract import AlertKind
from skills.alarm_kinds import WORDS
from skills.scope import ids
from skills.skill import Parameter
from skills.which_alarm import Meant, Which

_POINTER = r"[那这该] ?一?[条个]|[预报告]警|警报"
_AT = ("那条", "这条", "那个", "这个", "预警", "报警", "告警")
_LINES = ("监管线", "补货线", "处置线")
_NAMED = re.compile(rf"(?:\d{{3}}|罐) ?[的上]? ?(?:{_POINTER})")
"""A tank right before what points at an alarm; it may be none of ours."""
_POINTS = re.compile(_POINTER)


def _choices() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each kind with its words, as they stand right before what points at an alarm."""
    words = {k: (*w, *(_LINES if k is AlertKind.VALUE_BELOW_LINE else ())) for k, w in WORDS.items()}
    return tuple(
        (k.value, tuple(w + of + at for w in ws for of in ("", "的") for at in _AT)) for k, ws in words.items()
    )


NAMING = (
    Parameter(name="tank", kind="tank", about="预警所涉罐号", many=True),
    Parameter(name="kind", kind="choice", about="哪类预警", choices=_choices(), many=True),
)
"""What a skill needs that does something about an alarm."""


def named(arguments: Mapping[str, str]) -> Which:
    """The alarm argument with the kinds and tanks that are said of it."""
    said = Which.of(arguments.get("alarm", ""))
    kinds = frozenset(AlertKind(k) for k in ids(arguments, "kind"))
    return replace(said, kinds=kinds, tanks=ids(arguments, "tank"))


def narrowed(which: Which, text: str, among: list[Meant], known: list[Meant]) -> list[Meant] | None:
    """Those that may be meant: of ``among``, else of all ``known``. None: what is named, no open alarm is about."""
    if not (which.tanks or which.kinds):
        return None if _NAMED.search(text) else which.among(among)
    told = [m for m in known if which.fits(m[1])]
    if which.kinds or _names(text):
        return None if not told and text else which.among(among) or told or replace(which, tanks=()).among(among)
    pointed = replace(which, tanks=()).among(among)
    strange = len(pointed) == 1 and bool(told) and pointed[0] not in told
    return [*pointed, *told] if strange else pointed


def _names(text: str) -> bool:
    """A tank right before 这条 or 报警, or in a sentence that points at none."""
    return _NAMED.search(text) is not None or _POINTS.search(text) is None
