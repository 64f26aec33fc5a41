"""Insurance of the pledged goods (质物保险) as the contract's file records it: policies, and which of them are in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Cover(StrEnum):
    """What a policy insures against, as it is sold in China."""

    PROPERTY_BASIC = "property_basic"  # 财产基本险
    PROPERTY_COMPREHENSIVE = "property_comprehensive"  # 财产综合险
    PROPERTY_ALL_RISKS = "property_all_risks"  # 财产一切险
    CARGO = "cargo"  # 货物运输险
    LIABILITY = "liability"  # 责任险


OF_GOODS = frozenset({Cover.PROPERTY_BASIC, Cover.PROPERTY_COMPREHENSIVE, Cover.PROPERTY_ALL_RISKS})
"""Kinds whose sum insured stands for the goods in the tanks, so that it may be held against their value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy (保单), both days included. beneficiary: the first one (第一受益人). covers: perils, as it names them."""

    kind: Cover
    insurer: str
    policy_no: str
    sum_insured_cny: Decimal
    effective_from: date
    until: date
    beneficiary: str
    covers: tuple[str, ...] = ()

    def in_force(self, today: date) -> bool:
        """Whether it covers this day."""
        return self.effective_from <= today <= self.until

    def days_left(self, today: date) -> int:
        """Days after today on which it still covers; negative: over since."""
        return (self.until - today).days


def insured_cny(policies: Iterable[Policy], today: date) -> Decimal | None:
    """Sums insured of the goods in force today, in CNY; None where no such policy is in force."""
    sums = [p.sum_insured_cny for p in policies if p.kind in OF_GOODS and p.in_force(today)]
    return sum(sums, Decimal("0.00")) if sums else None
