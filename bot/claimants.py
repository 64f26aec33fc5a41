"""In which tanks the claims of several contracts may not fit together, by the workspace's files alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from domain.contract import Contract, PledgedTank


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimants:
    """By tank: the contracts that claim in it, where their claims may not fit together."""

    by_tank: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, contracts: Iterable[Contract]) -> Self:
        """Tanks with receipts, and tanks in which several contracts have fixed shares; elsewhere nothing can collide."""
        claims: dict[str, list[tuple[Contract, PledgedTank]]] = {}
        for contract in contracts:
            for pledge in contract.pledged:
                claims.setdefault(pledge.tank_id, []).append((contract, pledge))
        return cls(by_tank={t: tuple(c.id for c, _ in pairs) for t, pairs in claims.items() if _may_collide(pairs)})

    def tanks_of(self, contract: Contract) -> tuple[str, ...]:
        """The contract's tanks that are looked at."""
        return tuple(t for t in contract.tank_ids() if t in self.by_tank)


def _may_collide(claims: list[tuple[Contract, PledgedTank]]) -> bool:
    return any(c.receipts is not None for c, _ in claims) or sum(p.share is not None for _, p in claims) > 1
