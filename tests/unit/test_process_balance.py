"""Feed against product: the theory of the example's plant, the window, the lag, and what a gap hides from nobody."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.farm import Floats
from domain.process import Process, balance, missing_kg, surplus_kg

HOUR_US = 3.6e9


def plant(**changes: float) -> Process:
    terms = {"least_yield": 2.15, "most_yield": 2.40, "window_s": 86400.0, "min_input_kg": 20_000.0, "lag_s": 7200.0}
    terms |= changes
    return Process(
        input_good="METHANOL", input_tanks=("M-1",), output_good="FORMALDEHYDE37", output_tanks=("F-1",), **terms
    )


def track(hours: list[float], fed_t: list[float], made_t: list[float]) -> Floats:
    fed, made = np.array(fed_t) * 1000, np.array(made_t) * 1000
    return np.vstack([np.array(hours) * HOUR_US, fed, fed, made, made])


def steady(hours: float, *, fed_t_h: float = 5.0, kg_per_kg: float = 2.28, lag_h: float = 1.0) -> Floats:
    """A plant that has run for long, a point every half hour."""
    at = np.arange(0.0, hours + 0.25, 0.5)
    return track(list(at), list(fed_t_h * at), list(fed_t_h * kg_per_kg * (at - lag_h)))


# CH3OH 32.042 and CH2O 30.026 g/mol (IUPAC atomic weights 2021, abridged); product 37 % by mass.
@pytest.mark.parametrize(("molar_yield", "kg"), [(0.88, 2.229), (0.92, 2.330), (1.0, 2.533)])
def test_the_examples_band_holds_what_an_honest_plant_makes_and_less_than_the_molecule_allows(
    molar_yield: float, kg: float
) -> None:
    assert 30.026 / 32.042 * molar_yield / 0.37 == pytest.approx(kg, abs=0.0005)
    assert (2.15 < kg < 2.40) == (molar_yield < 1.0)


@pytest.mark.parametrize("lag_h", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("hours", [5.0, 7.5, 24.0, 60.0])
def test_a_steady_plant_is_within_its_band_whatever_its_lag(lag_h: float, hours: float) -> None:
    found = balance(plant(), steady(hours, lag_h=lag_h))
    assert found is not None
    assert missing_kg(plant(), found) <= 0
    assert surplus_kg(plant(), found) <= 0


@given(
    runs=st.lists(st.tuples(st.floats(0.0, 12.0), st.integers(1, 12)), min_size=1, max_size=8),
    lag_h=st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0]),
    kg_per_kg=st.floats(2.16, 2.39),
)
def test_starts_and_stops_of_an_honest_plant_are_never_told(
    runs: list[tuple[float, int]], lag_h: float, kg_per_kg: float
) -> None:
    """runs: t/h of feed for so many half hours; product follows by one fixed lag."""
    at = np.arange(0.0, 0.5 * (1 + sum(n for _, n in runs) + 4), 0.5)
    rates = np.array([rate for rate, n in runs for _ in range(n)] + [0.0] * 5)[: len(at) - 1]
    fed = np.concatenate(([0.0], np.cumsum(rates * 0.5)))
    made = kg_per_kg * np.interp(at - lag_h, at, fed, left=0.0)
    for end in range(1, len(at) + 1):
        found = balance(plant(), track(list(at[:end]), list(fed[:end]), list(made[:end])))
        if found is not None:
            assert missing_kg(plant(), found) <= 1.0
            assert surplus_kg(plant(), found) <= 1.0


def test_a_tenth_that_is_missing_is_told_to_the_kilogram() -> None:
    found = balance(plant(), steady(24.0, kg_per_kg=2.052, lag_h=0.0))
    # the window begins at the second hour: 22 h × 5 t, due 2.15 × 110 t = 236.5 t, made 2.052 × 110 t = 225.72 t
    assert found is not None
    assert found.since_us == round(2 * HOUR_US)
    assert (found.fed_least_kg, found.fed_most_kg) == pytest.approx((110_000, 110_000))
    assert (found.made_least_kg, found.made_most_kg) == pytest.approx((225_720, 225_720))
    assert missing_kg(plant(), found) == pytest.approx(10_780)


def test_feed_that_is_not_yet_due_is_held_against_nobody() -> None:
    """30 t within the last two hours, of which nothing can be in the tank yet."""
    found = balance(plant(), track([0, 10, 12], [0, 0, 30], [0, 0, 0]))
    assert found is not None
    assert (found.fed_least_kg, found.fed_most_kg) == (0.0, 30_000.0)
    assert missing_kg(plant(), found) == 0.0


@pytest.mark.parametrize(("fed_t", "judged"), [(19.99, False), (20.0, True)])
def test_too_little_feed_is_not_judged(fed_t: float, judged: bool) -> None:
    found = balance(plant(), track([0, 3, 4, 12], [0, 0, fed_t, fed_t], [0, 0, 0, 0]))
    assert found is not None
    assert (missing_kg(plant(), found) > 0) == judged


def test_what_lies_before_the_window_is_forgotten() -> None:
    lost_yesterday = track([0, 2, 4, 28, 31], [0, 0, 40, 40, 40], [0, 0, 0, 0, 0])
    found = balance(plant(), lost_yesterday)
    assert found is not None
    assert missing_kg(plant(), found) == 0.0


def test_product_out_of_nothing_is_a_surplus() -> None:
    found = balance(plant(), track([0, 3, 8], [0, 0, 0], [0, 0, 60]))
    assert found is not None
    assert surplus_kg(plant(), found) == 60_000.0


@pytest.mark.parametrize("points", [[], [0.0], [0.0, 1.0], [0.0, 2.0]])
def test_a_track_no_longer_than_the_lag_says_nothing(points: list[float]) -> None:
    still = [0.0] * len(points)
    assert balance(plant(), track(points, still, still)) is None
