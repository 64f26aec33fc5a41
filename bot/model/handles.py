"""What leaves the house for an endpoint that is not the lender's own: words without a name, a figure or a number.

Everything hidden gets a handle («罐1», «数2»), and a handle in an argument means again what the asker had written. Times
stay: 昨天 tells nothing of anybody. A name is one in every way that the understanding knows to write it, traditional, spaced,
by its sound, in pinyin or with signs inside too. Whom no list knows is told by what a name looks like (``shapes``, ``people``,
``firms``); what looks like a word cannot be hidden.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.model import firms, latin, people
from bot.model.shapes import SHAPES, closed, half, simple
from bot.model.ways import CHINESE, any_way, bare, bounded, mended, syllables, way
from datasources.workspace import Workspace
from skills.understanding.scope import within
from skills.understanding.slips import Sounds, with_names
from skills.understanding.vocabulary import Vocabulary

WORDS = {
    "tank": "罐", "good": "品种", "site": "库区", "contract": "项目", "firm": "机构", "person": "人", "chat": "群",
}  # fmt: skip
_SHOWN = WORDS | {"plate": "车", "code": "编号", "number": "数"}
_HANDLE = re.compile(r"«([^«»\d]{1,4})(\d{1,3})»")


_SHAPE = re.compile("|".join(f"(?P<{kind}>{shape})" for kind, shape in SHAPES), re.IGNORECASE)
_REST = frozenset({"person", "number"})
"""What a list or a shape tells, and may be the rest of an unlisted name: 英总 of 李秀英总."""
Found = tuple[int, int, str]
"""Where something to hide begins and ends, and its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Every name of a workspace: (name, kind), longest first, in half width.

    ways: the kind of each way to write one, in lower case, simplified and closed. spelled: by its sound in pinyin. sounds: of
    names that are long enough to be told by their sound.
    """

    names: tuple[tuple[str, str], ...]
    ways: dict[str, str] = field(repr=False)
    spelled: dict[str, str] = field(repr=False)
    sounds: Sounds = field(repr=False)
    written: re.Pattern[str] = field(repr=False)
    bared: re.Pattern[str] = field(repr=False)

    @classmethod
    def of(cls, workspace: Workspace) -> "Known":
        """All of it, every lender's: a name must not leave because another chat knows it."""
        found = {(half(n), k) for n, k in _named(workspace) if n.strip()}
        names = _longest_first(found)
        shorter = [(short, k) for n, k in names if k in ("firm", "site") for short in firms.shorter(simple(n))]
        ways = {way(n): k for n, k in (*shorter, *_longest_first(_spoken(workspace)), *names)}
        brief = {way(short) for short, _ in shorter} - {way(n) for n, _ in names}  # 一行 sounds like 乙行
        bares = {b: k for w, k in ways.items() if len(b := bare(w)) > 1 and not b.isdecimal()}
        chinese = {w: k for w, k in ways.items() if CHINESE.fullmatch(w)}
        return cls(
            names=names,
            ways=bares | ways,
            spelled={"".join(syllables(w)): k for w, k in chinese.items()},
            sounds=with_names(w for w, k in chinese.items() if len(w) > 2 or (k != "person" and w not in brief)),
            written=_any_of(ways),
            bared=_any_of(bares),
        )

    def pattern(self) -> re.Pattern[str]:
        """One pattern for all names and all shapes, as they are told by the bot; a group's name is its kind and place."""
        # A Latin name is one only where no letter goes on: the person 'li' is not in 'limit'.
        return re.compile(f"(?P<name>{self._any_name()})|{_SHAPE.pattern}", re.IGNORECASE)

    def without(self, text: str) -> str:
        """Words of ours, such as a tool's description, with a dash for a name that happens to be an example in them."""
        return re.sub(self._any_name(), "–", text, flags=re.IGNORECASE)

    def kind(self, written: str) -> str:
        """Of what ``written`` has found."""
        way = written.lower()
        return self.ways.get(way) or self.spelled.get("".join(syllables(way.replace(" ", "")))) or "code"

    def _any_name(self) -> str:
        return "|".join(bounded(n) for n, _ in self.names) or r"(?!)"


class Handles:
    """The handles of one question. The same words get the same handle."""

    def __init__(self, known: Known) -> None:
        """Nothing is hidden yet."""
        self._known = known
        self._by_words: dict[tuple[str, str], str] = {}
        self._words: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """The text with a handle for every name, number, plate, code. Marks that look like handles are taken out."""
        shown = half(text).replace("«", "").replace("»", "")
        plain, places = closed(shown)
        gaps = frozenset(n for n in range(1, len(places)) if places[n] - places[n - 1] > 1)
        told, last = [], 0
        for start, end, kind in self._all(simple(plain), gaps):
            told += [shown[last : places[start]], self._handle(kind, plain[start:end])]
            last = places[end - 1] + 1
        return "".join((*told, shown[last:]))

    def show(self, text: str) -> str:
        """What the asker had written for every handle in it; a handle that was never given stays."""
        return _HANDLE.sub(lambda m: self._words.get(m[0], m[0]), text)

    def _all(self, plain: str, gaps: frozenset[int]) -> list[Found]:
        """Everything to hide, in order; what overlaps is one, of the kind of what a list or a shape tells."""
        told, broken = list(self._found(plain)), list(self._broken(plain))
        known = (*broken, *told)
        new = [f for f in _unlisted(plain, gaps) if not any(_overlap(f, k) and not _before(f, k) for k in known)]
        return _joined([*broken, *(f for f in told if f[2] != "time"), *new])

    def _found(self, plain: str) -> Iterator[Found]:
        """Every name, shape and time. What begins first holds, a name before a shape."""
        sounding, at = self._known.sounds.corrected(plain), 0
        name, shape = self._known.written.search(sounding), _SHAPE.search(plain)
        while name or shape:
            first = name if name and not (shape and shape.start() < name.start()) else shape
            assert first is not None
            at = first.end()
            if first is name:
                yield first.start(), at, self._known.kind(first[0])
            elif first.lastgroup is not None:
                yield first.start(), at, first.lastgroup
            if name and name.start() < at:
                name = self._known.written.search(sounding, at)
            if shape and shape.start() < at:
                shape = _SHAPE.search(plain, at)

    def _broken(self, plain: str) -> Iterator[Found]:
        """Names with signs inside, whether a list knows them or not."""
        whole, places = mended(plain, pauses=True)
        if len(whole) < len(plain):
            for m in self._known.bared.finditer(whole):
                yield from _split(places, m.start(), m.end(), self._known.kind(m[0]))
        words, places = mended(plain, pauses=False)
        if len(words) < len(plain):
            for m in self._known.written.finditer(self._known.sounds.corrected(words)):
                yield from _split(places, m.start(), m.end(), self._known.kind(m[0]))
            for start, end, kind in _unlisted(words, frozenset()):
                yield from _split(places, start, end, kind)

    def _handle(self, kind: str, words: str) -> str:
        sign = _SHOWN[kind]
        key = (sign, words)
        if key not in self._by_words:
            handle = f"«{sign}{1 + sum(s == sign for s, _ in self._by_words)}»"
            self._by_words[key], self._words[handle] = handle, words
        return self._by_words[key]


def _unlisted(plain: str, gaps: frozenset[int]) -> Iterator[Found]:
    yield from ((start, end, "firm") for start, end in firms.unlisted(plain, gaps))
    yield from ((start, end, "person") for start, end in people.unlisted(plain, gaps))
    yield from latin.unlisted(plain)


def _split(places: list[int], start: int, end: int, kind: str) -> Iterator[Found]:
    """Where it stands in the text with its signs; nothing where it has none inside."""
    first, last = places[start], places[end - 1]
    if last - first > end - 1 - start:
        yield first, last + 1, kind


def _overlap(one: Found, other: Found) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _before(one: Found, other: Found) -> bool:
    """It begins before the other, which may be the rest of it."""
    return one[0] < other[0] and other[2] in _REST


def _joined(found: list[Found]) -> list[Found]:
    """In order, and in one where they overlap; the kind is that of what stands earlier in the list."""
    ranks = {f: n for n, f in reversed(list(enumerate(found)))}
    joined: list[tuple[Found, int]] = []
    for f in sorted(ranks, key=lambda f: (f[0], -f[1])):
        if joined and _overlap(joined[-1][0], f):
            (start, end, kind), rank = joined[-1]
            joined[-1] = (start, max(end, f[1]), kind if rank < ranks[f] else f[2]), min(rank, ranks[f])
        else:
            joined.append((f, ranks[f]))
    return [f for f, _ in joined]


def _any_of(ways: Iterable[str]) -> re.Pattern[str]:
    """Of these ways the longest that fits."""
    ordered = sorted(ways, key=lambda w: (-len(w), w))
    return re.compile("|".join(map(any_way, ordered)) or "(?!)", re.IGNORECASE)


def _longest_first(names: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(names, key=lambda x: (-len(x[0]), x)))


def _spoken(workspace: Workspace) -> set[tuple[str, str]]:
    """The ways to write the contracts' names that the understanding knows: the beginning of a site's, a good's without grade."""
    words = Vocabulary.of(within(workspace, workspace.contracts.values())).words
    return {(written, kind) for written, kind, _, ids in words if ids and kind in WORDS}


def _named(workspace: Workspace) -> Iterable[tuple[str, str]]:
    for tank in workspace.index.tanks:
        yield from ((n, "tank") for n in (tank.id, tank.name, *tank.aliases))
    for good in workspace.goods.values():
        yield from ((n, "good") for n in (good.code, good.name, *good.aliases))
    for site in workspace.sites.values():
        yield from ((n, "site") for n in (site.id, site.name))
    for contract in workspace.contracts.values():
        yield from ((n, "contract") for n in (contract.id, contract.name))
    roster = workspace.roster
    for firm in roster.organisations.values():
        yield from ((n, "firm") for n in (firm.id, firm.name, firm.short))
    for person in roster.people.values():
        yield from ((n, "person") for n in (person.id, person.name))
    for chat in roster.chats.values():
        yield from ((n, "chat") for n in (chat.id, chat.name))
