"""What happened, as it is kept for ever: canonical JSON, hashed with the hash before it.

An event is stored verbatim; old versions are upcast when read, never rewritten. Knows no database.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.errors import StoreBroken

GENESIS = "0" * 64
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at ``occurred_at``, by ``actor`` ('system' or a person id), in a lender's chain.

    kind and v name the schema of ``body``: JSON values only, Decimals as strings, times as ISO-8601 UTC with Z.
    """

    tenant: str
    kind: str
    v: int
    occurred_at: datetime
    actor: str
    body: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event in its place in the chain. ``canonical`` is the text that was hashed."""

    event: Event
    seq: int
    recorded_at: datetime
    previous: str
    hash: str
    canonical: str


def stamp(moment: datetime) -> str:
    """ISO-8601 in UTC with Z, µs kept. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError(f"naive time {moment!r}: give it a time zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_stamp(text: str) -> datetime:
    """The aware UTC time of ``stamp``. Raises ValueError for a naive or unreadable text, or one beyond the calendar."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"naive time {text!r}: write the zone, for example 2026-03-12T06:32:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError as e:
        raise ValueError(f"{text!r} lies outside the years 1…9999 of UTC") from e


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces, no NaN: equal values give equal text. Raises ValueError otherwise."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def record(event: Event, *, seq: int, previous: str, recorded_at: datetime) -> Recorded:
    """Put an event into its place after ``previous``; the hash covers everything, the place included."""
    text = canonical(
        {
            "tenant": event.tenant,
            "seq": seq,
            "kind": event.kind,
            "v": event.v,
            "occurred_at": stamp(event.occurred_at),
            "recorded_at": stamp(recorded_at),
            "actor": event.actor,
            "body": event.body,
            "previous": previous,
        }
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Recorded(event=event, seq=seq, recorded_at=recorded_at, previous=previous, hash=digest, canonical=text)


def parse(text: str) -> Recorded:
    """Read back what ``record`` wrote. Raises StoreBroken if the text is not such a record."""
    try:
        raw = json.loads(text)
        event = Event(
            tenant=raw["tenant"],
            kind=raw["kind"],
            v=raw["v"],
            occurred_at=parse_stamp(raw["occurred_at"]),
            actor=raw["actor"],
            body=raw["body"],
        )
        return Recorded(
            event=event,
            seq=raw["seq"],
            recorded_at=parse_stamp(raw["recorded_at"]),
            previous=raw["previous"],
            hash=hashlib.sha256(text.encode()).hexdigest(),
            canonical=text,
        )
    except (ValueError, KeyError, TypeError) as e:
        raise StoreBroken(f"not an event: {text[:80]!r} ({e})") from e


Upcast = Callable[[Json], Json]
CURRENT: Mapping[str, int] = {
    "workspace.loaded": 1,
    "clock.stepped_back": 1,
    "series.sealed": 1,
    "price.judged": 1,
    "alarm.raised": 1,
    "alarm.changed": 1,
    "alarm.renewed": 1,
    "alarm.returned": 1,
    "alarm.acknowledged": 1,
    "alarm.reminded": 1,
    "alarm.lapsed": 1,
    "alarm.shelved": 1,
    "alarm.unshelved": 1,
    "alarm.closed": 1,
    "person.refused": 1,
    "notice.asked": 1,
    "question.answered": 2,
    "question.refused": 1,
    "promise.made": 1,
    "promise.ended": 1,
    "claim.made": 1,
    "work.announced": 1,
    "subscription.set": 1,
    "subscription.crossed": 1,
    "request.told": 1,
    "chat.unverified": 1,
    "chat.verified": 1,
    "chat.moved": 1,
    "delivery.failed": 1,
    "exposure.stated": 1,
    "payment.confirmed": 1,
    "line.noticed": 1,
    "price.set": 1,
    "proposal.opened": 1,
    "proposal.confirmed": 1,
    "proposal.withdrawn": 1,
    "receipt.opened": 1,
    "receipt.pledged": 1,
    "receipt.released": 1,
    "receipt.split": 1,
    "receipt.cancelled": 1,
    "receipt.extended": 1,
    "case.filed": 1,
    "case.paid": 1,
    "case.accepted": 1,
    "case.signed": 1,
    "case.sealed": 1,
    "case.verified": 1,
    "case.declined": 1,
    "case.moved": 1,
    "case.reminded": 1,
    "case.ended": 1,
    "token.created": 1,
    "token.revoked": 1,
    "api.refused": 1,
}


def _answer_untold(body: Json) -> Json:
    """Before version 2 only answers in a chat that a model helped with were kept, without what was said."""
    skills = [{**s, "told": None} for s in body["skills"]]
    return {**body, "skills": skills, "failed": [], "via": "chat", "said": None, "message": None}


UPCASTS: Mapping[tuple[str, int], Upcast] = {("question.answered", 1): _answer_untold}


def current(event: Event) -> Event:
    """The event in today's schema, upcast step by step. Raises StoreBroken for an unknown or newer schema."""
    newest = CURRENT.get(event.kind)
    if newest is None or event.v > newest:
        raise StoreBroken(f"event {event.kind!r} v{event.v}: this program knows {newest}; update the program")
    body, v = event.body, event.v
    while v < newest:
        body, v = UPCASTS[event.kind, v](body), v + 1
    return Event(tenant=event.tenant, kind=event.kind, v=v, occurred_at=event.occurred_at, actor=event.actor, body=body)
