"""这事该谁管、谁还没回: who is obliged by the open alarms told here, who has answered, who is late and who comes next."""

from collections.abc import Mapping, Sequence

from domain.alarm import Alarm, Party
from domain.contract import Contract
from domain.event import Json, stamp
from domain.people import Role
from skills.alarms import about
from skills.ports import View
from skills.scope import PARTIES, among_lenders, asked, ids
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import span_of

MOST = 3
"""So many alarms are told one by one; the rest is counted."""
WANTS = (
    ("unacked", ("谁还没回", "谁没收到", "收到没")),
    ("responsible", ("该谁管", "谁负责", "谁处理")),
    ("escalate_next", ("下一个找谁", "下一步升级给谁")),
    ("on_duty", ("谁值班", "今晚谁值班", "当班")),
)


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """Open alarms, most severe first, each with its people. NO_DATA for who is on shift: no roster is kept."""
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    want, people = arguments.get("want", ""), named(view, arguments)
    if want == "on_duty":
        return _on_duty(view)
    span = span_of(arguments.get("time", ""))
    found = [(c, a) for c in contracts for a in _named(view.alarms(c.id), arguments.get("alert", ""))]
    rows = [(c, a, [p for p in _told(view, a) if not people or p.person in people]) for c, a in found]
    rows = [r for r in rows if r[2] and (want != "unacked" or any(p.waits for p in r[2]))]
    rows.sort(key=lambda r: (-r[1].severity, r[1].raised_at))
    late = len({p.person for _, _, parties in rows for p in parties if p.waits})
    facts: Json = {
        "want": want,
        "open": len(found),
        "waiting": late,
        "rows": [_row(view, c, a, parties) for c, a, parties in rows[:MOST]],
        "more": max(0, len(rows) - MOST),
        "contracts": [c.id for c in contracts],
        "people": list(people),
        "now_only": span is not None and not span.start <= view.now <= span.end,
        "at": stamp(view.now),
    }
    count = Figure(name="people_waited_for", value=str(late), unit="1", as_of=stamp(view.now))
    return Answer(status=Status.OK, kind="duty", facts=facts, figures=(count,))


def named(view: View, arguments: Mapping[str, str]) -> tuple[str, ...]:
    """The people asked about: ids, or names of people of this chat; a name that nobody here has stays as it was said."""
    said, members = ids(arguments, "person"), view.members()
    return tuple(next((m.id for m in members if w in (m.id, m.name) or w in m.name), w) for w in said)


def _named(alarms: Sequence[Alarm], wanted: str) -> Sequence[Alarm]:
    """The alarms of these ids; ``last`` is the one raised last; all where none is named."""
    if wanted == "last":
        return sorted(alarms, key=lambda a: a.raised_at)[-1:]
    chosen = tuple(part for part in wanted.split(",") if part)
    return [a for a in alarms if not chosen or a.id in chosen]


def _told(view: View, alarm: Alarm) -> list[Party]:
    """The people whom the alarm names in this chat; among lenders all of them."""
    here = view.chat.id if view.chat is not None else None
    return [p for p in alarm.parties if among_lenders(view) or p.chat == here]


def _row(view: View, contract: Contract, alarm: Alarm, parties: Sequence[Party]) -> Json:
    asked_of = [p for p in parties if p.ack_due is not None]
    return {
        "id": alarm.id,
        "contract": contract.id,
        "kind": alarm.kind.value,
        "severity": int(alarm.severity),
        "since": stamp(alarm.raised_at),
        "about": about(alarm, view.may(contract.id)),
        "parties": [_party(view, p) for p in asked_of],
        "informed": list(dict.fromkeys(p.person for p in parties if p.ack_due is None)),
        "next": _next(view, asked_of),
        "reminded_at": stamp(alarm.reminded_at) if alarm.reminded_at is not None else None,
    }


def _party(view: View, party: Party) -> Json:
    assert party.ack_due is not None
    deputy = party.answered_by if party.answered_by != party.person else None
    return {
        "person": party.person,
        "act": party.act,
        "due": stamp(party.ack_due),
        "overdue": party.waits and party.ack_due < view.now,
        "answer": party.answer.value if party.answer is not None else None,
        "deputy": deputy,
        "at": stamp(party.answered_at) if party.answered_at is not None else None,
    }


def _next(view: View, parties: Sequence[Party]) -> list[str]:
    """Whom a reminder goes up to for those who have not answered; in a group only its own members are named."""
    members = {m.id for m in view.members()}
    up = [q for p in parties if p.waits for q in p.escalate_to]
    return list(dict.fromkeys(q for q in up if among_lenders(view) or q in members))


def _on_duty(view: View) -> Answer:
    """Nobody knows the shift: what is known is who of this chat has the role of a duty officer."""
    officers = [m.id for m in view.members() if m.role is Role.DUTY_OFFICER]
    facts: Json = {"officers": officers, "at": stamp(view.now)}
    return Answer(status=Status.NO_DATA, kind="on_duty", facts=facts)


SKILL = Skill(
    name="q_duty",
    command="duty",
    purpose="预警该谁管、谁还没回、下一个找谁",
    examples=("库方收到没 谁还没回", "这事该谁管", "没人回的话下一个找谁", "今晚谁值班"),
    roles=PARTIES,
    run=run,
    parameters=(
        Parameter(name="want", kind="choice", about="想知道什么", choices=WANTS),
        Parameter(name="alert", kind="alarm", about="预警号;last 为最近一条"),
        Parameter(name="person", kind="person", about="某人"),
        Parameter(name="time", kind="time", about="时间;只答现在"),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("责任", "值班"),
)
