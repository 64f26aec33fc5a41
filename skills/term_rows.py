"""The contract's terms about lines, deadlines and people, as facts: each as the contract has it and as it falls now."""

from collections.abc import Callable

from domain.contract import LINE_SEVERITY, Contract, Field, Line
from domain.event import Json, stamp
from domain.notice import BANK_ONLY
from domain.position import control_notice
from skills.past import CHINA
from skills.ports import View
from skills.scope import among_lenders

Row = Callable[[View, Contract], Json | None]


def line_row(line: Line) -> Row:
    """The row of this line: its ratio, its value in CNY, the notice in force; None where both are withheld."""

    def row(view: View, contract: Contract) -> Json | None:
        may, position, terms = view.may(contract.id), view.position(contract.id), contract.lines
        if not may & {Field.LINE, Field.LTV}:
            return None
        facts: Json = {"line": line.value}
        if Field.LTV in may:
            coverage = terms.coverage_of(line)
            facts |= {"coverage": str(coverage)} if coverage is not None else {"ltv": str(terms.ltv_of(line))}
        if Field.LINE in may and position is not None:
            facts |= {"cny": str(position.line_values[line]), "as_of": stamp(position.exposure_as_of)}
            facts["stale"] = position.exposure_stale
        notice = control_notice(contract, view.now) if line is Line.CONTROL and Field.LINE in may else None
        if notice is not None:
            facts["notice"] = {"no": notice.no, "cny": str(notice.amount), "from": stamp(notice.effective_from)}
        return facts

    return row


def cure(view: View, contract: Contract) -> Json:
    """By line: how many working days, and when they would end if it were called now; and what is called already."""
    if not contract.cure or contract.calendar is None:
        return {"recorded": False}
    rows = []
    for line in Line:
        term = contract.cure.get(LINE_SEVERITY[line])
        if term is None:
            continue
        end = contract.calendar.deadline(view.now, working_days=term.working_days, at=term.at)
        rows.append(
            {
                "line": line.value,
                "days": term.working_days,
                "at": f"{term.at:%H:%M}",
                "if_now": stamp(end.at),
                "covered": end.covered,
                "clause": contract.clauses.get(line.value),
            }
        )
    return {"lines": rows, "called": _called(view, contract)}


def _called(view: View, contract: Contract) -> str | None:
    """The deadline that runs, where this chat was told of it."""
    heard = view.heard_in()
    for alarm in view.alarms(contract.id):
        by = (alarm.facts.get("cure") or {}).get("by")
        if by and (among_lenders(view) or any(p.act == "top_up" and p.chat in heard for p in alarm.parties)):
            return str(by)
    return None


def swap(view: View, contract: Contract) -> Json:
    """What comes against what leaves."""
    del view
    terms = contract.release.swap if contract.release is not None else None
    return {"ratio": str(terms.value_ratio)} if terms is not None else {"recorded": False}


def release(view: View, contract: Contract) -> Json:
    """For how many seconds a notice is good that says nothing of it."""
    del view
    return {"s": contract.release.validity_s} if contract.release is not None else {"recorded": False}


def ack(view: View, contract: Contract) -> Json:
    """Minutes within which an alert must be answered, by kind; of duties that this chat is told of."""
    lenders, heard = among_lenders(view), view.heard_in()
    found: dict[str, set[float]] = {}
    for rule in contract.duties:
        if rule.kind in BANK_ONLY and not lenders:
            continue
        mine = {d.ack_s for d in rule.duties if d.ack_s is not None and (lenders or d.chat in heard)}
        if mine:
            found.setdefault(rule.kind.value, set()).update(mine)
    rows = [{"kind": kind, "s": sorted(times)} for kind, times in found.items()]
    return {"rows": rows} if rows else {"recorded": False}


def top_up(view: View, contract: Contract) -> Json:
    """Up to which line, and the smallest call in CNY."""
    del view
    target = contract.lines.restore_target
    return {
        "target": target.value if target is not None else "initial",
        "minimum_cny": str(contract.lines.minimum_call),
    }


def cure_methods(view: View, contract: Contract) -> Json:
    """In which ways a shortfall may be made good."""
    del view
    return {"methods": [m.value for m in contract.cure_methods]} if contract.cure_methods else {"recorded": False}


def storage_fee(view: View, contract: Contract) -> Json:
    """Who pays for storage, and until when it is paid."""
    fee = contract.storage_fee
    if fee is None:
        return {"recorded": False}
    until = fee.paid_until
    return {
        "bearer": fee.bearer.value,
        "paid_until": until.isoformat() if until is not None else None,
        "over": until is not None and until < view.now.astimezone(CHINA).date(),
    }
