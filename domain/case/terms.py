"""What the contract says about goods leaving and coming: the rule, the paper, the people at each step."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class ReleaseRule(StrEnum):
    """When goods may leave: against payment (先款后货), or as long as the value stays above the floor (超额提货)."""

    PAYMENT_FIRST = "payment_first"
    ABOVE_FLOOR = "above_floor"


class NoticeSource(StrEnum):
    """Which release notice counts: the one that two people of the lender registered here, or what the depot holds."""

    REGISTERED = "registered"
    DEPOT_PAPER = "depot_paper"


class Step(StrEnum):
    """What a case waits for."""

    PAYMENT = "payment"  # the lender confirms that the money is there
    SIGN = "sign"  # a person of the lender registers the sealed notice
    COUNTERSIGN = "countersign"  # a second person of the lender confirms it
    VERIFY = "verify"  # the depot holds the paper against the registered notice
    LIFT = "lift"  # the goods are taken, under work orders that name the notice
    BRING = "bring"  # the goods of a swap or top-up arrive
    ACCEPT = "accept"  # the lender takes what was brought into the pledge


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDuty:
    """Who acts at a step: @-mentioned in this chat, within ``ack_s`` seconds (None: only told), else escalated."""

    person: str
    chat: str
    ack_s: float | None = None
    escalate_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """These people for this step, and at this site only where one is named."""

    step: Step
    duties: tuple[StepDuty, ...]
    site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapTerms:
    """换货. value_ratio: V_in × (1 − h_in) ≥ value_ratio × V_out × (1 − h_out). What comes, comes first."""

    value_ratio: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseTerms:
    """How goods leave. Without these terms a contract has no cases, and the depot's papers count as they always did.

    redeem_ratio: paid ≥ released value × redeem_ratio; None: the contract's initial LTV. validity_s: how long a
    notice is good for unless it says otherwise. lift_ratio: how far a lift may differ from its notice (0.005).
    swap None: this contract allows none. steps: who acts; a step without a rule is open to every lender or depot role.
    """

    rule: ReleaseRule = ReleaseRule.PAYMENT_FIRST
    notice: NoticeSource = NoticeSource.REGISTERED
    redeem_ratio: Decimal | None = None
    validity_s: float = 172_800.0
    lift_ratio: Decimal = Decimal("0.005")
    swap: SwapTerms | None = None
    steps: tuple[StepRule, ...] = field(default=())

    def duties_at(self, step: Step, site: str | None = None) -> tuple[StepDuty, ...]:
        """Everybody who must act at this step; the rule for the site goes before the general one."""
        fits = [r for r in self.steps if r.step is step and r.site in (None, site)]
        chosen = max(fits, key=lambda r: r.site is not None, default=None)
        return chosen.duties if chosen is not None else ()
