"""Series as a contract's test writes them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from datasources.workspace.steps import Place, Series, Span


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("2650", ["2650"]),
        ("2650x3 2480", ["2650", "2650", "2650", "2480"]),
        ("2480-10x3", ["2480", "2470", "2460"]),
        ("-36.98+1.5x2", ["-36.98", "-35.48"]),
        ("_ 1 _x2", [None, "1", None, None]),
    ],
)
def test_a_series_says_one_value_per_interval(written: str, values: list[str | None]) -> None:
    assert TypeAdapter(Series).validate_python(written) == tuple(None if v is None else Decimal(v) for v in values)


@pytest.mark.parametrize("written", ["", "2650 x3", "2650x0", "1e3", "2650x99999", "12,5", "2650x3x4"])
def test_anything_else_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValidationError, match="write"):
        TypeAdapter(Series).validate_python(written)


def test_a_place_in_time_is_a_moment_or_a_distance_from_the_start() -> None:
    place = TypeAdapter(Place)
    assert place.validate_python("90m") == timedelta(minutes=90)
    assert place.validate_python("2020-04-21T06:00:00+08:00") == datetime(2020, 4, 20, 22, tzinfo=UTC)
    assert TypeAdapter(Span).validate_python("2d") == timedelta(days=2)
    with pytest.raises(ValidationError, match="no time zone"):
        place.validate_python("2020-04-21T06:00:00")
