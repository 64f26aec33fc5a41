"""为啥报: the rule, the limit, the clause and the figures that an alarm was told by, or was lifted by; or why the value changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from domain.alarm import Alarm
from domain.contract import AlertKind, Contract, Field
from domain.event import Json, stamp
from domain.money import ZERO, fen
from domain.position import Position
from skills.alarm_kinds import KINDS, SAID_OF_ALARMS
from skills.alarms import SEVERITIES, about
from skills.alert_lifted import gone, lifted
from skills.causes import PARTS, causes
from skills.past import up_to
from skills.ports import History, Then, View
from skills.scope import WITH_INSPECTORS, asked, ids, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import Span, span_of
from skills.which_alarm import LAST, Which, newest, none_such, one_of, told_to

A_DAY = timedelta(days=1)
AN_HOUR, TRIED = timedelta(hours=1), 3
"""The first record may be of a moment at which no price was known yet."""
_NEEDED = (Field.VALUE, Field.QUANTITY)


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Why an alarm of this chat was raised, the last one if none is named; where a value is asked about, its causes."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    if arguments.get("want") == "lifted":
        return lifted(view, contracts, arguments)
    if not _names_one(arguments) and any(name in arguments for name in ("metric", "time", "want")):
        return _of_alarm(view, contracts, arguments) or _value(view, contracts, arguments)
    return _alarm(view, contracts, arguments)


def _names_one(arguments: Mapping[str, str]) -> bool:
    """货值预警为什么报 is about an alarm, 货值掉了是不是断线 about the value."""
    kinds = ids(arguments, "kind")
    named = "alert" in arguments or "severity" in arguments
    return named or bool(kinds if "metric" not in arguments else SAID_OF_ALARMS.intersection(kinds))


def _of_alarm(view: View, contracts: tuple[Contract, ...], arguments: Mapping[str, str]) -> Answer | None:
    """报警是跌价还是出货: of an open alarm of the value what it was told by; None where none tells what changed."""
    if "metric" in arguments or "time" in arguments:
        return None
    told = [(c, a) for c in contracts for a in view.alarms(c.id) if a.kind is AlertKind.VALUE_BELOW_LINE]
    found = newest(told, Which.of(LAST))
    if found is None or _split(view.told_facts(found[1])) is None:
        return None
    return _why(view, *found, split=True)


def _alarm(view: View, contracts: tuple[Contract, ...], arguments: Mapping[str, str]) -> Answer:
    which = Which.asked(arguments)
    told = told_to(view, contracts, which)
    still = [m for m in told if m[1].open]
    if which.only_points and len(still) > 1:
        return one_of(view, still)
    found = newest(told, which)
    if found is None:
        return none_such(view, contracts, which)
    return _why(view, *found, split="want" in arguments)


def _why(view: View, contract: Contract, alarm: Alarm, *, split: bool) -> Answer:
    """split: what did most of it is asked, price or quantity."""
    may = view.may(contract.id)
    line, figures = alarm.facts.get("line"), view.told_facts(alarm)
    parts = _split(figures) if split else None
    facts: Json = {
        "id": alarm.id,
        "contract": contract.id,
        "kind": alarm.kind.value,
        "severity": int(alarm.severity),
        "about": about(alarm, may),
        "figures": figures,
        "main": _main(parts, Decimal(parts["change_cny"])) if parts is not None else None,
        "raised_at": stamp(alarm.raised_at),
        "data_at": stamp(alarm.data_at),
        "told_as": alarm.told_as,
        "occurrence": alarm.occurrence,
        "returned_at": stamp(alarm.returned_at) if alarm.returned_at is not None else None,
        "closed_at": stamp(alarm.closed_at) if alarm.closed_at is not None else None,
        "rule": alarm.rule.upper().replace("_", "-").replace("/", " v"),
        "clause": (contract.clauses.get(line) if line else None) or contract.clauses.get(alarm.kind.value),
        "withheld": withheld(view, (contract,), (Field.VALUE, Field.QUANTITY)),
    }
    return Answer(status=Status.OK, kind="alert_why", facts=facts)


def _split(figures: Json) -> Json | None:
    """The parts of the change that an alarm of the value tells; None where it tells none, or they may not be read."""
    change = figures.get("change") or {}
    parts = {f"{p}_cny": change[f"{p}_cny"] for p in PARTS if f"{p}_cny" in change}
    return {"change_cny": change["total_cny"], "parts": parts} if parts and "total_cny" in change else None


def _value(view: View, contracts: tuple[Contract, ...], arguments: Mapping[str, str]) -> Answer:
    if ids(arguments, "tank"):
        return _which("whole")
    if len(contracts) > 1:
        several = [c.id for c in contracts]
        return Answer(status=Status.CLARIFY, kind="trend_which", facts={"about": "contract", "contracts": several})
    contract = contracts[0]
    if not frozenset(_NEEDED) <= view.may(contract.id):
        hidden = withheld(view, contracts, _NEEDED)
        return Answer(status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": hidden})
    span = _span(view, arguments)
    if isinstance(span, Answer):
        return span
    history = view.history(contract.id)
    if history is None:
        return _which("unkept", status=Status.NO_DATA)
    found, begins = _start(view, contract, history, span), history.begins()
    if found is None:
        return _which("before", status=Status.NO_DATA, at=stamp(span.start), begins=_stamp(begins))
    then, before, asked_from = *found, span.start
    span, after = Span(start=before.at, end=span.end), _end(view, contract, span)
    if after is None or not after.known:
        return Answer(status=Status.NO_DATA, kind="no_position", facts={})
    split = causes(before, after, history.moved(span.start, span.end), view.may(contract.id))
    assert split is not None, "value and quantity may be seen, and both ends are known"
    more: Json = {"of_then": then.of_then, "begins": stamp(span.start) if span.start > asked_from else None}
    if arguments.get("metric") == "ltv" and {Field.LTV, Field.EXPOSURE} <= view.may(contract.id):
        more["ltv"] = _ltv(before, after)
    return _told(view, contract, before, after, span, split, more)


def _start(view: View, contract: Contract, history: History, span: Span) -> tuple[Then, Position] | None:
    """How it stood at the span's start, else at the first record within it; None where there is none."""
    begins, first = history.begins(), [span.start]
    if begins is not None and span.start < begins < span.end:
        later = [p.at for p in history.points(begins, min(begins + AN_HOUR, span.end)) if p.at < span.end]
        first += [begins, *later[:TRIED]]
    for at in first:
        then = view.then(at)
        before = then.positions.get(contract.id) if then is not None else None
        if then is not None and before is not None and before.known and before.items:
            return then, replace(before, at=at)
    return None


def _stamp(at: datetime | None) -> str | None:
    return stamp(at) if at is not None else None


def _span(view: View, arguments: Mapping[str, str]) -> Span | Answer:
    time = arguments.get("time")
    if time is None:
        return Span(start=view.now - A_DAY, end=view.now)
    span = span_of(time)
    if span is None:
        return _which("time")
    end = up_to(span.end, view.now) if span.end > span.start else view.now
    return Span(start=span.start, end=end) if span.start < end else _which("future")


def _end(view: View, contract: Contract, span: Span) -> Position | None:
    if span.end >= view.now:
        return view.position(contract.id)
    then = view.then(span.end)
    return then.positions.get(contract.id) if then is not None else None


def _told(
    view: View, contract: Contract, before: Position, after: Position, span: Span, split: Json, more: Json
) -> Answer:
    change, now = Decimal(split["change_cny"]), span.end >= view.now
    facts: Json = {
        "contract": contract.id,
        "start": stamp(span.start),
        "end": stamp(span.end),
        "now": now,
        "before_cny": str(before.recognised),
        "after_cny": str(after.recognised),
        "causes": split,
        "main": _main(split, change),
        "complete": after.complete(),
        "fresh_ratio": str(after.fresh_ratio),
        **more,
    }
    parts = {"change_cny": split["change_cny"], **split["parts"]}
    figures = tuple(
        Figure(name=f"{contract.id}.{k}", value=v, unit="CNY", as_of=facts["end"]) for k, v in parts.items()
    )
    status = Status.STALE if now and not after.complete() else Status.OK
    return Answer(status=status, kind="value_why", facts=facts, figures=figures)


def _main(split: Json, change: Decimal) -> Json | None:
    """The part behind most of the change, and its share of it; no share where it is more than all of it."""
    same = {k: Decimal(v) for k, v in split["parts"].items() if (Decimal(v) > ZERO) == (change > ZERO)}
    if not change or not same:
        return None
    part = max(same, key=lambda k: abs(same[k]))
    share = same[part] / change
    return {"part": part, "ratio": str(share) if share <= 1 else None}


def _ltv(before: Position, after: Position) -> Json:
    """The ratio and what is owed, at both ends."""
    return {
        "before": str(before.ltv) if before.ltv is not None else None,
        "after": str(after.ltv) if after.ltv is not None else None,
        "exposure_before_cny": str(fen(before.exposure)),
        "exposure_after_cny": str(fen(after.exposure)),
    }


def _which(about_: str, *, status: Status = Status.CLARIFY, **more: str | None) -> Answer:
    return Answer(status=status, kind="past_which", facts={"about": about_, **more})


SKILL = Skill(
    name="q_alert_why",
    command="why",
    purpose="某条预警为什么报、依据哪条;或货值为什么变(跌价还是出货)",
    examples=("刚才那条报警为啥报的", "货值掉了是跌价跌的还是出货出的", "昨天到现在货值为什么变了"),
    roles=WITH_INSPECTORS,
    run=run,
    parameters=(
        Parameter(name="alert", kind="alarm", about="预警编号,或 last 最近一条、last/orange 最近一条橙色;默认最近一条"),
        Parameter(
            name="metric",
            kind="choice",
            about="改问货值的变动",
            choices=(("value", ("货值", "价值")), ("ltv", ("质押率",)), ("qty", ("货量",))),
        ),
        Parameter(name="time", kind="time", about="起止时间,默认近24小时"),
        Parameter(
            name="want",
            kind="choice",
            about="变动归因,或预警为什么解除",
            choices=(("attribution", ("还是出货", "归因", "跌价跌的", "原因构成")), ("lifted", gone())),
        ),
        Parameter(name="severity", kind="choice", about="只看哪一级的预警", choices=SEVERITIES),
        Parameter(name="kind", kind="choice", about="只看哪一类预警", choices=KINDS, many=True),
        Parameter(name="tank", kind="tank", about="只看该罐的预警"),
        Parameter(name="contract", kind="contract", about="项目"),
    ),
    aliases=("为什么", "归因"),
    answers=("q_alert_why", "q_alerts"),
    suits=lambda intent, slots: intent != "q_alerts" or "alert" in slots,
)
