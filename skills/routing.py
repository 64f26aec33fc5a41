"""Which skill's examples a question resembles, and whether they explain all of it.

Offline and without a model: an example says which pieces of two characters a skill understands. A question is this
skill's when its pieces are covered, it resembles one example as a whole, and something in it is the skill's own. What
no example explains (a density, a promise, a rate) stays uncovered, so that the router knows when it does not know.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from rapidfuzz import fuzz

from skills.naming import EXAMPLE_NAMES, KINDS
from skills.normal import ATOMS, bare, normal
from skills.skill import Skill

_COMMON = frozenset({"多少", "什么", "怎么", "情况", "哪些", "有没", "没有", "几条", "么样", "有多", "明细", "么用"})
"""Pieces that belong to every question and to no skill."""
_CHOICE = "B"
"""Stands for the words that make a choice of the skill's, such as 按品种."""
_SIGNS = frozenset({*KINDS.values(), _CHOICE})
_THINGS = frozenset({KINDS["tank"], KINDS["good"], KINDS["site"], KINDS["money"], _CHOICE})
_EMPTY = frozenset({KINDS["contract"], KINDS["time"]})
_SEVERAL = re.compile(f"([{''.join(KINDS.values())}])(?:[和跟与及]?\\1)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well a skill's examples fit: coverage and likeness 0–1, and whether anything is the skill's own."""

    skill: Skill
    coverage: float
    worst: float
    likeness: float
    own: bool

    @property
    def confidence(self) -> float:
        """0–1; nothing without a piece of the skill's own."""
        return (0.65 * self.coverage + 0.35 * self.likeness) if self.own else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Some of a skill's examples, bare and masked, and their pieces."""

    texts: tuple[str, ...]
    pieces: frozenset[str]
    letters: frozenset[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """These texts."""
        return cls(
            texts=tuple(dict.fromkeys(texts)),
            pieces=frozenset(p for t in texts for p in _pieces(t)),
            letters=frozenset("".join(texts)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One skill's examples: all of them, and those that name no tank, good, site or sum and make no choice.

    甲醇值多少钱 says nothing about 值多少钱 on its own: a question without a name is compared with the latter only.
    """

    skill: Skill
    every: Examples
    general: Examples

    def match(self, clauses: Sequence[str]) -> Match:
        """How well these examples fit a question."""
        masked = [_chosen(self.skill, c) for c in clauses]
        named = not _THINGS.isdisjoint("".join(masked))
        return _match(self.skill, self.every if named else self.general, masked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """All skills' examples, made once."""

    routes: tuple[Route, ...]

    @classmethod
    def of(cls, skills: Sequence[Skill]) -> Self:
        """Read the examples of these skills."""
        return cls(routes=tuple(_route(s) for s in skills))

    def match(self, clauses: Sequence[str], kinds: frozenset[str]) -> list[Match]:
        """Every skill that has a place for these kinds of names, best first. clauses: bare and masked."""
        fits = [r for r in self.routes if kinds <= {p.kind for p in r.skill.parameters}]
        together = [_SEVERAL.sub(r"\1", c) for c in clauses]
        return sorted((r.match(together) for r in fits), key=lambda m: -m.confidence)


def _route(skill: Skill) -> Route:
    readings = [tuple(_chosen(skill, t) for t in _readings(e)) for e in skill.examples]
    texts = [t for found in readings for t in found]
    general = [t for found in readings if _THINGS.isdisjoint("".join(found)) for t in found]
    return Route(skill=skill, every=Examples.of(texts), general=Examples.of(general))


def _chosen(skill: Skill, clause: str) -> str:
    """The clause with a sign in place of the words that make one of the skill's choices."""
    words = (w for p in skill.parameters for _, ws in p.choices for w in ws)
    for word in sorted(words, key=len, reverse=True):
        clause = clause.replace(bare(word), _CHOICE)
    return clause


def _readings(example: str) -> tuple[str, ...]:
    """An example's clauses and the whole, bare and masked."""
    clauses = tuple(b for c in normal(example).clauses if (b := bare(_masked(c))))
    return (*clauses, "".join(clauses))


def _masked(clause: str) -> str:
    for kind, names in EXAMPLE_NAMES.items():
        for name in names:
            clause = clause.replace(normal(name).text, KINDS[kind])
    return clause


def _pieces(text: str) -> list[str]:
    """Two characters at a time; a sign for a name is a piece of its own."""
    return [text[i : i + 2] for i in range(len(text) - 1)] + [c for c in text if c in _SIGNS]


def _match(skill: Skill, examples: Examples, clauses: Sequence[str]) -> Match:
    whole = "".join(clauses)
    if not whole:
        return Match(skill=skill, coverage=0.0, worst=0.0, likeness=0.0, own=False)
    covered = [_covered(c, examples.pieces) for c in clauses]
    likeness = max((fuzz.ratio(whole, e) for e in examples.texts), default=0.0) / 100
    content = {p for c in clauses for p in _pieces(c)} - _COMMON - _EMPTY
    asked = {c for c in whole if c in ATOMS}
    return Match(
        skill=skill,
        coverage=sum(map(sum, covered)) / len(whole) if asked <= examples.letters else 0.0,
        worst=min(sum(flags) / len(flags) for flags in covered),
        likeness=likeness,
        own=not content.isdisjoint(examples.pieces) or whole in examples.texts,
    )


def _covered(clause: str, pieces: frozenset[str]) -> list[bool]:
    """Per character, whether a piece with its neighbour is known; signs are known where the skill takes them."""
    n = len(clause)
    known = [clause[i : i + 2] in pieces for i in range(n - 1)]
    return [
        clause[i] in _SIGNS or (i > 0 and known[i - 1]) or (i < n - 1 and known[i]) or (n == 1 and clause in pieces)
        for i in range(n)
    ]


def arguments_of(skill: Skill, ids: Mapping[str, Sequence[str]], text: str) -> dict[str, str]:
    """The skill's arguments from recognised names and from words that make a choice."""
    found: dict[str, str] = {}
    for p in skill.parameters:
        if p.kind == "choice":
            chosen = next((value for value, words in p.choices if any(w in text for w in words)), None)
            if chosen is not None:
                found[p.name] = chosen
        elif ids.get(p.kind):
            found[p.name] = ",".join(ids[p.kind])
    return found
