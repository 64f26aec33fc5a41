"""What a skill that answers of now needs to answer of then: the moment that is asked, and a view of how it stood.

Who may read what is today's: nobody sees more of a past moment than of the present.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, timezone

from domain.contract import Contract, Field
from domain.event import Json, stamp
from domain.people import Chat, Person
from domain.position import Position
from domain.tank import Tank
from skills.ports import Reading, Stand, Then, View
from skills.scope import asked
from skills.skill import Answer, Status
from skills.span import span_of

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
JUST = timedelta(minutes=1)
"""A span that ended so lately ends now: 今天上午 at ten is asked of now."""
AFTER = timedelta(days=1)
"""So far behind a silent moment the next reading is looked for."""
_PRESENT = frozenset({"now", "today"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """How the visible contracts stood at ``now``. Tanks that are pledged no longer are as if they had never been."""

    view: View
    then: Then
    now: datetime

    @property
    def actor(self) -> Person | None:
        """Who asks."""
        return self.view.actor

    @property
    def chat(self) -> Chat | None:
        """Where it is asked."""
        return self.view.chat

    @property
    def denied(self) -> bool:
        """Nothing may be shown."""
        return self.view.denied

    def contracts(self) -> tuple[Contract, ...]:
        """Those visible today that there were then, as they were."""
        return tuple(self.then.contracts[c.id] for c in self.view.contracts() if c.id in self.then.contracts)

    def may(self, contract_id: str) -> frozenset[Field]:
        """By today's rules."""
        return self.view.may(contract_id)

    def position(self, contract_id: str) -> Position | None:
        """The position of then, of the tanks that are still pledged."""
        found = self.then.positions.get(contract_id)
        if found is None:
            return None
        mine = {t for c in self.view.contracts() if c.id == contract_id for t in c.tank_ids()}
        return replace(found, items=tuple(i for i in found.items if i.holding.tank_id in mine))

    def reading(self, tank_id: str) -> Reading:
        """The newest reading of then."""
        return self.then.readings[tank_id]

    def tank(self, tank_id: str) -> Tank:
        """The tank as it is today."""
        return self.view.tank(tank_id)


def reaches_now(end: datetime, now: datetime) -> bool:
    """A span with this end is asked of now, too: words are understood, and a model is waited for, before it is answered."""
    return now - end <= JUST


def up_to(end: datetime, now: datetime) -> datetime:
    """The end of a span that may reach beyond what is known: ``now`` where it does, or ended only just."""
    return now if reaches_now(end, now) else end


def past(slots: Json) -> bool:
    """Another time than the present is named."""
    return slots.get("time", "now") not in _PRESENT


def moment(view: View, said: str) -> datetime | Answer:
    """The end of the span that is asked; a question back where it is no time, or not over yet."""
    span = span_of(said)
    if span is None:
        return Answer(status=Status.CLARIFY, kind="then_when", facts={"about": "time"})
    if span.end > view.now:
        return Answer(status=Status.CLARIFY, kind="then_when", facts={"about": "future"})
    return span.end


def stood_at(view: View, contracts: tuple[Contract, ...], at: datetime) -> tuple[Then, datetime] | Answer:
    """How it stood at ``at``, else at the first moment of which there is a record, and which moment that is."""
    found = view.then(at)
    if found is not None:
        return found, at
    began = [b for c in contracts if (h := view.history(c.id)) is not None and (b := h.begins()) is not None]
    first = view.then(min(began)) if began else None
    if first is None:
        return Answer(status=Status.NO_DATA, kind="then_when", facts={"about": "before", "at": stamp(at)})
    return first, min(began)


def told_of(at: datetime, asked_at: datetime, then: Then) -> Json:
    """The moment for the words. end_of: the day that it is the end of. nearest: nothing is known of what was asked."""
    return {"at": stamp(at), "asked": stamp(asked_at), "nearest": at != asked_at, "of_then": then.of_then,
            "asked_end_of": end_of(asked_at), "after": None}  # fmt: skip


def end_of(at: datetime) -> str | None:
    """The day in China that ends at this moment, as ISO; None where it is no midnight."""
    local = at.astimezone(CHINA)
    return (local.date() - timedelta(days=1)).isoformat() if local.time() == time() else None


def at_moment(view: View, arguments: Mapping[str, str], tell: Callable[[Stand, Mapping[str, str]], Answer]) -> Answer:
    """What ``tell`` says of the end of ``time``; of the first record, without figures for machines, where there was none."""
    at = moment(view, arguments["time"])
    if isinstance(at, Answer):
        return at
    contracts = asked(view, arguments)
    if isinstance(contracts, Answer):
        return contracts
    if reaches_now(at, view.now):
        return tell(view, arguments)
    found = stood_at(view, contracts, at)
    if isinstance(found, Answer):
        return found
    then, stood = found
    answer = tell(Past(view=view, then=then, now=stood), arguments)
    if "then" not in answer.facts:
        return answer
    told = told_of(stood, at, then) | {"after": _after(view, contracts, answer.facts, stood)}
    answer = replace(answer, facts={**answer.facts, "then": told})
    return replace(answer, status=Status.NO_DATA, figures=()) if stood != at else answer


def _after(view: View, contracts: tuple[Contract, ...], facts: Json, at: datetime) -> Json | None:
    """The next level of one silent tank, within a day; None where it was heard, or more than one is asked about."""
    rows = facts["rows"]
    if len(rows) != 1 or facts["by"] != "tank" or rows[0]["freshness"] == "fresh" or "level_mm" not in rows[0]:
        return None
    tank = rows[0]["tank"]
    mine = next((c for c in contracts if tank in c.tank_ids()), None)
    history = view.history(mine.id) if mine is not None else None
    if history is None:
        return None
    levels = history.levels(tank, at, min(at + AFTER, view.now))
    return {"at": stamp(levels[0][0]), "level_mm": levels[0][1]} if levels else None
