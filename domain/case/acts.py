"""What people do to a case, as events. Pure; the caller has checked who the person is and what their role may do.

Only two things are checked here of persons: a notice is registered by two different people, and a step is taken when
its turn has come. Nothing here releases cargo: a sealed notice is the lender's own paper, recorded.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from domain.case.case import ENDS, IN_FORCE, Actor, Case, CaseKind, CaseLine, Stage
from domain.case.fold import actors_json, lines_json
from domain.case.terms import ReleaseRule, ReleaseTerms, Step
from domain.contract import Contract
from domain.errors import CaseError
from domain.event import Event, Json, stamp
from domain.money import ZERO
from domain.tank import TankIndex

PREFIX = {CaseKind.RELEASE: "RC", CaseKind.SWAP: "SW", CaseKind.TOP_UP: "TU"}
"""What a case's number begins with; per lender and local day, as alarms' numbers."""


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
    if not out and not into and not cash_cny:
        raise CaseError("a request needs goods or money")
    if kind is CaseKind.SWAP and not (out and into):
        raise CaseError("a swap needs goods that come and goods that leave")
    terms = terms_of(contract)
    first = _first_step(kind, terms, check)
    body = {
        "case": number,
        "revision": 1,
        "contract": contract.id,
        "kind": kind.value,
        "chat": chat,
        "out": lines_json(out),
        "into": lines_json(into),
        "cash_cny": str(cash_cny) if cash_cny is not None else None,
        "check": check,
        "waits": actors_json(waiting(terms, first, sites_of(out or into, index), now)),
    }
    return [Event(tenant=contract.lender, kind="case.filed", v=1, occurred_at=now, actor=by, body=body)]


def terms_of(contract: Contract) -> ReleaseTerms:
    """The contract's terms of release. Raises CaseError where it has none."""
    if contract.release is None:
        raise CaseError(f"contract {contract.id!r} has no terms of release")
    return contract.release


def _first_step(kind: CaseKind, terms: ReleaseTerms, check: Json) -> Step:
    if kind is not CaseKind.RELEASE:
        return Step.BRING
    must_pay = terms.rule is ReleaseRule.PAYMENT_FIRST or Decimal(check["to_pay_cny"]) > ZERO
    return Step.PAYMENT if must_pay else Step.SIGN


def paid(case: Case, contract: Contract, index: TankIndex, *, amount: Decimal, by: str, now: datetime) -> list[Event]:
    """The lender has the money. Raises CaseError for an amount that is not above zero, or out of turn."""
    _must(case, Stage.REQUESTED, Stage.PAID, Stage.BROUGHT)
    if amount <= ZERO:
        raise CaseError(f"{case.id}: paid {amount}, an amount above 0 is expected")
    enough = case.paid_cny + amount >= Decimal(case.check["to_pay_cny"]) and case.paid_cny + amount >= case.cash_cny
    if case.kind is CaseKind.RELEASE:
        stage, step = (Stage.PAID, Step.SIGN) if enough else (case.stage, Step.PAYMENT)
    else:
        stage = case.stage
        step = Step.BRING if stage is Stage.REQUESTED and case.into else Step.ACCEPT
    body = {"amount_cny": str(amount), "stage": stage.value, "check": None}
    return [_event(case, "case.paid", now, by, {**body, **_next(case, contract, index, step, now)})]


def signed(
    case: Case,
    contract: Contract,
    index: TankIndex,
    *,
    no: str,
    valid_until: datetime | None,
    by: str,
    now: datetime,
) -> list[Event]:
    """A first person of the lender registers the sealed notice. Raises CaseError before the money or the goods came."""
    if case.kind is CaseKind.TOP_UP:
        raise CaseError(f"{case.id}: nothing leaves in a top-up, so there is no notice")
    if case.stage not in _READY[case.kind] and not _free(case, contract):
        raise CaseError(f"{case.id} is {case.stage}: {_missing(case)} comes first")
    until = valid_until or now + timedelta(seconds=terms_of(contract).validity_s)
    if until <= now:
        raise CaseError(f"{case.id}: valid until {until.isoformat()}, a time after now is expected")
    body = {"no": no, "valid_from": stamp(now), "valid_until": stamp(until)}
    return [_event(case, "case.signed", now, by, {**body, **_next(case, contract, index, Step.COUNTERSIGN, now)})]


_READY = {CaseKind.RELEASE: frozenset({Stage.PAID}), CaseKind.SWAP: frozenset({Stage.BROUGHT}), CaseKind.TOP_UP: ENDS}


def _free(case: Case, contract: Contract) -> bool:
    """A release that needs no money under the contract's rule."""
    above = terms_of(contract).rule is ReleaseRule.ABOVE_FLOOR and Decimal(case.check["to_pay_cny"]) <= ZERO
    return case.kind is CaseKind.RELEASE and case.stage is Stage.REQUESTED and above


def _missing(case: Case) -> str:
    return "what is to come" if case.kind is CaseKind.SWAP else "the confirmed payment"


def sealed(case: Case, contract: Contract, index: TankIndex, *, by: str, now: datetime) -> list[Event]:
    """A second person of the lender confirms the notice. Raises CaseError for the first one, and out of turn."""
    _must(case, Stage.SIGNED)
    assert case.notice is not None
    if by == case.notice.signed_by:
        raise CaseError(f"{case.id}: the person who registered the notice cannot confirm it")
    return [_event(case, "case.sealed", now, by, _next(case, contract, index, Step.VERIFY, now))]


def verified(case: Case, contract: Contract, index: TankIndex, *, by: str, now: datetime) -> list[Event]:
    """The depot has held the paper against the registered notice."""
    _must(case, Stage.SEALED)
    return [_event(case, "case.verified", now, by, _next(case, contract, index, Step.LIFT, now))]


def declined(case: Case, *, reason: str, by: str, now: datetime) -> list[Event]:
    """The depot will not let the goods go although the notice is in force: a finding, not an end."""
    if case.stage not in IN_FORCE:
        raise CaseError(f"{case.id} is {case.stage}: there is no notice in force to refuse")
    return [_event(case, "case.declined", now, by, {"reason": reason})]


def ended(case: Case, stage: Stage, *, why: str, by: str, now: datetime) -> list[Event]:
    """Refused, withdrawn, revoked, expired or executed. Raises CaseError where the case cannot end so from here.

    A notice in force is revoked, not refused; what is not in force yet is refused or withdrawn, not revoked.
    """
    in_force = case.stage in IN_FORCE
    allowed = {
        Stage.REFUSED: not in_force,
        Stage.WITHDRAWN: not in_force,
        Stage.REVOKED: in_force,
        Stage.EXPIRED: in_force,
        Stage.EXECUTED: in_force or case.kind is CaseKind.TOP_UP,
    }
    if not case.open or not allowed.get(stage, False):
        raise CaseError(f"{case.id} is {case.stage}: it cannot be {stage} now")
    body: Json = {"stage": stage.value, "why": why, "waits": []}
    return [_event(case, "case.ended", now, by, body)]


def remind(case: Case, *, pause_s: float, now: datetime) -> list[Event]:
    """The reminder that is due, if one is: to all who are late, escalated to those whom the contract names."""
    late = [a for a in case.waits if a.due is not None and a.due <= now]
    pause = timedelta(seconds=pause_s)
    if not case.open or not late or (case.reminded_at is not None and now < case.reminded_at + pause):
        return []
    up = list(dict.fromkeys(p for a in late for p in a.escalate_to))
    body = {"persons": [a.person for a in late], "escalated_to": up, "n": case.reminders + 1}
    return [_event(case, "case.reminded", now, "system", body)]


def waiting(terms: ReleaseTerms, step: Step, sites: Sequence[str], now: datetime) -> tuple[Actor, ...]:
    """Everybody whom the contract names for this step at these sites, with their time."""
    duties = {(d.person, d.chat): d for site in sites for d in terms.duties_at(step, site)}
    return tuple(
        Actor(
            person=d.person,
            chat=d.chat,
            step=step,
            due=now + timedelta(seconds=d.ack_s) if d.ack_s is not None else None,
            escalate_to=d.escalate_to,
        )
        for d in duties.values()
    )


def sites_of(lines: Sequence[CaseLine], index: TankIndex) -> list[str]:
    """The sites where these lines lie, each once; an empty list of lines is no site of its own."""
    return list(dict.fromkeys(index.tanks[index.row[x.tank_id]].site_id for x in lines)) or [""]


def _next(case: Case, contract: Contract, index: TankIndex, step: Step, now: datetime) -> Json:
    lines = case.into if step is Step.BRING else (case.out or case.into)
    return {"waits": actors_json(waiting(terms_of(contract), step, sites_of(lines, index), now))}


def _must(case: Case, *stages: Stage) -> None:
    if case.stage not in stages:
        raise CaseError(f"{case.id} is {case.stage}: this needs it to be {' or '.join(stages)}")


def _event(case: Case, kind: str, now: datetime, by: str, body: Json) -> Event:
    whole = {"case": case.id, "revision": case.revision + 1, **body}
    return Event(tenant=case.tenant, kind=kind, v=1, occurred_at=now, actor=by, body=whole)
