"""为什么解除: when an alarm's condition returned and why, with the figures of then; and who closed it, or who must still answer."""

from collections.abc import Mapping, Sequence

from domain.alarm import Alarm
from domain.contract import Contract, Field
from domain.event import Json, stamp
from skills.alarms import about
from skills.ports import View
from skills.scope import among_lenders, ids, not_found, withheld
from skills.skill import Answer, Status
from skills.which_alarm import LAST, LATELY, Meant, Which, newest, told_lately


def gone() -> tuple[str, ...]:
    """Words for the end of an alarm."""
    return ("解除", "消警", "恢复了", "为什么关", "为啥关", "怎么关", "关掉了", "关闭了")


def lifted(view: View, contracts: tuple[Contract, ...], arguments: Mapping[str, str]) -> Answer:
    """The named alarm; else of those told here the one that ended last, or the newest one where none has."""
    which = Which.of(arguments.get("alert", LAST))
    told = told_lately(view, contracts, numbered=bool(which.ids))
    if which.ids:
        found = newest(told, which)
        return _lifted(view, *found) if found is not None else not_found("alarm")
    found = _last(told, which, ids(arguments, "tank"))
    if found is None:
        return Answer(status=Status.NO_DATA, kind="alert_none", facts={"days": LATELY.days, "at": stamp(view.now)})
    return _lifted(view, *found)


def _last(told: Sequence[Meant], which: Which, tanks: tuple[str, ...]) -> Meant | None:
    fits = [m for m in told if newest([m], which, tanks=tanks) is not None]
    over = [m for m in fits if m[1].returned_at is not None or m[1].closed_at is not None]
    return max(over, key=_ended) if over else newest(fits, which, tanks=tanks)


def _ended(meant: Meant) -> tuple[object, str]:
    alarm = meant[1]
    return alarm.returned_at or alarm.closed_at, alarm.id


def _waiting(view: View, alarm: Alarm) -> list[str]:
    """Who must still answer: among lenders all of them, elsewhere those of this chat."""
    late = [p for p in alarm.waiting() if among_lenders(view) or (view.chat is not None and p.chat == view.chat.id)]
    return list(dict.fromkeys(p.person for p in late)) if alarm.open else []


def _lifted(view: View, contract: Contract, alarm: Alarm) -> Answer:
    ended = alarm.returned_at or alarm.closed_at
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
        "why": alarm.closed_why,
        "waiting": _waiting(view, alarm),
        "withheld": withheld(view, (contract,), (Field.VALUE,)) if alarm.returned else [],
    }
    return Answer(status=Status.OK, kind="alert_lifted", facts=facts)
