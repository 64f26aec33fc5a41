"""日报/周报/月报: what the store holds of a day, a week or a month, as text for a phone; the signed document is another thing."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.alarm import Alarm
from domain.contract import Contract, Field, Severity
from domain.event import Json, stamp
from domain.position import Position
from domain.receipt.receipt import Standing
from skills.alarms import about
from skills.causes import causes
from skills.course_data import Only, Reader
from skills.course_picture import course_picture
from skills.past import up_to
from skills.ports import View
from skills.scope import PARTIES, asked, partial, withheld
from skills.skill import Answer, AnswerButton, Figure, Parameter, PictureRequest, Skill, Status
from skills.span import Span, span_of
from skills.status import CHINA
from skills.worth import worth

NAMED = 3
"""So many alarms, cases and receipts are named one by one; the rest is counted."""
METRICS = ("value", "qty")


_ASKED = re.compile(
    r"(?:把|来一份|发一?下?)?(?:今天|今日|本周|这周|本月|这个月)?的?(?P<type>日报|周报|月报)(?:发我)?(?:一份)?"
)
_TYPES = {"日报": "daily", "周报": "weekly", "月报": "monthly"}


def reads(text: str) -> Mapping[str, str] | None:
    """把今天的日报发我一份: the report of the running day, week or month; None for every other text."""
    found = _ASKED.fullmatch(text.strip(" 。,!?！？"))
    return {"type": _TYPES[found["type"]]} if found is not None else None


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One contract's report up to now. STALE where not everything is of now, NO_DATA before the first valuation."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    if len(contracts) > 1:
        return Answer(
            status=Status.CLARIFY,
            kind="trend_which",
            facts={"about": "contract", "contracts": [c.id for c in contracts]},
        )
    contract, kind = contracts[0], arguments.get("type", "daily")
    kind = kind if kind in ("weekly", "monthly") else "daily"
    span = _span(view.now, kind, arguments.get("time"))
    if span is None:
        return Answer(status=Status.CLARIFY, kind="report_none", facts={"about": "future", "type": kind})
    position = _at_end(view, contract, span)
    if position is None or not position.known or not position.items:
        return _none(view, contract, kind, span)
    may = view.may(contract.id)
    before = _before(view, contract, span)
    facts: Json = {
        "contract": contract.id,
        "type": kind,
        "start": stamp(span.start),
        "end": stamp(span.end),
        "since": stamp(before.at) if before is not None else None,
        "past": span.end < view.now,
        "complete": position.complete(),
        "partial": partial(view),
        "alarms": _alarms(view, contract, span, may),
        "cases": _cases(view, contract, span, may),
        "receipts": _receipts(view, contract),
        "withheld": withheld(view, (contract,), (Field.VALUE, Field.QUANTITY, Field.LINE, Field.LTV)),
    }
    facts |= _worth(view, contract, position, before, span, may)
    return Answer(
        status=Status.OK if position.complete() else Status.STALE,
        kind="report",
        facts=facts,
        figures=tuple(_figures(contract, facts, span)),
        buttons=(AnswerButton(label="tanks", skill="tanks", arguments={"contract": contract.id}),),
        picture=_picture(view, contract, span, may),
    )


def _none(view: View, contract: Contract, kind: str, span: Span) -> Answer:
    """Nothing is valued yet; or of a span that is over nothing was, and since when there is something."""
    if up_to(span.end, view.now) == view.now:
        return Answer(status=Status.NO_DATA, kind="no_position", facts={})
    history = view.history(contract.id)
    begins = history.begins() if history is not None else None
    facts: Json = {
        "about": "before",
        "type": kind,
        "start": stamp(span.start),
        "end": stamp(span.end),
        "since": stamp(begins) if begins is not None and begins >= span.end else None,
    }
    return Answer(status=Status.NO_DATA, kind="report_none", facts=facts)


def _span(now: datetime, kind: str, time: str | None) -> Span | None:
    """The time asked for, up to now at most, None where it has not begun; of no time, or a moment, the running one."""
    given = span_of(time) if time else None
    if given is None:
        return _running(now, kind)
    if given.start > now:
        return None
    end = up_to(given.end, now)
    return Span(start=given.start, end=end) if given.start < end else _running(end, kind)


def _running(now: datetime, kind: str) -> Span:
    """Since midnight, Monday or the first of the month in China."""
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    back = {"weekly": timedelta(days=midnight.weekday()), "monthly": timedelta(days=midnight.day - 1)}
    start = midnight - back.get(kind, timedelta())
    return Span(start=start if start < now else now - timedelta(days=1), end=now)


def _at_end(view: View, contract: Contract, span: Span) -> Position | None:
    """The position of this moment, or the recovered one of a span that is over."""
    if span.end >= view.now:
        return view.position(contract.id)
    then = view.then(span.end)
    return then.positions.get(contract.id) if then is not None else None


def _before(view: View, contract: Contract, span: Span) -> Position | None:
    """The position at the start; where recording began later, the first that is known."""
    history = view.history(contract.id)
    begins = history.begins() if history is not None else None
    at = max(span.start, begins) if begins is not None and begins < span.end else span.start
    then = view.then(at)
    found = then.positions.get(contract.id) if then is not None else None
    return found if found is not None and found.known and found.items else None


def _worth(
    view: View, contract: Contract, position: Position, before: Position | None, span: Span, may: frozenset[Field]
) -> Json:
    """Value, lines and tonnes then and now, and why they changed; only what may be seen."""
    facts = worth(contract, position, may)
    facts.pop("top", None)
    taken = [i.holding.taken_at for i in position.items if i.holding.taken_at is not None]
    facts["as_of"] = stamp(max(taken)) if taken else None
    facts["oldest_s"] = round((span.end - min(taken)).total_seconds()) if taken else None
    if Field.VALUE in may:
        facts["fresh_ratio"] = str(position.fresh_ratio)
        facts["change_cny"] = str(position.recognised - before.recognised) if before is not None else None
        facts["before_cny"] = str(before.recognised) if before is not None else None
    if Field.QUANTITY in may:
        facts["kg"] = sum(i.holding.physical_kg or 0 for i in position.items)
        facts["before_kg"] = sum(i.holding.physical_kg or 0 for i in before.items) if before is not None else None
    history = view.history(contract.id)
    if history is not None and Field.QUANTITY in may:
        moved = history.moved(before.at if before is not None else span.start, span.end)
        facts["moved"] = {
            "in_kg": moved.in_kg,
            "out_kg": moved.out_kg,
            "stale": moved.stale,
            "unowned": moved.unowned,
            "as_of": stamp(moved.as_of) if moved.as_of is not None else None,
        }
        facts["causes"] = causes(before, position, moved, may) if before is not None else None
    return facts


def _alarms(view: View, contract: Contract, span: Span, may: frozenset[Field]) -> Json:
    """What was raised and closed in the span, and what is open now, the most severe named."""
    seen, still = view.alarms_since(contract.id, span.start), view.alarms(contract.id)
    return {
        "raised": sum(span.start <= a.raised_at <= span.end for a in seen),
        "closed": sum(a.closed_at is not None and span.start <= a.closed_at <= span.end for a in seen),
        "open": len(still),
        **{s.name.lower(): sum(a.severity is s for a in still) for s in Severity},
        "rows": [_alarm(a, may) for a in still[:NAMED]],
    }


def _alarm(alarm: Alarm, may: frozenset[Field]) -> Json:
    return {"id": alarm.id, "kind": alarm.kind.value, "about": about(alarm, may)}


def _cases(view: View, contract: Contract, span: Span, may: frozenset[Field]) -> Json:
    """Releases, swaps and top-ups: how many were filed and ended in the span, and which are open."""
    mine = list(view.cases(contract.id)) if Field.QUANTITY in may else []
    still = [c for c in mine if c.open]
    return {
        "filed": sum(span.start <= c.filed_at <= span.end for c in mine),
        "ended": sum(c.ended_at is not None and span.start <= c.ended_at <= span.end for c in mine),
        "open": len(still),
        "rows": [{"id": c.id, "kind": c.kind.value, "stage": c.stage.value} for c in still[:NAMED]],
    }


def _receipts(view: View, contract: Contract) -> Json | None:
    """Receipts in pledge that end within the contract's days of notice; None where receipts do not count."""
    if contract.receipts is None:
        return None
    live = [s for s in view.receipts(contract.id) if s.state.live]
    soon = sorted((s for s in live if s.receipt.ends_within(contract.receipt_notice_days, view.now)), key=_ends)
    return {
        "live": len(live),
        "days": contract.receipt_notice_days,
        "soon": len(soon),
        "rows": [
            {"no": s.receipt.no, "expires_on": s.receipt.expires_on.isoformat()}
            for s in soon[:NAMED]
            if s.receipt.expires_on
        ],
    }


def _ends(standing: Standing) -> str:
    ends = standing.receipt.expires_on
    return ends.isoformat() if ends is not None else ""


def _picture(view: View, contract: Contract, span: Span, may: frozenset[Field]) -> PictureRequest | None:
    history = view.history(contract.id)
    fields = {"value": Field.VALUE, "qty": Field.QUANTITY}
    if history is None:
        return None
    reader = Reader(view=view, contract=contract, history=history, span=span, only=Only(), before=None)
    groups = [reader.measures(m) for m in METRICS if fields[m] in may]
    return course_picture(contract, span, Only(), groups, reader.points(), may)


def _figures(contract: Contract, facts: Json, span: Span) -> list[Figure]:
    units = (("value_cny", "CNY"), ("change_cny", "CNY"), ("kg", "kg"), ("ltv", "1"))
    found = [(name, facts[name], unit) for name, unit in units if facts.get(name) is not None]
    told = () if facts["partial"] else ("raised", "closed", "open")
    counts = [(f"alarms_{k}", facts["alarms"][k], "1") for k in told]
    at = facts["as_of"] or stamp(span.end)
    return [Figure(name=f"{contract.id}.{n}", value=str(v), unit=unit, as_of=at) for n, v, unit in (*found, *counts)]


SKILL = Skill(
    name="q_report",
    command="report",
    purpose="日报、周报、月报(即时摘要,附走势图)",
    examples=("把今天的日报发我一份", "日报", "本周周报", "周报发我", "本月的月报"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(
            name="type",
            kind="choice",
            about="哪一种,默认日报",
            choices=(("daily", ("日报",)), ("weekly", ("周报",)), ("monthly", ("月报",))),
        ),
        Parameter(name="time", kind="time", about="从何时起,默认今天、本周或本月"),
        Parameter(name="contract", kind="contract", about="项目"),
    ),
    aliases=("日报", "周报", "月报"),
    reads=reads,
)
