"""@ as a mark in the text while it is rendered, and as a mention that notifies once it is done."""

import re
from collections.abc import Callable, Sequence

from domain.message import Mention, Span

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Private-use signs; no text from outside keeps one (``bot.wording.plain``), so only ``at`` writes a mark."""
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


class Mentions:
    """Places each person who must be notified once; whoever comes again, or need not be, is only named."""

    def __init__(self, people: Sequence[str], label: Callable[[str], str]) -> None:
        """people: person ids to notify. label: a plain name, without @."""
        self._people = tuple(dict.fromkeys(people))
        self._label = label
        self._placed: dict[str, int] = {}

    def at(self, person_id: str) -> str:
        """A mark for the first time, the plain name after that."""
        if person_id not in self._people or person_id in self._placed:
            return self._label(person_id)
        self._placed[person_id] = len(self._placed)
        return f"{_OPEN}{self._placed[person_id]}{_CLOSE}"

    def left(self) -> list[str]:
        """Who must be notified and stands nowhere yet."""
        return [p for p in self._people if p not in self._placed]

    def spans(self, text: str) -> tuple[Span, ...]:
        """The text with its mentions. A mention that is missing or doubled is a bug of the template."""
        order = list(self._placed)
        parts = _MARK.split(text)
        marked = [order[int(n)] for n in parts[1::2]]
        assert sorted(marked) == sorted(self._people), f"mentions {marked!r} in the text, owed {self._people!r}"
        people = [Mention(person_id=p, label=self._label(p)) for p in marked]
        spans: list[Span] = [parts[0]]
        for mention, rest in zip(people, parts[2::2], strict=True):
            spans += [mention, rest]
        return tuple(s for s in spans if s)
