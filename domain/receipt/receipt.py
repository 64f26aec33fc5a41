"""A warehouse receipt (仓单) as a value: its number, whose cargo in which tanks, until when. No arithmetic of a pledge.

A number means one receipt for ever: what was released, cancelled or split is never pledged again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.calendar import CHINA


class State(StrEnum):
    """Where a receipt stands. Expiry is no state: it follows from the date, and an extension moves it."""

    OPEN = "open"  # issued, not pledged
    PLEDGED = "pledged"
    PARTLY_RELEASED = "partly_released"  # pledged for what is left
    RELEASED = "released"
    CANCELLED = "cancelled"
    SPLIT = "split"  # lives on in the numbers that it was split into

    @property
    def live(self) -> bool:
        """The lender holds it in pledge."""
        return self in {State.PLEDGED, State.PARTLY_RELEASED}

    @property
    def over(self) -> bool:
        """Nothing can happen to this number any more."""
        return self in {State.RELEASED, State.CANCELLED, State.SPLIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One receipt as the depot ``issuer`` wrote it: integer kg in air by tank id, each above 0, of one good and owner.

    expires_on: the last day (China) on which it is good; None: it does not expire. split_from: the number before.
    """

    no: str
    issuer: str
    owner: str
    good: str
    parts: Mapping[str, int]
    issued_on: date
    expires_on: date | None = None
    split_from: str | None = None

    @property
    def kg(self) -> int:
        """All tanks together."""
        return sum(self.parts.values())

    def expired(self, now: datetime) -> bool:
        """Its last day in China is over."""
        return self.expires_on is not None and now.astimezone(CHINA).date() > self.expires_on

    def ends_within(self, days: int, now: datetime) -> bool:
        """Its last day in China is no more than so many days away, or over."""
        return self.expires_on is not None and (self.expires_on - now.astimezone(CHINA).date()).days <= days

    @property
    def lapses_at(self) -> datetime | None:
        """The first moment at which it is no longer good."""
        if self.expires_on is None:
            return None
        following = self.expires_on + timedelta(days=1)
        return datetime(following.year, following.month, following.day, tzinfo=CHINA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A receipt and what became of it. pledged: kg by tank still in pledge; contract_id: the last it was written to.

    pledged_at: when it, or the number before it, came into pledge. changed_at: when its state last changed.
    """

    receipt: Receipt
    state: State
    pledged: Mapping[str, int]
    contract_id: str | None
    pledged_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def left_kg(self) -> int:
        """What is still in pledge, over all tanks."""
        return sum(self.pledged.values())

    def counts(self, now: datetime) -> bool:
        """In pledge and not expired: it covers cargo that may be valued."""
        return self.state.live and not self.receipt.expired(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptBook(Mapping[str, Standing]):
    """Every receipt that one lender ever knew, by number."""

    lender: str
    standings: Mapping[str, Standing] = field(default_factory=dict)

    def __getitem__(self, no: str) -> Standing:
        return self.standings[no]

    def __iter__(self) -> Iterator[str]:
        return iter(self.standings)

    def __len__(self) -> int:
        return len(self.standings)

    def of(self, contract_id: str) -> tuple[Standing, ...]:
        """The receipts of one contract, dead ones too, in the order in which they came."""
        return tuple(s for s in self.standings.values() if s.contract_id == contract_id)
