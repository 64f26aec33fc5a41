"""Tanks, goods, sites and contracts as people write them: T-107, t107, 107号罐, 一百零七号罐; 柴油 for 0#柴油.

Names come from the outside as a ``Names``; ``within`` narrows them to what a chat may know.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self, TypeVar

from domain.contract import Contract
from domain.good import Good
from domain.tank import Site, Tank, TankIndex
from skills.normal import normal, number_of

KINDS = {
    "tank": "T", "good": "G", "site": "S", "contract": "C", "time": "D", "percent": "P", "mass": "M", "money": "R",
}  # fmt: skip
"""What stands for a name, a time or a change in figures once it has been recognised: capitals, which no normal text holds."""

EXAMPLE_NAMES: Mapping[str, tuple[str, ...]] = {
    "tank": ("T-107", "T-112", "3号罐"),
    "good": ("甲醇", "柴油"),
    "site": ("港储一库",),
    "contract": ("恒运池",),
    "percent": ("再跌5%", "涨百分之三", "再跌一成"),
    "mass": ("再提500吨", "补入1000吨", "换入300吨", "换出500吨"),
    "money": ("还款500万", "还300万元"),
}
"""The only names and figures that skills' examples use."""

_CODE = re.compile(
    r"(?<![0-9a-z])(?=[0-9_-]*[a-z])(?:[a-z]{1,4} ?[-_]? ?\d{1,5}[a-z]?|[a-z0-9]+(?:[-_][a-z0-9]+)*)(?![0-9a-z])(?:号|#)?罐?"
)
_NUMBER = re.compile(r"(?<![0-9a-z.#-])(\d{1,5}|[零〇一二两三四五六七八九十百]{1,6})(?:(?:号|#)罐?|罐)")
K = TypeVar("K")
_FIRST_SIGN = 0xF0000
"""Private use: no normal text holds such a character."""
_GRADE = re.compile(r"^[-+]?\d+#")
_SLIPS = str.maketrans({"纯": "醇", "本": "苯", "希": "烯", "夕": "烯", "冰": "丙", "清": "青"})
"""Homophones in goods' names: 甲纯 is 甲醇, 粗本 is 粗苯. Applied to both sides of a comparison."""


class Names(Protocol):
    """Everything that has a name; a workspace is one."""

    @property
    def index(self) -> TankIndex:
        """The tanks."""

    @property
    def goods(self) -> Mapping[str, Good]:
        """Goods by code."""

    @property
    def sites(self) -> Mapping[str, Site]:
        """Sites by id."""

    @property
    def contracts(self) -> Mapping[str, Contract]:
        """Contracts by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The names that may be understood somewhere."""

    index: TankIndex
    goods: Mapping[str, Good]
    sites: Mapping[str, Site]
    contracts: Mapping[str, Contract]


def within(names: Names, contracts: Iterable[Contract]) -> Scope:
    """Only what belongs to these contracts, so that another lender's tank is as unknown as one that does not exist."""
    mine = {c.id: c for c in contracts}
    pledged = {t for c in mine.values() for t in c.tank_ids()}
    tanks = tuple(t for t in names.index.tanks if t.id in pledged)
    sites, goods = {t.site_id for t in tanks}, {t.good for t in tanks}
    return Scope(
        index=TankIndex(tanks),
        goods={k: g for k, g in names.goods.items() if k in goods},
        sites={k: s for k, s in names.sites.items() if k in sites},
        contracts=mine,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A clause with each recognised name replaced by its sign, and the ids by kind in the order of the text.

    unclear: kinds of which something was named that is not known or fits more than two. maybe: the tanks that it fits.
    """

    masked: str
    ids: Mapping[str, tuple[str, ...]]
    unclear: frozenset[str] = frozenset()
    maybe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Names in normal form, ready to be looked for. words: (normal name, kind, ids), longest first."""

    words: tuple[tuple[str, str, tuple[str, ...]], ...]
    codes: Mapping[str, tuple[str, ...]]
    numbers: Mapping[int, tuple[str, ...]]
    endings: Mapping[int, tuple[str, ...]]
    site_of: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, names: Names) -> Self:
        """All ways to write the names."""
        words: dict[tuple[str, str], list[str]] = {}
        for kind, ident, written in _written(names):
            words.setdefault((written, kind), []).append(ident)
        codes: dict[str, list[str]] = {}
        numbers: dict[int, list[str]] = {}
        endings: dict[int, list[str]] = {}
        for tank in names.index.tanks:
            for code in {_code(n) for n in (tank.id, tank.name, *tank.aliases)}:
                codes.setdefault(code, []).append(tank.id)
            for n in _numbers(tank):
                numbers.setdefault(n, []).append(tank.id)
                if n >= 100:  # the site's people leave out its hundred: 7号罐 is T-107
                    endings.setdefault(n % 100, []).append(tank.id)
        ordered = sorted(words.items(), key=lambda w: -len(w[0][0]))
        return cls(
            words=tuple((written, kind, tuple(dict.fromkeys(ids))) for (written, kind), ids in ordered),
            codes=_frozen(codes),
            numbers=_frozen(numbers),
            endings=_frozen(endings),
            site_of={t.id: t.site_id for t in names.index.tanks},
        )

    def find(self, clause: str) -> Found:
        """The names in a normal clause."""
        ids: dict[str, list[str]] = {}
        unclear: set[str] = set()
        maybe: list[str] = []
        masked = self._words(clause, ids, unclear)
        sites = frozenset(ids.get("site", ()))

        def tank(known: tuple[str, ...]) -> str:
            """Both where two fit: the answer shows which they are. Of more, or none, nobody is guessed."""
            here = [t for t in known if not sites or self.site_of[t] in sites]
            if 1 <= len(here) <= 2:
                ids.setdefault("tank", []).extend(here)
            else:
                unclear.add("tank")
                maybe.extend(here)
            return KINDS["tank"]

        def coded(match: re.Match[str]) -> str:
            known = self.codes.get(_compact(match[0]), ())
            return tank(known) if known else match[0]

        def numbered(match: re.Match[str]) -> str:
            n = number_of(match[1])
            return tank(() if n is None else (*self.numbers.get(n, ()), *self.endings.get(n, ())))

        masked = _NUMBER.sub(numbered, _CODE.sub(coded, masked))
        return Found(masked=masked, ids=_frozen(ids), unclear=frozenset(unclear), maybe=tuple(maybe))

    def _words(self, clause: str, ids: dict[str, list[str]], unclear: set[str]) -> str:
        """Longer names first; what was found is told in the order of the text: of a swap, which good comes in."""
        folded = clause.translate(_SLIPS)
        found: list[tuple[str, tuple[str, ...]]] = []
        for written, kind, idents in self.words:
            while (at := folded.find(written)) >= 0:
                end, sign = at + len(written), chr(_FIRST_SIGN + len(found))
                clause, folded = (t[:at] + sign + t[end:] for t in (clause, folded))
                found.append((kind, idents))
        for kind, idents in (found[ord(c) - _FIRST_SIGN] for c in clause if ord(c) >= _FIRST_SIGN):
            if len(idents) == 1 or kind == "good":
                ids.setdefault(kind, []).extend(idents)
            else:
                unclear.add(kind)
        return "".join(KINDS[found[ord(c) - _FIRST_SIGN][0]] if ord(c) >= _FIRST_SIGN else c for c in clause)


def _frozen(found: Mapping[K, list[str]]) -> dict[K, tuple[str, ...]]:
    return {k: tuple(dict.fromkeys(v)) for k, v in found.items()}


def _written(names: Names) -> Iterable[tuple[str, str, str]]:
    """(kind, id, normal writing) of goods, sites, contracts, and of tanks whose names hold no number."""
    for code, good in names.goods.items():
        for name in (good.name, *good.aliases):
            yield from (("good", code, w) for w in {_plain(name), _plain(_GRADE.sub("", _plain(name)))} if len(w) > 1)
    for site in names.sites.values():
        yield "site", site.id, _plain(site.name)
    for prefix, site_id in _prefixes({s.id: _plain(s.name) for s in names.sites.values()}):
        yield "site", site_id, prefix
    for contract in names.contracts.values():
        yield from (("contract", contract.id, w) for w in {_plain(contract.name), _plain(contract.id)})
    for tank in names.index.tanks:
        for name in (tank.name, *tank.aliases):
            if not any(c.isdigit() for c in name) and len(_plain(name)) > 1:
                yield "tank", tank.id, _plain(name)


def _plain(name: str) -> str:
    return normal(name).text.translate(_SLIPS)


def _prefixes(names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Beginnings of two and more characters that only one of the names has: 港储 for 港储一库."""
    for ident, name in names.items():
        for end in range(2, len(name)):
            if sum(other.startswith(name[:end]) for other in names.values()) == 1:
                yield name[:end], ident


def _code(name: str) -> str:
    return _compact(normal(name).text)


def _compact(written: str) -> str:
    return re.sub(r"[-_ ]|[号#]?罐?$", "", written)


def _numbers(tank: Tank) -> set[int]:
    """The numbers by which a tank may be called: the last digits of its id and names."""
    found = (re.findall(r"\d+", n) for n in (tank.id, tank.name, *tank.aliases))
    return {int(digits[-1]) for digits in found if digits}
