"""``release:`` in a contract's file: what it means, and every mistake at its line with what to write instead."""

from decimal import Decimal

import pytest

from domain.case.terms import NoticeSource, ReleaseRule, Step
from tests.fakes.mistakes import copy_of_sound, found

FILE = "contracts/a.yaml"
RELEASE = """
release:
  rule: above_floor
  validity_hours: 24
  lift_ratio: 0.01
  redeem_ratio: 0.80
  swap: {value_ratio: 1.10}
  steps:
    - {step: payment, tell: [{person: wang, chat: a_bank, ack_minutes: 60, escalate_to: [chen]}]}
    - {step: sign, tell: [{person: wang, chat: a_bank}]}
    - {step: countersign, tell: [{person: chen, chat: a_bank}]}
    - {step: verify, site: north, tell: [{person: li, chat: a_group}]}
    - {step: verify, site: south, tell: [{person: gao, chat: a_group}]}
    - {step: lift, tell: [{person: zhao, chat: a_group}]}
    - {step: bring, tell: [{person: zhao, chat: a_group}]}
    - {step: accept, tell: [{person: chen, chat: a_bank}]}
"""


def loaded(tmp_path, old="", new=""):
    assert not old or RELEASE.count(old) == 1, old
    workspace = copy_of_sound(tmp_path)
    with (workspace / FILE).open("a", encoding="utf-8") as file:
        file.write(RELEASE.replace(old, new) if old else RELEASE)
    return found(workspace)


def of_release(problems):
    return [p for p in problems if p.file == FILE and "lift:" not in p.instead and "kind: lift" not in p.instead]


def test_sound_terms_become_the_domains(tmp_path):
    told = loaded(tmp_path)
    assert of_release(told.problems) == []
    terms = told.workspace.contracts["A-1"].release
    assert (terms.rule, terms.notice) == (ReleaseRule.ABOVE_FLOOR, NoticeSource.REGISTERED)
    assert (terms.validity_s, terms.lift_ratio, terms.redeem_ratio) == (86400.0, Decimal("0.01"), Decimal("0.80"))
    assert terms.swap.value_ratio == Decimal("1.10")
    assert [(d.person, d.chat, d.ack_s, d.escalate_to) for d in terms.duties_at(Step.PAYMENT)] == [
        ("wang", "a_bank", 3600.0, ("chen",))
    ]
    assert [d.person for d in terms.duties_at(Step.VERIFY, "south")] == ["gao"]


def test_a_contract_without_it_has_no_cases(tmp_path):
    assert found(copy_of_sound(tmp_path)).workspace.contracts["A-1"].release is None


MISTAKES = {
    "an unknown rule": ("rule: above_floor", "rule: when_we_like", "when_we_like", "payment_first"),
    "a stranger": ("person: zhao, chat: a_group}]}\n    - {step: bring", "person: zhaoo, chat: a_group}]}\n    - {step: bring", "'zhaoo' is unknown", "zhao"),
    "a chat of another contract": ("{person: li, chat: a_group}", "{person: li, chat: b_group}", "not bound to contract", "another chat"),
    "no member": ("{person: gao, chat: a_group}", "{person: gao, chat: zhao_alone}", "not a member", "choose another"),
    "the lender outside its own chat": ("accept, tell: [{person: chen, chat: a_bank}]", "accept, tell: [{person: chen, chat: a_group}]", "lender's own chat", "audience: bank"),
    "the borrower verifies": ("{person: gao, chat: a_group}", "{person: sun, chat: a_group}", "does not take the step verify", "depot"),
    "another depot verifies": ("{person: gao, chat: a_group}", "{person: li, chat: a_group}", "is of 'north'", "south"),
    "a site for the money": ("{step: sign,", "{step: sign, site: north,", "not about a site", "delete the line"),
    "an unknown site": ("site: south", "site: sout", "site 'sout' is unknown", "south"),
    "a step twice": ("- {step: lift,", "- {step: bring,", "same step already", "one rule"),
    "one person twice": ("{person: zhao, chat: a_group}]}\n    - {step: accept", "{person: zhao, chat: a_group}, {person: zhao, chat: a_group}]}\n    - {step: accept", "named twice", "once per step"),
    "nobody": ("verify, site: south, tell: [{person: gao, chat: a_group}]", "verify, site: south, tell: []", "names nobody", "delete the rule"),
    "nobody at one site": ("    - {step: verify, site: south, tell: [{person: gao, chat: a_group}]}\n", "", "waits for verify at site 'south'", "site: south"),
    "nobody to confirm the money": ("    - {step: payment, tell: [{person: wang, chat: a_bank, ack_minutes: 60, escalate_to: [chen]}]}\n", "", "waits for payment", "step: payment"),
    "one signs and confirms": ("countersign, tell: [{person: chen, chat: a_bank}]", "countersign, tell: [{person: wang, chat: a_bank}]", "two people must", "second person"),
    "escalated without a time": ("ack_minutes: 60, ", "", "only told", "ack_minutes"),
    "escalated to somebody who does not hear": ("escalate_to: [chen]", "escalate_to: [gao]", "in no chat", "name another"),
    "a swap for less": ("value_ratio: 1.10", "value_ratio: 0.90", "out of range", "ratio from 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_once_with_its_remedy(tmp_path, name):
    old, new, wrong, instead = MISTAKES[name]
    told = loaded(tmp_path, old, new)
    errors = [p for p in of_release(told.problems) if p.severity == "error"]
    assert [wrong in e.wrong and instead in e.instead for e in errors] == [True], errors
    assert told.workspace is None


def test_nobody_to_take_or_to_bring_is_a_warning(tmp_path):
    told = loaded(tmp_path, "    - {step: accept, tell: [{person: chen, chat: a_bank}]}\n", "")
    (warning,) = of_release(told.problems)
    assert (warning.severity, "accept" in warning.wrong) == ("warning", True)
    assert told.workspace is not None
