"""A message that is owed, from the commit that demands it to the platform's word that it has it.

planned → leased → sent | rejected | dropped, and back to planned after 'throttled' or 'not sent'. What may or may
not have arrived (unknown, or a lease that a crash cut short) is sent once more, marked 补发, where a contract
demands the message; where it does not, it is closed as unknown. Both are counted. A crash does not use up that one
repeat: a duty that is cut short again goes out again, always marked.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.message import OutMessage
from domain.notice import Priority


class DeliveryState(StrEnum):
    """Where a debt stands. PLANNED and LEASED still cost work; the others are final."""

    PLANNED = "planned"
    LEASED = "leased"
    SENT = "sent"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When the data behind a message was taken, received and judged: the stages of the minute. None: not by data."""

    taken_at: datetime | None = None
    received_at: datetime | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """One outgoing message. ``key`` is unique for ever: owing it again changes nothing.

    thread: alarm id whose first message in this chat it answers. edit_of: key of the debt whose message it replaces.
    """

    key: str
    tenant: str
    chat: str
    priority: Priority
    message: OutMessage
    template: str
    thread: str | None = None
    revision: int = 0
    edit_of: str | None = None
    timing: Timing = Timing()

    @property
    def must_arrive(self) -> bool:
        """Demanded by a contract: sent once more when it may not have arrived."""
        return self.priority <= Priority.LIFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A debt as the outbox holds it. ``resend``: it goes out again after an unknown outcome, marked as such."""

    debt: Debt
    seq: int
    state: DeliveryState
    attempts: int
    resend: bool
    due_at: datetime
    committed_at: datetime
    sent_at: datetime | None
    ref: str | None
    why: str | None
