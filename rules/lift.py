"""Goods taken under a registered release notice: more than it says, after its time, or not let go at all.

The weight is the depot's own, from work orders that name the notice. A lift without any notice is no affair of this
rule: the tank's loss tells of it (``quantity_drop``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.alarm import Alarm
from domain.case.case import IN_FORCE, Case, Stage
from domain.case.watch import lifted_by
from domain.contract import AlertKind, Severity
from domain.event import Json, stamp
from domain.finding import Finding, Standing
from domain.movement import Direction, WorkOrder
from domain.scene import Scene

NAME = "lift/1"
RED_BEYOND = 2
"""An excess is red beyond so many times what weighing explains: the contract's lift_ratio of the notice, or static_t."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """accepted: per subject, when a person closed its case: what was over by then is held against nobody any more.

    told: subjects of which an open alarm speaks.
    """

    accepted: dict[str, datetime] = field(default_factory=dict)
    told: frozenset[str] = frozenset()


def recall(alarms: Iterable[Alarm]) -> Memory:
    """After a restart, and after a person has closed one: what the alarms say."""
    mine = [a for a in alarms if a.kind is AlertKind.LIFT]
    return Memory(
        accepted={a.subject: a.closed_at for a in mine if a.closed_at is not None},
        told=frozenset(a.subject for a in mine if a.open and a.condition == "active"),
    )


def accept(memory: Memory, subject: str, now: datetime) -> Memory:
    """A person has closed this one: what was lifted by now is settled."""
    return replace(memory, accepted={**memory.accepted, subject: now})


def judge(scene: Scene, memory: Memory) -> tuple[list[Finding], Memory]:
    """One finding per tank whose lift breaks its notice, one per case that the depot refuses; unknown without papers."""
    if scene.contract.release is None:
        return [], memory
    found = [f for case in scene.cases for f in _of_case(scene, memory, case)]
    subjects = {f.subject for f in found}
    unknown = [_unknown(scene, s) for s in sorted(memory.told - subjects) if not _heard(scene)]
    told = subjects | {f.subject for f in unknown}
    return [*found, *unknown], replace(memory, told=frozenset(told))


def _heard(scene: Scene) -> bool:
    """The depots' work orders are of now: else what was told stands."""
    index = scene.stock.index
    sites = {index.tanks[index.row[t]].site_id for t in scene.contract.tank_ids() if t in index.row}
    spoken = [scene.papers[s].work_orders_as_of if s in scene.papers else None for s in sites]
    return all(t is not None and (scene.now - t).total_seconds() <= scene.contract.staleness.feed_s for t in spoken)


def _of_case(scene: Scene, memory: Memory, case: Case) -> Iterator[Finding]:
    notice = case.notice
    if notice is None or notice.sealed_at is None:
        return
    tanks = set(scene.contract.tank_ids())
    orders = [o for p in scene.papers.values() for o in p.work_orders if notice.named(o.release_no)]
    orders = [o for o in orders if o.tank_id in tanks and o.direction is Direction.OUT]
    for tank in dict.fromkeys([*case.kg_of(case.out), *(o.tank_id for o in orders)]):
        finding = _of_tank(scene, case, tank, [o for o in orders if o.tank_id == tank])
        if finding is not None and not _settled(finding, memory, orders):
            yield finding
    accepted = memory.accepted.get(case.id)
    new = case.declined_at is not None and (accepted is None or case.declined_at > accepted)
    if case.declined is not None and case.stage in IN_FORCE and new:
        yield _refused(scene, case)


def _settled(finding: Finding, memory: Memory, orders: list[WorkOrder]) -> bool:
    """A person has closed the case and no order has gone on since."""
    accepted = memory.accepted.get(finding.subject)
    mine = [o for o in orders if o.tank_id == finding.facts["tank"]]
    return accepted is not None and all(o.closed_at is not None and o.closed_at <= accepted for o in mine)


def _of_tank(scene: Scene, case: Case, tank: str, orders: list[WorkOrder]) -> Finding | None:
    """Over before late: a lift that is both is told as the more serious."""
    assert scene.contract.release is not None
    noticed = case.kg_of(case.out).get(tank, 0)
    lifted = sum(kg for (_, of), kg in lifted_by(case, orders).items() if of == tank)
    ratio = scene.contract.release.lift_ratio
    late = _late_kg(case, orders, tank)
    over = lifted - noticed if lifted > noticed * (1 + ratio) else 0
    check, excess = ("over_lift", over) if over else ("late_lift", late)
    if excess <= 0:
        return None
    explained = max(float(ratio) * noticed, scene.contract.tolerances.static_t * 1000)
    severity = Severity.RED if excess > RED_BEYOND * explained else Severity.ORANGE
    figures = {"noticed_kg": noticed, "lifted_kg": lifted, "over_kg": excess, "orders": [o.no for o in orders]}
    return _finding(scene, case, check, tank, f"{case.id}/{tank}", severity, figures)


def _late_kg(case: Case, orders: list[WorkOrder], tank: str) -> int:
    """Kg under orders opened after the notice's time; of a revoked notice all that left after it was revoked."""
    assert case.notice is not None
    if case.stage is Stage.REVOKED:
        return sum(kg for (_, of), kg in lifted_by(case, orders).items() if of == tank) - case.lifted_kg(tank)
    return sum(o.done_kg for o in orders if o.opened_at > case.notice.valid_until)


def _refused(scene: Scene, case: Case) -> Finding:
    noticed, lifted = case.out_kg, case.lifted_kg()
    figures = {"noticed_kg": noticed, "lifted_kg": lifted, "over_kg": 0, "orders": []}
    return _finding(scene, case, "refused_lift", case.out[0].tank_id, case.id, Severity.ORANGE, figures)


def _finding(
    scene: Scene, case: Case, check: str, tank: str, subject: str, severity: Severity, figures: Json
) -> Finding:
    assert case.notice is not None
    index = scene.stock.index
    held = index.tanks[index.row[tank]] if tank in index.row else None
    site = held.site_id if held is not None else None
    papers = scene.papers.get(site) if site is not None else None
    spoken = papers.work_orders_as_of if papers is not None else None
    facts: Json = {
        "case": case.id,
        "check": check,
        "tank": tank,
        "site": site,
        "good": held.good if held is not None else case.out[0].good,
        "notice_no": case.notice.no,
        "valid_until": stamp(case.notice.valid_until),
        "stage": case.stage.value,
        "reason": case.declined,
        **figures,
    }
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.LIFT,
        subject=subject,
        severity=severity,
        standing=Standing.BREACH,
        data_at=spoken or scene.now,
        facts=facts,
        site=site,
    )


def _unknown(scene: Scene, subject: str) -> Finding:
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.LIFT,
        subject=subject,
        severity=Severity.ORANGE,
        standing=Standing.UNKNOWN,
        data_at=scene.now,
        facts={},
    )
