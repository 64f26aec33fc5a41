"""A depot's papers about cargo on the move: work orders, release notices, and the book. Claims, not measurements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from domain.errors import SourceMalformed

T = TypeVar("T")


class Direction(StrEnum):
    """Which way cargo goes, seen from the tank that the order names. process: into a plant (投料), or out of it (产出)."""

    IN = "in"
    OUT = "out"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    PROCESS_IN = "process_in"
    PROCESS_OUT = "process_out"

    @property
    def leaves(self) -> bool:
        """The tank's level falls under this order."""
        return self in {Direction.OUT, Direction.TRANSFER_OUT, Direction.PROCESS_OUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOrder:
    """One tank's line of an operation that the depot declares; a transfer is two lines with one number.

    Masses in integer kg in air, never negative; open until ``closed_at``. done_kg is what the depot says has moved so
    far. owner: whose cargo, by the name in the depot's book; None: the depot does not say. Raises SourceMalformed for
    naive times or negative masses.
    """

    no: str
    site_id: str
    tank_id: str
    direction: Direction
    good: str
    planned_kg: int
    done_kg: int
    opened_at: datetime
    closed_at: datetime | None = None
    release_no: str | None = None
    owner: str | None = None

    def __post_init__(self) -> None:
        what = f"work order {self.no!r}"
        _check_mass(what, planned_kg=self.planned_kg, done_kg=self.done_kg)
        _check_aware(what, opened_at=self.opened_at, closed_at=self.closed_at)
        if self.closed_at is not None and self.closed_at < self.opened_at:
            raise SourceMalformed(f"{what}: closed_at {self.closed_at} before opened_at {self.opened_at}")

    def open_at(self, when: datetime) -> bool:
        """The order covers this moment, both ends included."""
        return self.opened_at <= when and (self.closed_at is None or when <= self.closed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNotice:
    """提货通知书: the lender lets this owner take mass_kg of a good. ``sealed``: the depot says that it saw the seal.

    Raises SourceMalformed for naive times, a negative mass, or an end before the issue.
    """

    no: str
    owner: str
    site_id: str
    tank_id: str
    good: str
    mass_kg: int
    issued_at: datetime
    valid_until: datetime
    sealed: bool

    def __post_init__(self) -> None:
        what = f"release notice {self.no!r}"
        _check_mass(what, mass_kg=self.mass_kg)
        _check_aware(what, issued_at=self.issued_at, valid_until=self.valid_until)
        if self.valid_until < self.issued_at:
            raise SourceMalformed(f"{what}: valid_until {self.valid_until} before issued_at {self.issued_at}")

    def valid_at(self, when: datetime) -> bool:
        """The notice is in force at this moment, both ends included. Says nothing about its seal."""
        return self.issued_at <= when <= self.valid_until


def notice_for(order: WorkOrder, releases: Iterable[ReleaseNotice]) -> ReleaseNotice | None:
    """The sealed release notice that this order names, for its tank and in force when the order was opened."""
    for notice in releases:
        same = notice.no == order.release_no and notice.tank_id == order.tank_id and notice.sealed
        if same and notice.valid_at(order.opened_at):
            return notice
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """The depot's book: this owner has mass_kg of a good in this tank. Raises SourceMalformed as the others do.

    heel_kg: the owner's part of the dead stock where the book keeps it apart; mass_kg is then what lies above the
    heel, and the owner's whole cargo is the sum. 0: mass_kg is all.
    """

    site_id: str
    tank_id: str
    good: str
    owner: str
    mass_kg: int
    as_of: datetime
    heel_kg: int = 0

    def __post_init__(self) -> None:
        what = f"book row of tank {self.tank_id!r} and owner {self.owner!r}"
        _check_mass(what, mass_kg=self.mass_kg, heel_kg=self.heel_kg)
        _check_aware(what, as_of=self.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(Generic[T]):
    """One answer of a feed: what it says, as of when it says so, and when it reached us."""

    rows: tuple[T, ...]
    as_of: datetime
    received_at: datetime

    def __post_init__(self) -> None:
        _check_aware("feed", as_of=self.as_of, received_at=self.received_at)

    def age_s(self, now: datetime) -> float:
        """Age of the content in seconds. A sender whose clock runs ahead is no younger than its arrival here."""
        return (now - min(self.as_of, self.received_at)).total_seconds()


def _check_mass(what: str, **masses: int) -> None:
    for name, kg in masses.items():
        if kg < 0:
            raise SourceMalformed(f"{what}: {name} {kg} kg, at least 0 is allowed")


def _check_aware(what: str, **times: datetime | None) -> None:
    for name, when in times.items():
        if when is not None and when.utcoffset() is None:
            raise SourceMalformed(f"{what}: {name} {when.isoformat()} has no time zone; send UTC, for example with Z")
