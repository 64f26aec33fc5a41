"""What people do to a case, as events. Pure; the caller has checked who the person is and what their role may do.

Only two things are checked here of persons: a notice is registered by two different people, and a step is taken when
its turn has come. Nothing here releases cargo: a sealed notice is the lender's own paper, recorded.

Codes of the CaseErrors raised here: no_terms, no_swap, nothing_asked, not_now, no_amount, money_first, goods_first,
same_person, notice_over, no_number.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from domain.case.case import ENDS, IN_FORCE, Actor, Case, CaseKind, CaseLine, Stage
from domain.case.fold import actors_json, fold, lines_json
from domain.case.terms import ReleaseRule, ReleaseTerms, Step
from domain.contract import Contract
from domain.errors import CaseError
from domain.event import Event, Json, stamp
from domain.money import ZERO
from domain.tank import TankIndex

PREFIX = {CaseKind.RELEASE: "RC", CaseKind.SWAP: "SW", CaseKind.TOP_UP: "TU"}
"""What a case's number begins with; per lender and local day, as alarms' numbers."""
BEFORE_NOTICE = frozenset(Stage) - ENDS - IN_FORCE


def filed(
    contract: Contract,
    *,
    number: str,
    kind: CaseKind,
    out: Sequence[CaseLine],
    into: Sequence[CaseLine],
    cash_cny: Decimal | None,
    check: Json,
    by: str,
    chat: str,
    index: TankIndex,
    now: datetime,
) -> list[Event]:
    """The request as the borrower filed it, with what the bot found. Raises CaseError where it asks for nothing."""
    _check_asked(contract, kind, out, into, cash_cny)
    body: Json = {
        "case": number,
        "revision": 1,
        "contract": contract.id,
        "kind": kind.value,
        "chat": chat,
        "out": lines_json(out),
        "into": lines_json(into),
        "cash_cny": str(cash_cny) if cash_cny is not None else None,
        "check": check,
        "waits": [],
    }
    event = Event(tenant=contract.lender, kind="case.filed", v=1, occurred_at=now, actor=by, body=body)
    waits = waiting(fold(None, [event]), contract, index, now)
    event.body["waits"] = actors_json(waits)
    return [event]


def _check_asked(
    contract: Contract,
    kind: CaseKind,
    out: Sequence[CaseLine],
    into: Sequence[CaseLine],
    cash_cny: Decimal | None,
) -> None:
    terms = terms_of(contract)
    if any(line.kg <= 0 for line in (*out, *into)) or (cash_cny is not None and cash_cny < 0):
        raise CaseError("a request's goods and money are above 0", code="nothing_asked")
    match kind:
        case CaseKind.RELEASE:
            fits = bool(out) and not into
        case CaseKind.SWAP:
            fits = bool(out) and bool(into)
        case CaseKind.TOP_UP:
            fits = not out and (bool(into) or bool(cash_cny))
    if not fits:
        raise CaseError(f"a {kind} of {len(out)} lines out and {len(into)} in", code="nothing_asked")
    if kind is CaseKind.SWAP and terms.swap is None:
        raise CaseError(f"contract {contract.id!r} allows no swaps", code="no_swap")


def terms_of(contract: Contract) -> ReleaseTerms:
    """The contract's terms of release. Raises CaseError where it has none."""
    if contract.release is None:
        raise CaseError(f"contract {contract.id!r} has no terms of release", code="no_terms")
    return contract.release


def due(case: Case, contract: Contract) -> tuple[Step, ...]:
    """The steps that the case waits for now; none once it has ended, or where the contract has its terms no more."""
    if contract.release is None:
        return ()
    match case.stage:
        case Stage.REQUESTED if case.kind is CaseKind.RELEASE:
            return (Step.PAYMENT,) if _must_pay(case, contract) else (Step.SIGN,)
        case Stage.REQUESTED:
            missing = {Step.BRING: not has_come(case, contract), Step.PAYMENT: case.unpaid_cny > 0}
            return tuple(step for step, waits in missing.items() if waits)
        case Stage.PAID:
            return (Step.SIGN,)
        case Stage.BROUGHT if case.accepted_by is None:
            return (Step.ACCEPT,)
        case Stage.BROUGHT:
            return (Step.SIGN,) if case.kind is CaseKind.SWAP else ()
        case Stage.SIGNED:
            return (Step.COUNTERSIGN,)
        case Stage.SEALED:
            return (Step.VERIFY,)
        case Stage.VERIFIED | Stage.LIFTING:
            return (Step.LIFT,)
        case _:
            return ()


def _must_pay(case: Case, contract: Contract) -> bool:
    first = terms_of(contract).rule is ReleaseRule.PAYMENT_FIRST
    return case.unpaid_cny > 0 or (first and case.paid_cny == 0)


def has_come(case: Case, contract: Contract) -> bool:
    """Every tank that was promised goods has them by work orders, within the tolerance of a lift."""
    least = 1 - terms_of(contract).lift_ratio
    return all(case.brought_kg(tank) >= kg * least for tank, kg in case.kg_of(case.into).items())


def paid(
    case: Case,
    contract: Contract,
    index: TankIndex,
    *,
    amount: Decimal,
    check: Json,
    by: str,
    now: datetime,
) -> list[Event]:
    """The lender has the money. Raises CaseError for an amount that is not above zero, or out of turn."""
    _must(case, Stage.REQUESTED, Stage.PAID, Stage.BROUGHT)
    if amount <= ZERO:
        raise CaseError(f"{case.id}: paid {amount}, an amount above 0 is expected", code="no_amount")
    body: Json = {"amount_cny": str(amount), "stage": case.stage.value, "check": check}
    body["stage"] = _stage_when_paid(_after(case, "case.paid", now, by, body), contract).value
    return [_event(case, contract, index, "case.paid", now, by, body)]


def _stage_when_paid(after: Case, contract: Contract) -> Stage:
    if after.stage is not Stage.REQUESTED or due(after, contract) not in ((), (Step.SIGN,)):
        return after.stage
    return Stage.PAID if after.kind is CaseKind.RELEASE else Stage.BROUGHT


def accepted(case: Case, contract: Contract, index: TankIndex, *, check: Json, by: str, now: datetime) -> list[Event]:
    """The lender takes what came into the pledge; a top-up is executed by that. Raises CaseError before it has come."""
    if case.stage is Stage.REQUESTED and case.kind is not CaseKind.RELEASE:
        raise CaseError(f"{case.id}: what was promised has not come", code="goods_first")
    _must(case, Stage.BROUGHT)
    if not has_come(case, contract):  # an order may have been taken back since
        raise CaseError(f"{case.id}: what had come was taken back", code="goods_first")
    if case.accepted_by is not None:
        raise CaseError(f"{case.id} is accepted already")
    event = _event(case, contract, index, "case.accepted", now, by, {"check": check})
    if case.kind is CaseKind.SWAP:
        return [event]
    after = fold(case, [event])
    return [event, *ended(after, Stage.EXECUTED, why="accepted", by=by, now=now)]


def signed(
    case: Case,
    contract: Contract,
    index: TankIndex,
    *,
    no: str,
    valid_until: datetime | None,
    check: Json,
    by: str,
    now: datetime,
) -> list[Event]:
    """A first person of the lender registers the sealed notice. Raises CaseError before the money or the goods came.

    valid_until None: as long from now as the contract says. A slip of the pen is corrected by registering anew, as
    long as nobody has confirmed it: whoever does so is then the first person.
    """
    terms = terms_of(contract)
    if case.stage in ENDS or case.stage in IN_FORCE or case.kind is CaseKind.TOP_UP:
        raise CaseError(f"{case.id} is a {case.kind} and {case.stage}: it takes no notice now")
    if case.stage is not Stage.SIGNED and due(case, contract) != (Step.SIGN,):
        code = "money_first" if case.kind is CaseKind.RELEASE else "goods_first"
        raise CaseError(f"{case.id} waits for {', '.join(due(case, contract))} first", code=code)
    if not no.strip():
        raise CaseError(f"{case.id}: a notice has a number", code="no_number")
    until = valid_until or now + timedelta(seconds=terms.validity_s)
    if until <= now:
        raise CaseError(f"{case.id}: valid until {until.isoformat()}, a time after now is expected", code="notice_over")
    body: Json = {"no": no.strip(), "valid_from": stamp(now), "valid_until": stamp(until), "check": check}
    return [_event(case, contract, index, "case.signed", now, by, body)]


def sealed(case: Case, contract: Contract, index: TankIndex, *, by: str, now: datetime) -> list[Event]:
    """A second person of the lender confirms the notice: it is in force. Raises CaseError for the first one."""
    _must(case, Stage.SIGNED)
    assert case.notice is not None, f"{case.id}: signed without a notice"
    if by == case.notice.signed_by:
        raise CaseError(
            f"{case.id}: the person who registered the notice cannot confirm it as well", code="same_person"
        )
    if case.notice.valid_until <= now:
        raise CaseError(f"{case.id}: the notice is good until {stamp(case.notice.valid_until)}", code="notice_over")
    return [_event(case, contract, index, "case.sealed", now, by, {})]


def verified(case: Case, contract: Contract, index: TankIndex, *, by: str, now: datetime) -> list[Event]:
    """The depot has held the paper against the registered notice. A refusal by the depot before is taken back."""
    _must(case, *IN_FORCE)
    if case.verified_by is not None and case.declined is None:
        raise CaseError(f"{case.id} is verified already")
    return [_event(case, contract, index, "case.verified", now, by, {})]


def declined(case: Case, *, reason: str, by: str, now: datetime) -> list[Event]:
    """The depot will not let the goods go although the notice is in force: a finding, not an end."""
    _must(case, *IN_FORCE)
    return [_raw(case, "case.declined", now, by, {"reason": reason})]


def ended(case: Case, stage: Stage, *, why: str, by: str, now: datetime) -> list[Event]:
    """Refused, withdrawn, revoked, expired or executed. Raises CaseError where the case cannot end so from here.

    A notice in force is revoked, not refused; what is not in force yet is refused or withdrawn, not revoked. A notice
    that only one person registered expires as well.
    """
    in_force = case.stage in IN_FORCE
    allowed = {
        Stage.REFUSED: not in_force,
        Stage.WITHDRAWN: not in_force,
        Stage.REVOKED: in_force,
        Stage.EXPIRED: in_force or case.stage is Stage.SIGNED,
        Stage.EXECUTED: in_force or (case.kind is CaseKind.TOP_UP and case.accepted_by is not None),
    }
    if not case.open or not allowed.get(stage, False):
        raise CaseError(f"{case.id} is {case.stage}: it cannot be {stage} now")
    return [_raw(case, "case.ended", now, by, {"stage": stage.value, "why": why, "waits": []})]


def remind(case: Case, *, pause_s: float, now: datetime) -> list[Event]:
    """The reminder that is due, if one is: to all who are late, escalated to those whom the contract names."""
    late = [a for a in case.waits if a.due is not None and a.due <= now]
    pause = timedelta(seconds=pause_s)
    if not case.open or not late or (case.reminded_at is not None and now < case.reminded_at + pause):
        return []
    up = list(dict.fromkeys(p for a in late for p in a.escalate_to))
    body = {"persons": [a.person for a in late], "escalated_to": up, "n": case.reminders + 1}
    return [_raw(case, "case.reminded", now, "system", body)]


def waiting(case: Case, contract: Contract, index: TankIndex, now: datetime) -> tuple[Actor, ...]:
    """Everybody whom the contract names for the steps that the case waits for now, with their time."""
    return tuple(a for step in due(case, contract) for a in _actors(case, terms_of(contract), step, index, now))


def _actors(case: Case, terms: ReleaseTerms, step: Step, index: TankIndex, now: datetime) -> Iterable[Actor]:
    lines = case.into if step in (Step.BRING, Step.ACCEPT) else (case.out or case.into)
    duties = {(d.person, d.chat): d for site in sites_of(lines, index) for d in terms.duties_at(step, site)}
    for d in duties.values():
        due_at = now + timedelta(seconds=d.ack_s) if d.ack_s is not None else None
        yield Actor(person=d.person, chat=d.chat, step=step, due=due_at, escalate_to=d.escalate_to)


def sites_of(lines: Iterable[CaseLine], index: TankIndex) -> list[str]:
    """The sites where these lines lie, each once; for no lines one that is none, so that general rules still apply."""
    known = (index.row[x.tank_id] for x in lines if x.tank_id in index.row)  # a tank may have left the workspace
    return list(dict.fromkeys(index.tanks[row].site_id for row in known)) or [""]


def _must(case: Case, *stages: Stage) -> None:
    if case.stage not in stages:
        raise CaseError(f"{case.id} is {case.stage}: this needs it to be {' or '.join(sorted(stages))}")


def _event(case: Case, contract: Contract, index: TankIndex, kind: str, now: datetime, by: str, body: Json) -> Event:
    """The event with those whom the case waits for after it. Raises CaseError where the terms of release are gone."""
    terms_of(contract)
    after = _after(case, kind, now, by, body)
    return _raw(case, kind, now, by, {**body, "waits": actors_json(waiting(after, contract, index, now))})


def _after(case: Case, kind: str, now: datetime, by: str, body: Json) -> Case:
    return fold(case, [_raw(case, kind, now, by, {**body, "waits": []})])


def _raw(case: Case, kind: str, now: datetime, by: str, body: Json) -> Event:
    whole = {"case": case.id, "revision": case.revision + 1, **body}
    return Event(tenant=case.tenant, kind=kind, v=1, occurred_at=now, actor=by, body=whole)
