"""What the console shows beside the chat, as plain rows. Built from the newest state; nothing here computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from domain.contract import Line, Severity
from domain.people import Chat, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class TankRow:
    """One tank now: filling as 0–1 of the safe height, tonnes, °C, age in seconds; None where unknown.

    state: 'fresh', 'stale', 'silent' or 'never'. why: names of quality bits.
    """

    site_id: str
    site_name: str
    tank_id: str
    good_name: str
    filling: float | None
    level_mm: float | None
    temp_c: float | None
    tonnes: float | None
    age_s: float | None
    state: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """One contract now, in CNY. history: (time, recognised value) over the last hours, thinned, oldest first.

    ltv, coverage and exposure are None where the viewer may not see them. Of the first two, one: as the contract writes.
    """

    contract_id: str
    name: str
    lender: str
    recognised: Decimal
    last_known: Decimal
    lines: Mapping[Line, Decimal]
    ltv: Decimal | None
    exposure: Decimal | None
    fresh_ratio: Decimal
    known: bool
    history: tuple[tuple[datetime, Decimal], ...]
    coverage: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One open alarm: its id, severity, a one-line title, and the names of those who have not answered."""

    alarm_id: str
    contract_id: str
    severity: Severity
    title: str
    condition: str
    raised_at: datetime
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRow:
    """One gateway: connected, answers but bad, or lost."""

    site_id: str
    site_name: str
    good: int
    tanks: int
    last_poll_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything beside the chat at one moment. version changes whenever anything does."""

    at: datetime
    version: int
    tanks: tuple[TankRow, ...]
    projects: tuple[ProjectRow, ...]
    alarms: tuple[AlarmRow, ...]
    gateways: tuple[GatewayRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One lever of the simulated depot: its name, Chinese label, and parameters with their defaults."""

    name: str
    label: str
    parameters: Mapping[str, Any]


class Desk(Protocol):
    """What the console's pages need. ``demo``: acting as any person, and the levers, are allowed."""

    @property
    def demo(self) -> bool:
        """Only in ``xiaoliuzi demo``."""

    def people(self) -> tuple[Person, ...]:
        """Everybody whom one may act as (demo), in the workspace's order."""

    def label(self, person_id: str) -> str:
        """How the group calls this person, for example 港储一库李主管."""

    def role_name(self, person_id: str) -> str:
        """The person's role in Chinese."""

    def chats(self, person_id: str | None) -> tuple[Chat, ...]:
        """The chats of a person; all of them for None (read-only)."""

    def board(self, person_id: str | None) -> Board:
        """The board as this person may see it; None: as the operator of this machine."""

    def levers(self) -> tuple[Lever, ...]:
        """The depot's levers; empty outside the demo."""

    async def pull(self, name: str, parameters: Mapping[str, Any]) -> str:
        """Pull a lever; a line that says what the depot answered. Raises SourceError."""
