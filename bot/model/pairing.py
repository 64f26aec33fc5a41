"""Which amount goes with which name, where a question has several: 甲醇涨一成、柴油跌两成. Pure.

Read clause by clause, from the order of names and amounts. Where that leaves it open, nothing goes with anything.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from skills.skill import Skill
from skills.understanding import amounts, names
from skills.understanding.amounts import Amount
from skills.understanding.binding import sides_asked
from skills.understanding.frame import Frame, joined
from skills.understanding.names import Mention
from skills.understanding.roles_of_goods import sides_of

THINGS = ("tank", "good")
"""Kinds that an amount may be of."""
SIZES = ("mass", "money", "percent")
"""Kinds of amounts that a skill takes."""
Size = tuple[str, Decimal]
"""An amount's kind and its size without a sign: mass in t, money in CNY, percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An amount and what it is of: ids by kind; None where the words leave it open."""

    size: Size
    of: Mapping[str, frozenset[str]] | None


class Pairing:
    """The pairs of one question."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        """frames: its clauses."""
        known = tuple(frames)
        self._whole = joined(known) if known else Frame(plain="", masked="")
        self._pairs = tuple(p for f in known for p in _pairs(f))
        things = [m.ids for k in THINGS for m in self._whole.of(k)]
        sizes = [len({a.value for a in self._whole.amount(k)}) for k in SIZES]
        self._crowded = len(set(things)) > 1 or max(sizes) > 1

    def keeps(self, skill: Skill, bound: Mapping[str, str]) -> bool:
        """Whether a call puts no amount to another's name, and nothing on the other side of a swap."""
        sided = sides_asked(skill)
        if not self._in_place(sided, bound):
            return False
        ends = ("_in", "_out") if sided else ("",)
        return not self._crowded or all(self._together(_part(skill, bound, end)) for end in ends)

    def _in_place(self, sided: Container[str], bound: Mapping[str, str]) -> bool:
        told = (
            (f"{k}_{side}", m)
            for k in THINGS
            if k in sided
            for side, (m, _) in sides_of(self._whole, k).items()
            if m.ids
        )
        return all(frozenset(bound[name].split(",")) <= frozenset(m.ids) for name, m in told if name in bound)

    def _together(self, part: tuple[Mapping[str, frozenset[str]], frozenset[Size]]) -> bool:
        things, sizes = part
        return all(any(p.size == size and self._fits(p, things) for p in self._pairs) for size in sizes)

    def _fits(self, pair: Pair, things: Mapping[str, frozenset[str]]) -> bool:
        if pair.of is None:
            return False
        of = pair.of or _ids(self._whole.mentions)
        return {k: i for k, i in things.items() if i} == {k: i for k, i in of.items() if i}


def size_of(kind: str, value: str) -> Size:
    """Of an argument: mass is in kg there."""
    return kind, abs(Decimal(value)) / (1000 if kind == "mass" else 1)


def _part(skill: Skill, bound: Mapping[str, str], end: str) -> tuple[Mapping[str, frozenset[str]], frozenset[Size]]:
    """What a call names, and how much; of a swap one side."""
    given = [p for p in skill.parameters if p.name in bound and p.name.endswith(end)]
    things = {k: frozenset(i for p in given if p.kind == k for i in bound[p.name].split(",")) for k in THINGS}
    return things, frozenset(size_of(p.kind, bound[p.name]) for p in given if p.kind in SIZES)


def _pairs(frame: Frame) -> Iterator[Pair]:
    """Names and amounts of one clause in their order, each with its neighbour."""
    groups = [list(g) for _, g in groupby(_in_order(frame), key=lambda x: isinstance(x, Mention))]
    named = [_ids(m for m in g if isinstance(m, Mention)) for g in groups if isinstance(g[0], Mention)]
    sized = [[a for a in g if isinstance(a, Amount)] for g in groups if isinstance(g[0], Amount)]
    for n, some in enumerate(sized):
        beside = named[n] if len(named) == len(sized) else None
        of = beside if len(named) > 1 else named[0] if named else {}
        yield from (Pair(size=(a.kind, abs(a.value)), of=of) for a in some)


def _in_order(frame: Frame) -> Iterator[Mention | Amount]:
    """Tanks, goods and amounts as they stand in the clause."""
    signs = {names.SIGNS[k] for k in THINGS}, {amounts.SIGNS[k] for k in SIZES}
    things = iter([m for m in frame.mentions if m.kind in THINGS])
    sizes = iter([a for a in frame.amounts if amounts.SIGNS[a.kind] in signs[1]])
    for c in frame.masked:
        if c in signs[0]:
            yield from (m for m in (next(things, None),) if m is not None)
        elif c in signs[1]:
            yield from (a for a in (next(sizes, None),) if a is not None)


def _ids(mentions: Iterable[Mention]) -> dict[str, frozenset[str]]:
    some = tuple(mentions)
    return {k: frozenset(i for m in some if m.kind == k for i in m.ids) for k in THINGS}
