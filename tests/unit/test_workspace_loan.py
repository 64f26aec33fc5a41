"""An exposure written as movements: what it becomes, and each mistake in it told in its place with its remedy."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from datasources.workspace import Problem, load
from domain.account import exposure_at
from domain.interest import CHINA, DayCount
from domain.loan import Claim
from tests.fakes.mistakes import NOW, Mistake, cases, change, copy_of_sound, found, line_of

A = "contracts/a.yaml"
DOCUMENT = Path(__file__).parents[2] / "docs" / "pledge.md"
STATED = """\
  principal: 96000000.10
  accrued_interest: 386400.00
  cash_margin: 6000000.00
"""
MOVEMENTS = """\
  facility_limit: 120000000.00
  drawings:
    - {id: JJ-1, principal: 96000000.00, drawn_on: 2026-01-31, matures_on: 2026-07-31, rate: 0.0365,
       day_count: ACT/360, overdue_rate: 0.0548, interest_from: 2026-03-12, interest_before: 386400.00}
    - {id: JJ-2, principal: 10000000.00, drawn_on: 2026-02-10, matures_on: 2026-08-10, rate: 0.0360, day_count: 30/360}
  repayments:
    - {on: 2026-03-10, amount: 10030000.00, drawing: JJ-2}
    - {at: 2026-03-12T08:30:00+08:00, amount: 10000.00}
  fees:
    - {due_on: 2026-03-11, amount: 10000.00}
    - {due_on: 2026-06-11, amount: 10000.00}
  margin:
    - {at: 2026-02-01T09:00:00+08:00, amount: 6500000.00}
    - {at: 2026-03-01T09:00:00+08:00, amount: -500000.00}
  allocation: [fees, interest, principal]
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sound workspace with contract A-1's balances replaced by movements that come to them but for 0.10."""
    made = copy_of_sound(tmp_path)
    change(made, A, STATED, MOVEMENTS)
    return made


def owing_problems(directory: Path, now: datetime = NOW) -> list[Problem]:
    """What is told of contract A-1's exposure."""
    return [p for p in load(directory, now=now).problems if p.file == A and p.where.startswith("exposure")]


def test_movements_come_to_the_balances_at_as_of_and_go_on_from_there(workspace: Path) -> None:
    assert owing_problems(workspace) == []
    contract = found(workspace).sound().contracts["A-1"]

    stated, later = contract.exposure, exposure_at(contract, NOW + timedelta(days=8))

    assert (stated.principal, stated.accrued_interest) == (Decimal("96000000.00"), Decimal("386400.00"))
    assert (stated.fees_due, stated.cash_margin, stated.amount) == (0, 6000000, Decimal("90386400.00"))
    assert later.accrued_interest == Decimal("464266.67")
    assert later.as_of == datetime(2026, 3, 12, 1, 0, tzinfo=UTC)


def test_every_key_arrives_in_the_loan(workspace: Path) -> None:
    loan = found(workspace).sound().contracts["A-1"].exposure.loan

    assert loan is not None
    assert [(d.id, d.rate, d.day_count, d.overdue_rate) for d in loan.drawings] == [
        ("JJ-1", Decimal("0.0365"), DayCount.ACT_360, Decimal("0.0548")),
        ("JJ-2", Decimal("0.0360"), DayCount.THIRTY_360, None),
    ]
    assert [r.at for r in loan.repayments] == [
        datetime(2026, 3, 9, 16, 0, tzinfo=UTC),
        datetime(2026, 3, 12, 0, 30, tzinfo=UTC),
    ]
    assert [m.amount for m in loan.margin] == [Decimal("6500000.00"), Decimal("-500000.00")]
    assert loan.allocation == (Claim.FEES, Claim.INTEREST, Claim.PRINCIPAL)
    assert loan.facility_limit == Decimal("120000000.00")


def test_a_contract_with_stated_balances_has_no_loan(tmp_path: Path) -> None:
    assert found(copy_of_sound(tmp_path)).sound().contracts["A-1"].exposure.loan is None


def test_movements_confirmed_too_long_ago_are_told(workspace: Path) -> None:
    (told,) = owing_problems(workspace, NOW + timedelta(hours=20))

    assert (told.where, told.severity) == ("exposure.as_of", "warning")
    assert "until when the movements are confirmed" in told.instead


@cases(
    Mistake(
        name="rate-in-percent",
        file=A,
        old="rate: 0.0365",
        new="rate: 3.65",
        at="JJ-1",
        wrong="exposure.drawings[JJ-1].rate: 3.65 is not a ratio",
        instead="write 0.0365",
    ),
    Mistake(
        name="rate-beyond-any-bank",
        file=A,
        old="rate: 0.0360",
        new="rate: 0.37",
        at="JJ-2",
        wrong="0.37 is out of range",
        instead="from 0 to 0.36",
    ),
    Mistake(
        name="unknown-day-count",
        file=A,
        old="day_count: 30/360",
        new="day_count: ACT/366",
        at="JJ-2",
        wrong="'ACT/366' is unknown",
        instead="ACT/36",
    ),
    Mistake(
        name="matures-before-drawn",
        file=A,
        old="matures_on: 2026-08-10",
        new="matures_on: 2025-08-10",
        at="JJ-2",
        wrong="2025-08-10 is not after drawn_on 2026-02-10",
        instead="exchange the two",
    ),
    Mistake(
        name="matures-after-the-contract",
        file=A,
        old="matures_on: 2026-07-31",
        new="matures_on: 2029-07-31",
        at="JJ-1",
        wrong="2029-07-31 is after the contract's maturity 2028-12-31",
        instead="correct one",
        severity="warning",
    ),
    Mistake(
        name="drawn-after-as-of",
        file=A,
        old="drawn_on: 2026-02-10",
        new="drawn_on: 2026-03-13",
        at="JJ-2",
        wrong="drawn_on: lies after as_of 2026-03-12T01:00:00+00:00",
        instead="a later as_of",
        others=1,
    ),
    Mistake(
        name="overdue-surcharge-for-the-rate",
        file=A,
        old="overdue_rate: 0.0548",
        new="overdue_rate: 0.0183",
        at="interest_from",
        wrong="0.0183 is below the rate 0.0365",
        instead="the whole rate",
    ),
    Mistake(
        name="interest-brought-forward-from-no-day",
        file=A,
        old="interest_from: 2026-03-12, ",
        new="",
        at="interest_before",
        wrong="has no day",
        instead="interest_from:",
    ),
    Mistake(
        name="interest-from-before-the-drawing",
        file=A,
        old="interest_from: 2026-03-12",
        new="interest_from: 2026-01-10",
        at="interest_from",
        wrong="2026-01-10 is not from drawn_on 2026-01-31 to as_of 2026-03-12",
        instead="interest is paid",
    ),
    Mistake(
        name="drawing-twice",
        file=A,
        old="id: JJ-2,",
        new="id: JJ-1,",
        at="10000000.00",
        wrong="drawing 'JJ-1' is there twice",
        instead="delete one",
        others=1,
    ),
    Mistake(
        name="repayment-before-its-drawing",
        file=A,
        old="on: 2026-03-10, amount: 10030000.00",
        new="on: 2026-02-09, amount: 10030000.00",
        at="drawing: JJ-2}",
        wrong="lies before 'JJ-2' was drawn",
        instead="correct the day",
    ),
    Mistake(
        name="repayment-of-an-unknown-drawing",
        file=A,
        old="drawing: JJ-2}",
        new="drawing: JJ-3}",
        at="JJ-3",
        wrong="pays drawing 'JJ-3', which is unknown",
        instead="one of JJ-1, JJ-2",
    ),
    Mistake(
        name="repayment-not-yet-confirmed",
        file=A,
        old="at: 2026-03-12T08:30:00+08:00",
        new="at: 2026-03-12T09:30:00+08:00",
        at="amount: 10000.00}",
        wrong="lies after as_of",
        instead="a later as_of",
    ),
    Mistake(
        name="repayment-that-is-in-the-opening-balance",
        file=A,
        old="at: 2026-03-12T08:30:00+08:00",
        new="at: 2026-03-11T08:30:00+08:00",
        at="amount: 10000.00}",
        wrong="lies before interest_from 2026-03-12 of 'JJ-1'",
        instead="delete it",
    ),
    Mistake(
        name="repayment-at-no-time",
        file=A,
        old="at: 2026-03-12T08:30:00+08:00, amount",
        new="amount",
        at="amount: 10000.00}",
        wrong="needs one of on: and at:",
        instead="on: with a day",
    ),
    Mistake(
        name="repayment-at-two-times",
        file=A,
        old="on: 2026-03-10, amount",
        new="on: 2026-03-10, at: 2026-03-10T09:00:00+08:00, amount",
        at="on: 2026-03-10",
        wrong="needs one of on: and at:",
        instead="at: with a time",
    ),
    Mistake(
        name="margin-not-yet-confirmed",
        file=A,
        old="at: 2026-03-01T09:00:00+08:00",
        new="at: 2026-03-12T09:00:01+08:00",
        at="-500000.00",
        wrong="lies after as_of",
        instead="a later as_of",
    ),
    Mistake(
        name="overpaid",
        file=A,
        old="amount: 10030000.00",
        new="amount: 10040000.00",
        at="10040000.00",
        wrong="pays 10000.00 CNY more than was owed",
        instead="under margin",
    ),
    Mistake(
        name="more-margin-given-back-than-held",
        file=A,
        old="amount: -500000.00",
        new="amount: -6500000.01",
        at="-6500000.01",
        wrong="gives back 0.01 CNY more than was held",
        instead="correct the amount",
    ),
    Mistake(
        name="beyond-the-limit",
        file=A,
        old="facility_limit: 120000000.00",
        new="facility_limit: 100000000.00",
        at="facility_limit",
        wrong="100000000.00 is below the 106000000.00 CNY that were outstanding",
        instead="correct the limit",
        severity="warning",
    ),
    Mistake(
        name="matured-and-not-repaid",
        file=A,
        old="matures_on: 2026-07-31",
        new="matures_on: 2026-03-11",
        at="JJ-1",
        wrong="matured on 2026-03-11 with 96000000.00 CNY of principal left",
        instead="add the repayment",
        severity="warning",
    ),
    Mistake(
        name="claim-left-out-of-the-order",
        file=A,
        old="[fees, interest, principal]",
        new="[interest, principal]",
        at="allocation",
        wrong="does not name each of",
        instead="[fees, interest, principal]",
    ),
    Mistake(
        name="balance-beside-the-movements",
        file=A,
        old="  facility_limit: 120000000.00\n",
        new="  cash_margin: 6000000.00\n",
        at="cash_margin",
        wrong="stands beside drawings",
        instead="delete it",
    ),
    Mistake(
        name="fee-in-words",
        file=A,
        old="due_on: 2026-03-11, amount: 10000.00",
        new="due_on: 2026-03-11, amount: 1万",
        at="1万",
        wrong="is not plain digits",
        instead="write 10000.00",
    ),
)
def test_a_mistake_in_the_movements_is_told_where_it_stands(mistake: Mistake, workspace: Path) -> None:
    change(workspace, A, mistake.old, mistake.new)
    problems = owing_problems(workspace)
    told = "\n".join(map(str, problems))

    problem = next((p for p in problems if mistake.wrong in f"{p.where}: {p.wrong}"), None)

    assert problem is not None, told
    assert len(problems) == 1 + mistake.others, told
    assert mistake.at in line_of(workspace, problem), str(problem)
    assert mistake.instead in problem.instead, str(problem)
    assert problem.severity == mistake.severity
    assert (found(workspace).workspace is None) == (mistake.severity == "error")


def test_the_example_in_the_documents_comes_to_what_they_say(tmp_path: Path) -> None:
    made = copy_of_sound(tmp_path)
    text = (made / A).read_text("utf-8")
    example = re.search(r"```yaml\n(exposure:\n.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert example is not None
    (made / A).write_text(re.sub(r"exposure:\n(?:  .*\n)+", lambda _: example[1], text, count=1), "utf-8")

    assert owing_problems(made) == []
    contract = found(made).sound().contracts["A-1"]

    assert contract.exposure.amount == Decimal("90386400.00")
    assert exposure_at(contract, datetime(2026, 3, 20, tzinfo=CHINA)).accrued_interest == Decimal("464266.67")


def told_of(directory: Path, old: str, new: str) -> list[Problem]:
    change(directory, A, old, new)
    return owing_problems(directory)


def test_neither_balances_nor_drawings_is_a_missing_principal(tmp_path: Path) -> None:
    (problem,) = told_of(copy_of_sound(tmp_path), STATED, "")

    assert (problem.where, problem.wrong) == ("exposure.principal", "is missing or empty")


def test_movements_without_drawings_are_told_one_by_one(tmp_path: Path) -> None:
    margin = "  margin: [{at: 2026-02-01T09:00:00+08:00, amount: 1.00}]\n  allocation: [fees, interest, principal]\n"
    problems = told_of(copy_of_sound(tmp_path), STATED, STATED + margin)

    assert [p.where for p in problems] == ["exposure.margin", "exposure.allocation"]
    assert {p.instead for p in problems} == {"write drawings: as well, or delete it"}


def test_an_empty_list_of_drawings_is_told(tmp_path: Path) -> None:
    (problem,) = told_of(copy_of_sound(tmp_path), STATED, "  drawings: []\n")

    assert (problem.where, problem.wrong) == ("exposure.drawings", "names no drawing")
