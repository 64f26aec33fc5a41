"""A contract's part of the ownership ledger as one question may see it: its owner's lots, and of all others one sum."""

from datetime import datetime
from math import isfinite

from bot.house import House
from domain.contract import Contract, PledgedTank
from domain.holding import stake_of
from domain.ownership.entry import Entry, EntryKind
from domain.ownership.ledger import Lot
from domain.ownership.lineage import Step, steps, upstream
from domain.ownership.share import deliverable_kg, others_kg, physical_kg
from domain.ownership.tolerance import allowed_kg
from skills.ports import Origin, Owned, OwnLot


def owned(house: House, contract: Contract, now: datetime) -> tuple[Owned, ...]:
    """The pledged tanks that a ledger knows, in the contract's order."""
    found = (_owned(house, contract, pledged, now) for pledged in contract.pledged)
    return tuple(o for o in found if o is not None)


def origins(house: House, contract: Contract, tank_id: str, now: datetime) -> tuple[Origin, ...]:
    """The steps by which the owner's batches came into the tank; those of other owners are as if they did not exist."""
    pledged = next(p for p in contract.pledged if p.tank_id == tank_id)
    index = house.workspace.index
    journal = house.journals[index.tanks[index.row[tank_id]].site_id]
    mine = [lot.batch for lot in journal.ledger.lots.get(tank_id, ()) if lot.owner == pledged.owner]
    lives: dict[str | None, list[Step]] = {batch: [] for batch in mine}
    for batch, step in steps(journal.entries, now, method=journal.method):
        if batch in lives and pledged.owner in (step.owner, step.to_owner):
            lives[batch].append(step)
    return tuple(
        _origin(batch, s) for batch, life in lives.items() for s in upstream(_in(life, pledged.owner), tank_id)
    )


def _in(life: list[Step], owner: str) -> list[Step]:
    """Without what the owner gave away: it brought nothing."""
    return [s for s in life if s.kind is not EntryKind.TITLE or s.to_owner == owner]


def _origin(batch: str | None, step: Step) -> Origin:
    return Origin(
        batch=batch,
        kind=step.kind.value,
        at=step.at,
        tank_id=step.tank_id,
        to_tank=step.to_tank,
        kg=step.kg,
        paper=step.paper,
    )


def _owned(house: House, contract: Contract, pledged: PledgedTank, now: datetime) -> Owned | None:
    stake = stake_of(pledged, house.books, house.ledger)
    if stake is None:
        return None
    index, tank_id = house.workspace.index, pledged.tank_id
    tank = index.tanks[index.row[tank_id]]
    lots, ledger = house.ledger.lots[tank_id], house.journals[tank.site_id].ledger
    physical, within = _physical(house, contract, pledged, now)
    as_of, opened = house.ledgers_as_of[tank.site_id], ledger.opened.get(tank_id)
    return Owned(
        contract_id=contract.id,
        tank_id=tank_id,
        site_id=tank.site_id,
        good=tank.good,
        lots=_lots(house, pledged, lots),
        others_kg=others_kg(lots, pledged.owner),
        share=stake.share if pledged.share is None else pledged.share,
        kg=stake.kg,
        ledger_kg=stake.ledger_kg,
        book_kg=stake.book_kg,
        agrees=stake.agrees,
        physical_kg=physical,
        within=within,
        opened_at=opened,
        closed_kg=sum(c.kg for c in ledger.closed if (c.tank_id, c.at) == (tank_id, opened)),
        refused=sum(_concerns(r.entry, pledged) for r in ledger.refused if opened is None or r.entry.at >= opened),
        as_of=as_of,
        stale=(now - as_of).total_seconds() > contract.staleness.book_s,
    )


def _lots(house: House, pledged: PledgedTank, lots: tuple[Lot, ...]) -> tuple[OwnLot, ...]:
    stock = next(iter(house.stocks.values()))
    heel = float(stock.heel_kg[stock.index.row[pledged.tank_id]])
    out = deliverable_kg(lots, round(heel) if isfinite(heel) else 0)
    return tuple(
        OwnLot(
            batch=lot.batch,
            kg=lot.kg,
            deliverable_kg=free,
            since=lot.since,
            pledged=not pledged.batches or lot.batch in pledged.batches,
        )
        for lot, free in zip(lots, out, strict=True)
        if lot.owner == pledged.owner
    )


def _physical(house: House, contract: Contract, pledged: PledgedTank, now: datetime) -> tuple[int | None, bool | None]:
    """The pledge's part of what is measured, and whether the tank's gap is small enough to be shared out."""
    stock, tank_id = house.stocks[contract.on_delay], pledged.tank_id
    row, lots = stock.index.row[tank_id], house.ledger.lots[tank_id]
    mass, whole = float(stock.mass_kg[row]), sum(lot.kg for lot in lots)
    if not isfinite(mass):
        return None, None
    allowed = allowed_kg(
        contract.tolerances,
        stock.index.tanks[row].good,
        whole,
        u_kg=float(stock.u_mass_kg[row]),
        short=mass < whole,
        stock_taken_at=house.ledger.stock_taken.get(tank_id),
        now=now,
    )
    parts = physical_kg(lots, round(mass), allowed_kg=round(allowed))
    if parts is None:
        return None, False
    both = zip(lots, parts, strict=True)
    return sum(kg for lot, kg in both if _is_pledged(lot, pledged)), True


def _is_pledged(lot: Lot, pledged: PledgedTank) -> bool:
    return lot.owner == pledged.owner and (not pledged.batches or lot.batch in pledged.batches)


def _concerns(entry: Entry, pledged: PledgedTank) -> bool:
    """A refused entry of this owner in this tank, or of everybody there."""
    here = pledged.tank_id in (entry.tank_id, entry.to_tank)
    return here and (entry.owner is None or pledged.owner in (entry.owner, entry.to_owner))
