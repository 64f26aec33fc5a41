"""How an open page learns that the channel has something new, without the channel knowing what a page is."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

_TOASTS = 8  # a page that does not listen loses the oldest


@dataclass(slots=True, eq=False)
class Ear:
    """One listener. person: who looks at the page. toasts: short lines for this person alone."""

    person: str | None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    toasts: deque[str] = field(default_factory=lambda: deque(maxlen=_TOASTS))


class Ears:
    """All listeners of the moment."""

    def __init__(self) -> None:
        self._ears: set[Ear] = set()

    def __len__(self) -> int:
        """How many pages are open."""
        return len(self._ears)

    def add(self, ear: Ear) -> None:
        """From now on."""
        self._ears.add(ear)

    def remove(self, ear: Ear) -> None:
        """No longer."""
        self._ears.discard(ear)

    def changed(self) -> None:
        """Something changed in some chat."""
        for ear in self._ears:
            ear.wake.set()

    def toast(self, person: str, text: str) -> None:
        """A short line for one person, on every page where that person is."""
        for ear in self._ears:
            if ear.person == person:
                ear.toasts.append(text)
                ear.wake.set()
