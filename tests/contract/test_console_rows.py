"""The board as the page gets it: figures in Chinese units, unknown never as zero, and only what changed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.console.page.figures import at_most, money, percent
from bot.console.page.rows import changed, rows_of
from domain.contract import Line
from tests.fakes.desk import FakeDesk


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("119874600.00", "1.1987亿元"),
        ("100000000.00", "1.0000亿元"),
        ("99999999.99", "10,000.00万元"),
        ("640600.00", "64.06万元"),
        ("64398600.00", "6,439.86万元"),
        ("9950.00", "9,950.00元"),
        ("0", "0.00元"),
        ("-640600.00", "-64.06万元"),
    ],
)
def test_money_is_written_as_a_chinese_reader_writes_it(amount: str, written: str) -> None:
    assert money(Decimal(amount)) == written


def test_a_share_is_never_rounded_up_to_everything() -> None:
    assert at_most(Decimal("0.99999")) == "99.9%"
    assert at_most(Decimal(1)) == "100.0%"
    assert percent(Decimal("0.7540")) == "75.40%"


def test_a_value_that_looks_like_its_line_still_says_on_which_side_it_is() -> None:
    desk = FakeDesk()
    line = desk.projects[0].lines[Line.CONTROL]
    desk.projects = [replace(desk.projects[0], recognised=line - Decimal("0.01"))]
    (control,) = [r for r in rows_of(desk.board(None))[f"project/{_contract(desk)}"]["lines"] if r["line"] == "control"]
    assert control["amount"] == money(desk.projects[0].recognised)
    assert (control["side"], control["gap"]) == ("below", "0.01元")


def test_time_that_only_passes_changes_no_row() -> None:
    desk = FakeDesk()
    before = rows_of(desk.board(None))
    desk.tanks = [replace(t, age_s=t.age_s + 7) for t in desk.tanks]
    desk.touch(7)
    rows, gone = changed(before, rows_of(desk.board(None)))
    assert ([key for key in rows if not key.startswith("gateway/")], gone) == ([], [])


def test_only_what_changed_is_sent_and_what_left_is_named() -> None:
    desk = FakeDesk()
    before = rows_of(desk.board(None))
    desk.tanks[0] = replace(desk.tanks[0], tonnes=181.0)
    desk.alarms = desk.alarms[:2]
    rows, gone = changed(before, rows_of(desk.board(None)))
    assert list(rows) == ["tank/gangchu/T-101"]
    assert gone == ["alarm/AL-20260312-03"]


def test_unknown_stays_unknown() -> None:
    desk = FakeDesk()
    desk.tanks = [replace(desk.tanks[0], filling=None, tonnes=None, temp_c=None, age_s=None, state="never")]
    row = rows_of(desk.board(None))["tank/gangchu/T-101"]
    assert (row["filling"], row["tonnes"], row["temp"], row["taken"]) == (None, None, None, None)


def test_what_a_person_may_not_see_is_not_sent() -> None:
    desk = FakeDesk()
    project = rows_of(desk.board("li"))[f"project/{_contract(desk)}"]
    assert (project["ltv"], project["exposure"]) == (None, None)
    assert rows_of(desk.board("wang"))[f"project/{_contract(desk)}"]["ltv"] == "75.40%"


def test_a_ratio_is_sent_as_the_contract_writes_it() -> None:
    desk = FakeDesk()
    desk.projects = [replace(desk.projects[0], ltv=None, coverage=Decimal("1.3262"))]
    project = rows_of(desk.board("wang"))[f"project/{_contract(desk)}"]
    assert (project["ltv"], project["coverage"]) == (None, "132.62%")


def _contract(desk: FakeDesk) -> str:
    return desk.projects[0].contract_id
