"""Commands about a case: amounts, numbers and deadlines as people write them; whatever is unclear is said so."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.case_command import command_of, until_of
from bot.casework import CaseValues
from bot.proposal_command import amount_of
from domain.case.rights import CaseAct
from domain.statement import PaymentKind

NOW = datetime(2026, 3, 12, 6, 32, tzinfo=UTC)  # 14:32 in China
CASE = "RC-20260312-01"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"/paid {CASE}", CaseValues()),
        (f"/paid {CASE} 6474200", CaseValues(amount=Decimal("6474200.00"))),
        (f"/paid {CASE} 6,474,200.05元", CaseValues(amount=Decimal("6474200.05"))),
        (f"/到账 {CASE.lower()} 647.42万", CaseValues(amount=Decimal("6474200.00"))),
        (f"/paid {CASE} 保证金 200万", CaseValues(amount=Decimal("2000000.00"), payment=PaymentKind.MARGIN)),
    ],
)
def test_money_is_read_to_the_fen(text: str, values: CaseValues) -> None:
    command = command_of(text, NOW)
    assert command is not None
    assert (command.case_id, command.act, command.values, command.unclear) == (CASE, CaseAct.PAID, values, None)


@pytest.mark.parametrize(
    ("word", "cny"), [("0.015", None), ("1e6", None), ("-5", None), ("5万5", None), ("1.2345万", "12345.00")]
)
def test_what_is_no_amount_is_none(word: str, cny: str | None) -> None:
    assert amount_of(word) == (Decimal(cny) if cny else None)


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("至3月14日17:00", datetime(2026, 3, 14, 9, tzinfo=UTC)),
        ("有效期至2026-03-14 17:00", datetime(2026, 3, 14, 9, tzinfo=UTC)),
        ("到3月14日17点30分", datetime(2026, 3, 14, 9, 30, tzinfo=UTC)),
        ("3/14", datetime(2026, 3, 14, 16, tzinfo=UTC)),
        ("至1月5日12:00", datetime(2026, 1, 5, 4, tzinfo=UTC)),
        ("至2月30日", None),
        ("至明天", None),
        ("至13月1日", None),
        ("至9999-12-31", None),
    ],
)
def test_a_deadline_is_read_in_china(written: str, until: datetime | None) -> None:
    assert until_of(written, NOW) == until


def test_a_deadline_after_new_year_is_of_the_next_year() -> None:
    december = datetime(2026, 12, 30, 6, tzinfo=UTC)
    assert until_of("至1月2日12:00", december) == datetime(2027, 1, 2, 4, tzinfo=UTC)


def test_a_deadline_on_a_day_that_the_next_year_does_not_have_is_none() -> None:
    assert until_of("至2月29日17:00", datetime(2028, 9, 12, 6, tzinfo=UTC)) is None


def test_a_notice_has_its_number_and_perhaps_its_end() -> None:
    command = command_of(f"/notice {CASE} th-0301 至3月14日17:00", NOW)
    assert command is not None
    assert command.values == CaseValues(no="TH-0301", valid_until=datetime(2026, 3, 14, 9, tzinfo=UTC))
    plain = command_of(f"/notice {CASE} 提货〔2026〕12号", NOW)
    assert plain is not None
    assert (plain.values.no, plain.values.valid_until, plain.unclear) == ("提货〔2026〕12号", None, None)


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        (f"/notice {CASE}", "number"),
        (f"/notice {CASE} 通知书", "until"),
        (f"/notice {CASE} TH-1 明天", "until"),
        (f"/notice {CASE} {'9' * 41}", "until"),
        (f"/paid {CASE} 很多", "amount"),
        (f"/paid {CASE} 5 6", "amount"),
        (f"/paid {CASE} 9999999999999亿", "amount"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, unclear: str) -> None:
    command = command_of(text, NOW)
    assert command is not None
    assert command.unclear == unclear


def test_a_reason_goes_with_a_refusal() -> None:
    command = command_of(f"/驳回 {CASE} 材料 不全", NOW)
    assert command is not None
    assert (command.act, command.values.reason) == (CaseAct.REFUSE, "材料 不全")


@pytest.mark.parametrize(
    "text", ["/paid 6474200", "/paid", "/status", "收到", f"paid {CASE}", f"/paid x{CASE}", "/notice TH-1"]
)
def test_any_other_text_is_no_command_about_a_case(text: str) -> None:
    assert command_of(text, NOW) is None
