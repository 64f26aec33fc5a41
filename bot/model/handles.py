"""What leaves the house for an endpoint that is not the lender's own: words without a name, a figure or a number.

Everything hidden gets a handle («罐1», «数2»), and a handle in an argument means again what the asker had written. Times
stay: 昨天 tells nothing of anybody. A name is one in every way that the understanding knows to write it, traditional, spaced,
by its sound or in pinyin too. A name that neither the workspace nor a shape (``shapes``) knows cannot be hidden.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.model.shapes import SHAPES, closed, half, simple
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
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")


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

    @classmethod
    def of(cls, workspace: Workspace) -> "Known":
        """All of it, every lender's: a name must not leave because another chat knows it."""
        found = {(half(n), k) for n, k in _named(workspace) if n.strip()}
        names = _longest_first(found)
        ways = {_way(n): k for n, k in (*_longest_first(_spoken(workspace)), *names)}
        chinese = {w: k for w, k in ways.items() if _CHINESE.fullmatch(w)}
        return cls(
            names=names,
            ways=ways,
            spelled={"".join(_syllables(w)): k for w, k in chinese.items()},
            sounds=with_names(w for w, k in chinese.items() if k != "person" or len(w) > 2),
            written=re.compile("|".join(_any_way(w) for w, _ in _longest_first(ways.items())) or "(?!)", re.IGNORECASE),
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
        return self.ways.get(way) or self.spelled.get("".join(_syllables(way.replace(" ", "")))) or "code"

    def _any_name(self) -> str:
        return "|".join(_bounded(n) for n, _ in self.names) or r"(?!)"


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
        told, last = [], 0
        for kind, start, end in self._found(simple(plain)):
            told += [shown[last : places[start]], self._handle(kind, plain[start:end])]
            last = places[end - 1] + 1
        return "".join((*told, shown[last:]))

    def show(self, text: str) -> str:
        """What the asker had written for every handle in it; a handle that was never given stays."""
        return _HANDLE.sub(lambda m: self._words.get(m[0], m[0]), text)

    def _found(self, plain: str) -> Iterator[tuple[str, int, int]]:
        """(kind, start, end) of everything to hide, in order. What begins first holds, a name before a shape."""
        sounding, at = self._known.sounds.corrected(plain), 0
        while True:
            name, shape = self._known.written.search(sounding, at), _SHAPE.search(plain, at)
            first = name if name and not (shape and shape.start() < name.start()) else shape
            if first is None:
                return
            at = first.end()
            if first is name:
                yield self._known.kind(first[0]), first.start(), at
            elif first.lastgroup not in (None, "time"):
                yield str(first.lastgroup), first.start(), at

    def _handle(self, kind: str, words: str) -> str:
        sign = _SHOWN[kind]
        key = (sign, words)
        if key not in self._by_words:
            handle = f"«{sign}{1 + sum(s == sign for s, _ in self._by_words)}»"
            self._by_words[key], self._words[handle] = handle, words
        return self._by_words[key]


def _bounded(name: str) -> str:
    written = re.escape(name)
    before = r"(?<![A-Za-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return before + written + after


def _any_way(way: str) -> str:
    """A way to write a name as a pattern; each character of a Chinese one also in pinyin."""
    if not _CHINESE.fullmatch(way):
        return _bounded(way)
    first, *between, last = (f"{c}|{s}" for c, s in zip(way, _syllables(way), strict=True))
    inner = "".join(f"(?:{piece}) ?" for piece in between)
    return f"(?:(?<![a-z])(?:{first})|{way[0]}) ?{inner}(?:{way[-1]}|(?:{last})(?![a-z]))"


def _syllables(words: str) -> list[str]:
    """In pinyin without tones; what is not Chinese stays, run by run."""
    from pypinyin import lazy_pinyin  # a quarter of a second, and only where a model is asked

    return lazy_pinyin(words)


def _way(name: str) -> str:
    return simple(closed(half(name))[0]).lower()


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
