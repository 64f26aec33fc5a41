"""What the depots' work orders do to a case: goods lifted under its notice, goods brought for it, and its end. Pure.

An order's newest word counts, once: by its number and tank, for one case. What has left the feed stays as it was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from domain.case.acts import ended, has_come, sites_of, terms_of, waiting
from domain.case.case import IN_FORCE, Case, CaseKind, Stage
from domain.case.fold import actors_json, fold, moved_json
from domain.contract import Contract
from domain.event import Event, Json
from domain.movement import Direction, WorkOrder
from domain.own_orders import Owners
from domain.position import Position
from domain.scene import DepotPapers
from domain.tank import TankIndex
from domain.top_up import progress

STEP = 0.05
"""While an order is open, its progress is an event once it has grown by so much of what was asked."""
SILENCE = timedelta(hours=24)
"""So long after its time a notice waits for papers that do not come."""
Moved = Mapping[tuple[str, str], int]


def watched(
    case: Case,
    cases: Iterable[Case],
    contract: Contract,
    *,
    papers: Mapping[str, DepotPapers],
    position: Position,
    index: TankIndex,
    now: datetime,
) -> list[Event]:
    """What has become of one open case by ``now``. cases: all of the contract, this one among them."""
    orders = [o for p in papers.values() for o in p.work_orders if o.tank_id in contract.tank_ids()]
    lifted = lifted_by(case, orders) if case.stage in IN_FORCE else dict(case.lifted)
    brought = brought_by(cases, contract, orders).get(case.id, dict(case.brought))
    end = _end(case, lifted, contract, papers, orders, index, now)
    events = [_moved(case, lifted, brought, contract, position, index, now)] if _differs(case, lifted, brought) else []
    if events and not _tells(case, fold(case, events), orders, last=end is not None):
        events = []
    case = fold(case, events)
    if end is not None:
        events += ended(case, end[0], why=end[1], by="system", now=now)
    return events


def caught_up(
    case: Case,
    contract: Contract,
    *,
    papers: Mapping[str, DepotPapers],
    position: Position,
    index: TankIndex,
    now: datetime,
) -> list[Event]:
    """What was lifted and not told yet, before a person ends the case: nothing is counted after that."""
    orders = [o for p in papers.values() for o in p.work_orders if o.tank_id in contract.tank_ids()]
    lifted = lifted_by(case, orders) if case.stage in IN_FORCE else dict(case.lifted)
    if not _differs(case, lifted, case.brought):
        return []
    return [_moved(case, lifted, case.brought, contract, position, index, now)]


def lifted_by(case: Case, orders: Iterable[WorkOrder]) -> dict[tuple[str, str], int]:
    """Kg by (order, tank) that work orders took under this case's notice; none for a case without one."""
    notice = case.notice
    if notice is None:
        return {}
    return _newest(case.lifted, orders, lambda o: o.direction is Direction.OUT and notice.named(o.release_no))


def brought_by(
    cases: Iterable[Case], contract: Contract, orders: Iterable[WorkOrder]
) -> dict[str, dict[tuple[str, str], int]]:
    """Kg by (order, tank) for each case that still expects goods: the earliest filed that lacks some in that tank.

    An inbound order serves one case only, and only if it was opened after that case was filed; another owner's serves none.
    """
    least = 1 - terms_of(contract).lift_ratio
    by_age = sorted(cases, key=lambda c: (c.filed_at, c.id))
    owner = {key: c.id for c in by_age for key in c.brought}
    expecting = [c for c in by_age if c.open and c.kind is not CaseKind.RELEASE]
    orders, owners = tuple(orders), Owners.of(contract)

    def comes(order: WorkOrder) -> bool:
        return order.direction is Direction.IN and owners.may_be(order)

    came = {c.id: _newest(c.brought, [o for o in orders if (o.no, o.tank_id) in c.brought], comes) for c in expecting}
    for order in sorted((o for o in orders if comes(o) and o.done_kg > 0), key=lambda o: (o.opened_at, o.no)):
        key = (order.no, order.tank_id)
        takers = [c for c in expecting if c.stage is Stage.REQUESTED and _wants(c, order, came[c.id], float(least))]
        taker = owner.get(key) or (takers[0].id if takers else None)
        if taker in came:
            came[taker][key] = order.done_kg
    return came


def _newest(known: Moved, orders: Iterable[WorkOrder], mine: Callable[[WorkOrder], bool]) -> dict[tuple[str, str], int]:
    """Kg by (order, tank): an order that is taken back, or turns out to be another's, has moved nothing here."""
    said: dict[tuple[str, str], int] = {}
    for order in orders:
        key = (order.no, order.tank_id)
        if mine(order):
            said[key] = order.done_kg
        else:
            said.setdefault(key, 0)
    return {key: kg for key, kg in {**known, **said}.items() if kg > 0}


def _wants(case: Case, order: WorkOrder, came: Moved, least: float) -> bool:
    asked = case.kg_of(case.into).get(order.tank_id, 0)
    have = sum(kg for (_, tank), kg in came.items() if tank == order.tank_id)
    return order.opened_at >= case.filed_at and have < asked * least


def _differs(case: Case, lifted: Moved, brought: Moved) -> bool:
    return dict(lifted) != dict(case.lifted) or dict(brought) != dict(case.brought)


def _tells(case: Case, after: Case, orders: Sequence[WorkOrder], *, last: bool) -> bool:
    """Whether it is worth telling: a new stage, the end, an order new or closed, or a good part more."""
    if last or after.stage is not case.stage:
        return True
    closed = {(o.no, o.tank_id) for o in orders if o.closed_at is not None}
    for new, old, asked in ((after.lifted, case.lifted, case.out_kg), (after.brought, case.brought, case.in_kg)):
        changed = {key for key in new.keys() | old.keys() if old.get(key) != new.get(key)}
        grown = abs(sum(new.values()) - sum(old.values()))
        if changed and (changed - old.keys() or changed & closed or grown >= STEP * asked):
            return True
    return False


def _moved(
    case: Case,
    lifted: Moved,
    brought: Moved,
    contract: Contract,
    position: Position,
    index: TankIndex,
    now: datetime,
) -> Event:
    came: dict[str, int] = {}
    for (_, tank), kg in ((key, kg) for key, kg in brought.items() if key[1] in index.row):
        good = index.tanks[index.row[tank]].good
        came[good] = came.get(good, 0) + kg
    told = progress(contract, position, came)
    body: Json = {
        "case": case.id,
        "revision": case.revision + 1,
        "stage": case.stage.value,
        "lifted": moved_json(lifted),
        "brought": moved_json(brought),
        "progress": {"came_cny": str(told.came_cny), "missing_cny": str(told.missing_cny)} if came else {},
        "waits": [],
    }
    event = Event(tenant=case.tenant, kind="case.moved", v=1, occurred_at=now, actor="system", body=body)
    body["stage"] = _stage(fold(case, [event]), contract).value
    after = fold(case, [event])
    body["waits"] = actors_json(waiting(after, contract, index, now) if after.stage is not case.stage else case.waits)
    return event


def _stage(after: Case, contract: Contract) -> Stage:
    if after.stage in (Stage.SEALED, Stage.VERIFIED) and after.lifted_kg() > 0:
        return Stage.LIFTING
    came = after.stage is Stage.REQUESTED and bool(after.into) and has_come(after, contract)
    return Stage.BROUGHT if came and after.unpaid_cny == 0 else after.stage


def _end(
    case: Case,
    lifted: Moved,
    contract: Contract,
    papers: Mapping[str, DepotPapers],
    orders: Iterable[WorkOrder],
    index: TankIndex,
    now: datetime,
) -> tuple[Stage, str] | None:
    """How a case ends by itself now, and why; None where it does not.

    A notice is over with its time once no order under it is open and the depots have spoken after that time, or have
    been silent for SILENCE: what was lifted in its last minutes still counts.
    """
    notice = case.notice
    if notice is None or not case.open:
        return None
    if case.stage not in IN_FORCE:
        return (Stage.EXPIRED, "never_sealed") if now > notice.valid_until else None
    if any(notice.named(o.release_no) and o.direction is Direction.OUT and o.closed_at is None for o in orders):
        return None
    if _all_lifted(case, lifted, contract):
        return Stage.EXECUTED, "lifted"
    told = [papers.get(s, DepotPapers()).work_orders_as_of for s in sites_of(case.out, index)]
    heard = all(t is not None and t >= notice.valid_until for t in told)
    if now <= notice.valid_until or not (heard or now > notice.valid_until + SILENCE):
        return None
    return Stage.EXPIRED, "partly_lifted" if lifted else "not_lifted"


def _all_lifted(case: Case, lifted: Moved, contract: Contract) -> bool:
    least = 1 - terms_of(contract).lift_ratio
    taken: dict[str, int] = {}
    for (_, tank), kg in lifted.items():
        taken[tank] = taken.get(tank, 0) + kg
    return all(taken.get(tank, 0) >= kg * least for tank, kg in case.kg_of(case.out).items())
