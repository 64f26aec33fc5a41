"""What a person may do by a press besides cases and answers to alarms, and what is kept of it. Pure nouns."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.event import Json


class Deed(StrEnum):
    """What a proposal would do once somebody presses it."""

    DISPUTE = "dispute"  # 有异议 on an alarm, with the reason
    COMMIT = "commit"  # a promise of goods or money by a time
    DONE = "done"  # a claim that something was done: no evidence
    SNOOZE = "snooze"  # reminders of an alarm pause
    ESCALATE = "escalate"  # those above are asked now
    WORKS = "works"  # work at tanks is announced
    SUBSCRIBE = "subscribe"  # a personal threshold, or how often reports are wanted
    TELL = "tell"  # somebody's words are passed on


class Ended(StrEnum):
    """How a promise ended."""

    KEPT = "kept"  # what was promised came, by the papers or by money that the lender confirmed
    MOOT = "moot"  # the alarm that it was for has ended
    LAPSED = "lapsed"  # its time passed without either


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person would do, not yet pressed. body: as its event will hold it, JSON values only."""

    deed: Deed
    contract_id: str
    alarm_id: str | None = None
    body: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """So much goods in kg or money in CNY by ``due``. alarm_id: the alarm that it is for.

    by: whose words ``said`` are; pressed_by: the colleague who has pressed for them, None where they did themselves.
    """

    id: str
    tenant: str
    contract_id: str
    by: str
    chat: str
    at: datetime
    due: datetime
    alarm_id: str | None
    case_id: str | None
    good: str | None
    qty_kg: int | None
    amount_cny: Decimal | None
    said: str
    pressed_by: str | None = None
    ended: Ended | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Work announced at tanks from ``starts`` to ``ends``. kind: a key of the words. It silences nothing.

    by: who has said so, whoever pressed.
    """

    id: str
    tenant: str
    contract_id: str
    by: str
    chat: str
    at: datetime
    kind: str
    tanks: tuple[str, ...]
    starts: datetime
    ends: datetime
    qty_kg: int | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A person's own mark: told alone when ``metric`` falls below. value: CNY, or a ratio (0.75).

    beyond: on which side the figure was when last looked at; None: not looked at since it was set.
    """

    contract_id: str
    tenant: str
    person: str
    chat: str
    metric: str
    value: Decimal
    beyond: bool | None = None
