"""The names of a scope in every way that chats write them, in normal form: T-107, t107, 107; 柴油 for 0#柴油.

Goods of the trade are in every vocabulary, so that an answer can say that there is none here. Knows how names are written,
not how they are found in a text (``names``).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self, TypeVar

from domain.tank import Tank
from skills.understanding.goods import SHORT, TRADED
from skills.understanding.normal import normal
from skills.understanding.scope import Scope
from skills.understanding.slips import Sounds, with_names

_SOUNDING = frozenset({"good", "site", "contract", "firm"})
_GRADE = re.compile(r"^[-+]?\d+#")

Word = tuple[str, str, str, tuple[str, ...]]
"""A name: as written in normal form, its kind, as told, and the ids that it may mean."""
_K = TypeVar("_K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Names in normal form, ready to be looked for. words: longest first. codes: ids of tanks by their ``compact`` writing.

    sounds: what the words of places and goods sound like; people's names are too short to be mended.
    """

    words: tuple[Word, ...]
    codes: Mapping[str, tuple[str, ...]]
    numbers: Mapping[int, tuple[str, ...]]
    endings: Mapping[int, tuple[str, ...]]
    spelled: Mapping[str, str] = field(repr=False)
    site_of: Mapping[str, str] = field(repr=False)
    sounds: Sounds = field(repr=False)
    banks: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @classmethod
    def of(cls, names: Scope) -> Self:
        """All ways to write the names."""
        words, tanks = _words(names), names.index.tanks
        numbers, endings = _called(tanks)
        return cls(
            words=words,
            codes=_codes(tanks),
            numbers=numbers,
            endings=endings,
            spelled={t.id: t.name for t in tanks},
            site_of={t.id: t.site_id for t in tanks},
            sounds=with_names(w for w, kind, *_ in words if kind in _SOUNDING),
            banks=names.banks,
            ours=names.ours,
            only=tuple(names.sites) if len(names.sites) == 1 else (),
        )

    def tanks(self, number: int) -> tuple[str, ...]:
        """Tanks that people may call by this number."""
        return tuple(dict.fromkeys((*self.numbers.get(number, ()), *self.endings.get(number, ()))))


def compact(written: str) -> str:
    """A tank's code without dashes, spaces and 号罐: t107."""
    return re.sub(r"[-_ ]|[号#]?罐?$", "", written)


def _words(names: Scope) -> tuple[Word, ...]:
    words: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for kind, ident, written, said in _written(names):
        words.setdefault((written, kind), (said, []))[1].extend([ident] if ident else [])
    for good in TRADED:
        words.setdefault((good, "good"), (good, []))
    for short, good in SHORT.items():
        words.setdefault((short, "good"), (good, words[good, "good"][1] if (good, "good") in words else []))
    ordered = sorted(words.items(), key=lambda w: -len(w[0][0]))
    return tuple((w, kind, said, tuple(dict.fromkeys(ids))) for (w, kind), (said, ids) in ordered)


def _written(names: Scope) -> Iterable[tuple[str, str, str, str]]:
    """(kind, id, normal writing, as told) of everything but tanks with numbers."""
    yield from _goods(names)
    yield from _places(names)
    for kind, listed in (("firm", names.firms), ("person", names.people)):
        for ident, ways in listed.items():
            yield from ((kind, ident, _plain(w), w) for w in ways if len(w) > 1)
    for name in names.strangers:
        yield "stranger", "", _plain(name), name
    for tank in names.index.tanks:
        for name in (tank.name, *tank.aliases):
            if not any(c.isdigit() for c in name) and len(_plain(name)) > 1:
                yield "tank", tank.id, _plain(name), name


def _goods(names: Scope) -> Iterable[tuple[str, str, str, str]]:
    """Each good with its grade and without."""
    for code, good in names.goods.items():
        for name in (good.name, *good.aliases):
            plain = _plain(name)
            yield from (
                ("good", code, w, w.upper() if w.isascii() else w) for w in {plain, _GRADE.sub("", plain)} if len(w) > 1
            )


def _places(names: Scope) -> Iterable[tuple[str, str, str, str]]:
    """Sites by their whole names and by their beginnings; contracts by name and number."""
    for site in names.sites.values():
        yield "site", site.id, _plain(site.name), site.name
    for prefix, site_id, said in _prefixes({s.id: s.name for s in names.sites.values()}):
        yield "site", site_id, prefix, said
    for contract in names.contracts.values():
        for written in {_plain(contract.name), _plain(contract.id)}:
            yield "contract", contract.id, written, contract.name


def _plain(name: str) -> str:
    return normal(name).whole


def _prefixes(names: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Beginnings of two and more characters that only one of the names has: 港储 for 港储一库."""
    for ident, name in names.items():
        plain = _plain(name)
        for end in range(2, len(plain)):
            if sum(_plain(other).startswith(plain[:end]) for other in names.values()) == 1:
                yield plain[:end], ident, name


def _codes(tanks: Iterable[Tank]) -> dict[str, tuple[str, ...]]:
    codes: dict[str, list[str]] = {}
    for tank in tanks:
        for code in {compact(normal(n).whole) for n in (tank.id, tank.name, *tank.aliases)}:
            codes.setdefault(code, []).append(tank.id)
    return _frozen(codes)


def _called(tanks: Iterable[Tank]) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[str, ...]]]:
    """Tanks by their numbers, and by what is left of a number without its hundreds."""
    numbers: dict[int, list[str]] = {}
    endings: dict[int, list[str]] = {}
    for tank in tanks:
        for n in _numbers(tank):
            numbers.setdefault(n, []).append(tank.id)
            if n >= 100:  # the site's people leave out its hundred: 7号罐 is T-107
                endings.setdefault(n % 100, []).append(tank.id)
    return _frozen(numbers), _frozen(endings)


def _numbers(tank: Tank) -> set[int]:
    """The numbers by which a tank may be called: the last digits of its id and names."""
    found = (re.findall(r"\d+", n) for n in (tank.id, tank.name, *tank.aliases))
    return {int(digits[-1]) for digits in found if digits}


def _frozen(found: Mapping[_K, list[str]]) -> dict[_K, tuple[str, ...]]:
    return {k: tuple(dict.fromkeys(v)) for k, v in found.items()}
