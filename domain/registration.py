"""The pledge's registration (动产融资统一登记, 中登网) as the contract's file records it. Nothing is looked up there."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RegistrationState(StrEnum):
    """What the file says of it; that it has run out follows from its last day."""

    PENDING = "pending"  # 办理中
    REGISTERED = "registered"  # 已登记
    CANCELLED = "cancelled"  # 已注销


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A change or renewal of the entry (变更登记, 展期), under its own number."""

    no: str
    registered_on: date
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The entry: its number and days as the certificate (证明) has them; a pending one has none yet."""

    state: RegistrationState
    number: str | None = None
    registered_on: date | None = None
    until: date | None = None
    amendments: tuple[Amendment, ...] = ()

    def expired(self, today: date) -> bool:
        """Its last day has passed."""
        return self.until is not None and self.until < today
