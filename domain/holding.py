"""From columns to what a contract holds: the pledge's share of every tank, in integer kg, with its age."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from math import isfinite

from domain.contract import Contract, PledgedTank
from domain.money import whole_kg
from domain.ownership.ledger import EMPTY, Ledger
from domain.ownership.share import Stake, stake
from domain.position import Freshness, Holding
from domain.stock import Stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The depots' books: kg by (tank id, owner), the sum per tank, and the oldest time at which one spoke."""

    kg: Mapping[tuple[str, str], int]
    tank_kg: Mapping[str, int]
    as_of: datetime | None


NO_BOOKS = Books(kg={}, tank_kg={}, as_of=None)


def holdings(
    contract: Contract, stock: Stock, books: Books, now: datetime, ledger: Ledger = EMPTY
) -> tuple[Holding, ...]:
    """One holding per pledged tank, in the contract's order. ledger: of all sites that keep one."""
    return tuple(_holding(contract, pledged, stock, books, now, ledger) for pledged in contract.pledged)


def stake_of(pledged: PledgedTank, books: Books, ledger: Ledger) -> Stake | None:
    """The pledge's part of the tank by the depot's ledger; None where no ledger knows the tank."""
    lots = ledger.lots.get(pledged.tank_id)
    if lots is None:
        return None
    return stake(
        lots,
        pledged.owner,
        batches=pledged.batches,
        book_kg=books.kg.get((pledged.tank_id, pledged.owner)),
        book_tank_kg=books.tank_kg.get(pledged.tank_id),
    )


def share_of(pledged: PledgedTank, books: Books, ledger: Ledger = EMPTY) -> Decimal | None:
    """The owner's part of the tank: the contract's own figure, else the ledger's, else its part of the book.

    None if none of them is known; identified batches are known to a ledger only.
    """
    if pledged.share is not None:
        return pledged.share
    by_ledger = stake_of(pledged, books, ledger)
    if by_ledger is not None:
        return by_ledger.share
    if pledged.batches:
        return None
    whole = books.tank_kg.get(pledged.tank_id)
    mine = books.kg.get((pledged.tank_id, pledged.owner))
    if whole is None:
        return None
    return Decimal(mine or 0) / whole if whole > 0 else Decimal(0)


def _booked(pledged: PledgedTank, books: Books, ledger: Ledger) -> int | None:
    """What is on paper for the pledge: the book's, or where the share is the ledger's, what the ledger lets count."""
    by_ledger = stake_of(pledged, books, ledger) if pledged.share is None else None
    return by_ledger.kg if by_ledger is not None else books.kg.get((pledged.tank_id, pledged.owner))


def _holding(
    contract: Contract, pledged: PledgedTank, stock: Stock, books: Books, now: datetime, ledger: Ledger
) -> Holding:
    row = stock.index.row[pledged.tank_id]
    tank = stock.index.tanks[row]
    share = share_of(pledged, books, ledger)
    mass = float(stock.mass_kg[row])
    known = isfinite(mass) and share is not None
    part = float(share or 0)
    taken_us = int(stock.taken_at_us[row])
    taken_at = datetime.fromtimestamp(taken_us / 1e6, UTC) if taken_us else None
    return Holding(
        tank_id=tank.id,
        site_id=tank.site_id,
        good=tank.good,
        physical_kg=whole_kg(mass * part) if known else None,
        heel_kg=whole_kg(float(stock.heel_kg[row]) * part) if known else 0,
        book_kg=_booked(pledged, books, ledger),
        frozen_kg=pledged.frozen_kg,
        share=share if share is not None else Decimal(0),
        u_kg=whole_kg(float(stock.u_mass_kg[row]) * part) if known else 0,
        taken_at=taken_at,
        freshness=_freshness(contract, taken_at, now) if known else Freshness.NEVER,
        stock_taken_at=ledger.stock_taken.get(tank.id),
    )


def _freshness(contract: Contract, taken_at: datetime | None, now: datetime) -> Freshness:
    if taken_at is None:
        return Freshness.NEVER
    age_s = (now - taken_at).total_seconds()
    if age_s > contract.staleness.exclude_s:
        return Freshness.EXCLUDED
    return Freshness.STALE if age_s > contract.staleness.warn_s else Freshness.FRESH
