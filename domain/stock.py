"""Which measured mass is believed: a drop counts after ``on_delay`` good readings that agree with one another.

A single wild register must not call a margin; a real fall must not wait longer than two polls.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from domain.farm import Bits, Floats, Ints, Quality
from domain.tank import TankIndex

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Believed mass per tank, arrays of shape (n,) in the order of ``index``, ``recent_kg`` of shape (on_delay, n).

    mass_kg: in air, NaN until the first good reading. heel_kg: the part below the heel at that reading.
    taken_at_us: time of the newest good reading, 0 for none; ``run`` counts good readings that agree in a row;
    trend: −1 or 1 where the newest change was a jump down or up, else 0.
    quality: bits of the newest reading, good or bad; JUMPED while a change waits for its second reading.
    """

    index: TankIndex
    on_delay: int
    mass_kg: Floats
    heel_kg: Floats
    u_mass_kg: Floats
    taken_at_us: Ints
    quality: Bits
    recent_kg: Floats
    run: Ints
    trend: Ints

    @classmethod
    def empty(cls, index: TankIndex, on_delay: int) -> Self:
        """Nothing is believed yet. Raises ValueError for an on_delay below 1."""
        if on_delay < 1:
            raise ValueError(f"on_delay {on_delay}: at least 1 reading is needed")
        n = len(index)
        return cls(
            index=index,
            on_delay=on_delay,
            mass_kg=np.full(n, np.nan),
            heel_kg=np.full(n, np.nan),
            u_mass_kg=np.full(n, np.nan),
            taken_at_us=np.zeros(n, dtype=np.int64),
            quality=np.full(n, Quality.MISSING, dtype=np.uint32),
            recent_kg=np.full((on_delay, n), np.nan),
            run=np.zeros(n, dtype=np.int64),
            trend=np.zeros(n, dtype=np.int64),
        )

    def settled(
        self,
        *,
        mass_kg: Floats,
        heel_kg: Floats,
        u_mass_kg: Floats,
        taken_at_us: Ints,
        quality: Bits,
        noise_kg: Floats,
    ) -> Self:
        """The stock after a measurement of all tanks; rows that were not read anew keep what they had.

        noise_kg (n,): how far two honest readings of a still tank may lie apart. A change beyond noise and the
        tank's fastest pump is a jump: it is believed once a second reading agrees with it, or goes on the same way
        (a burst line empties a tank faster than any pump).
        """
        bad = quality != Quality.GOOD
        fresh = ~bad & (taken_at_us > self.taken_at_us) & np.isfinite(mass_kg)
        first = fresh & (self.taken_at_us == 0)
        elapsed_h = np.where(fresh, taken_at_us - self.taken_at_us, 0) / 3.6e9
        reach_kg = noise_kg + elapsed_h * np.array([t.max_rate_t_h * 1000 for t in self.index.tanks])
        change = np.where(fresh & ~first, mass_kg - self.recent_kg[0], 0.0)
        direction = np.sign(change).astype(np.int64)
        wild = fresh & ~first & (np.abs(change) > reach_kg)
        goes_on = wild & (direction == self.trend)
        agrees = fresh & ~first & (~wild | goes_on)
        jump = wild & ~goes_on
        run = np.where(first, self.on_delay, np.where(jump, 1, np.where(agrees, self.run + 1, self.run)))
        recent = _pushed(self.recent_kg, mass_kg, fresh=fresh, restart=first | jump)
        believed = fresh & ~jump & (run >= self.on_delay)
        low_side = np.max(recent, axis=0, where=np.isfinite(recent), initial=-np.inf)
        return replace(
            self,
            mass_kg=np.where(believed, low_side, self.mass_kg),
            heel_kg=np.where(believed, heel_kg, self.heel_kg),
            u_mass_kg=np.where(believed, u_mass_kg, self.u_mass_kg),
            taken_at_us=np.where(fresh, taken_at_us, self.taken_at_us),
            quality=np.where(jump, quality | Quality.JUMPED, quality).astype(np.uint32),
            recent_kg=recent,
            run=run,
            trend=np.where(wild, direction, np.where(fresh, 0, self.trend)),
        )


def _pushed(recent: Floats, newest: Floats, *, fresh: Flags, restart: Flags) -> Floats:
    """The last readings with the newest in front; a restart forgets those that it contradicts."""
    shifted = np.vstack([newest[None, :], recent[:-1]])
    shifted[1:, restart] = np.nan
    return np.where(fresh, shifted, recent)
