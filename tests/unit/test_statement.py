"""The exposure in force: the newest statement known by then, less the money that came after it. Never counted twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.account import exposure_on
from domain.contract import Exposure, ExposureBasis
from domain.interest import DayCount
from domain.loan import Drawing, Loan
from domain.said import NOTHING, Said, contract_at
from domain.statement import (
    Payment,
    PaymentKind,
    Statement,
    Told,
    in_force,
    payment_event,
    payment_of,
    stated_event,
    statement_of,
)
from tests.fakes.pledge import contract

D = Decimal
NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def balances(principal: str = "1000.00", *, at: datetime = NOON, **parts: str) -> Exposure:
    amounts = {"accrued_interest": "100.00", "fees_due": "10.00", "cash_margin": "0.00", **parts}
    return Exposure(
        principal=D(principal),
        **{k: D(v) for k, v in amounts.items()},
        basis=ExposureBasis.PRINCIPAL_INTEREST_FEES_LESS_MARGIN,
        as_of=at,
        source="file",
        stale_after_s=86400.0,
    )


def stated(principal: str, hours: float, *, known: float | None = None) -> Statement:
    """Principal only, as of so many hours after noon; known then, or later."""
    zero, at = D("0.00"), NOON + hours * HOUR
    return Statement(
        contract_id="C-1",
        as_of=at,
        principal=D(principal),
        accrued_interest=zero,
        fees_due=zero,
        cash_margin=zero,
        source="core bank",
        known_at=at if known is None else NOON + known * HOUR,
    )


def paid(
    amount: str, hours: float, kind: PaymentKind = PaymentKind.REPAYMENT, *, known: float | None = None
) -> Payment:
    at = NOON + hours * HOUR
    known_at = at if known is None else NOON + known * HOUR
    return Payment(contract_id="C-1", amount=D(amount), at=at, kind=kind, by="chen", known_at=known_at)


def owed(told: Told, hours: float, exposure: Exposure | None = None, *, known: float | None = None) -> Decimal:
    moment = None if known is None else NOON + known * HOUR
    return in_force(exposure or balances(), told, NOON + hours * HOUR, known=moment).amount


def test_without_a_word_the_file_holds() -> None:
    assert in_force(balances(), NOTHING, NOON + HOUR) == balances()


def test_the_newest_statement_holds_from_its_time_on() -> None:
    told = Told(statements=(stated("900.00", 2), stated("800.00", 4)))
    assert [owed(told, h) for h in (1, 2, 3, 4)] == [D("1110.00"), D("900.00"), D("900.00"), D("800.00")]


def test_a_statement_older_than_the_file_changes_nothing() -> None:
    assert owed(Told(statements=(stated("900.00", -1),)), 5) == D("1110.00")


def test_an_older_statement_that_comes_late_changes_only_the_past() -> None:
    told = Told(statements=(stated("800.00", 4), stated("900.00", 2, known=6)))
    assert owed(told, 6) == D("800.00")
    assert owed(told, 3) == D("1110.00"), "as it was known then"
    assert owed(told, 3, known=6) == D("900.00"), "as it is known today"


def test_of_two_of_one_moment_the_later_known_stands() -> None:
    told = Told(statements=(stated("900.00", 2), stated("950.00", 2, known=3)))
    assert [owed(told, h) for h in (2, 3)] == [D("900.00"), D("950.00")]


def test_money_after_a_statement_is_taken_off_and_a_fresher_statement_contains_it() -> None:
    told = Told(statements=(stated("900.00", 2), stated("700.00", 6)), payments=(paid("200.00", 4),))
    assert [owed(told, h) for h in (3, 4, 5, 6)] == [D("900.00"), D("700.00"), D("700.00"), D("700.00")]


def test_money_pays_fees_then_interest_then_principal_and_the_rest_is_margin() -> None:
    after = in_force(balances(), Told(payments=(paid("60.00", 1),)), NOON + HOUR)
    assert (after.fees_due, after.accrued_interest, after.principal) == (D("0.00"), D("50.00"), D("1000.00"))
    over = in_force(balances(), Told(payments=(paid("1200.00", 1),)), NOON + HOUR)
    assert (over.principal, over.cash_margin, over.amount) == (D("0.00"), D("90.00"), D("0.00"))
    assert over.paid_since == D("1200.00")


def test_margin_lowers_what_counts_less_margin() -> None:
    assert owed(Told(payments=(paid("300.00", 1, PaymentKind.MARGIN),)), 1) == D("810.00")


def test_money_confirmed_later_than_it_came_counts_from_when_it_is_known() -> None:
    told = Told(payments=(paid("300.00", 1, known=3),))
    assert [owed(told, h) for h in (2, 3)] == [D("1110.00"), D("810.00")]


def test_movements_go_on_until_a_statement_stands_in_their_place() -> None:
    day = NOON.date()
    drawing = Drawing(
        id="JJ-1",
        principal=D("36000000.00"),
        drawn_on=day,
        matures_on=day + timedelta(days=90),
        rate=D("0.01"),
        day_count=DayCount.ACT_360,
    )
    file = exposure_on(replace(balances(), loan=Loan(drawings=(drawing,))), NOON)
    told = Told(statements=(stated("35000000.00", 72),), payments=(paid("1000.00", 30),))
    assert owed(told, 24, file) == D("36001000.00")
    assert owed(told, 48, file) == D("36001000.00"), "two days' interest, less what it was paid with"
    standing = in_force(file, told, NOON + 96 * HOUR)
    assert (standing.loan, standing.amount) == (None, D("35000000.00"))


def test_what_was_said_once_is_not_said_again() -> None:
    first = stated("900.00", 2)
    told = Told(statements=(first, stated("950.00", 2, known=3)))
    assert told.knows(replace(first, known_at=NOON + 9 * HOUR, source="another export"))
    assert not told.knows(stated("950.01", 2))


def test_statements_and_money_come_back_from_their_events() -> None:
    assert statement_of(stated_event("jia", stated("900.00", 2), via="import")) == stated("900.00", 2)
    money = replace(paid("5.00", 1, PaymentKind.MARGIN, known=2), case="RL-20260312-01")
    assert payment_of(payment_event("jia", money, proposed_by="wang")) == money


hours = st.integers(-3, 12)
amounts = st.decimals(0, 1500, places=2)
words = st.one_of(
    st.tuples(st.just("stated"), amounts, hours),
    st.tuples(st.just("paid"), st.decimals("0.01", 400, places=2), hours),
)


@given(script=st.lists(words, max_size=12), at=st.integers(0, 14))
def test_at_any_moment_the_fold_says_what_a_count_from_zero_says(script, at: int) -> None:
    """Each word reaches us an hour after the one before it; the file owes 1000.00 of principal alone as of noon."""
    said, moment = Said(), NOON + at * HOUR
    pledge = contract(exposure=replace(balances(accrued_interest="0.00", fees_due="0.00"), as_of=NOON))
    for n, (what, amount, hour) in enumerate(script):
        known_at = NOON + n * HOUR
        if what == "stated":
            word = replace(stated(str(amount), hour), known_at=known_at)
            said = said.after([stated_event("jia", word, via="import")])
        else:
            money = replace(paid(str(amount), hour), known_at=known_at)
            said = said.after([payment_event("jia", money, proposed_by="wang")])

    known = [(what, amount, hour) for n, (what, amount, hour) in enumerate(script) if n <= at and hour <= at]
    since, principal = 0, D("1000.00")
    for what, amount, hour in known:
        if what == "stated" and hour >= since:
            since, principal = hour, amount
    came = sum((amount for what, amount, hour in known if what == "paid" and hour > since), D(0))
    expected = max(principal - came, D("0.00"))
    assert contract_at(pledge, said, moment).exposure.amount == expected


@pytest.mark.parametrize("basis", list(ExposureBasis))
def test_the_contracts_own_basis_and_staleness_stay(basis: ExposureBasis) -> None:
    file = replace(balances(), basis=basis)
    after = in_force(file, Told(statements=(stated("900.00", 2),)), NOON + 3 * HOUR)
    assert (after.basis, after.stale_after_s, after.source) == (basis, file.stale_after_s, "core bank")


class Seen(tuple[Statement, ...]):
    """Statements that count how many of them are looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        Seen.looks += len(found) if isinstance(place, slice) else 1
        return found

    def __iter__(self) -> Iterator[Statement]:
        for statement in super().__iter__():
            Seen.looks += 1
            yield statement


def test_of_a_year_of_balances_a_judgement_looks_at_a_few() -> None:
    told = Told(statements=tuple(stated(f"{n}.00", n, known=n) for n in range(8760)))
    object.__setattr__(told, "statements", Seen(told.statements))
    Seen.looks = 0
    assert in_force(balances(), told, NOON + 9000 * HOUR).principal == D("8759.00")
    assert not told.knows(stated("1.00", 9000))
    assert told.knows(stated("17.00", 17))
    assert 0 < Seen.looks < 100


def test_statements_count_the_same_in_whatever_order_they_reached_us() -> None:
    first, second, corrected = stated("900.00", 2), stated("800.00", 4), stated("850.00", 4, known=6)
    for order in ((first, second, corrected), (corrected, second, first), (second, first, corrected)):
        told = Told(statements=order)
        assert [owed(told, h) for h in (3, 5, 7)] == [D("900.00"), D("800.00"), D("850.00")]
        assert all(told.knows(replace(s, source="another", known_at=NOON)) for s in order)
