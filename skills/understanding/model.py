"""From features to the chance of each intent: a linear model and the nearest sentences, half each.

The first is a multinomial logistic regression over binary features of unit length. Both are learned by
``benchmarks.understanding`` and told in text files that a test holds against the sentences they come from.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from math import exp, sqrt
from typing import Any, Self

from skills.understanding.likeness import Likeness
from skills.understanding.slips import corrected

SCALE = 100
"""Weights are told in hundredths."""
FILE = "weights.json"
EXAMPLES = "examples.txt"
"""A line for each sentence (``likeness.line_of``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """An intent and its chance, 0–1."""

    intent: str
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """intents in order of the weights; weights: feature → intent's number, weight × ``SCALE``, number, weight …; joints:
    weights for ``joints``; learned_from: hash of the sentences; gone: numbers of intents that are out of the question.
    """

    intents: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Sequence[int]]
    joints: Mapping[str, float]
    joints_bias: float
    learned_from: str
    likeness: Likeness
    gone: frozenset[int] = frozenset()

    @classmethod
    def read(cls, text: str, examples: str) -> Self:
        """From the two files' texts. Raises ValueError for other files."""
        return cls.of(json.loads(text), examples)

    @classmethod
    def of(cls, told: Mapping[str, Any], examples: str) -> Self:
        """From what the first file holds, and the text of the second."""
        return cls(
            intents=tuple(told["intents"]),
            bias=tuple(b / SCALE for b in told["bias"]),
            weights=told["weights"],
            joints={f: w / SCALE for f, w in told["joints"].items()},
            joints_bias=told["joints_bias"] / SCALE,
            learned_from=told["learned_from"],
            likeness=Likeness.of(told["weights"], examples),
        )

    def without(self, intent: str) -> Self:
        """The same model where this intent is out of the question."""
        return replace(self, gone=self.gone | {self.intents.index(intent)})

    def guesses(self, features: Sequence[str]) -> list[Guess]:
        """Every intent, the likeliest first. Features that no example had count for nothing."""
        linear = self._linear(features)
        alike = self.likeness.shares(features, len(self.intents)).tolist()
        for number in self.gone:
            alike[number] = 0.0
        spoken = sum(alike)
        chances = [(a + b / spoken) / 2 for a, b in zip(linear, alike, strict=True)] if spoken else linear
        found = [Guess(intent=i, chance=c) for i, c in zip(self.intents, chances, strict=True)]
        return sorted(found, key=lambda g: -g.chance)

    def _linear(self, features: Sequence[str]) -> list[float]:
        """The chance of each intent by the weights alone."""
        known = [row for f in features if (row := self.weights.get(f)) is not None]
        scores = list(self.bias)
        unit = SCALE * (sqrt(len(known)) or 1.0)
        for row in known:
            for number, weight in zip(row[::2], row[1::2], strict=True):
                scores[number] += weight / unit
        top = max(scores)
        shares = [0.0 if n in self.gone else exp(s - top) for n, s in enumerate(scores)]
        total = sum(shares)
        return [share / total for share in shares]


@lru_cache(maxsize=1)
def learned() -> Model:
    """The model that comes with the program."""
    here = files("skills.understanding")
    return Model.read(here.joinpath(FILE).read_text("utf-8"), here.joinpath(EXAMPLES).read_text("utf-8"))


def warm() -> None:
    """Read the weights and the sounds of words now, so that the first question need not; safe in another thread."""
    learned()
    corrected("液位")
