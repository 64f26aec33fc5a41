"""Checks of ``insurance:`` and ``registration:``: numbers once, days in order, and what has run out is said."""

from collections.abc import Mapping
from datetime import datetime

from datasources.workspace.contracts import ContractFile
from datasources.workspace.insurance import PolicyPart, RegistrationPart
from datasources.workspace.part import Sheet
from domain.calendar import CHINA
from domain.registration import RegistrationState


def check_insurance(sheet: Sheet[ContractFile], names: Mapping[str, str], now: datetime) -> None:
    """Every policy of one contract. names: full names of the organisations by id."""
    numbers: dict[str, int] = {}
    for policy in sheet.part.insurance:
        if policy.policy_no in numbers:
            wrong = f"policy {policy.policy_no!r} is there already, in line {numbers[policy.policy_no]}"
            sheet.error(policy, "policy_no", wrong=wrong, instead="delete one of the two, or correct the number")
        numbers.setdefault(policy.policy_no, policy.node.line)
        _check_policy(sheet, policy, names)
    today = now.astimezone(CHINA).date()
    last = max((p.until for p in sheet.part.insurance), default=today)
    if last < today and "insurance" not in sheet.broken:
        wrong = f"the last policy ended on {last}: the goods count as not insured"
        sheet.warn(sheet.part, "insurance", wrong=wrong, instead="add the policy that follows it")


def _check_policy(sheet: Sheet[ContractFile], policy: PolicyPart, names: Mapping[str, str]) -> None:
    if policy.until < policy.effective_from:
        wrong = f"{policy.until} lies before effective_from {policy.effective_from}"
        sheet.error(policy, "until", wrong=wrong, instead="exchange the two, or correct the year")
    if policy.sum_insured_cny <= 0:
        wrong = f"{policy.sum_insured_cny} insures nothing"
        sheet.error(policy, "sum_insured_cny", wrong=wrong, instead="write 保险金额 in CNY, more than 0")
    lender = names.get(sheet.part.lender or "")
    if lender is not None and policy.beneficiary != lender:
        wrong = f"the first beneficiary is {policy.beneficiary!r}, the lender is {lender!r}"
        sheet.warn(policy, "beneficiary", wrong=wrong, instead="have the policy name the lender, or correct the name")


def check_registration(sheet: Sheet[ContractFile], now: datetime) -> None:
    """The entry of one contract: its days run forward, a registered one has its number, one that ran out is told."""
    entry = sheet.part.registration
    if entry is None or "registration" in sheet.broken:
        return
    if entry.state is not RegistrationState.PENDING:
        for key in ("number", "registered_on"):
            if getattr(entry, key) is None:
                wrong = f"the entry is {entry.state} and has no {key}"
                sheet.error(entry, key, wrong=wrong, instead=f"write {key}: as on the certificate, or state: pending")
    _check_days(sheet, entry)
    today = now.astimezone(CHINA).date()
    if entry.state is RegistrationState.REGISTERED and entry.until is not None and entry.until < today:
        wrong = f"the registration ran out on {entry.until}"
        sheet.warn(entry, "until", wrong=wrong, instead="renew it, and write the new last day")
    numbers: dict[str, int] = {}
    for change in entry.amendments:
        if change.no in numbers:
            wrong = f"amendment {change.no!r} is there already, in line {numbers[change.no]}"
            sheet.error(change, "no", wrong=wrong, instead="delete one of the two, or correct the number")
        numbers.setdefault(change.no, change.node.line)


def _check_days(sheet: Sheet[ContractFile], entry: RegistrationPart) -> None:
    begun = entry.registered_on
    if begun is None:
        return
    if entry.until is not None and entry.until < begun:
        wrong = f"{entry.until} lies before registered_on {begun}"
        sheet.error(entry, "until", wrong=wrong, instead="exchange the two, or correct the year")
    for change in entry.amendments:
        if change.registered_on < begun:
            wrong = f"{change.registered_on} lies before the entry itself, {begun}"
            sheet.error(change, "registered_on", wrong=wrong, instead="correct the date, or put it into an own entry")
