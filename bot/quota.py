"""How much may be asked in an hour, by one person and in one chat; in memory, so that a restart begins anew.

Only what is answered counts: chatter, alarms and presses do not. A press on what no answer has offered is a question.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
KEPT = 5000


@dataclass(slots=True)
class Window:
    """An hour from the first answer on. told: whoever asks has heard that it is full."""

    began: datetime
    used: int = 0
    told: bool = False


class Quota:
    """Counts answers of persons, wherever they ask, and of chats."""

    def __init__(self, *, per_person: int, per_chat: int) -> None:
        self._most = {"person": per_person, "chat": per_chat}
        self._windows: OrderedDict[tuple[str, str], Window] = OrderedDict()

    def count(self, person: str, chat: str, now: datetime) -> None:
        """One more answer."""
        for kind, ident in (("person", person), ("chat", chat)):
            self._window(kind, ident, now).used += 1

    def full(self, person: str, chat: str, now: datetime) -> tuple[str, datetime] | None:
        """Which of them may ask no more, 'person' or 'chat', and from when on again; None where both still may."""
        for kind, ident in (("person", person), ("chat", chat)):
            window = self._window(kind, ident, now)
            if window.used >= self._most[kind]:
                return kind, window.began + HOUR
        return None

    def say(self, person: str, chat: str, now: datetime) -> bool:
        """Whether it has to be said that the hour is full: once in each window."""
        found = self.full(person, chat, now)
        if found is None:
            return False
        window = self._window(found[0], person if found[0] == "person" else chat, now)
        first, window.told = not window.told, True
        return first

    def _window(self, kind: str, ident: str, now: datetime) -> Window:
        key = (kind, ident)
        found = self._windows.get(key)
        if found is None or now - found.began >= HOUR:
            found = self._windows[key] = Window(began=now)
            self._windows.move_to_end(key)
            while len(self._windows) > KEPT:
                self._windows.popitem(last=False)
        return found


class Offered:
    """What answers have offered in chats, by the token of the button. The oldest are forgotten."""

    def __init__(self) -> None:
        self._tokens: OrderedDict[tuple[str, str], None] = OrderedDict()

    def keep(self, chat: str, tokens: Iterable[str]) -> None:
        """These buttons stand in the chat now."""
        for token in tokens:
            self._tokens[chat, token] = None
            self._tokens.move_to_end((chat, token))
        while len(self._tokens) > KEPT:
            self._tokens.popitem(last=False)

    def has(self, chat: str, token: str) -> bool:
        """Whether such a button was offered there."""
        return (chat, token) in self._tokens
