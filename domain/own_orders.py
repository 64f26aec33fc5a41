"""Which work orders of a pledged tank move the pledge's own cargo: in a shared tank others' are nobody's business here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.contract import Contract
from domain.holding import Books
from domain.movement import WorkOrder
from domain.ownership.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Whose cargo counts in each tank of a contract. shared: tanks in which others own cargo too, so far as is known."""

    of_tank: Mapping[str, frozenset[str]]
    shared: frozenset[str] = frozenset()

    @classmethod
    def of(cls, contract: Contract, books: Books | None = None, ledger: Ledger | None = None) -> "Owners":
        """By the contract, and by the depots' books and ledger of today where they are given."""
        mine: dict[str, frozenset[str]] = {}
        for pledged in contract.pledged:
            mine[pledged.tank_id] = mine.get(pledged.tank_id, frozenset()) | {pledged.owner}
        parts = {p.tank_id for p in contract.pledged if p.share not in (None, 1)}
        booked = {t for (t, owner), kg in books.kg.items() if kg and owner not in mine.get(t, ())} if books else set()
        lots = ledger.lots if ledger is not None else {}
        held = {t for t, owners in mine.items() if any(x.kg and x.owner not in owners for x in lots.get(t, ()))}
        return cls(of_tank=mine, shared=frozenset(parts | (booked & mine.keys()) | held))

    def mine(self, orders: Iterable[WorkOrder]) -> list[WorkOrder]:
        """Orders in the contract's tanks of its own cargo; one that names no owner only where nobody else owns any."""
        return [o for o in orders if self._is_mine(o)]

    def unowned(self, orders: Iterable[WorkOrder]) -> list[WorkOrder]:
        """Orders in its shared tanks that name no owner: nobody can say whose cargo they move."""
        return [o for o in orders if o.owner is None and o.tank_id in self.shared]

    def may_be(self, order: WorkOrder) -> bool:
        """In one of the contract's tanks, and the depot does not say that it is another's."""
        owners = self.of_tank.get(order.tank_id)
        return owners is not None and (order.owner is None or order.owner in owners)

    def _is_mine(self, order: WorkOrder) -> bool:
        owners = self.of_tank.get(order.tank_id)
        if owners is None:
            return False
        return order.owner in owners if order.owner is not None else order.tank_id not in self.shared
