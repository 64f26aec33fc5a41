"""Receipts that expire soon: told once a day at most, all that have come near together (a digest), until renewed.

What a lapse would do is a revaluation of the pool without every receipt that is near its end. A digest is orange where
that crosses a line that stands now, and stays so: a value that comes and goes does not tell it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from domain.alarm import Alarm
from domain.calendar import CHINA
from domain.contract import LINE_SEVERITY, AlertKind, Severity
from domain.event import Json
from domain.finding import Finding
from domain.finding import Standing as Told
from domain.money import total
from domain.position import Position, lowest_breached
from domain.receipt.receipt import Standing
from domain.scene import Scene
from domain.what_if import Change, revalued

NAME = "receipt_expiry/1"
TOLD_FROM = time(9, 0)
"""In China: nobody is woken for a paper that ends days later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """digest: of which digest each told number is, by the day on which that was told. severity: of each digest."""

    digest: Mapping[str, str] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)


def recall(alarms: Iterable[Alarm]) -> Memory:
    """After a restart: what open alarms have told."""
    mine = [a for a in alarms if a.kind is AlertKind.RECEIPT_EXPIRING and a.condition == "active"]
    return Memory(
        digest={r["no"]: a.subject for a in mine for r in a.facts["receipts"]},
        severity={a.subject: a.severity for a in mine},
    )


def judge(scene: Scene, memory: Memory) -> tuple[list[Finding], Memory]:
    """One finding per digest of which a receipt is still near its end, or past it."""
    near = {s.receipt.no: s for s in scene.receipts if _near(s, scene)}
    local = scene.now.astimezone(CHINA)
    today = local.date().isoformat() if local.time() >= TOLD_FROM else None
    digest = {no: day for no in near if (day := memory.digest.get(no, today)) is not None}
    if not digest:
        return [], Memory()
    worst = _severity(scene, [near[no] for no in digest])
    severity = {day: max(worst, memory.severity.get(day, Severity.YELLOW)) for day in digest.values()}
    findings = [_finding(scene, day, digest, near, severity[day]) for day in sorted(severity)]
    return findings, Memory(digest=digest, severity=severity)


def _near(standing: Standing, scene: Scene) -> bool:
    """In pledge, and its last day no more than the contract's notice away, or gone by."""
    return standing.state.live and standing.receipt.ends_within(scene.contract.receipt_notice_days, scene.now)


def _severity(scene: Scene, near: Sequence[Standing]) -> Severity:
    now, then = scene.position.breached, _without(scene, near)
    line = lowest_breached(then.recognised, then.line_values)
    worse = line is not None and (now is None or LINE_SEVERITY[line] > LINE_SEVERITY[now])
    return Severity.ORANGE if worse and scene.position.known else Severity.YELLOW


def _without(scene: Scene, standings: Iterable[Standing]) -> Position:
    """The position did none of these receipts cover anything; one that has expired covers nothing already."""
    kg: dict[str, int] = {}
    for standing in standings:
        if standing.counts(scene.now):
            for tank, mass in standing.pledged.items():
                kg[tank] = kg.get(tank, 0) + mass
    return revalued(scene.contract, scene.position, Change(lapsed_kg=kg))


def _finding(
    scene: Scene, day: str, digest: Mapping[str, str], near: Mapping[str, Standing], severity: Severity
) -> Finding:
    mine = sorted(
        (near[no] for no, d in digest.items() if d == day), key=lambda s: (s.receipt.expires_on, s.receipt.no)
    )
    others = [near[no] for no, d in digest.items() if d != day]
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.RECEIPT_EXPIRING,
        subject=day,
        severity=severity,
        standing=Told.BREACH,
        data_at=scene.now,
        facts=_facts(scene, mine, others),
    )


def _facts(scene: Scene, mine: Sequence[Standing], others: Sequence[Standing]) -> Json:
    """What ends when, what it is worth before caps, and where the pool would stand without these and the others."""
    position, alone, then = scene.position, _without(scene, mine), _without(scene, [*mine, *others])
    worth = total(i.value_cny for i in position.items if i.counted) - total(
        i.value_cny for i in alone.items if i.counted
    )
    known = position.known
    line = lowest_breached(then.recognised, then.line_values) if known else None
    return {
        "days": scene.contract.receipt_notice_days,
        "receipts": [_row(s, scene.now) for s in mine],
        "others": len(others),
        "value_cny": str(worth) if known else None,
        "ltv": str(position.ltv) if known and position.ltv is not None else None,
        "ltv_after": str(then.ltv) if known and then.ltv is not None else None,
        "value_after_cny": str(then.recognised) if known else None,
        "line_after": line.value if line is not None and line is not position.breached else None,
    }


def _row(standing: Standing, now: datetime) -> Json:
    receipt = standing.receipt
    assert receipt.expires_on is not None
    return {
        "no": receipt.no,
        "good": receipt.good,
        "kg": standing.left_kg,
        "expires_on": receipt.expires_on.isoformat(),
        "expired": receipt.expired(now),
    }
