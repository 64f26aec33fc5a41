"""Past readings in tonnes: rows of many tanks and times, measured tank by tank with the constants of today's plant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Self

import numpy as np

from domain.farm import Farm, Readings
from domain.good import Good
from domain.metering.inventory import Inventory, measure
from domain.metering.plant import Plant
from domain.metering.procedure import STANDARD, Procedure
from domain.tank import TankIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class TankPlants:
    """One plant a tank, in the order of the index."""

    plants: tuple[Plant, ...]

    @classmethod
    def of(cls, index: TankIndex, goods: Mapping[str, Good], procedure: Procedure = STANDARD) -> Self:
        """Raises Unmeasurable and KeyError as ``Plant.of`` does."""
        return cls(plants=tuple(Plant.of(TankIndex((tank,)), goods, procedure) for tank in index.tanks))

    def measure(self, readings: Readings) -> Inventory:
        """Columns of shape (k,) for k readings, in their order; fastest where each tank's rows lie together.

        Memory is about 0.5 kB a reading: stream a long history in spans of three to five days.
        """
        if not readings.rows.size:
            return measure(Farm.unread(TankIndex(())), Plant.of(TankIndex(()), {}))
        names = [f.name for f in fields(Inventory)]
        if np.all(readings.rows[1:] >= readings.rows[:-1]):
            return Inventory(**self.columns(readings, names))
        order = np.argsort(readings.rows, kind="stable")
        back = np.empty_like(order)
        back[order] = np.arange(order.size)
        sorted_ = Readings(**{f.name: getattr(readings, f.name)[order] for f in fields(Readings)})
        return Inventory(**{name: column[back] for name, column in self.columns(sorted_, names).items()})

    def columns(self, readings: Readings, names: Collection[str]) -> dict[str, Any]:
        """Some columns of the inventory (k,) for readings in which each tank's rows lie together; none for no reading."""
        if not readings.rows.size:
            return {name: np.zeros(0) for name in names}
        cuts = [0, *(np.flatnonzero(np.diff(readings.rows)) + 1).tolist(), readings.rows.size]
        parts = [self._one(readings, slice(lo, hi)) for lo, hi in pairwise(cuts)]
        return {name: np.concatenate([getattr(p, name)[:, 0] for p in parts]) for name in names}

    def _one(self, readings: Readings, part: slice) -> Inventory:
        plant = self.plants[int(readings.rows[part.start])]
        columns = {f.name: getattr(readings, f.name)[part, np.newaxis] for f in fields(Readings) if f.name != "rows"}
        return measure(Farm(index=plant.index, **columns), plant)
