"""仪表: which gauges and gateways are silent, since when and for what part of the value; and which levels never move.

A flat line is a fact, not a judgement: only among lenders is it told beside what the temperature did meanwhile.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from domain.alarm import Alarm
from domain.contract import AlertKind, Field
from domain.event import Json, stamp
from domain.farm import Quality
from domain.money import ZERO
from domain.position import Freshness, Item
from skills.chosen import Row, chosen, named
from skills.ports import LevelRange, View
from skills.scope import WITH_INSPECTORS, among_lenders
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import Span, span_of

MOST = 6
USUAL, LONGEST = timedelta(days=3), timedelta(days=14)
FLAT_MM = 2.0
"""A level that stays within so much is flat: a tank of methanol 10 m high breathes 9 mm for each °C."""
COVERED = 0.8
"""So much of the span must be read for a word on it."""
FITTED = ("level", "temp")


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """First whether any is silent, or flat where that is asked. NO_DATA for a kind of device that is not read at all."""
    device = arguments.get("device", "level")
    flat = arguments.get("check") == "flatline"
    rows = chosen(view, arguments, needs=Field.QUANTITY if flat else None)
    if isinstance(rows, Answer):
        return rows
    if device not in FITTED:
        return Answer(status=Status.NO_DATA, kind="sensor_device", facts={"device": device})
    if flat:
        return _flat(view, rows, arguments)
    return _was_silent(view, rows, arguments) if "time" in arguments else _silent(view, rows, arguments, device)


def _silent(view: View, rows: list[Row], arguments: Mapping[str, str], device: str) -> Answer:
    blind = [r for r in rows if not _speaks(view, r[1], device)]
    taken = [i.holding.taken_at for _, i in rows if i.holding.taken_at is not None]
    groups = _groups(view, rows, blind)
    facts: Json = {
        "device": device,
        "filters": named(arguments),
        "tanks": len(rows),
        "online": len(rows) - len(blind),
        "ratio": str(Decimal(len(rows) - len(blind)) / len(rows)),
        "rows": groups[:MOST],
        "more": sum(len(g["tanks"]) for g in groups[MOST:]),
        "as_of": stamp(max(taken)) if taken else None,
        "at": stamp(view.now),
        **_worth(view, rows, [r for r in blind if r[1].holding.freshness is not Freshness.FRESH or device != "level"]),
    }
    count = Figure(name="online_ratio", value=facts["ratio"], unit="1", as_of=facts["at"])
    return Answer(status=Status.STALE if blind else Status.OK, kind="sensor", facts=facts, figures=(count,))


def _was_silent(view: View, rows: list[Row], arguments: Mapping[str, str]) -> Answer:
    """Of a past span: the alarms about silent gauges that stood in it, and were told here."""
    span = _span(view, arguments)
    if span is None:
        return Answer(status=Status.CLARIFY, kind="past_which", facts={"about": "time"})
    mine = {i.holding.tank_id for _, i in rows}
    found: dict[str, Alarm] = {}
    for contract_id in dict.fromkeys(c.id for c, _ in rows):
        told = (*view.alarms_since(contract_id, span.start), *view.alarms(contract_id))
        found |= {a.id: a for a in told if a.kind is AlertKind.SENSOR_OFFLINE and _stood(a, span) and _tanks(a) & mine}
    order = sorted(found.values(), key=lambda a: a.raised_at)
    facts: Json = {
        "start": stamp(span.start),
        "end": stamp(span.end),
        "total": len(order),
        "rows": [_told(a) for a in order[:MOST]],
        "more": max(0, len(order) - MOST),
    }
    return Answer(status=Status.OK, kind="sensor_then", facts=facts)


def _stood(alarm: Alarm, span: Span) -> bool:
    """The silence, not its paperwork, touches the span."""
    ended = alarm.returned_at or alarm.closed_at
    return alarm.raised_at <= span.end and (ended is None or ended >= span.start)


def _tanks(alarm: Alarm) -> set[str]:
    return {t["tank"] for t in alarm.facts["tanks"]}


def _told(alarm: Alarm) -> Json:
    return {
        "id": alarm.id,
        "site": alarm.facts["site"],
        "tanks": sorted(_tanks(alarm)),
        "since": alarm.facts["since"],
        "raised_at": stamp(alarm.raised_at),
        "returned_at": stamp(alarm.returned_at) if alarm.returned_at is not None else None,
    }


def _speaks(view: View, item: Item, device: str) -> bool:
    """It answered when it was asked last; a reading that is not yet too old tells nothing of that."""
    reading = view.reading(item.holding.tank_id)
    heard = item.holding.freshness is Freshness.FRESH and Quality.MISSING.name not in reading.why
    return heard and (device == "level" or reading.temp_c is not None)


def _groups(view: View, rows: Sequence[Row], blind: Sequence[Row]) -> list[Json]:
    """Silent tanks by gateway where all of its tanks are silent, the others one by one; longest silent first."""
    behind: dict[str | None, int] = {}
    for _, i in rows:
        gateway = view.gateway(i.holding.tank_id)
        behind[gateway] = behind.get(gateway, 0) + 1
    silent: dict[str | None, list[Item]] = {}
    for _, i in blind:
        silent.setdefault(view.gateway(i.holding.tank_id), []).append(i)
    groups = []
    for gateway, items in silent.items():
        whole = gateway is not None and len(items) == behind[gateway] > 1
        groups += [_group(view, items, whole=True)] if whole else [_group(view, [i], whole=False) for i in items]
    return sorted(groups, key=lambda g: g["since"] or "")


def _group(view: View, items: Sequence[Item], *, whole: bool) -> Json:
    taken = [i.holding.taken_at for i in items]
    known = [t for t in taken if t is not None]
    since = min(known) if known and len(known) == len(taken) else None
    mine = {i.holding.tank_id for i in items}
    works = [w for c in view.contracts() for w in view.works(c.id)]
    reasons = dict.fromkeys(w for i in items for w in view.reading(i.holding.tank_id).why)
    return {
        "gateway": whole,
        "site": items[0].holding.site_id,
        "tanks": [i.holding.tank_id for i in items],
        "since": stamp(since) if since is not None else None,
        "silent_s": round((view.now - since).total_seconds()) if since is not None else None,
        "why": list(reasons),
        "works": sorted({w.kind for w in works if w.starts <= view.now < w.ends and mine & set(w.tanks)}),
    }


def _worth(view: View, rows: Sequence[Row], blind: Sequence[Row]) -> Json:
    """The part of the last-known value that cannot be seen; nothing where the value may not be."""
    if not all(Field.VALUE in view.may(c.id) for c, _ in rows):
        return {}
    whole = sum((i.last_known_cny for _, i in rows), ZERO)
    unseen = sum((i.last_known_cny for _, i in blind), ZERO)
    never = sum(i.holding.physical_kg is None for _, i in blind)
    return {"blind_ratio": str(unseen / whole), "never": never} if whole else {"never": never}


def _flat(view: View, rows: list[Row], arguments: Mapping[str, str]) -> Answer:
    span = _span(view, arguments)
    if span is None:
        return Answer(status=Status.CLARIFY, kind="past_which", facts={"about": "time"})
    ranges: dict[str, LevelRange] = {}
    for contract_id in dict.fromkeys(c.id for c, _ in rows):
        history = view.history(contract_id)
        if history is None:
            return Answer(status=Status.NO_DATA, kind="past_which", facts={"about": "unkept"})
        ranges |= history.level_ranges(span.start, span.end)
    holds = {i.holding.tank_id: i for _, i in rows}
    judged = {t: r for t, r in ranges.items() if t in holds and _covers(r, span)}
    still = {t: r for t, r in judged.items() if r.high_mm - r.low_mm <= FLAT_MM}
    empty = [t for t in still if (holds[t].holding.physical_kg or 0) <= holds[t].holding.heel_kg]
    found = [t for t in holds if t in still and t not in empty]
    facts: Json = {
        "filters": named(arguments),
        "start": stamp(span.start),
        "end": stamp(span.end),
        "within_mm": FLAT_MM,
        "tanks": len(holds),
        "judged": len(judged),
        "empty": len(empty),
        "found": len(found),
        "rows": [_still(view, holds[t], still[t]) for t in found[:MOST]],
        "more": max(0, len(found) - MOST),
        "unread": [t for t in holds if t not in judged],
    }
    figures = tuple(
        Figure(name=f"{t}.level_range", value=f"{r.high_mm - r.low_mm:.1f}", unit="mm", as_of=stamp(r.last_at))
        for t, r in still.items()
    )
    status = Status.STALE if facts["unread"] else Status.OK
    return Answer(status=status, kind="sensor_flat", facts=facts, figures=figures)


def _span(view: View, arguments: Mapping[str, str]) -> Span | None:
    time = arguments.get("time")
    if time is None:
        return Span(start=view.now - USUAL, end=view.now)
    span = span_of(time)
    if span is None:
        return None
    end = min(span.end, view.now) if span.end > span.start else view.now
    return Span(start=max(span.start, end - LONGEST), end=end) if span.start < end else None


def _covers(found: LevelRange, span: Span) -> bool:
    """Read over most of the span, its end among it: nobody knows of a level that a silent gauge did not tell."""
    read: datetime = found.last_at
    long_enough = (read - found.first_at) >= COVERED * (span.end - span.start)
    return long_enough and span.end - read <= (1 - COVERED) * (span.end - span.start)


def _still(view: View, item: Item, found: LevelRange) -> Json:
    facts: Json = {
        "tank": item.holding.tank_id,
        "good": item.holding.good,
        "level_mm": found.high_mm,
        "range_mm": round(found.high_mm - found.low_mm, 1),
        "first_at": stamp(found.first_at),
        "last_at": stamp(found.last_at),
    }
    known = found.low_c is not None and found.high_c is not None
    if known and among_lenders(view):
        facts["range_c"] = round((found.high_c or 0.0) - (found.low_c or 0.0), 1)
    return facts


SKILL = Skill(
    name="q_sensor",
    command="sensor",
    purpose="液位计断线、在线率,或好几天一动不动的罐",
    examples=("有没有哪个罐的液位计断线了", "液位计在线率多少", "有没有罐是好几天一动不动的"),
    roles=WITH_INSPECTORS,
    run=run,
    parameters=(
        Parameter(
            name="status",
            kind="choice",
            about="断线、在线或故障",
            choices=(
                ("offline", ("断线", "离线", "掉线", "没数", "失联")),
                ("online", ("在线", "在线率")),
                ("fault", ("坏了", "故障")),
            ),
        ),
        Parameter(
            name="check", kind="choice", about="液位长时间不变", choices=(("flatline", ("一动不动", "不动", "直线")),)
        ),
        Parameter(
            name="device",
            kind="choice",
            about="设备,默认液位计",
            choices=(
                ("level", ("液位计", "雷达", "液位")),
                ("temp", ("温度", "温度计")),
                ("flow", ("流量计",)),
                ("camera", ("摄像头", "视频", "监控")),
            ),
        ),
        Parameter(name="time", kind="time", about="过去的起止时间;一动不动默认近3天"),
        Parameter(name="tank", kind="tank", about="罐"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="site", kind="site", about="库区"),
        Parameter(name="contract", kind="contract", about="项目"),
    ),
    aliases=("仪表", "液位计"),
)
