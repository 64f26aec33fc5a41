"""Each column that a replay's screen goes by, against the plain function whose place it takes."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import numpy as np
import pytest

from domain.contract import Caps, Line
from domain.holding import NO_BOOKS, holdings
from domain.money import in_fen, worth
from domain.position import GoodPrice, PriceStanding, lowest_breached, take_position
from domain.screen.picks import ambiguous, newest, superseding
from domain.screen.settling import Good, settled
from domain.screen.worth import Pool, at_least, depth, fen, fen_per_kg
from domain.stock import Stock
from domain.tank import TankIndex
from rules.quantity_drop import Memory, sampled
from rules.screen.losses import Window
from tests.fakes.pledge import INDEX, NOW, contract, farm_at, stock_of, us


def readings(rng: Random, count: int) -> Good:
    """Mostly still; some wild steps, of which some go on and some are taken back."""
    mass, taken, at = [], [], 0
    level = 1_000_000.0
    for _ in range(count):
        at += rng.choice([1, 60, 600]) * 1_000_000
        level += rng.choice([0.0, 0.0, 300.0, -300.0, -40_000.0, 90_000.0])
        mass.append(level * rng.choice([1.0, 1.0, 1.0, 1.0, 0.5, 0.6]))
        taken.append(at)
    return Good(
        mass_kg=np.array(mass),
        heel_kg=np.arange(count, dtype=np.float64),
        u_mass_kg=np.arange(count, dtype=np.float64) * 2,
        noise_kg=np.full(count, rng.choice([500.0, 45_000.0])),
        taken_at_us=np.array(taken),
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_stock_in_columns_goes_through_the_states_of_one_settled_reading_by_reading(seed: int) -> None:
    rng = Random(seed)
    given = readings(rng, 80)
    stock = Stock.empty(TankIndex((INDEX.tanks[0],)), rng.choice([1, 2, 3]))

    found = settled(stock, given)

    for k in range(80):
        one = slice(k, k + 1)
        stock = stock.settled(
            mass_kg=given.mass_kg[one], heel_kg=given.heel_kg[one], u_mass_kg=given.u_mass_kg[one],
            taken_at_us=given.taken_at_us[one], quality=np.zeros(1, dtype=np.uint32), noise_kg=given.noise_kg[one],
        )  # fmt: skip
        for name in ("mass_kg", "heel_kg", "u_mass_kg", "taken_at_us", "run", "trend"):
            assert np.array_equal(getattr(found, name)[k + 1 : k + 2], getattr(stock, name), equal_nan=True), name
        assert np.array_equal(found.recent_kg[k + 1], stock.recent_kg[:, 0], equal_nan=True)


@pytest.mark.parametrize("price", ["2650.55", "0.01", "-37", "7333.333333"])
@pytest.mark.parametrize("haircut", ["0", "0.07", "0.3333"])
def test_fen_in_columns_round_as_a_worth_does(price: str, haircut: str) -> None:
    mass = np.arange(0, 40_000, 7).reshape(-1, 1)
    found = fen(mass, [fen_per_kg(Decimal(price), Decimal(haircut))])
    assert found[:, 0].tolist() == [
        in_fen(worth(m, max(Decimal(price), Decimal(0)), Decimal(haircut))) for m in mass[:, 0].tolist()
    ]


@pytest.mark.parametrize("seed", range(40))
def test_caps_in_columns_cut_as_a_position_does(seed: int) -> None:
    rng = Random(seed)
    some = [None, Decimal("0.3"), Decimal("0.37"), Decimal("0.9")]
    pledge = contract(caps=Caps(good=rng.choice(some), site=rng.choice(some), tank=rng.choice(some)))
    tonnes = [rng.choice([0.0, 12.3456, 5000.0]) for _ in range(3)]
    price = {
        code: GoodPrice(cny_t=Decimal(rng.choice(["0", "2000.37", "7000"])), published_at=NOW, standing=PriceStanding.FRESH, source="")
        for code in pledge.goods
    }  # fmt: skip
    held = holdings(pledge, stock_of(tonnes), NO_BOOKS, NOW)
    position = take_position(pledge, holdings=held, prices=price, book_stale=False, now=NOW)

    values = np.array([[in_fen(i.value_cny) for i in position.items]])
    found = Pool.of(pledge, INDEX).capped(values)

    assert found.tolist() == [in_fen(position.recognised)]


def test_a_value_on_a_line_is_not_below_it_in_columns_either() -> None:
    lines = {Line.WARN: Decimal("100.00"), Line.CONTROL: Decimal("90.005"), Line.DISPOSAL: Decimal("80.00")}
    values = [10_000, 9_999, 9_001, 9_000, 8_000, 7_999]
    line = [lowest_breached(Decimal(v) / 100, lines) for v in values]
    assert depth(np.array(values), lines).tolist() == [0 if x is None else list(Line).index(x) + 1 for x in line]
    assert at_least(Decimal("90.005")) == 9001


def test_the_newest_word_is_the_one_taken_last_of_those_that_are_known() -> None:
    taken, received = np.array([10, 20, 20, 30]), np.array([11, 50, 60, 31])
    known = np.maximum(taken, received)

    assert newest(known, np.array([10, 11, 30, 31, 50, 70])).tolist() == [-1, 0, 0, 3, 3, 3]
    assert newest(taken, np.array([9, 10, 20, 30])).tolist() == [-1, 0, 2, 3]
    assert superseding(taken, received, (20, 50)).tolist() == [2, 3]
    assert not ambiguous(np.zeros(4, dtype=np.int64), taken, received)
    assert ambiguous(np.zeros(2, dtype=np.int64), taken[[1, 1]], received[[1, 1]])


@pytest.mark.parametrize("window_s", [30.0, 600.0])
def test_a_window_in_columns_holds_the_samples_of_the_rules_memory(window_s: float) -> None:
    rng = Random(7)
    memory, masses, moments = Memory(), [], []
    now = NOW
    before = sampled(Memory(), stock=stock_of((100.0, 50.0, 10.0)), farm=farm_at(NOW), now=NOW, window_s=window_s)
    for _ in range(200):
        now += timedelta(seconds=rng.choice([1, 4, 30, 60]))
        moments.append(now)
        masses.append([rng.choice([80.0, 100.0, 120.0]) for _ in range(3)])
    kg = np.array(masses) * 1000
    window = Window.of(before, np.array([us(m) for m in moments]), kg, kg, window_s=window_s)
    best = window.best(np.arange(3))

    memory = before
    for i, moment in enumerate(moments):
        stock = stock_of(masses[i], moment)
        memory = sampled(memory, stock=stock, farm=farm_at(moment, kg[i]), now=moment, window_s=window_s)
        then = window.memory(i, before)
        assert np.array_equal(then.at_us, memory.at_us)
        assert np.array_equal(then.mass_kg, memory.mass_kg)
        assert np.array_equal(best[i], memory.mass_kg.max(axis=0))
