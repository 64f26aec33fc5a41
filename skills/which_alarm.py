"""Which alarm is meant: a number, the newest one (刚才那条), one that is pointed at (这条), of a severity or a tank."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from domain.alarm import Alarm
from domain.contract import Contract, Severity
from skills.ports import View
from skills.span import Span

Meant = tuple[Contract, Alarm]
LAST, THIS = "last", "this"
"""What stands for a number: the newest of all, and the one that is pointed at."""
LATELY = timedelta(days=30)
"""So far back an alarm that is closed is looked for."""
EVER = LATELY * 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """An alarm argument: numbers, or ``last`` or ``this`` and perhaps a severity, as in last/orange; nothing said: all."""

    ids: tuple[str, ...] = ()
    word: str = ""
    severity: Severity | None = None

    @classmethod
    def of(cls, said: str) -> Self:
        """The argument as it was written."""
        word, _, level = said.lower().partition("/")
        if word not in (LAST, THIS):
            return cls(ids=tuple(part.upper() for part in said.split(",") if part))
        return cls(word=word, severity=next((s for s in Severity if s.name.lower() == level), None))

    def among(self, found: Sequence[Meant]) -> list[Meant]:
        """Those that it fits; of the newest only that one."""
        if self.ids:
            return [m for m in found if m[1].id in self.ids]
        fits = [m for m in found if self.severity is None or m[1].severity is self.severity]
        return [max(fits, key=_raised)] if self.word == LAST and fits else fits


def newest(
    found: Sequence[Meant], which: Which, *, tanks: Collection[str] = (), span: Span | None = None
) -> Meant | None:
    """The numbered one, or the one raised last that fits; span: within which it was raised."""
    fits = [m for m in found if speaks_of(m[1], tanks) and (span is None or span.start <= m[1].raised_at <= span.end)]
    left = which.among(fits)
    return max(left, key=_raised) if left else None


def told_lately(view: View, contracts: Sequence[Contract], *, numbered: bool) -> list[Meant]:
    """Told in this chat: those that are open, and those of the last month, or of any time where one is named."""
    since = view.now - (EVER if numbered else LATELY)
    rows = [(c, a) for c in contracts for a in (*view.alarms_since(c.id, since), *view.alarms(c.id))]
    return list({(c.id, a.id): (c, a) for c, a in rows}.values())


def speaks_of(alarm: Alarm, tanks: Collection[str]) -> bool:
    """The alarm is about one of these tanks; true where none is named."""
    facts = alarm.facts
    mine = {alarm.subject, facts.get("tank"), *(t["tank"] for t in facts.get("tanks", ()))}
    return not tanks or bool(set(tanks) & mine)


def _raised(meant: Meant) -> tuple[object, str]:
    return meant[1].raised_at, meant[1].id
