"""Which measured mass is believed, and when."""

from datetime import timedelta

import numpy as np
import pytest

from domain.farm import Quality
from domain.stock import Stock
from tests.fakes.pledge import INDEX, NOW, settled, stock_of

S = timedelta(seconds=1)


def test_the_first_reading_is_believed_at_once() -> None:
    assert stock_of([100, 200, 300]).mass_kg.tolist() == [100_000, 200_000, 300_000]


def test_a_fall_counts_with_the_second_good_reading() -> None:
    stock = settled(stock_of([100, 200, 300]), [99, 200, 300], NOW + S)
    assert stock.mass_kg[0] == 100_000
    assert settled(stock, [99, 200, 300], NOW + 2 * S).mass_kg[0] == 99_000


def test_a_rise_counts_at_once() -> None:
    assert settled(stock_of([100, 200, 300]), [101, 200, 300], NOW + S).mass_kg[0] == 101_000


def test_with_an_on_delay_of_one_a_plausible_fall_counts_at_once() -> None:
    stock = settled(stock_of([100, 200, 300], on_delay=1), [99, 200, 300], NOW + S)
    assert stock.mass_kg[0] == 99_000


@pytest.mark.parametrize("on_delay", [1, 2])
def test_a_jump_waits_for_a_second_reading_that_agrees(on_delay: int) -> None:
    stock = settled(stock_of([100, 200, 300], on_delay=on_delay), [20, 200, 300], NOW + S)
    assert stock.mass_kg[0] == 100_000
    assert stock.quality[0] == Quality.JUMPED
    stock = settled(stock, [20, 200, 300], NOW + 2 * S)
    assert stock.mass_kg[0] == 20_000
    assert stock.quality[0] == Quality.GOOD


def test_one_wild_register_is_never_believed() -> None:
    stock = settled(stock_of([100, 200, 300]), [0, 200, 300], NOW + S)
    stock = settled(stock, [100, 200, 300], NOW + 2 * S)
    stock = settled(stock, [100, 200, 300], NOW + 3 * S)
    assert stock.mass_kg[0] == 100_000


def test_values_that_never_agree_are_never_believed() -> None:
    stock = stock_of([100, 200, 300])
    for n, tonnes in enumerate([0, 60, 10, 90, 30]):
        stock = settled(stock, [tonnes, 200, 300], NOW + (n + 1) * S)
    assert stock.mass_kg[0] == 100_000


def test_a_fall_that_goes_on_faster_than_any_pump_is_believed() -> None:
    stock = stock_of([100, 200, 300])
    believed = []
    for n, tonnes in enumerate([90, 80, 70, 60]):
        stock = settled(stock, [tonnes, 200, 300], NOW + (n + 1) * S)
        believed.append(stock.mass_kg[0])
    assert believed == [100_000, 90_000, 80_000, 70_000]


def test_an_unreadable_tank_keeps_its_last_good_mass_and_time() -> None:
    before = stock_of([100, 200, 300])
    after = settled(before, [0, 200, 300], NOW + S, bad=[0])
    assert after.mass_kg[0] == 100_000
    assert after.taken_at_us[0] == before.taken_at_us[0]
    assert after.quality[0] == Quality.MISSING


def test_the_same_reading_twice_changes_nothing() -> None:
    once = settled(stock_of([100, 200, 300]), [99, 200, 300], NOW + S)
    twice = settled(once, [99, 200, 300], NOW + S)
    assert np.array_equal(once.mass_kg, twice.mass_kg)
    assert np.array_equal(once.run, twice.run)


def test_an_on_delay_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Stock.empty(INDEX, 0)
