"""What the learned model looks at: pieces of the masked words, the ideas in them, the mood, the times, what went before."""

from collections.abc import Iterator
from itertools import combinations

from skills.understanding.concepts import concepts_of
from skills.understanding.frame import Frame

Told = str
"""What went before: '' nothing, 'alarm' or 'task' a message of the bot's, 'answer' one of its answers, else an intent."""


def features_of(frame: Frame, told: Told = "") -> tuple[str, ...]:
    """Names of the features that hold, each once."""
    return tuple(dict.fromkeys((*_pieces(frame.masked), *_ideas(frame), *_mood(frame), f"#told:{told.split('_')[0]}")))


def _pieces(masked: str) -> Iterator[str]:
    text = f"^{masked.replace(' ', '_')}$"
    for size in (1, 2, 3):
        yield from (text[i : i + size] for i in range(len(text) - size + 1))


def _ideas(frame: Frame) -> Iterator[str]:
    found = concepts_of(frame.masked)
    yield from (f"#{c}" for c in found)
    yield from (f"#{a}+{b}" for a, b in combinations(found, 2))
    yield from (f"#{c}:{'asks' if frame.asks else 'says'}" for c in found)


def _mood(frame: Frame) -> Iterator[str]:
    yield "#asks" if frame.asks else "#says"
    if frame.supposes:
        yield "#supposes"
    if frame.says_done:
        yield "#done"
    for when in frame.whens:
        yield f"#when:{_kind_of(when.token)}"
    ideas = concepts_of(frame.masked)
    for kind in sorted({m.kind for m in frame.mentions}):
        named = f"#{kind}:{'many' if len({m.said for m in frame.of(kind)}) > 1 else 'one'}"
        yield named
        yield from (f"{named}+{idea}" for idea in ideas)
    if len(frame.plain) <= 4:
        yield "#short"


def _kind_of(token: str) -> str:
    if token in ("now", "today"):
        return token
    if token.startswith(("D+", "next", "T")):
        return "ahead" if not token.startswith("T") else "clock"
    return "since" if token.startswith("since") else "shift" if token.startswith("shift") else "past"
