"""``storage_fee:`` and ``cure_methods:`` in a contract's file: what they mean, and every mistake with its remedy."""

from datetime import date
from pathlib import Path

import pytest

from domain.other_terms import CureMethod, FeeBearer, StorageFee
from tests.fakes.mistakes import copy_of_sound, found

FILE = "contracts/a.yaml"
TERMS = """
cure_methods: [goods, repayment, margin]
storage_fee: {bearer: borrower, paid_until: 2026-12-31}
"""


def loaded(tmp_path: Path, old: str = "", new: str = ""):
    assert not old or TERMS.count(old) == 1, old
    workspace = copy_of_sound(tmp_path)
    with (workspace / FILE).open("a", encoding="utf-8") as file:
        file.write(TERMS.replace(old, new) if old else TERMS)
    return found(workspace)


def test_sound_terms_become_the_domains(tmp_path: Path) -> None:
    told = loaded(tmp_path)
    assert [p for p in told.problems if "cure_methods" in p.where or "storage_fee" in p.where] == []
    contract = told.workspace.contracts["A-1"]
    assert contract.cure_methods == (CureMethod.GOODS, CureMethod.REPAYMENT, CureMethod.MARGIN)
    assert contract.storage_fee == StorageFee(bearer=FeeBearer.BORROWER, paid_until=date(2026, 12, 31))


def test_a_contract_without_them_records_nothing(tmp_path: Path) -> None:
    contract = found(copy_of_sound(tmp_path)).workspace.contracts["A-1"]
    assert (contract.cure_methods, contract.storage_fee) == ((), None)


@pytest.mark.parametrize(
    ("old", "new", "wrong", "remedy"),
    [
        ("[goods, repayment, margin]", "[goods, shares]", "'shares' is unknown", "margin"),
        ("[goods, repayment, margin]", "[goods, goods]", "'goods' is there twice", "write every way once"),
        ("bearer: borrower", "bearer: nobody", "'nobody' is unknown", "supervisor"),
        ("bearer: borrower, ", "", "bearer", "borrower"),
        ("2026-12-31", "2026-01-31", "paid until 2026-01-31", "mark the tanks ineligible: lien"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(
    tmp_path: Path, old: str, new: str, wrong: str, remedy: str
) -> None:
    problems = [p for p in loaded(tmp_path, old, new).problems if wrong in f"{p.where} {p.wrong}"]
    assert problems, wrong
    assert all(p.file.endswith(FILE) and remedy in p.instead for p in problems)
