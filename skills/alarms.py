"""未结预警: the open alarms told in this chat, since when, and who has not answered."""

from collections.abc import Mapping

from domain.alarm import Alarm, Condition
from domain.contract import AlertKind, Contract, Field, Severity
from domain.deed.deed import Promise, Work
from domain.event import Json, stamp
from skills.alarm_places import Place, tanks_of
from skills.ports import View
from skills.scope import WITH_INSPECTORS, among_lenders, asked, partial
from skills.skill import Answer, Figure, Parameter, Skill, Status

MOST = 8
"""So many alarms are told one by one; the rest is counted."""
SEVERITIES = (("red", ("红色", "红警")), ("orange", ("橙色", "橙警")), ("yellow", ("黄色", "黄警")))


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Open alarms, most severe first. None open is an answer (OK), not missing data."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    place = Place.of(view, contracts, arguments)
    if isinstance(place, Answer):
        return place
    severity = arguments.get("severity", "")
    told = [(c, a) for c in contracts for a in view.alarms(c.id)]
    there = [(c, a) for c, a in told if place.holds(view, c, a)]
    rows = [(c, a) for c, a in there if not severity or a.severity.name.lower() == severity]
    rows.sort(key=lambda r: (-r[1].severity, r[1].raised_at))
    facts: Json = {
        "total": len(rows),
        "severity": severity,
        "place": place.json() if place else None,
        "others": len(there) - len(rows),
        "elsewhere": len(told) - len(there),
        **{s.name.lower(): sum(a.severity is s for _, a in rows) for s in Severity},
        "rows": [_row(view, c, a) for c, a in rows[:MOST]],
        "more": max(0, len(rows) - MOST),
        "contracts": [c.id for c in contracts],
        "partial": partial(view),
        "at": stamp(view.now),
    }
    count = Figure(name="open_alarms", value=str(len(rows)), unit="1", as_of=stamp(view.now))
    return Answer(status=Status.OK, kind="alarms", facts=facts, figures=() if partial(view) else (count,))


def _row(view: View, contract: Contract, alarm: Alarm) -> Json:
    heard = view.heard_in()
    late = [p for p in alarm.waiting() if among_lenders(view) or p.chat in heard]
    return {
        "id": alarm.id,
        "contract": contract.id,
        "kind": alarm.kind.value,
        "severity": int(alarm.severity),
        "since": stamp(alarm.raised_at),
        "returned": alarm.condition is Condition.RETURNED,
        "waiting": list(dict.fromkeys(p.person for p in late)),
        "overdue": any(p.ack_due is not None and p.ack_due < view.now for p in late),
        "about": about(alarm, view.may(contract.id)),
        "shelf": _shelf(view, alarm),
        "promises": [promise_shown(view, p) for p in view.promises(contract.id) if p.alarm_id == alarm.id],
        "works": [_work(view, w) for w in view.works(contract.id) if tanks_of(alarm) & set(w.tanks)],
    }


def _shelf(view: View, alarm: Alarm) -> Json | None:
    """Until when its reminders pause and by whom; why, among lenders only."""
    shelf = alarm.shelf
    if shelf is None:
        return None
    return {"until": stamp(shelf.until), "by": shelf.by, "why": shelf.why if among_lenders(view) else ""}


def promise_shown(view: View, promise: Promise) -> Json:
    """A promise as people read it where it was made; no figure where somebody unknown may read along."""
    known = not partial(view)
    return {
        "id": promise.id,
        "by": promise.by,
        "good": promise.good,
        "qty_kg": promise.qty_kg if known else None,
        "amount_cny": str(promise.amount_cny) if promise.amount_cny is not None and known else None,
        "due": stamp(promise.due),
        "over": promise.due < view.now,
        "ended": promise.ended.value if promise.ended is not None else "",
    }


def _work(view: View, work: Work) -> Json:
    return work_shown(work) | ({"qty_kg": None} if partial(view) else {})


def work_shown(work: Work) -> Json:
    """Announced work as people read it."""
    return {
        "id": work.id,
        "kind": work.kind,
        "tanks": list(work.tanks),
        "starts": stamp(work.starts),
        "ends": stamp(work.ends),
        "qty_kg": work.qty_kg,
        "by": work.by,
    }


def about(alarm: Alarm, may: frozenset[Field]) -> Json:
    """What a title needs: where, which line, which goods, and the one figure that matters if it may be seen."""
    facts = alarm.facts
    match alarm.kind:
        case AlertKind.VALUE_BELOW_LINE | AlertKind.BLIND_BREACH:
            seen = {Field.VALUE, Field.LINE} <= may and alarm.kind is AlertKind.VALUE_BELOW_LINE
            return {"line": facts["line"], **({"gap_cny": facts["gap_cny"]} if seen else {})}
        case AlertKind.QTY_DROP:
            seen = Field.QUANTITY in may
            where = {"tank": facts["tank"], "site": facts["site"]}
            return {**where, "check": facts["check"], **({"lost_kg": facts["lost_kg"]} if seen else {})}
        case AlertKind.SENSOR_OFFLINE:
            tanks = [t["tank"] for t in facts["tanks"]]
            return {"site": facts["site"], "group": facts["group"], "tanks": tanks, "since": facts["since"]}
        case AlertKind.BOOK_GAP:
            where = {"tank": facts["tank"], "site": facts["site"]}
            return {**where, "short": facts["short"], **({"gap_kg": facts["gap_kg"]} if Field.QUANTITY in may else {})}
        case AlertKind.YIELD_GAP:
            where = {k: facts[k] for k in ("site", "input", "output", "short")}
            return {**where, **({"gap_kg": facts["gap_kg"]} if Field.QUANTITY in may else {})}
        case AlertKind.LIFT:
            where = {k: facts[k] for k in ("tank", "site", "check", "notice_no")}
            return {**where, **({"over_kg": facts["over_kg"]} if Field.QUANTITY in may else {})}
        case AlertKind.DUP_PLEDGE:
            return {"tank": facts["tank"], "site": facts["site"], "check": facts["check"]}
        case AlertKind.RECEIPT_EXPIRING:
            return {"receipts": [r["no"] for r in facts["receipts"]], "first": facts["receipts"][0]["expires_on"]}
        case AlertKind.PRICE_OUTLIER:
            return {"goods": [facts["good"]]}
        case AlertKind.PRICE_STALE | AlertKind.PRICE_CRASH:
            return {"goods": [g["good"] for g in facts["goods"]]}


SKILL = Skill(
    name="alarms",
    command="alarms",
    purpose="还有哪些预警没结",
    examples=(
        "现在有几条没处理完的预警",
        "还有哪些预警没结",
        "未结预警",
        "有没有新的报警",
        "预警列表",
        "报警都处理完了吗",
        "还有报警没关吗",
        "还有没结的预警吗",
        "现在有什么预警",
        "目前有几条红色预警",
        "有没有异常",
        "还有多少条预警",
        "恒运池有预警吗",
        "T-107有没有预警",
        "把没解除的告警列一下",
    ),
    roles=WITH_INSPECTORS,
    run=run,
    parameters=(
        Parameter(name="severity", kind="choice", about="只看哪一级", choices=SEVERITIES),
        Parameter(name="tank", kind="tank", about="只看哪个罐", narrows=True),
        Parameter(name="site", kind="site", about="只看哪个库", narrows=True),
        Parameter(name="good", kind="good", about="只看哪个品种", narrows=True),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("预警", "报警"),
    answers=("q_alerts",),
    suits=lambda _, slots: "alert" not in slots and (slots.get("status") == "open" or "time" not in slots),
)
