"""A gauge that has given no good reading for too long; a whole site that falls silent is one finding."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from domain.alarm import Alarm
from domain.contract import AlertKind, Severity
from domain.event import Json, stamp
from domain.farm import Quality
from domain.finding import Finding, Standing
from domain.money import ZERO, total
from domain.scene import Scene

NAME = "gauge_silent/1"
GROUP = 3
"""So many silent tanks of one site, and at least half of its pledged tanks, are told as the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """silent: tanks told as silent. speaks_since: silent tanks that speak again, and since when."""

    silent: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    speaks_since: dict[str, datetime] = field(default_factory=dict)
    first_at: datetime | None = None


def recall(alarms: Iterable[Alarm]) -> Memory:
    """After a restart, what an open alarm calls silent still is, until it has spoken long enough."""
    mine = [a for a in alarms if a.kind is AlertKind.SENSOR_OFFLINE and a.condition == "active"]
    return Memory(
        silent=frozenset(t["tank"] for a in mine for t in a.facts["tanks"]),
        sites=frozenset(a.subject for a in mine if a.facts["group"]),
    )


def judge(scene: Scene, memory: Memory) -> tuple[list[Finding], Memory]:
    """Findings about silent gauges of the contract's tanks; numpy masks, objects only for the silent ones."""
    first = memory.first_at or scene.now
    index = scene.stock.index
    ids = [t for t in scene.contract.tank_ids() if t in index.row]
    rows = np.array(index.rows(ids), dtype=np.int64)
    taken = scene.stock.taken_at_us[rows]
    since = np.where(taken == 0, int(first.timestamp() * 1e6), taken)
    age_s = (int(scene.now.timestamp() * 1e6) - since) / 1e6
    quiet = frozenset(np.array(ids)[age_s > scene.contract.staleness.warn_s].tolist()) if ids else frozenset()
    speaks = {t: memory.speaks_since.get(t, scene.now) for t in memory.silent - quiet if t in index.row}
    restore = timedelta(seconds=scene.contract.staleness.restore_s)
    proven = {t for t, when in speaks.items() if scene.now - when >= restore}
    silent = quiet | (memory.silent & frozenset(ids)) - proven
    findings, sites = _findings(scene, silent, memory.sites)
    kept = {t: when for t, when in speaks.items() if t not in proven}
    return findings, Memory(silent=silent, sites=sites, speaks_since=kept, first_at=first)


def _findings(scene: Scene, silent: frozenset[str], grouped: frozenset[str]) -> tuple[list[Finding], frozenset[str]]:
    """One finding per silent site, or per silent tank. A site told as one stays so until its last tank speaks."""
    by_site: dict[str, list[str]] = {}
    pledged: dict[str, int] = {}
    for tank_id in scene.contract.tank_ids():
        site = scene.stock.index.tanks[scene.stock.index.row[tank_id]].site_id
        pledged[site] = pledged.get(site, 0) + 1
        if tank_id in silent:
            by_site.setdefault(site, []).append(tank_id)
    findings: list[Finding] = []
    sites: set[str] = set()
    for site, tanks in by_site.items():
        if site in grouped or (len(tanks) >= GROUP and 2 * len(tanks) >= pledged[site]):
            sites.add(site)
            findings.append(_finding(scene, site, tanks, site, group=True))
            findings.extend(_finding(scene, t, [t], site, group=False, standing=Standing.UNKNOWN) for t in tanks)
        else:
            findings.extend(_finding(scene, t, [t], site, group=False) for t in tanks)
    return findings, frozenset(sites)


def _finding(
    scene: Scene, subject: str, tanks: list[str], site: str, *, group: bool, standing: Standing = Standing.BREACH
) -> Finding:
    rows = [_tank_facts(scene, t) for t in tanks]
    value = total(i.last_known_cny for i in scene.position.items if i.holding.tank_id in tanks)
    whole = scene.position.last_known
    last = min((r["last_good_at"] for r in rows if r["last_good_at"]), default=None)
    facts: Json = {
        "site": site,
        "group": group,
        "tanks": rows,
        "since": last,
        "value_cny": str(value),
        "value_ratio": str(value / whole if whole else ZERO),
        "exclude_s": scene.contract.staleness.exclude_s,
    }
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.SENSOR_OFFLINE,
        subject=subject,
        severity=Severity.YELLOW,
        standing=standing,
        data_at=scene.now,
        facts=facts,
        site=site,
    )


def _tank_facts(scene: Scene, tank_id: str) -> Json:
    row = scene.stock.index.row[tank_id]
    taken = int(scene.stock.taken_at_us[row])
    mass = float(scene.stock.mass_kg[row])
    return {
        "tank": tank_id,
        "good": scene.stock.index.tanks[row].good,
        "last_good_at": stamp(datetime.fromtimestamp(taken / 1e6, UTC)) if taken else None,
        "mass_kg": round(mass) if np.isfinite(mass) else None,
        "why": [q.name for q in Quality(int(scene.farm.quality[row])) if q.name is not None],
    }
