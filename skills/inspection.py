"""监管员到哪了、结果出来没: what is on record of checks on site today. No task, no position, no result is made up."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from domain.alarm import Alarm, Party
from domain.case.case import Case
from domain.contract import Contract
from domain.event import Json, parse_stamp, stamp
from domain.people import Role
from skills.alarms import about
from skills.past import reaches_now
from skills.ports import View
from skills.scope import PARTIES, among_lenders, asked, ids
from skills.skill import Answer, Parameter, Skill, Status
from skills.span import span_of
from skills.which_person import persons

ON_SITE = frozenset({"dip_tank", "verify_on_site", "recount", "supervise", "explain_movement", "restore_gauge"})
"""Duties that somebody has to go to the tanks for."""
CASES_BACK = timedelta(days=7)
MOST = 4
WANTS = (
    ("eta", ("到哪了", "几点到", "来没来")),
    ("result", ("结果", "查得怎么样", "结论")),
    ("tasks", ("有哪些任务", "几个单")),
    ("status", ("去看了没", "办完没", "接单没")),
)


def run(view: View, arguments: Mapping[str, str]) -> Answer:
    """What people answered to alarms that ask for somebody on site, and papers that depots verified.

    NO_DATA unless it was asked whether somebody goes and there is an answer: tasks, places and results are not kept.
    """
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    people = persons(view, ids(arguments, "person"))
    if isinstance(people, Answer):
        return people
    want, span = arguments.get("want", ""), span_of(arguments.get("time", ""))
    rows = [_row(view, c, a, p) for c in contracts for a in view.alarms(c.id) for p in _on_site(view, a, people)]
    if span is not None and not reaches_now(span.end, view.now):  # of a past time only what was answered then
        rows = [r for r in rows if r["at"] is not None and span.start <= parse_stamp(r["at"]) <= span.end]
    rows.sort(key=lambda r: (r["answer"] is None, r["due"] or ""))
    verified = [_case(c) for k in contracts for c in view.cases(k.id) if _verified(view, c)] if not people else []
    facts: Json = {
        "want": want,
        "rows": rows[:MOST],
        "more": max(0, len(rows) - MOST),
        "verified": verified[:2],
        "people": list(people),
        "contracts": [c.id for c in contracts],
        "at": stamp(view.now),
    }
    answered = want in ("", "status") and any(r["answer"] is not None for r in rows)
    return Answer(status=Status.OK if answered else Status.NO_DATA, kind="inspection", facts=facts)


def _on_site(view: View, alarm: Alarm, people: Sequence[str]) -> list[Party]:
    """Those whom this chat was told of, and who must go or send somebody; inspectors and supervisors whatever their act."""
    heard = view.heard_in()
    going = {m.id for m in view.people() if m.role in (Role.INSPECTOR, Role.SUPERVISOR)}
    mine = [p for p in alarm.parties if among_lenders(view) or p.chat in heard]
    mine = [p for p in mine if p.act in ON_SITE or p.person in going]
    return [p for p in mine if not people or p.person in people or p.answered_by in people]


def _row(view: View, contract: Contract, alarm: Alarm, party: Party) -> Json:
    return {
        "id": alarm.id,
        "contract": contract.id,
        "kind": alarm.kind.value,
        "about": about(alarm, view.may(contract.id)),
        "person": party.person,
        "act": party.act,
        "due": stamp(party.ack_due) if party.ack_due is not None else None,
        "answer": party.answer.value if party.answer is not None else None,
        "at": stamp(party.answered_at) if party.answered_at is not None else None,
        "by": party.answered_by if party.answered_by != party.person else None,
    }


def _verified(view: View, case: Case) -> bool:
    """A depot has held the paper against the notice, in a case that is open or ended lately."""
    return case.verified_by is not None and (case.ended_at is None or view.now - case.ended_at <= CASES_BACK)


def _case(case: Case) -> Json:
    return {"id": case.id, "contract": case.contract_id, "by": case.verified_by}


SKILL = Skill(
    name="q_inspection",
    command="inspection",
    purpose="现场核查:谁答应去、回复了什么",
    examples=("监管员到哪了", "昨天去看的结果出来没", "现场核查安排了没有"),
    roles=PARTIES | {Role.INSPECTOR},
    run=run,
    parameters=(
        Parameter(name="want", kind="choice", about="想知道什么", choices=WANTS),
        Parameter(name="person", kind="person", about="某人"),
        Parameter(name="time", kind="time", about="时间"),
        Parameter(name="contract", kind="contract", about="项目,默认本群全部"),
    ),
    aliases=("核查", "巡检"),
)
