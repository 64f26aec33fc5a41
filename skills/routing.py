"""Which skill's examples a question resembles, and whether they explain all of it.

Offline and without a model: an example says which pieces of two characters a skill understands. A question is this
skill's when its pieces are covered, it resembles one example as a whole, and something in it is the skill's own. What
no example explains (a density, a promise, a rate) stays uncovered, so that the router knows when it does not know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from rapidfuzz import fuzz

from skills.naming import EXAMPLE_NAMES, KINDS
from skills.normal import bare, normal
from skills.skill import Skill

_COMMON = frozenset(
    {"多少", "什么", "怎么", "情况", "哪些", "有没", "没有", "几条", "么样", "少吨", "有多", "少钱", "明细", "么用"}
)
"""Pieces that belong to every question and to no skill."""
_SIGNS = frozenset(KINDS.values())


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
class Route:
    """One skill's examples, bare and masked, and their pieces."""

    skill: Skill
    examples: tuple[str, ...]
    pieces: frozenset[str]
    own: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """All skills' examples, made once."""

    routes: tuple[Route, ...]

    @classmethod
    def of(cls, skills: Sequence[Skill]) -> Self:
        """Read the examples of these skills."""
        texts = {s.name: tuple(dict.fromkeys(t for e in s.examples for t in _readings(e))) for s in skills}
        pieces = {name: frozenset(p for t in found for p in _pieces(t)) for name, found in texts.items()}
        routes = []
        for s in skills:
            others = frozenset().union(*(p for name, p in pieces.items() if name != s.name))
            own = pieces[s.name] - others - _COMMON
            routes.append(Route(skill=s, examples=texts[s.name], pieces=pieces[s.name], own=own))
        return cls(routes=tuple(routes))

    def match(self, clauses: Sequence[str], kinds: frozenset[str]) -> list[Match]:
        """Every skill that has a place for these kinds of names, best first. clauses: bare and masked."""
        fits = [r for r in self.routes if kinds <= {p.kind for p in r.skill.parameters}]
        return sorted((_match(r, clauses) for r in fits), key=lambda m: -m.confidence)


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


def _match(route: Route, clauses: Sequence[str]) -> Match:
    whole = "".join(clauses)
    if not whole:
        return Match(skill=route.skill, coverage=0.0, worst=0.0, likeness=0.0, own=False)
    covered = [_covered(c, route.pieces) for c in clauses]
    shares = [sum(flags) / len(flags) for flags in covered if flags]
    likeness = max((fuzz.ratio(whole, e) for e in route.examples), default=0.0) / 100
    return Match(
        skill=route.skill,
        coverage=sum(map(sum, covered)) / len(whole),
        worst=min(shares),
        likeness=likeness,
        own=any(p in route.own for c in clauses for p in _pieces(c)) or whole in route.examples,
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
