"""What is owed of a loan at any moment: to the fen, from its movements up to then and no others."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.account import Account, Allotment, account, carried, exposure_at
from domain.contract import Exposure, ExposureBasis
from domain.interest import CHINA, DayCount, dawn
from domain.loan import Claim, Drawing, Fee, Loan, MarginMove, Repayment
from domain.money import total
from tests.fakes.pledge import NOW, contract, scene, stock_of

D = Decimal
JAN_1 = date(2026, 1, 1)


def drawing(no: str = "J-1", principal: str = "3600000.00", **changes: object) -> Drawing:
    """At 3.60 % ACT/360 each million bears 100.00 a day."""
    base = Drawing(
        id=no,
        principal=D(principal),
        drawn_on=JAN_1,
        matures_on=date(2026, 12, 31),
        rate=D("0.0360"),
        day_count=DayCount.ACT_360,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


def paid(month: int, day: int, cny: str, drawing: str | None = None) -> Repayment:
    return Repayment(at=at(month, day), amount=D(cny), drawing=drawing)


def figures(loan: Loan, when: datetime) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    a = account(loan, when)
    return a.principal, a.accrued_interest, a.fees_due, a.cash_margin


def test_m11_interest_to_maturity_of_96_million_at_3_65_percent() -> None:
    """The reference's M11: 386,400 on 12 March and eight days more come to 464,267 on 20 March."""
    jj = drawing(
        "JJ-2026-018",
        "96000000.00",
        drawn_on=date(2026, 1, 31),
        matures_on=date(2026, 3, 20),
        rate=D("0.0365"),
        interest_from=date(2026, 3, 12),
        interest_before=D("386400.00"),
    )
    loan = Loan(drawings=(jj,), margin=(MarginMove(at=at(2, 1), amount=D("6000000.00")),))

    assert figures(loan, at(3, 12, 9)) == (D("96000000.00"), D("386400.00"), D("0.00"), D("6000000.00"))
    assert account(loan, at(3, 20)).accrued_interest == D("464266.67")


def test_a_moment_in_the_past_knows_only_what_had_happened() -> None:
    loan = Loan(
        drawings=(drawing(), drawing("J-2", "1000000.00", drawn_on=date(2026, 2, 1))),
        fees=(Fee(due_on=date(2026, 1, 21), amount=D("500.00")),),
        repayments=(paid(1, 31, "614300.00"),),
        margin=(MarginMove(at=at(1, 11), amount=D("50000.00")), MarginMove(at=at(2, 11), amount=D("-20000.00"))),
    )

    assert figures(loan, at(1, 1) - timedelta(seconds=1)) == (D(0), D(0), D(0), D(0))
    assert figures(loan, at(1, 11)) == (D("3600000.00"), D("3600.00"), D(0), D("50000.00"))
    assert figures(loan, at(1, 21)) == (D("3600000.00"), D("7200.00"), D("500.00"), D("50000.00"))
    assert figures(loan, at(1, 31)) == (D("2997000.00"), D("0.00"), D("0.00"), D("50000.00"))
    assert figures(loan, at(2, 11)) == (D("3997000.00"), D("4296.70"), D("0.00"), D("30000.00"))


@pytest.mark.parametrize(
    ("order", "parts"),
    [
        ((Claim.FEES, Claim.INTEREST, Claim.PRINCIPAL), ("1000.00", "3000.00", "0.00")),
        ((Claim.INTEREST, Claim.FEES, Claim.PRINCIPAL), ("400.00", "3600.00", "0.00")),
        ((Claim.PRINCIPAL, Claim.INTEREST, Claim.FEES), ("0.00", "0.00", "4000.00")),
    ],
)
def test_a_repayment_is_spread_in_the_contracts_order(order: tuple[Claim, ...], parts: tuple[str, str, str]) -> None:
    fee = Fee(due_on=date(2026, 1, 5), amount=D("1000.00"))
    loan = Loan(drawings=(drawing(),), fees=(fee,), repayments=(paid(1, 11, "4000.00"),), allocation=order)

    (part,) = account(loan, at(1, 11)).allotments

    assert (part.fees, part.interest, part.principal, part.surplus) == (*map(D, parts), D(0))


def test_money_that_falls_short_goes_to_the_first_claim_of_the_oldest_drawing() -> None:
    younger = drawing("J-2", drawn_on=date(2026, 1, 6))
    loan = Loan(drawings=(younger, drawing()), repayments=(paid(1, 11, "4000.00"),))

    after = account(loan, at(1, 11))

    assert [(o.drawing.id, o.interest) for o in after.owed] == [("J-1", 0), ("J-2", 1400)]
    assert after.principal == D("7200000.00")


def test_a_repayment_of_one_drawing_leaves_the_others_and_the_fees() -> None:
    fee = Fee(due_on=date(2026, 1, 5), amount=D("1000.00"))
    second = paid(1, 11, "103600.00", "J-2")
    loan = Loan(drawings=(drawing(), drawing("J-2")), fees=(fee,), repayments=(second,))

    after = account(loan, at(1, 11))

    assert [(o.principal, o.interest) for o in after.owed] == [(D("3600000.00"), 3600), (D("3500000.00"), 0)]
    assert after.fees_due == D("1000.00")


def test_what_is_paid_beyond_everything_owed_is_kept_as_margin() -> None:
    loan = Loan(drawings=(drawing(principal="1000.00"),), repayments=(paid(1, 11, "1500.00"),))

    after = account(loan, at(2, 1))

    assert (after.principal, after.accrued_interest, after.cash_margin) == (D(0), D(0), D("499.00"))
    assert after.allotments[0].surplus == D("499.00")


def test_past_maturity_the_overdue_rate_counts_on_what_is_left() -> None:
    late = drawing(matures_on=date(2026, 1, 11), overdue_rate=D("0.0540"))

    assert account(Loan(drawings=(late,)), at(1, 11)).accrued_interest == D("3600.00")
    assert account(Loan(drawings=(late,)), at(1, 21)).accrued_interest == D("9000.00")
    assert account(Loan(drawings=(replace(late, overdue_rate=None),)), at(1, 21)).accrued_interest == D("7200.00")


def test_interest_is_rounded_once_per_drawing_and_not_once_per_repayment() -> None:
    """0.10 a day on 1,000.00; after each of three odd repayments of principal a fraction of a fen remains."""
    loan = Loan(
        drawings=(drawing(principal="1000.00"),),
        repayments=tuple(paid(1, day, "33.33") for day in (2, 3, 4)),
        allocation=(Claim.PRINCIPAL, Claim.INTEREST, Claim.FEES),
    )
    exact = D("0.1") + D("0.096667") + D("0.093334") + D("0.090001")

    assert account(loan, at(1, 5)).accrued_interest == exact.quantize(D("0.01"))


def test_a_fraction_of_a_fen_is_not_lost_to_a_repayment_that_never_reached_its_drawing() -> None:
    """J-2 bears 0.001 a day: 0.003 when J-1 takes all the money, and 0.006 on the 7th, which is told as 0.01."""
    loan = Loan(drawings=(drawing(), drawing("J-2", "10.00")), repayments=(paid(1, 4, "1.00"),))

    assert account(loan, at(1, 7)).accrued_interest == D("2159.00") + D("0.01")


CENTS = st.integers(0, 10**9).map(lambda n: D(n) / 100)
MOMENTS = st.integers(0, 24 * 500).map(lambda h: dawn(JAN_1) + timedelta(hours=h))
DRAWN = st.builds(
    lambda n, days, cny, count: drawing(
        f"J-{n}",
        str(cny),
        drawn_on=JAN_1 + timedelta(days=days),
        matures_on=JAN_1 + timedelta(days=days + 90),
        day_count=count,
        overdue_rate=D("0.0547"),
    ),
    st.integers(0, 2),
    st.integers(0, 200),
    CENTS,
    st.sampled_from(DayCount),
)
REPAID = st.builds(
    lambda when, cny, of: Repayment(at=when, amount=cny, drawing=of), MOMENTS, CENTS, st.sampled_from([None, "J-1"])
)
LOANS = st.builds(
    lambda drawings, fees, repayments, margin, order: Loan(
        drawings=tuple(drawings),
        fees=tuple(fees),
        repayments=tuple(repayments),
        margin=tuple(margin),
        allocation=tuple(order),
    ),
    st.lists(DRAWN, min_size=1, max_size=3, unique_by=lambda d: d.id),
    st.lists(
        st.builds(lambda n, cny: Fee(due_on=JAN_1 + timedelta(days=n), amount=cny), st.integers(0, 400), CENTS),
        max_size=2,
    ),
    st.lists(REPAID, max_size=5),
    st.lists(
        st.builds(
            lambda when, cny, sign: MarginMove(at=when, amount=cny * sign), MOMENTS, CENTS, st.sampled_from([1, -1])
        ),
        max_size=3,
    ),
    st.permutations(list(Claim)),
)


@settings(deadline=None)
@given(loan=LOANS, when=MOMENTS)
def test_every_repayment_is_spent_to_the_fen_and_nothing_falls_below_zero(loan: Loan, when: datetime) -> None:
    after = account(loan, when)

    for part in after.allotments:
        spent = (part.fees, part.interest, part.principal, part.surplus)
        assert sum(spent) == part.repayment.amount
        assert min(spent) >= 0
    drawn = total(d.principal for d in loan.drawings if dawn(d.drawn_on) <= when)
    assert after.principal == drawn - total(p.principal for p in after.allotments)
    due = total(f.amount for f in loan.fees if dawn(f.due_on) <= when)
    assert after.fees_due == due - total(p.fees for p in after.allotments)
    assert min(after.principal, after.accrued_interest, after.fees_due, after.cash_margin) >= 0
    assert all(o.principal >= 0 and o.interest >= 0 for o in after.owed)


@settings(deadline=None)
@given(loan=LOANS, first=MOMENTS, second=MOMENTS)
def test_going_on_from_an_earlier_balance_equals_folding_from_the_start(
    loan: Loan, first: datetime, second: datetime
) -> None:
    early, late = sorted((first, second))

    assert carried(loan, account(loan, early), late) == account(loan, late)


@settings(deadline=None)
@given(loan=LOANS, when=MOMENTS, data=st.data())
def test_the_order_in_which_movements_are_written_does_not_matter(
    loan: Loan, when: datetime, data: st.DataObject
) -> None:
    """Save among repayments of one very moment, which keep the order of the file."""
    assume(len({r.at for r in loan.repayments}) == len(loan.repayments))
    mixed = replace(loan, repayments=tuple(data.draw(st.permutations(loan.repayments))))

    assert figures(mixed, when) == figures(loan, when)


def owing(loan: Loan, basis: ExposureBasis, as_of: datetime) -> Exposure:
    return replace(contract().exposure, loan=loan, basis=basis, as_of=as_of, stale_after_s=86400.0)


@pytest.mark.parametrize(
    ("basis", "cny"),
    [
        (ExposureBasis.PRINCIPAL, "3600000.00"),
        (ExposureBasis.PRINCIPAL_INTEREST, "3603600.00"),
        (ExposureBasis.PRINCIPAL_INTEREST_FEES_LESS_MARGIN, "3553700.00"),
    ],
)
def test_each_basis_counts_its_parts_at_the_moment_asked_for(basis: ExposureBasis, cny: str) -> None:
    loan = Loan(
        drawings=(drawing(),),
        fees=(Fee(due_on=date(2026, 1, 6), amount=D("100.00")),),
        margin=(MarginMove(at=at(1, 2), amount=D("50000.00")),),
    )
    pledge = contract(exposure=owing(loan, basis, as_of=at(3, 1)))

    assert exposure_at(pledge, at(1, 11)).amount == D(cny)
    assert exposure_at(pledge, at(1, 11)).as_of == at(1, 11)


def test_stated_balances_are_the_same_at_any_moment() -> None:
    pledge = contract()
    assert exposure_at(pledge, NOW - timedelta(days=300)) is pledge.exposure


def test_a_position_takes_the_interest_of_its_moment_and_is_never_normal_once_the_movements_are_stale() -> None:
    confirmed = NOW - timedelta(days=2)
    loan = Loan(drawings=(drawing(principal="700000.00", drawn_on=NOW.date() - timedelta(days=10)),))
    stale = contract(exposure=owing(loan, ExposureBasis.PRINCIPAL_INTEREST, as_of=confirmed))
    fresh = contract(exposure=owing(loan, ExposureBasis.PRINCIPAL_INTEREST, as_of=NOW))

    old, new = (scene(stock_of([1000, 200, 50]), of=c).position for c in (stale, fresh))

    assert (old.exposure, new.exposure) == (D("700700.00"), D("700700.00"))
    assert (old.exposure_stale, old.exposure_as_of, old.complete()) == (True, confirmed, False)
    assert (new.exposure_stale, new.complete()) == (False, True)


def test_an_account_before_its_first_movement_is_empty() -> None:
    assert replace(account(Loan(drawings=(drawing(),)), at(1, 1) - timedelta(days=1)), at=None) == Account()


def test_an_allotment_names_its_repayment() -> None:
    repayment = paid(1, 11, "3600.00")
    (part,) = account(Loan(drawings=(drawing(),), repayments=(repayment,)), at(1, 12)).allotments
    assert part == Allotment(
        repayment=repayment, fees=D("0.00"), interest=D("3600.00"), principal=D("0.00"), surplus=D("0.00")
    )
