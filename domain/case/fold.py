"""A case from its events. Nothing here decides; an event that does not fit its case is a broken promise of ours."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from domain.case.case import Actor, Case, CaseKind, CaseLine, RegisteredNotice, Stage
from domain.case.terms import Step
from domain.errors import CaseError
from domain.event import Event, Json, parse_stamp, stamp
from domain.money import ZERO

CASE_EVENTS = frozenset(
    {
        "case.filed",
        "case.paid",
        "case.accepted",
        "case.signed",
        "case.sealed",
        "case.verified",
        "case.declined",
        "case.moved",
        "case.reminded",
        "case.ended",
    }
)


def fold(case: Case | None, events: Iterable[Event]) -> Case:
    """The case after these events of its own. Raises CaseError if the first of a life is not case.filed."""
    for event in events:
        case = _asked(_applied(case, event))
    if case is None:
        raise CaseError("no events: there is no case to fold")
    return case


def _applied(case: Case | None, event: Event) -> Case:
    body = event.body
    if event.kind == "case.filed":
        return _filed(event)
    if case is None:
        raise CaseError(f"{event.kind} before case.filed: {body.get('case')!r}")
    after = replace(case, revision=body["revision"])
    match event.kind:
        case "case.paid":
            paid = case.paid_cny + Decimal(body["amount_cny"])
            told = replace(after, paid_cny=paid, check=body["check"], progress=_still(case, body["check"]))
            return _staged(told, Stage(body["stage"]), event)
        case "case.accepted":
            return _staged(replace(after, accepted_by=event.actor, check=body["check"]), case.stage, event)
        case "case.signed":
            signed = replace(after, notice=_notice(body, event.actor), check=body["check"])
            return _staged(signed, Stage.SIGNED, event)
        case "case.sealed":
            assert case.notice is not None, f"{case.id}: sealed before it was signed"
            notice = replace(case.notice, sealed_by=event.actor, sealed_at=event.occurred_at)
            return _staged(replace(after, notice=notice), Stage.SEALED, event)
        case "case.verified":
            stage = Stage.LIFTING if case.stage is Stage.LIFTING else Stage.VERIFIED
            held = replace(after, verified_by=event.actor, declined=None, declined_at=None)
            return _staged(held, stage, event)
        case "case.declined":
            return replace(after, declined=body["reason"], declined_at=event.occurred_at)
        case "case.moved":
            lifted, brought = _moved(body["lifted"]), _moved(body["brought"])
            moved = replace(after, lifted=lifted, brought=brought, progress=body["progress"])
            return _staged(moved, Stage(body["stage"]), event) if body["stage"] != case.stage else moved
        case "case.reminded":
            return replace(after, reminders=body["n"], reminded_at=event.occurred_at)
        case "case.ended":
            ended = replace(after, ended_at=event.occurred_at, ended_by=event.actor, why=body["why"])
            return _staged(ended, Stage(body["stage"]), event)
        case _:
            raise CaseError(f"{event.kind!r} is no event of a case")


def _still(case: Case, check: Json) -> Json:
    """已补 stays as the work orders said; 尚缺 is what the figures of this step say."""
    missing = check.get("missing_now_cny")
    topped_up = case.kind is CaseKind.TOP_UP and missing is not None
    return {**case.progress, "missing_cny": missing} if topped_up else case.progress


def _asked(case: Case) -> Case:
    """Chats in which it waits for the first time are remembered with this revision; so are those asked to verify."""
    new = {a.chat: case.revision for a in case.waits if a.chat not in case.asked}
    verifiers = tuple(a for a in case.waits if a.step is Step.VERIFY)
    case = replace(case, verifiers=verifiers) if verifiers else case
    return replace(case, asked={**case.asked, **new}) if new else case


def _filed(event: Event) -> Case:
    body = event.body
    return Case(
        id=body["case"],
        tenant=event.tenant,
        contract_id=body["contract"],
        kind=CaseKind(body["kind"]),
        stage=Stage.REQUESTED,
        by=event.actor,
        chat=body["chat"],
        filed_at=event.occurred_at,
        out=_lines(body["out"]),
        into=_lines(body["into"]),
        cash_cny=Decimal(body["cash_cny"]) if body["cash_cny"] is not None else ZERO,
        check=body["check"],
        revision=1,
        waits=_actors(body["waits"]),
        stage_at=event.occurred_at,
    )


def _staged(case: Case, stage: Stage, event: Event) -> Case:
    """At a new stage the case waits for others, and reminders begin anew."""
    waits = _actors(event.body["waits"])
    return replace(case, stage=stage, stage_at=event.occurred_at, waits=waits, reminders=0, reminded_at=None)


def _notice(body: Json, by: str) -> RegisteredNotice:
    return RegisteredNotice(
        no=body["no"],
        valid_from=parse_stamp(body["valid_from"]),
        valid_until=parse_stamp(body["valid_until"]),
        signed_by=by,
        revision=body["revision"],
    )


def _lines(rows: list[Json]) -> tuple[CaseLine, ...]:
    return tuple(CaseLine(tank_id=r["tank"], good=r["good"], kg=r["kg"], receipt=r["receipt"]) for r in rows)


def lines_json(lines: Iterable[CaseLine]) -> list[Json]:
    """Lines as an event carries them."""
    return [{"tank": x.tank_id, "good": x.good, "kg": x.kg, "receipt": x.receipt} for x in lines]


def _actors(rows: list[Json]) -> tuple[Actor, ...]:
    return tuple(
        Actor(
            person=r["person"],
            chat=r["chat"],
            step=Step(r["step"]),
            due=parse_stamp(r["due"]) if r["due"] is not None else None,
            escalate_to=tuple(r["escalate_to"]),
        )
        for r in rows
    )


def actors_json(actors: Iterable[Actor]) -> list[Json]:
    """People whom a case waits for, as an event carries them."""
    return [
        {
            "person": a.person,
            "chat": a.chat,
            "step": a.step.value,
            "due": stamp(a.due) if a.due is not None else None,
            "escalate_to": list(a.escalate_to),
        }
        for a in actors
    ]


def _moved(rows: list[Json]) -> dict[tuple[str, str], int]:
    return {(r["order"], r["tank"]): r["kg"] for r in rows}


def moved_json(moved: Mapping[tuple[str, str], int]) -> list[Json]:
    """Kg by work order and tank, as an event carries them."""
    return [{"order": order, "tank": tank, "kg": kg} for (order, tank), kg in sorted(moved.items())]
