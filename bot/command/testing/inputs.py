"""A test's series as what a stage is fed with: prices that are published, tanks that hold so much, a debt that changes.

And the depot's papers: its book, its work orders as they go on, the lender's notices as it has them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.command.replaying.sources import HeldSource
from bot.command.replaying.stage import Stage
from datasources.workspace.cases import Case
from datasources.workspace.cases_papers import Planned
from domain.contract import Contract
from domain.movement import BookRow, Feed, WorkOrder
from domain.price import PriceQuote
from domain.scene import DepotPapers
from domain.tank import TankIndex

PROVIDER = "test"


def published(case: Case, contract: Contract) -> list[PriceQuote]:
    """Every value of the price series as a publication of its moment, in the order of time."""
    good_of = {g.price.ref: code for code, g in contract.goods.items()}
    quotes = [
        PriceQuote(
            ref=ref,
            good=good_of[ref],
            provider=PROVIDER,
            region="",
            basis="",
            currency="CNY",
            price=price,
            published_at=at,
            received_at=at,
            source_id=case.file,
        )
        for ref, steps in case.prices.items()
        for at, price in _dated(case, steps)
        if price is not None
    ]
    return sorted(quotes, key=lambda q: q.received_at)


def _dated(case: Case, steps: Iterable[Decimal | None]) -> Iterator[tuple[datetime, Decimal | None]]:
    return ((case.start + n * case.interval, value) for n, value in enumerate(steps))


class CaseSource:
    """Feeds the masses and the debt of a test; after its last value a series stays as it is."""

    def __init__(self, case: Case, contract: Contract, held: HeldSource) -> None:
        """held: begins with no tank; the test's first values come with the first moment."""
        self._case = case
        self._contract = contract
        self._held = held
        self._owed: Decimal | None = None

    def bring(self, stage: Stage, at: datetime) -> bool:
        """What the series and the papers say at this moment. '_' in a mass: the gauge is silent."""
        n = (at - self._case.start) // self._case.interval
        masses = {tank: steps[min(n, len(steps) - 1)] for tank, steps in self._case.mass_t.items()}
        self._held.tonnes = {tank: float(t) for tank, t in masses.items() if t is not None}
        owed = self._debt(n)
        more = owed is not None and owed != self._owed
        if owed is not None and more:
            self._owed = owed
            stage.contract(owing(self._contract, owed, at))
        changed = self._held.bring(stage, at) or more
        for site, feed in booked(self._case, self._contract, stage.house.workspace.index, n, at).items():
            stage.book(site, feed)
        stage.papers(papers(self._case, at))
        return changed

    def _debt(self, n: int) -> Decimal | None:
        """The newest value that was said by then."""
        said = [v for v in self._case.exposure[: n + 1] if v is not None]
        return said[-1] if said else None


def papers(case: Case, at: datetime) -> dict[str, DepotPapers]:
    """What the depots say of movements at this moment, by site; only sites that have a paper in the test."""
    told: dict[str, DepotPapers] = {}
    for site in {p.order.site_id for p in case.orders} | {r.site_id for r in case.releases}:
        orders = (_order_at(case, p, at) for p in case.orders if p.order.site_id == site and p.order.opened_at <= at)
        known = tuple(r for r in case.releases if r.site_id == site and r.issued_at <= at)
        told[site] = DepotPapers(work_orders=tuple(orders), releases=known, work_orders_as_of=at, releases_as_of=at)
    return told


def _order_at(case: Case, planned: Planned, at: datetime) -> WorkOrder:
    """The order as it stands: closed once its end has come."""
    order, end = planned.order, planned.order.closed_at
    ended = end is not None and end <= at
    if planned.done_t is not None:
        n = min((at - case.start) // case.interval, len(planned.done_t) - 1)
        done_kg = int(next((v for v in reversed(planned.done_t[: n + 1]) if v is not None), Decimal(0)) * 1000)
    elif end is None or end == order.opened_at:
        done_kg = order.planned_kg if ended else 0
    else:
        done_kg = round(order.planned_kg * min(1.0, (at - order.opened_at) / (end - order.opened_at)))
    return replace(order, done_kg=done_kg, closed_at=end if ended else None)


def booked(case: Case, contract: Contract, index: TankIndex, n: int, at: datetime) -> dict[str, Feed[BookRow]]:
    """The book of every site with a tank whose book the test says: that of the others stays at their first mass."""
    if not case.book_t:
        return {}
    rows: dict[str, list[BookRow]] = {}
    for pledged in contract.pledged:
        tank = index.tanks[index.row[pledged.tank_id]]
        said = case.book_t.get(tank.id, case.mass_t.get(tank.id, ())[:1])
        values = [v for v in said[: n + 1] if v is not None]
        if values:
            kg = int(values[-1] * 1000)
            row = BookRow(
                site_id=tank.site_id, tank_id=tank.id, good=tank.good, owner=pledged.owner, mass_kg=kg, as_of=at
            )
            rows.setdefault(tank.site_id, []).append(row)
    return {site: Feed(rows=tuple(mine), as_of=at, received_at=at) for site, mine in rows.items()}


def owing(contract: Contract, amount: Decimal, at: datetime) -> Contract:
    """The contract with so much owed in all, as the lender stated at this moment."""
    zero = Decimal("0.00")
    exposure = replace(
        contract.exposure, principal=amount, accrued_interest=zero, fees_due=zero, cash_margin=zero, as_of=at, loan=None
    )
    return replace(contract, exposure=exposure)
