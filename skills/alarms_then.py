"""昨晚有哪些报警: the alarms that were raised within a past time, or stood open at a past moment, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.alarm import Alarm, Condition
from domain.contract import Contract, Severity
from domain.event import Json, stamp
from skills.alarm_places import Place
from skills.alarms import MOST, SEVERITIES, about
from skills.ports import View
from skills.scope import WITH_INSPECTORS, asked, partial
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import Span, span_of

_Told = tuple[Contract, Alarm]


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Alarms told in this chat, oldest first. None at all is an answer (OK); severity and figures are those told last."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    place = Place.of(view, contracts, arguments)
    if isinstance(place, Answer):
        return place
    span = span_of(arguments.get("time", ""))
    if span is None or span.start > view.now:
        return Answer(status=Status.CLARIFY, kind="alarms_then_when", facts={"future": span is not None})
    times = _Times(start=span.start, end=min(span.end, view.now))
    severity = arguments.get("severity", "")
    only_open = arguments.get("state") == "open" and not times.moment  # of a moment those that were open then
    there = [
        (c, a)
        for c, a in _since(view, contracts, times)
        if place.holds(view, c, a) and severity in ("", a.severity.name.lower()) and (a.open or not only_open)
    ]
    rows = [(c, a) for c, a in there if times.counts(a)]
    facts: Json = {
        "start": stamp(times.start),
        "end": stamp(times.end),
        "moment": times.moment,
        "total": len(rows),
        "severity": severity,
        "only_open": only_open,
        "place": place.json() if place else None,
        "before": len(there) - len(rows),
        "open": sum(a.open for _, a in rows),
        **{s.name.lower(): sum(a.severity is s for _, a in rows) for s in Severity},
        "rows": [_row(view, c, a) for c, a in rows[:MOST]],
        "more": max(0, len(rows) - MOST),
        "contracts": [c.id for c in contracts],
        "partial": partial(view),
        "at": stamp(view.now),
    }
    count = Figure(name="alarms_raised", value=str(len(rows)), unit="1", as_of=stamp(times.end))
    return Answer(status=Status.OK, kind="alarms_then", facts=facts, figures=() if partial(view) else (count,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Times(Span):
    """The time that is asked of; a moment asks what stood then, a span what was raised in it."""

    @property
    def moment(self) -> bool:
        """One moment, and no span."""
        return self.start == self.end

    def counts(self, alarm: Alarm) -> bool:
        """It was raised in the span; of a moment, before it."""
        return self.moment or self.start <= alarm.raised_at


def _since(view: View, contracts: tuple[Contract, ...], times: _Times) -> list[_Told]:
    """All told here that were open at the beginning or raised by the end, oldest first."""
    told = [(c, a) for c in contracts for a in (*view.alarms_since(c.id, times.start), *view.alarms(c.id))]
    mine = {a.id: (c, a) for c, a in told if a.raised_at <= times.end and a.closed_at != times.start}
    return sorted(mine.values(), key=lambda m: (m[1].raised_at, m[1].id))


def _row(view: View, contract: Contract, alarm: Alarm) -> Json:
    returned = alarm.returned_at if alarm.condition is Condition.RETURNED else None
    return {
        "id": alarm.id,
        "contract": contract.id,
        "kind": alarm.kind.value,
        "severity": int(alarm.severity),
        "about": about(alarm, view.may(contract.id)),
        "raised_at": stamp(alarm.raised_at),
        "returned_at": stamp(returned) if returned is not None else None,
        "closed_at": stamp(alarm.closed_at) if alarm.closed_at is not None else None,
    }


SKILL = Skill(
    name="alarms_then",
    command="alarmsthen",
    purpose="某段时间报过哪些预警,后来怎样",
    examples=(
        "昨晚有哪些报警",
        "今天报了几次警",
        "上周一共多少条预警",
        "近三天有没有红色预警",
        "昨天17点有几条未结预警",
    ),
    roles=WITH_INSPECTORS,
    run=run,
    parameters=(
        Parameter(name="time", kind="time", required=True, about="时间,如 昨天夜里", ahead=True),
        Parameter(name="severity", kind="choice", about="只看哪一级", choices=SEVERITIES),
        Parameter(
            name="state",
            kind="choice",
            about="只看至今未结的",
            choices=(
                ("open", ("没处理", "未处理", "没结", "未结", "没关", "没解除", "未解除", "没消", "没完", "没了结")),
            ),
        ),
        Parameter(name="tank", kind="tank", about="只看哪个罐", narrows=True),
        Parameter(name="site", kind="site", about="只看哪个库", narrows=True),
        Parameter(name="good", kind="good", about="只看哪个品种", narrows=True),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("历史预警",),
    answers=("q_alerts",),
    suits=lambda _, slots: "alert" not in slots and "time" in slots and slots.get("status") != "open",
)
