"""Cases over the small pledge of ``tests.fakes.pledge``: its terms of release, requests, notices, work orders."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.case import acts
from domain.case.case import Case, CaseKind, CaseLine
from domain.case.check import Ask, checked
from domain.case.fold import fold
from domain.case.terms import ReleaseRule, ReleaseTerms, Step, StepDuty, StepRule, SwapTerms
from domain.contract import Contract
from domain.event import Event, Json
from domain.movement import Direction, WorkOrder
from domain.position import Position
from domain.scene import DepotPapers, Scene
from tests.fakes.pledge import INDEX, NOW, contract, scene, stock_of

T1, T2, T3 = (CaseLine(tank_id=t.id, good=t.good, kg=100_000) for t in INDEX.tanks)
HOUR = timedelta(hours=1)


def step(name: Step, person: str, chat: str, *, minutes: float | None = 60, up: tuple[str, ...] = ()) -> StepRule:
    ack_s = None if minutes is None else minutes * 60
    return StepRule(step=name, duties=(StepDuty(person=person, chat=chat, ack_s=ack_s, escalate_to=up),))


TERMS = ReleaseTerms(
    swap=SwapTerms(),
    steps=(
        step(Step.PAYMENT, "wang", "jia-bank", up=("chen",)),
        step(Step.SIGN, "wang", "jia-bank"),
        step(Step.COUNTERSIGN, "chen", "jia-bank"),
        step(Step.VERIFY, "li", "pool"),
        step(Step.LIFT, "zhao", "pool", minutes=None),
        step(Step.BRING, "zhao", "pool"),
        step(Step.ACCEPT, "chen", "jia-bank"),
    ),
)
PAYMENT_FIRST = contract(release=TERMS)
ABOVE_FLOOR = contract(release=replace(TERMS, rule=ReleaseRule.ABOVE_FLOOR))


def position(tonnes: tuple[float, float, float] = (400, 400, 200), of: Contract = PAYMENT_FIRST) -> Position:
    """V = 400 × 2,000 + 400 × 2,000 + 200 × 7,000 = 3,000,000.00; the highest line is 1,000,000.00."""
    return at(tonnes, of=of).position


def at(tonnes: tuple[float, float, float] = (400, 400, 200), *, of: Contract = PAYMENT_FIRST, **known: Any) -> Scene:
    cases = known.pop("cases", ())
    return replace(scene(stock_of(tonnes), of=of, **known), cases=tuple(cases))


def check_of(ask: Ask, *, cases: Iterable[Case] = (), blocked: bool = False, held: bool = False, **known: Any) -> Json:
    world = at(**known)
    return checked(world.contract, world.position, ask, cases=cases, prices=world.prices, blocked=blocked, held=held)


def request(
    kind: CaseKind = CaseKind.RELEASE,
    *,
    out: tuple[CaseLine, ...] = (T1,),
    into: tuple[CaseLine, ...] = (),
    cash: str | None = None,
    of: Contract = PAYMENT_FIRST,
    number: str = "RC-20260312-01",
    now: datetime = NOW,
) -> Case:
    """A case as it was filed by 赵总 in the project's chat."""
    money = Decimal(cash) if cash is not None else None
    ask = Ask(kind=kind, out=out, into=into, cash_cny=money or Decimal(0))
    events = acts.filed(
        of, number=number, kind=kind, out=out, into=into, cash_cny=money, check=check_of(ask, of=of), by="zhao",
        chat="pool", index=INDEX, now=now,
    )  # fmt: skip
    return fold(None, events)


def paid(case: Case, amount: str, *, of: Contract = PAYMENT_FIRST, now: datetime = NOW) -> Case:
    done = acts.paid(case, of, INDEX, amount=Decimal(amount), check=case.check, by="wang", now=now)
    return fold(case, done)


def signed(
    case: Case, *, no: str = "TH-0301", until: datetime | None = None, by: str = "wang", now: datetime = NOW
) -> Case:
    events = acts.signed(case, PAYMENT_FIRST, INDEX, no=no, valid_until=until, check=case.check, by=by, now=now)
    return fold(case, events)


def sealed(case: Case, *, by: str = "chen", now: datetime = NOW) -> Case:
    return fold(case, acts.sealed(case, PAYMENT_FIRST, INDEX, by=by, now=now))


def in_force(out: tuple[CaseLine, ...] = (T1,), *, no: str = "TH-0301", **given: Any) -> Case:
    """Paid for, registered by 王经理, confirmed by 陈工: good for 48 hours."""
    case = request(out=out, **given)
    return sealed(signed(paid(case, str(case.to_pay_cny)), no=no))


def order(
    done: int,
    *,
    no: str = "W-1",
    tank: str = "T-1",
    notice: str | None = "TH-0301",
    opened: datetime = NOW,
    closed: datetime | None = None,
    direction: Direction = Direction.OUT,
    planned: int | None = None,
) -> WorkOrder:
    good = INDEX.tanks[INDEX.row[tank]].good
    return WorkOrder(
        no=no, site_id="gangchu", tank_id=tank, direction=direction, good=good,
        planned_kg=done if planned is None else planned, done_kg=done, opened_at=opened, closed_at=closed,
        release_no=notice,
    )  # fmt: skip


def papers(*orders: WorkOrder, at: datetime = NOW) -> DepotPapers:
    return DepotPapers(work_orders=orders, work_orders_as_of=at, releases_as_of=at)


def kinds(events: Iterable[Event]) -> list[str]:
    return [e.kind.removeprefix("case.") for e in events]
