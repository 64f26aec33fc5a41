"""Which alarm is meant: a number, the newest one (刚才那条), one that is pointed at (这条), of a severity, kind, tank or time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from domain.alarm import Alarm
from domain.contract import AlertKind, Contract, Severity
from domain.event import Json, stamp
from skills.alarms import about
from skills.ports import View
from skills.scope import ids, not_found, partial
from skills.skill import Answer, Status
from skills.span import Span, span_of

Meant = tuple[Contract, Alarm]
LAST, THIS = "last", "this"
"""What stands for a number: the newest of all, and the one that is pointed at."""
LATELY = timedelta(days=30)
"""So far back an alarm that is closed is looked for."""
EVER = LATELY * 120
AROUND = timedelta(minutes=20)
"""An alarm of half an hour ago may have been raised so much earlier or later."""
MOST = 5
"""So many are listed where there is none such, or where several may be meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """An alarm argument: numbers, or ``last`` or ``this`` and perhaps a severity, as in last/orange; nothing said: all.

    kinds, tanks, span: what else is said of it; span: within which it was raised.
    """

    ids: tuple[str, ...] = ()
    word: str = ""
    severity: Severity | None = None
    kinds: frozenset[AlertKind] = frozenset()
    tanks: tuple[str, ...] = ()
    span: Span | None = None

    @classmethod
    def of(cls, said: str) -> Self:
        """The argument as it was written."""
        word, _, level = said.lower().partition("/")
        if word not in (LAST, THIS):
            return cls(ids=tuple(part.upper() for part in said.split(",") if part))
        return cls(word=word, severity=_severity(level))

    @classmethod
    def asked(cls, arguments: Mapping[str, str]) -> Self:
        """All that a question says of the alarm it means; the newest where it says nothing."""
        said = cls.of(arguments.get("alert", LAST))
        return replace(
            said,
            severity=_severity(arguments.get("severity", "")) or said.severity,
            kinds=frozenset(AlertKind(k) for k in ids(arguments, "kind")),
            tanks=ids(arguments, "tank"),
            span=_around(arguments.get("time", "")),
        )

    @property
    def only_points(self) -> bool:
        """那条, and nothing that tells it from another."""
        return self.word == THIS and not (self.severity or self.kinds or self.tanks or self.span)

    def fits(self, alarm: Alarm) -> bool:
        """By its number, else by everything that is said of it."""
        if self.ids:
            return alarm.id in self.ids
        level, kind = self.severity in (None, alarm.severity), not self.kinds or alarm.kind in self.kinds
        return level and kind and speaks_of(alarm, self.tanks) and within(alarm.raised_at, self.span)

    def among(self, found: Sequence[Meant]) -> list[Meant]:
        """Those that it fits; of the newest only that one."""
        fits = [m for m in found if self.fits(m[1])]
        return [max(fits, key=_raised)] if self.word == LAST and fits else fits


def newest(found: Sequence[Meant], which: Which) -> Meant | None:
    """The numbered one, or the one raised last that fits."""
    left = which.among(found)
    return max(left, key=_raised) if left else None


def told_lately(view: View, contracts: Sequence[Contract], *, numbered: bool) -> list[Meant]:
    """Told in this chat: those that are open, and those of the last month, or of any time where one is named."""
    since = view.now - (EVER if numbered else LATELY)
    rows = [(c, a) for c in contracts for a in (*view.alarms_since(c.id, since), *view.alarms(c.id))]
    return list({(c.id, a.id): (c, a) for c, a in rows}.values())


def told_to(view: View, contracts: Sequence[Contract], which: Which) -> list[Meant]:
    """Those told in this chat among which such an alarm is to be found: further back where its number or time says so."""
    old = which.span is not None and which.span.start < view.now - LATELY
    return told_lately(view, contracts, numbered=bool(which.ids) or old)


def none_such(view: View, contracts: Sequence[Contract], which: Which) -> Answer:
    """No alarm of this number, or none of which all of that is true; then what there is beside, the open ones first."""
    if which.ids:
        return not_found("alarm")
    if which.tanks and not any(t in c.tank_ids() for c in contracts for t in which.tanks):
        return not_found("tank")
    told = told_lately(view, contracts, numbered=False)
    told.sort(key=lambda m: (m[1].open, m[1].raised_at), reverse=True)
    span = which.span
    facts: Json = {
        "days": LATELY.days,
        "told": len(told),
        "open": sum(a.open for _, a in told),
        "severity": int(which.severity) if which.severity is not None else None,
        "kinds": sorted(k.value for k in which.kinds),
        "tanks": list(which.tanks),
        "start": stamp(span.start) if span is not None else None,
        "end": stamp(min(span.end, view.now)) if span is not None else None,
        "others": [_shown(view, c, a) for c, a in told[:MOST]],
        "partial": partial(view),
        "at": stamp(view.now),
    }
    return Answer(status=Status.NO_DATA, kind="alert_none", facts=facts)


def one_of(view: View, found: Sequence[Meant]) -> Answer:
    """The question back: which of these, the newest first."""
    newest_first = sorted(found, key=_raised, reverse=True)
    facts: Json = {"alarms": [_shown(view, c, a) for c, a in newest_first[:MOST]], "more": max(0, len(found) - MOST)}
    return Answer(status=Status.CLARIFY, kind="alert_which", facts=facts)


def _shown(view: View, contract: Contract, alarm: Alarm) -> Json:
    """One of the others by its number and title, as this chat may read it."""
    return {
        "id": alarm.id,
        "kind": alarm.kind.value,
        "severity": int(alarm.severity),
        "about": about(alarm, view.may(contract.id)),
        "raised_at": stamp(alarm.raised_at),
        "open": alarm.open,
    }


def within(at: datetime, span: Span | None) -> bool:
    """True where no time is named."""
    return span is None or span.start <= at <= span.end


def _around(said: str) -> Span | None:
    """半小时前那条: about then."""
    span = span_of(said)
    moment = span is not None and span.start == span.end
    return Span(start=span.start - AROUND, end=span.end + AROUND) if span is not None and moment else span


def _severity(said: str) -> Severity | None:
    return next((s for s in Severity if s.name.lower() == said), None)


def speaks_of(alarm: Alarm, tanks: Collection[str]) -> bool:
    """The alarm is about one of these tanks; true where none is named."""
    facts = alarm.facts
    mine = {alarm.subject, facts.get("tank"), *(t["tank"] for t in facts.get("tanks", ()))}
    return not tanks or bool(set(tanks) & mine)


def _raised(meant: Meant) -> tuple[object, str]:
    return meant[1].raised_at, meant[1].id
