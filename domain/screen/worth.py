"""The arithmetic of ``domain.position`` over many moments: eligible kg, fen, caps, lines, in exact integers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Self

import numpy as np

from domain.contract import Contract, Line
from domain.errors import Unmeasurable
from domain.farm import Ints
from domain.tank import TankIndex

LARGEST = 2**61
"""Products stay below it, so that twice a remainder still fits an int64."""


@lru_cache(maxsize=4096)
def fen_per_kg(price_cny_t: Decimal, haircut: Decimal) -> Fraction:
    """What a kg counts for, as ``domain.money.worth`` has it. A price at or below zero counts as nothing."""
    return Fraction(max(price_cny_t, Decimal(0))) / 10 * (1 - Fraction(haircut))


def fen(mass_kg: Ints, per_kg: Sequence[Fraction]) -> Ints:
    """Value in fen (m, k) of masses in kg (m, k), rounded half to even as ``worth`` rounds. Raises Unmeasurable."""
    numerators = np.array([f.numerator for f in per_kg], dtype=object)
    denominators = np.array([f.denominator for f in per_kg], dtype=object)
    most = mass_kg.max(axis=0, initial=0)
    if any(int(m) * n >= LARGEST or d >= LARGEST for m, n, d in zip(most, numerators, denominators, strict=True)):
        raise Unmeasurable(f"masses up to {int(most.max(initial=0))} kg: their value is no int64 in such fractions")
    return _divided(mass_kg * numerators.astype(np.int64), denominators.astype(np.int64))


def _divided(numerator: Ints, denominator: Ints) -> Ints:
    """``domain.money.half_even`` of columns."""
    whole = numerator // denominator
    rest = numerator - whole * denominator
    up = (2 * rest > denominator) | ((2 * rest == denominator) & (whole % 2 == 1))
    return np.asarray(whole + up)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Whose columns are added up: ``tank`` (k,) of each pledged part, ``good`` and ``site`` of each tank, as numbers."""

    contract: Contract
    tank: Ints
    good: Ints
    site: Ints
    goods: tuple[str, ...]
    sites: int

    @classmethod
    def of(cls, contract: Contract, index: TankIndex) -> Self:
        """Every tank of the contract must be in the index."""
        ids = list(dict.fromkeys(p.tank_id for p in contract.pledged))
        tanks = [index.tanks[index.row[t]] for t in ids]
        goods = tuple(dict.fromkeys(t.good for t in tanks))
        sites = list(dict.fromkeys(t.site_id for t in tanks))
        return cls(
            contract=contract,
            tank=np.array([ids.index(p.tank_id) for p in contract.pledged], dtype=np.int64),
            good=np.array([goods.index(t.good) for t in tanks], dtype=np.int64),
            site=np.array([sites.index(t.site_id) for t in tanks], dtype=np.int64),
            goods=goods,
            sites=len(sites),
        )

    def capped(self, values: Ints) -> Ints:
        """What the caps leave (m,) of the parts' values in fen (m, k); a part that does not count is 0."""
        whole, caps = values.sum(axis=1), self.contract.caps
        if caps.owner is not None:
            raise Unmeasurable("a cap by owner is taken pro rata, moment by moment: these columns do not know it")
        shares = [self._share(code) for code in self.goods]
        if caps.tank is None and caps.site is None and all(s is None for s in shares):
            return np.asarray(whole)
        tanks = np.minimum(_added(values, self.tank, len(self.good)), _ceiling(caps.tank, whole)[:, None])
        goods = _added(tanks, self.good, len(self.goods))
        ceilings = {s: _ceiling(s, whole) for s in dict.fromkeys(shares)}
        left = np.minimum(goods, np.stack([ceilings[s] for s in shares], axis=1))
        if caps.site is None:
            return np.asarray(left.sum(axis=1))
        most = _ceiling(caps.site, whole)
        for g in np.flatnonzero((left < goods).any(axis=0)).tolist():
            self._cut(tanks, g, goods[:, g], left[:, g])
        return np.asarray(np.minimum(_added(tanks, self.site, self.sites), most[:, None]).sum(axis=1))

    def _cut(self, tanks: Ints, good: int, held: Ints, left: Ints) -> None:
        """Take what a good's cap cuts off from its tanks, pro rata; in place."""
        at = np.flatnonzero(left < held)
        cut, whole = (held - left)[at], held[at]
        if int(cut.max()) * int(whole.max()) >= LARGEST:
            cut, whole = cut.astype(object), whole.astype(object)  # their products are beyond an int64
        for tank in np.flatnonzero(self.good == good).tolist():
            tanks[at, tank] -= _divided(cut * tanks[at, tank], whole).astype(np.int64)

    def _share(self, code: str) -> Decimal | None:
        own = self.contract.goods[code].max_share
        return own if own is not None else self.contract.caps.good


def _added(values: Ints, group: Ints, groups: int) -> Ints:
    out = np.zeros((len(values), groups), dtype=np.int64)
    for k, g in enumerate(group.tolist()):
        out[:, g] += values[:, k]
    return out


def _ceiling(share: Decimal | None, whole: Ints) -> Ints:
    """This share of the whole in fen; the whole where there is no cap. Raises Unmeasurable."""
    if share is None:
        return whole
    numerator, denominator = share.as_integer_ratio()
    if int(whole.max(initial=0)) * numerator >= LARGEST:
        raise Unmeasurable(f"a cap of {share} of {int(whole.max(initial=0))} fen is no int64")
    return _divided(whole * numerator, np.full_like(whole, denominator))


def depth(values: Ints, line_values: Mapping[Line, Decimal]) -> Ints:
    """How deep each value lies (m,): 0 above the lines, 1, 2, 3 below warn, control, disposal at the lowest."""
    out = np.zeros(len(values), dtype=np.int64)
    for n, line in enumerate(Line, start=1):
        out = np.where(values < at_least(line_values[line]), n, out)
    return out


def at_least(amount_cny: Decimal) -> int:
    """The smallest whole number of fen that is not below this amount."""
    return int((amount_cny * 100).to_integral_value(rounding=ROUND_CEILING))
