"""The depots' ownership ledgers over a replay: what had been heard by its beginning, then every word at its moment."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from bot.command.replaying.stage import Stage
from domain.ownership.entry import Entry
from store.moments import FOREVER
from store.series import Series


class Titles:
    """Words on the ledgers of some sites, in the order in which they were heard."""

    def __init__(
        self, known: Sequence[tuple[str, Sequence[Entry]]], words: Sequence[tuple[datetime, str, Entry]], end: datetime
    ) -> None:
        """known: by site, what was heard at the beginning. words: heard later, with when; rising. end: of the replay."""
        self._known = [(site, list(entries)) for site, entries in known]
        self._words = deque(words)
        ahead = [e.at for _, entries in self._known for e in entries] + [e.at for _, _, e in words]
        self.moments = sorted({m for m in (*(at for at, _, _ in words), *ahead) if m <= end})
        mine = {(site, e.key) for site, entries in self._known for e in entries}
        self.entries = len(mine | {(site, e.key) for _, site, e in words})

    @classmethod
    def of(cls, series: Series, sites: Sequence[str], start: datetime, end: datetime, *, known_then: bool) -> Self:
        """As the series has them. known_then: each word from when it was heard; else all of them from the beginning."""
        known = [(s, series.ownership_as_of(s, valid=FOREVER, known=start if known_then else FOREVER)) for s in sites]
        heard = [(at, s, e) for s in sites for at, e in series.ownership_words(s, start, end)] if known_then else []
        return cls(known, sorted(heard, key=lambda word: word[0]), end)

    def bring(self, stage: Stage, moment: datetime) -> bool:
        """What was heard by now, and what was dated ahead until now; whether anything of it changes a ledger."""
        before = stage.house.ledger
        said, self._known = dict(self._known), []
        while self._words and self._words[0][0] <= moment:
            _, site, entry = self._words.popleft()
            said.setdefault(site, []).append(entry)
        for site in stage.house.journals:
            stage.titles(site, said.get(site, []), moment)
        return stage.house.ledger is not before
