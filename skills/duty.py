"""这事该谁管、谁还没回: who is obliged by the open alarms told here, who has answered, who is late and who comes next."""

from collections.abc import Collection, Mapping, Sequence

from domain.alarm import Alarm, Party
from domain.contract import Contract
from domain.event import Json, stamp
from domain.people import Role
from skills.alarms import about
from skills.past import reaches_now
from skills.ports import View
from skills.scope import WITH_INSPECTORS, among_lenders, asked, ids, not_found, partial
from skills.skill import Answer, Figure, Parameter, Skill, Status
from skills.span import span_of
from skills.which_alarm import Meant, Which, newest, told_lately
from skills.which_person import persons

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
    want = arguments.get("want", "")
    if want == "on_duty":
        return _on_duty(view)
    depots = frozenset(view.sites[s].depot for s in ids(arguments, "site") if s in view.sites)
    people = persons(view, ids(arguments, "person"), firms=depots)
    if isinstance(people, Answer):
        return people
    span = span_of(arguments.get("time", ""))
    which = Which.of(arguments.get("alert", ""))
    found = _named(view, contracts, which)
    if which.ids and not found:
        return not_found("alarm")
    mine = {m.id for m in (*view.members(), *view.people()) if m.org in depots} if depots and not people else None
    rows = [(c, a, [p for p in _told(view, a) if _meant(p, people, mine)]) for c, a in found]
    obliged = any(p.ack_due is not None for _, _, parties in rows for p in parties)
    rows = [r for r in rows if r[2] and (want != "unacked" or any(p.waits for p in r[2]))]
    rows.sort(key=lambda r: (-r[1].severity, r[1].raised_at))
    late = len({p.person for _, _, parties in rows for p in parties if p.waits})
    facts: Json = {
        "want": want,
        "found": len(found),
        "open": sum(len(view.alarms(c.id)) for c in contracts),
        "severity": int(which.severity) if which.severity is not None else None,
        "waiting": late,
        "rows": [_row(view, c, a, parties) for c, a, parties in rows[:MOST]],
        "more": max(0, len(rows) - MOST),
        "contracts": [c.id for c in contracts],
        "people": list(people) or sorted(mine or ()),
        "obliged": obliged,
        "partial": partial(view),
        "closed": any(not a.open for _, a in found),
        "now_only": span is not None and not (span.start <= view.now and reaches_now(span.end, view.now)),
        "at": stamp(view.now),
    }
    count = Figure(name="people_waited_for", value=str(late), unit="1", as_of=stamp(view.now))
    return Answer(status=Status.OK, kind="duty", facts=facts, figures=() if partial(view) else (count,))


def _meant(party: Party, people: Sequence[str], of_site: Collection[str] | None) -> bool:
    """Those who are named; of a site alone everybody of its depot."""
    return party.person in people if people else of_site is None or party.person in of_site


def _named(view: View, contracts: Sequence[Contract], which: Which) -> list[Meant]:
    """All open alarms where none is named; else the numbered ones, or the newest that fits, closed ones too."""
    open_ = [(c, a) for c in contracts for a in view.alarms(c.id)]
    if which.ids:
        return which.among(told_lately(view, contracts, numbered=True))
    if not which.word:
        return open_
    found = newest(open_, which) or newest(told_lately(view, contracts, numbered=False), which)
    return [found] if found is not None else []


def _told(view: View, alarm: Alarm) -> list[Party]:
    """The people whom the alarm names in this chat; among lenders all of them."""
    heard = view.heard_in()
    return [p for p in alarm.parties if among_lenders(view) or p.chat in heard]


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
        "next": _next(view, asked_of) if alarm.open else [],
        "open": alarm.open,
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
    known = {m.id for m in view.people()}
    up = [q for p in parties if p.waits for q in p.escalate_to]
    return list(dict.fromkeys(q for q in up if among_lenders(view) or q in known))


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
    roles=WITH_INSPECTORS,
    run=run,
    parameters=(
        Parameter(name="want", kind="choice", about="想知道什么", choices=WANTS),
        Parameter(name="alert", kind="alarm", about="预警号,或 last 最近一条、last/orange 最近一条橙色"),
        Parameter(name="person", kind="person", about="某人"),
        Parameter(name="site", kind="site", about="库区:库方的人"),
        Parameter(name="time", kind="time", about="时间;只答现在"),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("责任", "值班"),
)
