"""What a case does to warehouse receipts: goods that came are opened and pledged, goods that left are released. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from domain.calendar import CHINA
from domain.case.case import Case, CaseLine, Stage
from domain.contract import Contract
from domain.event import Event
from domain.receipt.fold import fold
from domain.receipt.life import opened, pledged, released
from domain.receipt.receipt import Receipt, ReceiptBook
from domain.tank import Site, TankIndex


def taken_in(
    case: Case,
    book: ReceiptBook,
    contract: Contract,
    index: TankIndex,
    sites: Mapping[str, Site],
    *,
    by: str,
    now: datetime,
) -> list[Event]:
    """The receipts under which goods came for an accepted case, opened and pledged. Raises ReceiptError."""
    events: list[Event] = []
    owner_of = {p.tank_id: p.owner for p in contract.pledged}
    for no, parts in _by_receipt(case.into).items():
        tank = index.tanks[index.row[next(iter(parts))]]
        receipt = Receipt(
            no=no,
            issuer=sites[tank.site_id].depot,
            owner=owner_of[tank.id],
            good=tank.good,
            parts=parts,
            issued_on=now.astimezone(CHINA).date(),
        )
        made = [] if no in book else opened(book, receipt, contract, by, now)
        book = fold(book, made)
        made += pledged(book, no, contract, by, now)
        events += made
        book = fold(book, made[-1:])
    return events


def let_out(case: Case, book: ReceiptBook, *, by: str, now: datetime) -> list[Event]:
    """What has left under the receipts of an ended case; all of it where it was executed. Raises ReceiptError."""
    events: list[Event] = []
    for no, parts in _by_receipt(_left(case)).items():
        made = released(book, no, parts, case.id, by, now)
        events += made
        book = fold(book, made)
    return events


def _left(case: Case) -> list[CaseLine]:
    """The lines as they were lifted, the first of a tank first; never more than was asked."""
    if case.stage is Stage.EXECUTED:
        return list(case.out)
    lifted = {tank: case.lifted_kg(tank) for tank in case.kg_of(case.out)}
    lines: list[CaseLine] = []
    for line in case.out:
        kg = min(line.kg, lifted[line.tank_id])
        lifted[line.tank_id] -= kg
        if kg > 0:
            lines.append(CaseLine(tank_id=line.tank_id, good=line.good, kg=kg, receipt=line.receipt))
    return lines


def _by_receipt(lines: Iterable[CaseLine]) -> dict[str, dict[str, int]]:
    """Kg by tank of every receipt named."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        if line.receipt is not None:
            parts = found.setdefault(line.receipt, {})
            parts[line.tank_id] = parts.get(line.tank_id, 0) + line.kg
    return found
