"""``insurance:`` and ``registration:`` of a contract: the policies on the goods, and the entry at 中登网."""

from typing import Annotated

from pydantic import Field as Needs

from datasources.workspace.number import Money
from datasources.workspace.part import Part
from datasources.workspace.word import Day, Label, Text, names_of, one_of
from domain.insurance import Cover, Policy
from domain.registration import Amendment, Registration, RegistrationState


class PolicyPart(Part):
    """One policy, as its schedule says."""

    kind: Annotated[Cover, one_of(names_of(Cover))] = Needs(description=f"one of {', '.join(Cover)}")
    insurer: Text = Needs(description="the insurer, e.g. 东海财产保险青岛分公司")
    policy_no: Label = Needs(description="the policy's number")
    sum_insured_cny: Money = Needs(description="保险金额 in CNY, e.g. 150000000.00")
    effective_from: Day = Needs(description="the first day of cover, year-month-day")
    until: Day = Needs(description="the last day of cover, year-month-day")
    beneficiary: Text = Needs(description="第一受益人 as the policy names it, e.g. 甲银行青岛分行")
    covers: tuple[Text, ...] = ()


class AmendmentPart(Part):
    """A change or renewal of the entry."""

    no: Label = Needs(description="its own number")
    registered_on: Day = Needs(description="year-month-day")
    about: Text = Needs(description="what it changed, e.g. 展期三年")


class RegistrationPart(Part):
    """The entry at 中登网, as its certificate says."""

    state: Annotated[RegistrationState, one_of(names_of(RegistrationState))] = Needs(
        description=f"one of {', '.join(RegistrationState)}"
    )
    number: Label | None = None
    registered_on: Day | None = None
    until: Day | None = None
    amendments: tuple[AmendmentPart, ...] = ()


def build_insurance(parts: tuple[PolicyPart, ...]) -> tuple[Policy, ...]:
    """The domain's policies, in the order written."""
    return tuple(
        Policy(
            kind=p.kind,
            insurer=p.insurer,
            policy_no=p.policy_no,
            sum_insured_cny=p.sum_insured_cny,
            effective_from=p.effective_from,
            until=p.until,
            beneficiary=p.beneficiary,
            covers=p.covers,
        )
        for p in parts
    )


def build_registration(part: RegistrationPart | None) -> Registration | None:
    """The domain's entry; None where the file says nothing of one."""
    if part is None:
        return None
    return Registration(
        state=part.state,
        number=part.number,
        registered_on=part.registered_on,
        until=part.until,
        amendments=tuple(Amendment(no=a.no, registered_on=a.registered_on, about=a.about) for a in part.amendments),
    )
