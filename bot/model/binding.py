"""From words to ids: a model passes on how the asker named something; what that means here is decided by code.

Knows only the names of this chat (``Vocabulary``), so that nothing outside it can be named.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from domain.event import stamp
from skills.skill import Parameter, Skill
from skills.understanding.binding import pointed_at
from skills.understanding.frame import Frame, frames_of, joined
from skills.understanding.normal import normal
from skills.understanding.spans import span_of
from skills.understanding.vocabulary import Vocabulary

NAMED = ("tank", "good", "site", "contract", "person")
"""Kinds whose arguments are ids."""
AMOUNTS = ("mass", "money", "percent")
PAPERS = ("receipt", "alarm")
"""Kinds whose arguments are numbers of papers, as they stand in the text."""
MOST = 2
"""Of a name that fits more things nobody is guessed."""
_NOW = "now"
_OUT = re.compile(r"提|出|减|拉|跌|降|落|-")
_IN = re.compile(r"补|入|进|涨|升|加|\+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a text names by itself. names: (kind, ids that one name may mean). times: 'START/END'. amounts: (kind, size).

    plain: the text in normal form, without breaks. whole: each time to its real end, and as it stands in ``times``.
    timeless: a time is said that no calendar has, or not here: 2月30日.
    """

    names: tuple[tuple[str, frozenset[str]], ...]
    times: frozenset[str]
    amounts: frozenset[tuple[str, Decimal]]
    plain: str
    whole: Mapping[str, str] = field(default_factory=dict)
    timeless: bool = False

    def ids(self, kind: str) -> frozenset[str]:
        """Everything of this kind that it may mean."""
        return frozenset[str]().union(*(ids for k, ids in self.names if k == kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """An argument that means nothing here. why: 'unknown', 'several', 'choice', 'direction', 'missing' or 'no_such'."""

    parameter: str
    why: str


class Binder(Protocol):
    """Gives words their meaning in one chat at one moment."""

    def frames(self, text: str) -> tuple[Frame, ...]:
        """A text clause by clause."""

    def said(self, text: str) -> Said:
        """What a text names."""

    def site_of(self, tank: str) -> str:
        """Where a tank stands."""

    def alone(self, kind: str) -> frozenset[str]:
        """The only one of a kind that has a name here; none of several."""

    def bind(self, skill: Skill, words: Mapping[str, str]) -> dict[str, str] | Unclear:
        """The skill's arguments from the words for them."""


class WordsBinder:
    """The binder over a chat's vocabulary."""

    def __init__(self, vocabulary: Vocabulary, now: datetime) -> None:
        """now: aware; what 昨天 is counted from."""
        self._vocabulary = vocabulary
        self._now = now

    def frames(self, text: str) -> tuple[Frame, ...]:
        """A text clause by clause, with this chat's names."""
        return tuple(frames_of(normal(text), self._vocabulary, self._now))

    def site_of(self, tank: str) -> str:
        """Where a tank stands; '' for one that is not here."""
        return self._vocabulary.site_of.get(tank, "")

    def alone(self, kind: str) -> frozenset[str]:
        """The only one of a kind that has a name; of contracts and sites that one is all that is here."""
        ids = frozenset(i for _, k, _, some in self._vocabulary.words if k == kind for i in some)
        return ids if len(ids) == 1 else frozenset()

    def said(self, text: str) -> Said:
        """What a text names: every reading of every name in it."""
        frame = self._frame(text)
        tokens = [w.token for w in frame.whens if w.token != _NOW]
        whole = {t: self._time(token, whole=False) for token in tokens if (t := self._time(token, whole=True))}
        return Said(
            names=tuple((m.kind, frozenset(m.ids)) for m in frame.mentions if m.ids),
            times=frozenset(t for t in whole.values() if t is not None),
            amounts=frozenset((a.kind, abs(a.value)) for a in frame.amounts),
            plain=re.sub(r"\s", "", frame.plain),
            timeless=any(self._time(token, whole=True) is None for token in tokens),
            whole={t: cut for t, cut in whole.items() if cut is not None},
        )

    def bind(self, skill: Skill, words: Mapping[str, str]) -> dict[str, str] | Unclear:
        """The skill's arguments; empty words count as none."""
        given = {name: said for name, said in words.items() if said.strip()}
        known = {p.name: p for p in skill.parameters}
        bound: dict[str, str] = {}
        for name, said in given.items():
            if name not in known:
                return Unclear(parameter=name, why="no_such")
            value = self._bound(known[name], said)
            if isinstance(value, Unclear):
                return value
            bound[name] = value
        missing = next((p.name for p in skill.parameters if p.required and p.name not in bound), None)
        return bound if missing is None else Unclear(parameter=missing, why="missing")

    def _bound(self, parameter: Parameter, said: str) -> str | Unclear:
        kind, name = parameter.kind, parameter.name
        if kind in NAMED:
            return self._named(kind, name, said)
        if kind == "choice":
            means = next((v for v, words in parameter.choices if said in (v, *words)), None)
            return means if means is not None else Unclear(parameter=name, why="choice")
        if kind == "time":
            whens = self._frame(said).whens
            times = {t for w in whens if (t := self._time(w.token, whole=parameter.ahead)) is not None}
            return next(iter(times)) if len(times) == 1 else Unclear(parameter=name, why="unknown")
        if kind in AMOUNTS:
            return self._amount(kind, name, said, plain=parameter.plain)
        if kind == "alarm" and (pointed := pointed_at(self._frame(said).plain)) is not None:
            return pointed
        return said.strip().upper() if kind in PAPERS else said.strip()

    def _named(self, kind: str, name: str, said: str) -> str | Unclear:
        """Several names of one kind may be passed in one argument."""
        digits = said.strip()
        frame = self._frame(f"{digits}号罐" if kind == "tank" and digits.isascii() and digits.isdigit() else said)
        mentions = frame.of(kind)
        if not mentions or any(not m.ids for m in mentions):
            return Unclear(parameter=name, why="unknown")
        if any(len(m.ids) > MOST for m in mentions) and kind != "good":
            return Unclear(parameter=name, why="several")
        return ",".join(dict.fromkeys(i for m in mentions for i in m.ids))

    def _amount(self, kind: str, name: str, said: str, *, plain: bool) -> str | Unclear:
        """Signed: kg and percent by the direction in the words, unless the amount itself is meant; money in CNY."""
        amounts = self._frame(said).amount(kind)
        if len(amounts) != 1:
            return Unclear(parameter=name, why="unknown")
        size = abs(amounts[0].value) * (1000 if kind == "mass" else 1)
        if kind == "money" or plain:
            return f"{size:f}"
        out, into = _OUT.search(said), _IN.search(said)
        if (out is None) == (into is None):
            return Unclear(parameter=name, why="direction")
        return f"{-size if out else size:f}"

    def _time(self, token: str, *, whole: bool) -> str | None:
        span = span_of(token, self._now, whole=whole)
        return f"{stamp(span.start)}/{stamp(span.end)}" if span is not None else None

    def _frame(self, text: str) -> Frame:
        return joined(self.frames(text))
