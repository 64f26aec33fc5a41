"""What the templates of an alarm's notices are given: figures already withheld, duties grouped, times as datetimes.

Decides nothing about who is told: that is ``domain.notice``. Makes no sentence: that is ``bot/messages``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.wording.disclosure import seen_only
from domain.alarm import Alarm, Party
from domain.contract import AlertKind, Contract, Field, Line
from domain.event import Json, parse_stamp
from domain.notice import Notice
from domain.people import Audience, Roster
from skills.alarms import about

TELLINGS = frozenset({"raised", "renewed", "changed"})
"""Steps that tell the figures; the others only refer to them."""


def telling(notice: Notice, alarm: Alarm, contract: Contract, roster: Roster, now: datetime) -> Json:
    """The context of one notice. ``f`` holds only the facts that everybody in the chat may read."""
    bank = _among_lenders(notice, roster)
    here = [p for p in alarm.parties if bank or p.chat == notice.chat]
    context: Json = {
        "step": notice.template,
        "id": alarm.id,
        "kind": alarm.kind.value,
        "severity": int(alarm.severity),
        "revision": notice.revision,
        "rule": _rule(alarm.rule),
        "contract": contract.id,
        "clause": _clause(alarm, contract),
        "bank": bank,
        "about": about(alarm, notice.seen),
        "data_at": alarm.data_at,
        "raised_at": alarm.raised_at,
        "now": now,
        "answered": [_answer(p) for p in here if p.answer is not None],
        "waiting": list(dict.fromkeys(p.person for p in here if p.waits)),
    }
    step = _step(notice, alarm, roster, here)
    if "f" in step and contract.lines.coverage is not None:
        step["f"] = _covered(step["f"])
    return context | step


def _among_lenders(notice: Notice, roster: Roster) -> bool:
    """A chat of the lender where nobody unknown may read along."""
    chat = roster.chats[notice.chat]
    return chat.audience is Audience.BANK and chat.verified


def readable(alarm: Alarm, contract: Contract, seen: frozenset[Field]) -> Json:
    """The figures that an alarm was last told by, but for those outside ``seen``, as its templates take them."""
    figures = seen_only(alarm.facts, alarm.kind, seen)
    if alarm.kind is AlertKind.PRICE_OUTLIER:
        step = _step_ratio(alarm.facts)
        figures = figures | {"step_ratio": str(step) if step is not None else None}
    return _covered(figures) if contract.lines.coverage is not None else figures


def _covered(figures: Json) -> Json:
    """With every LTV as coverage too, as the contract writes it; None: nothing is owed. What has its own stays so."""
    if "lines_ltv" in figures:
        return figures
    own = {"ltv": "coverage", "ltv_if": "coverage_if", "ltv_after": "coverage_after"}
    return {own[k]: _inverse(v) for k, v in figures.items() if k in own} | figures


def _inverse(ltv: str | None) -> str | None:
    """Coverage of an LTV: 0 where there is no value, None where nothing is owed."""
    if ltv is None:
        return "0"
    return str(1 / Decimal(ltv)) if Decimal(ltv) else None


def _step(notice: Notice, alarm: Alarm, roster: Roster, here: Sequence[Party]) -> Json:
    """What only this step says."""
    bank = _among_lenders(notice, roster)
    match notice.template:
        case "reminded":
            return _reminded(notice, here) | {"cure": _cure(alarm.facts, _acts(notice, here), bank=bank)}
        case "lapsed":
            return _lapsed(notice, alarm, here)
        case "returned":
            return _returned(notice, alarm)
        case "closed":
            by = notice.body["by"]
            return {"by": None if by == "system" else by, "reason": notice.body["reason"], "closed_at": alarm.closed_at}
        case "shelved":
            why = notice.body["why"] if bank else ""
            return {"by": notice.body["by"], "until": parse_stamp(notice.body["until"]), "why": why}
        case "acknowledged" | "unshelved":
            return {}
        case _:
            return _told(notice, alarm, roster)


def _told(notice: Notice, alarm: Alarm, roster: Roster) -> Json:
    mine = [p for p in alarm.parties if p.chat == notice.chat]
    bank = _among_lenders(notice, roster)
    members = roster.chats[notice.chat].members
    others = [p.person for p in alarm.parties if p.chat != notice.chat] if bank else []
    facts = notice.body.get("facts", alarm.facts)
    up = [q for p in mine if p.ack_due is not None for q in p.escalate_to if bank or q in members]
    return {
        "f": seen_only(facts, alarm.kind, notice.seen),
        "cure": _cure(facts, [p.act for p in mine], bank=bank),
        "was": notice.body.get("was"),
        "duties": _duties(mine),
        "others": list(dict.fromkeys(others)),
        "reply_by": min((p.ack_due for p in mine if p.ack_due is not None), default=None),
        "escalate_to": list(dict.fromkeys(up)),
        "escalates": any(p.escalate_to for p in mine if p.ack_due is not None),
        **({"step_ratio": _step_ratio(facts)} if alarm.kind is AlertKind.PRICE_OUTLIER else {}),
    }


def _duties(parties: Sequence[Party]) -> list[Json]:
    """Those who must do the same by the same time share a line; whoever must act comes before who is informed."""
    groups: dict[tuple[str, datetime | None], list[str]] = {}
    for p in parties:
        groups.setdefault((p.act, p.ack_due), []).append(p.person)
    rows = [{"act": act, "due": due, "people": people} for (act, due), people in groups.items()]
    return sorted(rows, key=lambda r: r["due"] is None)


def _cure(facts: Json, acts: Sequence[str], *, bank: bool) -> Json | None:
    """By when the value must be made good: for the lender and for whoever must top up; None without a deadline."""
    cure = facts.get("cure")
    if cure is None or cure["by"] is None or not (bank or "top_up" in acts):
        return None
    return {"by": parse_stamp(cure["by"]), "covered": cure["covered"]}


def _acts(notice: Notice, here: Sequence[Party]) -> list[str]:
    """What those who are late must do."""
    return [p.act for p in here if p.person in notice.body["persons"]]


def _reminded(notice: Notice, here: Sequence[Party]) -> Json:
    late = [p for p in here if p.person in notice.body["persons"]]
    up = [q for q in notice.body["escalated_to"] if q in notice.mentions]
    return {
        "n": notice.body["n"],
        "late": [{"person": p.person, "due": p.ack_due, "act": p.act} for p in late if p.waits],
        "up": up,
    }


def _lapsed(notice: Notice, alarm: Alarm, here: Sequence[Party]) -> Json:
    """Who had to make it good by when, and who is asked to decide now."""
    mine = [p for p in here if p.chat == notice.chat]
    return {
        "by": parse_stamp(notice.body["by"]),
        "owing": [
            {"person": p.person, "answer": p.answer.value if p.answer is not None else None}
            for p in here
            if p.act == "top_up"
        ],
        "f": seen_only(alarm.facts, alarm.kind, notice.seen),
        "mine": [{"person": p.person, "act": p.act} for p in mine],
        "up": [q for q in notice.body["escalated_to"] if q in notice.mentions and q not in {p.person for p in mine}],
    }


def _returned(notice: Notice, alarm: Alarm) -> Json:
    """The figures of now against the line that stands, and how long it took."""
    facts = notice.body.get("facts") or {}
    lasted = (alarm.returned_at - alarm.raised_at).total_seconds() if alarm.returned_at is not None else None
    return {
        "cause": facts.get("cause"),
        "f": _recovered(facts, alarm, notice.seen),
        "returned_at": alarm.returned_at,
        "lasted_s": lasted,
    }


def lifted(alarm: Alarm, seen: frozenset[Field]) -> Json:
    """The figures with which an alarm's condition returned, but for those outside ``seen``; nothing where none are kept."""
    return _recovered(alarm.returned or {}, alarm, seen)


def _recovered(facts: Json, alarm: Alarm, seen: frozenset[Field]) -> Json:
    now = facts.get("now")
    figures = seen_only(now, alarm.kind, seen) if now else {}
    return figures | _above(figures)


def _above(figures: Mapping[str, Any]) -> Json:
    """The highest line that the value stands above, and by how much; nothing where either is withheld."""
    if "value_cny" not in figures or "lines_cny" not in figures:
        return {}
    value = Decimal(figures["value_cny"])
    lines = {x: Decimal(figures["lines_cny"][x.value]) for x in Line}
    line = next((x for x in Line if value >= lines[x]), None)
    if line is None:
        return {}
    over = value - lines[line]
    ratio = over / lines[line] if lines[line] else None
    told = {"line_cny": str(lines[line]), "over_cny": str(over), "ratio": str(ratio) if ratio is not None else None}
    return {"above": {"line": line.value, **told}}


def _step_ratio(facts: Json) -> Decimal | None:
    """How far the strange price lies above the one in use, as a share of the latter's size: prices fall below 0 too."""
    old = facts["from"]
    if old is None or Decimal(old) == 0:
        return None
    return (Decimal(facts["to"]) - Decimal(old)) / abs(Decimal(old))


def _answer(party: Party) -> Json:
    deputy = party.answered_by if party.answered_by != party.person else None
    answer = party.answer.value if party.answer is not None else None
    return {"person": party.person, "deputy": deputy, "answer": answer, "at": party.answered_at, "reason": party.reason}


def _clause(alarm: Alarm, contract: Contract) -> str | None:
    """The clause of the line that was crossed, or of the kind of alert."""
    of_line = contract.clauses.get(alarm.facts["line"]) if "line" in alarm.facts else None
    return of_line or contract.clauses.get(alarm.kind.value)


def _rule(name: str) -> str:
    """value_line/1 as VALUE-LINE v1."""
    rule, _, version = name.partition("/")
    return rule.upper().replace("_", "-") + (f" v{version}" if version else "")


def title_of(alarm: Alarm, seen: frozenset[Field]) -> Json:
    """The context of an alarm's one-line title."""
    return {"kind": alarm.kind.value, "about": about(alarm, seen)}
