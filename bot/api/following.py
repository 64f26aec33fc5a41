"""The alarms of a chat as they happen, page by page, so that a bank's own system can follow.

A cursor is the time of the last event that was given, and how many of that very time: it says nothing of events that
this chat may not know of. Nothing is given twice, and nothing is left out, however often the bot restarts: what the ledger
holds and the house has not taken up yet waits for the next page, and a lender's chat where somebody unknown may read along
gets no page at all, since a cursor must not pass the alarms that only the lender may know of.
"""

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from bot.api.gate import Access
from bot.api.ports import Inside
from bot.api.problem import Problem, problem
from bot.api.replies import AlarmReply, AlarmsReply
from bot.view import ChatView
from bot.wording.disclosure import seen_only
from domain.contract import Severity
from domain.event import Recorded, parse_stamp, stamp
from domain.people import Audience
from skills.scope import PARTIES

MOST = 200
UNVERIFIED_RETRY_S = 600
"""So often the platform is asked who is in a chat."""
TOLD = frozenset({"alarm.raised", "alarm.changed", "alarm.renewed"})
BY_PEOPLE = frozenset({"alarm.acknowledged", "alarm.closed"})
CURSOR = r"[0-9]{1,16}~[0-9]{1,6}"
"""µs since 1970, and how many events of that time were given."""
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_LIMIT = re.compile(r"[0-9]{1,4}")
FIELDS = {
    "since": "a time with its zone, e.g. 2026-03-12T06:00:00Z: alarms from then on; without it, from the beginning",
    "cursor": "the cursor of the page before; it goes before since",
    "limit": f"at most so many, 1 to {MOST}",
}
"""What may be asked for, and what to write."""


async def page(inside: Inside, access: Access, query: dict[str, str]) -> AlarmsReply | Problem:
    """The alarms behind a cursor, or since a time. query: the request's own words. Raises StoreError."""
    where = _where(query)
    if isinstance(where, Problem):
        return where
    since, given, limit = where
    view, now = inside.view(access.person, access.chat), inside.now()
    if view.denied or access.person.role not in PARTIES:
        return problem(
            HTTPStatus.FORBIDDEN,
            "not_permitted",
            place="",
            detail="alarms of this chat are not open to this token's person",
            remedy="ask the lender for a token of somebody who takes part in the contract",
        )

    if _read_along(access, view):
        return _unverified()

    def wanted(recorded: Recorded) -> bool:
        alarm = inside.alarm(recorded.event.tenant, recorded.event.body["alarm"])
        return alarm is not None and view.told(alarm)

    found = await inside.alarm_events(since, wanted, given + limit + 1)
    known = [r for r in found if r.recorded_at == since][:given]  # of that very time some are new
    fresh = found[len(known) :]
    shown = fresh[:limit]
    return AlarmsReply(
        alarms=[_reply(inside, r, view) for r in shown],
        cursor=_cursor([*known, *shown]) if shown else query.get("cursor"),
        more=len(fresh) > limit,
        as_of=stamp(now),
    )


def _read_along(access: Access, view: ChatView) -> bool:
    """Whether this is a lender's own chat in which not everybody is known, as its membership stands now."""
    return access.chat.audience is Audience.BANK and view.chat is not None and not view.chat.verified


def _unverified() -> Problem:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unverified",
        place="",
        detail="somebody unknown may read along in this chat, so that not all of its alarms may be told",
        remedy="let the chat's members be put in order; then ask again with the same cursor, and nothing is left out",
        retry_after_s=UNVERIFIED_RETRY_S,
    )


def _where(query: dict[str, str]) -> tuple[datetime | None, int, int] | Problem:
    """From when, how many of that very time were given before, and how many at most."""
    for name in query:
        if name not in FIELDS:
            return _wrong(name, "no such parameter", f"leave it out; there are {', '.join(FIELDS)}")
    limit = query.get("limit", "50")
    if not (_LIMIT.fullmatch(limit) and 1 <= int(limit) <= MOST):
        return _wrong("limit", "is no number in its range", f"write {FIELDS['limit']}")
    since: datetime | None = None
    if "since" in query:
        try:
            since = parse_stamp(query["since"])
        except ValueError:
            return _wrong("since", "cannot be read", f"write {FIELDS['since']}")
    if "cursor" in query:
        if not re.fullmatch(CURSOR, query["cursor"]):
            return _wrong("cursor", "is no cursor", f"write {FIELDS['cursor']}")
        at, given = (int(part) for part in query["cursor"].split("~"))
        return _1970 + timedelta(microseconds=at), given, int(limit)
    return since, 0, int(limit)


def _wrong(name: str, detail: str, remedy: str) -> Problem:
    place = f"query {name[:100]}"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "arguments", place=place, detail=detail, remedy=remedy)


def _cursor(given: list[Recorded]) -> str:
    last = given[-1].recorded_at
    return f"{(last - _1970) // timedelta(microseconds=1)}~{sum(r.recorded_at == last for r in given)}"


def _reply(inside: Inside, recorded: Recorded, view: ChatView) -> AlarmReply:
    event = recorded.event
    alarm = inside.alarm(event.tenant, event.body["alarm"])
    assert alarm is not None, "it was wanted"
    seen = view.may(alarm.contract_id)
    told = event.kind in TOLD
    return AlarmReply(
        at=stamp(event.occurred_at),
        event=event.kind.removeprefix("alarm."),  # type: ignore[arg-type]  # pydantic checks it
        alarm=alarm.id,
        contract=alarm.contract_id,
        kind=alarm.kind.value,
        severity=Severity(event.body.get("severity", alarm.severity)).name.lower(),  # type: ignore[arg-type]
        title=inside.title(alarm, seen),
        condition=alarm.condition.value,
        open=alarm.open,
        data_at=event.body.get("data_at"),
        facts=seen_only(event.body["facts"], alarm.kind, seen) if told else None,
        by=_by(event.actor, view) if event.kind in BY_PEOPLE else None,
    )


def _by(actor: str, view: ChatView) -> str | None:
    """Who did it, where the chat knows this person."""
    return actor if view.chat is not None and actor in view.chat.members else None
