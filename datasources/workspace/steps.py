"""A series of a contract's test as it is written: '2650x3 2480 2480-10x5 _x2'.

2650x3: three times 2650. 2480-10x5: five values, each 10 below the one before, the first 2480. _: nothing new.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from datasources.workspace.secret import shown
from datasources.workspace.word import moment, refuse, written

Steps = tuple[Decimal | None, ...]
MOST = 20_000
"""Values of one series: a fortnight of minutes."""
_PART = re.compile(r"(?:(_)|(-?\d{1,12}(?:\.\d{1,6})?)([+-]\d{1,12}(?:\.\d{1,6})?)?)(?:x(\d{1,5}))?", re.ASCII)
_SPAN = re.compile(r"(\d{1,6})(m|h|d)", re.ASCII)
LONGEST = timedelta(days=36_525)
"""The longest test, a century: beyond it lies the end of the calendar that a moment can be told in."""
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
EXAMPLE = "write e.g. '2650x3 2480 2480-10x5 _x2'"


def steps(value: Any) -> Steps:
    """One value per interval; None where nothing new is said."""
    out: list[Decimal | None] = []
    for part in written(value).split():
        found = _PART.fullmatch(part)
        if found is None:
            refuse(f"{shown(part)} is no part of a series", EXAMPLE)
        nothing, first, change, times = found.groups()
        count = int(times or 1)
        if count == 0 or len(out) + count > MOST:
            refuse(f"{shown(part)} makes {len(out) + count} values", f"write 1 to {MOST} in all")
        step = Decimal(change or 0)
        out += [None] * count if nothing else [Decimal(first) + step * n for n in range(count)]
    if not out:
        refuse("is empty", EXAMPLE)
    return tuple(out)


def span(value: Any) -> timedelta:
    """A length of time above 0: 1m, 12h, 1d."""
    word = written(value)
    found = _SPAN.fullmatch(word)
    if found is None or int(found[1]) == 0:
        refuse(f"{shown(word)} is not a length of time", "write e.g. 1m, 12h or 1d")
    return _length(found)


def place_in_time(value: Any) -> timedelta | datetime:
    """A moment with its zone, or how long after the start: 0m, 90m, 3d."""
    word = written(value)
    found = _SPAN.fullmatch(word)
    return _length(found) if found is not None else moment(value)


def _length(found: re.Match[str]) -> timedelta:
    length = int(found[1]) * _UNITS[found[2]]
    if length > LONGEST:
        refuse(f"{shown(found[0])} is more than a century", "write e.g. 1m, 12h or 1d")
    return length


Series = Annotated[Steps, BeforeValidator(steps)]
Span = Annotated[timedelta, BeforeValidator(span)]
Place = Annotated[timedelta | datetime, BeforeValidator(place_in_time)]
