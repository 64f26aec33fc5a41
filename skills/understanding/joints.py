"""Whether a text goes on with the same question or begins another one, clause by clause.

货值多少,还差多少 is two questions, 甲醇跌5%的话,质押率多少 is one. Learned, as the intents are, from sentences of both kinds.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from skills.understanding.frame import Frame
from skills.understanding.model import Guess

_LEADS = re.compile(r"^(?:然后|另外|还有|顺便|以及|并且|对了|再|也|同时|顺带)")
_CAPITALS = re.compile(r"[A-Z]")
_LETTERS = re.compile(r"[a-z\u4e00-\u9fff]")

Guesses = Callable[[Frame], Sequence[Guess]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Clauses that ask one thing, and what the model makes of them."""

    frame: Frame
    best: Guess


def chance_of_new(features: Sequence[str], weights: Mapping[str, float], bias: float) -> float:
    """That another question begins."""
    score = bias + sum(weights.get(f, 0.0) for f in features)
    return 1.0 / (1.0 + exp(-max(-50.0, min(50.0, score))))


def names_only(frame: Frame) -> bool:
    """Names, times or amounts and nothing else."""
    return not _LETTERS.search(_CAPITALS.sub("", frame.masked))


def features_of(left: Segment, right: Segment, both: Sequence[Guess]) -> tuple[str, ...]:
    """What the boundary between two segments looks like."""
    a, b, whole = left.best, right.best, both[0]
    of = {g.intent: g.chance for g in both}
    family = f"{_family(a.intent)}>{_family(b.intent)}"
    return (
        f"{a.intent}>{b.intent}" if a.intent != b.intent else "same",
        family,
        f">{b.intent}",
        f"{a.intent}>",
        f"left:{_step(a.chance)}",
        f"right:{_step(b.chance)}",
        f"least:{_step(min(a.chance, b.chance))}",
        f"whole:{_step(whole.chance)}:{'left' if whole.intent == a.intent else 'right' if whole.intent == b.intent else 'other'}",
        f"other:{_step(min(of.get(a.intent, 0.0), of.get(b.intent, 0.0)))}",
        f"asks:{left.frame.asks:d}{right.frame.asks:d}",
        f"asks:{left.frame.asks:d}{right.frame.asks:d}:{family}",
        f"long:{min(len(left.frame.plain) // 4, 3)}{min(len(right.frame.plain) // 4, 3)}",
        f"supposes:{left.frame.supposes:d}",
        f"leads:{_LEADS.match(right.frame.plain) is not None:d}",
        f"names:{names_only(left.frame):d}{names_only(right.frame):d}",
        f"glued:{right.frame.glued:d}",
    )


def _family(intent: str) -> str:
    return intent[:2] if intent[1:2] == "_" else intent


def _step(chance: float) -> int:
    """Chances in steps that are finer near one."""
    return sum(chance >= s for s in (0.02, 0.1, 0.3, 0.5, 0.7, 0.85, 0.93, 0.97, 0.99))
