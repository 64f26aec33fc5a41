"""为啥报: the rule, the limit, the clause and the figures that an alarm was told by; or why the value changed, exactly."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from domain.alarm import Alarm
from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.money import ZERO, fen
from domain.position import Position
from skills.alarms import about
from skills.causes import causes
from skills.ports import View
from skills.scope import PARTIES, asked, ids, not_found, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import Span, span_of

LATELY = timedelta(days=30)
A_DAY = timedelta(days=1)
LAST = "last"
_NEEDED = (Field.VALUE, Field.QUANTITY)


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Why an alarm of this chat was raised, the last one if none is named; where a value is asked about, its causes."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    alert = arguments.get("alert", LAST)
    if alert == LAST and any(name in arguments for name in ("metric", "time", "want")):
        return _value(view, contracts, arguments)
    return _alarm(view, contracts, alert, frozenset(ids(arguments, "tank")))


def _alarm(view: View, contracts: tuple[Contract, ...], alert: str, tanks: frozenset[str]) -> Answer:
    told = {a.id: (c, a) for c in contracts for a in _alarms(view, c, named=alert != LAST) if _speaks_of(a, tanks)}
    if alert != LAST:
        found = told.get(alert.upper())
        return not_found("alarm") if found is None else _why(view, *found)
    if not told:
        return Answer(status=Status.NO_DATA, kind="alert_none", facts={"days": LATELY.days, "at": stamp(view.now)})
    return _why(view, *max(told.values(), key=lambda row: (row[1].raised_at, row[1].id)))


def _alarms(view: View, contract: Contract, *, named: bool) -> list[Alarm]:
    """Told in this chat: those that are open, and those of the last month, or of any time where one is named."""
    since = view.now - (LATELY * 120 if named else LATELY)
    return [*view.alarms_since(contract.id, since), *view.alarms(contract.id)]


def _speaks_of(alarm: Alarm, tanks: frozenset[str]) -> bool:
    """The alarm is about one of these tanks; true where none is named."""
    facts = alarm.facts
    mine = {alarm.subject, facts.get("tank"), *(t["tank"] for t in facts.get("tanks", ()))}
    return not tanks or bool(tanks & mine)


def _why(view: View, contract: Contract, alarm: Alarm) -> Answer:
    may = view.may(contract.id)
    line = alarm.facts.get("line")
    facts: Json = {
        "id": alarm.id,
        "contract": contract.id,
        "kind": alarm.kind.value,
        "severity": int(alarm.severity),
        "about": about(alarm, may),
        "figures": view.told_facts(alarm),
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
    then = view.then(span.start)
    before = then.positions.get(contract.id) if then is not None else None
    after = _end(view, contract, span)
    if then is None or before is None or not before.known or not before.items:
        return _which("before", status=Status.NO_DATA, at=stamp(span.start))
    if after is None or not after.known:
        return Answer(status=Status.NO_DATA, kind="no_position", facts={})
    split = causes(before, after, history.moved(span.start, span.end), view.may(contract.id))
    assert split is not None, "value and quantity may be seen, and both ends are known"
    more: Json = {"of_then": then.of_then}
    if arguments.get("metric") == "ltv" and {Field.LTV, Field.EXPOSURE} <= view.may(contract.id):
        more["ltv"] = _ltv(before, after)
    return _told(view, contract, before, after, span, split, more)


def _span(view: View, arguments: Mapping[str, str]) -> Span | Answer:
    time = arguments.get("time")
    if time is None:
        return Span(start=view.now - A_DAY, end=view.now)
    span = span_of(time)
    if span is None:
        return _which("time")
    end = min(span.end, view.now) if span.end > span.start else view.now
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


def _which(about_: str, *, status: Status = Status.CLARIFY, **more: str) -> Answer:
    return Answer(status=status, kind="past_which", facts={"about": about_, **more})


SKILL = Skill(
    name="q_alert_why",
    command="why",
    purpose="某条预警为什么报、依据哪条;或货值为什么变(跌价还是出货)",
    examples=("刚才那条报警为啥报的", "货值掉了是跌价跌的还是出货出的", "昨天到现在货值为什么变了"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="alert", kind="alarm", about="预警编号,默认本群最近一条"),
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
            about="变动归因",
            choices=(("attribution", ("还是出货", "归因", "跌价跌的", "原因构成")),),
        ),
        Parameter(name="tank", kind="tank", about="只看该罐的预警"),
        Parameter(name="contract", kind="contract", about="项目"),
    ),
    aliases=("为什么", "归因"),
)
