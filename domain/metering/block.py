"""Readings on their way through the chain: the Farm's columns, some lines at a time."""

from typing import NamedTuple, Self

import numpy as np

from domain.farm import Bits, Farm, Floats, Ints


class Block(NamedTuple):
    """Columns of one shape (..., n)."""

    level_mm: Floats
    water_mm: Floats
    temp_c: Floats
    density_kg_m3: Floats
    air_c: Floats
    p1_kpa: Floats
    p3_kpa: Floats
    taken_at_us: Ints
    quality: Bits

    @classmethod
    def of(cls, farm: Farm, rows: slice) -> Self:
        """Some lines of the Farm, each column in full shape."""
        shape = farm.level_mm.shape
        return cls(*(np.broadcast_to(getattr(farm, name), shape)[rows] for name in cls._fields))
