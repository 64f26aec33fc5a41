"""Cure periods: by when the value must be made good, counted from the moment at which each line was called.

The result is a fact of the alarm's event, so that a reminder, an edit and a replay say the same deadline as the alert,
whatever calendar the program knows by then.
"""

from datetime import datetime

from domain.calendar import Deadline
from domain.contract import LINE_SEVERITY, AlertKind, Contract, Line
from domain.event import Json, parse_stamp, stamp
from domain.finding import Finding


def with_cure(finding: Finding, contract: Contract, before: Json | None, now: datetime) -> Json:
    """The finding's facts, and for a value below a line the ``cure`` that the contract states, if it states one.

    before: the facts told last while the breach stood. A line that was called by then keeps its moment, so that an
    alarm that grows worse and eases again gives nobody more time.
    """
    if finding.kind is not AlertKind.VALUE_BELOW_LINE or contract.calendar is None or not contract.cure:
        return finding.facts
    earlier = (before or {}).get("cure", {}).get("called", {})
    called = {
        line.value: earlier.get(line.value, stamp(now)) for line in Line if LINE_SEVERITY[line] <= finding.severity
    }
    end = _end(contract, called, now) if finding.severity in contract.cure else None
    cure: Json = {"called": called, "by": None, "covered": True}
    if end is not None:
        cure |= {"by": stamp(end.at), "covered": end.covered}
    return {**finding.facts, "cure": cure}


def _end(contract: Contract, called: Json, now: datetime) -> Deadline | None:
    """The earliest end that lies ahead; if all have passed, the last one."""
    assert contract.calendar is not None
    ends = [
        contract.calendar.deadline(parse_stamp(called[line.value]), working_days=term.working_days, at=term.at)
        for line in Line
        if line.value in called and (term := contract.cure.get(LINE_SEVERITY[line])) is not None
    ]
    ahead = [end for end in ends if end.at > now]
    return min(ahead, key=lambda e: e.at) if ahead else max(ends, key=lambda e: e.at, default=None)
