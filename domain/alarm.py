"""An alarm's life as a fold of its events: three independent axes, after OPC UA Part 9 and ISA-18.2.

condition {active, returned} × response of each obliged party {unacknowledged, acknowledged} × mask {none, shelved}.
An alarm that returned before anybody answered stays open; movement cases wait for a person's close.
``observe``, ``acknowledge``, ``close``, ``remind``, ``lapse``, ``shelve``, ``unshelve`` and ``escalate`` decide; ``fold``
applies. Nothing here sends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.contract import AlertKind, Contract, Severity
from domain.cure import with_cure
from domain.errors import AlarmError
from domain.event import Event, Json, parse_stamp, stamp
from domain.finding import Finding, Standing, alarm_key
from domain.people import Roster

NEEDS_CLOSE = frozenset({AlertKind.QTY_DROP, AlertKind.YIELD_GAP, AlertKind.LIFT})
"""Kinds that do not end by themselves: a person with authority closes them."""

REMIND_S: Mapping[Severity, float] = {Severity.RED: 600.0, Severity.ORANGE: 1800.0, Severity.YELLOW: 14400.0}
"""Pause between reminders after the first, by severity (docs/pledge.md: R 10 min, O 30 min, Y 4 h)."""


LONGEST_SHELF = timedelta(hours=4)
"""An alarm is shelved at most so long (ISA-18.2: a shelf has a limit and ends by itself)."""


class Condition(StrEnum):
    """Whether the breach stands."""

    ACTIVE = "active"
    RETURNED = "returned"


class Answer(StrEnum):
    """What an obliged person said; each of them acknowledges."""

    ACK = "ack"  # 收到
    ARRANGED = "arranged"  # 已安排
    DISPUTE = "dispute"  # 有异议


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One person whom the contract obliges. ack_due None: only informed. answered_by may be the deputy.

    reason: why they do not agree, in their own words, where they said so.
    """

    person: str
    chat: str
    act: str
    ack_due: datetime | None
    escalate_to: tuple[str, ...]
    answer: Answer | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    reason: str | None = None

    @property
    def waits(self) -> bool:
        """Must still answer."""
        return self.ack_due is not None and self.answer is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Reminders pause until then, by whom and why. Escalation, changes and the return are told all the same."""

    until: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm as its events tell it.

    revision counts its events, occurrence its breaches since it was raised; told is the revision at which its
    figures and duties were last told: an answer to an older telling is no answer to this one; told_as is that telling's step ('raised', 'changed' or 'renewed').
    lapsed: the deadline whose passing was told last. returned: the cause of its return and the figures of then.
    closed_by, closed_why: who ended it, None for the system, and why.
    """

    id: str
    tenant: str
    contract_id: str
    kind: AlertKind
    subject: str
    rule: str
    severity: Severity
    condition: Condition
    parties: tuple[Party, ...]
    facts: Json
    raised_at: datetime
    data_at: datetime
    revision: int
    told: int
    told_as: str
    occurrence: int
    reminders: int
    reminded_at: datetime | None
    returned_at: datetime | None
    closed_at: datetime | None
    lapsed: datetime | None = None
    shelf: Shelf | None = None
    returned: Json | None = None
    closed_by: str | None = None
    closed_why: str | None = None

    @property
    def key(self) -> str:
        """The condition that this alarm is about."""
        return alarm_key(self.contract_id, self.kind, self.subject)

    @property
    def open(self) -> bool:
        """Not yet closed."""
        return self.closed_at is None

    def waiting(self) -> tuple[Party, ...]:
        """Parties who must still answer."""
        return tuple(p for p in self.parties if p.waits)


def observe(
    alarm: Alarm | None,
    finding: Finding | None,
    contract: Contract,
    *,
    number: str,
    recovery: Json,
    now: datetime,
) -> list[Event]:
    """What happened, given the open alarm of a key (or None) and today's finding (None: clear).

    number: the id that a new alarm gets, for example AL-20260312-07. recovery: the figures of a return, its cause
    among them.
    """
    if finding is not None and finding.standing is Standing.UNKNOWN:
        return []
    if finding is None:
        return _return(alarm, recovery, now) if alarm is not None and alarm.condition is Condition.ACTIVE else []
    if alarm is None:
        return [_raised(finding, contract, number, now)]
    if alarm.condition is Condition.RETURNED:
        return [_event(alarm, "alarm.renewed", now, _told(finding, contract, None, now))]
    if finding.severity != alarm.severity:
        told = _told(finding, contract, alarm.facts, now)
        return [_event(alarm, "alarm.changed", now, {**told, "was": int(alarm.severity)})]
    return []


def acknowledge(
    alarm: Alarm, person: str, answer: Answer, roster: Roster, *, via: str, now: datetime, reason: str | None = None
) -> list[Event]:
    """The events of an answer by an obliged person or a deputy; none for a second one. Raises AlarmError.

    reason: why they do not agree, in their words. AlarmError: the alarm is closed, or this person is neither obliged nor a deputy of one who is.
    """
    mine = [p for p in alarm.parties if p.ack_due is not None and person in (p.person, roster.deputy_of(p.person))]
    if not mine:
        raise AlarmError(f"{person!r} is not obliged by {alarm.id}")
    if not alarm.open or all(p.answer is answer for p in mine):
        return []
    body: Json = {"persons": [p.person for p in mine], "answer": answer.value, "via": via}
    if reason is not None:
        body["reason"] = reason
    events = [_event(alarm, "alarm.acknowledged", now, body, actor=person)]
    after = fold(alarm, events)
    return events + _close_if_done(after, now)


def close(alarm: Alarm, person: str, reason: str, *, now: datetime) -> list[Event]:
    """An authorised person ends the case. The caller has checked the authority. None if it is closed already."""
    if not alarm.open:
        return []
    return [_event(alarm, "alarm.closed", now, {"by": person, "reason": reason}, actor=person)]


def remind(alarm: Alarm, *, remind_s: Mapping[Severity, float] = REMIND_S, now: datetime) -> list[Event]:
    """The reminder that is due, if one is: to all who are late, escalated once their time has passed."""
    late = [p for p in alarm.waiting() if p.ack_due is not None and p.ack_due <= now]
    pause = timedelta(seconds=remind_s[alarm.severity])
    if not alarm.open or not late or (alarm.reminded_at is not None and now < alarm.reminded_at + pause):
        return []
    if alarm.shelf is not None and (alarm.reminders or not any(p.escalate_to for p in late)):
        return []  # on the shelf only the first one, which escalates, still comes
    up = list(dict.fromkeys(person for p in late for person in p.escalate_to))
    body = {"persons": [p.person for p in late], "escalated_to": up, "n": alarm.reminders + 1}
    return [_event(alarm, "alarm.reminded", now, body)]


def lapse(alarm: Alarm, *, now: datetime) -> list[Event]:
    """The event of a cure period that has passed with the breach still standing, once for each deadline."""
    cure = alarm.facts.get("cure")
    if not alarm.open or alarm.condition is not Condition.ACTIVE or cure is None or cure["by"] is None:
        return []
    by = parse_stamp(cure["by"])
    if by > now or by == alarm.lapsed:
        return []
    obliged = [p for p in alarm.parties if p.act == "top_up"]
    up = list(dict.fromkeys(person for p in obliged for person in p.escalate_to))
    body = {"by": cure["by"], "persons": [p.person for p in obliged], "escalated_to": up}
    return [_event(alarm, "alarm.lapsed", now, body)]


def escalate(alarm: Alarm, person: str, *, now: datetime) -> list[Event]:
    """Ask those above at once, because ``person`` wants it; none where the contract names nobody above."""
    waiting = alarm.waiting() or tuple(p for p in alarm.parties if p.ack_due is not None)
    up = list(dict.fromkeys(q for p in waiting for q in p.escalate_to))
    if not alarm.open or not up:
        return []
    late = [p.person for p in alarm.waiting()]
    body = {"persons": late, "escalated_to": up, "n": alarm.reminders + 1, "asked_by": person}
    return [_event(alarm, "alarm.reminded", now, body, actor=person)]


def shelve(alarm: Alarm, person: str, *, until: datetime, why: str, now: datetime) -> list[Event]:
    """Reminders pause until then; only of a yellow open alarm, and not where a shelf as long stands already.

    The caller has checked the authority. Raises AlarmError for a time that has passed or lies beyond LONGEST_SHELF.
    """
    if not now < until <= now + LONGEST_SHELF:
        raise AlarmError(f"{alarm.id}: until {until!r}, allowed later than now and within {LONGEST_SHELF}")
    stands = alarm.shelf is not None and alarm.shelf.until >= until
    if not alarm.open or alarm.severity is not Severity.YELLOW or stands:
        return []
    body = {"by": person, "until": stamp(until), "why": why}
    return [_event(alarm, "alarm.shelved", now, body, actor=person)]


def unshelve(alarm: Alarm, *, now: datetime) -> list[Event]:
    """The event of a shelf whose time is over."""
    if not alarm.open or alarm.shelf is None or now < alarm.shelf.until:
        return []
    return [_event(alarm, "alarm.unshelved", now, {"why": "expired"})]


def fold(alarm: Alarm | None, events: Iterable[Event]) -> Alarm:
    """The alarm after these events of its own. Raises AlarmError if the first of a life is not alarm.raised."""
    for event in events:
        alarm = _applied(alarm, event)
    if alarm is None:
        raise AlarmError("no events: there is no alarm to fold")
    return alarm


def _return(alarm: Alarm, recovery: Json, now: datetime) -> list[Event]:
    events = [_event(alarm, "alarm.returned", now, {"facts": recovery})]
    return events + _close_if_done(fold(alarm, events), now)


def _close_if_done(alarm: Alarm, now: datetime) -> list[Event]:
    done = alarm.condition is Condition.RETURNED and not alarm.waiting() and alarm.kind not in NEEDS_CLOSE
    body = {"by": "system", "reason": "returned_and_acknowledged"}
    return [_event(alarm, "alarm.closed", now, body)] if done and alarm.open else []


def _event(alarm: Alarm, kind: str, now: datetime, body: Json, *, actor: str = "system") -> Event:
    return Event(
        tenant=alarm.tenant,
        kind=kind,
        v=1,
        occurred_at=now,
        actor=actor,
        body={"alarm": alarm.id, "revision": alarm.revision + 1, **body},
    )


def _raised(finding: Finding, contract: Contract, number: str, now: datetime) -> Event:
    body = {
        "alarm": number,
        "revision": 1,
        "contract": contract.id,
        "kind": finding.kind.value,
        "subject": finding.subject,
        "rule": finding.rule,
        **_told(finding, contract, None, now),
    }
    return Event(tenant=contract.lender, kind="alarm.raised", v=1, occurred_at=now, actor="system", body=body)


def _told(finding: Finding, contract: Contract, before: Json | None, now: datetime) -> Json:
    """The figures an event was judged by, and whom the contract obliges for them; before: those told last."""
    parties = [
        {
            "person": d.person,
            "chat": d.chat,
            "act": d.act,
            "ack_due": stamp(now + timedelta(seconds=d.ack_s)) if d.ack_s is not None else None,
            "escalate_to": list(d.escalate_to),
        }
        for d in contract.duties_for(finding.kind, finding.severity, finding.site)
    ]
    return {
        "severity": int(finding.severity),
        "facts": with_cure(finding, contract, before, now),
        "data_at": stamp(finding.data_at),
        "parties": parties,
    }


def _applied(alarm: Alarm | None, event: Event) -> Alarm:
    if event.kind == "alarm.raised":
        return _born(event)
    if alarm is None:
        raise AlarmError(f"{event.kind} before alarm.raised: {event.body.get('alarm')!r}")
    after = replace(alarm, revision=event.body["revision"])
    match event.kind:
        case "alarm.changed" | "alarm.renewed":
            return _retold(after, event)
        case "alarm.returned":
            told = event.body.get("facts")
            return replace(after, condition=Condition.RETURNED, returned_at=event.occurred_at, returned=told)
        case "alarm.acknowledged":
            return replace(after, parties=tuple(_answered(p, event) for p in alarm.parties))
        case "alarm.reminded":
            return replace(after, reminders=event.body["n"], reminded_at=event.occurred_at)
        case "alarm.lapsed":
            return replace(after, lapsed=parse_stamp(event.body["by"]))
        case "alarm.shelved":
            body = event.body
            return replace(after, shelf=Shelf(until=parse_stamp(body["until"]), by=body["by"], why=body["why"]))
        case "alarm.unshelved":
            return replace(after, shelf=None)
        case "alarm.closed":
            by, why = event.body.get("by"), event.body.get("reason")
            return replace(after, closed_at=event.occurred_at, closed_by=by if by != "system" else None, closed_why=why)
        case _:
            raise AlarmError(f"{event.kind!r} is no event of an alarm")


def _born(event: Event) -> Alarm:
    body = event.body
    return Alarm(
        id=body["alarm"],
        tenant=event.tenant,
        contract_id=body["contract"],
        kind=AlertKind(body["kind"]),
        subject=body["subject"],
        rule=body["rule"],
        severity=Severity(body["severity"]),
        condition=Condition.ACTIVE,
        parties=_parties(body),
        facts=body["facts"],
        raised_at=event.occurred_at,
        data_at=parse_stamp(body["data_at"]),
        revision=1,
        told=1,
        told_as="raised",
        occurrence=1,
        reminders=0,
        reminded_at=None,
        returned_at=None,
        closed_at=None,
    )


def _retold(alarm: Alarm, event: Event) -> Alarm:
    """New figures and new duties: whoever must answer a worse or renewed alarm has not answered it yet."""
    renewed = event.kind == "alarm.renewed"
    worse = event.body["severity"] > alarm.severity
    fresh = _parties(event.body)
    return replace(
        alarm,
        severity=Severity(event.body["severity"]),
        facts=event.body["facts"],
        data_at=parse_stamp(event.body["data_at"]),
        parties=fresh if renewed or worse else _kept(fresh, alarm.parties),
        condition=Condition.ACTIVE,
        told=event.body["revision"],
        told_as=event.kind.removeprefix("alarm."),
        returned_at=None,
        returned=None,
        occurrence=alarm.occurrence + renewed,
        reminders=0,
        reminded_at=None,
        shelf=None if renewed or worse else alarm.shelf,
    )


def _kept(fresh: tuple[Party, ...], before: tuple[Party, ...]) -> tuple[Party, ...]:
    """When an alarm eases, answers given to the worse one still count."""
    given = {p.person: p for p in before if p.answer is not None}
    return tuple(
        replace(p, answer=g.answer, answered_by=g.answered_by, answered_at=g.answered_at, reason=g.reason)
        if (g := given.get(p.person)) is not None
        else p
        for p in fresh
    )


def _parties(body: Json) -> tuple[Party, ...]:
    return tuple(
        Party(
            person=p["person"],
            chat=p["chat"],
            act=p["act"],
            ack_due=parse_stamp(p["ack_due"]) if p["ack_due"] is not None else None,
            escalate_to=tuple(p["escalate_to"]),
        )
        for p in body["parties"]
    )


def _answered(party: Party, event: Event) -> Party:
    if party.person not in event.body["persons"] or party.ack_due is None:
        return party
    answer = Answer(event.body["answer"])
    reason = event.body.get("reason")
    return replace(party, answer=answer, answered_by=event.actor, answered_at=event.occurred_at, reason=reason)
