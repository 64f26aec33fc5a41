"""Finds a withheld figure or name in whatever was said, however it is written: 元, 万, 亿, 吨, %, cut off or rounded.

A number is a secret's when it lies within one unit of its own last digit of it, in any unit it may be meant in. Whole, it
knows nothing of the code that writes figures.
"""

import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(
    r"(?<![0-9A-Za-z.,_#-])[-+−]?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?![0-9A-Za-z_-])\s?"
    r"(亿元|万元|元/吨|CNY/t|CNY|元|亿|万|吨|千克|kg|毫米|mm|米|%)?"
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?|\b[0-9a-f]{16,64}\b")
_WORD = r"(?<![0-9A-Za-z]){}(?![0-9A-Za-z])"
UNITS: dict[str, tuple[tuple[str, Decimal], ...]] = {
    "亿元": (("cny", Decimal(10**8)),),
    "亿": (("cny", Decimal(10**8)),),
    "万元": (("cny", Decimal(10**4)),),
    "万": (("cny", Decimal(10**4)),),
    "元": (("cny", Decimal(1)),),
    "CNY": (("cny", Decimal(1)),),
    "元/吨": (("cny_t", Decimal(1)),),
    "CNY/t": (("cny_t", Decimal(1)),),
    "吨": (("kg", Decimal(1000)),),
    "千克": (("kg", Decimal(1)),),
    "kg": (("kg", Decimal(1)),),
    "毫米": (("mm", Decimal(1)),),
    "mm": (("mm", Decimal(1)),),
    "米": (("mm", Decimal(1000)),),
    "%": (("ratio", Decimal("0.01")),),
}
BARE = tuple({pair for pairs in UNITS.values() for pair in pairs} | {("ratio", Decimal(1))})
"""What a number without a unit may mean."""
LEAST = {True: 3, False: 4}
"""Digits of a number that can be told from any other, with a unit and without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """name: of what. needs: all that a reader must be granted. kind: 'cny', 'cny_t', 'kg', 'mm', 'ratio' or 'text'."""

    name: str
    contract: str
    needs: frozenset[str]
    kind: str
    value: Decimal | str


class Hunt:
    """Looks for many secrets in many texts."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self.secrets = tuple(secrets)
        self._words = [
            (re.compile(_WORD.format(re.escape(s.value))), s) for s in self.secrets if isinstance(s.value, str)
        ]
        by_kind: dict[str, list[tuple[Decimal, int]]] = defaultdict(list)
        for n, s in enumerate(self.secrets):
            if isinstance(s.value, Decimal) and s.value:
                by_kind[s.kind].append((abs(s.value), n))
        self._by_kind = {kind: sorted(rows) for kind, rows in by_kind.items()}
        self._seen: dict[str, frozenset[Secret]] = {}

    def found(self, said: str) -> frozenset[Secret]:
        """Every secret that this text tells."""
        if said not in self._seen:
            self._seen[said] = frozenset(self._found(said))
        return self._seen[said]

    def _found(self, said: str) -> Iterator[Secret]:
        text = unicodedata.normalize("NFKC", said)
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
        yield from (s for pattern, s in self._words if pattern.search(text))
        for found in _NUMBER.finditer(_STAMP.sub(" ", text)):
            yield from self._meant(found[1].replace(",", ""), found[2] or "")

    def _meant(self, digits: str, unit: str) -> Iterator[Secret]:
        if len(digits.replace(".", "").lstrip("0")) < LEAST[bool(unit)]:
            return
        number = Decimal(digits)
        step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
        for kind, scale in UNITS.get(unit, BARE):
            rows = self._by_kind.get(kind, [])
            low, high = (number - step) * scale, (number + step) * scale
            for _, n in rows[bisect_right(rows, (low, len(self.secrets))) : bisect_left(rows, (high, -1))]:
                yield self.secrets[n]


def as_text(value: Any) -> str:
    """Facts, figures, arguments or a chart as a text in which names and numbers stand apart."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    return sorted(map(str, value)) if isinstance(value, frozenset | set) else str(value)
