"""Past readings in tonnes: rows of many tanks and times, measured tank by tank with the constants of today's plant."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

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
        order = np.argsort(readings.rows, kind="stable")
        rows = readings.rows[order]
        cuts = np.flatnonzero(np.diff(rows)) + 1
        parts = [self._one(readings, part) for part in np.split(order, cuts) if part.size]
        back = np.empty_like(order)
        back[order] = np.arange(order.size)
        return Inventory(
            **{f.name: np.concatenate([getattr(p, f.name)[:, 0] for p in parts])[back] for f in fields(Inventory)}
        )

    def _one(self, readings: Readings, part: "np.typing.NDArray[np.int64]") -> Inventory:
        plant = self.plants[int(readings.rows[part[0]])]
        columns = {f.name: getattr(readings, f.name)[part, np.newaxis] for f in fields(Readings) if f.name != "rows"}
        return measure(Farm(index=plant.index, **columns), plant)
