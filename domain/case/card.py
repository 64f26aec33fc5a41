"""Everything that may be read of a case where only some figures are disclosed: the one body of cards and answers."""

from collections.abc import Mapping
from datetime import datetime

from domain.case.acts import due
from domain.case.case import ENDS, Case, CaseLine
from domain.contract import Contract, Field
from domain.event import Json, stamp

KG, MONEY, DISTANCE = frozenset({Field.QUANTITY}), frozenset({Field.CASH}), frozenset({Field.VALUE, Field.LINE})
WORTH = frozenset({Field.VALUE, Field.QUANTITY})
CHECK_NEEDS: Mapping[str, frozenset[Field]] = {
    "at": frozenset(),
    "ok": frozenset(),
    "problems": frozenset(),
    "complete": frozenset(),
    "value_cny": frozenset({Field.VALUE}),
    "after_cny": frozenset({Field.VALUE}),
    "floor_cny": frozenset({Field.LINE}),
    "floor_after_cny": frozenset({Field.LINE}),
    "headroom_cny": DISTANCE,
    "reserved_kg": KG,
    "out_cny": WORTH,
    "in_cny": WORTH,
    "ratio": WORTH,
    "ratio_needed": frozenset(),
    "to_pay_cny": MONEY,
    "target_cny": DISTANCE,
    "missing_now_cny": DISTANCE,
    "missing_after_cny": DISTANCE,
}
"""Fields that all readers of a chat must be granted to see a figure of the check (``domain.case.check``)."""


PROBLEM_NEEDS: Mapping[str, frozenset[Field]] = {
    "below_floor": DISTANCE,
    "over_caps": DISTANCE,
    "not_held": KG,
    "ratio": WORTH,
}
"""The same for what stands against a request; the other problems are open."""
SECRET = frozenset({"held"})
"""Problems that only the lender may know of."""
PROGRESS_NEEDS: Mapping[str, frozenset[Field]] = {"came_cny": WORTH, "missing_cny": DISTANCE}
"""The same for 已补 and 尚缺 (``domain.case.watch``)."""


def check_seen(check: Json, seen: frozenset[Field]) -> Json:
    """The figures of a check that may be read where ``seen`` is granted, and what of its problems.

    Where some kind of problem would be withheld, the verdict is always left to the lender (problem 'lender'), so that
    its absence tells nothing. What only the lender may know of is no problem anywhere else.
    """
    shown = {k: v for k, v in check.items() if k in CHECK_NEEDS and CHECK_NEEDS[k] <= seen}
    if seen == frozenset(Field):
        return shown
    problems = [p for p in check["problems"] if p not in SECRET and PROBLEM_NEEDS.get(p, frozenset()) <= seen]
    if not all(needs <= seen for needs in PROBLEM_NEEDS.values()):
        problems.append("lender")
    return {**shown, "problems": problems, "ok": not problems}


def card_body(
    case: Case, contract: Contract, seen: frozenset[Field], only: str | None, *, strangers: bool = False
) -> Json:
    """Everything about a case that may be read where ``seen`` is granted; what is withheld is not there at all.

    only: name those whom it waits for in this chat, and no others; None: all of them. strangers: somebody unknown reads
    along, so that every mass is None.
    """
    waits = [a for a in case.waits if only in (None, a.chat)]
    body: Json = {
        "case": case.id,
        "contract": contract.id,
        "kind": case.kind.value,
        "stage": case.stage.value,
        "by": case.by,
        "chat": case.chat,
        "filed_at": stamp(case.filed_at),
        "out": [_line(x) for x in case.out],
        "into": [_line(x) for x in case.into],
        "check": check_seen(case.check, seen),
        "due": [s.value for s in due(case, contract)],
        "waits": [{"person": a.person, "step": a.step.value, "due": _moment(a.due)} for a in waits],
        "accepted_by": case.accepted_by,
        "verified_by": case.verified_by,
        "declined": case.declined,
        "notice": _notice(case),
        "lifted_kg": case.lifted_kg(),
        "out_kg": case.out_kg,
        "brought_kg": case.brought_kg(),
        "in_kg": case.in_kg,
        "progress": {k: v for k, v in case.progress.items() if PROGRESS_NEEDS[k] <= seen},
        "ended_at": _moment(case.ended_at),
        "ended_by": case.ended_by,
        "why": case.why,
        "over": case.stage in ENDS,
    }
    if strangers:
        masses = dict.fromkeys(("lifted_kg", "out_kg", "brought_kg", "in_kg"))
        body |= masses | {way: [{**line, "kg": None} for line in body[way]] for way in ("out", "into")}
    return body | (_money(case) if seen >= MONEY else {})


def _money(case: Case) -> Json:
    return {
        "cash_cny": str(case.cash_cny),
        "to_pay_cny": str(case.to_pay_cny),
        "paid_cny": str(case.paid_cny),
        "unpaid_cny": str(case.unpaid_cny),
    }


def _line(line: CaseLine) -> Json:
    """The request itself is told to whoever takes part: it was written in a chat."""
    return {"tank": line.tank_id, "good": line.good, "kg": line.kg, "receipt": line.receipt}


def _notice(case: Case) -> Json | None:
    notice = case.notice
    if notice is None:
        return None
    return {
        "no": notice.no,
        "valid_from": stamp(notice.valid_from),
        "valid_until": stamp(notice.valid_until),
        "signed_by": notice.signed_by,
        "sealed_by": notice.sealed_by,
        "sealed_at": _moment(notice.sealed_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return stamp(moment) if moment is not None else None
