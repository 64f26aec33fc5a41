"""The learned sentences that are most like a text, and what they ask: a second opinion beside the linear model.

The linear model has seen which words lean where; this has seen whole sentences. They err differently: halved together, at
equal answers given, they are wrong half as often as the first alone (docs/adr/0017).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

NEAREST = 20
"""So many sentences speak."""
SHARPNESS = 8
"""A sentence speaks with this power of its likeness: the nearest far louder than the twentieth."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """Sentences as sets of features.

    numbers: feature → its row. Row r's sentences are ``sentences[starts[r]:starts[r + 1]]``; worth: per row how rare it
    is, ln(sentences ÷ those that have it). lengths and asks: per sentence its length and its intent's number.
    """

    numbers: Mapping[str, int]
    sentences: NDArray[np.int64]
    starts: NDArray[np.int64]
    worth: NDArray[np.float64]
    lengths: NDArray[np.float64]
    asks: NDArray[np.int64]

    @classmethod
    def of(cls, names: Iterable[str], text: str) -> Self:
        """names: of the features in the order of their numbers. text: a line for each sentence, as ``line_of`` writes it."""
        numbers = {name: n for n, name in enumerate(names)}
        asks, owners, rows = _parsed(text)
        held = np.bincount(rows, minlength=len(numbers))
        worth = np.log(max(len(asks), 1) / np.maximum(held, 1))
        return cls(
            numbers=numbers,
            sentences=owners[np.argsort(rows, kind="stable")],
            starts=np.concatenate(([0], np.cumsum(held))),
            worth=worth,
            lengths=np.sqrt(np.maximum(np.bincount(owners, worth[rows], minlength=len(asks)), 1e-9)),
            asks=asks,
        )

    def shares(self, features: Iterable[str], intents: int) -> NDArray[np.float64]:
        """Shape (intents,): how much each intent is spoken for, together 1; all 0 where nothing is alike."""
        rows = sorted(row for f in features if (row := self.numbers.get(f)) is not None)
        common = np.zeros(len(self.asks))
        for row in rows:
            common[self.sentences[self.starts[row] : self.starts[row + 1]]] += self.worth[row]
        if not common.any():
            return np.zeros(intents)
        alike = common / self.lengths
        nearest = np.argpartition(-alike, min(NEAREST, len(alike) - 1))[:NEAREST]
        voices = (alike[nearest] / alike[nearest].max()) ** SHARPNESS
        shares: NDArray[np.float64] = np.bincount(self.asks[nearest], voices, minlength=intents) / voices.sum()
        return shares


def line_of(intent: int, rows: Sequence[int]) -> str:
    """A sentence as text: its intent's number, its first feature's row, then the steps to each further one, ascending."""
    return " ".join(map(str, (intent, rows[0], *(b - a for a, b in pairwise(rows))))) + "\n"


def _parsed(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each sentence's intent; and of every feature in every sentence the sentence's and the feature's number."""
    found = np.fromstring(text.replace("\n", " -1 "), dtype=np.int64, sep=" ")
    ends = np.flatnonzero(found == -1)
    begins = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    steps = np.delete(found, np.concatenate((begins, ends)))
    counts = ends - begins - 1
    firsts = np.concatenate(([0], np.cumsum(counts)[:-1])) if len(ends) else ends
    run = np.cumsum(steps)
    before = run[firsts] - steps[firsts]
    owners = np.repeat(np.arange(len(ends)), counts)
    return found[begins], owners, run - np.repeat(before, counts)
