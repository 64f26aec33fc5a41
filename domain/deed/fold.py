"""Deeds from their events, for one house. Nothing here decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from domain.deed.deed import Ended, Promise, Threshold, Work
from domain.event import Event, parse_stamp

PROMISED, PROMISE_ENDED, CLAIMED = "promise.made", "promise.ended", "claim.made"
WORKS, SUBSCRIBED, CROSSED = "work.announced", "subscription.set", "subscription.crossed"
TOLD, REFUSED = "request.told", "question.refused"
UNVERIFIED, VERIFIED = "chat.unverified", "chat.verified"
DEED_EVENTS = frozenset(
    {PROMISED, PROMISE_ENDED, CLAIMED, WORKS, SUBSCRIBED, CROSSED, TOLD, REFUSED, UNVERIFIED, VERIFIED}
)
"""Kinds of events that a start has to read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """promises and works by (lender, id); thresholds by (contract, person, metric); claims: numbers ever given.

    refused: when a refusal was last told to a lender, by (lender, person, kind). unverified: chats by id, since when.
    """

    promises: Mapping[tuple[str, str], Promise] = field(default_factory=dict)
    works: Mapping[tuple[str, str], Work] = field(default_factory=dict)
    claims: frozenset[tuple[str, str]] = frozenset()
    thresholds: Mapping[tuple[str, str, str], Threshold] = field(default_factory=dict)
    refused: Mapping[tuple[str, str, str], datetime] = field(default_factory=dict)
    unverified: Mapping[str, datetime] = field(default_factory=dict)

    def after(self, events: Iterable[Event]) -> "Deeds":
        """With these events, in the order in which they were recorded; the very same where none is a deed."""
        deeds = self
        for event in events:
            if event.kind in DEED_EVENTS:
                deeds = deeds._with(event)
        return deeds

    def _with(self, event: Event) -> "Deeds":
        body = event.body
        match event.kind:
            case "promise.made":
                promise = _promise(event)
                return replace(self, promises={**self.promises, (event.tenant, promise.id): promise})
            case "promise.ended":
                key = (event.tenant, body["promise"])
                ended = replace(self.promises[key], ended=Ended(body["how"]), ended_at=event.occurred_at)
                return replace(self, promises={**self.promises, key: ended})
            case "claim.made":
                return replace(self, claims=self.claims | {(event.tenant, body["claim"])})
            case "work.announced":
                work = _work(event)
                return replace(self, works={**self.works, (event.tenant, work.id): work})
            case "subscription.set" | "subscription.crossed":
                return replace(self, thresholds=self._thresholds(event))
            case "question.refused":
                return self._refused(event)
            case "chat.unverified":
                return replace(self, unverified={**self.unverified, body["chat"]: event.occurred_at})
            case "chat.verified":
                left = {c: at for c, at in self.unverified.items() if c != body["chat"]}
                return replace(self, unverified=left)
            case _:
                return self

    def _thresholds(self, event: Event) -> Mapping[tuple[str, str, str], Threshold]:
        """A threshold newly set, taken back (no value), or crossed."""
        body = event.body
        if "metric" not in body:  # only how often reports are wanted
            return self.thresholds
        key = (body["contract"], body["person"], body["metric"])
        if event.kind == CROSSED:
            return {**self.thresholds, key: replace(self.thresholds[key], beyond=body["beyond"])}
        if body["value"] is None:
            return {k: t for k, t in self.thresholds.items() if k != key}
        contract, person, metric = key
        made = Threshold(
            contract_id=contract,
            tenant=event.tenant,
            person=person,
            chat=body["chat"],
            metric=metric,
            value=Decimal(body["value"]),
        )
        return {**self.thresholds, key: made}

    def _refused(self, event: Event) -> "Deeds":
        if not event.body["told"]:
            return self
        key = (event.tenant, event.body["person"], event.body["kind"])
        return replace(self, refused={**self.refused, key: event.occurred_at})

    def next_promise(self, tenant: str, day: str) -> str:
        """The next number of this lender's local day (YYYYMMDD), for example PM-20260312-01."""
        return _next("PM", tenant, day, self.promises)

    def next_claim(self, tenant: str, day: str) -> str:
        """The same for what people say they have done: CL-20260312-01."""
        return _next("CL", tenant, day, self.claims)

    def next_work(self, tenant: str, day: str) -> str:
        """The same for work announced: WK-20260312-01."""
        return _next("WK", tenant, day, self.works)


def _next(prefix: str, tenant: str, day: str, known: Iterable[tuple[str, str]]) -> str:
    used = sum(1 for t, i in known if t == tenant and i.startswith(f"{prefix}-{day}-"))
    return f"{prefix}-{day}-{used + 1:02d}"


def author(event: Event) -> str:
    """Whose words the event holds: whoever pressed, unless it says that a colleague had said them."""
    return str(event.body.get("said_by", event.actor))


def _promise(event: Event) -> Promise:
    body, by = event.body, author(event)
    return Promise(
        id=body["promise"],
        tenant=event.tenant,
        contract_id=body["contract"],
        by=by,
        chat=body["chat"],
        at=event.occurred_at,
        due=parse_stamp(body["due"]),
        alarm_id=body["alarm"],
        case_id=body["case"],
        good=body["good"],
        qty_kg=body["qty_kg"],
        amount_cny=Decimal(body["amount_cny"]) if body["amount_cny"] is not None else None,
        said=body["said"],
        pressed_by=event.actor if by != event.actor else None,
    )


def _work(event: Event) -> Work:
    body = event.body
    return Work(
        id=body["work"],
        tenant=event.tenant,
        contract_id=body["contract"],
        by=author(event),
        chat=body["chat"],
        at=event.occurred_at,
        kind=body["kind"],
        tanks=tuple(body["tanks"]),
        starts=parse_stamp(body["starts"]),
        ends=parse_stamp(body["ends"]),
        qty_kg=body["qty_kg"],
        said=body["said"],
    )
