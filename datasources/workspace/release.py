"""``release:`` of a contract: when goods may leave, which paper counts, what a swap is worth, who acts at each step."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field as Needs

from datasources.workspace.number import Hours, Minutes, Ratio, ratio
from datasources.workspace.part import Part
from datasources.workspace.word import Id, names_of, one_of
from domain.case.terms import NoticeSource, ReleaseRule, ReleaseTerms, Step, StepDuty, StepRule, SwapTerms

HOUR_S = 3600.0
MINUTE_S = 60.0


class StepDutyPart(Part):
    """One person who acts at a step; without ack_minutes only told."""

    person: Id = Needs(description="an id of people.yaml")
    chat: Id = Needs(description="the chat in which that person is @-mentioned")
    ack_minutes: Minutes | None = None
    escalate_to: tuple[Id, ...] = ()


class StepRulePart(Part):
    """Who acts at a step, and at this site only where one is named."""

    step: Annotated[Step, one_of(names_of(Step))] = Needs(description=f"one of {', '.join(Step)}")
    site: Id | None = None
    tell: tuple[StepDutyPart, ...] = Needs(description="the people, in the order in which the message names them")


class SwapPart(Part):
    """换货: what comes must be worth so much of what leaves, both after their haircuts."""

    value_ratio: Annotated[Decimal, ratio(low=Decimal(1), high=Decimal(2))] = Decimal(1)


class ReleasePart(Part):
    """提货、换货、补货."""

    rule: Annotated[ReleaseRule, one_of(names_of(ReleaseRule))] = ReleaseRule.PAYMENT_FIRST
    notice: Annotated[NoticeSource, one_of(names_of(NoticeSource))] = NoticeSource.REGISTERED
    redeem_ratio: Ratio | None = None
    validity_hours: Hours = 48.0
    lift_ratio: Annotated[Decimal, ratio(high=Decimal("0.1"))] = Decimal("0.005")
    swap: SwapPart | None = None
    steps: tuple[StepRulePart, ...] = ()


def build_release(part: ReleasePart | None) -> ReleaseTerms | None:
    """The domain's terms: hours and minutes become seconds."""
    if part is None:
        return None
    return ReleaseTerms(
        rule=part.rule,
        notice=part.notice,
        redeem_ratio=part.redeem_ratio,
        validity_s=part.validity_hours * HOUR_S,
        lift_ratio=part.lift_ratio,
        swap=SwapTerms(value_ratio=part.swap.value_ratio) if part.swap is not None else None,
        steps=tuple(StepRule(step=r.step, site=r.site, duties=tuple(_duty(d) for d in r.tell)) for r in part.steps),
    )


def _duty(part: StepDutyPart) -> StepDuty:
    return StepDuty(
        person=part.person,
        chat=part.chat,
        ack_s=part.ack_minutes * MINUTE_S if part.ack_minutes is not None else None,
        escalate_to=tuple(part.escalate_to),
    )
