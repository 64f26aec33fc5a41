"""Receipts in a contract's file: what they become, and every slip told in its place with its remedy."""

from datetime import date
from pathlib import Path

import pytest

from datasources.workspace import Problem, Workspace
from domain.receipt.receipt import Receipt
from tests.fakes.mistakes import change, copy_of_sound, found, line_of

A, B = "contracts/a.yaml", "contracts/b.yaml"
RECEIPTS = """
receipts:
  - {no: CD-0087, good: METHANOL, tank: T-1, kg: 250000, issued_on: 2026-01-10, expires_on: 2026-07-09}
  - {no: CD-0088, good: DIESEL0, tank: T-2, kg: 600000, issued_on: 2026-01-10}
  - no: CD-0089
    good: METHANOL
    parts: {T-1: 20000, S-1: 5000}
    issuer: north
    issued_on: 2026-02-01
"""
DUTIES = """duties:
  - {kind: dup_pledge, tell: [{person: chen, chat: a_bank, act: check_receipts, ack_minutes: 10}]}
  - {kind: receipt_expiring, tell: [{person: zhao, chat: a_group, act: renew_receipts, ack_minutes: 1440}]}
"""


def pledged_by_receipts(tmp_path: Path) -> Path:
    """The sound workspace, A's contract by receipts."""
    workspace = copy_of_sound(tmp_path)
    change(workspace, A, "duties:\n", RECEIPTS.lstrip() + DUTIES)
    return workspace


def sound(workspace: Path) -> Workspace:
    loaded = found(workspace)
    assert loaded.problems == ()
    assert loaded.workspace is not None
    return loaded.workspace


def only(workspace: Path) -> Problem:
    [problem] = found(workspace).problems
    return problem


def test_owner_and_issuer_follow_from_the_tank(tmp_path: Path) -> None:
    contract = sound(pledged_by_receipts(tmp_path)).contracts["A-1"]
    assert contract.receipts is not None
    assert contract.receipts[0] == Receipt(
        no="CD-0087",
        issuer="north",
        owner="hengyun",
        good="METHANOL",
        parts={"T-1": 250_000},
        issued_on=date(2026, 1, 10),
        expires_on=date(2026, 7, 9),
    )
    assert contract.receipts[2].parts == {"T-1": 20_000, "S-1": 5_000}
    assert contract.receipt_notice_days == 7


def test_without_receipts_a_contract_means_what_it_meant(tmp_path: Path) -> None:
    assert {c.receipts for c in sound(copy_of_sound(tmp_path)).contracts.values()} == {None}


def test_a_pool_may_begin_without_any_receipt(tmp_path: Path) -> None:
    workspace = pledged_by_receipts(tmp_path)
    change(workspace, A, RECEIPTS.lstrip(), "receipts: []\n")
    assert sound(workspace).contracts["A-1"].receipts == ()


@pytest.mark.parametrize(
    ("old", "new", "at", "wrong", "instead"),
    [
        ("tank: T-2, kg: 600000", "tank: T-9, kg: 600000", "T-9", "'T-9' of receipt 'CD-0088' is not pledged", "add it under pledged"),
        ("no: CD-0088, good: DIESEL0", "no: CD-0088, good: METHANOL", "CD-0088", "holds 'DIESEL0', receipt 'CD-0088' says 'METHANOL'", "write DIESEL0"),
        ("no: CD-0088", "no: CD-0087", "T-2", "'CD-0087' is there already, in line", "delete one of the two"),
        ("expires_on: 2026-07-09", "expires_on: 2026-01-10", "CD-0087", "2026-01-10 is not after issued_on", "exchange the two"),
        ("issued_on: 2026-01-10, expires_on: 2026-07-09", "issued_on: 2025-01-10, expires_on: 2025-12-31", "CD-0087", "lies before the contract begins", "as extended"),
        ("kg: 600000", "kg: 600000000", "CD-0088", "600000000 kg in tank 'T-2', which holds", "not tonnes"),
        ("tank: T-1, kg: 250000, issued", "tank: T-1, kg: 990000, issued", "CD-0087", "990000 kg in tank 'T-1'", "not tonnes"),
        ("tank: T-2, kg: 600000", "tank: T-2", "CD-0088", "says in no one way where how much lies", "parts: {T-104"),
        ("tank: T-2, kg: 600000", "tank: T-2, kg: 600000, parts: {T-2: 1}", "CD-0088", "says in no one way", "tank: and kg:"),
        ("    issuer: north\n", "", "parts", "stand with different depots: north, south", "write issuer:"),
        ("kg: 600000", "kg: 0", "CD-0088", "0 is out of range", "a whole number from 1"),
        ("kg: 600000", "tonnes: 600", "CD-0088", "is an unknown key", ""),
        ("chat: a_bank, act: check_receipts", "chat: a_group, act: check_receipts", "dup_pledge", "would be told in chat 'a_group'", "audience: bank"),
    ],
)  # fmt: skip
def test_a_slip_is_told_in_its_place(tmp_path: Path, old: str, new: str, at: str, wrong: str, instead: str) -> None:
    workspace = pledged_by_receipts(tmp_path)
    change(workspace, A, old, new)
    problems = [p for p in found(workspace).problems if wrong in f"{p.where}: {p.wrong}"]
    assert len(problems) == 1, "\n".join(map(str, found(workspace).problems))
    assert instead in problems[0].instead
    assert problems[0].severity == "error"
    assert at in line_of(workspace, problems[0])


def test_two_contracts_of_one_lender_cannot_hold_one_number(tmp_path: Path) -> None:
    workspace = two_banks_by_receipts(tmp_path, "CD-0088")
    text = (workspace / B).read_text("utf-8").replace("lender: bank_b", "lender: bank_a")
    (workspace / B).write_text(text, encoding="utf-8")
    assert any("'CD-0088' is pledged already, to contract A-1" in p.wrong for p in found(workspace).problems)


def test_one_number_with_two_lenders_is_a_warning_since_both_must_be_alerted(tmp_path: Path) -> None:
    problem = only(two_banks_by_receipts(tmp_path, "CD-0088"))
    assert (problem.severity, problem.file) == ("warning", B)
    assert "疑似一货多押" in problem.wrong


def test_the_same_owner_may_be_pledged_twice_by_receipts_but_not_beside_a_floating_pledge(tmp_path: Path) -> None:
    workspace = two_banks_by_receipts(tmp_path, "HC-1")
    change(workspace, B, "owner: haichuan", "owner: hengyun")
    sound(workspace)
    change(workspace, B, "receipts: [{no: HC-1, good: DIESEL0, tank: T-2, kg: 700000, issued_on: 2026-02-01}]\n", "")
    assert any("is pledged already, to contract A-1 (一货多押)" in p.wrong for p in found(workspace).problems)


def test_who_is_obliged_for_receipts_is_asked_only_where_there_are_some(tmp_path: Path) -> None:
    workspace = pledged_by_receipts(tmp_path)
    change(workspace, A, DUTIES, "duties:\n")
    assert {p.wrong.split(":")[0] for p in found(workspace).problems} == {
        "nobody is obliged for dup_pledge",
        "nobody is obliged for receipt_expiring",
    }


def two_banks_by_receipts(tmp_path: Path, number: str) -> Path:
    workspace = pledged_by_receipts(tmp_path)
    receipt = f"{{no: {number}, good: DIESEL0, tank: T-2, kg: 700000, issued_on: 2026-02-01}}"
    told = "  - {kind: dup_pledge, tell: [{person: ma, chat: b_bank, act: check_receipts}]}\n  - {kind: receipt_expiring, tell: [{person: qian, chat: b_group, act: renew_receipts}]}\n"  # fmt: skip
    change(workspace, B, "duties:\n", f"receipts: [{receipt}]\nduties:\n{told}")
    return workspace
