"""A tank's gains and losses over a span: whole movements count, noise does not, and slow theft adds up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.change import Weighed, changed

T0 = datetime(2026, 3, 12, tzinfo=UTC)


def course(*kg: int) -> list[Weighed]:
    return [(T0 + timedelta(minutes=5) * n, mass) for n, mass in enumerate(kg)]


@pytest.mark.parametrize(
    ("kg", "rose", "fell", "last"),
    [
        ((1000, 1004, 997, 1000), 0, 0, None),  # noise
        ((1000, 900, 800, 801, 799, 801), 0, 201, 2),  # one lift, then still but for noise
        ((1000, 800, 900, 1000), 200, 200, 3),  # out and in again: moved, although nothing is missing
        ((1000, 996, 992, 988, 984, 980), 0, 20, 5),  # each step within tolerance, together beyond
        ((1000, 1200, 1195, 1400), 400, 0, 3),  # a dip within tolerance splits nothing
    ],
)
def test_whole_movements_count_and_noise_does_not(kg: tuple[int, ...], rose: int, fell: int, last: int | None) -> None:
    found = changed(course(*kg), 10.0)
    assert found is not None
    assert (found.rose_kg, found.fell_kg, found.net_kg) == (rose, fell, kg[-1] - kg[0])
    assert found.moved_at == (None if last is None else T0 + timedelta(minutes=5) * last)


@pytest.mark.parametrize("kg", [(), (1000,)])
def test_one_figure_tells_no_change(kg: tuple[int, ...]) -> None:
    assert changed(course(*kg), 10.0) is None


@given(kg=st.lists(st.integers(0, 1000), min_size=2, max_size=60), tolerance=st.integers(0, 200))
def test_gains_less_losses_differ_from_the_net_change_by_two_tolerances_at_most(kg: list[int], tolerance: int) -> None:
    found = changed(course(*kg), tolerance)
    assert found is not None
    assert abs(found.rose_kg - found.fell_kg - found.net_kg) <= 2 * tolerance
