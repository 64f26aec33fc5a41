"""Who claims what in which tank, over all lenders: asked per judgement, answered with each contract's own figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from typing import Protocol

from bot.claimants import Claimants
from bot.receipts import Receipts
from datasources.workspace import Workspace
from domain.alarm import Alarm
from domain.contract import AlertKind, Contract, PledgedTank
from domain.encumbrance import Basis, Claim, Encumbered, There, encumbered
from domain.holding import Books, holdings
from domain.money import whole_kg
from domain.ownership.ledger import Ledger
from domain.position import eligible_kg
from domain.receipt.pool import claimed_kg
from domain.stock import Stock


class Known(Protocol):
    """What is asked of the house."""

    @property
    def workspace(self) -> Workspace:
        """The files."""

    @property
    def receipts(self) -> Receipts:
        """Every lender's receipts."""

    @property
    def claimants(self) -> Claimants:
        """Where claims may collide."""

    @property
    def stocks(self) -> Mapping[int, Stock]:
        """Believed masses, by how many readings it takes to believe."""

    @property
    def books(self) -> Books:
        """The depots' books."""

    @property
    def ledger(self) -> Ledger:
        """The depots' ownership ledgers."""

    def open_alarms(self, contract_id: str) -> Mapping[str, Alarm]:
        """The open alarms of a contract by key."""


def encumbrances(house: Known, contract: Contract, now: datetime) -> tuple[Encumbered, ...]:
    """How this contract's claims stand; empty where nothing can collide."""
    tanks = house.claimants.tanks_of(contract)
    if not tanks:
        return ()
    found: list[Encumbered] = []
    held = {c: _held(house, c) for c in {c for t in tanks for c in house.claimants.by_tank[t]}}
    for tank in tanks:
        claims = [
            _claim(house, house.workspace.contracts[c], tank, held[c], now) for c in house.claimants.by_tank[tank]
        ]
        mine = next(c for c in claims if c.contract_id == contract.id)
        found.append(
            encumbered(mine, claims, _there(house, contract, tank, now), contract.tolerances, house.receipts.twice)
        )
    return tuple(found)


def also_changed(house: Known, contracts: Iterable[Contract], now: datetime) -> list[Contract]:
    """Contracts of whoever it may be that share a tank or a number with these, and whose claims now stand otherwise
    than they were told: judged together with them, so that nobody learns of it first.
    """
    given = {c.id: c for c in contracts}
    others: dict[str, Contract] = {}
    for contract in given.values():
        for tank in house.claimants.tanks_of(contract):
            others |= {c: house.workspace.contracts[c] for c in house.claimants.by_tank[tank] if c not in given}
    if house.receipts.twice:
        others |= {c.id: c for c in _holders(house) if c.id not in given}
    return [c for c in others.values() if _told(house, c) != _stands(house, c, now)]


def _stands(house: Known, contract: Contract, now: datetime) -> set[str]:
    told = _told(house, contract)
    return {e.tank_id for e in encumbrances(house, contract, now) if (e.edge if e.tank_id in told else e.check)}


def _told(house: Known, contract: Contract) -> set[str]:
    mine = house.open_alarms(contract.id).values()
    return {a.subject for a in mine if a.kind is AlertKind.DUP_PLEDGE and a.condition == "active"}


def _holders(house: Known) -> list[Contract]:
    """The contracts of receipts whose number is in two hands."""
    twice = house.receipts.twice
    live = (s for book in house.receipts.books.values() for s in book.values() if s.state.live)
    ids = {s.contract_id for s in live if (s.receipt.issuer, s.receipt.no) in twice}
    return [c for c in house.workspace.contracts.values() if c.id in ids]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What one contract has in pledge by receipts: kg and (issuer, number) by tank."""

    kg: Mapping[str, int]
    numbers: Mapping[str, frozenset[tuple[str, str]]]


def _held(house: Known, contract_id: str) -> _Held | None:
    """None for a contract without receipts."""
    contract = house.workspace.contracts[contract_id]
    book = house.receipts.books[contract.lender]
    kg = claimed_kg(book, contract)
    if kg is None:
        return None
    numbers: dict[str, frozenset[tuple[str, str]]] = {}
    for standing in book.of(contract.id):
        if standing.state.live:
            for tank in standing.pledged:
                numbers[tank] = numbers.get(tank, frozenset()) | {(standing.receipt.issuer, standing.receipt.no)}
    return _Held(kg=kg, numbers=numbers)


def _claim(house: Known, contract: Contract, tank: str, held: _Held | None, now: datetime) -> Claim:
    pledge = next(p for p in contract.pledged if p.tank_id == tank)
    if held is not None:
        kg, basis = held.kg.get(tank, 0), Basis.RECEIPTS
    else:
        kg = _valued_kg(house, contract, pledge, now)
        basis = Basis.SHARE if pledge.share is not None else Basis.FLOATING
    return Claim(
        lender=contract.lender,
        contract_id=contract.id,
        tank_id=tank,
        owner=pledge.owner,
        kg=kg,
        basis=basis,
        numbers=held.numbers.get(tank, frozenset()) if held is not None else frozenset(),
    )


def _valued_kg(house: Known, contract: Contract, pledge: PledgedTank, now: datetime) -> int:
    """What the contract values there, on the stock that believes soonest: what is there is there for everybody."""
    stock = house.stocks[min(house.stocks)]
    held = holdings(replace(contract, pledged=(pledge,)), stock, house.books, now, house.ledger)[0]
    if held.good not in contract.goods:
        return 0
    return eligible_kg(held, lower_of_book=contract.quantity_rule == "lower_of_book")


def _there(house: Known, contract: Contract, tank: str, now: datetime) -> There:
    """The tank above its heel, and the owners' parts: by the book of now, else by the contracts' own fixed shares."""
    index, stock = house.workspace.index, house.stocks[min(house.stocks)]
    row = index.row[tank]
    mass, heel, u = (float(column[row]) for column in (stock.mass_kg, stock.heel_kg, stock.u_mass_kg))
    measured = isfinite(mass)
    deliverable = whole_kg(max(0.0, mass - heel)) if measured else None
    owners = _booked(house, contract, tank, heel if measured else 0.0, now)
    if owners is None and deliverable is not None:
        owners = _shared(house, tank, deliverable)
    return There(deliverable_kg=deliverable, owner_kg=owners, u_kg=whole_kg(u) if isfinite(u) else 0)


def _booked(house: Known, contract: Contract, tank: str, heel_kg: float, now: datetime) -> dict[str, int] | None:
    """Each owner's deliverable kg by a book that is of now and names the tank."""
    books = house.books
    whole = books.tank_kg.get(tank)
    old = books.as_of is None or (now - books.as_of).total_seconds() > contract.staleness.book_s
    if old or not whole:
        return None
    above = max(0.0, 1.0 - heel_kg / whole)
    return {owner: whole_kg(kg * above) for (t, owner), kg in books.kg.items() if t == tank}


def _shared(house: Known, tank: str, deliverable_kg: int) -> dict[str, int] | None:
    """Where no book speaks: each owner's part as the contracts state it. Shares that are pledged themselves add up."""
    pledged: dict[str, float] = {}
    stated: dict[str, float] = {}
    for contract_id in house.claimants.by_tank[tank]:
        contract = house.workspace.contracts[contract_id]
        pledge = next(p for p in contract.pledged if p.tank_id == tank)
        if pledge.share is None:
            continue
        if contract.receipts is None:
            pledged[pledge.owner] = pledged.get(pledge.owner, 0.0) + float(pledge.share)
        else:
            stated[pledge.owner] = max(stated.get(pledge.owner, 0.0), float(pledge.share))
    owners = {**pledged, **{o: max(s, pledged.get(o, 0.0)) for o, s in stated.items()}}
    return {owner: whole_kg(share * deliverable_kg) for owner, share in owners.items()} or None
