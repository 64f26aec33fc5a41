"""What may be named somewhere: the tanks, goods, sites, parties and people of some contracts, and nothing else.

A scope is narrowed to what a chat may know: another lender's tank is as unknown as one that does not exist. Knows nobody's
way to write a name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from domain.contract import Contract
from domain.good import Good
from domain.people import Roster
from domain.tank import Site, TankIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The names that may be understood somewhere. firms and people: id → ways to write it; banks: the asker's own.

    strangers: names that are nobody's; for learning from sentences that hold them, never from a workspace. ours: the
    sites of the depot whose person asks.
    """

    index: TankIndex
    goods: Mapping[str, Good]
    sites: Mapping[str, Site]
    contracts: Mapping[str, Contract]
    firms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    banks: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()


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
    def roster(self) -> Roster:
        """Firms and people."""


def within(names: Names, contracts: Iterable[Contract], *, depot: str | None = None) -> Scope:
    """Only what belongs to these contracts: their tanks, goods and sites, their parties and those parties' people.

    depot: whose person asks; its sites are what they call 我们库.
    """
    mine = {c.id: c for c in contracts}
    pledged = {t for c in mine.values() for t in c.tank_ids()}
    tanks = tuple(t for t in names.index.tanks if t.id in pledged)
    sites, goods = {t.site_id for t in tanks}, {t.good for t in tanks}
    firms, known = names.roster.organisations, names.roster.people.values()
    depots = {d for c in mine.values() for d in c.depots}
    parties = {f for c in mine.values() for f in (c.lender, c.borrower, c.supervisor, *c.depots) if f is not None}
    lenders = [firms[c.lender] for c in mine.values()]
    return Scope(
        index=TankIndex(tanks),
        goods={k: g for k, g in names.goods.items() if k in goods},
        sites={k: s for k, s in names.sites.items() if k in sites},
        contracts=mine,
        firms={k: (firms[k].short, firms[k].name) for k in parties - depots},
        people={p.id: (p.name,) for p in known if p.org in parties},
        banks=tuple(dict.fromkeys(w for f in lenders for w in (f.short, f.name))),
        ours=tuple(i for i, s in names.sites.items() if i in sites and depot is not None and s.depot == depot),
    )
