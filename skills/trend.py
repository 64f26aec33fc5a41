"""走势: value, LTV, tonnes, level or price over a span, or against one past moment; text first, then a picture."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.contract import Contract, Field
from domain.course import EVERY, parts_of
from domain.event import Json, stamp
from domain.position import Position
from skills.causes import causes
from skills.course_data import NEEDS, Measure, Only, Reader
from skills.course_picture import course_picture
from skills.past import up_to
from skills.ports import History, View
from skills.scope import PARTIES, asked, ids, not_found, withheld
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import Span, span_of

DEFAULT = ("value", "qty")
USUAL = timedelta(days=7)
LONGEST = timedelta(days=400)
MOST_METRICS = 3


_ASKED = re.compile(
    r"(?:近|最近)?(?:一周|7天|七天)?(?:的)?(?P<metric>货值|货量|质押率)?的?(?:走势|趋势)(?:图)?(?:发我)?"
)
_METRICS = {"货值": "value", "货量": "qty", "质押率": "ltv"}


def reads(text: str) -> Mapping[str, str] | None:
    """近一周货值走势发我: a measure of the whole over the usual span, and nothing else; None for every other text."""
    found = _ASKED.fullmatch(text.strip(" 。,!?！？"))
    if found is None:
        return None
    return {"metric": _METRICS[found["metric"]]} if found["metric"] else {}


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """One contract's measures from start to end. NO_DATA where nothing was recorded then; CLARIFY names what is missing."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    if len(contracts) > 1:
        return _clarify("contract", contracts=[c.id for c in contracts])
    contract, only = (
        contracts[0],
        Only(tanks=ids(arguments, "tank"), goods=ids(arguments, "good"), sites=ids(arguments, "site")),
    )
    metrics = _metrics(arguments, only)
    if "level" in metrics and not only.tanks:
        return _clarify("tank")
    may = view.may(contract.id)
    seen = tuple(m for m in metrics if needed(m, only) <= may)
    if not seen:
        return Answer(
            status=Status.NOT_PERMITTED, kind="withheld", facts={"fields": _missing(view, contract, metrics, only)}
        )
    span = _span(view, arguments)
    if isinstance(span, Answer):
        return span
    history = view.history(contract.id)
    if history is None:
        return _clarify("never", status=Status.NO_DATA)
    return _answer(view, contract, history, only, seen, span, compare="compare" in arguments, metrics=metrics)


def needed(metric: str, only: Only) -> frozenset[Field]:
    """What a chat must be allowed to see: beside a public price the value of a part tells its tonnes too."""
    of = {NEEDS[metric]}
    return frozenset(of if only.whole or metric != "value" else of | {Field.QUANTITY})


def _metrics(arguments: Mapping[str, str], only: Only) -> tuple[str, ...]:
    named = tuple(m for m in dict.fromkeys(ids(arguments, "metric")) if m in NEEDS)[:MOST_METRICS]
    return named or (("level", "qty") if only.tanks else DEFAULT)


def _missing(view: View, contract: Contract, metrics: tuple[str, ...], only: Only) -> list[str]:
    wanted = frozenset().union(*(needed(m, only) for m in metrics))
    return withheld(view, (contract,), tuple(f for f in Field if f in wanted))


def _span(view: View, arguments: Mapping[str, str]) -> Span | Answer:
    """From the start asked for, or the moment to compare with, to the end or now."""
    compare, time = arguments.get("compare"), arguments.get("time")
    if compare is not None:
        moment, until = span_of(compare), span_of(time) if time else None
        asked_for = Span(start=moment.end, end=until.end if until else view.now) if moment is not None else None
    else:
        asked_for = span_of(time) if time else Span(start=view.now - USUAL, end=view.now)
    if asked_for is None:
        return _clarify("time")
    end = up_to(asked_for.end, view.now)
    if asked_for.start == asked_for.end and compare is None:  # 从那时到现在: one moment is a beginning
        end = view.now
    if asked_for.start >= end:
        return _clarify("future")
    return Span(start=max(asked_for.start, end - LONGEST), end=end)


def _answer(
    view: View, contract: Contract, history: History, only: Only, seen: tuple[str, ...], span: Span, *, compare: bool,
    metrics: tuple[str, ...],
) -> Answer:  # fmt: skip
    reader = Reader(view=view, contract=contract, history=history, span=span, only=only, before=None)
    if (unknown := _unknown(view, contract, only)) is not None:
        return not_found(unknown)
    before = _before(view, contract, reader)
    if before is not None:
        reader = Reader(view=view, contract=contract, history=history, span=span, only=only, before=before)
    groups = [reader.measures(m) for m in seen]
    told = [m for group in groups for m in group if m.known]
    since = min((m.known[0][0] for m in told), default=None)
    if since is None or (compare and since > span.start + EVERY):
        begins = since or history.begins()
        return _clarify(
            "unseen" if _stood(view, contract, span.start) else "before",
            status=Status.NO_DATA,
            at=stamp(span.start),
            begins=stamp(begins) if begins else None,
            compare=compare,
        )
    may, position = view.may(contract.id), view.position(contract.id)
    now = span.end >= view.now
    complete = now and position is not None and position.complete()
    facts: Json = {
        "contract": contract.id,
        "start": stamp(span.start),
        "end": stamp(span.end),
        "compare": compare,
        "begins": stamp(since) if since > span.start + EVERY else None,
        "tanks": list(only.tanks),
        "goods": list(only.goods),
        "sites": list(only.sites),
        "covered": contract.lines.coverage is not None,
        "measures": [m.told() for m in told],
        "now": now,
        "complete": complete,
        "fresh_ratio": str(position.fresh_ratio) if now and position is not None and Field.VALUE in may else None,
        "withheld": _missing(view, contract, metrics, only),
    }
    facts["causes"] = _causes(view, contract, history, span, before) if "value" in seen and only.whole and now else None
    return Answer(
        status=Status.OK if complete or not now else Status.STALE,
        kind="trend",
        facts=facts,
        figures=tuple(f for m in told for f in _figures(contract, m)),
        picture=course_picture(contract, span, only, groups, reader.points(), may),
    )


def _before(view: View, contract: Contract, reader: Reader) -> Position | None:
    """The position at the start, recovered where that tells more than the points do: the value's causes, or any start.

    Of the first point where recording began later.
    """
    points = reader.points()
    covered = bool(points) and points[0].at <= reader.span.start
    if covered and Field.VALUE not in view.may(contract.id):
        return None
    then = view.then(reader.since())
    found = then.positions.get(contract.id) if then is not None else None
    return found if found is not None and found.known and any(i.counted for i in found.items) else None


def _stood(view: View, contract: Contract, at: datetime) -> bool:
    """There was a record of then, though nothing could be seen."""
    then = view.then(at)
    found = then.positions.get(contract.id) if then is not None else None
    return found is not None and bool(found.items)


def _unknown(view: View, contract: Contract, only: Only) -> str | None:
    """The kind of a name that this pledge does not hold now."""
    position = view.position(contract.id)
    parts = parts_of(position.items) if position is not None else ()
    held = (("tank", only.tanks, {p.tank_id for p in parts}), ("good", only.goods, {p.good for p in parts}))
    places = ("site", only.sites, {p.site_id for p in parts})
    return next((kind for kind, ids_, known in (*held, places) if not set(ids_) <= known), None)


def _causes(view: View, contract: Contract, history: History, span: Span, before: Position | None) -> Json | None:
    after = view.position(contract.id)
    if before is None or after is None:
        return None
    return causes(before, after, history.moved(before.at, span.end), view.may(contract.id))


def _figures(contract: Contract, measure: Measure) -> list[Figure]:
    told = measure.told()
    of = f"{contract.id}.{measure.metric}" + (f".{measure.of}" if measure.of else "")
    unit = {"cny": "CNY", "ratio": "1", "kg": "kg", "mm": "mm", "cny_t": "CNY/t"}[told["unit"]]
    ends = ("first", "last", "low", "high")
    return [Figure(name=f"{of}.{e}", value=told[e]["value"], unit=unit, as_of=told[e]["at"]) for e in ends]


def _clarify(about: str, *, status: Status = Status.CLARIFY, **more: object) -> Answer:
    return Answer(status=status, kind="trend_which", facts={"about": about, **more})


SKILL = Skill(
    name="q_trend",
    command="trend",
    purpose="货值、货量、质押率、液位、价格走势,或与过去某时点比",
    examples=("近一周货值走势发我", "货值走势", "货量走势发我", "质押率走势", "近7天走势"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(
            name="metric",
            kind="choice",
            about="看什么,默认货值和货量",
            choices=(
                ("value", ("货值", "价值")),
                ("qty", ("货量", "吨数", "库存")),
                ("ltv", ("质押率", "覆盖率")),
                ("level", ("液位",)),
                ("price", ("价格", "报价")),
            ),
        ),
        Parameter(name="time", kind="time", about="起止时间,默认近7天"),
        Parameter(name="compare", kind="time", about="与哪个时点比"),
        Parameter(name="contract", kind="contract", about="项目"),
        Parameter(name="tank", kind="tank", about="罐"),
        Parameter(name="good", kind="good", about="品种"),
        Parameter(name="site", kind="site", about="库区"),
    ),
    aliases=("走势", "趋势"),
    reads=reads,
)
