"""Value below a line of the contract: one finding, for the most severe line; a fall counts at once, a rise is proven.

A line that only missing data crosses is a *blind* finding (restore or dip), never a call for goods or cash.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from domain.alarm import Alarm
from domain.attribution import Attribution, attribute
from domain.contract import LINE_SEVERITY, AlertKind, Contract, Line
from domain.event import Json, stamp
from domain.finding import Finding, Standing
from domain.money import ZERO
from domain.movement import WorkOrder
from domain.own_orders import Owners
from domain.position import Position, lowest_breached
from domain.scene import Scene
from domain.top_up import GoodTopUp, mixed, target_line, top_up
from domain.what_if import as_last_known

NAME = "value_line/1"
LOOK_BACK = timedelta(hours=1)
EVERY = timedelta(minutes=1)
NOISE_CNY = Decimal(10000)
"""A tank's effect on the value below this is no cause worth naming: 0.3 mm of gauge noise moves some hundred yuan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A position to compare with, and what each work order had moved by then (kg by number)."""

    at: datetime
    position: Position
    done_kg: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Which goods would do, as worked out at ``at`` under ``line``: a search over the whole pool, too dear every poll."""

    at: datetime
    line: Line
    mix: tuple[GoodTopUp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """line: the line under which the contract is held; safe_since and safe_count: how long it has been above it."""

    line: Line | None = None
    safe_since: datetime | None = None
    safe_count: int = 0
    blind: Line | None = None
    first_at: datetime | None = None
    past: tuple[Past, ...] = field(default=(), repr=False)
    advice: Advice | None = None


def recall(alarms: Iterable[Alarm]) -> Memory:
    """The memory after a restart: an open alarm still holds its line."""
    memory = Memory()
    for alarm in alarms:
        if alarm.kind is AlertKind.VALUE_BELOW_LINE and alarm.condition == "active":
            memory = replace(memory, line=Line(alarm.facts["line"]))
        if alarm.kind is AlertKind.BLIND_BREACH and alarm.condition == "active":
            memory = replace(memory, blind=Line(alarm.facts["line"]))
    return memory


def judge(scene: Scene, memory: Memory) -> tuple[list[Finding], Memory]:
    """Findings about the value against the lines, and what to remember. Pure; the time is the scene's."""
    first = memory.first_at or scene.now
    memory = replace(_held(scene, memory), first_at=first, past=_remembered(scene, memory.past))
    blind = _blind_line(scene.position)
    settling = not scene.position.known and scene.now - first < timedelta(seconds=scene.contract.staleness.exclude_s)
    memory = replace(memory, advice=_advised(scene, memory))
    findings = [] if memory.line is None else [_value_finding(scene, memory, memory.line)]
    if blind is not None and not settling:
        findings.append(_blind_finding(scene, blind))
    return findings, replace(memory, blind=blind)


def _advised(scene: Scene, memory: Memory) -> Advice | None:
    """The goods to call for: anew when the line changes, and else once a minute."""
    line, last = memory.line, memory.advice
    if line is None:
        return None
    if last is not None and last.line is line and scene.now - last.at < EVERY:
        return last
    return Advice(at=scene.now, line=line, mix=mixed(scene.contract, as_last_known(scene.contract, scene.position)))


def _held(scene: Scene, memory: Memory) -> Memory:
    """Which line the contract is held under now: down at once, up after k valuations over the contract's time."""
    position, lines = scene.position, scene.contract.lines
    if not position.known:
        return memory
    raw = lowest_breached(position.last_known, position.line_values)
    if raw is not None and (memory.line is None or LINE_SEVERITY[raw] > LINE_SEVERITY[memory.line]):
        return replace(memory, line=raw, safe_since=None, safe_count=0)
    if memory.line is None:
        return memory
    safe_at = position.line_values[memory.line] * (1 + lines.hysteresis)
    if position.recognised < safe_at:
        return replace(memory, safe_since=None, safe_count=0)
    since, count = memory.safe_since or scene.now, memory.safe_count + 1
    proven = count >= lines.confirm_k and (scene.now - since).total_seconds() >= lines.confirm_s
    if proven:
        return replace(memory, line=raw, safe_since=None, safe_count=0)
    return replace(memory, safe_since=since, safe_count=count)


def _remembered(scene: Scene, past: tuple[Past, ...]) -> tuple[Past, ...]:
    """Positions of the last hour, a minute apart."""
    kept = tuple(p for p in past if scene.now - p.at <= LOOK_BACK)
    if not scene.position.known or (kept and scene.now - kept[-1].at < EVERY):
        return kept
    return (*kept, Past(at=scene.now, position=scene.position, done_kg={w.no: w.done_kg for w in _orders(scene)}))


def _orders(scene: Scene) -> list[WorkOrder]:
    return [order for papers in scene.papers.values() for order in papers.work_orders]


def _own_orders(scene: Scene) -> list[WorkOrder]:
    """Without those of others in shared tanks."""
    owners = Owners.of(scene.contract)
    return [order for order in _orders(scene) if owners.may_be(order)]


def _blind_line(position: Position) -> Line | None:
    """The line that the recognised value crosses and the last-known value does not, or crosses less deeply."""
    seen = lowest_breached(position.recognised, position.line_values)
    real = lowest_breached(position.last_known, position.line_values)
    if seen is None or (real is not None and LINE_SEVERITY[seen] <= LINE_SEVERITY[real]):
        return None
    return seen


def _value_finding(scene: Scene, memory: Memory, line: Line) -> Finding:
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.VALUE_BELOW_LINE,
        subject="pool",
        severity=LINE_SEVERITY[line],
        standing=Standing.BREACH if scene.position.known else Standing.UNKNOWN,
        data_at=scene.position.at,
        facts=value_facts(scene, line, memory.past[0] if memory.past else None, memory.advice),
    )


def _blind_finding(scene: Scene, line: Line) -> Finding:
    facts = value_facts(scene, line, None, None)
    facts["silent"] = sorted(i.holding.tank_id for i in scene.position.items if not i.counted and not i.barred)
    facts["stale_prices"] = sorted({i.holding.good for i in scene.position.items if i.price.standing != "fresh"})
    return Finding(
        rule=NAME,
        contract_id=scene.contract.id,
        kind=AlertKind.BLIND_BREACH,
        subject="pool",
        severity=LINE_SEVERITY[line],
        standing=Standing.BREACH,
        data_at=scene.position.at,
        facts=facts,
    )


def value_facts(scene: Scene, line: Line, past: Past | None, advice: Advice | None) -> Json:
    """The figures of docs/pledge.md for a value below ``line``; amounts as exact decimal strings in CNY."""
    position, limit = scene.position, scene.position.line_values[line]
    below = [x for x in Line if LINE_SEVERITY[x] > LINE_SEVERITY[line]]
    following = below[0] if below else None
    return {
        "line": line.value,
        "value_cny": str(position.recognised),
        "last_known_cny": str(position.last_known),
        "line_cny": str(limit),
        "gap_cny": str(limit - position.recognised),
        "gap_ratio": str((limit - position.recognised) / limit),
        "exposure_cny": str(position.exposure),
        "exposure_stale": position.exposure_stale,
        "ltv": str(position.ltv) if position.ltv is not None else None,
        "lines_ltv": {x.value: str(scene.contract.lines.ltv_of(x)) for x in Line},
        **_coverage_facts(scene.contract, position),
        "lines_cny": {x.value: str(v) for x, v in position.line_values.items()},
        "fresh_ratio": str(position.fresh_ratio),
        "oldest_at": stamp(position.oldest_at) if position.oldest_at is not None else None,
        "next_line": following.value if following else None,
        "drop_to_next": str(max(ZERO, 1 - position.line_values[following] / position.recognised))
        if following and position.recognised > 0
        else None,
        "goods": goods_facts(scene.position),
        "top_up": _top_up_facts(scene, advice.mix if advice is not None else ()),
        "change": change_facts(scene, past) if past is not None else None,
    }


def goods_facts(position: Position) -> dict[str, Json]:
    """Eligible kg and price in CNY/t of every good that counts now."""
    out: dict[str, Json] = {}
    for i in position.items:
        row = out.setdefault(i.holding.good, {"kg": 0, "cny_t": str(i.price.cny_t or ZERO)})
        row["kg"] += i.eligible_kg if i.counted else 0
    return out


def _coverage_facts(contract: Contract, position: Position) -> Json:
    """The lines in the contract's own words where it writes coverage; nothing where it writes LTV."""
    if contract.lines.coverage is None:
        return {}
    held = position.coverage
    return {
        "coverage": str(held) if held is not None else None,
        "lines_coverage": {x.value: str(contract.lines.coverage_of(x)) for x in Line},
    }


def _top_up_facts(scene: Scene, mix: tuple[GoodTopUp, ...]) -> Json | None:
    owed = as_last_known(scene.contract, scene.position)  # what only missing data lacks is restored by data
    need = top_up(scene.contract, owed, mix)
    if need is None:
        return None
    rows = [_tonnes(one) for one in need.mix]
    return {
        "target": (target_line(scene.contract, owed) or "initial"),
        "target_cny": str(need.target),
        "goods_cny": str(need.goods_cny),
        "cash_cny": str(need.cash_cny) if need.cash_cny is not None else None,
        "example": rows[0] if len(rows) == 1 else None,
        "mix": rows if len(rows) > 1 else [],
    }


def _tonnes(one: GoodTopUp) -> Json:
    """So many tonnes of one good, within the caps."""
    return {"good": one.good, "tonnes": str(Decimal(one.kg or 0) / 1000)}


def change_facts(scene: Scene, past: Past) -> Json:
    """Why the value moved since ``past``, largest causes first; the parts add up exactly."""
    booked = booked_kg(_own_orders(scene), past.done_kg)
    split = attribute(past.position, scene.position, booked_kg=booked)
    was, held = past.position.ltv, past.position.coverage
    covered = scene.contract.lines.coverage is not None and held is not None
    return {
        **({"coverage_before": str(held)} if covered else {}),
        "since": stamp(past.at),
        "ltv_before": str(was) if was is not None else None,
        "line_before": (past.position.breached or "none"),
        "total_cny": str(split.change),
        "price_cny": str(split.price),
        "booked_cny": str(split.booked),
        "unbooked_cny": str(split.unbooked),
        "eligibility_cny": str(split.eligibility),
        "haircut_cny": str(split.haircut),
        "caps_cny": str(split.caps),
        "goods": _good_effects(past.position, scene, split),
        "tanks": _tank_effects(past.position, scene, split),
    }


def booked_kg(orders: Iterable[WorkOrder], done_before: Mapping[str, int]) -> dict[str, int]:
    """Signed kg per tank that work orders moved since ``done_before`` (kg by order number): out is negative."""
    moved: dict[str, int] = {}
    for order in orders:
        kg = order.done_kg - done_before.get(order.no, 0)
        sign = -1 if order.direction.leaves else 1
        moved[order.tank_id] = moved.get(order.tank_id, 0) + sign * kg
    return moved


def _good_effects(before: Position, scene: Scene, split: Attribution) -> list[Json]:
    old = {i.holding.good: i.price.cny_t for i in before.items}
    rows = sorted(split.by_good.items(), key=lambda kv: (-abs(kv[1]), kv[0]))[:3]
    return [
        {"good": g, "from": str(old.get(g)), "to": str(scene.prices[g].cny_t), "effect_cny": str(v)} for g, v in rows
    ]


def _tank_effects(before: Position, scene: Scene, split: Attribution) -> list[Json]:
    """The tanks whose quantity moved the value most; gauge noise is left out: below 0.1 % of the change or NOISE_CNY."""
    was = {i.holding.tank_id: i.eligible_kg for i in before.items}
    now = {i.holding.tank_id: i for i in scene.position.items}
    least = max(abs(split.change) / 1000, NOISE_CNY)
    rows = sorted(((t, v) for t, v in split.by_tank.items() if abs(v) > least), key=lambda kv: (-abs(kv[1]), kv[0]))
    orders: dict[str, list[str]] = {}
    for order in _own_orders(scene):
        orders.setdefault(order.tank_id, []).append(order.no)
    return [
        {
            "tank": t,
            "good": now[t].holding.good,
            "kg": now[t].eligible_kg - was[t],
            "effect_cny": str(v),
            "work_orders": orders.get(t, []),
        }
        for t, v in rows[:3]
    ]
