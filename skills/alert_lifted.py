"""为什么解除: when an alarm's condition returned and why, with the figures of then; and who closed it, or who must still answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.alarm import Alarm
from domain.contract import Contract, Field
from domain.event import Json, stamp
from skills.alarms import about
from skills.ports import View
from skills.scope import among_lenders, withheld
from skills.skill import Answer, Status
from skills.which_alarm import Meant, Which, newest, none_such, one_of, told_to, within


def gone() -> tuple[str, ...]:
    """Words for the end of an alarm."""
    return ("解除", "消警", "恢复了", "为什么关", "为啥关", "怎么关", "关掉了", "关闭了")


def lifted(view: View, contracts: tuple[Contract, ...], arguments: Mapping[str, str]) -> Answer:
    """The named alarm; else of those told here the one that ended last, or the newest one where none has."""
    which = Which.asked(arguments)
    told = told_to(view, contracts, which)
    over = [m for m in told if _end(m[1]) is not None]
    if which.only_points and len(over) > 1:
        return one_of(view, over)
    found = newest(told, which) if which.ids else _last(told, which)
    return _lifted(view, *found) if found is not None else none_such(view, contracts, which)


def _last(told: Sequence[Meant], which: Which) -> Meant | None:
    """昨天那条 was raised yesterday; where none was, it is one that ended then."""
    anytime = replace(which, span=None)
    fits = [m for m in told if which.fits(m[1])] or [m for m in told if anytime.fits(m[1]) and _ended_in(m, which)]
    over = [m for m in fits if _end(m[1]) is not None]
    return max(over, key=_ended) if over else newest(fits, anytime)


def _ended_in(meant: Meant, which: Which) -> bool:
    end = _end(meant[1])
    return end is not None and within(end, which.span)


def _end(alarm: Alarm) -> datetime | None:
    return alarm.returned_at or alarm.closed_at


def _ended(meant: Meant) -> tuple[object, str]:
    return _end(meant[1]), meant[1].id


def _waiting(view: View, alarm: Alarm) -> list[str]:
    """Who must still answer: among lenders all of them, elsewhere those whom a chat heard here names."""
    heard = view.heard_in()
    late = [p for p in alarm.waiting() if among_lenders(view) or p.chat in heard]
    return list(dict.fromkeys(p.person for p in late)) if alarm.open else []


def _closed_why(alarm: Alarm) -> str | None:
    """Where nobody had to answer, nobody is said to have answered."""
    owed = any(p.ack_due is not None for p in alarm.parties)
    return alarm.closed_why if owed or alarm.closed_why != "returned_and_acknowledged" else "returned"


def _lifted(view: View, contract: Contract, alarm: Alarm) -> Answer:
    ended = _end(alarm)
    facts: Json = {
        "id": alarm.id,
        "contract": contract.id,
        "kind": alarm.kind.value,
        "severity": int(alarm.severity),
        "about": about(alarm, view.may(contract.id)),
        "raised_at": stamp(alarm.raised_at),
        "returned_at": stamp(alarm.returned_at) if alarm.returned_at is not None else None,
        "closed_at": stamp(alarm.closed_at) if alarm.closed_at is not None else None,
        "lasted_s": round(((ended or view.now) - alarm.raised_at).total_seconds()),
        "cause": (alarm.returned or {}).get("cause"),
        "figures": view.lifted_facts(alarm),
        "by": alarm.closed_by,
        "why": _closed_why(alarm),
        "waiting": _waiting(view, alarm),
        "withheld": withheld(view, (contract,), (Field.VALUE,)) if alarm.returned else [],
    }
    return Answer(status=Status.OK, kind="alert_lifted", facts=facts)
