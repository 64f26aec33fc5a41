"""Events, debts and readings to fill a store with, each different from its neighbours."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from domain.delivery import Debt, Timing
from domain.event import Event
from domain.farm import Quality, Readings
from domain.message import Button, Mention, OutMessage
from domain.notice import Priority
from domain.tank import Tank, TankIndex

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UNTIMED = Timing()


def happened(n: int = 1, *, tenant: str = "bank_a", kind: str = "person.refused", at: datetime = NOW) -> Event:
    return Event(tenant=tenant, kind=kind, v=1, occurred_at=at, actor=f"person-{n}", body={"n": n, "what": "收到"})


def owing(
    key: str,
    *,
    tenant: str = "bank_a",
    chat: str = "project",
    priority: Priority = Priority.BREACH,
    thread: str | None = "AL-1",
    timing: Timing = UNTIMED,
) -> Debt:
    message = OutMessage(
        spans=("【红】", Mention(person_id="zhang", label="张三"), f" 货值跌破 {key}"),
        buttons=(Button(label="收到", token=f"ack:{key}"),),
    )
    return Debt(
        key=key,
        tenant=tenant,
        chat=chat,
        priority=priority,
        message=message,
        template="raised",
        thread=thread,
        timing=timing,
    )


def tanks(*names: str) -> TankIndex:
    return TankIndex(
        tuple(Tank(id=n, site_id="site", name=n, good="METHANOL", heel_mm=0.0, max_level_mm=18000.0) for n in names)
    )


def poll(
    rows: Sequence[int],
    level_mm: Sequence[float],
    *,
    at: datetime = NOW,
    received: datetime | None = None,
    quality: Quality = Quality.GOOD,
) -> Readings:
    """One poll of some tanks at one moment; received 50 ms later unless said otherwise."""
    k = len(rows)
    arrived = received if received is not None else at + timedelta(milliseconds=50)
    return Readings(
        rows=np.array(rows, dtype=np.int64),
        level_mm=np.array(level_mm, dtype=np.float64),
        water_mm=np.zeros(k),
        temp_c=np.full(k, 21.5),
        density_kg_m3=np.full(k, np.nan),
        taken_at_us=np.full(k, micros(at), dtype=np.int64),
        received_at_us=np.full(k, micros(arrived), dtype=np.int64),
        status=np.arange(k, dtype=np.int64),
        quality=np.full(k, quality, dtype=np.uint32),
    )


def micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
