"""A learned linear model: from features to the chance of each intent. Weights are learned by ``benchmarks.understanding``.

A multinomial logistic regression over binary features of unit length, told in a text file that a person can read and a
test can hold against its examples.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from math import exp, sqrt
from typing import Any, Self

from skills.understanding.slips import corrected

SCALE = 100
"""Weights are told in hundredths."""
FILE = "weights.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """An intent and its chance, 0–1."""

    intent: str
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """intents in order of the weights; weights: feature → (intent's number, weight) …; joints: the same for
    ``joints``; learned_from: hash of the examples.
    """

    intents: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Sequence[tuple[int, float]]]
    joints: Mapping[str, float]
    joints_bias: float
    learned_from: str

    @classmethod
    def read(cls, text: str) -> Self:
        """From the file's text. Raises ValueError for another file."""
        return cls.of(json.loads(text))

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From what the file holds."""
        pairs = {
            name: tuple((row[i], row[i + 1] / SCALE) for i in range(0, len(row), 2))
            for name, row in told["weights"].items()
        }
        return cls(
            intents=tuple(told["intents"]),
            bias=tuple(b / SCALE for b in told["bias"]),
            weights=pairs,
            joints={f: w / SCALE for f, w in told["joints"].items()},
            joints_bias=told["joints_bias"] / SCALE,
            learned_from=told["learned_from"],
        )

    def without(self, intent: str) -> Self:
        """The same model where this intent is out of the question."""
        gone = self.intents.index(intent)
        return replace(self, bias=tuple(-1e9 if i == gone else b for i, b in enumerate(self.bias)))

    def guesses(self, features: Iterable[str]) -> list[Guess]:
        """Every intent, the likeliest first. Features that no example had count for nothing."""
        known = [rows for f in features if (rows := self.weights.get(f)) is not None]
        scores = list(self.bias)
        length = sqrt(len(known)) or 1.0
        for rows in known:
            for number, weight in rows:
                scores[number] += weight / length
        top = max(scores)
        shares = [exp(s - top) for s in scores]
        total = sum(shares)
        found = [Guess(intent=i, chance=s / total) for i, s in zip(self.intents, shares, strict=True)]
        return sorted(found, key=lambda g: -g.chance)


@lru_cache(maxsize=1)
def learned() -> Model:
    """The model that comes with the program."""
    return Model.read((files("skills.understanding") / FILE).read_text(encoding="utf-8"))


def warm() -> None:
    """Read the weights and the sounds of words now, so that the first question need not; safe in another thread."""
    learned()
    corrected("液位")
