"""``insurance:`` and ``registration:`` in a contract's file: what they mean, and every mistake with what to write instead."""

from datetime import date
from decimal import Decimal

import pytest

from domain.insurance import Cover, insured_cny
from domain.registration import RegistrationState
from tests.fakes.mistakes import copy_of_sound, found

FILE = "contracts/a.yaml"
PAPERS = """
insurance:
  - kind: property_all_risks
    insurer: 东海财险青岛
    policy_no: PZAJ-4471
    sum_insured_cny: 120000000.00
    effective_from: 2026-01-01
    until: 2026-12-31
    beneficiary: LENDER
    covers: [火灾, 爆炸]
  - kind: liability
    insurer: 东海财险青岛
    policy_no: PZAJ-4472
    sum_insured_cny: 5000000.00
    effective_from: 2026-01-01
    until: 2026-12-31
    beneficiary: LENDER
registration:
  state: registered
  number: "10253846"
  registered_on: 2026-01-05
  until: 2029-01-04
  amendments:
    - {no: BG-1, registered_on: 2026-02-01, about: 增加 T-2}
"""


def loaded(tmp_path, old="", new=""):
    assert not old or PAPERS.count(old) == 1, old
    workspace = copy_of_sound(tmp_path)
    lender = found(workspace).workspace.roster.organisations["bank_a"].name
    with (workspace / FILE).open("a", encoding="utf-8") as file:
        file.write((PAPERS.replace(old, new) if old else PAPERS).replace("LENDER", lender))
    return found(workspace)


def of_papers(problems):
    return [p for p in problems if "insurance" in p.where or "registration" in p.where]


def test_sound_papers_become_the_domains(tmp_path):
    told = loaded(tmp_path)
    assert of_papers(told.problems) == []
    contract = told.workspace.contracts["A-1"]
    assert [(p.kind, p.policy_no, p.until) for p in contract.insurance] == [
        (Cover.PROPERTY_ALL_RISKS, "PZAJ-4471", date(2026, 12, 31)),
        (Cover.LIABILITY, "PZAJ-4472", date(2026, 12, 31)),
    ]
    assert insured_cny(contract.insurance, date(2026, 3, 12)) == Decimal("120000000.00")
    assert insured_cny(contract.insurance, date(2027, 1, 1)) is None
    assert (contract.registration.state, contract.registration.number) == (RegistrationState.REGISTERED, "10253846")
    assert contract.registration.amendments[0].about == "增加 T-2"


def test_a_contract_without_them_records_nothing(tmp_path):
    contract = found(copy_of_sound(tmp_path)).workspace.contracts["A-1"]
    assert (contract.insurance, contract.registration) == ((), None)


MISTAKES = {
    "an unknown kind": ("kind: liability", "kind: fire", "'fire' is unknown", "property_basic"),
    "no insurer": ("    insurer: 东海财险青岛\n    policy_no: PZAJ-4472\n", "    policy_no: PZAJ-4472\n", "missing", "insurer"),
    "a number twice": ("PZAJ-4472", "PZAJ-4471", "is there already", "correct the number"),
    "over before it begins": ("    until: 2026-12-31\n    beneficiary: LENDER\n    covers", "    until: 2025-12-31\n    beneficiary: LENDER\n    covers", "lies before effective_from", "correct the year"),
    "nothing insured": ("5000000.00", "0.00", "insures nothing", "more than 0"),
    "another beneficiary": ("beneficiary: LENDER\n    covers", "beneficiary: 恒运化工\n    covers", "the first beneficiary is '恒运化工'", "name the lender"),
    "an unknown state": ("state: registered", "state: done", "'done' is unknown", "registered"),
    "registered without a number": ('  number: "10253846"\n', "", "has no number", "state: pending"),
    "it ran out": ("until: 2029-01-04", "until: 2026-03-01", "ran out on 2026-03-01", "renew it"),
    "changed before it was": ("BG-1, registered_on: 2026-02-01", "BG-1, registered_on: 2025-02-01", "before the entry itself", "correct the date"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_remedy(tmp_path, name):
    old, new, wrong, instead = MISTAKES[name]
    problems = of_papers(loaded(tmp_path, old, new).problems)
    assert [p for p in problems if wrong in p.wrong and instead in p.instead], problems


def test_a_last_policy_that_is_over_is_worth_a_warning_only(tmp_path):
    workspace = copy_of_sound(tmp_path)
    policy = PAPERS.partition("  - kind: liability")[0].replace("2026-12-31", "2026-03-01")
    with (workspace / FILE).open("a", encoding="utf-8") as file:
        file.write(policy)
    told = found(workspace)
    assert [p.severity for p in told.problems if "the last policy ended on 2026-03-01" in p.wrong] == ["warning"]
    assert told.workspace is not None
