"""One request about pledged goods and everything that became of it, as the fold of its events.

requested → (paid | brought) → signed → sealed → verified → lifting → executed, or ended on the way: refused by the
lender, withdrawn by the borrower, revoked by the lender, expired. A top-up goes requested → brought → executed, by the
lender's acceptance; a swap needs that acceptance before its notice can be registered.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from domain.case.terms import Step
from domain.event import Json


class CaseKind(StrEnum):
    """What is asked for. The prefix of a case's number: RC, SW, TU."""

    RELEASE = "release"
    SWAP = "swap"
    TOP_UP = "top_up"


class Stage(StrEnum):
    """How far a case has come."""

    REQUESTED = "requested"
    PAID = "paid"
    BROUGHT = "brought"  # what was to come has come: by work orders, within the tolerance
    SIGNED = "signed"
    SEALED = "sealed"  # the notice is in force
    VERIFIED = "verified"
    LIFTING = "lifting"
    EXECUTED = "executed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


ENDS = frozenset({Stage.EXECUTED, Stage.EXPIRED, Stage.REVOKED, Stage.REFUSED, Stage.WITHDRAWN})
IN_FORCE = frozenset({Stage.SEALED, Stage.VERIFIED, Stage.LIFTING})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """So many kg (> 0) of a good out of, or into, one tank; ``receipt``: under this warehouse receipt."""

    tank_id: str
    good: str
    kg: int
    receipt: str | None = None


@lru_cache(maxsize=4096)  # every judgement holds every order against every notice
def plain_no(no: str) -> str:
    """A notice's number as it is compared: in plain width and capitals, without blanks or what nobody can see."""
    wide = unicodedata.normalize("NFKC", no).upper()
    return "".join(c for c in wide if c.isprintable() and not c.isspace())


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredNotice:
    """《提货通知书》 as two people of the lender registered it: its own number, and while it is good.

    revision: of the case, when the first person registered it: who confirms must have seen this one.
    """

    no: str
    valid_from: datetime
    valid_until: datetime
    signed_by: str
    revision: int
    sealed_by: str | None = None
    sealed_at: datetime | None = None

    def covers(self, when: datetime) -> bool:
        """Sealed by then and not yet over, both ends included."""
        return self.sealed_at is not None and self.sealed_at <= when <= self.valid_until

    def named(self, no: str | None) -> bool:
        """Whether this number, as a depot or a person writes it, is the notice's."""
        return no is not None and plain_no(no) == plain_no(self.no)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One person whom the case waits for. due None: only told."""

    person: str
    chat: str
    step: Step
    due: datetime | None
    escalate_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case as its events tell it.

    check: the figures by which it was judged when it was filed, or at the last step that took them anew
    (``domain.case.check``); amounts in CNY as strings. paid_cny: what the lender confirmed. lifted, brought: kg by
    (work order, tank) matched so far. progress: what that is worth and what is still
    missing, at the prices of then. accepted_by: who took what came into the pledge. declined: why the depot will
    not let the goods go; else None. waits: for whom it waits now. asked: each chat in which it ever waited for
    somebody, with the revision at which it first did. verifiers: who was asked to hold the paper against the notice,
    and hears when it is over.
    """

    id: str
    tenant: str
    contract_id: str
    kind: CaseKind
    stage: Stage
    by: str
    chat: str
    filed_at: datetime
    out: tuple[CaseLine, ...]
    into: tuple[CaseLine, ...]
    cash_cny: Decimal
    check: Json
    revision: int
    paid_cny: Decimal = Decimal("0.00")
    notice: RegisteredNotice | None = None
    progress: Json = field(default_factory=dict)
    accepted_by: str | None = None
    verified_by: str | None = None
    declined: str | None = None
    declined_at: datetime | None = None
    lifted: Mapping[tuple[str, str], int] = field(default_factory=dict)
    brought: Mapping[tuple[str, str], int] = field(default_factory=dict)
    waits: tuple[Actor, ...] = ()
    asked: Mapping[str, int] = field(default_factory=dict)
    verifiers: tuple[Actor, ...] = ()
    stage_at: datetime | None = None
    reminders: int = 0
    reminded_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    why: str | None = None

    @property
    def open(self) -> bool:
        """Not yet at an end."""
        return self.stage not in ENDS

    def lifted_kg(self, tank_id: str | None = None) -> int:
        """What work orders under this notice took, of one tank or of all."""
        return sum(kg for (_, tank), kg in self.lifted.items() if tank_id in (None, tank))

    def brought_kg(self, tank_id: str | None = None) -> int:
        """What work orders brought for this case."""
        return sum(kg for (_, tank), kg in self.brought.items() if tank_id in (None, tank))

    @property
    def to_pay_cny(self) -> Decimal:
        """What the request costs: as it was told when it was filed, and the money that was promised with it."""
        return max(Decimal(self.check["to_pay_cny"]), self.cash_cny)

    @property
    def unpaid_cny(self) -> Decimal:
        """What of it the lender has not confirmed yet."""
        return max(self.to_pay_cny - self.paid_cny, Decimal("0.00"))

    def kg_of(self, lines: "tuple[CaseLine, ...]") -> dict[str, int]:
        """These lines' kg by tank: several receipts may lie in one."""
        sums: dict[str, int] = {}
        for line in lines:
            sums[line.tank_id] = sums.get(line.tank_id, 0) + line.kg
        return sums

    @property
    def out_kg(self) -> int:
        """What is asked to leave, in all."""
        return sum(line.kg for line in self.out)

    @property
    def in_kg(self) -> int:
        """What is promised to come, in all."""
        return sum(line.kg for line in self.into)
