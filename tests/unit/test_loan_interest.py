"""Interest by day count: against ISDA's published days, and adding up over any split."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.interest import DayCount, dawn, day_of, days_between, interest, to_fen

D = Decimal
DAYS = st.dates(min_value=date(2019, 1, 1), max_value=date(2032, 12, 31))

# ISDA's examples for 30E/360 (2006 Definitions §4.16(g)), isda.org/2008/12/22/30-360-day-count-conventions; where the
# US form differs, its days stand behind.
ISDA_30E_360 = (
    ("2006-08-20", "2007-02-20", 180),
    ("2008-02-20", "2008-08-20", 180),
    ("2006-02-28", "2006-08-31", 182),  # US 183
    ("2006-08-31", "2007-02-28", 178),
    ("2007-08-31", "2008-02-29", 179),
    ("2009-08-31", "2010-02-28", 178),
    ("2006-01-31", "2006-02-28", 28),
    ("2006-01-30", "2006-02-28", 28),
    ("2006-02-28", "2006-03-03", 5),
    ("2006-02-14", "2006-02-28", 14),
    ("2006-09-30", "2006-10-31", 30),
    ("2006-10-31", "2006-11-28", 28),
    ("2007-08-31", "2008-02-28", 178),
    ("2008-02-28", "2008-08-30", 182),
    ("2008-02-28", "2008-08-31", 182),  # US 183
    ("2007-02-26", "2008-02-29", 363),
    ("2008-02-29", "2009-02-28", 359),
    ("2008-02-28", "2008-03-30", 32),
    ("2008-02-28", "2008-03-31", 32),  # US 33
)


@pytest.mark.parametrize(("start", "end", "days"), ISDA_30E_360)
def test_30_360_counts_the_days_that_isda_published(start: str, end: str, days: int) -> None:
    assert days_between(date.fromisoformat(start), date.fromisoformat(end), DayCount.THIRTY_360) == days


@pytest.mark.parametrize("count", [DayCount.ACT_360, DayCount.ACT_365])
def test_actual_days_count_the_first_and_not_the_last_leap_days_included(count: DayCount) -> None:
    assert days_between(date(2028, 2, 28), date(2028, 3, 1), count) == 2
    assert days_between(date(2026, 3, 12), date(2026, 3, 20), count) == 8
    assert days_between(date(2026, 3, 12), date(2026, 3, 12), count) == 0


@pytest.mark.parametrize(
    ("count", "cny"),
    [(DayCount.ACT_360, "3751388.89"), (DayCount.ACT_365, "3700000.00"), (DayCount.THIRTY_360, "3700000.00")],
)
def test_a_common_year_of_100_million_at_3_70_percent(count: DayCount, cny: str) -> None:
    exact = interest(D(100_000_000), D("0.0370"), date(2026, 1, 1), date(2027, 1, 1), count)
    assert to_fen(exact) == D(cny)


def test_half_a_fen_is_rounded_up_as_banks_do() -> None:
    assert [to_fen(Fraction(x, 1000)) for x in (5, 15, 14, 25, 0)] == [
        D(x) for x in ["0.01", "0.02", "0.01", "0.03", "0.00"]
    ]


@settings(deadline=None)
@given(a=DAYS, b=DAYS, c=DAYS, count=st.sampled_from(DayCount), fen=st.integers(0, 10**13), rate=st.integers(0, 3600))
def test_interest_adds_up_over_any_split_of_its_period(
    a: date, b: date, c: date, count: DayCount, fen: int, rate: int
) -> None:
    first, middle, last = sorted((a, b, c))
    owed, annual = D(fen) / 100, D(rate) / 10_000

    whole = interest(owed, annual, first, last, count)

    assert whole == interest(owed, annual, first, middle, count) + interest(owed, annual, middle, last, count)
    assert whole >= 0


def test_a_day_begins_at_midnight_in_china() -> None:
    assert dawn(date(2026, 3, 12)) == datetime(2026, 3, 11, 16, 0, tzinfo=UTC)
    assert day_of(datetime(2026, 3, 11, 15, 59, tzinfo=UTC)) == date(2026, 3, 11)
    assert day_of(datetime(2026, 3, 11, 16, 0, tzinfo=UTC)) == date(2026, 3, 12)
