"""The entries of one site as they come in, late and corrected ones too, and the ledger that they make: kept, not refolded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from domain.ownership.allocation import ShareMethod
from domain.ownership.entry import Entry, Key
from domain.ownership.ledger import EMPTY, Ledger, post


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """words: the last one on each key. entries: the same in their order, of which ``done`` are in ``ledger``.

    Whatever was said in whatever order, ``ledger`` equals ``fold`` of the words from zero; a test holds it.
    """

    method: ShareMethod = ShareMethod.PRO_RATA
    words: Mapping[Key, Entry] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    done: int = 0
    ledger: Ledger = EMPTY

    def news(self, said: Iterable[Entry]) -> list[Entry]:
        """Of what is said, what differs from the last word; of two words on one key the later stands."""
        last = {entry.key: entry for entry in said}
        return [entry for key, entry in last.items() if self.words.get(key) != entry]

    def heard(self, said: Iterable[Entry], now: datetime) -> Self:
        """After these words, at ``now``. A late or corrected one is folded in from the beginning."""
        new = self.news(said)
        if not new:
            return self.until(now)
        words = {**self.words, **{entry.key: entry for entry in new}}
        last = self.ledger.last
        late = any(e.key in self.words or (last is not None and e.order < last) for e in new)
        after = replace(self, words=words, entries=tuple(sorted(words.values(), key=lambda e: e.order)))
        return (replace(after, done=0, ledger=EMPTY) if late else after).until(now)

    def until(self, now: datetime) -> Self:
        """What has happened by ``now``; an entry that is dated ahead waits for its time."""
        ledger, done = self.ledger, self.done
        while done < len(self.entries) and self.entries[done].at <= now:
            ledger, _ = post(ledger, self.entries[done], self.method)
            done += 1
        return replace(self, ledger=ledger, done=done) if done != self.done else self
