"""The papers of a contract's test: work orders and release notices as written → as a depot would tell them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from datasources.workspace.cases_file import CasePart, CasesFile, OrderPart, ReleasePart, RequestPart
from datasources.workspace.part import Sheet
from datasources.workspace.problem import suggestion
from datasources.workspace.steps import Steps
from domain.case.case import CaseLine, Stage
from domain.money import whole_kg
from domain.movement import ReleaseNotice, WorkOrder
from domain.tank import Tank

When = Callable[[timedelta | datetime], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A work order and how it goes on: by ``done_t``, one value per interval, or evenly from its start to its end."""

    order: WorkOrder
    done_t: Steps | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A release that is asked for, and when each step is tried. amount None: all of it. becomes: its stage at the end."""

    no: str
    line: CaseLine
    filed: datetime
    paid: datetime | None
    amount: Decimal | None
    sealed: datetime | None
    becomes: Stage | None


def moment_of(case: CasePart, place: timedelta | datetime) -> datetime:
    """A place in the time of a test as a moment."""
    return case.start + place if isinstance(place, timedelta) else place


def check_papers(sheet: Sheet[CasesFile], case: CasePart, tanks: set[str]) -> None:
    """Every paper is about a tank of the contract, runs forward, and finds the notice that it names."""
    orders, releases, requests = case.input.workorders, case.input.releases, case.input.requests
    notices = {n.no for n in releases} | {r.no for r in requests}
    papers: tuple[OrderPart | ReleasePart | RequestPart, ...] = (*orders, *releases, *requests)
    spans: tuple[OrderPart | ReleasePart, ...] = (*orders, *releases)
    for paper in papers:
        if paper.tank not in tanks:
            wrong = f"{paper.tank!r} is no tank of this contract"
            sheet.error(paper, "tank", wrong=wrong, instead=suggestion(paper.tank, tanks, add="delete it"))
    for dated in spans:
        if dated.end is not None and moment_of(case, dated.end) < moment_of(case, dated.start):
            sheet.error(dated, "end", wrong="lies before start", instead="exchange the two")
    for order in orders:
        if order.release is not None and order.release not in notices:
            wrong = f"no notice {order.release!r} is under releases or requests"
            sheet.error(
                order, "release", wrong=wrong, instead=suggestion(order.release, notices, add="delete the line")
            )


def planned_request(part: RequestPart, tank: Tank, when: When) -> Request:
    """The request with its moments; what is not written never happens."""
    return Request(
        no=part.no,
        line=CaseLine(tank_id=tank.id, good=tank.good, kg=whole_kg(part.t * 1000), receipt=part.receipt),
        filed=when(part.filed),
        paid=when(part.paid) if part.paid is not None else None,
        amount=part.amount,
        sealed=when(part.sealed) if part.sealed is not None else None,
        becomes=part.becomes,
    )


def planned_order(part: OrderPart, tank: Tank, when: When) -> Planned:
    """The order as it will be told, nothing moved yet."""
    order = WorkOrder(
        no=part.no,
        site_id=tank.site_id,
        tank_id=tank.id,
        direction=part.direction,
        good=tank.good,
        planned_kg=whole_kg(part.planned_t * 1000),
        done_kg=0,
        opened_at=when(part.start),
        closed_at=when(part.end) if part.end is not None else None,
        release_no=part.release,
    )
    return Planned(order=order, done_t=part.done_t)


def release_notice(part: ReleasePart, tank: Tank, owner: str, when: When) -> ReleaseNotice:
    """A sealed notice for the owner whose goods are pledged there."""
    return ReleaseNotice(
        no=part.no,
        owner=owner,
        site_id=tank.site_id,
        tank_id=tank.id,
        good=tank.good,
        mass_kg=whole_kg(part.t * 1000),
        issued_at=when(part.start),
        valid_until=when(part.end),
        sealed=True,
    )
