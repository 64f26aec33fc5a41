"""投入产出: what a plant drew from its raw tanks must come back as product, within the band of its yield.

Judged by gauges alone (``domain.throughput``). Where they or the depot's papers are not of now, it is unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from domain.alarm import Alarm
from domain.contract import AlertKind, Severity
from domain.event import Json, stamp
from domain.finding import Finding, Standing
from domain.money import whole_kg, worth
from domain.process import AT, Balance, Process, balance, missing_kg, surplus_kg
from domain.scene import Scene
from domain.throughput import Track, advanced, watched

NAME = "yield_band/1"
HOLD = 0.8
"""A gap that was told stays told until it is below so much of the tolerance: noise on the limit is no news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Tracks by process id. told: processes that an open alarm speaks of; recalled: those told before a restart."""

    tracks: Mapping[str, Track] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    recalled: frozenset[str] = frozenset()


def recall(alarms: Iterable[Alarm]) -> Memory:
    """After a restart, what an open alarm says stands until a whole window has been watched again."""
    mine = (a for a in alarms if a.kind is AlertKind.YIELD_GAP)
    told = frozenset(a.subject for a in mine if a.open and a.condition == "active")
    return Memory(told=told, recalled=told)


def accept(memory: Memory, process_id: str, now: datetime) -> Memory:
    """A person has closed this process's case: what happened before ``now`` is not held against it any more."""
    tracks, track = dict(memory.tracks), memory.tracks.get(process_id)
    if track is not None:
        tracks[process_id] = replace(track, points=track.points[:, track.points[AT] >= now.timestamp() * 1e6])
    return Memory(tracks=tracks, told=memory.told - {process_id}, recalled=memory.recalled - {process_id})


def judge(scene: Scene, memory: Memory) -> tuple[list[Finding], Memory]:
    """One finding per process outside its band; unknown while its gauges or papers are not of now."""
    findings: list[Finding] = []
    tracks: dict[str, Track] = {}
    for process in scene.contract.process:
        before, told = memory.tracks.get(process.id, Track()), process.id in memory.told
        seen = watched(scene, process)
        tracks[process.id] = advanced(scene, process, before) if seen else before
        finding = _judged(scene, process, tracks[process.id], told=told) if seen else _unknown(scene, process)
        if finding is None and process.id in memory.recalled and not _whole(process, tracks[process.id]):
            finding = _unknown(scene, process)
        findings += [finding] if finding is not None else []
    stays = frozenset(f.subject for f in findings if f.standing is Standing.BREACH or f.subject in memory.told)
    return findings, Memory(tracks=tracks, told=stays, recalled=memory.recalled & stays)


def _judged(scene: Scene, process: Process, track: Track, *, told: bool) -> Finding | None:
    """Too little is orange: goods are missing. Too much is yellow: a book or a gauge is wrong."""
    found = balance(process, track.points)
    if found is not None:
        allowed = scene.contract.tolerances.static_t * 1000 * (HOLD if told else 1.0)
        missing, surplus = missing_kg(process, found), surplus_kg(process, found)
        if max(missing, surplus) > allowed:
            return _breach(scene, process, found, short=missing > allowed, gap_kg=max(missing, surplus))
    return None


def _whole(process: Process, track: Track) -> bool:
    """Nothing of the window lies before the track's beginning."""
    at = track.points[AT]
    return bool(at.size) and float(at[-1] - at[0]) >= (process.window_s + process.lag_s) * 1e6


def _unknown(scene: Scene, process: Process) -> Finding:
    return _finding(scene, process, {}, Severity.ORANGE, Standing.UNKNOWN)


def _breach(scene: Scene, process: Process, found: Balance, *, short: bool, gap_kg: float) -> Finding:
    facts = _facts(scene, process, found, short=short, kg=whole_kg(gap_kg))
    return _finding(scene, process, facts, Severity.ORANGE if short else Severity.YELLOW, Standing.BREACH)


def _finding(scene: Scene, process: Process, facts: Json, severity: Severity, standing: Standing) -> Finding:
    index, stock = scene.stock.index, scene.stock
    rows = index.rows((*process.input_tanks, *process.output_tanks))
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.YIELD_GAP,
        subject=process.id,
        severity=severity,
        standing=standing,
        data_at=datetime.fromtimestamp(min(int(stock.taken_at_us[r]) for r in rows) / 1e6, UTC),
        facts=facts,
        site=_site(scene, process),
    )


def _site(scene: Scene, process: Process) -> str:
    index = scene.stock.index
    return index.tanks[index.row[process.output_tanks[0]]].site_id


def _facts(scene: Scene, process: Process, found: Balance, *, short: bool, kg: int) -> Json:
    """Where product is missing, the least that was fed and the most that was made; where there is more, the reverse."""
    fed = found.fed_least_kg if short else max(found.fed_most_kg, 0.0)
    price, good = scene.prices.get(process.output_good), scene.contract.goods.get(process.output_good)
    value = worth(kg, price.cny_t, good.haircut) if price and price.cny_t and price.cny_t > 0 and good else None
    since = datetime.fromtimestamp(found.since_us / 1e6, UTC)
    return {
        "site": _site(scene, process),
        "input": process.input_good,
        "output": process.output_good,
        "input_tanks": list(process.input_tanks),
        "output_tanks": list(process.output_tanks),
        "short": short,
        "fed_kg": whole_kg(fed),
        "made_kg": whole_kg(found.made_most_kg if short else found.made_least_kg),
        "due_least_kg": whole_kg(process.least_yield * fed),
        "due_most_kg": whole_kg(process.most_yield * fed),
        "gap_kg": kg,
        "least_yield": str(process.least_yield),
        "most_yield": str(process.most_yield),
        "since": stamp(since),
        "minutes": round((scene.now - since).total_seconds() / 60, 1),
        "value_cny": str(value) if value is not None else None,
    }
