"""Some days of one workspace's readings in columns: the farm and the stocks as they stood at each of many moments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.house import NOISE_MM
from domain.farm import COLUMNS, Farm, Floats, Ints, Readings
from domain.screen.picks import newest, superseding
from domain.screen.settling import Good, States, settled
from domain.stock import Stock
from domain.tank import TankIndex

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MEASURED = ("mass_air_kg", "heel_kg", "u_mass_kg", "quality")
"""What of an inventory the stocks are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """One ``on_delay``'s stock: columns (m, n), and behind them every tank's states and how many of them had come."""

    mass_kg: Floats
    heel_kg: Floats
    u_mass_kg: Floats
    taken_at_us: Ints
    states: tuple[States, ...]
    steps: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """m moments of n tanks, in the order of ``index``. said: the farm's rows before, then the words of the time.

    pick (m, n): the row of ``said`` that the farm held of each tank. us: the moments in µs since 1970, exact.
    """

    index: TankIndex
    at: Sequence[datetime]
    us: Ints
    said: Mapping[str, np.ndarray]
    pick: Ints
    level_mm: Floats
    believed: Mapping[int, Believed]

    def readings(self, i: int) -> Readings:
        """What the series would have answered at a moment, for every tank that ever spoke."""
        pick = self.pick[i]
        rows = np.flatnonzero(self.said["taken_at_us"][pick] > 0)
        return Readings(rows=rows, **{name: self.said[name][pick[rows]] for name in COLUMNS})

    def farm(self, i: int) -> Farm:
        """The farm after that moment's readings."""
        return Farm(index=self.index, **{name: self.said[name][self.pick[i]] for name in COLUMNS})

    def stock(self, delay: int, i: int) -> Stock:
        """The stock after that moment's readings; its quality is the readings' own."""
        own = self.believed[delay]
        now = [(states, int(k)) for states, k in zip(own.states, own.steps[i], strict=True)]
        return Stock(
            index=self.index,
            on_delay=delay,
            mass_kg=own.mass_kg[i].copy(),
            heel_kg=own.heel_kg[i].copy(),
            u_mass_kg=own.u_mass_kg[i].copy(),
            taken_at_us=own.taken_at_us[i].copy(),
            quality=self.said["quality"][self.pick[i]],
            recent_kg=np.stack([states.recent_kg[k] for states, k in now], axis=1),
            run=np.array([states.run[k] for states, k in now], dtype=np.int64),
            trend=np.array([states.trend[k] for states, k in now], dtype=np.int64),
        )


def micros(moment: datetime) -> int:
    """µs since 1970, exact."""
    return (moment - EPOCH) // MICROSECOND


def block(
    at: Sequence[datetime],
    *,
    farm: Farm,
    stocks: Mapping[int, Stock],
    words: Readings,
    measured: Mapping[str, np.ndarray],
    known_then: bool,
) -> Block:
    """The columns of these moments. farm and stocks: as they stood before; words: all that began to count since.

    measured: the columns MEASURED of each word, in their order.
    """
    us = np.array([micros(moment) for moment in at], dtype=np.int64)
    said = {name: np.concatenate([getattr(farm, name), getattr(words, name)]) for name in COLUMNS}
    pick = _picked(us, farm, words, known_then=known_then)
    columns = [_good(said, pick[:, t], measured, len(farm.index)) for t in range(len(farm.index))]
    believed = {d: _believed(stock, columns, len(us)) for d, stock in stocks.items()}
    level = np.empty(pick.shape, order="F")
    for t in range(pick.shape[1]):
        level[:, t] = said["level_mm"][pick[:, t]]
    return Block(index=farm.index, at=at, us=us, said=said, pick=pick, level_mm=level, believed=believed)


def _picked(us: Ints, farm: Farm, words: Readings, *, known_then: bool) -> Ints:
    count = np.maximum(words.taken_at_us, words.received_at_us) if known_then else words.taken_at_us
    n = len(farm.index)
    pick = np.empty((len(us), n), dtype=np.int64, order="F")
    cuts = np.searchsorted(words.rows, np.arange(n + 1))
    for t in range(n):
        mine = slice(int(cuts[t]), int(cuts[t + 1]))
        held = (int(farm.taken_at_us[t]), int(farm.received_at_us[t]))
        newer = superseding(words.taken_at_us[mine], words.received_at_us[mine], held) + mine.start
        place = newest(count[newer], us)
        pick[:, t] = np.where(place >= 0, newer[place] + n, t) if len(newer) else t
    return pick


def _good(said: Mapping[str, np.ndarray], pick: Ints, measured: Mapping[str, np.ndarray], n: int) -> tuple[Ints, Good]:
    """One tank's good readings in the order in which they were seen, and the moment at which each was.

    n: rows of ``said`` before the first word's.
    """
    seen = np.flatnonzero(np.diff(pick, prepend=-1) != 0)
    seen = seen[pick[seen] >= n]
    rows = pick[seen]
    own = rows - n
    good = (measured["quality"][own] == 0) & np.isfinite(measured["mass_air_kg"][own])
    seen, rows, own = seen[good], rows[good], own[good]
    taken, level = said["taken_at_us"][rows], said["level_mm"][rows]
    anew = np.diff(taken, prepend=-1) > 0
    mass = measured["mass_air_kg"][own]
    per_mm = mass / np.where(level > 0, level, np.nan)
    return seen[anew], Good(
        mass_kg=mass[anew],
        heel_kg=measured["heel_kg"][own][anew],
        u_mass_kg=measured["u_mass_kg"][own][anew],
        noise_kg=(np.nan_to_num(per_mm, nan=0.0) * NOISE_MM * 2)[anew],
        taken_at_us=taken[anew],
    )


def _believed(stock: Stock, columns: Sequence[tuple[Ints, Good]], moments: int) -> Believed:
    shape = (moments, len(stock.index))
    mass, heel, u_mass = (np.empty(shape, order="F") for _ in range(3))
    taken, steps = (np.empty(shape, dtype=np.int64, order="F") for _ in range(2))
    every = []
    for t, (seen, good) in enumerate(columns):
        later = int(np.searchsorted(good.taken_at_us, stock.taken_at_us[t], side="right"))
        states = settled(_alone(stock, t), good.part(later, len(seen)))
        step = np.zeros(moments, dtype=np.int64)
        step[seen[later:]] = 1
        step = np.cumsum(step)
        mass[:, t], heel[:, t], u_mass[:, t] = states.mass_kg[step], states.heel_kg[step], states.u_mass_kg[step]
        taken[:, t], steps[:, t] = states.taken_at_us[step], step
        every.append(states)
    return Believed(mass_kg=mass, heel_kg=heel, u_mass_kg=u_mass, taken_at_us=taken, states=tuple(every), steps=steps)


def _alone(stock: Stock, t: int) -> Stock:
    """The same of one tank."""
    one = slice(t, t + 1)
    return Stock(
        index=TankIndex((stock.index.tanks[t],)),
        on_delay=stock.on_delay,
        mass_kg=stock.mass_kg[one],
        heel_kg=stock.heel_kg[one],
        u_mass_kg=stock.u_mass_kg[one],
        taken_at_us=stock.taken_at_us[one],
        quality=stock.quality[one],
        recent_kg=stock.recent_kg[:, one],
        run=stock.run[one],
        trend=stock.trend[one],
    )
