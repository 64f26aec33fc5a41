"""What was expected against what happened."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.command.replaying.stage import Happening
from bot.command.testing.verdict import differences
from datasources.workspace.cases import Case, Expected, Quiet
from datasources.workspace.cases_file import State
from domain.contract import AlertKind, Line, Severity

NOW = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BELOW = AlertKind.VALUE_BELOW_LINE


def happening(**changes) -> Happening:
    given = {
        "at": NOW,
        "contract_id": "A-1",
        "alarm_id": "AL-20260312-01",
        "kind": BELOW,
        "subject": "pool",
        "severity": Severity.YELLOW,
        "step": "raised",
        "active": True,
        "line": Line.WARN,
        "value_cny": Decimal("5366400.00"),
        "exposure_cny": Decimal("3796000.00"),
        "ltv": Decimal("0.70"),
        "mentions": ("zhao", "chen"),
        "facts": {},
    }
    return Happening(**{**given, **changes})


def expected(**changes) -> Expected:
    given = {
        "at": NOW,
        "before": NOW + MINUTE,
        "kind": BELOW,
        "state": State.ACTIVE,
        "severity": None,
        "line": None,
        "value_cny": None,
        "mentions": None,
    }
    return Expected(**{**given, **changes})


def case(*wanted: Expected, quiet: tuple[Quiet, ...] = ()) -> Case:
    return Case(
        file="contracts/a.test.yaml",
        line=1,
        contract_id="A-1",
        name="x",
        start=NOW,
        end=NOW + 9 * MINUTE,
        interval=MINUTE,
        confirm_after=None,
        prices={},
        price_file=None,
        mass_t={},
        exposure=(),
        expected=wanted,
        quiet=quiet,
    )


def wrong(case: Case, *happenings: Happening) -> str:
    return "\n".join(differences(case, happenings, lambda person: person))


def test_what_is_left_out_may_be_anything() -> None:
    assert wrong(case(expected()), happening()) == ""


def test_the_order_of_mentions_is_the_contracts_not_the_tests() -> None:
    assert wrong(case(expected(mentions=("chen", "zhao"))), happening()) == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("severity", Severity.RED),
        ("line", Line.CONTROL),
        ("value_cny", Decimal("5366400.01")),
        ("mentions", ("zhao",)),
        ("state", State.RETURNED),
    ],
)
def test_a_difference_names_its_key_and_shows_both(key: str, value: object) -> None:
    told = wrong(case(expected(**{key: value})), happening())
    assert told.startswith("- ")
    assert f"differs in {key}" in told
    assert "+ 2026-03-12T09:00+08:00  AL-20260312-01" in told


def test_a_minute_late_is_not_in_time() -> None:
    assert "differs in at" in wrong(case(expected()), happening(at=NOW + MINUTE))


def test_one_step_fulfils_one_expectation() -> None:
    told = wrong(case(expected(), expected()), happening())
    assert "taken for another expectation" in told


def test_nothing_of_the_kind_is_said_so() -> None:
    assert "no value_below_line happened at all" in wrong(case(expected()), happening(kind=AlertKind.PRICE_CRASH))


def test_a_quiet_span_is_disturbed_by_what_becomes_active_in_it() -> None:
    quiet = (Quiet(start=NOW, end=NOW + MINUTE, kinds=frozenset({BELOW})),)
    assert "in a quiet span" in wrong(case(quiet=quiet), happening())
    assert wrong(case(quiet=quiet), happening(at=NOW + 2 * MINUTE)) == ""
    assert wrong(case(quiet=quiet), happening(kind=AlertKind.PRICE_CRASH)) == ""
    assert wrong(case(quiet=quiet), happening(step="returned", active=False)) == ""
