"""The depot's office: opens work orders, starts their pumps and writes book and ledger as they run.

Every legitimate movement passes here; what moves without it (a theft) has no paper.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from depot.book import POSTING_LOT_KG, Book
from depot.cargo import Cargo
from depot.clock import US_PER_S
from depot.flows import Flow
from depot.ledger import Ledger
from depot.papers import OrderDirection, Papers, ReleaseNotice, WorkOrder
from depot.world import Direction, World

RAMP_S = 120.0
"""A terminal brings its pumps up and down over about two minutes (surge pressure)."""

MAIN_OWNER = "hengyun"
LEDGER_KINDS: dict[Direction, str] = {
    "in": "inbound",
    "out": "outbound",
    "transfer": "transfer",
    "process": "outbound",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A movement asked for. mass_kg in air, rate_t_h in air; released: with a release notice.

    notice_no: the lender's own number of that notice; None: the next one of the depot's.
    moves False writes papers and books and moves nothing, as a forged transfer certificate would. A process draws
    mass_kg from the tank and makes made_per_kg of another good in to_tank for each of them; claimed_per_kg is what
    papers and books say that it makes, as a plant would whose product goes elsewhere.
    """

    tank: str
    direction: Direction
    to_tank: str | None
    mass_kg: int
    rate_t_h: float
    kind: str
    owner: str = MAIN_OWNER
    released: bool = True
    notice_no: str | None = None
    moves: bool = True
    made_per_kg: float = 1.0
    claimed_per_kg: float = 1.0

    def claimed_kg(self, direction: OrderDirection, kg: int) -> int:
        """What a line of the papers says when kg have left or come at the job's first tank."""
        return round(kg * self.claimed_per_kg) if direction == "process_in" else kg


@dataclass(slots=True)
class _Running:
    flow: Flow
    job: Job
    posted_kg: int = 0


class Office:
    """Papers and books on one side, the pumps on the other."""

    def __init__(self, world: World, cargo: Cargo, book: Book, papers: Papers, ledger: Ledger) -> None:
        self._world = world
        self._cargo = cargo
        self._papers = papers
        self._running: dict[str, _Running] = {}
        self._pretended: dict[str, tuple[Job, int]] = {}
        self._ledger = ledger
        self.book = book

    def open(self, job: Job, now_us: int) -> str:
        """Open the order, issue the notice if it is to have one, start the pump. Gives the number."""
        no = self._papers.new_order_no(now_us)
        release_no = None
        if job.direction == "out" and job.released:
            release_no = self._issue(job, now_us)
        for tank, direction, counter in _lines(job):
            self._papers.orders.append(
                self._line(
                    job, no=no, tank=tank, direction=direction, counter=counter, release_no=release_no, now_us=now_us
                )
            )
        if job.moves:
            self._start(job, no)
        else:
            self._pretended[no] = (job, now_us + round(job.mass_kg / 1000 / job.rate_t_h * 3600 * US_PER_S))
        return no

    def follow(self, now_us: int) -> None:
        """Bring papers and books up to what has passed; close what has finished."""
        for no, running in list(self._running.items()):
            done_kg = self._done_kg(running)
            finished = running.flow.finished
            lot_kg = done_kg if finished else done_kg - done_kg % POSTING_LOT_KG
            self._post(running.job, lot_kg - running.posted_kg, no=no, now_us=now_us)
            running.posted_kg = lot_kg
            self._papers.progress(no, done_kg=done_kg, now_us=now_us, close=finished)
            if finished:
                del self._running[no]
        for no, (job, until_us) in list(self._pretended.items()):
            if now_us >= until_us:
                self._post(job, job.mass_kg, no=no, now_us=now_us)
                self.close(no, now_us)

    def close(self, no: str, now_us: int) -> None:
        """Close an order that moves nothing, as fully done; the books are not touched."""
        del self._pretended[no]
        order = next(o for o in self._papers.orders if o.no == no)
        self._papers.progress(no, done_kg=order.planned_kg, now_us=now_us, close=True)

    def abandon(self, now_us: int) -> None:
        """Close whatever is open with what has been done so far; pumps are not touched."""
        for order in self._papers.open_orders():
            running = self._running.get(order.no)
            done_kg = order.done_kg if running is None else self._done_kg(running)
            self._papers.progress(order.no, done_kg=done_kg, now_us=now_us, close=True)
        self._running.clear()
        self._pretended.clear()

    def _done_kg(self, running: _Running) -> int:
        good = self._world.tanks[running.job.tank].good
        return round(running.flow.moved_kg * good.air_factor)

    def _issue(self, job: Job, now_us: int) -> str:
        tank = self._world.tanks[job.tank]
        background = self._world.background
        if job.notice_no is not None and any(n.no == job.notice_no for n in self._papers.releases):
            return job.notice_no  # a second lift under the same paper
        notice = ReleaseNotice(
            no=job.notice_no or self._papers.new_release_no(),
            contract_ref=background.contract_ref,
            owner=job.owner,
            site=tank.site,
            tank=tank.id,
            good=tank.good.code,
            mass_kg=job.mass_kg,
            issued_us=now_us,
            valid_until_us=now_us + round(background.release_valid_h * 3600 * US_PER_S),
        )
        self._papers.releases.append(notice)
        return notice.no

    def _line(
        self,
        job: Job,
        *,
        no: str,
        tank: str,
        direction: OrderDirection,
        counter: str | None,
        release_no: str | None,
        now_us: int,
    ) -> WorkOrder:
        spec = self._world.tanks[tank]
        return WorkOrder(
            no=no,
            site=spec.site,
            tank=tank,
            direction=direction,
            counter_tank=counter,
            kind=job.kind,
            good=spec.good.code,
            owner=job.owner,
            planned_kg=job.claimed_kg(direction, job.mass_kg),
            done_kg=0,
            opened_us=now_us,
            updated_us=now_us,
            closed_us=None,
            release_no=release_no,
        )

    def _start(self, job: Job, no: str) -> None:
        air_factor = self._world.tanks[job.tank].good.air_factor
        flow = Flow(
            source=None if job.direction == "in" else job.tank,
            target=job.tank if job.direction == "in" else job.to_tank,
            rate_kg_s=job.rate_t_h / 3.6 / air_factor,
            ramp_s=RAMP_S,
            planned_kg=job.mass_kg / air_factor,
            order_no=no,
            made_per_kg=self._made_per_kg(job),
        )
        assert math.isfinite(flow.planned_kg), "an order has a quantity"
        self._cargo.flows.append(flow)
        self._running[no] = _Running(flow, job)

    def _made_per_kg(self, job: Job) -> float | None:
        """As true kg; None where no plant stands between."""
        if job.direction != "process" or job.to_tank is None:
            return None
        tanks = self._world.tanks
        return job.made_per_kg * tanks[job.tank].good.air_factor / tanks[job.to_tank].good.air_factor

    def _post(self, job: Job, lot_kg: int, *, no: str, now_us: int) -> None:
        if lot_kg == 0:
            return
        named = self._world.tanks[job.tank]
        self._ledger.write(
            no=no,
            site=named.site,
            tank=named.id,
            kind=LEDGER_KINDS[job.direction],
            at_us=now_us,
            good=named.good.code,
            kg=lot_kg,
            owner=job.owner,
            batch=no if job.direction == "in" else None,
            to_tank=job.to_tank if job.direction == "transfer" else None,
            paper=no,
        )
        for tank, direction, _ in _lines(job):
            spec, kg = self._world.tanks[tank], job.claimed_kg(direction, lot_kg)
            sign = 1 if direction in ("in", "transfer_in", "process_in") else -1
            self.book.post(site=spec.site, tank=tank, good=spec.good.code, owner=job.owner, change_kg=sign * kg)
            if direction == "process_in":
                self._ledger.write(
                    no=no, site=spec.site, tank=tank, kind="inbound", at_us=now_us, good=spec.good.code, kg=kg,
                    owner=job.owner, batch=no, paper=no,
                )  # fmt: skip


def _lines(job: Job) -> list[tuple[str, OrderDirection, str | None]]:
    """Tank, direction and counter tank of each line of the job's order."""
    match job.direction:
        case "in":
            return [(job.tank, "in", None)]
        case "out":
            return [(job.tank, "out", None)]
        case "transfer":
            assert job.to_tank is not None, "a transfer names its target"
            return [(job.tank, "transfer_out", job.to_tank), (job.to_tank, "transfer_in", job.tank)]
        case "process":
            assert job.to_tank is not None, "a process names the tank of its product"
            return [(job.tank, "process_out", job.to_tank), (job.to_tank, "process_in", job.tank)]
