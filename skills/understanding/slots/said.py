"""What a frame says of one thing, as slots: an amount, a line, an alarm, a person, the first words of a table that fit.

Knows no intent: which of these belong to which is for the families beside it.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from domain.event import Json
from skills.understanding.frame import Frame

Table = tuple[tuple[str, str], ...]
"""(name, pattern of the words that mean it); where one is wanted, the first that fits."""
Reader = Callable[[Frame], Json]
"""Reads one intent's own slots; where and when are read for all (``intents``)."""
_LINES: Table = (
    ("disposal", "平仓线|处置线|平仓|处置"),
    ("warn", "补货线|预警线|警戒线|补仓线"),
    ("control", "监管线|控货线|控制线|红线|最低线"),
)
METRICS: Table = (
    ("ltv", "质押率|抵押率|押率|ltv"), ("coverage", "覆盖"), ("price", "价格|单价|报价"), ("level", "液位"), ("temp", "温度|多少度|几度"),
    ("value", "货值|市值|多少钱|值|总价"), ("qty", "吨|数量|库存|存量|多少货|在押量"),
)  # fmt: skip
"""Figures that can be asked for, watched or explained."""


def first(table: Table, text: str) -> str | None:
    """The first entry of which a word stands in the text."""
    return next((name for name, words in table if re.search(words, text)), None)


def every(table: Table, text: str) -> list[str]:
    """All entries of which a word stands in the text."""
    return [name for name, words in table if re.search(words, text)]


def number(value: Decimal) -> int | float:
    """As JSON writes it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def amount(frame: Frame, kind: str, key: str) -> Json:
    """The first amount of a kind, under this key."""
    found = frame.amount(kind)
    return {key: number(found[0].value)} if found else {}


def chosen(frame: Frame, key: str, table: Table) -> Json:
    """The first entry of the table that fits, under this key."""
    name = first(table, frame.plain)
    return {key: name} if name else {}


def want(frame: Frame, table: Table) -> Json:
    """What somebody wants to know, by this table."""
    return chosen(frame, "want", table)


def line(frame: Frame) -> Json:
    """The line that is meant: 监管线, 补货线 or 平仓线."""
    return chosen(frame, "line", _LINES)


def alert(frame: Frame) -> Json:
    """The alarm that is numbered, else the last."""
    ids = frame.paper("alarm")
    return {"alert": ids[0] if ids else "last"}


def person(frame: Frame) -> Json:
    """The first person who is named."""
    people = frame.of("person")
    return {"person": people[0].said} if people else {}
