"""``domain.stock`` for one tank over many readings: in columns wherever no change is wild, else step by step as it is."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from domain.farm import Floats, Ints, Quality
from domain.stock import Flags, Stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """Good readings of one tank, each taken after the one before, as measured: arrays of shape (k,)."""

    mass_kg: Floats
    heel_kg: Floats
    u_mass_kg: Floats
    noise_kg: Floats
    taken_at_us: Ints

    def part(self, start: int, end: int) -> Self:
        """The readings start … end − 1."""
        cut = slice(start, end)
        return type(self)(
            mass_kg=self.mass_kg[cut],
            heel_kg=self.heel_kg[cut],
            u_mass_kg=self.u_mass_kg[cut],
            noise_kg=self.noise_kg[cut],
            taken_at_us=self.taken_at_us[cut],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """What ``Stock`` says of the tank after 0, 1, … k readings: arrays of shape (k + 1,), recent_kg (k + 1, on_delay)."""

    mass_kg: Floats
    heel_kg: Floats
    u_mass_kg: Floats
    taken_at_us: Ints
    recent_kg: Floats
    run: Ints
    trend: Ints

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """One after the other."""
        return cls(
            mass_kg=np.concatenate([p.mass_kg for p in parts]),
            heel_kg=np.concatenate([p.heel_kg for p in parts]),
            u_mass_kg=np.concatenate([p.u_mass_kg for p in parts]),
            taken_at_us=np.concatenate([p.taken_at_us for p in parts]),
            recent_kg=np.concatenate([p.recent_kg for p in parts]),
            run=np.concatenate([p.run for p in parts]),
            trend=np.concatenate([p.trend for p in parts]),
        )


def settled(stock: Stock, readings: Good) -> States:
    """The states that ``stock.settled`` goes through. stock: of this one tank, before the first of the readings."""
    parts, k, count = [_state(stock)], 0, len(readings.mass_kg)
    wild = _wild(stock, readings)
    following = np.append(np.flatnonzero(wild), count)
    while k < count:
        if wild[k] or stock.taken_at_us[0] == 0 or stock.run[0] < stock.on_delay:
            stock = _stepped(stock, readings, k)
            parts.append(_state(stock))
            k += 1
        else:
            end = int(following[np.searchsorted(following, k)])
            part = _calm(stock, readings.part(k, end))
            parts.append(part)
            stock, k = _stock_of(stock, part), end
    return States.joined(parts)


def _wild(stock: Stock, readings: Good) -> Flags:
    """Changes beyond noise and the fastest pump, as ``Stock.settled`` tells them; of a first reading it says nothing."""
    before = np.concatenate([stock.recent_kg[0], readings.mass_kg[:-1]])
    since = np.concatenate([stock.taken_at_us, readings.taken_at_us[:-1]])
    elapsed_h = (readings.taken_at_us - since) / 3.6e9
    reach_kg = readings.noise_kg + elapsed_h * (stock.index.tanks[0].max_rate_t_h * 1000)
    return np.asarray(np.abs(readings.mass_kg - before) > reach_kg)


def _stepped(stock: Stock, readings: Good, k: int) -> Stock:
    return stock.settled(
        mass_kg=readings.mass_kg[k : k + 1],
        heel_kg=readings.heel_kg[k : k + 1],
        u_mass_kg=readings.u_mass_kg[k : k + 1],
        taken_at_us=readings.taken_at_us[k : k + 1],
        quality=np.full(1, Quality.GOOD, dtype=np.uint32),
        noise_kg=readings.noise_kg[k : k + 1],
    )


def _calm(stock: Stock, readings: Good) -> States:
    """Each reading is believed at once: the largest of the last ``on_delay`` counts."""
    count, delay = len(readings.mass_kg), stock.on_delay
    ordered = np.concatenate([stock.recent_kg[::-1, 0], readings.mass_kg])  # oldest first; NaN where there was none
    recent = np.stack([ordered[delay - j : delay - j + count] for j in range(delay)], axis=1)
    return States(
        mass_kg=np.max(recent, axis=1, where=np.isfinite(recent), initial=-np.inf),
        heel_kg=readings.heel_kg,
        u_mass_kg=readings.u_mass_kg,
        taken_at_us=readings.taken_at_us,
        recent_kg=recent,
        run=stock.run[0] + np.arange(1, count + 1),
        trend=np.zeros(count, dtype=np.int64),
    )


def _state(stock: Stock) -> States:
    return States(
        mass_kg=stock.mass_kg,
        heel_kg=stock.heel_kg,
        u_mass_kg=stock.u_mass_kg,
        taken_at_us=stock.taken_at_us,
        recent_kg=stock.recent_kg.T,
        run=stock.run,
        trend=stock.trend,
    )


def _stock_of(stock: Stock, states: States) -> Stock:
    """The stock after the last of these states."""
    return Stock(
        index=stock.index,
        on_delay=stock.on_delay,
        mass_kg=states.mass_kg[-1:],
        heel_kg=states.heel_kg[-1:],
        u_mass_kg=states.u_mass_kg[-1:],
        taken_at_us=states.taken_at_us[-1:],
        quality=np.full(1, Quality.GOOD, dtype=np.uint32),
        recent_kg=states.recent_kg[-1:].T,
        run=states.run[-1:],
        trend=states.trend[-1:],
    )
