"""When a promise has ended: kept by papers or confirmed money, needless, or its time passed. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from domain.alarm import Alarm, Condition
from domain.deed.deed import Ended, Promise, Wanted
from domain.deed.fold import PROMISE_ENDED
from domain.event import Event, parse_stamp
from domain.movement import WorkOrder
from domain.statement import Payment

LATE_PAPERS = timedelta(minutes=15)
"""Work orders and confirmations of what came in time may reach us so much later."""


def ended(promise: Promise, *, came_kg: int, paid_cny: Decimal, alarm: Alarm | None, now: datetime) -> list[Event]:
    """The event of its end, if it has ended. came_kg, paid_cny: what has come since it was made.

    alarm: the one it is for, None where it is for none. A promise of goods and money is kept by both.
    """
    if promise.ended is not None:
        return []
    goods = promise.qty_kg is None or came_kg >= promise.qty_kg
    money = promise.amount_cny is None or paid_cny >= promise.amount_cny
    if goods and money:
        how = Ended.KEPT
    elif now < promise.due + LATE_PAPERS:
        return []
    else:
        over = alarm is not None and (not alarm.open or alarm.condition is Condition.RETURNED)
        how = Ended.MOOT if over else Ended.LAPSED
    body = {
        "promise": promise.id,
        "contract": promise.contract_id,
        "how": how.value,
        "came_kg": came_kg,
        "paid_cny": str(paid_cny),
    }
    return [Event(tenant=promise.tenant, kind=PROMISE_ENDED, v=1, occurred_at=now, actor="system", body=body)]


def same_promise(promise: Promise, wanted: Wanted) -> bool:
    """What is wanted is word for word this promise, still open: as much of the same for the same by the same time."""
    body = wanted.body
    cny = Decimal(body["amount_cny"]) if body["amount_cny"] is not None else None
    theirs = (promise.contract_id, promise.alarm_id, promise.good, promise.qty_kg, promise.amount_cny, promise.due)
    mine = (wanted.contract_id, wanted.alarm_id, body["good"], body["qty_kg"], cny, parse_stamp(body["due"]))
    return promise.ended is None and theirs == mine


def came_kg(promise: Promise, orders: Iterable[WorkOrder], goods: dict[str, str], tanks: frozenset[str]) -> int:
    """Kg that work orders opened since then brought into the contract's tanks. goods: code by tank."""
    mine = (
        o
        for o in orders
        if o.direction == "in"
        and o.tank_id in tanks
        and o.opened_at >= promise.at
        and (promise.good is None or goods[o.tank_id] == promise.good)
    )
    return sum(o.done_kg for o in mine)


def paid_cny(promise: Promise, payments: Iterable[Payment]) -> Decimal:
    """Money of the contract that the lender has confirmed since then."""
    return sum((p.amount for p in payments if p.known_at >= promise.at), Decimal("0.00"))
